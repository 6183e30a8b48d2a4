#include "multipart.h"

#include <algorithm>

#include "http/message.h"

namespace valise::host {
namespace {

constexpr size_t kMaxBoundary = 70;  // RFC 2046 §5.1.1

std::unexpected<Error> Malformed() {
  return Fail(ErrorCode::kInvalidArgument, "the form did not arrive as it was sent; try again");
}

// The value of `name="…"` in a Content-Disposition, as browsers write it (they escape quotes as
// %22).
std::optional<std::string> Parameter(std::string_view field, std::string_view name) {
  size_t at = 0;
  while ((at = field.find(';', at)) != std::string_view::npos) {
    at = field.find_first_not_of(" \t", at + 1);
    if (at == std::string_view::npos) return std::nullopt;
    const std::string_view rest = field.substr(at);
    if (!rest.starts_with(name) || !rest.substr(name.size()).starts_with("=\"")) continue;
    const std::string_view value = rest.substr(name.size() + 2);
    const size_t end = value.find('"');
    if (end == std::string_view::npos) return std::nullopt;
    return std::string(value.substr(0, end));
  }
  return std::nullopt;
}

// The value of the header field `name` in `head`.
std::string_view Field(std::string_view head, std::string_view name) {
  while (!head.empty()) {
    const size_t end = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(end + 2, head.size()));
    const size_t colon = line.find(':');
    if (colon != std::string_view::npos && http::EqualsIgnoringCase(line.substr(0, colon), name)) {
      return line.substr(colon + 1);
    }
  }
  return {};
}

}  // namespace

std::optional<std::string> Multipart::BoundaryOf(std::string_view type) {
  constexpr std::string_view kType = "multipart/form-data";
  if (!http::EqualsIgnoringCase(type.substr(0, kType.size()), kType)) return std::nullopt;
  constexpr std::string_view kName = "boundary=";
  const size_t at = type.find(kName);
  if (at == std::string_view::npos) return std::nullopt;
  std::string_view value = type.substr(at + kName.size());
  value = value.substr(0, value.find(';'));
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
    value = value.substr(1, value.size() - 2);
  }
  if (value.empty() || value.size() > kMaxBoundary) return std::nullopt;
  return std::string(value);
}

Status Multipart::Write(std::string_view bytes) {
  waiting_ += bytes;
  for (;;) {
    ASSIGN_OR_RETURN(const bool moved, Step());
    if (!moved) return {};
  }
}

Status Multipart::Finish() const {
  if (state_ != State::kDone) return Malformed();
  return {};
}

Result<bool> Multipart::Step() {
  switch (state_) {
    case State::kPreamble:
      return StepBody(false);
    case State::kBody:
      return StepBody(true);
    case State::kBoundary: {
      if (waiting_.size() < 2) return false;
      const bool last = waiting_.starts_with("--");
      if (!last && !waiting_.starts_with("\r\n")) return Malformed();
      waiting_.erase(0, 2);
      state_ = last ? State::kDone : State::kHead;
      return true;
    }
    case State::kHead: {
      const size_t end = waiting_.find("\r\n\r\n");
      if (std::min(end, waiting_.size()) > kMaxHead) {
        return Fail(ErrorCode::kLimitExceeded, "the form is not one of ours");
      }
      if (end == std::string::npos) return false;
      RETURN_IF_ERROR(BeginPart(std::string_view(waiting_).substr(0, end)));
      // The empty line's own end may begin the delimiter: a part without a byte.
      waiting_.erase(0, end + 2);
      waiting_.erase(0, waiting_.starts_with(delimiter_) ? 0 : 2);
      state_ = State::kBody;
      return true;
    }
    case State::kDone:
      waiting_.clear();
      return false;
  }
  return false;
}

Result<bool> Multipart::StepBody(bool wanted) {
  const size_t at = waiting_.find(delimiter_);
  const size_t kept = delimiter_.size() - 1;
  const size_t ready =
      at != std::string::npos ? at : waiting_.size() - std::min(waiting_.size(), kept);
  if (wanted && ready > 0) {
    RETURN_IF_ERROR(taker_.Data(std::string_view(waiting_).substr(0, ready)));
  }
  waiting_.erase(0, ready);
  if (at == std::string::npos) return false;
  if (wanted) RETURN_IF_ERROR(taker_.End());
  waiting_.erase(0, delimiter_.size());
  state_ = State::kBoundary;
  return true;
}

Status Multipart::BeginPart(std::string_view head) {
  if (++parts_ > kMaxParts) return Fail(ErrorCode::kLimitExceeded, "the form is too long");
  const std::string_view disposition = Field(head, "Content-Disposition");
  const auto name = Parameter(disposition, "name");
  if (!name) return Malformed();
  const auto file_name = Parameter(disposition, "filename");
  return taker_.Begin(
      {.name = *name, .is_file = file_name.has_value(), .file_name = file_name.value_or("")});
}

}  // namespace valise::host
