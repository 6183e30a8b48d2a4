// Passwords: hashed with Argon2id (RFC 9106), checked in the same time whether the user exists or
// not.
//
// Thread safety: from any thread; at most kAtOnce hashes are computed at a time, because each takes
// PasswordCost::memory bytes.
#pragma once

#include <semaphore>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace valise::auth {

struct PasswordCost {
  uint64_t operations = 2;           // libsodium's "interactive" limits
  size_t memory = 64 * 1024 * 1024;  // bytes
};

inline constexpr size_t kMinPassword = 8;
inline constexpr size_t kMaxPassword = 1024;

class PasswordHasher {
 public:
  explicit PasswordHasher(PasswordCost cost);

  // The text to keep (it holds salt and cost). Errors: kInvalidArgument (too short or too long),
  // kUnavailable (no memory).
  Result<std::string> Hash(const Secret<std::string>& password) const;
  // Is it the password of `hash`? An empty hash (no such user) takes as long and is never right.
  bool Matches(const Secret<std::string>& password, std::string_view hash) const;

 private:
  static constexpr std::ptrdiff_t kAtOnce = 2;
  PasswordCost cost_;
  std::string nobody_;  // hash of a password that nobody has
  mutable std::counting_semaphore<kAtOnce> slots_{kAtOnce};
};

}  // namespace valise::auth
