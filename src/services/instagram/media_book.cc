#include "services/instagram/media_book.h"

#include <fmt/format.h>

#include <algorithm>

#include "services/instagram/links.h"
#include "services/instagram/media.h"

namespace valise::services::instagram {
namespace {

constexpr size_t kNameDigits = 32;
constexpr std::string_view kUnshown = "media/other/";

// As the library ends its name: by what the bytes are.
std::string EndingOf(const bundle::Medium& medium) {
  return medium.name.substr(medium.name.rfind('.') + 1);
}

std::string MonthOf(const std::optional<Timestamp>& time) {
  const CivilTime day = ToCivil(time.value_or(Timestamp{}));
  return fmt::format("{:04}{:02}/", std::clamp(day.year, 0, 9999), day.month);
}

// The id in a name, if readers will find it there again.
std::string_view IdOf(const account::MediaItem& item) {
  return MediaId(item.source_id) == item.source_id ? std::string_view(item.source_id)
                                                   : std::string_view();
}

}  // namespace

Result<MediaBook> MediaBook::Read(const bundle::AccountReader& reader) {
  MediaBook book;
  book.selection_ = reader.selection();
  RETURN_IF_ERROR(reader.ForEachMedium([&](const bundle::Medium& medium) -> Status {
    book.places_.emplace(medium.digest, static_cast<uint32_t>(book.rows_.size()));
    Row& row = book.rows_.emplace_back(medium);
    row.medium.name = EndingOf(medium);
    row.medium.used_by = {};
    return {};
  }));
  return book;
}

const MediaBook::Row* MediaBook::Find(const account::MediaItem& item) const {
  if (!item.digest) return nullptr;
  const auto found = places_.find(*item.digest);
  return found == places_.end() ? nullptr : &rows_[found->second];
}

uint32_t MediaBook::FolderNumber(std::string folder) {
  const auto [at, added] = folder_numbers_.emplace(folder, static_cast<uint32_t>(folders_.size()));
  if (added) folders_.push_back(std::move(folder));
  return at->second;
}

void MediaBook::Take(const account::MediaItem& item, const Place& place, LeftOut& left_out) {
  if (account::IsMissing(item)) left_out.AddMissing(item.path);
  if (!item.digest) return;
  const auto found = places_.find(*item.digest);
  if (found == places_.end()) {
    // Its record came, and its bytes have not yet.
    if (!IsUnchosen(item)) left_out.AddMissing(item.path.empty() ? item.digest->Hex() : item.path);
    return;
  }
  Row& row = rows_[found->second];
  const std::string_view id = IdOf(item);
  if (std::ranges::find(row.uses, id, &Use::id) != row.uses.end()) return;
  std::string folder(place.folder);
  if (place.by_month) folder += MonthOf(row.medium.time ? row.medium.time : place.time);
  row.uses.push_back({FolderNumber(std::move(folder)), std::string(id)});
}

std::string MediaBook::NameOf(const bundle::Medium& medium, std::string_view id) {
  std::string name = medium.digest.Hex().substr(0, kNameDigits);
  if (!id.empty()) {
    name += '_';
    name += id;
  }
  return name + '.' + medium.name;
}

std::string MediaBook::UriOf(const account::MediaItem& item, bool with_links) const {
  if (!item.digest && with_links && IsUrl(item.path)) return item.path;
  const Row* row = Find(item);
  if (row == nullptr) return {};
  const auto use = std::ranges::find(row->uses, IdOf(item), &Use::id);
  return use == row->uses.end() ? std::string()
                                : folders_[use->folder] + NameOf(row->medium, use->id);
}

Status MediaBook::AddTo(bundle::PlanWriter& plan, bool unshown, int64_t time_s,
                        bundle::PlanSummary& summary) const {
  for (const Row& row : rows_) {
    const bundle::Medium& medium = row.medium;
    std::vector<std::string> names;
    for (const Use& use : row.uses) names.push_back(folders_[use.folder] + NameOf(medium, use.id));
    if (names.empty() && unshown) {
      names.push_back(std::string(kUnshown) + MonthOf(medium.time) + NameOf(medium, {}));
    }
    for (const std::string& name : names) {
      RETURN_IF_ERROR(
          plan.AddBlob({.name = name, .time_s = medium.time ? ToSeconds(*medium.time) : time_s},
                       {.blob = medium.digest,
                        .blob_size = medium.stored_size,
                        .size = medium.size,
                        .crc = medium.crc,
                        .method = medium.deflated ? zip::Method::kDeflate : zip::Method::kStored,
                        .prefix = {},
                        .suffix = {}}));
      summary.media_bytes += medium.size;
    }
    if (names.empty()) continue;
    ++summary.media;
    summary.photos += bundle::IsPhoto(medium.type) ? 1 : 0;
    summary.videos += bundle::IsVideo(medium.type) ? 1 : 0;
  }
  return {};
}

}  // namespace valise::services::instagram
