// Cuts the entries of forgotten records out of received JSON files (docs/formats/tombstones.md,
// "Originals").
//
// An entry becomes `null`, so that all others keep their place, by which records name them. The
// text is hostile: nothing is believed that was not found. Thread safety: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "account/records.h"

namespace valise::library {

// Where an entry should stand, and by what it is recognised there.
struct EntryToCut {
  uint32_t index = 0;  // as Provenance::index
  std::optional<Timestamp> time;
  std::vector<std::string> marks;  // texts, paths, links of the record
};
EntryToCut EntryOf(const account::Record& record, uint32_t index, bool with_marks);

// The texts of a record that are long enough to be found by themselves.
std::vector<std::string> LongTextsOf(const account::Record& record);

// `json` without the entries. An entry is the index-th of the root list, or of the lists that the
// root object has, and says the record's time or one of its marks. nullopt: one of them is not
// there for certain, or nothing else is.
std::optional<std::string> CutEntries(std::string_view json, std::span<const EntryToCut> entries);

// Whether a file holds one of `texts`: as it is, or escaped as JSON and HTML are, or as UTF-8 taken
// for Latin-1.
bool HoldsText(std::string_view file, std::span<const std::string> texts);

}  // namespace valise::library
