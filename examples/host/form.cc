#include "form.h"

#include <fmt/format.h>

#include <charconv>

#include "http/text.h"

namespace valise::host {
namespace {

int64_t ToNumber(std::string_view text) {
  int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() ? number : 0;
}

}  // namespace

std::string Form::Get(std::string_view name) const {
  const auto found = fields.find(name);
  if (found == fields.end()) return {};
  std::string text = found->second;
  std::erase(text, '\r');
  return text;
}

int64_t Form::Number(std::string_view name) const { return ToNumber(Get(name)); }

std::vector<int64_t> Form::Numbers(std::string_view name) const {
  std::vector<int64_t> numbers;
  const auto [first, last] = fields.equal_range(name);
  for (auto at = first; at != last; ++at) numbers.push_back(ToNumber(at->second));
  return numbers;
}

Result<Form> ParseForm(std::string_view body) {
  Form form;
  while (!body.empty()) {
    const std::string_view pair = body.substr(0, body.find('&'));
    body.remove_prefix(std::min(pair.size() + 1, body.size()));
    const size_t equals = std::min(pair.find('='), pair.size());
    ASSIGN_OR_RETURN(std::string name, http::PercentDecode(pair.substr(0, equals), true));
    ASSIGN_OR_RETURN(std::string value,
                     http::PercentDecode(pair.substr(std::min(equals + 1, pair.size())), true));
    form.fields.emplace(std::move(name), std::move(value));
  }
  return form;
}

http::Response FormSink::Finish() {
  if (const Status whole = parser_.Finish(); !whole.has_value()) {
    return done_(std::unexpected(whole.error()));
  }
  return done_(std::move(form_));
}

Status FormSink::Begin(const PartHead& head) {
  head_ = head;
  field_.clear();
  file_.reset();
  if (!head.is_file) return {};
  if (form_.media.size() >= kMaxMedia) {
    return valise::Fail(ErrorCode::kLimitExceeded,
                        fmt::format("at most {} photos and videos at a time", kMaxMedia));
  }
  ASSIGN_OR_RETURN(file_, store_.Begin());
  return {};
}

Status FormSink::Data(std::string_view bytes) {
  if (file_ != nullptr) return file_->Write(bytes);
  if (field_.size() + bytes.size() > kMaxField) {
    return valise::Fail(ErrorCode::kLimitExceeded, "the text is too long");
  }
  field_ += bytes;
  return {};
}

Status FormSink::End() {
  if (file_ == nullptr) {
    form_.fields.emplace(head_.name, std::move(field_));
    return {};
  }
  // A field for files in which none was chosen comes as an empty one.
  if (file_->size() > 0) {
    ASSIGN_OR_RETURN(Medium medium, file_->Finish());
    form_.media.push_back(std::move(medium));
  }
  file_.reset();
  return {};
}

}  // namespace valise::host
