#include "web/front.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "base/log.h"
#include "http/text.h"
#include "web/pages.h"
#include "web/refused_body.h"
#include "web/respond.h"

namespace valise::web {
namespace {

bool ChangesSomething(std::string_view method) {
  return method != "GET" && method != "HEAD" && method != "OPTIONS";
}

http::Response RefuseFor(const Route& route, const Error& error) {
  if (HttpStatus(error.code) >= 500) {
    log::Error("event=call_failed route=\"{} {}\" error=\"{}\"", route.method, route.pattern,
               error.message);
  }
  return Refuse(error);
}

// A route's sink, whose answers get what every answer has.
class SecuredSink final : public http::BodySink {
 public:
  SecuredSink(std::unique_ptr<http::BodySink> sink, bool https)
      : sink_(std::move(sink)), https_(https) {}
  Status Write(Bytes bytes) override { return sink_->Write(bytes); }
  http::Response Finish() override { return Secured(sink_->Finish()); }
  http::Response Fail(const Error& error) override { return Secured(sink_->Fail(error)); }

 private:
  http::Response Secured(http::Response response) const {
    AddSecurityHeaders(response, https_);
    return response;
  }
  std::unique_ptr<http::BodySink> sink_;
  bool https_;
};

}  // namespace

Front::Front(const Site& site, std::span<const EmbeddedFile> files) : site_(site), files_(files) {
  AddHandOffRoutes(router_, site);
  AddSessionRoutes(router_, site);
  AddProfileRoutes(router_, site);
  AddPostRoutes(router_, site);
  AddMediaRoutes(router_, site);
  AddSearchRoutes(router_, site);
  AddForgetRoutes(router_, site);
  AddRequestRoutes(router_, site);
  AddDownloadRoutes(router_, site);
  AddOutboxRoutes(router_, site);
  AddUploadRoutes(router_, site);
  AddImportRoutes(router_, site);
  AddIngestRoutes(router_, site);
}

http::Response Front::Handle(const http::Request& request) {
  http::Response response = Answer(request);
  AddSecurityHeaders(response, site_.https);
  return response;
}

void Front::BodyFailed(const Error& error) {
  log::Error("event=download_cut error=\"{}\"", error.message);
}

std::variant<Front::Admitted, http::Response> Front::Admit(const http::Request& request) const {
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
  if (auto refusal = RefuseCaller(*found.route, call)) return *std::move(refusal);
  return Admitted{found.route, std::move(call)};
}

std::optional<http::Response> Front::RefuseCaller(const Route& route, Call& call) const {
  if (IsOfService(route.access)) {
    const Status known = FindService(call, route.access);
    if (known.has_value()) return std::nullopt;
    http::Response response = Refuse(known.error());
    if (response.status == 401) response.headers.Add("WWW-Authenticate", "Bearer");
    return response;
  }
  if (const Status known = FindUser(call); !known.has_value()) return Refuse(known.error());
  if (route.access != Access::kAnyone && !call.user) {
    return Refuse(Refusal{
        .code = ErrorCode::kUnauthenticated, .message = "sign in first", .reason = "signed_out"});
  }
  if (route.access == Access::kOperator && !call.user->is_operator) {
    return Refuse(
        Refusal{.code = ErrorCode::kPermissionDenied, .message = "this is for the operator"});
  }
  if (const Status same = CheckOrigin(call); !same.has_value()) {
    return Refuse(Refusal{
        .code = same.error().code, .message = same.error().message, .reason = "forged_request"});
  }
  return std::nullopt;
}

http::Response Front::Answer(const http::Request& request) const {
  auto admitted = Admit(request);
  if (auto* refusal = std::get_if<http::Response>(&admitted)) return std::move(*refusal);
  auto& [route, call] = std::get<Admitted>(admitted);
  if (route->receive) {
    const auto sink = route->receive(call);
    return sink.has_value() ? (*sink)->Finish() : RefuseFor(*route, sink.error());
  }
  Result<http::Response> response = route->answer(call);
  return response.has_value() ? std::move(*response) : RefuseFor(*route, response.error());
}

http::Reception Front::Receive(const http::Request& head) {
  http::Reception reception;
  // Other bodies are small: they are read whether or not they are welcome, and the connection
  // stays.
  const Route* streamed = router_.Find(head.method, head.path).route;
  if (streamed == nullptr || !streamed->receive) return reception;
  auto admitted = Admit(head);
  if (auto* refusal = std::get_if<http::Response>(&admitted)) {
    reception.refusal = std::move(*refusal);
  } else if (auto sink = streamed->receive(std::get<Admitted>(admitted).call); !sink.has_value()) {
    reception.refusal = RefuseFor(*streamed, sink.error());
  } else if (auto* refused = dynamic_cast<RefusedBody*>(sink->get())) {
    reception.refusal = refused->Finish();
  } else {
    reception.sink = std::make_unique<SecuredSink>(std::move(*sink), site_.https);
  }
  if (reception.refusal) AddSecurityHeaders(*reception.refusal, site_.https);
  return reception;
}

Status Front::FindService(Call& call, Access access) const {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string_view field = call.request.headers.Get("Authorization");
  if (!http::EqualsIgnoringCase(field.substr(0, kBearer.size()), kBearer)) {
    return Fail(ErrorCode::kUnauthenticated,
                "a service token is needed: Authorization: Bearer vs_…");
  }
  const std::string_view token = field.substr(kBearer.size());
  const auto first = access == Access::kRead ? auth::Scope::kRead : auth::Scope::kIngest;
  auto service = site_.services.CheckToken(token, first);
  if (!service.has_value() && service.error().code == ErrorCode::kPermissionDenied &&
      access == Access::kIngestOrRead) {
    service = site_.services.CheckToken(token, auth::Scope::kRead);
  }
  RETURN_IF_ERROR(service);
  call.service = std::move(*service);
  return {};
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
