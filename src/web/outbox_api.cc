// /outbox, for the operator, and /health.
#include "web/respond.h"
#include "web/site.h"

namespace valise::web {
namespace {

constexpr size_t kListed = 200;

void WriteMail(JsonWriter& json, const mail::MailRow& mail) {
  json.Member("id", mail.id).Member("to", mail.to).Member("subject", mail.subject);
  json.Member("state", mail::StateName(mail.state)).Member("created_at", mail.created);
  WriteTimeOrNull(json, "sent_at", mail.sent);
  json.Member("attempts", mail.attempts).Name("last_error");
  if (mail.last_error.empty()) {
    json.Null();
  } else {
    json.String(mail.last_error);
  }
}

Result<http::Response> List(const Site& site, const Call&) {
  ASSIGN_OR_RETURN(const auto mails, site.outbox.List(kListed));
  JsonWriter json;
  json.BeginObject().Member("configured", site.outbox.configured()).Name("mails").BeginArray();
  for (const mail::MailRow& mail : mails) {
    json.BeginObject();
    WriteMail(json, mail);
    json.EndObject();
  }
  json.EndArray().EndObject();
  return Json(200, std::move(json));
}

Result<http::Response> Show(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const mail::MailRow mail, site.outbox.Get(call.At("mid")));
  ASSIGN_OR_RETURN(const mail::Letter letter, site.outbox.Read(mail.id));
  JsonWriter json;
  json.BeginObject();
  WriteMail(json, mail);
  json.Member("text", letter.text).Member("html", letter.html).EndObject();
  return Json(200, std::move(json));
}

Result<http::Response> Health() {
  JsonWriter json;
  json.BeginObject().Member("ok", true).Member("version", VALISE_VERSION).EndObject();
  return Json(200, std::move(json));
}

}  // namespace

void AddOutboxRoutes(Router& router, const Site& site) {
  router.Add(
      {"GET", "/api/v1/outbox", Access::kOperator, [&](Call& call) { return List(site, call); }});
  router.Add({"GET", "/api/v1/outbox/{mid}", Access::kOperator,
              [&](Call& call) { return Show(site, call); }});
  router.Add({"GET", "/api/v1/health", Access::kAnyone, [](Call&) { return Health(); }});
}

}  // namespace valise::web
