// Merges the fields of two records that are the same, one by one (docs/formats/documents.md,
// "Merging").
//
// Internal to the room. Thread safety: pure function.
#pragma once

#include <vector>

#include "library/merge.h"
#include "library/tellers.h"

namespace valise::library {

// Of both sides, as they are before they are merged.
struct Telling {
  const Tellers& ours;
  const Tellers& theirs;
  OfOneImport tie = OfOneImport::kFirst;

  // Is what theirs tells of a value newer than what ours does?
  bool IsNewer(const ImportDates::Date& here, const ImportDates::Date& there) const {
    if (tie == OfOneImport::kChangedSince) return false;
    return here < there || (tie == OfOneImport::kReadAgain && !(there < here));
  }
};

struct FieldsMerged {
  bool learnt = false;              // a field of `into` changed
  std::vector<account::Told> told;  // of `into` now, by field
};

// Common members are left alone; `from` is used up. REQUIRES: the same kind.
FieldsMerged MergeFields(account::Record& into, account::Record& from, const Telling& telling);

}  // namespace valise::library
