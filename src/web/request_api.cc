// /accounts/{id}/requests and /requests/{rid}: asking for a download and watching it become ready.
#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"
#include "http/text.h"
#include "web/confirm.h"
#include "web/json_body.h"
#include "web/request_json.h"
#include "web/respond.h"
#include "web/site.h"
#include "web/watch.h"

namespace valise::web {
namespace {

using requests::ExportRequest;

Result<std::string> JsonOf(const Site& site, const ExportRequest& request) {
  return RequestJson(site.requests, request, site.outbox.configured());
}

// The request, if it is of an account of who calls.
Result<ExportRequest> OwnedRequest(const Site& site, const Call& call) {
  auto request = site.requests.Get(call.At("rid"));
  if (!request.has_value()) return request;
  const auto account = OwnedAccount(site, call, request->account_id);
  if (account.has_value()) return request;
  if (account.error().code != ErrorCode::kNotFound) return std::unexpected(account.error());
  return Fail(ErrorCode::kNotFound, "there is no such request");
}

Result<requests::Choice> ParseChoice(const Site& site, const JsonBody& body) {
  requests::Choice choice;
  ASSIGN_OR_RETURN(choice.kinds, body.OptionalStrings("kinds"));
  if (choice.kinds) {
    if (choice.kinds->empty()) return Fail(ErrorCode::kInvalidArgument, "choose at least one kind");
    for (const std::string& kind : *choice.kinds) {
      if (!requests::IsChoiceKind(kind)) {
        return Fail(ErrorCode::kInvalidArgument, "\"kinds\" holds something that we do not know");
      }
    }
  }
  ASSIGN_OR_RETURN(choice.from, body.OptionalTime("from"));
  ASSIGN_OR_RETURN(choice.until, body.OptionalTime("until"));
  if (choice.from && choice.until && *choice.from >= *choice.until) {
    return Fail(ErrorCode::kInvalidArgument, "\"from\" must be before \"until\"");
  }
  ASSIGN_OR_RETURN(const auto format, body.OptionalString("format"));
  choice.format = format ? *format : std::string(site.formats.front()->name());
  if (bundle::FindFormat(site.formats, choice.format) == nullptr) {
    return Fail(ErrorCode::kInvalidArgument, "\"format\" is none that this server makes");
  }
  return choice;
}

http::Response RefuseAsking(const Site& site, const library::AccountRow& account,
                            const Error& error) {
  Refusal refusal{.code = error.code, .message = error.message};
  if (error.code == ErrorCode::kInvalidArgument) refusal.reason = "bad_address";
  if (error.code == ErrorCode::kRateLimited) refusal.reason = "too_many_ready";
  if (error.code == ErrorCode::kConflict) {
    refusal.reason = "already_waiting";
    const auto waiting = site.requests.Waiting(account.id);
    if (waiting.has_value() && *waiting) refusal.id = (*waiting)->id;
  }
  return Refuse(refusal);
}

// What the caller asks of an account; the language is the caller's own.
requests::NewRequest AskingOf(const Call& call, const library::AccountRow& account,
                              std::string_view address, requests::Choice choice) {
  return {.account_id = account.id,
          .account_name = account.username,
          .user_id = call.user->id,
          .user_address = call.user->address,
          .address = std::string(address),
          .language = call.user->language,
          .choice = std::move(choice)};
}

Result<http::Response> AnswerAsked(const Site& site, const library::AccountRow& account,
                                   const Result<ExportRequest>& asked) {
  if (!asked.has_value()) return RefuseAsking(site, account, asked.error());
  log::Info("event=request_asked request={} account={}", asked->id, account.id);
  ASSIGN_OR_RETURN(std::string json, JsonOf(site, *asked));
  http::Response response = Text(201, "application/json", std::move(json));
  response.headers.Add("Location", "/api/v1/requests/" + asked->id);
  return response;
}

Result<http::Response> Ask(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const library::AccountRow account, OwnedAccount(site, call, call.At("id")));
  ASSIGN_OR_RETURN(const JsonBody body, JsonBody::Parse(call.request));
  ASSIGN_OR_RETURN(const std::string address, body.String("address"));
  ASSIGN_OR_RETURN(const auto language, body.OptionalString("language"));
  ASSIGN_OR_RETURN(requests::Choice choice, ParseChoice(site, body));
  ASSIGN_OR_RETURN(auto refused, Confirm(site, call, body, account));
  if (refused) return std::move(*refused);
  requests::NewRequest asking = AskingOf(call, account, address, std::move(choice));
  if (language && auth::IsLanguage(*language)) asking.language = *language;
  return AnswerAsked(site, account, site.requests.Ask(asking));
}

// One click: the same choices once more. Nobody has to confirm again, as the owner did so for these
// very choices, and lost the download by no doing of theirs; once, and only as long as it would
// have lived.
Result<http::Response> AskAgain(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const ExportRequest request, OwnedRequest(site, call));
  ASSIGN_OR_RETURN(const library::AccountRow account, OwnedAccount(site, call, request.account_id));
  ASSIGN_OR_RETURN(const auto all, site.requests.OfAccount(account.id));
  const bool is_late = site.clock.Now() > request.asked + site.requests.options().link_life;
  const bool is_used = std::ranges::any_of(all, [&](const ExportRequest& other) {
    return other.id != request.id && other.asked >= request.asked;
  });
  if (!requests::IsErased(request) || is_late || is_used) {
    return Refuse(Refusal{.code = ErrorCode::kPermissionDenied,
                          .message = "ask with the form, and confirm who you are",
                          .reason = "confirm_first"});
  }
  requests::NewRequest asking = AskingOf(call, account, request.address, request.choice);
  asking.language = request.language;
  return AnswerAsked(site, account, site.requests.Ask(asking));
}

