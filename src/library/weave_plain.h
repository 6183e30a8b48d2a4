// Weaving without parsing: records that meet nothing in the library, and bring all their media.
//
// Internal to the room. Thread safety: as Weave().
#pragma once

#include "library/weave.h"

namespace valise::library {

// Messages of a first import: keys are told from their times. No entry needs a look.
Result<Woven> WeaveFirstMessages(const WeaveContext& context, const WeaveTask& task);

// New live records of a kind in which an id is a key: each line has its own. No entry needs a look.
Result<Woven> WeaveNewLive(const WeaveContext& context, const WeaveTask& task);

}  // namespace valise::library
