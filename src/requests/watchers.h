// Watchers: who wants to hear when a request changes (live pages).
//
// Thread safety: every method from any thread. A callback may still run while it is being removed.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace valise::requests {

class Watchers {
 public:
  using Call = std::function<void()>;

  uint64_t Add(std::string_view request_id, Call call) {
    const std::lock_guard lock(mutex_);
    calls_.emplace(std::string(request_id), std::pair(++last_, std::move(call)));
    return last_;
  }
  void Remove(uint64_t id) {
    const std::lock_guard lock(mutex_);
    std::erase_if(calls_, [id](const auto& one) { return one.second.first == id; });
  }
  void Tell(std::string_view request_id) const {
    std::vector<Call> calls;
    {
      const std::lock_guard lock(mutex_);
      const auto [begin, end] = calls_.equal_range(request_id);
      for (auto at = begin; at != end; ++at) calls.push_back(at->second.second);
    }
    for (const Call& call : calls) call();
  }

 private:
  mutable std::mutex mutex_;
  uint64_t last_ = 0;
  std::multimap<std::string, std::pair<uint64_t, Call>, std::less<>> calls_;
};

}  // namespace valise::requests
