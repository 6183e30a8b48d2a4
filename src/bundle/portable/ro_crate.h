// ro-crate-metadata.json: what archivists' tools read (RO-Crate 1.1; its root is data/).
//
// Thread safety: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "bundle/bundle_format.h"
#include "bundle/portable/report.h"
#include "bundle/portable/viewer_data.h"

namespace valise::bundle {

// Documents are listed one by one up to this many; beyond, only their folder is.
inline constexpr size_t kListedInCrate = 1'000;

std::string RoCrateJson(const Account& account, const Selection& selection, std::string_view title,
                        const BundleIndex& index, const Report& report);

}  // namespace valise::bundle
