// HandOffs: accepts what services sign so that their members need not sign in again
// (docs/formats/hand-off.md; table hand_off_used).
//
// Thread safety: every method from any thread. Durability: as the desk's; a token that was used is
// used after a restart, too. Lifetime: ports and services outlive this.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "auth/services.h"

namespace valise::auth {

// How long a session made by a hand-off also stands for the password.
inline constexpr std::chrono::minutes kHandOffConfirms{5};

class HandOffs {
 public:
  // `audience` is the public address of this server, without a slash at the end.
  static Result<std::unique_ptr<HandOffs>> Open(const Users::Ports& ports, const Services& services,
                                                std::string audience);

  struct Accepted {
    Service service;
    ServiceAccount account;
    std::string next;  // a path of this site, or empty
  };
  // Checks the token and uses it up. Errors: kUnauthenticated (the message says for the log which
  // check failed; people are told one thing only), kUnavailable.
  Result<Accepted> Accept(std::string_view token);
  // Forgets used tokens that have ended anyway.
  Status Sweep();

 private:
  HandOffs(const Users::Ports& ports, const Services& services, std::string audience)
      : ports_(ports), services_(services), audience_(std::move(audience)) {}

  Users::Ports ports_;
  const Services& services_;
  std::string audience_;
};

}  // namespace valise::auth
