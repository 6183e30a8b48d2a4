// Canonical JSON of records, and back (docs/formats/records.md).
//
// A record is one line: {"key":"…","kind":"post",…}. "key" is always the first member, so that the
// library can put a key in front of a line that was written without one. Thread safety: pure
// functions; a RecordParser belongs to one thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "account/records.h"
#include "base/result.h"

namespace valise::account {

// Appends the whole object. When record.key is empty the object starts with "kind" instead.
void AppendJson(std::string& to, const Record& record);
std::string ToJson(const Record& record);

// Reads one object; unknown members are refused so that nothing is lost silently.
// Errors: kInvalidArgument (names the member).
class RecordParser {
 public:
  RecordParser();
  ~RecordParser();
  RecordParser(RecordParser&&) noexcept;
  RecordParser& operator=(RecordParser&&) noexcept;
  Result<Record> Parse(std::string_view line);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace valise::account
