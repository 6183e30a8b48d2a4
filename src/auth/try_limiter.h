// Slows down whoever guesses passwords: after a few wrong tries under one key the next must wait,
// twice as long each time.
//
// Thread safety: every method from any thread. Durability: none; a restart forgets. Memory is
// bounded.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/time.h"

namespace valise::auth {

struct TryLimits {
  int free_tries = 5;
  std::chrono::milliseconds first_wait{std::chrono::seconds{10}};
  std::chrono::milliseconds longest_wait{std::chrono::minutes{15}};
  std::chrono::milliseconds forget_after{std::chrono::hours{1}};
  size_t max_keys = 10'000;
};

class TryLimiter {
 public:
  TryLimiter(const Clock& clock, TryLimits limits) : clock_(clock), limits_(limits) {}

  // How long `key` must wait before the next try; zero: go on.
  std::chrono::milliseconds Wait(std::string_view key) const;
  void Failed(std::string_view key);
  void Succeeded(std::string_view key);

 private:
  struct Tries {
    int failed = 0;
    Timestamp until{};
    Timestamp last{};
  };
  void MakeRoom(Timestamp now);

  const Clock& clock_;
  TryLimits limits_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Tries> tries_;
};

}  // namespace valise::auth