Result<http::Response> List(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const library::AccountRow account, OwnedAccount(site, call, call.At("id")));
  ASSIGN_OR_RETURN(const auto requests, site.requests.OfAccount(account.id));
  JsonWriter json;
  json.BeginObject().Name("requests").BeginArray();
  for (const ExportRequest& request : requests) {
    ASSIGN_OR_RETURN(const std::string one, JsonOf(site, request));
    json.Raw(one);
  }
  json.EndArray().EndObject();
  return Json(200, std::move(json));
}

Result<http::Response> Show(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const ExportRequest request, OwnedRequest(site, call));
  ASSIGN_OR_RETURN(std::string json, JsonOf(site, request));
  return Text(200, "application/json", std::move(json));
}

Result<http::Response> Cancel(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const ExportRequest request, OwnedRequest(site, call));
  RETURN_IF_ERROR(site.requests.Cancel(request.id));
  return NoContent();
}

Result<http::Response> MakeLink(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const ExportRequest request, OwnedRequest(site, call));
  const auto token = site.requests.MakeLink(request.id);
  if (!token.has_value()) {
    const bool ended = token.error().code == ErrorCode::kGone;
    return Refuse(Refusal{.code = token.error().code,
                          .message = token.error().message,
                          .reason = ended ? "link_ended" : ""});
  }
  JsonWriter json;
  json.BeginObject().Member(
      "url", fmt::format("/d/{}/{}", *token, http::PercentEncode(request.file_name)));
  WriteTimeOrNull(json, "ends_at", request.ends);
  json.EndObject();
  return Json(201, std::move(json));
}

Result<http::Response> RevokeLinks(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const ExportRequest request, OwnedRequest(site, call));
  RETURN_IF_ERROR(site.requests.RevokeLinks(request.id));
  return NoContent();
}

Result<http::Response> WatchRequest(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const ExportRequest request, OwnedRequest(site, call));
  return Watch(site.requests.watchers(), request.id, "request",
               [&site, id = request.id]() -> Result<std::string> {
                 ASSIGN_OR_RETURN(const ExportRequest now, site.requests.Get(id));
                 return JsonOf(site, now);
               });
}

}  // namespace

void AddRequestRoutes(Router& router, const Site& site) {
  using Answer = Result<http::Response> (*)(const Site&, const Call&);
  const std::tuple<const char*, const char*, Answer> routes[] = {
      {"POST", "/api/v1/accounts/{id}/requests", Ask},
      {"GET", "/api/v1/accounts/{id}/requests", List},
      {"GET", "/api/v1/requests/{rid}", Show},
      {"DELETE", "/api/v1/requests/{rid}", Cancel},
      {"POST", "/api/v1/requests/{rid}/again", AskAgain},
      {"GET", "/api/v1/requests/{rid}/events", WatchRequest},
      {"POST", "/api/v1/requests/{rid}/links", MakeLink},
      {"DELETE", "/api/v1/requests/{rid}/links", RevokeLinks}};
  for (const auto& [method, pattern, answer] : routes) {
    router.Add({method, pattern, Access::kUser,
                [&site, handler = answer](Call& call) { return handler(site, call); }});
  }
}

}  // namespace valise::web
