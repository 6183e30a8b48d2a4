// Instagram's archives ("Download your information") as a Source: JSON, 2021 to today
// (docs/formats/instagram.md).
//
// Thread safety: as services::Source.
#pragma once

#include <memory>

#include "services/source.h"

namespace valise::services::instagram {

std::unique_ptr<Source> MakeSource();

}  // namespace valise::services::instagram
