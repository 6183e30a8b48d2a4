// The files of an import as they go into a bundle: counted, and each that is not a medium in its
// place.
//
// Thread safety: pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bundle/bundle_format.h"
#include "bundle/portable/report.h"
#include "library/head.h"

namespace valise::bundle {

struct PlacedOriginal {
  account::OriginalFile file;
  std::string place;  // below data/originals/<import>/files/
};

struct ImportFiles {
  FileTally tally;
  std::vector<PlacedOriginal> kept;  // those that lie in the bundle
  std::vector<std::string> broken;   // paths of those that could not be read
};

// Errors: kNotFound, kCorrupt, kUnavailable.
Result<ImportFiles> ReadImportFiles(const Account& account, const library::ImportEntry& import);

// renamed.json; empty when every file lies at its own path.
std::string RenamedJson(const std::vector<PlacedOriginal>& kept);

}  // namespace valise::bundle
