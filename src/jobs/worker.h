// Worker: takes jobs of the kinds that it knows and runs their work. Other kinds are left to other
// workers, or to a newer Valise.
//
// Thread safety: Start() and Stop() from one thread; RunDue() from any. Lifetime: the queue and all
// that the works use outlive it.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "jobs/queue.h"

namespace valise::jobs {

// What a work says when it returns.
struct Outcome {
  enum class Next : uint8_t { kDone, kRetry, kLater } next = Next::kDone;
  Timestamp due{};    // of kLater: not an error, only not yet
  std::string error;  // of kRetry; nothing personal in it
};

class Worker {
 public:
  using Work = std::function<Outcome(const Job&)>;
  struct Options {
    unsigned threads = 2;
    std::chrono::milliseconds lease{300'000};
    std::chrono::milliseconds look_every{1'000};  // how late a due time may be noticed
    int nice = 0;  // its threads, and those they start, give way to others (nice(2))
  };

  Worker(Queue& queue, const Clock& clock, std::map<std::string, Work, std::less<>> works,
         Options options);
  ~Worker();

  void Start();
  // Waits for what runs.
  void Stop();
  // Runs everything that is due now, on the calling thread; returns how many.
  Result<size_t> RunDue();

 private:
  Result<bool> RunOne();
  void Loop();

  Queue& queue_;
  const Clock& clock_;
  std::map<std::string, Work, std::less<>> works_;
  std::vector<std::string> kinds_;
  Options options_;
  std::atomic<bool> stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace valise::jobs
