#include "bag/algorithm.h"

#include <openssl/evp.h>

#include <algorithm>

namespace valise::bag {
namespace {

struct Known {
  Algorithm algorithm;
  const EVP_MD* (*make)();
};

constexpr Known kKnown[] = {
    {{"sha256", 64}, EVP_sha256}, {{"sha512", 128}, EVP_sha512}, {{"sha1", 40}, EVP_sha1},
    {{"md5", 32}, EVP_md5},       {{"sha224", 56}, EVP_sha224},  {{"sha384", 96}, EVP_sha384},
};

}  // namespace

const Algorithm* FindAlgorithm(std::string_view name) {
  for (const Known& known : kKnown) {
    if (known.algorithm.name == name) return &known.algorithm;
  }
  return nullptr;
}

struct MultiHasher::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

MultiHasher::MultiHasher(std::span<const Algorithm* const> algorithms) {
  for (const Algorithm* wanted : algorithms) {
    const auto* known =
        std::ranges::find(kKnown, wanted->name, [](const Known& k) { return k.algorithm.name; });
    CHECK(known != std::end(kKnown));
    states_.push_back(std::make_unique<State>());
    CHECK(EVP_DigestInit_ex(states_.back()->context, known->make(), nullptr) == 1);
  }
}
MultiHasher::~MultiHasher() = default;

void MultiHasher::Start(uint32_t wanted) {
  wanted_ = wanted;
  for (size_t i = 0; i < states_.size(); ++i) {
    // A null type keeps the algorithm that is set: cheaper than fetching it again.
    if ((wanted >> i & 1) != 0)
      CHECK(EVP_DigestInit_ex(states_[i]->context, nullptr, nullptr) == 1);
  }
}

void MultiHasher::Update(Bytes bytes) {
  for (size_t i = 0; i < states_.size(); ++i) {
    if ((wanted_ >> i & 1) != 0)
      CHECK(EVP_DigestUpdate(states_[i]->context, bytes.data(), bytes.size()) == 1);
  }
}

std::string MultiHasher::Hex(size_t i) {
  CHECK((wanted_ >> i & 1) != 0);
  std::byte digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  CHECK(EVP_DigestFinal_ex(states_[i]->context, reinterpret_cast<unsigned char*>(digest), &size) ==
        1);
  return ToHex(Bytes(digest).first(size));
}

}  // namespace valise::bag
