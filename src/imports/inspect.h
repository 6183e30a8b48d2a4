// Looks into an archive without keeping anything: what it holds, what of it is understood, whose it
// is.
//
// Thread safety: pure functions over an opened archive.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "imports/import_archive.h"
#include "imports/listing.h"

namespace valise::imports {

struct Inspection {
  std::string service;
  std::string generation;
  std::optional<Timestamp> date;
  std::optional<account::Profile> profile;
  std::array<uint64_t, account::kKindCount> records{};
  uint64_t media = 0, media_bytes = 0;
  uint64_t missing_media = 0;  // named by records, not in the archive
  std::vector<FileReport> files;
  std::vector<account::Issue> issues;
};

// Reads every data file; media are counted, not read. Errors: kUnavailable, kCancelled.
Result<Inspection> Inspect(const OpenedArchive& opened, const OnProgress& progress);

// Only whose archive it is: reads files until one tells. nullopt when none does.
Result<std::optional<account::Profile>> FindProfile(const OpenedArchive& opened);

}  // namespace valise::imports
