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
    {"login_and_profile_creation", "signup_details", Reading::kSignup, ""},
    {"login_and_profile_creation", "instagram_signup_details", Reading::kSignup, ""},
    {"login_and_profile_creation", "signup_information", Reading::kSignup, ""},
    {"comments", "post_comments", Reading::kComments, "posts"},
    {"comments", "reels_comments", Reading::kComments, "reels"},
    {"comments", "hype", Reading::kComments, "stories"},
    {"likes", "liked_posts", Reading::kLikes, "posts"},
    {"likes", "liked_comments", Reading::kLikes, "comments"},
    {"story_interactions", "story_likes", Reading::kLikes, "stories"},
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
    {"media", "reposts", Reading::kActivity, "reposts"},
    {"recent_searches", "account_searches", Reading::kActivity, "profile_searches"},
    {"recent_searches", "profile_searches", Reading::kActivity, "profile_searches"},
    {"recent_searches", "tag_searches", Reading::kActivity, "tag_searches"},
    {"recent_searches", "word_or_phrase_searches", Reading::kActivity, "word_searches"},
    {"recent_searches", "place_searches", Reading::kActivity, "place_searches"},
    {"story_interactions", "polls", Reading::kActivity, "polls"},
    {"story_interactions", "quizzes", Reading::kActivity, "quizzes"},
    {"story_interactions", "questions", Reading::kActivity, "questions"},
    {"story_interactions", "question_media_response", Reading::kActivity, "questions"},
    {"story_interactions", "countdowns", Reading::kActivity, "countdowns"},
    {"story_interactions", "emoji_sliders", Reading::kActivity, "emoji_sliders"},
    {"story_interactions", "emoji_story_reactions", Reading::kActivity, "emoji_reactions"},
    {"story_interactions", "avatar_story_reactions", Reading::kActivity, "avatar_reactions"},
    {"story_interactions", "story_reaction_sticker_reactions", Reading::kActivity,
     "sticker_reactions"},
    {"story_interactions", "story_link_clicks", Reading::kActivity, "link_clicks"},
    {"login_and_profile_creation", "login_activity", Reading::kActivity, "logins"},
    {"login_and_profile_creation", "logout_activity", Reading::kActivity, "logouts"},
    {"login_and_profile_creation", "account_privacy_changes", Reading::kActivity,
     "privacy_changes"},
    {"login_and_profile_creation", "profile_privacy_changes", Reading::kActivity,
     "privacy_changes"},
    {"login_and_profile_creation", "account_status_changes", Reading::kActivity, "status_changes"},
    {"login_and_profile_creation", "profile_status_changes", Reading::kActivity, "status_changes"},
    {"login_and_profile_creation", "password_change_activity", Reading::kActivity,
     "password_changes"},
    {"login_and_profile_creation", "last_known_location", Reading::kActivity, "last_location"},
    {"login_and_profile_creation", "profile_activity", Reading::kActivity, "profile_activity"},
    {"device_information", "devices", Reading::kActivity, "devices"},
    {"device_information", "camera_information", Reading::kActivity, "cameras"},
    {"personal_information", "profile_changes", Reading::kActivity, "profile_changes"},
    {"personal_information", "note_interactions", Reading::kActivity, "note_interactions"},
    {"personal_information", "note_and_repost_interactions", Reading::kActivity,
     "note_interactions"},
    {"personal_information", "instagram_friend_map", Reading::kActivity, "friend_map"},
    {"personal_information", "reposts", Reading::kActivity, "reposts"},
    {"personal_information", "account_information", Reading::kActivity, "profile_information"},
    {"personal_information", "instagram_profile_information", Reading::kActivity,
     "profile_information"},
    {"personal_information", "professional_information", Reading::kActivity, "profile_information"},
    {"contacts", "synced_contacts", Reading::kActivity, "contacts"},
    {"link_history", "link_history", Reading::kActivity, "links_visited"},
    {"other_activity", "time_spent_on_instagram", Reading::kActivity, "time_spent"},
    {"other_activity", "your_information_download_requests", Reading::kActivity,
     "download_requests"},
    {"saved", "saved_music", Reading::kActivity, "saved_music"},
    {"subscriptions", "reels", Reading::kActivity, "subscriptions"},
    {"subscriptions", "your_muted_story_teaser_creators", Reading::kActivity, "muted_teasers"},
    {"shopping", "recently_viewed_items", Reading::kActivity, "shopping_viewed"},
    {"shopping", "cart_items", Reading::kActivity, "shopping_cart"},
    {"shopping", "wishlist_items", Reading::kActivity, "shopping_wishlist"},
    {"followers_and_following", "custom_lists", Reading::kActivity, "custom_lists"},
    {"past_instagram_insights", "posts", Reading::kActivity, "insights_posts"},
    {"past_instagram_insights", "reels", Reading::kActivity, "insights_reels"},
    {"past_instagram_insights", "live_videos", Reading::kActivity, "insights_live"},
    {"past_instagram_insights", "content_interactions", Reading::kActivity, "insights"},
    {"past_instagram_insights", "profiles_reached", Reading::kActivity, "insights"},
    {"apps_and_websites", "expired_apps", Reading::kActivity, "apps"},
    {"apps_and_websites", "expired_pps", Reading::kActivity, "apps"},
    {"apps_and_websites", "active_apps", Reading::kActivity, "apps"},
    // Every file of this folder.
    {"settings", "", Reading::kActivity, "settings"},
};

