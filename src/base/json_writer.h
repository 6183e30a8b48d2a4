// Writes JSON text: commas, quotes and nesting taken care of.
//
// Thread safety: a JsonWriter belongs to one thread. The text is UTF-8 without spaces; malformed
// bytes become U+FFFD.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"

namespace valise {

// Appends `text` as a JSON string: only `"`, `\` and controls are escaped (RFC 8785 §3.2.2.2), and
// U+2028 and U+2029, so that the result may stand in a script.
void AppendJsonString(std::string& to, std::string_view text);

class JsonWriter {
 public:
  JsonWriter& BeginObject() { return Open('{'); }
  JsonWriter& EndObject() { return Close('}'); }
  JsonWriter& BeginArray() { return Open('['); }
  JsonWriter& EndArray() { return Close(']'); }
  // The next member's name.
  JsonWriter& Name(std::string_view name);

  JsonWriter& String(std::string_view value);
  JsonWriter& Bool(bool value) { return Raw(value ? "true" : "false"); }
  JsonWriter& Null() { return Raw("null"); }
  JsonWriter& Time(Timestamp value) { return String(FormatTime(value)); }
  JsonWriter& Number(double value);
  template <std::integral T>
  JsonWriter& Number(T value) {
    return Raw(std::to_string(value));
  }
  // `json` as it is: a value that is JSON already.
  JsonWriter& Raw(std::string_view json);

  // Name and value in one.
  JsonWriter& Member(std::string_view name, std::string_view value) {
    return Name(name).String(value);
  }
  JsonWriter& Member(std::string_view name, const char* value) { return Name(name).String(value); }
  JsonWriter& Member(std::string_view name, bool value) { return Name(name).Bool(value); }
  JsonWriter& Member(std::string_view name, Timestamp value) { return Name(name).Time(value); }
  JsonWriter& Member(std::string_view name, double value) { return Name(name).Number(value); }
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  JsonWriter& Member(std::string_view name, T value) {
    return Name(name).Number(value);
  }

  const std::string& text() const { return text_; }
  std::string Take() { return std::move(text_); }

 private:
  JsonWriter& Open(char bracket);
  JsonWriter& Close(char bracket);
  void Separate();

  std::string text_;
  bool needs_comma_ = false;
};

}  // namespace valise
