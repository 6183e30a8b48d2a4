// One archive taken in: recognised, every file stored with its fate, records merged, a new head.
//
// Thread safety: one call a thread; several accounts may be imported at once. Durability: what
// ImportRun promises.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "imports/listing.h"
#include "library/import_run.h"

namespace valise::imports {

struct Progress {
  enum class Phase : uint8_t { kFiles, kRecords, kSealing, kSyncing } phase{};
  uint64_t bytes = 0, total_bytes = 0;  // kFiles
  uint64_t items = 0, total_items = 0;  // files, then records
};
// Called from several threads, often; an error (kCancelled) stops the import.
using OnProgress = std::function<Status(const Progress&)>;

// What became of the files, for reports.
struct FileReport {
  account::OriginalFile file;
  std::string note;        // why, when it is not as wished
  std::string generation;  // of a data file: "instagram G3b"
};

struct ArchiveReport {
  std::string service;
  std::string generation;
  std::optional<Timestamp> date;
  std::string username;  // as the archive says, may be empty
  std::vector<FileReport> files;
  std::vector<account::Issue> issues;
  library::ImportReport import;
};

// Takes `opened` into `library`. Errors: kConflict (another process imports into this account),
// kUnavailable (disk full), kCancelled, kCorrupt (what the account has is damaged: says what to
// do). Whatever happens, what the library held before stands.
Result<ArchiveReport> ImportArchive(const OpenedArchive& opened, library::Library& library,
                                    const Clock& clock, const OnProgress& progress);

}  // namespace valise::imports
