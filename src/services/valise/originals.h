// The imports that made a bundle, with what each reported and the files that it received, as far as
// the bundle still holds them.
//
// Thread safety: pure functions over an archive.
#pragma once

#include <string_view>
#include <unordered_map>
#include <vector>

#include "services/source.h"
#include "services/valise/account_file.h"

namespace valise::services::own {

// Entries of an archive by their path in it. Borrows the archive.
using EntryByPath = std::unordered_map<std::string_view, size_t>;
EntryByPath IndexEntries(const zip::Archive& archive);

// An original that the bundle does not hold keeps its fate and loses its digest. An import whose
// list is not there (the bundle was made without originals) comes without files. Issues of imports
// that the bundle does not name are left out. `top` is the top folder with its slash. Errors:
// kCorrupt, kLimitExceeded, kUnavailable.
Result<std::vector<EarlierImport>> ReadEarlierImports(const zip::Archive& archive,
                                                      std::string_view top,
                                                      const AccountFile& account);

}  // namespace valise::services::own
