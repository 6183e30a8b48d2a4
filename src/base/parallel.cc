#include "base/parallel.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace valise {

size_t CoreCount() { return std::max(1u, std::thread::hardware_concurrency()); }

Status ParallelFor(size_t workers, size_t count,
                   const std::function<Status(size_t worker, size_t index)>& work) {
  std::atomic<size_t> next = 0;
  std::atomic<bool> stop = false;
  std::mutex mutex;
  std::optional<Error> first;
  const auto run = [&](size_t worker) {
    for (size_t index = next++; index < count && !stop; index = next++) {
      if (Status status = work(worker, index); !status.has_value()) {
        const std::lock_guard lock(mutex);
        if (!first) first = std::move(status).error();
        stop = true;
      }
    }
  };
  const size_t threads = std::min(std::max<size_t>(workers, 1), std::max<size_t>(count, 1));
  std::vector<std::jthread> others;
  others.reserve(threads - 1);
  for (size_t worker = 1; worker < threads; ++worker) others.emplace_back(run, worker);
  run(0);
  others.clear();  // joins
  if (first) return std::unexpected(*std::move(first));
  return {};
}

}  // namespace valise
