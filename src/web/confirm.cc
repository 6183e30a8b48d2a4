#include "web/confirm.h"

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

}  // namespace

Result<Answer> Confirm(const Site& site, const Call& call, const JsonBody& body,
                       const library::AccountRow&) {
  ASSIGN_OR_RETURN(auto password, body.OptionalString("password"));
  if (password) return ByPassword(site, call, std::move(*password));
  return Deny("confirm_first", "confirm who you are: with the password");
}

}  // namespace valise::web
