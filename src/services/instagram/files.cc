#include "services/instagram/files.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace valise::services::instagram {
namespace {

struct Row {
  std::string_view folder;
  std::string_view stem;
  Reading reading;
  std::string_view detail;
};

// Stems are without their number ("posts_1") and with "_" for apostrophes ("you've", since 2025
// "you_ve").
constexpr Row kRows[] = {
    {"media", "posts", Reading::kPosts, "post"},
    {"media", "reels", Reading::kPosts, "reel"},
    {"media", "igtv_videos", Reading::kPosts, "igtv"},
    {"media", "archived_posts", Reading::kPosts, "archived"},
    {"media", "recently_deleted_content", Reading::kPosts, "deleted"},
    {"media", "other_content", Reading::kPosts, "other"},
    {"media", "stories", Reading::kStories, ""},
    {"media", "profile_photos", Reading::kProfilePhotos, ""},
    {"personal_information", "personal_information", Reading::kProfile, ""},
    {"account_information", "personal_information", Reading::kProfile, ""},
    {"login_and_profile_creation", "signup_details", Reading::kSignup, ""},
    {"login_and_profile_creation", "instagram_signup_details", Reading::kSignup, ""},
    {"login_and_account_creation", "signup_details", Reading::kSignup, ""},
    {"login_and_account_creation", "signup_information", Reading::kSignup, ""},
    {"login_and_account_creation", "instagram_signup_details", Reading::kSignup, ""},
    {"comments", "post_comments", Reading::kComments, "posts"},
    {"comments", "reels_comments", Reading::kComments, "reels"},
    {"comments", "hype", Reading::kComments, "stories"},
    {"likes", "liked_posts", Reading::kLikes, "posts"},
    {"likes", "liked_comments", Reading::kLikes, "comments"},
    {"story_interactions", "story_likes", Reading::kLikes, "stories"},
    {"story_sticker_interactions", "story_likes", Reading::kLikes, "stories"},
    {"saved", "saved_posts", Reading::kSaved, ""},
    {"saved", "saved_collections", Reading::kCollections, ""},
    {"followers_and_following", "followers", Reading::kConnections, "follower"},
    {"followers_and_following", "following", Reading::kConnections, "following"},
    {"followers_and_following", "following_hashtags", Reading::kConnections, "hashtag"},
    {"followers_and_following", "close_friends", Reading::kConnections, "close_friend"},
    {"followers_and_following", "pending_follow_requests", Reading::kConnections, "request_sent"},
    {"followers_and_following", "recent_follow_requests", Reading::kConnections,
     "request_sent_earlier"},
    {"followers_and_following", "follow_requests_you_ve_received", Reading::kConnections,
     "request_received"},
    {"followers_and_following", "recently_unfollowed_accounts", Reading::kConnections,
     "unfollowed"},
    {"followers_and_following", "recently_unfollowed_profiles", Reading::kConnections,
     "unfollowed"},
    {"followers_and_following", "removed_suggestions", Reading::kConnections, "suggestion_removed"},
    {"followers_and_following", "blocked_accounts", Reading::kConnections, "blocked"},
    {"followers_and_following", "blocked_profiles", Reading::kConnections, "blocked"},
    {"followers_and_following", "restricted_accounts", Reading::kConnections, "restricted"},
    {"followers_and_following", "restricted_profiles", Reading::kConnections, "restricted"},
    {"followers_and_following", "accounts_you_ve_favorited", Reading::kConnections, "favorite"},
    {"followers_and_following", "profiles_you_ve_favorited", Reading::kConnections, "favorite"},
    {"followers_and_following", "hide_story_from", Reading::kConnections, "hidden_from"},
};

// Folders of conversations; the path is messages/<folder>/<conversation>/message_N.json.
struct ThreadFolder {
  std::string_view name;
  std::string_view folder;
};
constexpr std::array<ThreadFolder, 4> kThreadFolders = {{{"inbox", "inbox"},
                                                         {"message_requests", "requests"},
                                                         {"archived_threads", "archived"},
                                                         {"broadcast", "broadcast"}}};

// First folders of the archives with sections (since the end of 2023); before, the files' folders
// lay at the root.
constexpr std::array<std::string_view, 4> kSections = {"your_instagram_activity", "connections",
                                                       "personal_information",
                                                       "security_and_login_information"};

constexpr std::array<std::string_view, 9> kMediaFolders = {"posts", "stories",          "reels",
                                                           "igtv",  "archived_posts",   "profile",
                                                           "other", "recently_deleted", "reposts"};
constexpr std::array<std::string_view, 6> kThreadMedia = {"photos", "videos", "audio",
                                                          "gifs",   "files",  "stickers"};
constexpr std::array<std::string_view, 18> kMediaEndings = {
    "jpg", "jpeg", "png", "webp", "heic", "heif", "gif", "avif", "mp4",
    "mov", "webm", "avi", "m4a",  "mp3",  "aac",  "ogg", "wav",  "srt"};

template <typename List>
bool Has(const List& list, std::string_view name) {
  return std::ranges::find(list, name) != list.end();
}

std::vector<std::string_view> Parts(std::string_view path) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t slash = path.find('/');
    parts.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    path.remove_prefix(slash + 1);
  }
}

