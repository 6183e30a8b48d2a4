// /accounts/{id}/forget: what its owner wants gone for good.
#include "base/log.h"
#include "web/confirm.h"
#include "web/json_body.h"
#include "web/respond.h"
#include "web/site.h"

namespace valise::web {
namespace {

constexpr size_t kMaxNames = 1000;

template <typename Name>
Status Take(const JsonBody& body, std::string_view member, std::vector<Name>& to) {
  ASSIGN_OR_RETURN(const auto names, body.OptionalStrings(member));
  if (!names) return {};
  if (names->size() > kMaxNames) {
    return Fail(ErrorCode::kInvalidArgument, "at most 1000 of each can be forgotten in one call");
  }
  for (const std::string& name : *names) {
    const auto parsed = Name::Parse(name);
    if (!parsed) {
      return Fail(ErrorCode::kInvalidArgument, std::string("\"") + std::string(member) +
                                                   "\" holds what is not hex of its length");
    }
    to.push_back(*parsed);
  }
  return {};
}

Result<library::ToForget> ParseWhat(const JsonBody& body) {
  library::ToForget what;
  RETURN_IF_ERROR(Take(body, "records", what.records));
  RETURN_IF_ERROR(Take(body, "media", what.media));
  RETURN_IF_ERROR(Take(body, "conversations", what.conversations));
  if (what.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "name \"records\", \"media\" or \"conversations\"");
  }
  return what;
}

std::string Answer(std::string_view state, const library::EraseReport& report,
                   const std::vector<std::string>& requests) {
  JsonWriter json;
  json.BeginObject().Member("state", state).Name("forgotten").BeginObject();
  json.Name("records").BeginObject();
  for (size_t i = 0; i < account::kKindCount; ++i) {
    if (report.records[i] == 0) continue;
    json.Member(account::KindName(static_cast<account::Kind>(i)), report.records[i]);
  }
  json.EndObject().Member("media", report.media).Member("media_bytes", report.media_bytes);
  json.Member("originals", report.originals_cut + report.originals_redacted).EndObject();
  json.Name("cancelled_requests").BeginArray();
  for (const std::string& id : requests) json.String(id);
  json.EndArray().EndObject();
  return json.Take();
}

// What would go. Nothing changes, so nobody has to confirm.
Result<http::Response> Preview(const Site& site, const library::AccountRow& account,
                               const library::ToForget& what) {
  ASSIGN_OR_RETURN(const auto library, site.libraries.Open(account.id));
  ASSIGN_OR_RETURN(const library::EraseReport report, library::Look(*library, what));
  ASSIGN_OR_RETURN(const auto holding, site.requests.Holding(account.id, report.erased));
  std::vector<std::string> ids;
  for (const requests::ExportRequest& request : holding) ids.push_back(request.id);
  return Text(200, "application/json", Answer("preview", report, ids));
}

Result<http::Response> Forget(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const library::AccountRow account, OwnedAccount(site, call, call.At("id")));
  ASSIGN_OR_RETURN(const JsonBody body, JsonBody::Parse(call.request));
  ASSIGN_OR_RETURN(const library::ToForget what, ParseWhat(body));
  ASSIGN_OR_RETURN(const bool preview, body.OptionalBool("preview"));
  if (preview) return Preview(site, account, what);
  ASSIGN_OR_RETURN(auto refused, Confirm(site, call, body, account));
  if (refused) return *std::move(refused);
  ASSIGN_OR_RETURN(const requests::Eraser::Done done, site.eraser.Forget(account.id, what));
  log::Info("event=forgotten account={} done={}", account.id, done.is_done);
  return Text(done.is_done ? 200 : 202, "application/json",
              Answer(done.is_done ? "done" : "waiting", done.report, done.cancelled));
}

}  // namespace

void AddForgetRoutes(Router& router, const Site& site) {
  router.Add({"POST", "/api/v1/accounts/{id}/forget", Access::kUser,
              [&](Call& call) { return Forget(site, call); }});
}

}  // namespace valise::web
