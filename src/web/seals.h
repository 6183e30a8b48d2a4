// Seals: live records are sealed when their account has been quiet, every few minutes, and at once
// when a request asks.
//
// Thread safety: every method from any thread. Lifetime: the ports outlive it.
#pragma once

#include <chrono>
#include <functional>
#include <string_view>

#include "jobs/queue.h"
#include "jobs/worker.h"
#include "library/live.h"
#include "web/libraries.h"

namespace valise::web {

class Seals {
 public:
  // The subject of the job is the account.
  static constexpr std::string_view kJob = "seal";
  // After so long without a change, and after so long with changes all the time.
  static constexpr std::chrono::milliseconds kQuiet{2'000};
  static constexpr std::chrono::milliseconds kLongest{180'000};

  struct Ports {
    library::Lives& lives;
    Libraries& libraries;
    jobs::Queue& queue;
    const Clock& clock;
    // As Live::SealOptions::on_erase. May be empty.
    std::function<Status(std::string_view account_id, const library::Erased&)> on_erase;
  };
  explicit Seals(Ports ports) : ports_(std::move(ports)) {}

  // Asks for the job, after a change was appended.
  Status Ask(std::string_view account_id);
  // Asks for all that an earlier server left.
  Status AskForAll();
  // Seals what waits; the index follows. `wait`: for an import or another change of the account.
  // Errors: kConflict (it still runs), kNotFound (no such account), kCorrupt, kUnavailable.
  Status SealNow(std::string_view account_id, std::chrono::milliseconds wait);

  // The work of the job.
  jobs::Outcome Run(const jobs::Job& job);

 private:
  Ports ports_;
};

}  // namespace valise::web
