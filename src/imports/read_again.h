// Reads the received files of imports again, by today's readers, and takes what they understand
// into the account.
//
// What only live records, edits or forgetting made stays as it is; nothing is deleted. Thread
// safety: one call an account. Durability: each import that changes something makes a head of its
// own, durable when the next one begins; stopped anywhere, the same call begins anew and gives the
// same.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "imports/import_archive.h"

namespace valise::imports {

// A data file, then and now.
struct FileAgain {
  std::string path;
  account::Fate fate_before{}, fate{};
  account::FileCounts before, now;
  bool changed() const {
    return fate_before != fate || before.seen != now.seen || before.understood != now.understood;
  }
};

struct ImportAgain {
  account::ImportInfo info;  // as it was
  std::string generation;    // as its archive is called today
  std::string skipped;       // why it was not read; else empty
  std::vector<FileAgain> files;
  uint64_t gone = 0;  // data files whose bytes are not kept (they came in a bundle without them)
  library::ImportReport import;
  std::vector<account::Issue> issues;
  bool changed = false;  // it made a new head
};

struct AgainReport {
  std::vector<ImportAgain> imports;  // by the date of their archives
  library::LostTexts lost;           // documents and lists that were damaged or gone: made again
  uint64_t records_before = 0, records_now = 0;  // without those of lost documents; with them
  uint64_t records_lost = 0;  // that could be read before and are not here now: none, ever
};

// Errors: kConflict (an import is running), kCorrupt (the head), kUnavailable, kCancelled.
Result<AgainReport> ReadAgain(std::span<const services::Source* const> sources,
                              library::Library& library, const Clock& clock,
                              const OnProgress& progress);

}  // namespace valise::imports
