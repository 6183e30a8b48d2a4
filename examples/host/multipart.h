// Multipart: reads a form with files (RFC 7578) as it comes, without keeping it in memory.
//
// Thread safety: belongs to one thread. Limits: kMaxParts parts, kMaxHead bytes before each.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace valise::host {

struct PartHead {
  std::string name;
  bool is_file = false;
  std::string file_name;  // as the browser gives it: for nothing but to see whether one was chosen
};

// Takes what a form brings, part after part.
class PartTaker {
 public:
  virtual ~PartTaker() = default;
  virtual Status Begin(const PartHead& head) = 0;
  virtual Status Data(std::string_view bytes) = 0;
  virtual Status End() = 0;
};

class Multipart {
 public:
  static constexpr size_t kMaxParts = 64;
  static constexpr size_t kMaxHead = 8 * 1024;

  // The boundary of a Content-Type "multipart/form-data; boundary=…", or nullopt.
  static std::optional<std::string> BoundaryOf(std::string_view content_type);

  Multipart(std::string_view boundary, PartTaker& taker)
      : delimiter_("\r\n--" + std::string(boundary)), taker_(taker) {}

  // Errors: those of the taker; kInvalidArgument, kLimitExceeded.
  Status Write(std::string_view bytes);
  // Errors: kInvalidArgument when the last part has not ended.
  Status Finish() const;

 private:
  enum class State : uint8_t { kPreamble, kBoundary, kHead, kBody, kDone };
  // Does one step; false when it needs more bytes.
  Result<bool> Step();
  Result<bool> StepBody(bool wanted);
  Status BeginPart(std::string_view head);

  std::string delimiter_;
  PartTaker& taker_;
  State state_ = State::kPreamble;
  // The first boundary may stand at the very beginning: this makes it look like all others.
  std::string waiting_ = "\r\n";
  size_t parts_ = 0;
};

}  // namespace valise::host
