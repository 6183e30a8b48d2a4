// A generated file that is deflated while it is made: bounded memory for a text of any length.
//
// Thread safety: belongs to one thread; Deflate() is a pure function. Lifetime: its bytes lie in an
// unnamed file beside the plan.
#pragma once

#include <string>
#include <string_view>

#include "bundle/plan_writer.h"

namespace valise::bundle {

class DeflatedText {
 public:
  // A part that was deflated elsewhere, on another thread for example.
  struct Part {
    std::string stored;  // an open stream
    uint64_t size = 0;
    uint32_t crc = 0;
  };
  static Part Deflate(std::string_view text);

  // Beside the plan of `writer`. Errors: kUnavailable.
  static Result<DeflatedText> Create(const PlanWriter& writer);

  // Errors: kUnavailable (disk full).
  Status Append(std::string_view text);
  Status Append(const Part& part);
  // Ends the text and puts it into the plan. Once. Errors: those of PlanWriter.
  Status AddTo(PlanWriter& writer, const EntryFacts& entry);

  uint64_t size() const { return size_ + waiting_.size(); }

 private:
  explicit DeflatedText(Spool stored) : stored_(std::move(stored)) {}
  Status Flush();

  Spool stored_;
  std::string waiting_;  // not deflated yet
  uint64_t size_ = 0;    // of what was deflated
  uint32_t crc_ = 0;
};

}  // namespace valise::bundle
