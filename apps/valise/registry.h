// The adapters that this binary knows: one line for each service that archives are read from, one
// for each bundle format.
//
// The only place that names adapters; there is no registration by static objects. Thread safety:
// immutable after the first call, which must come from the main thread.
#pragma once

#include <span>
#include <string_view>

#include "base/embedded.h"
#include "bundle/bundle_format.h"
#include "services/source.h"

namespace valise::app {

std::span<const services::Source* const> Sources();

// nullptr when there is none of that name.
const bundle::BundleFormat* FormatNamed(std::string_view name);

// The offline viewer that lies in every bundle, linked in (CMakeLists.txt).
std::span<const EmbeddedFile> ViewerFiles();

}  // namespace valise::app
