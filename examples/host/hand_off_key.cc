#include "hand_off_key.h"

#include <sodium.h>

#include <array>

#include "base/bytes.h"
#include "base/json_writer.h"

namespace valise::host {
namespace {

constexpr int64_t kLifeSeconds = 60;

struct KeyPair {
  std::array<unsigned char, crypto_sign_PUBLICKEYBYTES> open{};
  std::array<unsigned char, crypto_sign_SECRETKEYBYTES> secret{};
  explicit KeyPair(const std::string& seed) {
    crypto_sign_seed_keypair(open.data(), secret.data(),
                             reinterpret_cast<const unsigned char*>(seed.data()));
  }
  ~KeyPair() { sodium_memzero(secret.data(), secret.size()); }
  KeyPair(const KeyPair&) = delete;
  KeyPair& operator=(const KeyPair&) = delete;
};

}  // namespace

Result<HandOffKey> HandOffKey::LoadOrMake(const fs::path& path, Random& random) {
  auto text = ReadFile(path, 1024);
  if (!text.has_value() && text.error().code == ErrorCode::kNotFound) {
    text = random.HexToken(crypto_sign_SEEDBYTES);
    RETURN_IF_ERROR(WriteFileAtomically(path, *text + "\n"));
  }
  if (!text.has_value()) return std::unexpected(text.error());
  while (text->ends_with('\n')) text->pop_back();
  ASSIGN_OR_RETURN(std::string seed, FromHex(*text));
  if (seed.size() != crypto_sign_SEEDBYTES) {
    return Fail(ErrorCode::kCorrupt, "the hand-off key is not 32 bytes in hex");
  }
  return HandOffKey(Secret(std::move(seed)));
}

std::string HandOffKey::public_key() const {
  const KeyPair pair(seed_.Reveal());
  return ToBase64(std::as_bytes(std::span(pair.open)));
}

std::string HandOffKey::Token(const Claims& claims) const {
  JsonWriter json;
  json.BeginObject().Member("iss", claims.issuer).Member("sub", claims.subject);
  json.Member("aud", claims.audience).Member("iat", ToSeconds(claims.now));
  json.Member("exp", ToSeconds(claims.now) + kLifeSeconds).Member("jti", claims.id);
  json.Member("next", claims.next).EndObject();
  std::string token = ToBase64Url(AsBytes(R"({"alg":"EdDSA","typ":"JWT"})")) + "." +
                      ToBase64Url(AsBytes(json.text()));
  std::array<unsigned char, crypto_sign_BYTES> signature{};
  const KeyPair pair(seed_.Reveal());
  crypto_sign_detached(signature.data(), nullptr,
                       reinterpret_cast<const unsigned char*>(token.data()), token.size(),
                       pair.secret.data());
  return token + "." + ToBase64Url(std::as_bytes(std::span(signature)));
}

}  // namespace valise::host
