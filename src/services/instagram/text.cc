#include "services/instagram/text.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/bytes.h"
#include "base/utf8.h"

namespace valise::services::instagram {
namespace {

constexpr size_t kMaxReactionHex = 64;

bool IsHigh(char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; }

// Appends the bytes that the code points of `text` stand for; false when one is above U+00FF.
bool AppendAsBytes(std::string& to, std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x80) {
      to += text[i];
      continue;
    }
    // U+0080–U+00FF are C2 80 … C3 BF.
    if ((c != 0xC2 && c != 0xC3) || i + 1 == text.size()) return false;
    const auto low = static_cast<unsigned char>(text[++i]);
    to += static_cast<char>((c & 0x03) << 6 | (low & 0x3F));
  }
  return true;
}

struct Entity {
  std::string_view name;
  char32_t code_point;
};
constexpr std::array<Entity, 5> kEntities = {
    {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};
constexpr size_t kMaxEntityLength = 10;

// The code point of the entity at the start of `text` ("&#039;…") and its length; 0 when there is
// none.
char32_t ReadEntity(std::string_view text, size_t& length) {
  const size_t end = text.substr(0, kMaxEntityLength).find(';');
  if (end == std::string_view::npos) return 0;
  length = end + 1;
  std::string_view name = text.substr(1, end - 1);
  if (!name.starts_with('#')) {
    const auto* found = std::ranges::find(kEntities, name, &Entity::name);
    return found == kEntities.end() ? 0 : found->code_point;
  }
  name.remove_prefix(1);
  const bool hex = name.starts_with('x') || name.starts_with('X');
  if (hex) name.remove_prefix(1);
  uint32_t number = 0;
  const auto [rest, error] =
      std::from_chars(name.data(), name.data() + name.size(), number, hex ? 16 : 10);
  const bool read = error == std::errc() && rest == name.data() + name.size();
  const bool scalar = number <= 0x10FFFF && (number < 0xD800 || number > 0xDFFF);
  return read && scalar ? static_cast<char32_t>(number) : 0;
}

}  // namespace

void AssignRepaired(std::string& to, std::string_view text) {
  const auto high = std::ranges::find_if(text, IsHigh);
  if (high == text.end()) {
    to.assign(text);
    return;
  }
  to.clear();
  if (!AppendAsBytes(to, text) || !IsUtf8(to)) to.assign(text);
}

std::string Repaired(std::string_view text) {
  std::string repaired;
  AssignRepaired(repaired, text);
  return repaired;
}

std::string UnescapedCaption(std::string text) {
  if (text.find('&') == std::string::npos || text.find_first_of("<>\"'") != std::string::npos) {
    return text;
  }
  std::string plain;
  const std::string_view view = text;
  for (size_t at = 0; at < view.size();) {
    if (view[at] != '&') {
      plain += view[at++];
      continue;
    }
    size_t length = 0;
    const char32_t code_point = ReadEntity(view.substr(at), length);
    if (code_point == 0) return text;  // a raw &: nobody escaped this
    AppendUtf8(plain, code_point);
    at += length;
  }
  return plain;
}

std::string UnescapedHtml(std::string_view text) {
  static constexpr std::string_view kSpace = "&nbsp;";
  std::string plain;
  while (!text.empty()) {
    const size_t at = text.find('&');
    plain += text.substr(0, at);
    text.remove_prefix(std::min(at, text.size()));
    if (text.empty()) break;
    size_t length = 0;
    const char32_t code_point = ReadEntity(text, length);
    if (code_point != 0) {
      AppendUtf8(plain, code_point);
    } else {
      const bool space = text.starts_with(kSpace);
      plain += space ? ' ' : '&';
      length = space ? kSpace.size() : 1;
    }
    text.remove_prefix(length);
  }
  return plain;
}

std::string Reaction(std::string_view text) {
  if (!text.empty() && text.size() <= kMaxReactionHex) {
    const auto bytes = FromHex(text);
    if (bytes && std::ranges::all_of(*bytes, IsHigh) && IsUtf8(*bytes)) return *bytes;
  }
  return Repaired(text);
}

}  // namespace valise::services::instagram
