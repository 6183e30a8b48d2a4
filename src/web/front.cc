#include "web/front.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "base/log.h"
#include "http/text.h"
#include "web/pages.h"
#include "web/respond.h"

namespace valise::web {
namespace {

bool ChangesSomething(std::string_view method) { return method != "GET" && method != "HEAD"; }

}  // namespace

Front::Front(const Site& site, std::span<const EmbeddedFile> files) : site_(site), files_(files) {
  AddSessionRoutes(router_, site);
  AddProfileRoutes(router_, site);
  AddPostRoutes(router_, site);
  AddMediaRoutes(router_, site);
  AddSearchRoutes(router_, site);
  AddRequestRoutes(router_, site);
  AddDownloadRoutes(router_, site);
  AddOutboxRoutes(router_, site);
}

http::Response Front::Handle(const http::Request& request) {
  http::Response response = Answer(request);
  AddSecurityHeaders(response, site_.https);
  return response;
}

void Front::BodyFailed(const Error& error) {
  log::Error("event=download_cut error=\"{}\"", error.message);
}

http::Response Front::Answer(const http::Request& request) {
  Router::Found found = router_.Find(request.method, request.path);
  if (found.route == nullptr && found.allow.empty()) return ServePage(request, files_);
  if (found.route == nullptr) {
    http::Response response = Refuse(Refusal{.code = ErrorCode::kInvalidArgument,
                                             .message = "this address does not know that method"});
    response.status = 405;
    response.headers.Add("Allow", found.allow);
    return response;
  }
  Call call{.request = request, .path = std::move(found.path), .user = {}, .token = {}};
  if (const Status known = FindUser(call); !known.has_value()) return Refuse(known.error());
  if (found.route->access != Access::kAnyone && !call.user) {
    return Refuse(Refusal{
        .code = ErrorCode::kUnauthenticated, .message = "sign in first", .reason = "signed_out"});
  }
  if (found.route->access == Access::kOperator && !call.user->is_operator) {
    return Refuse(
        Refusal{.code = ErrorCode::kPermissionDenied, .message = "this is for the operator"});
  }
  if (const Status same = CheckOrigin(call); !same.has_value()) {
    return Refuse(Refusal{
        .code = same.error().code, .message = same.error().message, .reason = "forged_request"});
  }
  Result<http::Response> response = found.route->answer(call);
  if (response.has_value()) return std::move(*response);
  const int status = HttpStatus(response.error().code);
  if (status >= 500) {
    log::Error("event=call_failed route=\"{} {}\" error=\"{}\"", found.route->method,
               found.route->pattern, response.error().message);
  }
  return Refuse(response.error());
}

Status Front::FindUser(Call& call) const {
  const auto token = http::FindCookie(call.request.headers.Get("Cookie"), kSessionCookie);
  if (!token) return {};
  ASSIGN_OR_RETURN(const auto user_id, site_.sessions.Find(*token));
  if (!user_id) return {};
  auto user = site_.users.Get(*user_id);
  if (!user.has_value() && user.error().code != ErrorCode::kNotFound)
    return std::unexpected(user.error());
  if (!user.has_value()) return {};
  call.user = std::move(*user);
  call.token = *token;
  return {};
}

// What changes something must come from our own pages: they alone know the token; and browsers say
// where a request comes from.
Status Front::CheckOrigin(const Call& call) const {
  if (!ChangesSomething(call.request.method)) return {};
  const http::Headers& headers = call.request.headers;
  const std::string_view origin = headers.Get("Origin"), host = headers.Get("Host");
  const std::string_view site = headers.Get("Sec-Fetch-Site");
  const bool own_origin = origin.empty() || origin == site_.public_url ||
                          origin == fmt::format("http://{}", host) ||
                          origin == fmt::format("https://{}", host);
  const bool own_site = site.empty() || site == "same-origin" || site == "none";
  if (own_origin && own_site && ConstantTimeEqual(CsrfOf(call), headers.Get("X-CSRF-Token")))
    return {};
  return Fail(ErrorCode::kPermissionDenied,
              "this request did not come from our own page; reload it");
}

}  // namespace valise::web
