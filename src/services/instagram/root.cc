#include "services/instagram/root.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "services/instagram/categories.h"
#include "services/instagram/files.h"
#include "services/instagram/labels.h"

namespace valise::services::instagram {
namespace {

constexpr size_t kMaxRoots = 256;

// Folders at the root of an archive that are sure signs of where the root is.
constexpr std::array<std::string_view, 18> kAnchors = {
    "your_instagram_activity/",
    "connections/followers_and_following/",
    "followers_and_following/",
    "personal_information/personal_information/",
    "personal_information/",
    "account_information/",
    "security_and_login_information/",
    "login_and_account_creation/",
    "logged_information/recent_searches/",
    "recent_searches/",
    "logged_information/link_history/",
    "connections/contacts/",
    "preferences/settings/",
    "content/posts_",
    "comments/post_comments",
    "likes/liked_posts",
    "saved/saved_posts",
    "messages/inbox/",
};

// Files at the root of G1 that no later generation has anywhere; the first four are of Instagram
// alone.
constexpr std::array<std::string_view, 10> kG1Names = {
    "media.json",        "connections.json", "stories_activities.json",
    "seen_content.json", "profile.json",     "comments.json",
    "likes.json",        "messages.json",    "searches.json",
    "saved.json"};
constexpr ptrdiff_t kG1Own = 4;
constexpr std::string_view kMediaOnly = "media";  // in the place of a generation

std::string_view NameIn(std::string_view path) {
  return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

size_t BeforeG1Name(std::string_view path) {
  const std::string_view name = NameIn(path);
  if (std::ranges::find(kG1Names, name) == kG1Names.end()) return std::string_view::npos;
  return path.size() - name.size();
}

// What stands before "photos/202010/…", so that the root of a part with nothing but media is found.
size_t BeforeG1Media(std::string_view path) {
  std::string_view before;
  for (size_t at = 0; at < path.size();) {
    const size_t slash = path.find('/', at);
    if (slash == std::string_view::npos) break;
    if (before != "media" && IsG1MediaPath(path.substr(at))) return at;
    before = path.substr(at, slash - at);
    at = slash + 1;
  }
  return std::string_view::npos;
}

// What stands before "media/posts/202401/…": of every later layout.
size_t BeforeMedia(std::string_view path) {
  constexpr std::string_view kMedia = "media/";
  for (size_t at = path.find(kMedia); at != std::string_view::npos;
       at = path.find(kMedia, at + 1)) {
    if ((at == 0 || path[at - 1] == '/') && IsMonthOfMedia(path.substr(at))) return at;
  }
  return std::string_view::npos;
}

// The length of what stands before `anchor` where it begins a part of `path`.
size_t BeforeAnchor(std::string_view path, std::string_view anchor) {
  for (size_t at = path.find(anchor); at != std::string_view::npos;
       at = path.find(anchor, at + 1)) {
    if (at == 0 || path[at - 1] == '/') return at;
  }
  return std::string_view::npos;
}

// The folder "instagram-<user>-<date>-<token>/" shows the root even of a part that holds only
// media.
size_t AfterNamedFolder(std::string_view path) {
  for (size_t at = 0; at < path.size();) {
    const size_t slash = path.find('/', at);
    if (slash == std::string_view::npos) break;
    if (path.substr(at, slash - at).starts_with("instagram-")) return slash + 1;
    at = slash + 1;
  }
  return std::string_view::npos;
}

std::string_view NamedFolderOf(std::string_view path) {
  const size_t end = AfterNamedFolder(path);
  if (end == std::string_view::npos) return {};
  return NameIn(path.substr(0, end - 1));
}

bool IsFacebook(std::string_view path) {
  return path.find("your_facebook_activity/") != std::string_view::npos ||
         path.find("your_activity_across_facebook/") != std::string_view::npos ||
         path.find("/facebook-") != std::string_view::npos || path.starts_with("facebook-");
}

size_t RootLength(std::string_view path) {
  if (IsFacebook(path) || path.starts_with("__MACOSX/")) return std::string_view::npos;
  size_t length = AfterNamedFolder(path);
  for (const std::string_view anchor : kAnchors)
    length = std::min(length, BeforeAnchor(path, anchor));
  length = std::min({length, BeforeG1Name(path), BeforeG1Media(path), BeforeMedia(path)});
  // "connections/" before "followers_and_following/" belongs to the archive.
  return length;
}

bool IsInstagramOnly(std::string_view path) {
  return path.starts_with("your_instagram_activity/") ||
         path.find("followers_and_following/") != std::string_view::npos ||
         path.starts_with("content/posts_") || path.starts_with("account_information/") ||
         path.starts_with("media/stories/") || path.starts_with("media/reels/") ||
         path.ends_with("/instagram_profile_information.json");
}

// A data file of a folder and a name that no other service has. Conversations and settings lie as
// Facebook's do, and many a program has personal_information.json.
bool IsOwnFile(std::string_view path) {
  auto rule = RuleOf(path);
  if (!rule) rule = PageRuleOf(path);
  if (!rule || rule->detail == "settings") return false;
  switch (rule->reading) {
    case Reading::kThread:
    case Reading::kReplies:
    case Reading::kReported:
      return false;
    case Reading::kProfile:
      return std::ranges::count(path, '/') > 1;
    default:
      return path.contains('/');
  }
}

// Media as no other service names them, so that a part with nothing else is known.
bool IsOwnMedium(std::string_view path) {
  if (IsMonthOfMedia(path)) return true;
  constexpr size_t kDigits = 32;
  const std::string_view name = NameIn(path);
  return IsG1MediaPath(path) && name.find('.') == kDigits &&
         std::ranges::all_of(name.substr(0, kDigits), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

bool IsBareId(std::string_view name) {
  const size_t dot = name.find('.');
  return (dot == 17 || dot == 18) &&
         std::ranges::all_of(name.substr(0, dot), [](char c) { return c >= '0' && c <= '9'; });
}

struct Layout {
  bool sections_media = false, sections = false, flat = false, flat_2021 = false, newest = false;
  bool thread = false;  // a conversation in a file of its own
  bool own_media = false;
  std::set<std::string_view> g1;      // names of G1
  uint64_t posted = 0, bare_ids = 0;  // files under media/posts/; those named by an id alone
};

void Note(std::string_view path, Layout& layout) {
  if (path.starts_with("your_instagram_activity/")) {
    layout.sections = true;
    if (path.starts_with("your_instagram_activity/media/")) layout.sections_media = true;
  }
  if (path.starts_with("account_information/") || path.starts_with("ads_and_content/")) {
    layout.flat_2021 = true;
  }
  layout.flat =
      layout.flat || path.starts_with("content/") || path.starts_with("followers_and_following/");
  const std::string_view name = NameIn(path);
  layout.thread = layout.thread || (path.starts_with("messages/") && name.starts_with("message_"));
  if (name == path) {
    const auto* known = std::ranges::find(kG1Names, name);
    if (known != kG1Names.end()) layout.g1.insert(*known);
  }
  layout.own_media = layout.own_media || IsOwnMedium(path);
  if (name.find("you_ve_") != std::string_view::npos) layout.newest = true;
  if (path.starts_with("media/posts/")) {
    ++layout.posted;
    layout.bare_ids += IsBareId(name) ? 1 : 0;
  }
}

// Two of the names, one of them Instagram's alone.
bool IsFirstLayout(const Layout& layout) {
  return layout.g1.size() > 1 &&
         std::any_of(kG1Names.begin(), kG1Names.begin() + kG1Own,
                     [&](std::string_view name) { return layout.g1.contains(name); });
}

std::string_view GenerationOf(const Layout& layout) {
  const bool newest = layout.newest || 2 * layout.bare_ids > layout.posted;
  const bool shows_files =
      layout.sections || layout.flat || layout.flat_2021 || layout.thread || !layout.g1.empty();
  if (!shows_files && layout.own_media) return kMediaOnly;
  if (layout.sections && newest) return "G4";
  if (layout.sections) return layout.sections_media ? "G3b" : "G3a";
  if (!layout.flat && !layout.flat_2021 && IsFirstLayout(layout)) {
    return layout.thread ? "G1b" : "G1";
  }
  return layout.flat_2021 ? "G2a" : "G2b";
}

std::optional<int> Number(std::string_view digits) {
  int number = 0;
  const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || rest != digits.data() + digits.size()) return std::nullopt;
  return number;
}

std::optional<Timestamp> Day(std::string_view year, std::string_view month, std::string_view day) {
  const auto y = Number(year);
  const auto m = Number(month);
  const auto d = Number(day);
  if (!y || !m || !d || *y < 2010 || *y > 9999 || *m < 1 || *m > 12 || *d < 1 || *d > 31) {
    return std::nullopt;
  }
  return FromCivil({.year = *y, .month = *m, .day = *d});
}

// What an archive's name tells.
struct NameOfArchive {
  Timestamp day{};
  std::string_view username;
};

// "ann_20200102_part_1" without its last two words.
std::string_view WithoutPart(std::string_view name) {
  const size_t part = name.rfind("_part_");
  if (part == std::string_view::npos || !Number(name.substr(part + 6))) return name;
  return name.substr(0, part);
}

// "instagram-<user>-2025-01-02-<token>"; the last that looks like a day is the day.
std::optional<NameOfArchive> ParseLongName(std::string_view name) {
  constexpr size_t kUserAt = std::string_view("instagram-").size();
  for (size_t at = name.size(); at-- >= kUserAt;) {
    const std::string_view rest = name.substr(at);
    if (rest.size() < 11 || rest[0] != '-' || rest[5] != '-' || rest[8] != '-') continue;
    if (rest.size() > 11 && rest[11] != '-') continue;
    if (const auto day = Day(rest.substr(1, 4), rest.substr(6, 2), rest.substr(9, 2))) {
      const std::string_view before = name.substr(0, at);
      return NameOfArchive{*day, before.substr(std::min(kUserAt, before.size()))};
    }
  }
  return std::nullopt;
}

// What people call their archives, folded.
constexpr std::string_view kNobody[] = {"instagram", "insta",    "ig",     "backup",
                                        "archive",   "export",   "photos", "videos",
                                        "media",     "download", "data",   "my data"};

// "<user>_20200102", and the same with "_part_1": until 2023.
std::optional<NameOfArchive> ParseShortName(std::string_view name) {
  name = WithoutPart(name);
  const size_t underscore = name.rfind('_');
  if (underscore == std::string_view::npos || name.size() != underscore + 9) return std::nullopt;
  const std::string_view digits = name.substr(underscore + 1);
  const auto day = Day(digits.substr(0, 4), digits.substr(4, 2), digits.substr(6, 2));
  if (!day) return std::nullopt;
  const std::string_view user = name.substr(0, underscore);
  return NameOfArchive{*day, IsOneOf(user, kNobody) ? std::string_view() : user};
}

std::optional<NameOfArchive> ParseName(std::string_view name) {
  if (name.ends_with(".zip")) name.remove_suffix(4);
  return name.starts_with("instagram-") ? ParseLongName(name) : ParseShortName(name);
}

// Is it named as Instagram names its archives, itself or a folder that it lies in?
bool IsNamed(const Listing& listing) {
  const auto has_day = [](std::string_view name) {
    return name.starts_with("instagram-") && ParseName(name);
  };
  if (std::ranges::any_of(listing.part_names, has_day)) return true;
  return std::ranges::any_of(listing.entries, [&](const zip::ArchiveEntry& entry) {
    return has_day(NamedFolderOf(entry.path));
  });
}

}  // namespace

Roots Roots::Find(const Listing& listing) {
  Roots roots;
  std::string_view last;  // most paths share the root of the one before
  for (const zip::ArchiveEntry& entry : listing.entries) {
    const std::string_view path = entry.path;
    if (!last.empty() && path.starts_with(last)) continue;
    const size_t length = RootLength(path);
    if (length == std::string_view::npos) continue;
    const std::string_view prefix = path.substr(0, length);
    const auto same = std::ranges::find(roots.prefixes_, prefix);
    if (same == roots.prefixes_.end() && roots.prefixes_.size() < kMaxRoots) {
      roots.prefixes_.emplace_back(prefix);
    }
    last = prefix;
  }
  std::ranges::sort(roots.prefixes_, std::greater{}, &std::string::size);
  return roots;
}

std::string_view Roots::Strip(std::string_view path) const {
  for (const std::string& prefix : prefixes_) {
    if (path.starts_with(prefix)) return path.substr(prefix.size());
  }
  return path;
}

Signs Look(const Listing& listing, const Roots& roots) {
  Signs signs;
  Layout layout;
  bool own_file = false, known_file = false;
  for (const zip::ArchiveEntry& entry : listing.entries) {
    if (IsFacebook(entry.path)) {
      signs.facebook = true;
      continue;
    }
    const std::string_view path = roots.Strip(entry.path);
    signs.instagram = signs.instagram || IsInstagramOnly(path);
    signs.json = signs.json || RuleOf(path).has_value();
    signs.pages = signs.pages || PageRuleOf(path).has_value();
    own_file = own_file || IsOwnFile(path);
    known_file = known_file || CategoryOf(path) != kOtherCategory;
    Note(path, layout);
  }
  signs.instagram = signs.instagram || (own_file && !signs.facebook);
  signs.first_layout = IsFirstLayout(layout) && !signs.instagram;
  signs.only_media = !signs.instagram && !signs.first_layout && layout.own_media;
  signs.only_name = !signs.instagram && !signs.facebook && known_file && IsNamed(listing);
  signs.instagram = signs.instagram || signs.first_layout || signs.only_media || signs.only_name;
  signs.only_threads = !signs.instagram && !signs.facebook && layout.thread;
  signs.generation = GenerationOf(layout);
  return signs;
}

std::optional<Timestamp> DateInName(std::string_view name) {
  const auto parsed = ParseName(name);
  return parsed ? std::optional(parsed->day) : std::nullopt;
}

std::optional<Timestamp> DateOf(const Listing& listing) {
  std::optional<Timestamp> newest;
  const auto take = [&](std::string_view name) {
    const auto day = DateInName(name);
    if (day && (!newest || *day > *newest)) newest = day;
  };
  for (const std::string& part : listing.part_names) take(part);
  if (newest) return newest;
  for (const zip::ArchiveEntry& entry : listing.entries) {
    const std::string_view folder = NamedFolderOf(entry.path);
    if (folder.empty()) continue;
    take(folder);
    break;  // the parts of an archive have the same day
  }
  return newest;
}

std::string UsernameIn(const Listing& listing) {
  std::string_view username;
  for (const std::string& part : listing.part_names) {
    const auto name = ParseName(part);
    if (!name || (!username.empty() && username != name->username)) return {};
    username = name->username;
  }
  return std::string(username);
}

}  // namespace valise::services::instagram
