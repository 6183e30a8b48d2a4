// Rewrites: a new head with some records put, replaced or taken out; the way to one outside
// imports.
//
// Only documents that change are sealed again. Thread safety: one change of an account at a time
// (the library's lock); Apply() may be called from any thread. Durability: when Apply() returns the
// new head and all it names are durable.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "account/records.h"
#include "library/library.h"

namespace valise::library {

struct Rewrite {
  // Each with its key: replaces the record of that key wholly (its evidence and provenance stay and
  // are united with what is given here), or is new. A message's conversation is a key's hex.
  std::vector<account::Record> put;
  std::vector<Key> remove;
  // May change the head before it is committed (tombstones, originals); records, names and counts
  // are right already.
  std::function<Status(Head&)> finish;
};

struct RewriteReport {
  uint64_t added = 0, changed = 0, unchanged = 0, removed = 0;
  std::optional<Digest> head;  // the new one; none: nothing changed
};

// Media that no record shows any more leave the media lists; their blobs stay until they are swept.
// Errors: kConflict (an import or another change is running), kInvalidArgument (a message of a
// conversation that is not here), kCorrupt, kUnavailable.
Result<RewriteReport> Apply(Library& library, const Rewrite& rewrite, const Clock& clock);

}  // namespace valise::library
