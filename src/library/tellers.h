// Who told each field of a record (docs/formats/documents.md, "Merging").
//
// Internal to the room. Thread safety: a plain value. Lifetime: the record's common members must
// outlive it unchanged.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "library/merge.h"

namespace valise::library {

class Tellers {
 public:
  Tellers(const account::Common& common, const ImportDates& dates);

  // The newest import of the provenance: it told what is not in `told`.
  const ImportDates::Date& newest() const { return newest_; }
  // The newest change by the owner or a service. It told the record as a whole: no field is older,
  // and what it left empty is empty for all that is older.
  const std::optional<ImportDates::Date>& change() const { return change_; }

  // Of a field that is not empty.
  const ImportDates::Date& Of(std::string_view field) const {
    const ImportDates::Date* listed = Listed(field);
    return listed != nullptr ? *listed : newest_;
  }
  bool lists_nothing() const { return listed_.empty(); }
  // nullptr: not in `told`.
  const ImportDates::Date* Listed(std::string_view field) const;
  // The first field in `told` that starts so, and who told it; nullptr: none.
  const std::pair<std::string_view, ImportDates::Date>* ListedUnder(std::string_view prefix) const;

 private:
  ImportDates::Date newest_;
  std::optional<ImportDates::Date> change_;
  std::vector<std::pair<std::string_view, ImportDates::Date>> listed_;
};

}  // namespace valise::library
