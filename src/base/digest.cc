#include "base/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <algorithm>

namespace valise {
namespace {

template <typename T>
Result<T> ParseFixed(std::string_view hex) {
  if (hex.size() != T::kSize * 2) {
    return Fail(ErrorCode::kInvalidArgument,
                "expected " + std::to_string(T::kSize * 2) + " hex digits");
  }
  ASSIGN_OR_RETURN(const std::string raw, FromHex(hex));
  T value;
  std::copy_n(AsBytes(raw).begin(), T::kSize, value.bytes.begin());
  return value;
}

}  // namespace

Result<Digest> Digest::Parse(std::string_view hex) { return ParseFixed<Digest>(hex); }
Result<Key> Key::Parse(std::string_view hex) { return ParseFixed<Key>(hex); }

Key Key::Of(std::string_view evidence) {
  Key key;
  crypto_generichash_blake2b(reinterpret_cast<unsigned char*>(key.bytes.data()), kSize,
                             reinterpret_cast<const unsigned char*>(evidence.data()),
                             evidence.size(), nullptr, 0);
  return key;
}

struct Hasher::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Hasher::Hasher() : state_(std::make_unique<State>()) {
  CHECK(EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) == 1);
}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::Update(Bytes bytes) {
  CHECK(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1);
}

Digest Hasher::Finish() {
  Digest digest;
  unsigned size = 0;
  CHECK(EVP_DigestFinal_ex(state_->context, reinterpret_cast<unsigned char*>(digest.bytes.data()),
                           &size) == 1);
  CHECK(size == Digest::kSize);
  // A null type keeps the algorithm that is set: cheaper than fetching it again.
  CHECK(EVP_DigestInit_ex(state_->context, nullptr, nullptr) == 1);
  return digest;
}

Digest Sha256(Bytes bytes) {
  thread_local Hasher hasher;
  hasher.Update(bytes);
  return hasher.Finish();
}

uint64_t Fingerprint(std::string_view text) { return LoadLe<uint64_t>(Key::Of(text).bytes.data()); }

Digest HmacSha256(std::string_view key, std::string_view message) {
  Digest digest;
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(message.data()), message.size(),
       reinterpret_cast<unsigned char*>(digest.bytes.data()), &size);
  CHECK(size == Digest::kSize);
  return digest;
}

bool ConstantTimeEqual(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace valise
