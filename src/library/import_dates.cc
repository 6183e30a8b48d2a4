// How new what an import says is, and what edits and live statements are called in a provenance.
#include <algorithm>

#include "library/merge.h"

namespace valise::library {
namespace {

constexpr std::string_view kEdit = "edit:";
constexpr std::string_view kLive = "live:";

}  // namespace

void ImportDates::Add(const account::ImportInfo& info) {
  times_[info.id] = info.date.value_or(info.time);
  if (info.coarse_times) coarse_.insert(info.id);
}

bool ImportDates::IsCoarse(const account::Record& record) const {
  const auto& provenance = account::CommonOf(record).provenance;
  return !provenance.empty() && std::ranges::all_of(provenance, [&](const auto& from) {
    return coarse_.contains(from.import);
  });
}

ImportDates::Date ImportDates::Of(std::string_view import) const {
  Date date{.import = std::string(import), .is_coarse = coarse_.contains(import)};
  if (import.starts_with(kEdit)) {
    date.is_edit = true;
    date.time = ParseTime(import.substr(kEdit.size())).value_or(Timestamp::min());
  } else if (const auto live = ParseLiveImport(import)) {
    date.is_edit = true;
    date.time = live->time;
  } else if (const auto found = times_.find(import); found != times_.end()) {
    date.time = found->second;
  }
  return date;
}

std::optional<Timestamp> ImportDates::LastTold(
    const std::vector<account::Provenance>& provenance) const {
  std::optional<Timestamp> last;
  bool is_exact = false;
  for (const account::Provenance& from : provenance) {
    std::optional<Timestamp> time;
    if (from.import.starts_with(kEdit)) {
      time =
          ParseTime(std::string_view(from.import).substr(kEdit.size())).value_or(Timestamp::max());
    } else if (const auto live = ParseLiveImport(from.import)) {
      time = live->time;
    } else if (const auto found = times_.find(from.import); found != times_.end()) {
      time = found->second;
    }
    if (!time) return std::nullopt;
    last = std::max(last.value_or(*time), *time);
    is_exact = is_exact || !coarse_.contains(from.import);
  }
  return is_exact ? last : std::nullopt;
}

bool IsEditImport(std::string_view import) { return import.starts_with(kEdit); }
bool IsLiveImport(std::string_view import) { return import.starts_with(kLive); }

std::string EditImport(Timestamp time) { return std::string(kEdit) + FormatTime(time); }

std::string LiveImport(Timestamp time, std::string_view version) {
  std::string import = std::string(kLive) + FormatTime(time);
  if (!version.empty()) (import += ' ') += version;
  return import;
}

std::optional<LiveImportParts> ParseLiveImport(std::string_view import) {
  if (!IsLiveImport(import)) return std::nullopt;
  import.remove_prefix(kLive.size());
  const size_t space = std::min(import.find(' '), import.size());
  const auto time = ParseTime(import.substr(0, space));
  if (!time) return std::nullopt;
  return LiveImportParts{*time, std::string(import.substr(std::min(space + 1, import.size())))};
}

}  // namespace valise::library
