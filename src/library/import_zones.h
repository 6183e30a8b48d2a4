// Puts the times of pages right before an import is merged: those of an import of pages by what the
// library tells exactly, those that earlier pages brought by what this import tells exactly.
//
// Internal to the room. Thread safety: one thread. Memory: a bounded sample of what was told
// (page_zones.h), and 80 bytes for each record of one conversation that moves in the library.
#pragma once

#include <utility>
#include <vector>

#include "library/import_state.h"
#include "library/weave.h"

namespace valise::library {

// Found zones go into the options of the import and into the imports of `head`. `buckets` are those
// of the spool, which may be another one then; `documents` those of the library, some of which may
// be others. Errors: kCorrupt, kUnavailable.
Status SetPageTimes(ImportRun::State& state, const WeaveContext& context,
                    std::vector<std::pair<Bucket, uint64_t>>& buckets, Documents& documents,
                    Head& head);

}  // namespace valise::library
