#include "auth/password.h"

#include <fmt/format.h>
#include <sodium.h>

namespace valise::auth {
namespace {

// Takes one of the slots for as long as it lives.
template <typename Semaphore>
class Slot {
 public:
  explicit Slot(Semaphore& slots) : slots_(slots) { slots_.acquire(); }
  ~Slot() { slots_.release(); }
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;

 private:
  Semaphore& slots_;
};

std::string HashText(std::string_view password, const PasswordCost& cost) {
  std::string out(crypto_pwhash_STRBYTES, '\0');
  if (crypto_pwhash_str_alg(out.data(), password.data(), password.size(), cost.operations,
                            cost.memory, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return {};
  }
  out.resize(out.find('\0'));
  return out;
}

}  // namespace

PasswordHasher::PasswordHasher(PasswordCost cost) : cost_(cost) {
  CHECK(sodium_init() >= 0);
  std::string nobody(32, '\0');
  randombytes_buf(nobody.data(), nobody.size());
  nobody_ = HashText(nobody, cost_);
}

Result<std::string> PasswordHasher::Hash(const Secret<std::string>& password) const {
  const std::string& text = password.Reveal();
  if (text.size() < kMinPassword || text.size() > kMaxPassword) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("a password needs {} to {} characters", kMinPassword, kMaxPassword));
  }
  const Slot slot(slots_);
  std::string hash = HashText(text, cost_);
  if (hash.empty()) return Fail(ErrorCode::kUnavailable, "no memory to hash a password");
  return hash;
}

bool PasswordHasher::Matches(const Secret<std::string>& password, std::string_view hash) const {
  const std::string& text = password.Reveal();
  if (text.size() > kMaxPassword) return false;
  const bool known = !hash.empty();
  const std::string against(known ? hash : std::string_view(nobody_));
  const Slot slot(slots_);
  return crypto_pwhash_str_verify(against.c_str(), text.data(), text.size()) == 0 && known;
}

}  // namespace valise::auth
