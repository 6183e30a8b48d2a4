// Imports: archives that people brought, taken in one after the other: checked, asked about when
// they are somebody else's, imported, reported.
//
// Every state is written at the desk before the next begins, so that a server killed at any instant
// goes on where it was. Thread safety: every method from any thread. Durability: the desk's, and
// what an import promises (imports/import_archive.h).
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "bring/archive_import.h"
#include "bring/import_table.h"
#include "bring/uploads.h"
#include "bring/whose.h"
#include "imports/import_archive.h"
#include "jobs/worker.h"
#include "services/source.h"

namespace valise::bring {

// How far one import is, now. Lives in memory only.
struct ImportProgress {
  std::string_view phase;  // "storing" (bytes), "reading", "sealing", "syncing"; empty: none
  uint64_t done = 0, total = 0;
  bool operator==(const ImportProgress&) const = default;
};

class Imports {
 public:
  static constexpr std::string_view kJob = "import";
  static constexpr size_t kMaxParts = 100;
  static constexpr int kMaxAttempts = 5;  // when the disk or the desk does not answer

  struct Ports {
    sql::Database& database;
    jobs::Queue& queue;
    Uploads& uploads;
    library::Accounts& accounts;
    std::span<const services::Source* const> sources;
    const Clock& clock;
    Random& random;
    std::function<Result<std::shared_ptr<library::Library>>(std::string_view)> open_library;
    // Told, from any thread, of an import that changed, and of an account that has a new head.
    std::function<void(std::string_view import_id)> changed;
    std::function<void(std::string_view account_id)> new_head;
  };
  static Result<std::unique_ptr<Imports>> Open(Ports ports);

  // The uploads are the parts of one archive. Errors: kInvalidArgument (none, too many), kConflict
  // (not complete, or taken), kNotFound, kGone.
  Result<ArchiveImport> Ask(const library::AccountRow& account, std::string_view user_id,
                            std::vector<std::string> uploads);
  Result<ArchiveImport> Get(std::string_view id) const;  // Errors: kNotFound
  Result<std::vector<ArchiveImport>> OfAccount(std::string_view account_id) const;
  ImportProgress ProgressOf(std::string_view id) const;
  // Errors: kNotFound, kConflict (there is nothing to decide, or any more).
  Status Decide(std::string_view id, Decision decision);
  // Stops it; what was taken in before stands. Cancelling what has ended is fine. Errors:
  // kNotFound.
  Status Cancel(std::string_view id);
  // Cancels all imports of an account that is erased and deletes what is known of them, uploads
  // included. Again: no error.
  Status EraseAccount(std::string_view account_id);

  // The work of the job.
  jobs::Outcome Work(const jobs::Job& job);
  // Makes a running import stop soon; it goes on when the server starts again.
  void Stop() { stopping_ = true; }

 private:
  explicit Imports(Ports ports) : ports_(std::move(ports)), table_(ports_.database) {}
  Status Run(ArchiveImport& one, const jobs::Job& job);
  Status Check(ArchiveImport& one);
  Status TakeIn(ArchiveImport& one, const jobs::Job& job);
  Status GiveUp(ArchiveImport& one, const Error& error);
  Status SetState(ArchiveImport& one, ImportState state);
  Status EndUploads(const ArchiveImport& one);
  Status NameAccount(const ArchiveImport& one, const library::Library& library);
  Status Tell(const ArchiveImport& one, const jobs::Job& job, const imports::Progress& progress);
  Result<std::string> SecondAccount(const ArchiveImport& one);
  Result<imports::OpenedArchive> OpenParts(const ArchiveImport& one) const;

  struct Live {
    ImportProgress progress;
    std::chrono::steady_clock::time_point told{}, leased{};
  };

  Ports ports_;
  ImportTable table_;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;  // guards live_
  std::map<std::string, Live, std::less<>> live_;
};

}  // namespace valise::bring
