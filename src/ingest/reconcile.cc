#include "ingest/reconcile.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <unordered_set>

#include "ingest/member_accounts.h"
#include "library/live.h"

namespace valise::ingest {
namespace {

// How a medium whose blob is not here is kept (docs/formats/live-journal.md).
constexpr std::string_view kWaiting = "sha256/";

using Months = std::map<std::string, std::vector<std::string>, std::less<>>;

std::string MonthOf(const account::Record& record) {
  const auto time = account::TimeOf(record);
  if (!time) return {};
  const CivilTime civil = ToCivil(*time);
  return fmt::format("{:04}-{:02}", civil.year, civil.month);
}

// There is one profile, and it keeps every id that it was put by: the last is the service's. False
// when that has put none yet.
bool SetProfileId(const account::Record& profile, library::LiveMark& mark) {
  for (const std::string& evidence : account::CommonOf(profile).evidence) {
    if (evidence.starts_with("id:")) mark.id = std::string_view(evidence).substr(3);
  }
  return mark.id != MemberAccounts::kBegunProfile;
}

MonthSum SumOf(const std::string& month, std::vector<std::string>& lines) {
  std::ranges::sort(lines);
  Hasher hasher;
  for (const std::string& line : lines) hasher.Update(AsBytes(line));
  return {.month = month, .count = lines.size(), .digest = hasher.Finish()};
}

}  // namespace

Result<Reconciliation> Reconcile(const library::Library& library) {
  Reconciliation sums;
  ASSIGN_OR_RETURN(const auto snapshot, library.Current());
  if (!snapshot) return sums;
  sums.as_of = snapshot->head.time;
  std::array<Months, account::kKindCount> kinds;
  std::unordered_set<std::string> missing;
  for (const library::DocumentRow& row : snapshot->head.documents) {
    ASSIGN_OR_RETURN(const auto records, library.ReadRecords(row));
    for (const account::Record& record : records) {
      auto mark = library::LiveMarkOf(record);
      if (!mark) continue;
      if (row.kind == account::Kind::kProfile && !SetProfileId(record, *mark)) continue;
      kinds[static_cast<size_t>(row.kind)][MonthOf(record)].push_back(
          fmt::format("{} {}\n", mark->id, mark->version));
      for (const account::MediaItem* item : account::MediaOf(record)) {
        if (!item->digest && item->path.starts_with(kWaiting)) {
          missing.insert(item->path.substr(0, kWaiting.size() + 2 * Digest::kSize));
        }
      }
    }
  }
  for (size_t kind = 0; kind < kinds.size(); ++kind) {
    if (kinds[kind].empty()) continue;
    KindSum& sum = sums.kinds.emplace_back();
    sum.kind = static_cast<account::Kind>(kind);
    for (auto& [month, lines] : kinds[kind]) sum.months.push_back(SumOf(month, lines));
  }
  sums.missing_blobs = missing.size();
  return sums;
}

}  // namespace valise::ingest
