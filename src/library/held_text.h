// Looks for the words of forgotten records in received files that nobody could read.
//
// Thread safety: pure function.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace valise::library {

// Whether a file holds one of `texts`: as it is, or escaped as JSON and HTML are, or as UTF-8 taken
// for Latin-1.
bool HoldsText(std::string_view file, std::span<const std::string> texts);

}  // namespace valise::library
