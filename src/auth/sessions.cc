#include "auth/sessions.h"

#include "base/digest.h"

namespace valise::auth {
namespace {

constexpr size_t kTokenBytes = 32;
// The time of the last visit is not written more often than this.
constexpr std::chrono::minutes kSeenStep{5};

}  // namespace

Result<std::string> Sessions::Begin(std::string_view user_id, std::string_view service_id) {
  std::string token = ports_.random.Token(kTokenBytes);
  const int64_t now = ToMillis(ports_.clock.Now());
  RETURN_IF_ERROR(ports_.database.Execute(
      "INSERT INTO auth_session (token_sha256, user_id, created_ms, seen_ms, service_id)"
      " VALUES (?, ?, ?, ?, ?)",
      sql::Args(Sha256(token).Hex(), user_id, now, now, service_id)));
  return token;
}

Result<std::optional<std::string>> Sessions::Find(std::string_view token) {
  if (token.size() < 20 || token.size() > 100) return std::nullopt;
  const std::string hash = Sha256(token).Hex();
  ASSIGN_OR_RETURN(
      const auto rows,
      ports_.database.Query(
          "SELECT user_id, created_ms, seen_ms FROM auth_session WHERE token_sha256 = ?",
          sql::Args(hash)));
  if (rows.empty()) return std::nullopt;
  const Timestamp now = ports_.clock.Now();
  const Timestamp created = FromMillis(rows[0].Int(1)), seen = FromMillis(rows[0].Int(2));
  if (now - seen >= limits_.idle || now - created >= limits_.absolute) {
    RETURN_IF_ERROR(End(token));
    return std::nullopt;
  }
  if (now - seen >= kSeenStep) {
    RETURN_IF_ERROR(
        ports_.database.Execute("UPDATE auth_session SET seen_ms = ? WHERE token_sha256 = ?",
                                sql::Args(ToMillis(now), hash)));
  }
  return rows[0].Text(0);
}

Result<std::optional<Sessions::HandOver>> Sessions::HandedOver(std::string_view token) const {
  ASSIGN_OR_RETURN(const auto rows,
                   ports_.database.Query("SELECT service_id, created_ms FROM auth_session"
                                         " WHERE token_sha256 = ? AND service_id <> ''",
                                         sql::Args(Sha256(token).Hex())));
  if (rows.empty()) return std::nullopt;
  return HandOver{.service_id = rows[0].Text(0), .time = FromMillis(rows[0].Int(1))};
}

Status Sessions::End(std::string_view token) {
  RETURN_IF_ERROR(ports_.database.Execute("DELETE FROM auth_session WHERE token_sha256 = ?",
                                          sql::Args(Sha256(token).Hex())));
  return {};
}

Status Sessions::Sweep() {
  const Timestamp now = ports_.clock.Now();
  RETURN_IF_ERROR(ports_.database.Execute(
      "DELETE FROM auth_session WHERE seen_ms <= ? OR created_ms <= ?",
      sql::Args(ToMillis(now - limits_.idle), ToMillis(now - limits_.absolute))));
  return {};
}

std::string Sessions::CsrfToken(std::string_view token) {
  return ToBase64Url(HmacSha256(token, "valise csrf 1").bytes);
}

bool Sessions::CsrfMatches(std::string_view token, std::string_view given) {
  return ConstantTimeEqual(CsrfToken(token), given);
}

}  // namespace valise::auth
