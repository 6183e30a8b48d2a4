// What a file that is only kept is about, in a word that people understand
// (docs/formats/instagram.md, "Files that are only kept").
//
// Thread safety: pure functions.
#pragma once

#include <string_view>

namespace valise::services::instagram {

inline constexpr std::string_view kPagesCategory = "pages";
inline constexpr std::string_view kOtherCategory = "other";

// "ads" of "ads_information/ads_and_topics/ads_viewed.json"; "other" where nothing tells. `path` is
// relative to the archive's root; folder and stem tell, in the archives of all generations.
std::string_view CategoryOf(std::string_view path);

}  // namespace valise::services::instagram
