#include "auth/hand_off.h"

#include "auth/hand_off_token.h"
#include "base/digest.h"

namespace valise::auth {
namespace {

constexpr sql::Migration kMigrations[] = {
    {1,
     "CREATE TABLE hand_off_used (service_id TEXT NOT NULL, token_sha256 TEXT NOT NULL,"
     " ends_ms BIGINT NOT NULL, PRIMARY KEY (service_id, token_sha256));"
     "CREATE INDEX hand_off_used_ends ON hand_off_used (ends_ms);"},
};

std::unexpected<Error> Refused(std::string_view why) {
  return Fail(ErrorCode::kUnauthenticated, std::string(why));
}

}  // namespace

Result<std::unique_ptr<HandOffs>> HandOffs::Open(const Users::Ports& ports,
                                                 const Services& services, std::string audience) {
  RETURN_IF_ERROR(ports.database.Migrate("hand_off", kMigrations));
  return std::unique_ptr<HandOffs>(new HandOffs(ports, services, std::move(audience)));
}

Result<HandOffs::Accepted> HandOffs::Accept(std::string_view text) {
  const auto token = HandOffToken::Parse(text);
  if (!token.has_value()) return Refused(token.error().message);
  auto service = services_.FindByName(token->issuer);
  if (!service.has_value()) {
    if (service.error().code != ErrorCode::kNotFound) return std::unexpected(service.error());
    return Refused("hand-off: unknown service");
  }
  if (!token->Verify(service->public_key)) return Refused("hand-off: wrong signature");
  if (token->audience != audience_) return Refused("hand-off: for another server");
  if (const Status times = token->CheckTimes(ports_.clock.Now()); !times.has_value()) {
    return Refused(times.error().message);
  }
  ASSIGN_OR_RETURN(auto account, services_.FindAccount(service->id, token->subject));
  if (!account) return Refused("hand-off: unknown account");
  // Last, and in one statement: of two that come at once, one is first.
  const auto used = ports_.database.Execute(
      "INSERT INTO hand_off_used (service_id, token_sha256, ends_ms) VALUES (?, ?, ?)",
      sql::Args(service->id, Sha256(token->id).Hex(), ToMillis(token->expires + kHandOffSkew)));
  if (!used.has_value()) {
    if (used.error().code != ErrorCode::kAlreadyExists) return std::unexpected(used.error());
    return Refused("hand-off: used before");
  }
  return Accepted{
      .service = *std::move(service), .account = *std::move(account), .next = token->next};
}

Status HandOffs::Sweep() {
  RETURN_IF_ERROR(ports_.database.Execute("DELETE FROM hand_off_used WHERE ends_ms <= ?",
                                          sql::Args(ToMillis(ports_.clock.Now()))));
  return {};
}

}  // namespace valise::auth
