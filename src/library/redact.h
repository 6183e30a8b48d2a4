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

// Larger files are not cut but redacted whole.
inline constexpr uint64_t kCutLimit = 256u << 20;

// Where an entry should stand, and by what it is recognised there.
struct EntryToCut {
  uint32_t index = 0;  // as Provenance::index
  std::optional<Timestamp> time;
  std::vector<std::string> marks;  // texts, paths, links of the record
  // Whether such a record is what its owner wrote: of the others' entries most words are names.
  bool has_words = false;
};
EntryToCut EntryOf(const account::Record& record, uint32_t index, bool with_marks);
// How many different places they name.
size_t CountPlaces(std::span<const EntryToCut> entries);

// The texts of a record that are long enough to be found by themselves.
std::vector<std::string> LongTextsOf(const account::Record& record);
// Whether a string of an entry may be what a person wrote, and is long enough to be found by
// itself: no link, path, id or user agent.
bool MayBeWords(std::string_view text);

// `json` without the entries. An entry is the index-th of the root list, or of the lists that the
// root object has, and says the record's time or one of its marks. nullopt: one of them is not
// there for certain, or nothing else is.
std::optional<std::string> CutEntries(std::string_view json, std::span<const EntryToCut> entries);

// The same of a file that says what another says too, in other places: all entries go that say the
// time and one of the marks, or, where none does, the time alone. How many went is put into `cut`;
// nullopt: the file is damaged, or an entry to cut has neither time nor marks.
std::optional<std::string> CutAlike(std::string_view json, std::span<const EntryToCut> entries,
                                    size_t& cut);

struct Said {
  std::string text;
  bool may_be_words = false;  // in a place where people's own words stand
};
// The strings of the entries of `json` that no entry which stays says too, put right where they are
// UTF-8 taken for Latin-1. Where several entries could be meant, those of all.
std::vector<Said> SaidOnlyBy(std::string_view json, std::span<const EntryToCut> entries);
// All strings of a JSON text; none: it is not whole.
std::vector<std::string> StringsOf(std::string_view json);

}  // namespace valise::library
