// about-your-data.html: what people are told about their data, as a page that needs nothing but
// itself (docs/formats/about-your-data.md).
//
// Thread safety: pure functions.
#pragma once

#include <string>

#include "bundle/about.h"
#include "bundle/portable/viewer_data.h"

namespace valise::bundle {

// What stands in a bundle, by category.
AboutFacts FactsOf(const Account& account, const BundleIndex& index, const Report& report);

// English, then French.
std::string AboutPage(const About& about, const AboutFacts& facts);

}  // namespace valise::bundle
