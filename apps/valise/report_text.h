// An import's or inspection's report in words and in JSON (docs/guides/cli.md shows the shape).
//
// Thread safety: pure functions.
#pragma once

#include <string>

#include "base/json_writer.h"
#include "imports/inspect.h"

namespace valise::app {

// "3 posts", "1 story": a kind with its count.
std::string KindCount(account::Kind kind, uint64_t count);

std::string InspectionText(const imports::Inspection& inspection);
std::string InspectionJson(const imports::Inspection& inspection);

std::string ReportText(const imports::ArchiveReport& report);
std::string ReportJson(const imports::ArchiveReport& report, std::string_view account_id);

}  // namespace valise::app
