// One line of an ingest stream, or the body of one ingest call (docs/formats/ingest.md), read
// without trust.
//
// Thread safety: a LineParser belongs to one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "library/live.h"

namespace valise::ingest {

inline constexpr size_t kMaxAccounts = 1000;  // of one line
inline constexpr size_t kMaxRecordId = 512;   // bytes
inline constexpr size_t kMaxVersion = 128;    // bytes

// What a service says of a member's account.
struct AccountWords {
  std::string username;
  std::string name;                     // may be empty
  std::optional<std::string> language;  // "en", "fr"
  std::optional<std::string> address;
};

struct Line {
  enum class Op : uint8_t { kPut, kDelete, kAccount, kEraseAccount } op = Op::kPut;
  std::vector<std::string> accounts;  // external ids; one of kAccount and kEraseAccount
  library::Change change;             // of kPut and kDelete
  AccountWords words;                 // of kAccount
};

// The cursor is told of a refused line too: the stream goes on after it.
struct ParsedLine {
  std::optional<std::string> cursor;
  Result<Line> line;
};

class LineParser {
 public:
  LineParser();
  ~LineParser();
  LineParser(LineParser&&) noexcept;
  LineParser& operator=(LineParser&&) noexcept;

  // Errors in `line`: kInvalidArgument (names the member), kUnsupported (an op or text format of
  // another version), kLimitExceeded.
  ParsedLine Parse(std::string_view text);
  // The body of PUT …/records/{kind}/{id}: {"record","version"?,"text_format"?}. Errors: as above,
  // and kInvalidArgument when the record is of another kind.
  Result<library::Change> ParsePut(account::Kind kind, std::string_view id, std::string_view body);
  // The body of PUT /accounts/{xid}.
  Result<AccountWords> ParseAccount(std::string_view body);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// 1 to kMaxRecordId bytes of UTF-8 without controls. Errors: kInvalidArgument.
Status CheckRecordId(std::string_view id);
// A delete of that record. Errors: kInvalidArgument (the id, or the profile: it goes with the
// account).
Result<library::Change> DeleteOf(account::Kind kind, std::string_view id);

}  // namespace valise::ingest
