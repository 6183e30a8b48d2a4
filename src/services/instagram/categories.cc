#include "services/instagram/categories.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "services/instagram/files.h"

namespace valise::services::instagram {
namespace {

constexpr std::string_view kAds = "ads";            // shown, clicked; who advertises to them
constexpr std::string_view kSeen = "seen";          // posts, videos, profiles that were shown
constexpr std::string_view kInferred = "inferred";  // what the service guesses
constexpr std::string_view kLocation = "location";  // where the person is, as it guesses
constexpr std::string_view kSecurity = "security";  // sign-ins, devices
constexpr std::string_view kSettings = "settings";  // choices, consents
constexpr std::string_view kApps = "apps_and_websites";
constexpr std::string_view kShopping = "shopping";
constexpr std::string_view kContacts = "contacts";  // of the person's telephone
constexpr std::string_view kMoney = "monetization";
constexpr std::string_view kProfile = "profile";
constexpr std::string_view kConnections = "connections";
constexpr std::string_view kMessages = "messages";
constexpr std::string_view kPosts = "posts";
constexpr std::string_view kActivity = "activity";  // comments, likes, searches, stickers …
constexpr std::string_view kThreads = "threads";    // the app of that name

struct Row {
  std::string_view name;
  std::string_view category;
};

// Files that are not about what their folder is about.
constexpr Row kStems[] = {
    {"posts_viewed", kSeen},
    {"videos_watched", kSeen},
    {"stories_viewed", kSeen},
    {"suggested_accounts_viewed", kSeen},
    {"suggested_profiles_viewed", kSeen},
    {"accounts_you_re_not_interested_in", kSeen},
    {"profiles_you_re_not_interested_in", kSeen},
    {"posts_you_re_not_interested_in", kSeen},
    {"music_heard_in_stories", kSeen},
    {"music_recently_used_in_stories", kSeen},
    {"account_based_in", kLocation},
    {"profile_based_in", kLocation},
    {"locations_of_interest", kLocation},
    {"last_known_location", kLocation},
    {"instagram_friend_map", kLocation},
    {"synced_contacts", kContacts},
};

// Folders of files: at the root until the end of 2023, since then right under a section.
constexpr Row kFolders[] = {
    {"ads_and_content", kAds},
    {"ads_and_topics", kAds},
    {"ads_and_businesses", kAds},
    {"instagram_ads_and_businesses", kAds},
    {"information_about_you", kInferred},
    {"your_topics", kInferred},
    {"login_and_account_creation", kSecurity},
    {"login_and_profile_creation", kSecurity},
    {"device_information", kSecurity},
    {"settings", kSettings},
    {"comments_settings", kSettings},
    {"media_settings", kSettings},
    {"policy_updates_and_permissions", kSettings},
    {"apps_and_websites", kApps},
    {"shopping", kShopping},
    {"checkout", kShopping},
    {"contacts", kContacts},
    {"monetization", kMoney},
    {"branded_content", kMoney},
    {"fundraisers", kMoney},
    {"gifts", kMoney},
    {"account_information", kProfile},
    {"personal_information", kProfile},
    {"autofill_information", kProfile},
    {"avatars", kProfile},
    {"avatars_store", kProfile},
    {"followers_and_following", kConnections},
    {"messages", kMessages},
    {"content", kPosts},
    {"media", kPosts},
    {"guides", kPosts},
    {"comments", kActivity},
    {"likes", kActivity},
    {"saved", kActivity},
    {"story_interactions", kActivity},
    {"story_sticker_interactions", kActivity},
    {"recent_searches", kActivity},
    {"link_history", kActivity},
    {"past_instagram_insights", kActivity},
    {"subscriptions", kActivity},
    {"events", kActivity},
    {"other_activity", kActivity},
    {"threads", kThreads},
};

// First folders since the end of 2023: of what lies in them outside of the folders above.
constexpr Row kSections[] = {
    {"your_instagram_activity", kActivity},
    {"connections", kConnections},
    {"personal_information", kProfile},
    {"preferences", kSettings},
    {"security_and_login_information", kSecurity},
    {"ads_information", kAds},
    {"logged_information", kActivity},
    {"apps_and_websites_off_of_instagram", kApps},
    {"media", kPosts},
};

// Files at the root: those of G1, and the first pages of later ones.
constexpr Row kRoot[] = {
    {"index", kPagesCategory},
    {"start_here", kPagesCategory},
    {"seen_content", kAds},
    {"information_about_you", kInferred},
    {"account_history", kSecurity},
    {"devices", kSecurity},
    {"settings", kSettings},
    {"shopping", kShopping},
    {"checkout", kShopping},
    {"contacts", kContacts},
    {"uploaded_contacts", kContacts},
    {"fundraisers", kMoney},
    {"profile", kProfile},
    {"autofill", kProfile},
    {"connections", kConnections},
    {"messages", kMessages},
    {"media", kPosts},
    {"guides", kPosts},
    {"comments", kActivity},
    {"likes", kActivity},
    {"saved", kActivity},
    {"searches", kActivity},
    {"stories_activities", kActivity},
    {"events", kActivity},
};

// Empty when the table has no such name.
template <size_t kCount>
std::string_view Find(const Row (&rows)[kCount], std::string_view name) {
  const Row* row = std::ranges::find(rows, name, &Row::name);
  return row == std::end(rows) ? std::string_view() : row->category;
}

bool IsDataName(std::string_view name) {
  return name.ends_with(".json") || name.ends_with(kPageEnding);
}

}  // namespace

std::string_view CategoryOf(std::string_view path) {
  const size_t slash = path.find('/');
  const bool data = IsDataName(path);
  if (slash == std::string_view::npos) {
    const std::string_view category = data ? Find(kRoot, StemOf(path)) : std::string_view();
    return category.empty() ? kOtherCategory : category;
  }
  const std::string_view first = path.substr(0, slash);
  const std::string_view section = Find(kSections, first);
  std::string_view category = Find(kFolders, first);
  // A name deeper than the second folder may be a person's own: a conversation's.
  const std::string_view below = path.substr(slash + 1);
  const size_t next = below.find('/');
  if (!section.empty() && next != std::string_view::npos) {
    const std::string_view inner = Find(kFolders, below.substr(0, next));
    if (!inner.empty()) category = inner;
  }
  if (category.empty()) category = section;
  if (category.empty()) return kOtherCategory;
  const bool may_differ = data && category != kMessages && category != kThreads;
  const std::string_view own = may_differ ? Find(kStems, StemOf(path)) : std::string_view();
  return own.empty() ? category : own;
}

}  // namespace valise::services::instagram
