#include "auth/try_limiter.h"

#include <algorithm>

namespace valise::auth {

std::chrono::milliseconds TryLimiter::Wait(std::string_view key) const {
  const std::lock_guard lock(mutex_);
  const auto found = tries_.find(std::string(key));
  if (found == tries_.end()) return {};
  return std::max(std::chrono::milliseconds{0}, found->second.until - clock_.Now());
}

void TryLimiter::Failed(std::string_view key) {
  const std::lock_guard lock(mutex_);
  const Timestamp now = clock_.Now();
  if (tries_.size() >= limits_.max_keys) MakeRoom(now);
  Tries& tries = tries_[std::string(key)];
  if (tries.failed > 0 && now - tries.last >= limits_.forget_after) tries = {};
  ++tries.failed;
  tries.last = now;
  if (tries.failed < limits_.free_tries) return;
  const int doublings = std::min(tries.failed - limits_.free_tries, 20);
  tries.until = now + std::min(limits_.first_wait * (1 << doublings), limits_.longest_wait);
}

void TryLimiter::Succeeded(std::string_view key) {
  const std::lock_guard lock(mutex_);
  tries_.erase(std::string(key));
}

void TryLimiter::MakeRoom(Timestamp now) {
  std::erase_if(tries_,
                [&](const auto& one) { return now - one.second.last >= limits_.forget_after; });
  // Still full: somebody sends invented names. Those that wait least are forgotten.
  if (tries_.size() >= limits_.max_keys) {
    std::erase_if(tries_, [&](const auto& one) { return one.second.until <= now; });
  }
  if (tries_.size() >= limits_.max_keys) tries_.clear();
}

}  // namespace valise::auth
