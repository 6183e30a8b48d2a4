// Names in a ZIP, which come from anywhere, made into relative UTF-8 paths or refused.
//
// Thread safety: pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace valise::zip {

// The name as UTF-8: as it is when it is UTF-8 (whatever bit 11 says: macOS leaves it off), else
// the Unicode path extra (0x7075, APPNOTE 4.6.9) when it belongs to this name, else read as CP437
// (APPNOTE appendix D).
std::string DecodeName(std::string_view raw, Bytes extra);

// The name as a path: "\" is "/", "." and empty parts are dropped; a folder keeps its last "/".
// Errors: kInvalidArgument (empty, NUL, absolute, drive letter, ".."); kLimitExceeded (longer than
// `limit` bytes).
Result<std::string> SafePath(std::string_view name, uint64_t limit);

// What can be shown of any name: valid UTF-8 without control characters, at most 1,024 bytes.
std::string ShowName(std::string_view name);

// The data of the first extra field of this id; nullptr data when there is none.
Bytes FindExtra(Bytes extra, uint16_t id);

}  // namespace valise::zip
