// Conditions and ranges of a request for bytes that have a strong ETag (RFC 9110 §13 and §14).
//
// Thread safety: pure functions. One range is served in part; several in one request are answered
// with the whole (RFC 9110 §14.2 lets a server ignore Range).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"
#include "http/message.h"

namespace valise::http {

struct SelectedRange {
  enum class Answer : uint8_t { kWhole, kPart, kUnsatisfiable } answer = Answer::kWhole;
  ByteRange range;  // of kPart
  bool operator==(const SelectedRange&) const = default;
};

// What a Range field asks of `size` bytes. Malformed fields, other units and several ranges:
// kWhole.
SelectedRange SelectRange(std::string_view range_field, uint64_t size);

struct Validators {
  std::string etag;  // with its quotes, strong: "\"abc\""
  std::optional<Timestamp> last_modified;
};

struct Decision {
  enum class Outcome : uint8_t {
    kWhole,               // 200
    kPart,                // 206
    kNotModified,         // 304
    kPreconditionFailed,  // 412
    kUnsatisfiable,       // 416
  } outcome = Outcome::kWhole;
  ByteRange range;  // what is sent: all of it for kWhole
  bool operator==(const Decision&) const = default;
};

// Weighs If-Match, If-Unmodified-Since, If-None-Match, If-Modified-Since, Range and If-Range in the
// order of RFC 9110 §13.2.2. Range counts for GET only (§14.2).
Decision Decide(std::string_view method, const Headers& request, const Validators& validators,
                uint64_t size);

// The response for `body`: status, Content-Length is the server's, Content-Range, ETag,
// Last-Modified, Accept-Ranges, and `headers` (Content-Type and so on). `on_sent` is kept when the
// answer holds the last byte of the body.
Response RespondWithBody(const Request& request, std::shared_ptr<BodySource> body,
                         const Validators& validators, Headers headers,
                         std::function<void()> on_sent = nullptr);

}  // namespace valise::http
