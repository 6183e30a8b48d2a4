// What lies where in a portable bundle (docs/formats/portable.md, Folders).
//
// Thread safety: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "services/source.h"

namespace valise::services::own {

inline constexpr std::string_view kBagIt = "bagit.txt";
inline constexpr std::string_view kAccount = "data/account.json";
inline constexpr std::string_view kIssues = "data/issues.json";

// The top folder with its slash ("ann-2024-07-07/"; empty when the bag itself was given); nullopt
// when the listing is not of a portable bundle.
std::optional<std::string> FindTop(const Listing& listing);

// By path below the top folder. What Valise made for people and tools (viewer, report, manifests)
// is kJunk: it is made again with the next bundle.
FileRole RoleOf(std::string_view path);

// Of the folder of an import.
std::string OriginalsFolder(std::string_view import_id);

}  // namespace valise::services::own
