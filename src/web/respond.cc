#include "web/respond.h"

namespace valise::web {

http::Response Text(int status, std::string_view type, std::string body) {
  http::Response response;
  response.status = status;
  response.headers.Add("Content-Type", std::string(type));
  response.headers.Add("Cache-Control", "no-store");
  response.body = std::move(body);
  return response;
}

http::Response Json(int status, JsonWriter json) {
  return Text(status, "application/json", json.Take());
}

http::Response NoContent() {
  http::Response response;
  response.status = 204;
  response.headers.Add("Cache-Control", "no-store");
  return response;
}

http::Response Refuse(const Refusal& refusal) {
  JsonWriter json;
  json.BeginObject().Name("error").BeginObject();
  json.Member("code", CodeName(refusal.code)).Member("message", refusal.message);
  if (!refusal.reason.empty()) json.Member("reason", refusal.reason);
  if (!refusal.id.empty()) json.Member("id", refusal.id);
  if (refusal.retry_after_s) json.Member("retry_after_s", *refusal.retry_after_s);
  if (!refusal.fields.empty()) {
    json.Name("fields").BeginObject();
    for (const auto& [name, what] : refusal.fields) json.Member(name, what);
    json.EndObject();
  }
  json.EndObject().EndObject();
  http::Response response = Json(HttpStatus(refusal.code), std::move(json));
  if (refusal.retry_after_s) {
    response.headers.Set("Retry-After", std::to_string(*refusal.retry_after_s));
  }
  return response;
}

http::Response Refuse(const Error& error) {
  return Refuse(Refusal{.code = error.code, .message = error.message});
}

void AddSecurityHeaders(http::Response& response, bool https) {
  http::Headers& headers = response.headers;
  if (!headers.Find("Content-Security-Policy")) {
    headers.Add("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  }
  headers.Add("X-Content-Type-Options", "nosniff");
  headers.Add("Referrer-Policy", "no-referrer");
  headers.Add("Cross-Origin-Opener-Policy", "same-origin");
  headers.Add("Cross-Origin-Resource-Policy", "same-origin");
  if (https) headers.Add("Strict-Transport-Security", "max-age=31536000");
}

}  // namespace valise::web
