// /accounts/{id}/imports and /imports/{iid}: archives that people brought, taken in.
#include <fmt/format.h>

#include "base/log.h"
#include "web/json_body.h"
#include "web/respond.h"
#include "web/site.h"
#include "web/watch.h"

namespace valise::web {
namespace {

using bring::ArchiveImport;
using bring::ImportState;

constexpr size_t kMaxAccounts = 50;  // of one user

Result<std::string> JsonOf(const Site& site, const ArchiveImport& one) {
  JsonWriter json;
  json.BeginObject().Member("id", one.id).Member("account_id", one.account_id);
  json.Member("state", bring::StateName(one.state));
  const bring::ImportProgress progress = site.imports.ProgressOf(one.id);
  json.Name("progress").BeginObject().Member("phase", progress.phase);
  json.Member("done", progress.done).Member("total", progress.total).EndObject();
  const auto account = site.libraries.accounts().Get(one.account_id);
  if (!account.has_value() && account.error().code != ErrorCode::kNotFound) {
    return std::unexpected(account.error());
  }
  json.Member("found_service", one.found_service).Member("found_username", one.found_username);
  json.Member("account_service", account.has_value() ? account->service : "");
  json.Member("account_username", account.has_value() ? account->username : "");
  json.Member("decision", bring::DecisionName(one.decision));
  json.Name("files").BeginArray();
  for (const std::string& id : one.uploads) {
    // What has ended has lost its name.
    if (const auto upload = site.uploads.Get(id); upload.has_value()) json.String(upload->name);
  }
  json.EndArray().Member("asked_at", one.asked);
  WriteTimeOrNull(json, "ended_at", one.ended);
  json.Name("report");
  one.report.empty() ? json.Null() : json.Raw(one.report);
  json.Name("error");
  if (one.error_code.empty()) {
    json.Null();
  } else {
    json.BeginObject().Member("code", one.error_code);
    json.Member("message", one.error_message).EndObject();
  }
  json.EndObject();
  return json.Take();
}

// The import, if it was asked for by who calls.
Result<ArchiveImport> OwnedImport(const Site& site, const Call& call) {
  auto one = site.imports.Get(call.At("iid"));
  if (one.has_value() && one->user_id != call.user->id) {
    return Fail(ErrorCode::kNotFound, "there is no such import");
  }
  return one;
}

Result<http::Response> Answer(const Site& site, int status, const ArchiveImport& one) {
  ASSIGN_OR_RETURN(std::string json, JsonOf(site, one));
  http::Response response = Text(status, "application/json", std::move(json));
  if (status == 202) response.headers.Add("Location", "/api/v1/imports/" + one.id);
  return response;
}

Result<http::Response> Begin(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const library::AccountRow account, OwnedAccount(site, call, call.At("id")));
  ASSIGN_OR_RETURN(const JsonBody body, JsonBody::Parse(call.request));
  ASSIGN_OR_RETURN(auto uploads, body.OptionalStrings("uploads"));
  ASSIGN_OR_RETURN(const ArchiveImport one,
                   site.imports.Ask(account, call.user->id,
                                    std::move(uploads).value_or(std::vector<std::string>{})));
  log::Info("event=import_asked import={} account={}", one.id, account.id);
  return Answer(site, 202, one);
}

Result<http::Response> List(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const library::AccountRow account, OwnedAccount(site, call, call.At("id")));
  ASSIGN_OR_RETURN(const auto all, site.imports.OfAccount(account.id));
  JsonWriter json;
  json.BeginObject().Name("imports").BeginArray();
  for (const ArchiveImport& one : all) {
    if (one.user_id != call.user->id) continue;
    ASSIGN_OR_RETURN(const std::string text, JsonOf(site, one));
    json.Raw(text);
  }
  json.EndArray().EndObject();
  return Json(200, std::move(json));
}

Result<http::Response> Show(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const ArchiveImport one, OwnedImport(site, call));
  return Answer(site, 200, one);
}

Result<http::Response> Cancel(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const ArchiveImport one, OwnedImport(site, call));
  RETURN_IF_ERROR(site.imports.Cancel(one.id));
  return NoContent();
}

Result<http::Response> Decide(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const ArchiveImport one, OwnedImport(site, call));
  ASSIGN_OR_RETURN(const JsonBody body, JsonBody::Parse(call.request));
  ASSIGN_OR_RETURN(const std::string as, body.String("as"));
  const auto decision = bring::ParseDecision(as);
  if (!decision || *decision == bring::Decision::kNone) {
    return Fail(ErrorCode::kInvalidArgument, "\"as\" is second_account or this_account");
  }
  RETURN_IF_ERROR(site.imports.Decide(one.id, *decision));
  ASSIGN_OR_RETURN(const ArchiveImport now, site.imports.Get(one.id));
  return Answer(site, 200, now);
}

Result<http::Response> WatchImport(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const ArchiveImport one, OwnedImport(site, call));
  return Watch(site.requests.watchers(), one.id, "import",
               [&site, id = one.id]() -> Result<std::string> {
                 ASSIGN_OR_RETURN(const ArchiveImport now, site.imports.Get(id));
                 return JsonOf(site, now);
               });
}

// An empty account, which takes its names from the first archive. There is one at a time.
Result<http::Response> OpenAccount(const Site& site, const Call& call) {
  library::Accounts& accounts = site.libraries.accounts();
  ASSIGN_OR_RETURN(const auto own, accounts.OfOwner(call.user->id));
  std::string id;
  for (const library::AccountRow& row : own) {
    if (row.service.empty() && !row.head) id = row.id;
  }
  const int status = id.empty() ? 201 : 200;
  if (id.empty()) {
    if (own.size() >= kMaxAccounts) {
      return Fail(ErrorCode::kRateLimited, "one user has at most 50 accounts here");
    }
    ASSIGN_OR_RETURN(const auto made, accounts.Create({.id = {},
                                                       .service = {},
                                                       .username = {},
                                                       .owner = call.user->id,
                                                       .head = {},
                                                       .created = site.clock.Now()}));
    id = made.id;
  }
  JsonWriter json;
  json.BeginObject().Member("id", id).EndObject();
  return Json(status, std::move(json));
}

}  // namespace

void AddImportRoutes(Router& router, const Site& site) {
  using Handler = Result<http::Response> (*)(const Site&, const Call&);
  const std::tuple<const char*, const char*, Handler> routes[] = {
      {"POST", "/api/v1/accounts", OpenAccount},
      {"POST", "/api/v1/accounts/{id}/imports", Begin},
      {"GET", "/api/v1/accounts/{id}/imports", List},
      {"GET", "/api/v1/imports/{iid}", Show},
      {"DELETE", "/api/v1/imports/{iid}", Cancel},
      {"POST", "/api/v1/imports/{iid}/decision", Decide},
      {"GET", "/api/v1/imports/{iid}/events", WatchImport}};
  for (const auto& [method, pattern, answer] : routes) {
    router.Add({method, pattern, Access::kUser,
                [&site, handler = answer](Call& call) { return handler(site, call); }});
  }
}

}  // namespace valise::web
