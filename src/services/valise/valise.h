// Source of our own bundles (docs/formats/portable.md), as ZIP or folder: records come with their
// keys and provenance, so that taking a bundle in again gives the account it was made from.
//
// Thread safety: what Source promises.
#pragma once

#include <memory>

#include "services/source.h"

namespace valise::services::valise {

std::unique_ptr<Source> MakeSource();

}  // namespace valise::services::valise
