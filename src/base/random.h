// Random bytes for secrets, as a port so that tests can fix them.
//
// Thread safety: every Random may be used from any thread.
#pragma once

#include <string>

#include "base/bytes.h"

namespace valise {

class Random {
 public:
  virtual ~Random() = default;
  virtual void Fill(MutableBytes out) = 0;

  // `bytes` random bytes as URL-safe base64 without padding (16 bytes = 128 bits = 22 characters).
  std::string Token(size_t bytes = 16);
  // The same as lower-case hex.
  std::string HexToken(size_t bytes);
};

// The kernel's generator (libsodium).
class SystemRandom final : public Random {
 public:
  void Fill(MutableBytes out) override;
};

}  // namespace valise
