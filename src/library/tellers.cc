#include "library/tellers.h"

#include <algorithm>

namespace valise::library {

using Date = ImportDates::Date;

Tellers::Tellers(const account::Common& common, const ImportDates& dates) {
  for (const account::Provenance& from : common.provenance) {
    Date date = dates.Of(from.import);
    if (date.is_edit && (!change_ || *change_ < date)) change_ = date;
    if (newest_ < date) newest_ = std::move(date);
  }
  for (const account::Told& told : common.told) {
    Date date = dates.Of(told.import);
    if (change_ && date < *change_) date = *change_;
    listed_.emplace_back(told.field, std::move(date));
  }
}

const Date* Tellers::Listed(std::string_view field) const {
  const auto found = std::ranges::find(listed_, field, [](const auto& one) { return one.first; });
  return found == listed_.end() ? nullptr : &found->second;
}

const std::pair<std::string_view, Date>* Tellers::ListedUnder(std::string_view prefix) const {
  const auto found =
      std::ranges::find_if(listed_, [&](const auto& one) { return one.first.starts_with(prefix); });
  return found == listed_.end() ? nullptr : &*found;
}

}  // namespace valise::library
