// Which files of an archive are read, and how: one table for all generations
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
  kThread,   // detail: folder of the conversation
  kReplies,  // to a broadcast channel; detail: its folder
  kReported,
  kComments,  // detail: list
  kLikes,     // detail: list
  kSaved,
  kCollections,
  kConnections,  // detail: relation
  kActivity,     // detail: list
  kG1Media,
  kG1Profile,
  kG1Messages,
  kG1Comments,
  kG1Likes,
  kG1Saved,
  kG1Connections,
  kG1Searches,
  kG1Settings,
  kG1Stickers,
  kFlat,  // detail: list
};

struct FileRule {
  Reading reading;
  std::string_view detail;
};

// `path` is relative to the archive's root. nullopt: not a file that is read.
std::optional<FileRule> RuleOf(std::string_view path);

// As RuleOf, of a page that stands in for such a file (".html" for ".json").
std::optional<FileRule> PageRuleOf(std::string_view path);
inline constexpr std::string_view kPageEnding = ".html";
inline std::string TwinOf(std::string_view page) {
  return std::string(page.substr(0, page.size() - kPageEnding.size())) + ".json";
}

// "posts" of ".../posts_12.json": without its number, "_" for apostrophes.
std::string StemOf(std::string_view name);

// "photos/202010/…" and the like: G1's folders of media.
bool IsG1MediaPath(std::string_view path);
// "media/posts/202401/…" and the like: those of all others.
bool IsMonthOfMedia(std::string_view path);

// See ArchiveReading::RoleOf and MediaPath.
FileRole RoleOf(std::string_view path);
std::string MediaPath(std::string_view path);

}  // namespace valise::services::instagram
