// MS-DOS date and time (APPNOTE 4.4.6): local time without a zone, which we take for UTC; 2-second
// steps, 1980–2107.
//
// Thread safety: pure functions.
#pragma once

#include <cstdint>

namespace valise::zip {

struct DosTime {
  uint16_t time = 0;
  uint16_t date = 0x0021;  // 1980-01-01
  bool operator==(const DosTime&) const = default;
};

// Rounded down to 2 seconds, clamped to 1980-01-01 00:00:00 … 2107-12-31 23:59:58.
DosTime ToDosTime(int64_t unix_seconds);

// Unix seconds. Fields out of range (month 0, hour 31) are brought into it.
int64_t FromDosTime(DosTime dos);

}  // namespace valise::zip