std::string LowerEnding(std::string_view name) {
  const size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return {};
  std::string ending(name.substr(dot + 1));
  for (char& c : ending) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return ending;
}

// "follow_requests_you've_received.json" → "follow_requests_you_ve_received"; "posts_12.json" →
// "posts".
std::string StemOf(std::string_view name) {
  name = name.substr(0, name.rfind('.'));
  const size_t underscore = name.rfind('_');
  const std::string_view number =
      underscore == std::string_view::npos ? std::string_view{} : name.substr(underscore + 1);
  const bool numbered =
      !number.empty() && std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; });
  if (numbered) name = name.substr(0, underscore);
  std::string stem;
  for (size_t i = 0; i < name.size(); ++i) {
    const bool typographic = name.substr(i, 3) == "\u2019";
    stem += name[i] == '\'' || typographic ? '_' : name[i];
    if (typographic) i += 2;
  }
  return stem;
}

// The place of "messages" in the path of a conversation; the folder, its name and a file follow it.
size_t MessagesAt(const std::vector<std::string_view>& parts) {
  if (parts[0] == "messages") return 0;
  if (parts.size() > 1 && parts[0] == "your_instagram_activity" && parts[1] == "messages") return 1;
  return std::string_view::npos;
}

std::optional<FileRule> ThreadRule(const std::vector<std::string_view>& parts) {
  const size_t at = MessagesAt(parts);
  if (at == std::string_view::npos || parts.size() != at + 4 || StemOf(parts.back()) != "message") {
    return std::nullopt;
  }
  const std::string_view name = parts[at + 1];
  const auto* known = std::ranges::find(kThreadFolders, name, &ThreadFolder::name);
  return FileRule{Reading::kThread, known == kThreadFolders.end() ? name : known->folder};
}

bool IsJunk(const std::vector<std::string_view>& parts) {
  const std::string_view name = parts.back();
  return Has(parts, "__MACOSX") || name.starts_with("._") || name == ".DS_Store" ||
         name == "Thumbs.db" || name == "desktop.ini";
}

bool IsUnderMedia(const std::vector<std::string_view>& parts) {
  if (parts.size() > 2 && parts[0] == "media" && Has(kMediaFolders, parts[1])) return true;
  const size_t at = MessagesAt(parts);
  if (at == std::string_view::npos) return false;
  // messages/inbox/<conversation>/photos/<file>, messages/photos/<file>,
  // messages/stickers_used/<file>
  return parts.size() > at + 2 &&
         (Has(kThreadMedia, parts[parts.size() - 2]) || parts[at + 1] == "stickers_used");
}

}  // namespace

std::optional<FileRule> RuleOf(std::string_view path) {
  const std::vector<std::string_view> parts = Parts(path);
  if (parts.size() < 2 || LowerEnding(parts.back()) != "json") return std::nullopt;
  if (auto thread = ThreadRule(parts)) return thread;
  std::string_view folder = parts[parts.size() - 2];
  // A file's folder lies at the root or right under a section.
  const bool in_section = parts.size() == 3 && Has(kSections, parts[0]);
  if (parts.size() != 2 && !in_section) return std::nullopt;
  if (folder == "content") folder = "media";  // its name until 2025
  const std::string stem = StemOf(parts.back());
  for (const Row& row : kRows) {
    if (row.folder == folder && row.stem == stem) return FileRule{row.reading, row.detail};
  }
  return std::nullopt;
}

FileRole RoleOf(std::string_view path) {
  const std::vector<std::string_view> parts = Parts(path);
  if (IsJunk(parts)) return FileRole::kJunk;
  if (RuleOf(path)) return FileRole::kData;
  const std::string ending = LowerEnding(parts.back());
  if (Has(kMediaEndings, ending)) return FileRole::kMedium;
  const bool page = ending == "json" || ending == "html" || ending == "txt";
  const bool in_files = parts.size() > 1 && parts[parts.size() - 2] == "files";
  return IsUnderMedia(parts) && (!page || in_files) ? FileRole::kMedium : FileRole::kOther;
}

std::string MediaPath(std::string_view path) {
  std::string unified(path);
  std::ranges::replace(unified, '\\', '/');
  std::string_view view = unified;
  while (view.starts_with('/') || view.starts_with("./")) {
    view.remove_prefix(view.starts_with('/') ? 1 : 2);
  }
  for (const std::string_view prefix :
       {"your_instagram_activity/", "your_activity_across_facebook/", "your_facebook_activity/"}) {
    if (view.starts_with(prefix) && view.substr(prefix.size()).starts_with("messages/")) {
      return std::string(view.substr(prefix.size()));
    }
  }
  return std::string(view);
}

}  // namespace valise::services::instagram