// The files of G1, at the root of the archive.
struct RootRow {
  std::string_view stem;
  Reading reading;
  std::string_view detail;
};
constexpr RootRow kRootRows[] = {
    {"media", Reading::kG1Media, ""},
    {"profile", Reading::kG1Profile, ""},
    {"messages", Reading::kG1Messages, ""},
    {"comments", Reading::kG1Comments, ""},
    {"likes", Reading::kG1Likes, ""},
    {"saved", Reading::kG1Saved, ""},
    {"connections", Reading::kG1Connections, ""},
    {"searches", Reading::kG1Searches, ""},
    {"settings", Reading::kG1Settings, ""},
    {"stories_activities", Reading::kG1Stickers, ""},
    {"account_history", Reading::kFlat, "account_history"},
    {"devices", Reading::kFlat, "devices"},
    {"contacts", Reading::kFlat, "contacts"},
    {"uploaded_contacts", Reading::kFlat, "contacts"},
    {"shopping", Reading::kFlat, "shopping_viewed"},
};

// Names of folders that changed while what lies in them did not.
struct Renamed {
  std::string_view before;
  std::string_view now;
};
constexpr std::array<Renamed, 6> kRenamed = {{
    {"content", "media"},  // until 2025
    {"account_information", "personal_information"},
    {"login_and_account_creation", "login_and_profile_creation"},
    {"story_sticker_interactions", "story_interactions"},
    {"comments_settings", "settings"},
    {"media_settings", "settings"},
}};

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
constexpr std::array<std::string_view, 7> kSections = {
    "your_instagram_activity",           "connections", "personal_information",
    "security_and_login_information",    "preferences", "logged_information",
    "apps_and_websites_off_of_instagram"};

constexpr std::array<std::string_view, 9> kMediaFolders = {"posts", "stories",          "reels",
                                                           "igtv",  "archived_posts",   "profile",
                                                           "other", "recently_deleted", "reposts"};
constexpr std::array<std::string_view, 5> kG1MediaFolders = {"photos", "videos", "stories",
                                                             "profile", "direct"};
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

// The place of "messages" in the path of a conversation; the folder, its name and a file follow it.
size_t MessagesAt(const std::vector<std::string_view>& parts) {
  if (parts[0] == "messages") return 0;
  if (parts.size() > 1 && parts[0] == "your_instagram_activity" && parts[1] == "messages") return 1;
  return std::string_view::npos;
}

