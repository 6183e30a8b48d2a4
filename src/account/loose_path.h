// Paths as systems confuse them that unpack archives and pack them again: in upper and lower case,
// with accents put together (NFC) and taken apart (NFD, as macOS does).
//
// Thread safety: pure function.
#pragma once

#include <string>
#include <string_view>

namespace valise::account {

// Equal for paths that differ in nothing but that. What is not UTF-8 stays as it is.
std::string LoosePath(std::string_view path);

}  // namespace valise::account
