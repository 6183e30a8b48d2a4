// How our answers look: JSON, errors, and the headers that keep browsers strict.
//
// Thread safety: pure functions.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "base/result.h"
#include "http/message.h"

namespace valise::web {

http::Response Json(int status, JsonWriter json);
http::Response NoContent();
// With a body of `type` ("text/html; charset=utf-8").
http::Response Text(int status, std::string_view type, std::string body);

// {"error":{"code","message","reason"?,"id"?,"retry_after_s"?,"fields"?}}
struct Refusal {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
  std::string reason;  // where several cases share a code: "wrong_password"
  std::string id;
  std::optional<int64_t> retry_after_s;
  std::map<std::string, std::string> fields;  // what is wrong with which member
};
http::Response Refuse(const Refusal& refusal);
http::Response Refuse(const Error& error);

// Puts what every answer has: nosniff, no referrer, no framing, same-origin isolation; HSTS when
// `https`. A Content-Security-Policy that is already there stays; otherwise nothing may be loaded.
void AddSecurityHeaders(http::Response& response, bool https);

// The policy of our own pages.
inline constexpr std::string_view kPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src "
    "'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

}  // namespace valise::web
