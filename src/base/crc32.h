// CRC-32 as ZIP uses it (APPNOTE 4.4.7; polynomial 0xEDB88320). A checksum finds accidents, not
// forgery.
//
// Thread safety: pure functions.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace valise {

// Continues `crc` (0 for none yet) with `bytes`.
uint32_t Crc32(uint32_t crc, Bytes bytes);
inline uint32_t Crc32(Bytes bytes) { return Crc32(0, bytes); }

// The checksum of A ‖ B from the two checksums and B's length, in O(log length) (zlib
// crc32_combine).
uint32_t Crc32Combine(uint32_t crc_a, uint32_t crc_b, uint64_t length_b);

}  // namespace valise
