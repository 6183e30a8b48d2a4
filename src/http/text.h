// The small grammars of HTTP: targets, queries, cookies, dates.
//
// Thread safety: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace valise::http {

inline constexpr size_t kMaxTarget = 8 * 1024;
inline constexpr size_t kMaxQueryItems = 64;

struct Target {
  std::string path;
  std::vector<std::pair<std::string, std::string>> query;
};

// Splits and decodes an origin-form target (RFC 9112 §3.2.1).
// Errors: kInvalidArgument (not origin-form, bad escape, NUL, control, "." or ".." segment, not
// UTF-8), kLimitExceeded.
Result<Target> ParseTarget(std::string_view target);

// %XX → byte; with `plus_is_space` as forms write it. Errors: kInvalidArgument.
Result<std::string> PercentDecode(std::string_view text, bool plus_is_space);
// Everything but unreserved characters (RFC 3986 §2.3) becomes %XX.
std::string PercentEncode(std::string_view text);

// The value of the first cookie called `name` (RFC 6265 §4.2), or nullopt.
std::optional<std::string_view> FindCookie(std::string_view cookie_header, std::string_view name);

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 §5.6.7). The two obsolete forms are not read: a
// condition written in one of them is taken as absent.
std::string HttpDate(Timestamp time);
std::optional<Timestamp> ParseHttpDate(std::string_view text);

// Content-Disposition: attachment with `name` in both forms (RFC 6266, RFC 8187).
std::string AttachmentDisposition(std::string_view name);

}  // namespace valise::http
