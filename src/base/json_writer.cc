#include "base/json_writer.h"

#include <fmt/format.h>

#include <cmath>

#include "base/utf8.h"

namespace valise {
namespace {

constexpr char kHex[] = "0123456789abcdef";

void AppendEscaped(std::string& to, unsigned char c) {
  switch (c) {
    case '"': to += "\\\""; return;
    case '\\': to += "\\\\"; return;
    case '\b': to += "\\b"; return;
    case '\f': to += "\\f"; return;
    case '\n': to += "\\n"; return;
    case '\r': to += "\\r"; return;
    case '\t': to += "\\t"; return;
    default: break;
  }
  to += "\\u00";
  to += kHex[c >> 4];
  to += kHex[c & 15];
}

bool IsPlain(unsigned char c) { return c >= 0x20 && c < 0x80 && c != '"' && c != '\\'; }

// A code point outside ASCII; U+2028 and U+2029 end a line in old scripts.
void AppendWide(std::string& to, std::string_view text, size_t& at) {
  const char32_t code_point = NextCodePoint(text, at);
  if (code_point == 0x2028) {
    to += "\\u2028";
  } else if (code_point == 0x2029) {
    to += "\\u2029";
  } else {
    AppendUtf8(to, code_point);
  }
}

}  // namespace

void AppendJsonString(std::string& to, std::string_view text) {
  to += '"';
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    while (end < text.size() && IsPlain(static_cast<unsigned char>(text[end]))) ++end;
    to.append(text, at, end - at);
    at = end;
    if (at == text.size()) break;
    const auto c = static_cast<unsigned char>(text[at]);
    if (c < 0x80) {
      AppendEscaped(to, c);
      ++at;
    } else {
      AppendWide(to, text, at);
    }
  }
  to += '"';
}

void JsonWriter::Separate() {
  if (needs_comma_) text_ += ',';
  needs_comma_ = true;
}

JsonWriter& JsonWriter::Open(char bracket) {
  Separate();
  text_ += bracket;
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::Close(char bracket) {
  text_ += bracket;
  needs_comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::Name(std::string_view name) {
  Separate();
  AppendJsonString(text_, name);
  text_ += ':';
  needs_comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::String(std::string_view value) {
  Separate();
  AppendJsonString(text_, value);
  return *this;
}

JsonWriter& JsonWriter::Raw(std::string_view json) {
  Separate();
  text_ += json;
  return *this;
}

JsonWriter& JsonWriter::Number(double value) {
  // JSON has no infinities; the shortest form that reads back to the same double.
  return std::isfinite(value) ? Raw(fmt::format("{}", value)) : Null();
}

}  // namespace valise
