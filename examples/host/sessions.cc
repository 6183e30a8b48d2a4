#include "sessions.h"

#include "base/digest.h"

namespace valise::host {
namespace {

constexpr std::chrono::days kLife{30};

}  // namespace

Result<std::string> Sessions::Begin(int64_t member) {
  std::string token = random_.Token(32);
  const int64_t now = ToMillis(clock_.Now());
  RETURN_IF_ERROR(database_.Execute("DELETE FROM session WHERE created_ms < ?",
                                    now - std::chrono::milliseconds(kLife).count()));
  RETURN_IF_ERROR(
      database_.Execute("INSERT INTO session VALUES (?, ?, ?)", Sha256(token).Hex(), member, now));
  return token;
}

Result<std::optional<int64_t>> Sessions::Find(std::string_view token) const {
  ASSIGN_OR_RETURN(const Rows rows,
                   database_.Query("SELECT member FROM session WHERE token_sha256 = ?"
                                   " AND created_ms >= ?",
                                   Sha256(token).Hex(), ToMillis(clock_.Now() - kLife)));
  if (rows.empty()) return std::nullopt;
  return rows[0].Int(0);
}

Status Sessions::End(std::string_view token) {
  RETURN_IF_ERROR(
      database_.Execute("DELETE FROM session WHERE token_sha256 = ?", Sha256(token).Hex()));
  return {};
}

std::string Sessions::CsrfOf(std::string_view token) {
  return ToBase64Url(HmacSha256(token, "host csrf").bytes);
}

}  // namespace valise::host
