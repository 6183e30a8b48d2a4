// Finds in the documents of a head what a batch of live frames is about.
//
// Internal to the room. Thread safety: belongs to one thread; it reads on all cores.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "library/commit.h"
#include "library/live_batch.h"

namespace valise::library {

struct LiveFound {
  // Puts of records that stand elsewhere than their time or group says: by name. They have to
  // leave there.
  struct Moved {
    account::Record record;
    Bucket bucket;
    Digest document;
  };
  std::unordered_map<uint64_t, Moved> moved;
  // Records that deletes are about, and the documents that hold them.
  std::vector<Key> deleted;
  std::vector<Key> conversations;
  std::unordered_set<Digest> documents;
  // Records that wait for one of the batch's blobs and are not put: as they are.
  struct Waiting {
    account::Record record;
    Bucket bucket;
  };
  std::vector<Waiting> waiting;
};

// Reads only documents of kinds, of messages only those of conversations, that the batch is about.
// Errors: kCorrupt, kUnavailable.
Result<LiveFound> FindLive(const Library& library, const Documents& documents,
                           const LiveBatch& batch);

}  // namespace valise::library
