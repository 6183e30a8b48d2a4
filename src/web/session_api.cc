// /session: who is signed in.
#include <fmt/format.h>

#include "web/confirm.h"
#include "web/json_body.h"
#include "web/respond.h"
#include "web/site.h"

namespace valise::web {
namespace {

Status WriteConfirmation(JsonWriter& json, const Site& site, const Call& call,
                         const library::AccountRow& account, bool has_password) {
  ASSIGN_OR_RETURN(const Confirmation by, HowToConfirm(site, call, account));
  json.Member("confirm", has_password || !by.service ? "password" : "hand_off");
  WriteTimeOrNull(json, "confirmed_until", by.until);
  json.Name("hand_off_url");
  by.service ? json.String(by.service->url + "/hand-off") : json.Null();
  json.Name("service_name");
  by.service ? json.String(by.service->name) : json.Null();
  return {};
}

Status WriteAccounts(JsonWriter& json, const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const auto accounts, site.libraries.accounts().OfOwner(call.user->id));
  ASSIGN_OR_RETURN(const bool has_password, site.users.HasPassword(call.user->id));
  for (const library::AccountRow& account : accounts) {
    ASSIGN_OR_RETURN(const auto view, site.libraries.Look(account));
    const std::optional<account::Profile> profile = view ? view->profile : std::nullopt;
    json.BeginObject().Member("id", account.id).Member("service", account.service);
    json.Member("username", profile ? profile->username : account.username);
    json.Member("name", profile ? profile->name : "");
    WritePicture(json, account.id, profile);
    RETURN_IF_ERROR(WriteConfirmation(json, site, call, account, has_password));
    json.EndObject();
  }
  return {};
}

// Where one may come from: anybody may know, as the sign-in page offers it.
Status WriteServices(JsonWriter& json, const Site& site) {
  ASSIGN_OR_RETURN(const auto services, site.services.List());
  for (const auth::Service& service : services) {
    if (service.public_key.empty()) continue;
    json.BeginObject().Member("name", service.name);
    json.Member("hand_off_url", service.url + "/hand-off").EndObject();
  }
  return {};
}

Result<http::Response> Describe(const Site& site, const Call& call) {
  JsonWriter json;
  json.BeginObject().Name("user");
  if (call.user) {
    json.BeginObject().Member("id", call.user->id).Member("name", call.user->name);
    json.Member("is_operator", call.user->is_operator).Member("language", call.user->language);
    json.EndObject();
  } else {
    json.Null();
  }
  json.Member("csrf", CsrfOf(call)).Name("accounts").BeginArray();
  if (call.user) RETURN_IF_ERROR(WriteAccounts(json, site, call));
  json.EndArray().Name("services").BeginArray();
  RETURN_IF_ERROR(WriteServices(json, site));
  json.EndArray().Name("server").BeginObject().Member("name", site.name);
  json.Member("mail_configured", site.outbox.configured()).EndObject().EndObject();
  return Json(200, std::move(json));
}

Result<http::Response> Enter(const Site& site, Call& call) {
  ASSIGN_OR_RETURN(const JsonBody body, JsonBody::Parse(call.request));
  ASSIGN_OR_RETURN(const std::string name, body.String("name"));
  ASSIGN_OR_RETURN(std::string password, body.String("password"));
  auto entered = site.sign_in.Enter(name, Secret(std::move(password)), call.request.remote);
  if (!entered.has_value()) {
    Refusal refusal{.code = entered.error().code, .message = entered.error().message};
    if (refusal.code == ErrorCode::kUnauthenticated) refusal.reason = "wrong_password";
    if (refusal.code == ErrorCode::kRateLimited) {
      refusal.retry_after_s = site.sign_in.Wait(name, call.request.remote);
    }
    return Refuse(refusal);
  }
  // A session that was there before ends: the new one is of the one who knows the password.
  if (call.user) RETURN_IF_ERROR(site.sessions.End(call.token));
  call.user = entered->user;
  call.token = entered->token;
  ASSIGN_OR_RETURN(http::Response response, Describe(site, call));
  response.headers.Add("Set-Cookie", SessionCookie(site, call.token));
  return response;
}

Result<http::Response> Leave(const Site& site, const Call& call) {
  RETURN_IF_ERROR(site.sessions.End(call.token));
  http::Response response = NoContent();
  response.headers.Add("Set-Cookie", SessionCookie(site, ""));
  return response;
}

Result<http::Response> Change(const Site& site, Call& call) {
  ASSIGN_OR_RETURN(const JsonBody body, JsonBody::Parse(call.request));
  ASSIGN_OR_RETURN(const std::string language, body.String("language"));
  RETURN_IF_ERROR(site.users.SetLanguage(call.user->id, language));
  call.user->language = language;
  return Describe(site, call);
}

}  // namespace

void AddSessionRoutes(Router& router, const Site& site) {
  constexpr std::string_view kPath = "/api/v1/session";
  router.Add({"GET", std::string(kPath), Access::kAnyone,
              [&](Call& call) { return Describe(site, call); }});
  router.Add(
      {"POST", std::string(kPath), Access::kAnyone, [&](Call& call) { return Enter(site, call); }});
  router.Add(
      {"DELETE", std::string(kPath), Access::kUser, [&](Call& call) { return Leave(site, call); }});
  router.Add(
      {"PATCH", std::string(kPath), Access::kUser, [&](Call& call) { return Change(site, call); }});
}

}  // namespace valise::web
