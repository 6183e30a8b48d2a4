// Signing in: password, limits on tries and a session in one.
//
// Thread safety: every method from any thread. Lifetime: users, sessions and the clock outlive it.
#pragma once

#include <optional>
#include <string>

#include "auth/sessions.h"
#include "auth/try_limiter.h"
#include "auth/users.h"

namespace valise::auth {

class SignIn {
 public:
  SignIn(Users& users, Sessions& sessions, const Clock& clock)
      : users_(users),
        sessions_(sessions),
        by_name_(clock, {}),
        by_address_(clock, {.free_tries = 20}) {}

  struct Done {
    User user;
    std::string token;
  };
  // `remote` is the address that tries. Errors: kUnauthenticated, kRateLimited (Wait() says how
  // long).
  Result<Done> Enter(std::string_view name, const Secret<std::string>& password,
                     std::string_view remote);
  // Asks a signed-in user for the password again. Errors: as Enter.
  Status Confirm(const User& user, const Secret<std::string>& password, std::string_view remote);
  // Seconds until the next try is looked at.
  int64_t Wait(std::string_view name, std::string_view remote) const;

 private:
  Result<User> Check(std::string_view name, const Secret<std::string>& password,
                     std::string_view remote);

  Users& users_;
  Sessions& sessions_;
  TryLimiter by_name_;
  TryLimiter by_address_;
};

}  // namespace valise::auth
