#include "base/json_writer.h"

#include <fmt/format.h>

#include <cmath>

#include "base/utf8.h"

namespace valise {
namespace {

constexpr char kHex[] = "0123456789abcdef";

void AppendEscaped(std::string& to, unsigned char c) {
  switch (c) {
    case '"':
      to += "\\\"";
      return;
    case '\\':
      to += "\\\\";
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
  to += "\\u00";
  to += kHex[c >> 4];
  to += kHex[c & 15];
}

bool IsPlain(unsigned char c) { return c >= 0x20 && c < 0x80 && c != '"' && c != '\\'; }

// What stands for the code point at hand, `length` bytes long, in a JSON string; empty: its own
// bytes.
std::string_view Replacement(char32_t code_point, size_t length) {
  if (code_point == 0x2028) return "\\u2028";  // these two end a line in old scripts
  if (code_point == 0x2029) return "\\u2029";
  return code_point == 0xFFFD && length == 1 ? "\uFFFD" : std::string_view{};
}

}  // namespace

void AppendJsonString(std::string& to, std::string_view text) {
  to += '"';
  size_t copied = 0;  // runs are appended as wholes: this is on the way of every message
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    const auto c = static_cast<unsigned char>(text[at]);
    if (IsPlain(c)) {
      ++at;
      continue;
    }
    std::string_view instead;
    if (c < 0x80) {
      ++at;
    } else {
      const char32_t code_point = NextCodePoint(text, at);
      instead = Replacement(code_point, at - begin);
      if (instead.empty()) continue;
    }
    to.append(text, copied, begin - copied);
    copied = at;
    if (c < 0x80) {
      AppendEscaped(to, c);
    } else {
      to += instead;
    }
  }
  to.append(text, copied);
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
