// HTML as a stream of tags and texts: enough of it for pages that a program wrote, tolerant of all
// else.
//
// No tree is built; memory is bounded by kMaxTag and kMaxText. Scripts, styles and comments are
// left out. Thread safety: belongs to one thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace valise::services::instagram {

struct HtmlToken {
  enum class Kind : uint8_t { kOpen, kClose, kText, kEnd };
  Kind kind = Kind::kEnd;
  std::string name;  // of the element, in small letters
  std::string css;   // its class
  std::string link;  // its href or src
  std::string text;  // entities undone, malformed UTF-8 replaced
};

class HtmlTokens {
 public:
  // Gives the next bytes in order, 0 at the end; as DataFile::Read.
  using Reader = std::function<Result<size_t>(MutableBytes)>;

  static constexpr size_t kMaxTag = 64u << 10;   // what has no end within it is text, so that no
                                                 // byte is looked at more than twice
  static constexpr size_t kMaxText = 64u << 10;  // a longer one comes in pieces
  static constexpr size_t kChunk = 64u << 10;

  explicit HtmlTokens(Reader reader, size_t chunk = kChunk)
      : reader_(std::move(reader)), chunk_(chunk) {}

  // The next token; after kEnd always kEnd. Errors: those of the reader.
  Result<HtmlToken> Next();

 private:
  Status Fill();
  Result<bool> Has(size_t count);
  Result<size_t> EndOfTag();
  Status SkipPast(std::string_view end);
  HtmlToken TakeText(size_t length);
  Result<HtmlToken> ReadText(bool has_angle);
  std::string_view Rest() const { return std::string_view(buffer_).substr(at_); }

  Reader reader_;
  const size_t chunk_;
  std::string buffer_;
  size_t at_ = 0;
  bool finished_ = false;
  std::string skipping_;  // "script": its text is left out
};

}  // namespace valise::services::instagram
