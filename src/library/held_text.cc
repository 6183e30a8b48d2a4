#include "library/held_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace valise::library {
namespace {

// `text` as JSON escapes it beyond ASCII: by code point, or by byte of its UTF-8.
std::string Escaped(std::string_view text, bool by_byte) {
  std::string to;
  for (size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x80) {
      switch (c) {
        case '"':
          to += "\\\"";
          break;
        case '\\':
          to += "\\\\";
          break;
        case '\n':
          to += "\\n";
          break;
        default:
          to += text[i];
      }
      ++i;
      continue;
    }
    const size_t length = by_byte || c < 0xC0 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    uint32_t point = length == 1 ? c : c & (0xFFu >> (length + 1));
    for (size_t k = 1; k < length && i + k < text.size(); ++k) {
      point = point << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3F);
    }
    if (point >= 0x10000) {
      to += fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + ((point - 0x10000) >> 10),
                        0xDC00 + ((point - 0x10000) & 0x3FF));
    } else {
      to += fmt::format("\\u{:04x}", point);
    }
    i += length;
  }
  return to;
}

std::string AsHtml(std::string_view text) {
  std::string to;
  for (const char c : text) {
    switch (c) {
      case '&':
        to += "&amp;";
        break;
      case '<':
        to += "&lt;";
        break;
      case '>':
        to += "&gt;";
        break;
      case '"':
        to += "&quot;";
        break;
      case '\'':
        to += "&#039;";
        break;
      default:
        to += c;
    }
  }
  return to;
}

}  // namespace

bool HoldsText(std::string_view file, std::span<const std::string> texts) {
  return std::ranges::any_of(texts, [&](const std::string& text) {
    return file.contains(text) || file.contains(Escaped(text, false)) ||
           file.contains(Escaped(text, true)) || file.contains(AsHtml(text));
  });
}

}  // namespace valise::library
