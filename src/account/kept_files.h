// How many received files are only kept, by what they are about: "ads" (OriginalFile::category).
//
// Thread safety: plain values and pure functions.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "account/import_row.h"
#include "base/json_writer.h"

namespace valise::account {

// Of files whose source could not tell, and of those that came before categories were kept.
inline constexpr std::string_view kOtherCategory = "other";

struct KeptFiles {
  uint64_t files = 0;
  uint64_t bytes = 0;
  bool operator==(const KeptFiles&) const = default;
};
using KeptByCategory = std::map<std::string, KeptFiles, std::less<>>;

// Counts `file` if it is only kept.
void Count(KeptByCategory& kept, const OriginalFile& file);
// Adds all of `other` to `kept`.
void Count(KeptByCategory& kept, const KeptByCategory& other);

// [{"category":"ads","files":2,"bytes":14},…], by category.
void Write(JsonWriter& to, const KeptByCategory& kept);

}  // namespace valise::account
