#include "base/random.h"

#include <sodium.h>

namespace valise {

std::string Random::Token(size_t bytes) {
  std::string raw(bytes, '\0');
  Fill(std::as_writable_bytes(std::span(raw)));
  return ToBase64Url(AsBytes(raw));
}

std::string Random::HexToken(size_t bytes) {
  std::string raw(bytes, '\0');
  Fill(std::as_writable_bytes(std::span(raw)));
  return ToHex(AsBytes(raw));
}

void SystemRandom::Fill(MutableBytes out) { randombytes_buf(out.data(), out.size()); }

}  // namespace valise
