// Weaves new records into all the documents they touch, on all cores.
//
// Thread safety: belongs to one thread. Memory: the entries, and a document for each core.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <unordered_set>
#include <vector>

#include "library/commit.h"
#include "library/weave.h"

namespace valise::library {

using BucketEntries = std::map<Bucket, std::vector<SpoolEntry>>;

// Documents of a bucket that are woven though nothing comes: records of them go, or they are looked
// at again for what is absent now.
struct Leaving {
  std::unordered_set<Key> keys;
  std::unordered_set<Digest> documents;
};
using LeavingByBucket = std::map<Bucket, Leaving>;

struct BucketsWoven {
  std::array<WeaveCounts, account::kKindCount> counts{};
  std::unordered_set<Digest> dropped;  // as of Woven
  std::array<uint64_t, account::kKindCount> forgotten_counts{};
  std::vector<account::Record> forgotten;  // as of Woven
  std::unordered_set<Digest> shown;        // as of Woven
  PerhapsSamePairs perhaps_same;           // as of Woven
};

struct WeaveWork {
  const BucketEntries& entries;
  const std::map<size_t, Key>& forced;  // as of WeaveTask
  const LeavingByBucket& leaving;
  const std::function<void(uint64_t entries)>& done;  // told from several threads
};
// Replaces the rows of `documents` that change, and adds to `report`. Errors: kCorrupt,
// kUnavailable; `documents` is then unchanged.
Status WeaveBuckets(const WeaveContext& context, const WeaveWork& work, Documents& documents,
                    BucketsWoven& report);

}  // namespace valise::library
