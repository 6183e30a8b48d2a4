#include "web/confirm.h"

#include "auth/hand_off.h"
#include "base/log.h"
#include "web/respond.h"

namespace valise::web {
namespace {

using Answer = std::optional<http::Response>;

Answer Deny(std::string_view reason, std::string_view message) {
  return Refuse(Refusal{.code = ErrorCode::kPermissionDenied,
                        .message = std::string(message),
                        .reason = std::string(reason)});
}

Result<Answer> ByPassword(const Site& site, const Call& call, std::string password) {
  const Status confirmed =
      site.sign_in.Confirm(*call.user, Secret(std::move(password)), call.request.remote);
  if (confirmed.has_value()) return Answer{};
  Refusal refusal{.code = confirmed.error().code, .message = confirmed.error().message};
  if (refusal.code == ErrorCode::kUnauthenticated) {
    return Deny("wrong_password", "the password is wrong");
  }
  if (refusal.code == ErrorCode::kRateLimited) {
    refusal.retry_after_s = site.sign_in.Wait(call.user->name, call.request.remote);
  }
  return Answer(Refuse(refusal));
}

Result<Answer> ByToken(const Site& site, std::string_view token,
                       const library::AccountRow& account) {
  const auto accepted = site.hand_offs.Accept(token);
  if (!accepted.has_value() && accepted.error().code != ErrorCode::kUnauthenticated) {
    return std::unexpected(accepted.error());
  }
  if (accepted.has_value() && accepted->account.account_id == account.id) return Answer{};
  if (!accepted.has_value()) {
    log::Warn("event=hand_off_refused reason=\"{}\"", accepted.error().message);
  }
  return Deny("wrong_hand_off", "this hand-off does not confirm this account");
}

// The service that the account came from; nullopt for accounts of archives.
Result<std::optional<auth::Service>> ServiceOf(const Site& site,
                                               const library::AccountRow& account) {
  ASSIGN_OR_RETURN(auto origin, site.services.OriginOf(account.id));
  if (!origin) return std::nullopt;
  return std::move(origin->service);
}

}  // namespace

Result<Confirmation> HowToConfirm(const Site& site, const Call& call,
                                  const library::AccountRow& account) {
  Confirmation how;
  ASSIGN_OR_RETURN(how.service, ServiceOf(site, account));
  ASSIGN_OR_RETURN(const auto by, site.sessions.HandedOver(call.token));
  if (by && !how.service) {
    // Of no service: the one that brought its owner here may vouch for them, while it is
    // registered.
    auto service = site.services.Get(by->service_id);
    if (!service.has_value() && service.error().code != ErrorCode::kNotFound) {
      return std::unexpected(service.error());
    }
    if (service.has_value()) how.service = *std::move(service);
  }
  if (by && how.service && how.service->id == by->service_id) {
    const Timestamp until = by->time + auth::kHandOffConfirms;
    if (site.clock.Now() < until) how.until = until;
  }
  return how;
}

Result<Answer> Confirm(const Site& site, const Call& call, const JsonBody& body,
                       const library::AccountRow& account) {
  ASSIGN_OR_RETURN(auto password, body.OptionalString("password"));
  if (password) return ByPassword(site, call, std::move(*password));
  ASSIGN_OR_RETURN(const auto token, body.OptionalString("hand_off"));
  if (token) return ByToken(site, *token, account);
  ASSIGN_OR_RETURN(const Confirmation how, HowToConfirm(site, call, account));
  if (how.until) return Answer{};
  return Deny("confirm_first", "confirm who you are: with the password, or through the service");
}

}  // namespace valise::web
