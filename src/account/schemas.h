// The JSON Schemas (draft 2020-12) of the record kinds, as they travel in every bundle.
//
// Thread safety: immutable. Lifetime: as long as the program.
#pragma once

#include <span>

#include "base/embedded.h"

namespace valise::account {

// One a kind, sorted by path: "comment.schema.json", "connection.schema.json", …
std::span<const EmbeddedFile> Schemas();

}  // namespace valise::account
