#include "services/instagram/write_json.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.h"
#include "services/instagram/text.h"

namespace valise::services::instagram {
namespace {

constexpr char32_t kFirstSupplementary = 0x10000;

bool IsPlain(char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; }
bool IsHigh(char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; }

// Written as \u00NN with two digits, which importers take for a byte that they then cannot read as
// UTF-8.
bool IsLost(char32_t c) {
  return c <= 0x07 || (c >= 0x10 && c <= 0x19) || (c >= 0x80 && c <= 0x89) ||
         (c >= 0x90 && c <= 0x99);
}

void AppendUnit(std::string& to, uint32_t unit) {
  fmt::format_to(std::back_inserter(to), "\\u{:04X}", unit);
}

void AppendAscii(std::string& to, char c) {
  switch (c) {
    case '"':
      to += "\\\"";
      return;
    case '\\':
      to += "\\u005C";
      return;
    case '\b':
      to += "\\b";
      return;
    case '\f':
      to += "\\f";
      return;
    case '\n':
      to += "\\n";
      return;
    case '\r':
      to += "\\r";
      return;
    case '\t':
      to += "\\t";
      return;
    default:
      break;
  }
  if (c >= 0x20) {
    to += c;
  } else {
    AppendUnit(to, static_cast<unsigned char>(c));
  }
}

void AppendCodePoint(std::string& to, char32_t c) {
  if (c < 0x80) {
    AppendAscii(to, static_cast<char>(c));
  } else if (c < kFirstSupplementary) {
    AppendUnit(to, c);
  } else {
    const char32_t rest = c - kFirstSupplementary;
    AppendUnit(to, 0xD800 + (rest >> 10));
    AppendUnit(to, 0xDC00 + (rest & 0x3FF));
  }
}

// Each byte as a code point of its own, as Instagram does.
void AppendMangled(std::string& to, std::string_view text) {
  for (const char c : text) {
    if (IsHigh(c)) {
      fmt::format_to(std::back_inserter(to), "\\u00{:02x}", static_cast<unsigned char>(c));
    } else {
      AppendAscii(to, c);
    }
  }
}

std::string WithoutLost(std::string_view text) {
  std::string kept;
  for (size_t at = 0; at < text.size();) {
    const char32_t c = NextCodePoint(text, at);
    if (!IsLost(c)) AppendUtf8(kept, c);
  }
  return kept;
}

}  // namespace

void AppendText(std::string& to, std::string_view text) {
  to += '"';
  if (std::ranges::all_of(text, IsPlain)) {
    to += text;
  } else {
    const std::string kept = WithoutLost(text);
    const bool high = std::ranges::any_of(kept, IsHigh);
    if (high && Repaired(kept) != kept) {
      AppendMangled(to, kept);
    } else {
      for (size_t at = 0; at < kept.size();) AppendCodePoint(to, NextCodePoint(kept, at));
    }
  }
  to += '"';
}

void AppendCaption(std::string& to, std::string_view caption) {
  if (caption.find('&') == std::string_view::npos ||
      UnescapedCaption(std::string(caption)) == caption) {
    AppendText(to, caption);
    return;
  }
  std::string escaped;
  for (const char c : caption) {
    escaped += c;
    if (c == '&') escaped += "amp;";
  }
  AppendText(to, escaped);
}

EntryWriter& EntryWriter::Open(char bracket) {
  if (needs_comma_) text_ += ',';
  text_ += bracket;
  needs_comma_ = false;
  return *this;
}

EntryWriter& EntryWriter::Close(char bracket) {
  text_ += bracket;
  needs_comma_ = true;
  return *this;
}

EntryWriter& EntryWriter::Name(std::string_view name) {
  if (needs_comma_) text_ += ',';
  text_ += '"';
  text_ += name;
  text_ += "\":";
  needs_comma_ = false;
  return *this;
}

EntryWriter& EntryWriter::Text(std::string_view name, std::string_view value) {
  Name(name);
  AppendText(text_, value);
  needs_comma_ = true;
  return *this;
}

EntryWriter& EntryWriter::Caption(std::string_view name, std::string_view value) {
  Name(name);
  AppendCaption(text_, value);
  needs_comma_ = true;
  return *this;
}

EntryWriter& EntryWriter::Bool(std::string_view name, bool value) {
  Name(name).text_ += value ? "true" : "false";
  needs_comma_ = true;
  return *this;
}

EntryWriter& EntryWriter::Double(std::string_view name, double value) {
  fmt::format_to(std::back_inserter(Name(name).text_), "{}", value);
  needs_comma_ = true;
  return *this;
}

EntryWriter& EntryWriter::Seconds(std::string_view name, const std::optional<Timestamp>& time) {
  return time ? Int(name, ToSeconds(*time)) : *this;
}

void EntryWriter::Clear() {
  text_.clear();
  needs_comma_ = false;
}

}  // namespace valise::services::instagram
