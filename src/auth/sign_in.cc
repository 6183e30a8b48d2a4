#include "auth/sign_in.h"

#include <algorithm>

namespace valise::auth {
namespace {

// A name of any length must not become a key of any length.
std::string_view NameKey(std::string_view name) { return name.substr(0, kMaxName); }

}  // namespace

Result<SignIn::Done> SignIn::Enter(std::string_view name, const Secret<std::string>& password,
                                   std::string_view remote) {
  ASSIGN_OR_RETURN(User user, Check(name, password, remote));
  ASSIGN_OR_RETURN(std::string token, sessions_.Begin(user.id));
  return Done{.user = std::move(user), .token = std::move(token)};
}

Status SignIn::Confirm(const User& user, const Secret<std::string>& password,
                       std::string_view remote) {
  RETURN_IF_ERROR(Check(user.name, password, remote));
  return {};
}

int64_t SignIn::Wait(std::string_view name, std::string_view remote) const {
  const auto wait = std::max(by_name_.Wait(NameKey(name)), by_address_.Wait(remote));
  return std::chrono::ceil<std::chrono::seconds>(wait).count();
}

Result<User> SignIn::Check(std::string_view name, const Secret<std::string>& password,
                           std::string_view remote) {
  if (Wait(name, remote) > 0) {
    return Fail(ErrorCode::kRateLimited, "too many wrong passwords: wait, then try again");
  }
  auto user = users_.CheckPassword(name, password);
  if (user.has_value()) {
    by_name_.Succeeded(NameKey(name));
  } else if (user.error().code == ErrorCode::kUnauthenticated) {
    by_name_.Failed(NameKey(name));
    by_address_.Failed(remote);
  }
  return user;
}

}  // namespace valise::auth
