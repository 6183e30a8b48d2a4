#include "web/request_json.h"

#include "web/site.h"

namespace valise::web {
namespace {

void WriteTextOrNull(JsonWriter& json, std::string_view name, std::string_view text) {
  json.Name(name);
  if (text.empty()) {
    json.Null();
  } else {
    json.String(text);
  }
}

void WriteMail(JsonWriter& json, const requests::ExportRequest& request,
               const std::optional<mail::MailRow>& mail, bool configured) {
  const auto before = configured ? mail::MailState::kQueued : mail::MailState::kNotConfigured;
  json.Name("mail").BeginObject().Member("address", request.address);
  json.Member("state", mail::StateName(mail ? mail->state : before));
  WriteTimeOrNull(json, "sent_at", mail ? mail->sent : std::nullopt);
  json.Member("attempts", mail ? mail->attempts : 0);
  WriteTextOrNull(json, "last_error", mail ? mail->last_error : "");
  json.EndObject();
}

void WriteMissing(JsonWriter& json, const requests::ExportRequest& request) {
  json.Name("missing").BeginObject().Member("count", request.missing).Name("reasons").BeginArray();
  const auto reason = [&](std::string_view name, uint64_t count) {
    if (count > 0) json.BeginObject().Member("reason", name).Member("count", count).EndObject();
  };
  reason("not_in_archive", request.missing - request.damaged);
  reason("damaged", request.damaged);
  json.EndArray().EndObject();
}

void WriteSelection(JsonWriter& json, const requests::Choice& choice) {
  json.Name("selection").BeginObject().Name("kinds");
  if (choice.kinds) {
    json.BeginArray();
    for (const std::string& kind : *choice.kinds) json.String(kind);
    json.EndArray();
  } else {
    json.Null();
  }
  WriteTimeOrNull(json, "from", choice.from);
  WriteTimeOrNull(json, "until", choice.until);
  json.EndObject();
}

}  // namespace

Result<std::string> RequestJson(const requests::Requests& requests,
                                const requests::ExportRequest& request, bool mail_configured) {
  ASSIGN_OR_RETURN(const auto mail, requests.MailOf(request));
  JsonWriter json;
  json.BeginObject().Member("id", request.id).Member("account_id", request.account_id);
  json.Member("state", requests::StateName(request.state)).Member("asked_at", request.asked);
  WriteTimeOrNull(json, "as_of", request.as_of);
  WriteTimeOrNull(json, "ready_at", request.ready);
  WriteMail(json, request, mail, mail_configured);
  WriteTimeOrNull(json, "downloaded_at", request.downloaded);
  WriteTimeOrNull(json, "ends_at", request.ends);
  json.Name("size");
  if (request.size) {
    json.Number(*request.size);
  } else {
    json.Null();
  }
  WriteTextOrNull(json, "file_name", request.file_name);
  WriteTextOrNull(json, "etag", request.etag);
  json.Name("contents").Raw(request.contents.empty() ? "null" : request.contents);
  WriteMissing(json, request);
  WriteTextOrNull(json, "reason", requests::IsErased(request) ? requests::kErased : "");
  json.Name("error");
  if (request.error_code.empty() || requests::IsErased(request)) {
    json.Null();
  } else {
    json.BeginObject()
        .Member("code", request.error_code)
        .Member("message", request.error_message)
        .EndObject();
  }
  WriteSelection(json, request.choice);
  json.Member("format", request.choice.format);
  json.Member("page_url", "/requests/" + request.id).EndObject();
  return json.Take();
}

}  // namespace valise::web
