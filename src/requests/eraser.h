// Eraser: forgetting as work that is finished whatever happens, and the sweep.
//
// What is to be forgotten is written at the desk first (table erasure), so that a server killed at
// any step goes on: requests that hold it are cancelled, the account is rewritten, requests asked
// in between are cancelled, disks are swept; then the row goes. Thread safety: every method from
// any thread. Durability: the desk's.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "jobs/queue.h"
#include "jobs/worker.h"
#include "library/erase.h"
#include "requests/requests.h"

namespace valise::requests {

class Eraser {
 public:
  static constexpr std::string_view kJob = "erase";

  struct Ports {
    sql::Database& database;
    jobs::Queue& queue;
    library::Accounts& accounts;
    Requests& requests;
    const Clock& clock;
    Random& random;
    // The one by which blobs have their times (BlobStore::PutAt): for files the machine's, whatever
    // time it is to `clock`.
    const Clock& blob_clock;
  };
  struct Options {
    fs::path data;
    // Before an account is rewritten: what waits to be sealed is. May be empty.
    std::function<Status(std::string_view account_id)> seal;
    // After the index was taken away: lets it be made again. May be empty.
    std::function<Status(std::string_view account_id)> reindex;
    // How long Forget() waits for an import or another change to end.
    std::chrono::milliseconds patience{5'000};
  };
  static Result<std::unique_ptr<Eraser>> Open(const Ports& ports, Options options);

  struct Done {
    std::string order;     // its id
    bool is_done = false;  // false: another change is running; the job does it after that
    library::EraseReport report;
    std::vector<std::string> cancelled;  // requests
  };
  // Keeps the order, then carries it out. What went or will go is in the report. Errors: kNotFound
  // (no such account), kInvalidArgument (the profile), kUnavailable: then the job goes on.
  Result<Done> Forget(std::string_view account_id, const library::ToForget& what);

  // Only keeps the order, for the job. The report says what will go. Errors: as Forget().
  Result<Done> Order(std::string_view account_id, const library::ToForget& what);
  // Whether an order is not carried out yet.
  Result<bool> Waits(std::string_view order) const;

  // What a change that is being sealed takes away (library::Live::SealOptions::on_erase): requests
  // that hold it are cancelled now, disks swept by a job once the change is over.
  Status OnErase(std::string_view account_id, const library::Erased& erased);

  // The work of the job; its subject is an order's id.
  jobs::Outcome Run(const jobs::Job& job);
  // At a start: who gave the orders that stand is gone, their jobs are due at once.
  Status ResumeAll();
  // Sweeps every account that nobody is changing.
  Status SweepAll();

 private:
  struct Row {
    std::string id;
    std::string account_id;
    library::ToForget what;
    library::Erased erased;
  };
  Eraser(const Ports& ports, Options options) : ports_(ports), options_(std::move(options)) {}
  Status Keep(const Row& order, Timestamp due);
  Result<Row> Look(std::string_view account_id, const library::ToForget& what,
                   library::EraseReport& report);
  Result<Row> Load(std::string_view id) const;
  Status CarryOut(const Row& order, std::vector<std::string>& cancelled);
  Status Drop(const Row& order);

  Ports ports_;
  Options options_;
};

}  // namespace valise::requests
