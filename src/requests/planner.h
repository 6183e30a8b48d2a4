// Port: a Planner knows an account's present snapshot, and makes the plan of a download of it.
//
// Thread safety: every method from any thread.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/file.h"
#include "base/result.h"
#include "base/time.h"
#include "bundle/bundle_format.h"
#include "bundle/selection.h"
#include "library/erase.h"
#include "library/library.h"

namespace valise::requests {

class Planner {
 public:
  virtual ~Planner() = default;

  // Before a snapshot is taken: what still waits to get into the account gets into it. Errors:
  // kConflict (an import or another change is running: ask later), kUnavailable.
  virtual Status Settle(std::string_view /*account_id*/) { return {}; }

  struct Snapshot {
    Digest head;
    Timestamp time{};
  };
  struct Wanted {
    bundle::Selection selection;
    std::string format;
  };
  // Errors: kNotFound (no such account, or nothing in it yet), kUnavailable.
  virtual Result<Snapshot> Current(std::string_view account_id) = 0;

  // What a request pins: a snapshot, or the plan that was made of it (empty: none yet).
  struct Held {
    Digest head;
    fs::path plan;
  };
  // For each whether it holds something of `erased`. A plan that is gone is judged by its snapshot;
  // what is gone altogether holds nothing. Errors: kCorrupt, kUnavailable.
  virtual Result<std::vector<bool>> Hold(std::string_view account_id, std::span<const Held> held,
                                         const library::Erased& erased) = 0;
  // Writes the plan to `path`, durable when this returns. The same arguments give the same plan.
  // Errors: kNotFound or kCorrupt (something of the snapshot is gone or damaged), kUnsupported (a
  // format that this server does not have), kUnavailable.
  virtual Result<bundle::PlanSummary> Plan(std::string_view account_id, const Digest& head,
                                           const Wanted& wanted, const fs::path& path) = 0;
};

// Plans what libraries hold, in one of the formats. All that is given must outlive it; `key` may be
// nullptr (unsigned).
class LibraryPlanner final : public Planner {
 public:
  // `settle` may be empty.
  LibraryPlanner(library::Accounts& accounts, fs::path data, bundle::Formats formats,
                 const bag::SigningKey* key,
                 std::function<Status(std::string_view account_id)> settle = {})
      : accounts_(accounts),
        data_(std::move(data)),
        formats_(formats),
        key_(key),
        settle_(std::move(settle)) {}

  Status Settle(std::string_view account_id) override {
    return settle_ ? settle_(account_id) : Status{};
  }

  Result<Snapshot> Current(std::string_view account_id) override;
  Result<std::vector<bool>> Hold(std::string_view account_id, std::span<const Held> held,
                                 const library::Erased& erased) override;
  Result<bundle::PlanSummary> Plan(std::string_view account_id, const Digest& head,
                                   const Wanted& wanted, const fs::path& path) override;

 private:
  library::Accounts& accounts_;
  fs::path data_;
  const bundle::Formats formats_;
  const bag::SigningKey* key_;
  const std::function<Status(std::string_view)> settle_;
};

}  // namespace valise::requests
