// Which files of an archive are read, and how: one table for all generations since 2021
// (docs/formats/instagram.md).
//
// A file is known by its parent folder and its stem, never by its stem alone: one archive has two
// reels.json and two personal_information.json. Thread safety: pure functions.
#pragma once

#include <optional>
#include <string_view>

#include "services/source.h"

namespace valise::services::instagram {

enum class Reading : uint8_t {
  kPosts,  // detail: form of the posts
  kStories,
  kProfilePhotos,
  kProfile,
  kSignup,
  kThread,    // detail: folder of the conversation
  kComments,  // detail: list
  kLikes,     // detail: list
  kSaved,
  kCollections,
  kConnections,  // detail: relation
};

struct FileRule {
  Reading reading;
  std::string_view detail;
};

// `path` is relative to the archive's root. nullopt: not a file that is read.
std::optional<FileRule> RuleOf(std::string_view path);

// See ArchiveReading::RoleOf and MediaPath.
FileRole RoleOf(std::string_view path);
std::string MediaPath(std::string_view path);

}  // namespace valise::services::instagram
