// Parts the entries of a bucket into tasks of bounded size.
#include <algorithm>

#include "library/document.h"
#include "library/weave.h"

namespace valise::library {
namespace {

// Does the task's span hold anything of the document?
bool Touches(const DocumentRow& row, int64_t from, int64_t until) {
  if (!row.first) return true;
  const bool may_be_undated = row.kind == account::Kind::kConnection && from == INT64_MIN;
  return may_be_undated ||
         (ToMillis(*row.last) >= from && (until == INT64_MAX || ToMillis(*row.first) < until));
}

// Cuts entries where about a document's worth has come and the time changes; calls cut(begin, end).
template <typename Cut>
void CutByBytes(std::span<const SpoolEntry> entries, Cut cut) {
  size_t begin = 0;
  uint64_t bytes = TextBuilder::kEmpty;
  for (size_t i = 0; i < entries.size();) {
    size_t end = i;
    uint64_t same = 0;
    for (; end < entries.size() && entries[end].time == entries[i].time; ++end) {
      same += entries[end].length + kKeyExtra + TextBuilder::kLineExtra;
    }
    if (i > begin && bytes + same > kDocumentLimit) {
      cut(begin, i);
      begin = i;
      bytes = TextBuilder::kEmpty;
    }
    bytes += same;
    i = end;
  }
  cut(begin, entries.size());
}

}  // namespace

std::vector<WeaveTask> PlanTasks(const Bucket& bucket, const std::vector<DocumentRow>& pieces,
                                 std::span<const SpoolEntry> entries) {
  std::vector<WeaveTask> tasks;
  size_t begin = 0;
  for (size_t piece = 0; piece < std::max<size_t>(pieces.size(), 1); ++piece) {
    // This document's share ends where the next one begins.
    size_t end = entries.size();
    if (piece + 1 < pieces.size()) {
      const auto& first = pieces[piece + 1].first;
      const int64_t next = first ? ToMillis(*first) : SpoolEntry::kNoTime;
      end = begin;
      while (end < entries.size() && entries[end].time < next) ++end;
    }
    if (begin == end) continue;
    const std::span<const SpoolEntry> share = entries.subspan(begin, end - begin);
    const size_t first_task = tasks.size();
    CutByBytes(share, [&](size_t from, size_t to) {
      WeaveTask& task = tasks.emplace_back();
      task.bucket = &bucket;
      task.entries = share.subspan(from, to - from);
      task.from = from == 0 ? INT64_MIN : share[from].time;
      task.until = to == share.size() ? INT64_MAX : share[to].time;
    });
    // The document goes to every task that its span meets; each takes the lines of its own span.
    for (size_t i = first_task; i < tasks.size() && !pieces.empty(); ++i) {
      if (Touches(pieces[piece], tasks[i].from, tasks[i].until)) tasks[i].existing = pieces[piece];
    }
    begin = end;
  }
  return tasks;
}

}  // namespace valise::library
