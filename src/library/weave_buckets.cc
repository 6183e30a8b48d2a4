#include "library/weave_buckets.h"

#include <algorithm>

#include "base/parallel.h"

namespace valise::library {
namespace {

struct Planned {
  const Bucket* bucket = nullptr;
  WeaveTask task;
  Woven woven;
};

const std::vector<DocumentRow>& PiecesOf(const Documents& documents, const Bucket& bucket) {
  static const std::vector<DocumentRow> kNone;
  const auto found = documents.find(bucket);
  return found == documents.end() ? kNone : found->second;
}

// Documents for which nothing comes.
void PlanLeaving(const Documents& documents, const LeavingByBucket& leaving,
                 std::vector<Planned>& plan) {
  std::unordered_set<Digest> planned;
  for (Planned& one : plan) {
    if (const auto found = leaving.find(*one.bucket); found != leaving.end()) {
      one.task.leaving = &found->second.keys;
    }
    if (one.task.existing) planned.insert(one.task.existing->digest);
  }
  for (const auto& [bucket, of_bucket] : leaving) {
    for (const DocumentRow& row : PiecesOf(documents, bucket)) {
      if (!of_bucket.documents.contains(row.digest) || planned.contains(row.digest)) continue;
      WeaveTask task;
      task.bucket = &bucket;
      task.existing = row;
      task.leaving = &of_bucket.keys;
      plan.push_back({&bucket, std::move(task), {}});
    }
  }
}

}  // namespace

Status WeaveBuckets(const WeaveContext& context, const WeaveWork& work, Documents& documents,
                    BucketsWoven& report) {
  std::vector<Planned> plan;
  for (const auto& [bucket, of_bucket] : work.entries) {
    for (WeaveTask& task : PlanTasks(bucket, PiecesOf(documents, bucket), of_bucket)) {
      task.forced = work.forced;
      plan.push_back({&bucket, std::move(task), {}});
    }
  }
  PlanLeaving(documents, work.leaving, plan);
  RETURN_IF_ERROR(ParallelFor(CoreCount(), plan.size(), [&](size_t, size_t i) -> Status {
    ASSIGN_OR_RETURN(plan[i].woven, Weave(context, plan[i].task));
    if (work.done) work.done(plan[i].task.entries.size());
    return {};
  }));
  for (const Planned& planned : plan) {
    if (const auto& existing = planned.task.existing) {
      // What was woven in an earlier wave has no name yet.
      std::erase_if(documents[*planned.bucket],
                    [&](const DocumentRow& row) { return row.digest == existing->digest; });
    }
  }
  for (Planned& planned : plan) {
    std::vector<DocumentRow>& pieces = documents[*planned.bucket];
    std::ranges::move(planned.woven.rows, std::back_inserter(pieces));
    SortPieces(pieces);
    WeaveCounts& counts = report.counts[static_cast<size_t>(planned.bucket->kind)];
    counts.added += planned.woven.counts.added;
    counts.merged += planned.woven.counts.merged;
    counts.already += planned.woven.counts.already;
    counts.absent += planned.woven.counts.absent;
    report.forgotten_counts[static_cast<size_t>(planned.bucket->kind)] +=
        planned.woven.forgotten.size();
    std::ranges::move(planned.woven.forgotten, std::back_inserter(report.forgotten));
    report.shown.merge(planned.woven.shown);
    report.perhaps_same.Append(planned.woven.perhaps_same);
    report.dropped.insert(planned.woven.dropped.begin(), planned.woven.dropped.end());
  }
  std::erase_if(documents, [](const auto& entry) { return entry.second.empty(); });
  return {};
}

}  // namespace valise::library
