#include "http/range.h"

#include <fmt/format.h>

#include <limits>

#include "http/text.h"

namespace valise::http {
namespace {

using Outcome = Decision::Outcome;

std::string_view Trim(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

// Takes the next element of a comma-separated list; commas inside quotes do not separate.
std::string_view TakeElement(std::string_view& list) {
  bool quoted = false;
  size_t end = 0;
  while (end < list.size() && (quoted || list[end] != ',')) quoted ^= list[end++] == '"';
  const std::string_view element = list.substr(0, end);
  list.remove_prefix(std::min(end + 1, list.size()));
  return Trim(element);
}

// Digits as a number that stops at the largest one; nullopt when there is anything else, or
// nothing.
std::optional<uint64_t> Digits(std::string_view text) {
  if (text.empty()) return std::nullopt;
  uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    const auto digit = static_cast<uint64_t>(c - '0');
    constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();
    value = value > (kMax - digit) / 10 ? kMax : value * 10 + digit;
  }
  return value;
}

SelectedRange Part(uint64_t first, uint64_t end) {
  return {SelectedRange::Answer::kPart, {first, end - first}};
}

// One range-spec: "a-b", "a-", "-n".
SelectedRange SelectOne(std::string_view spec, uint64_t size) {
  constexpr SelectedRange kUnsatisfiable{SelectedRange::Answer::kUnsatisfiable, {}};
  const size_t dash = spec.find('-');
  if (dash == std::string_view::npos) return {};
  const std::string_view left = spec.substr(0, dash), right = spec.substr(dash + 1);
  if (left.empty()) {
    const auto suffix = Digits(right);
    if (!suffix) return {};
    if (*suffix == 0 || size == 0) return kUnsatisfiable;
    return Part(size - std::min(*suffix, size), size);
  }
  const auto first = Digits(left);
  const auto last = right.empty() ? std::numeric_limits<uint64_t>::max() : Digits(right);
  if (!first || !last || *last < *first) return {};
  if (*first >= size) return kUnsatisfiable;
  return Part(*first, std::min(*last, size - 1) + 1);
}

// Does a list of entity tags hold ours? "*" matches. Weak comparison forgives W/ (RFC 9110
// §8.8.3.2).
bool ListHolds(std::string_view list, std::string_view etag, bool weak) {
  if (Trim(list) == "*") return true;
  while (!list.empty()) {
    std::string_view element = TakeElement(list);
    if (weak && element.starts_with("W/")) element.remove_prefix(2);
    if (element == etag) return true;
  }
  return false;
}

// Seconds, because HTTP dates have no more.
bool ChangedSince(const Validators& validators, Timestamp time) {
  return ToSeconds(*validators.last_modified) > ToSeconds(time);
}

std::optional<Timestamp> DateOf(const Headers& request, std::string_view name,
                                const Validators& validators) {
  const auto field = request.Find(name);
  if (!field || !validators.last_modified) return std::nullopt;
  return ParseHttpDate(Trim(*field));
}

bool PreconditionFails(const Headers& request, const Validators& validators) {
  if (const auto match = request.Find("If-Match")) {
    return !ListHolds(*match, validators.etag, false);
  }
  const auto since = DateOf(request, "If-Unmodified-Since", validators);
  return since && ChangedSince(validators, *since);
}

bool IsNotModified(const Headers& request, const Validators& validators) {
  if (const auto none = request.Find("If-None-Match")) {
    return ListHolds(*none, validators.etag, true);
  }
  const auto since = DateOf(request, "If-Modified-Since", validators);
  return since && !ChangedSince(validators, *since);
}

// Strong comparison, for the tag and for the date (RFC 9110 §13.1.5).
bool IfRangeHolds(const Headers& request, const Validators& validators) {
  const auto field = request.Find("If-Range");
  if (!field) return true;
  const std::string_view value = Trim(*field);
  if (value.starts_with('"')) return value == validators.etag;
  const auto date = DateOf(request, "If-Range", validators);
  return date && ToSeconds(*date) == ToSeconds(*validators.last_modified);
}

}  // namespace

SelectedRange SelectRange(std::string_view range_field, uint64_t size) {
  const size_t equals = range_field.find('=');
  if (equals == std::string_view::npos ||
      !EqualsIgnoringCase(Trim(range_field.substr(0, equals)), "bytes")) {
    return {};
  }
  std::string_view list = range_field.substr(equals + 1);
  std::string_view only;
  while (!list.empty()) {
    const std::string_view element = TakeElement(list);
    if (element.empty()) continue;
    if (!only.empty()) return {};
    only = element;
  }
  return SelectOne(only, size);
}

Decision Decide(std::string_view method, const Headers& request, const Validators& validators,
                uint64_t size) {
  const ByteRange all{0, size};
  if (PreconditionFails(request, validators)) return {Outcome::kPreconditionFailed, {}};
  if (IsNotModified(request, validators)) return {Outcome::kNotModified, {}};
  const auto field = request.Find("Range");
  if (method != "GET" || !field || !IfRangeHolds(request, validators))
    return {Outcome::kWhole, all};
  const SelectedRange selected = SelectRange(*field, size);
  switch (selected.answer) {
    case SelectedRange::Answer::kWhole:
      return {Outcome::kWhole, all};
    case SelectedRange::Answer::kPart:
      return {Outcome::kPart, selected.range};
    case SelectedRange::Answer::kUnsatisfiable:
      return {Outcome::kUnsatisfiable, {}};
  }
  return {Outcome::kWhole, all};
}

Response RespondWithBody(const Request& request, std::shared_ptr<BodySource> body,
                         const Validators& validators, Headers headers,
                         std::function<void()> on_sent) {
  const uint64_t size = body->size();
  const Decision decision = Decide(request.method, request.headers, validators, size);
  Response response{
      .status = 200, .headers = std::move(headers), .body = {}, .range = {}, .on_sent = {}};
  response.headers.Set("ETag", validators.etag);
  if (validators.last_modified) {
    response.headers.Set("Last-Modified", HttpDate(*validators.last_modified));
  }
  response.headers.Set("Accept-Ranges", "bytes");
  switch (decision.outcome) {
    case Outcome::kNotModified:
      response.status = 304;
      return response;
    case Outcome::kPreconditionFailed:
      response.status = 412;
      return response;
    case Outcome::kUnsatisfiable:
      response.status = 416;
      response.headers.Set("Content-Range", fmt::format("bytes */{}", size));
      return response;
    case Outcome::kPart:
      response.status = 206;
      response.headers.Set("Content-Range", fmt::format("bytes {}-{}/{}", decision.range.offset,
                                                        decision.range.end() - 1, size));
      break;
    case Outcome::kWhole:
      break;
  }
  response.body = std::move(body);
  response.range = decision.range;
  if (decision.range.end() == size) response.on_sent = std::move(on_sent);
  return response;
}

}  // namespace valise::http
