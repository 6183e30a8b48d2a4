#include "services/valise/places.h"

#include <fmt/format.h>

#include <unordered_set>

namespace valise::services::own {
namespace {

constexpr std::string_view kRecords = "data/records/";
constexpr std::string_view kMediaLists = "data/records/media/";
constexpr std::string_view kMedia = "data/media/";
constexpr std::string_view kOriginals = "data/originals/";

bool IsMade(std::string_view path) {
  static constexpr std::string_view kNames[] = {kBagIt,
                                                kAccount,
                                                kIssues,
                                                "bag-info.txt",
                                                "manifest-sha256.txt",
                                                "tagmanifest-sha256.txt",
                                                "tagmanifest-sha256.txt.minisig",
                                                "START-HERE.html",
                                                "about-your-data.html",
                                                "about-your-data.json",
                                                "data/report.json",
                                                "data/ro-crate-metadata.json"};
  for (const std::string_view name : kNames) {
    if (path == name) return true;
  }
  return path.starts_with("viewer/") || path.starts_with("data/schema/") ||
         path.starts_with(kMediaLists);
}

// index.json and renamed.json of an import: three folders deep, beside files/.
bool IsListOfOriginals(std::string_view path) {
  if (!path.starts_with(kOriginals)) return false;
  const std::string_view below = path.substr(kOriginals.size());
  const size_t slash = below.find('/');
  if (slash == std::string_view::npos) return false;
  const std::string_view name = below.substr(slash + 1);
  return name == "index.json" || name == "renamed.json";
}

}  // namespace

std::optional<std::string> FindTop(const Listing& listing) {
  std::unordered_set<std::string_view> bags;
  for (const zip::ArchiveEntry& entry : listing.entries) {
    const std::string_view path = entry.path;
    if (path.ends_with(kBagIt)) bags.insert(path.substr(0, path.size() - kBagIt.size()));
  }
  if (bags.empty()) return std::nullopt;
  for (const zip::ArchiveEntry& entry : listing.entries) {
    const std::string_view path = entry.path;
    if (!path.ends_with(kAccount)) continue;
    const std::string_view top = path.substr(0, path.size() - kAccount.size());
    if ((top.empty() || top.ends_with('/')) && bags.contains(top)) return std::string(top);
  }
  return std::nullopt;
}

FileRole RoleOf(std::string_view path) {
  if (IsMade(path) || IsListOfOriginals(path)) return FileRole::kJunk;
  if (path.starts_with(kMedia)) return FileRole::kMedium;
  if (path.starts_with(kRecords) && path.ends_with(".json")) return FileRole::kData;
  return FileRole::kOther;
}

std::string OriginalsFolder(std::string_view import_id) {
  return fmt::format("{}{}/", kOriginals, import_id);
}

}  // namespace valise::services::own
