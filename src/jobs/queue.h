// Queue: work that must be done even if the server dies, kept at the desk (table job;
// docs/formats/desk.md).
//
// A job is taken with a lease; who loses the lease may not finish it any more. Work is therefore
// done at least once and must be idempotent. Thread safety: every method from any thread.
// Durability: the desk's.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "sql/database.h"

namespace valise::jobs {

struct NewJob {
  std::string kind;     // "request", "mail"
  std::string subject;  // what it is about: an id
  Timestamp due{};      // not before
};

struct Job {
  std::string kind;
  std::string subject;
  int attempt = 1;    // this one is the attempt-th
  std::string lease;  // proves that it is ours
  Timestamp created{};
};

// How long to wait before attempt n+1: 5 s, 10 s, 20 s … at most one hour.
std::chrono::milliseconds Backoff(int attempts);

class Queue {
 public:
  struct Ports {
    sql::Database& database;
    const Clock& clock;
    Random& random;
  };
  // Brings the table up to date. The ports must outlive this.
  static Result<std::unique_ptr<Queue>> Open(const Ports& ports);

  // One job for each (kind, subject): putting it again changes nothing, except that a job which
  // waits becomes due earlier if that is asked for, and one that runs is run once more. May be
  // called inside a transaction; then Wake() afterwards.
  Status Put(const NewJob& job);
  // Takes away a job that nobody works on; one that runs is finished as it is.
  Status Remove(std::string_view kind, std::string_view subject);

  // The job that is due longest, of one of `kinds` if there are any, or nullopt.
  Result<std::optional<Job>> Take(std::chrono::milliseconds lease,
                                  std::span<const std::string> kinds = {});
  // The lease lasts `lease` from now. Errors: kConflict (it was lost).
  Status Extend(const Job& job, std::chrono::milliseconds lease);
  // Errors: kConflict (the lease was lost: somebody else does it).
  Status Done(const Job& job);
  Status Retry(const Job& job, Timestamp due, std::string_view error);

  // Gives back every lease: at the start of the only server of this desk, so that work cut by a
  // crash goes on at once.
  Status ReleaseAll();
  // When the next job that nobody works on becomes due.
  Result<std::optional<Timestamp>> NextDue() const;

  // Lets a waiting worker look again now.
  void Wake();
  // Waits, at most `limit`, until there were more than `seen` wakes; returns how many there were.
  uint64_t Wait(uint64_t seen, std::chrono::milliseconds limit);

 private:
  explicit Queue(const Ports& ports) : ports_(ports) {}

  Ports ports_;
  std::mutex mutex_;
  std::condition_variable changed_;
  uint64_t wakes_ = 0;
};

}  // namespace valise::jobs
