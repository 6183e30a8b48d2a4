#include "imports/strangers.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace valise::imports {
namespace {

struct Sign {
  std::string_view service;
  std::string_view path;  // of a file, at the root or below a folder
};

// Files by which the archives of services are known that Valise does not read, as these services
// write them in 2026.
constexpr Sign kSigns[] = {
    {"TikTok", "user_data_tiktok.json"},
    {"TikTok", "user_data.json"},
    {"Snapchat", "json/snap_history.json"},
    {"Snapchat", "json/memories_history.json"},
    {"Snapchat", "html/snap_history.html"},
    {"Snapchat", "html/memories_history.html"},
    {"X (Twitter)", "data/tweets.js"},
    {"X (Twitter)", "data/tweet.js"},
    {"X (Twitter)", "data/account.js"},
    {"Google Takeout", "Takeout/archive_browser.html"},
    {"WhatsApp", "_chat.txt"},
    {"LinkedIn", "Ad_Targeting.csv"},
    {"Reddit", "comment_votes.csv"},
    {"Mastodon", "outbox.json"},
};

bool EndsInPath(std::string_view path, std::string_view end) {
  if (!path.ends_with(end)) return false;
  return path.size() == end.size() || path[path.size() - end.size() - 1] == '/';
}

std::optional<std::string_view> ServiceOf(const services::Listing& listing) {
  for (const Sign& sign : kSigns) {
    const bool is_there = std::ranges::any_of(listing.entries, [&](const zip::ArchiveEntry& entry) {
      return EndsInPath(entry.path, sign.path);
    });
    if (is_there) return sign.service;
  }
  return std::nullopt;
}

}  // namespace

std::string DescribeStranger(const services::Listing& listing) {
  if (const auto service = ServiceOf(listing)) {
    return fmt::format(
        "this seems to be an archive of {}, which Valise does not read: it reads archives of "
        "Instagram and its own downloads",
        *service);
  }
  const auto zips = std::ranges::count_if(listing.entries, [](const zip::ArchiveEntry& entry) {
    return entry.path.ends_with(".zip") || entry.path.ends_with(".ZIP");
  });
  if (zips > 0) {
    return fmt::format(
        "this ZIP holds {} of its own, which Valise does not open by itself: take {} out and "
        "choose {}",
        zips == 1 ? std::string("a ZIP") : fmt::format("{} ZIPs", zips), zips == 1 ? "it" : "them",
        zips == 1 ? "that" : "those together");
  }
  return "this is not an archive that Valise knows: it holds none of the files of an Instagram "
         "archive (such as your_instagram_activity/ or followers_and_following/) and is not a "
         "download made by Valise. Choose the ZIP exactly as the service gave it";
}

}  // namespace valise::imports
