// Media that are missing are filled in from whichever import of the service brought them, before
// or after the records that name them (docs/formats/merging.md, "Parts").
//
// Internal to the room. Thread safety: one call an import, while nothing else changes the state.
#pragma once

#include "library/import_state.h"

namespace valise::library {

// The last thing that happens to the documents of an import: those with missing media are looked
// through, and sealed anew where a path is known by now. A digest that is there stays. Then reports
// what the records of this import name and no import has. An earlier import's list, or a document,
// that cannot be read is left as it is: it is not needed for this import. Errors: kUnavailable.
Status FillMedia(ImportRun::State& state, const ImportDates& dates, Documents& documents);

}  // namespace valise::library
