// What a file that is not a ZIP seems to be, in words for the person who gave it.
//
// Thread safety: pure functions.
#pragma once

#include <string_view>

#include "base/bytes.h"

namespace valise::zip {

inline constexpr size_t kSniffBytes = 512;

// `head` is the file's beginning (up to kSniffBytes): "a RAR archive", "an HTML page (…)", "an
// empty file".
std::string_view DescribeHead(Bytes head);

}  // namespace valise::zip
