// The hand-off token: what a service signs so that its member need not sign in again
// (docs/formats/hand-off.md).
//
// Thread safety: pure functions.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace valise::auth {

inline constexpr size_t kMaxHandOffToken = 4096;
inline constexpr size_t kMinTokenId = 16, kMaxTokenId = 128;
inline constexpr size_t kMaxNext = 1024;
inline constexpr std::chrono::seconds kHandOffLife{60};
inline constexpr std::chrono::seconds kHandOffSkew{30};

// What the token says. Nothing of it is true before Verify().
struct HandOffToken {
  std::string issuer;    // iss
  std::string subject;   // sub
  std::string audience;  // aud
  Timestamp issued{};    // iat
  Timestamp expires{};   // exp
  std::string id;        // jti
  std::string next;      // a path of this site, or empty

  std::string signed_part;  // header and claims as they were signed
  std::array<unsigned char, 64> signature{};

  // Errors: kInvalidArgument (says which part is not as it must be, never what stood there).
  static Result<HandOffToken> Parse(std::string_view token);
  // Is it signed with the private part of `public_key` (standard base64)? False too when that is
  // no key.
  bool Verify(std::string_view public_key) const;
  // Errors: kInvalidArgument (lives too long), kGone (over, or not begun).
  Status CheckTimes(Timestamp now) const;
};

// A path of this site, safe to be redirected to: "/…", but not "//…" or "/\…", no control
// character.
bool IsSafeNext(std::string_view next);

}  // namespace valise::auth
