// What an import's page shows: the report of one archive, without the list of its files.
//
// Thread safety: pure function.
#pragma once

#include <string>

#include "imports/import_archive.h"

namespace valise::bring {

// More issues than these are counted, not kept.
inline constexpr size_t kMaxIssues = 500;

// JSON (docs/formats/uploads.md). The fates add up to `received`.
std::string ImportReportJson(const imports::ArchiveReport& report);

}  // namespace valise::bring
