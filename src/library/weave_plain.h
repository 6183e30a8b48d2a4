// Weaving without parsing: records that meet nothing in the library, and bring all their media.
//
// Internal to the room. Thread safety: as Weave().
#pragma once

#include "library/weave.h"

namespace valise::library {

// Whether the entries are all that is to be known: the library has nothing beside them and forgets
// nothing, none needs a look, and no newer archive that came before may lack them.
bool IsPlain(const WeaveContext& context, const WeaveTask& task);

// Messages of a first import: keys are told from their times. REQUIRES: IsPlain().
Result<Woven> WeaveFirstMessages(const WeaveContext& context, const WeaveTask& task);

// New live records of a kind in which an id is a key: each line has its own. REQUIRES: IsPlain().
Result<Woven> WeaveNewLive(const WeaveContext& context, const WeaveTask& task);

}  // namespace valise::library
