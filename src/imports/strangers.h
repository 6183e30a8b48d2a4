// What an archive is that no source reads: people are told which one they have in their hands.
//
// Thread safety: pure functions.
#pragma once

#include <string>

#include "services/source.h"

namespace valise::imports {

// A sentence: whose archive it seems to be, or that the archive lies inside as a ZIP of its own, or
// only that it is not known; and what to do.
std::string DescribeStranger(const services::Listing& listing);

}  // namespace valise::imports
