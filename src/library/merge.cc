#include "library/merge.h"

#include <algorithm>
#include <unordered_map>

#include "library/keys.h"
#include "library/merge_fields.h"

namespace valise::library {
namespace {

// The exact time for a coarse one; across years a record would be in the wrong document.
bool AdoptTime(account::Record& into, const account::Record& from) {
  const auto here = account::TimeOf(into);
  const auto there = account::TimeOf(from);
  if (!here || !there || *here == *there || ToCivil(*here).year != ToCivil(*there).year) {
    return false;
  }
  std::visit(
      [&](auto& record) {
        if constexpr (requires { record.time; }) record.time = there;
      },
      into);
  return true;
}

// Returns whether there was any new.
bool UniteEvidence(std::vector<std::string>& into, std::vector<std::string>& from) {
  const size_t before = into.size();
  for (std::string& one : from) {
    if (std::ranges::find(into, one) == into.end()) into.push_back(std::move(one));
  }
  return into.size() > before;
}

void UniteProvenance(std::vector<account::Provenance>& into,
                     std::vector<account::Provenance>& from) {
  std::ranges::move(from, std::back_inserter(into));
  const auto order = [](const account::Provenance& p) {
    return std::tie(p.import, p.file, p.index);
  };
  std::ranges::sort(into, {}, order);
  into.erase(std::unique(into.begin(), into.end()), into.end());
}

}  // namespace

bool Overrule(account::Record& into, account::Record from) {
  account::Common& ours = account::CommonOf(into);
  account::Common& theirs = account::CommonOf(from);
  const auto is_live = [](const account::Provenance& p) { return IsLiveImport(p.import); };
  const auto version = [&](const account::Common& common) -> std::optional<std::string> {
    const auto mark = std::ranges::find_if(common.provenance, is_live);
    const auto parts =
        mark == common.provenance.end() ? std::nullopt : ParseLiveImport(mark->import);
    return parts ? std::optional(parts->version) : std::nullopt;
  };
  const bool same_version = version(ours) == version(theirs);
  account::Common common = ours;
  const bool same_evidence = !UniteEvidence(common.evidence, theirs.evidence);
  // It is told again. Whether an even newer archive lacks it is seen when it is woven.
  common.absent_since.reset();
  std::erase_if(common.provenance, is_live);
  UniteProvenance(common.provenance, theirs.provenance);
  theirs = ours;
  if (same_version && same_evidence && from == into) return false;
  common.told.clear();  // the service told all of it now
  theirs = std::move(common);
  into = std::move(from);
  return true;
}

OfOneImport TieOf(const account::Record& record) {
  const bool changed = std::ranges::any_of(
      account::CommonOf(record).provenance, [](const account::Provenance& from) {
        return IsEditImport(from.import) || IsLiveImport(from.import);
      });
  return changed ? OfOneImport::kChangedSince : OfOneImport::kReadAgain;
}

bool Merge(account::Record& into, account::Record from, const ImportDates& dates, OfOneImport tie) {
  account::Common& ours = account::CommonOf(into);
  account::Common& theirs = account::CommonOf(from);
  const bool adopted = dates.IsCoarse(into) && !dates.IsCoarse(from) && AdoptTime(into, from);
  FieldsMerged merged;
  {
    const Tellers here(ours, dates);
    const Tellers there(theirs, dates);
    merged = MergeFields(into, from, {.ours = here, .theirs = there, .tie = tie});
  }
  ours.told = std::move(merged.told);
  const bool found_evidence = UniteEvidence(ours.evidence, theirs.evidence);
  UniteProvenance(ours.provenance, theirs.provenance);
  return adopted || merged.learnt || found_evidence;
}

size_t Unite(std::vector<account::Record>& entries, const ImportDates& dates) {
  std::unordered_map<uint64_t, size_t> known;  // places in `united` by evidence
  std::vector<account::Record> united;
  for (account::Record& entry : entries) {
    const std::vector<uint64_t> evidence = EvidenceOf(entry);
    const auto same =
        std::ranges::find_if(evidence, [&](uint64_t one) { return known.contains(one); });
    const size_t place = same == evidence.end() ? united.size() : known.at(*same);
    if (same == evidence.end()) {
      united.push_back(std::move(entry));
    } else {
      Merge(united[place], std::move(entry), dates);
    }
    for (const uint64_t one : evidence) known.emplace(one, place);
  }
  const size_t gone = entries.size() - united.size();
  entries = std::move(united);
  return gone;
}

}  // namespace valise::library
