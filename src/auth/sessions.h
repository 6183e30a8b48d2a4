// Sessions on the server's side: the cookie holds 256 random bits, the desk only their SHA-256.
//
// Thread safety: every method from any thread. Durability: a session outlives the server.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "auth/users.h"

namespace valise::auth {

struct SessionLimits {
  std::chrono::hours idle{24 * 14};
  std::chrono::hours absolute{24 * 60};
};

class Sessions {
 public:
  // `ports` must outlive this; the tables are made by Users::Open.
  explicit Sessions(const Users::Ports& ports, SessionLimits limits = {})
      : ports_(ports), limits_(limits) {}

  // The token for the cookie: 43 characters. `service_id`: the service that handed the user over,
  // empty when the password was given.
  Result<std::string> Begin(std::string_view user_id, std::string_view service_id = {});
  // The user's id, or nullopt when the session has ended or never was.
  Result<std::optional<std::string>> Find(std::string_view token);
  struct HandOver {
    std::string service_id;
    Timestamp time{};
  };
  // Which service made this session by a hand-off, and when; nullopt for any other.
  Result<std::optional<HandOver>> HandedOver(std::string_view token) const;
  Status End(std::string_view token);
  // Deletes what has expired.
  Status Sweep();

  // What the pages of this session must send with every change: bound to the token, so that
  // nobody who cannot read our pages knows it.
  static std::string CsrfToken(std::string_view token);
  static bool CsrfMatches(std::string_view token, std::string_view given);

 private:
  Users::Ports ports_;
  SessionLimits limits_;
};

}  // namespace valise::auth
