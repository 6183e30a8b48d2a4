// A service for tests: it has a key and signs hand-off tokens, good ones and bad ones.
//
// Thread safety: test code.
#pragma once

#include <fmt/format.h>
#include <sodium.h>

#include <array>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

namespace valise::auth {

class TestService {
 public:
  TestService() {
    CHECK(sodium_init() >= 0);
    crypto_sign_keypair(public_.data(), secret_.data());
  }
  std::string public_key() const { return ToBase64(std::as_bytes(std::span(public_))); }
  // Any two texts, signed.
  std::string Sign(std::string_view header, std::string_view claims) const {
    std::string token = ToBase64Url(AsBytes(header)) + "." + ToBase64Url(AsBytes(claims));
    std::array<unsigned char, crypto_sign_BYTES> signature{};
    crypto_sign_detached(signature.data(), nullptr,
                         reinterpret_cast<const unsigned char*>(token.data()), token.size(),
                         secret_.data());
    return token + "." + ToBase64Url(std::as_bytes(std::span(signature)));
  }
  struct Claims {
    std::string iss = "host", sub = "x1", aud = "http://valise.test", jti = "0123456789abcdef";
    Timestamp iat{};
    int64_t life_s = 60;
    std::string next;
  };
  static std::string Text(const Claims& claims) {
    return fmt::format(R"({{"iss":"{}","sub":"{}","aud":"{}","iat":{},"exp":{},"jti":"{}"{}}})",
                       claims.iss, claims.sub, claims.aud, ToSeconds(claims.iat),
                       ToSeconds(claims.iat) + claims.life_s, claims.jti,
                       claims.next.empty() ? "" : fmt::format(R"(,"next":"{}")", claims.next));
  }
  std::string Token(const Claims& claims) const {
    return Sign(R"({"alg":"EdDSA","typ":"JWT"})", Text(claims));
  }

 private:
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> public_{};
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret_{};
};

}  // namespace valise::auth
