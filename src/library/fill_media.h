// Media that are missing are filled in from whichever import of the service brought them, before
// or after the records that name them (docs/formats/merging.md, "Parts").
//
// Internal to the room. Thread safety: one call an import, while nothing else changes the state.
#pragma once

#include <string_view>

#include "library/import_state.h"

namespace valise::library {

inline constexpr std::string_view kMissingMedia = "missing_media";  // the code of its issues

// The last thing that happens to the documents of an import: those with missing media are looked
// through, and sealed anew where a path is known by now. A digest that is there stays. Then reports
// what the records of this import name and no import has, and says of the issues of earlier imports
// what is left of them. An earlier import's list, or a document, that cannot be read is left as it
// is: it is not needed for this import; where it is needed to tell, issues stay. Errors:
// kUnavailable.
Status FillMedia(ImportRun::State& state, const ImportDates& dates, Documents& documents);

// Lowers the count of a missing_media issue to what is still missing; false: nothing is. Other
// issues, and those of which that cannot be told, stay as they are.
bool LeavesIssue(const ImportRun::State::StillMissing& still_missing, account::IssueRow& row);

}  // namespace valise::library
