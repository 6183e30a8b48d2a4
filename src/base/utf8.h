// UTF-8: checking, decoding, encoding.
//
// Thread safety: pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace valise {

// Well-formed by Unicode 15 table 3-7 (no surrogates, no overlong forms)?
bool IsUtf8(std::string_view text);

// Decodes the code point at `at` and moves `at` past it. Malformed bytes give U+FFFD, one a byte.
// REQUIRES: at < text.size().
char32_t NextCodePoint(std::string_view text, size_t& at);
void AppendUtf8(std::string& to, char32_t code_point);

// The text with every malformed byte replaced by U+FFFD.
std::string ToValidUtf8(std::string_view text);

// At most `max_bytes`, cut on a code point's border.
std::string_view Utf8Prefix(std::string_view text, size_t max_bytes);

}  // namespace valise
