// The files of the pages, linked into the binary.
//
// Thread safety: immutable.
#pragma once

#include <span>

#include "base/embedded.h"

namespace valise::host {

std::span<const EmbeddedFile> HostAssets();

}  // namespace valise::host