std::optional<FileRule> ThreadRule(const std::vector<std::string_view>& parts) {
  const size_t at = MessagesAt(parts);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string stem = StemOf(parts.back());
  if (parts.size() == at + 2 && stem == "reported_conversations") {
    return FileRule{Reading::kReported, "reported"};
  }
  const bool replies = stem == "replies";
  if (parts.size() != at + 4 || (stem != "message" && !replies)) return std::nullopt;
  const std::string_view name = parts[at + 1];
  const auto* known = std::ranges::find(kThreadFolders, name, &ThreadFolder::name);
  return FileRule{replies ? Reading::kReplies : Reading::kThread,
                  known == kThreadFolders.end() ? name : known->folder};
}

std::optional<FileRule> RootRule(std::string_view stem) {
  const auto* row = std::ranges::find(kRootRows, stem, &RootRow::stem);
  if (row == std::end(kRootRows)) return std::nullopt;
  return FileRule{row->reading, row->detail};
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

// "202401/…"
bool BeginsWithMonth(std::string_view path) {
  constexpr size_t kDigits = 6;
  return path.size() > kDigits + 1 && path[kDigits] == '/' &&
         std::ranges::all_of(path.substr(0, kDigits), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool IsG1MediaPath(std::string_view path) {
  const size_t slash = path.find('/');
  if (slash == std::string_view::npos || !Has(kG1MediaFolders, path.substr(0, slash))) return false;
  return BeginsWithMonth(path.substr(slash + 1));
}

bool IsMonthOfMedia(std::string_view path) {
  constexpr std::string_view kMedia = "media/";
  if (!path.starts_with(kMedia)) return false;
  path.remove_prefix(kMedia.size());
  const size_t slash = path.find('/');
  if (slash == std::string_view::npos || !Has(kMediaFolders, path.substr(0, slash))) return false;
  return BeginsWithMonth(path.substr(slash + 1));
}

// "follow_requests_you've_received.json" → "follow_requests_you_ve_received"; "posts_12.json" →
// "posts".
std::string StemOf(std::string_view name) {
  name.remove_prefix(name.rfind('/') + 1);  // npos + 1 is 0
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

std::optional<FileRule> RuleOf(std::string_view path) {
  const std::vector<std::string_view> parts = Parts(path);
  if (LowerEnding(parts.back()) != "json") return std::nullopt;
  if (parts.size() == 1) return RootRule(StemOf(path));
  if (auto thread = ThreadRule(parts)) return thread;
  std::string_view folder = parts[parts.size() - 2];
  // A file's folder lies at the root or right under a section.
  const bool in_section = parts.size() == 3 && Has(kSections, parts[0]);
  if (parts.size() != 2 && !in_section) return std::nullopt;
  const auto* renamed = std::ranges::find(kRenamed, folder, &Renamed::before);
  if (renamed != kRenamed.end()) folder = renamed->now;
  const std::string stem = StemOf(parts.back());
  for (const Row& row : kRows) {
    const bool every = row.stem.empty() && row.folder == folder;
    if (every || (row.folder == folder && row.stem == stem)) {
      return FileRule{row.reading, row.detail};
    }
  }
  return std::nullopt;
}

std::optional<FileRule> PageRuleOf(std::string_view path) {
  if (!path.ends_with(kPageEnding) || path.find('/') == std::string_view::npos) return std::nullopt;
  const auto rule = RuleOf(TwinOf(path));
  const bool known =
      rule && rule->reading != Reading::kReplies && rule->reading != Reading::kReported;
  return known ? rule : std::nullopt;
}

FileRole RoleOf(std::string_view path) {
  const std::vector<std::string_view> parts = Parts(path);
  if (IsJunk(parts)) return FileRole::kJunk;
  if (RuleOf(path) || PageRuleOf(path)) return FileRole::kData;
  const std::string ending = LowerEnding(parts.back());
  if (Has(kMediaEndings, ending)) return FileRole::kMedium;
  const bool page = ending == "json" || ending == "html" || ending == "txt";
  const bool in_files = parts.size() > 1 && parts[parts.size() - 2] == "files";
  return (IsUnderMedia(parts) || IsG1MediaPath(path)) && (!page || in_files) ? FileRole::kMedium
                                                                             : FileRole::kOther;
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
