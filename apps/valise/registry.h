// The adapters that this binary knows: one line for each service that archives are read from.
//
// The only place that names adapters; there is no registration by static objects.
#pragma once

#include <span>

#include "services/source.h"

namespace valise::app {

std::span<const services::Source* const> Sources();

}  // namespace valise::app
