// Weaves new records into one document: matches, merges, gives keys, sorts, seals.
//
// The heart of an import. Thread safety: Weave() may run on several threads at once, each with its
// own task.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "library/absence.h"
#include "library/library.h"
#include "library/merge.h"
#include "library/perhaps_same.h"
#include "library/spool.h"
#include "library/streams.h"
#include "library/tombstones.h"

namespace valise::library {

struct WeaveCounts {
  uint64_t added = 0, merged = 0, already = 0;
  uint64_t absent = 0;  // not marked before, or new, and marked now
};

// The conversations of this import: what their messages name → the key in the library, hex.
using ConversationKeys = std::map<std::string, std::string, std::less<>>;

// What all tasks of an import share.
struct WeaveContext {
  Library& library;
  const Spool& spool;
  const ImportDates& dates;
  bool keeps_keys = false;
  // Records are what a service says: each has its key, and overrules what it finds.
  bool is_live = false;
  // Records are of an import that the library has: what is read now goes before what was read then.
  bool reads_again = false;
  const Tombstones* tombstones = nullptr;               // what comes and is forgotten is dropped
  const std::unordered_set<Digest>* orphans = nullptr;  // media of which Woven::shown tells
  const Absence* absence = nullptr;  // marks every record that is woven; none: marks stay
  // When the archive that is taken in told what it tells.
  Timestamp told = Timestamp::min();
};

// Records of one bucket in [from, until) of time: those in the library and those that came.
struct WeaveTask {
  const Bucket* bucket = nullptr;
  std::optional<DocumentRow> existing;  // the document that holds this span, when there is one
  int64_t from = INT64_MIN;             // ms
  int64_t until = INT64_MAX;            // ms, exclusive, INT64_MAX: no end
  std::span<const SpoolEntry> entries;  // in order
  // Keys that incoming records have for reasons of their own (bridged conversations): by place in
  // `entries`.
  std::map<size_t, Key> forced;
  const std::unordered_set<Key>* leaving = nullptr;  // records of the library that go, or none
};

struct Woven {
  std::vector<DocumentRow> rows;  // in order of time; names are given later
  WeaveCounts counts;
  std::vector<Digest> dropped;             // media that overruled records do not show any more
  std::vector<account::Record> forgotten;  // did not go in: as they came
  std::unordered_set<Digest> shown;        // of WeaveContext::orphans
  PerhapsSamePairs perhaps_same;           // not of live records
};

// Errors: kCorrupt (a document in the library), kUnavailable.
Result<Woven> Weave(const WeaveContext& context, const WeaveTask& task);

// Parts the entries of a bucket among its documents (in order), so that each task is of a bounded
// size.
std::vector<WeaveTask> PlanTasks(const Bucket& bucket, const std::vector<DocumentRow>& pieces,
                                 std::span<const SpoolEntry> entries);

}  // namespace valise::library
