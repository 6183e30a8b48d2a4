// What a medium is, by its first bytes: names lie (six of six ".webp" files in one real archive
// were JPEG).
//
// Thread safety: pure functions.
#pragma once

#include <string_view>

#include "base/bytes.h"

namespace valise::media {

// How many first bytes Sniff() wants.
inline constexpr size_t kSniffBytes = 64;

// The media type ("image/jpeg", "video/mp4", "audio/mp4", …), or "" when the bytes are not of a
// kind we know.
std::string_view Sniff(Bytes first_bytes);

// ".jpg" for "image/jpeg"; "" for what we do not know.
std::string_view ExtensionOf(std::string_view type);

// The type that a name's extension claims, for kinds without a signature (subtitles); "" when
// unknown.
std::string_view TypeOfName(std::string_view path);

}  // namespace valise::media
