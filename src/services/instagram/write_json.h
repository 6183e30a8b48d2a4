// JSON as Instagram's importers take it: ASCII alone, upper-case escapes
// (docs/formats/instagram-bundle.md, Text).
//
// Thread safety: pure functions; an EntryWriter belongs to one thread.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace valise::services::instagram {

// Appends `text` as a JSON string. Control codes that importers stumble over are left out.
void AppendText(std::string& to, std::string_view text);
// The same for captions, whose readers undo HTML escaping.
void AppendCaption(std::string& to, std::string_view caption);

// Writes one entry of a file. Names are ASCII and known to need no escaping.
class EntryWriter {
 public:
  EntryWriter& BeginObject() { return Open('{'); }
  EntryWriter& EndObject() { return Close('}'); }
  EntryWriter& BeginArray() { return Open('['); }
  EntryWriter& EndArray() { return Close(']'); }
  EntryWriter& Name(std::string_view name);

  EntryWriter& Text(std::string_view name, std::string_view value);
  EntryWriter& Caption(std::string_view name, std::string_view value);
  EntryWriter& Bool(std::string_view name, bool value);
  EntryWriter& Double(std::string_view name, double value);
  template <std::integral T>
  EntryWriter& Int(std::string_view name, T value) {
    Name(name).text_ += std::to_string(value);
    needs_comma_ = true;
    return *this;
  }
  // Whole seconds; nothing when there is no time.
  EntryWriter& Seconds(std::string_view name, const std::optional<Timestamp>& time);

  std::string_view text() const { return text_; }
  std::string Take() { return std::move(text_); }
  void Clear();

 private:
  EntryWriter& Open(char bracket);
  EntryWriter& Close(char bracket);

  std::string text_;
  bool needs_comma_ = false;
};

}  // namespace valise::services::instagram
