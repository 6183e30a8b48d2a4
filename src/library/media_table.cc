#include "library/media_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>

#include "library/document.h"
#include "media/sniff.h"

namespace valise::library {
namespace {

constexpr std::string_view kUndated = "undated";
constexpr int64_t kNoTime = INT64_MAX;
constexpr size_t kFewDigits = 8;
constexpr size_t kManyDigits = 16;

}  // namespace

void MediumUse::Add(const MediumUse& other) {
  kinds |= other.kinds;
  record_time = std::min(record_time, other.record_time);
  own_time = std::min(own_time, other.own_time);
}

uint16_t MediaTable::TypeNumber(const std::string& type) {
  const auto found = std::ranges::find(types_, type);
  if (found == types_.end()) types_.push_back(type);
  return static_cast<uint16_t>(std::ranges::find(types_, type) - types_.begin());
}

std::string MediaTable::YearOf(const Row& row) {
  if (row.time == kNoTime) return std::string(kUndated);
  return fmt::format("{:04}", std::clamp(ToCivil(FromMillis(row.time)).year, 0, 9999));
}

Status MediaTable::Load(const Library& library, const Head& head) {
  for (const ListRow& list : head.media) {
    ASSIGN_OR_RETURN(const std::string text, library.ReadList(list));
    ASSIGN_OR_RETURN(const std::vector<MediumRow> media, ParseMediumRows(text));
    for (const MediumRow& medium : media) {
      Row row{.size = medium.size,
              .stored_size = medium.stored_size,
              .crc = medium.crc,
              .type = TypeNumber(medium.type),
              .time_is_of_record = !medium.used_by.empty(),
              .deflated = medium.deflated};
      if (medium.time) row.time = ToMillis(*medium.time);
      for (const account::Kind kind : medium.used_by) {
        row.kinds |= static_cast<uint16_t>(1u << static_cast<unsigned>(kind));
      }
      rows_.emplace(medium.digest, row);
    }
  }
  return {};
}

bool MediaTable::Add(const account::OriginalFile& file) {
  CHECK(file.digest.has_value());
  const auto [at, is_new] = rows_.try_emplace(*file.digest);
  if (!is_new) return false;
  at->second = {.size = file.size,
                .stored_size = file.stored_size,
                .crc = file.crc,
                .type = TypeNumber(file.type),
                .deflated = file.deflated};
  touched_.insert(YearOf(at->second));
  return true;
}

bool MediaTable::Describe(account::MediaItem& item) const {
  const auto found = rows_.find(*item.digest);
  if (found == rows_.end()) return false;
  item.size = found->second.size;
  item.type = types_[found->second.type];
  return true;
}

uint64_t MediaTable::SizeOf(const Digest& digest) const {
  const auto found = rows_.find(digest);
  return found == rows_.end() ? 0 : found->second.size;
}

uint16_t MediaTable::KindsOf(const Digest& digest) const {
  const auto found = rows_.find(digest);
  return found == rows_.end() ? uint16_t{0} : found->second.kinds;
}

bool MediaTable::Remove(const Digest& digest) {
  const auto found = rows_.find(digest);
  if (found == rows_.end()) return false;
  touched_.insert(YearOf(found->second));
  rows_.erase(found);
  return true;
}

void MediaTable::SetKinds(const Digest& digest, uint16_t kinds) {
  const auto found = rows_.find(digest);
  CHECK(found != rows_.end());
  if (found->second.kinds == kinds) return;
  found->second.kinds = kinds;
  touched_.insert(YearOf(found->second));
}

void MediaTable::Use(const Digest& digest, const MediumUse& use) {
  const auto found = rows_.find(digest);
  CHECK(found != rows_.end());
  Row& row = found->second;
  const Row before = row;
  row.kinds |= use.kinds;
  if (use.record_time != kNoTime) {
    row.time = row.time_is_of_record ? std::min(row.time, use.record_time) : use.record_time;
    row.time_is_of_record = true;
  } else if (!row.time_is_of_record || row.time == kNoTime) {
    row.time = std::min(row.time, use.own_time);
  }
  if (row.kinds == before.kinds && row.time == before.time) return;
  touched_.insert(YearOf(before));
  touched_.insert(YearOf(row));
}

void MediaTable::MoveTime(const Digest& digest, int64_t was, int64_t now) {
  const auto found = rows_.find(digest);
  if (found == rows_.end() || found->second.time != was || was == now) return;
  touched_.insert(YearOf(found->second));
  found->second.time = now;
  touched_.insert(YearOf(found->second));
}

MediumRow MediaTable::ToRow(const Digest& digest, const Row& row, size_t digits) const {
  MediumRow medium{.digest = digest,
                   .crc = row.crc,
                   .size = row.size,
                   .stored_size = row.stored_size,
                   .deflated = row.deflated,
                   .type = types_[row.type],
                   .time = {},
                   .name = {},
                   .used_by = {}};
  std::string_view extension = media::ExtensionOf(medium.type);
  if (extension.empty()) extension = ".bin";
  const std::string hex = digest.Hex().substr(0, digits);
  if (row.time == kNoTime) {
    medium.name = fmt::format("{}/{}{}", kUndated, hex, extension);
  } else {
    medium.time = FromMillis(row.time);
    const CivilTime c = ToCivil(*medium.time);
    medium.name = fmt::format("{}/{:04}-{:02}-{:02}_{:02}.{:02}.{:02}_{}{}", YearOf(row),
                              std::clamp(c.year, 0, 9999), c.month, c.day, c.hour, c.minute,
                              c.second, hex, extension);
  }
  for (size_t kind = 0; kind < account::kKindCount; ++kind) {
    if ((row.kinds >> kind & 1) != 0) medium.used_by.push_back(static_cast<account::Kind>(kind));
  }
  return medium;
}

Status MediaTable::SealYear(blob::BlobStore& blobs, const std::string& year, Named rows,
                            std::vector<ListRow>& to) const {
  std::ranges::sort(rows, [](const auto& a, const auto& b) {
    return a.second->time != b.second->time ? a.second->time < b.second->time : *a.first < *b.first;
  });
  TextBuilder text;
  ListRow list;
  uint32_t part = 1;
  const auto seal = [&]() -> Status {
    list.name = fmt::format("media/{}", year);
    if (part > 1) list.name += fmt::format("-{}", part);
    list.rows = text.lines();
    ASSIGN_OR_RETURN(const library::Seal sealed, SealText(blobs, text.Take()));
    SetSeal(list, sealed);
    to.push_back(std::exchange(list, {}));
    ++part;
    return {};
  };
  // Names differ unless second and first digits are equal.
  const auto short_name = [](const auto& entry) {
    uint32_t digits = 0;
    std::memcpy(&digits, entry.first->bytes.data(), kFewDigits / 2);
    return std::pair(entry.second->time / 1000, digits);
  };
  std::vector<std::pair<int64_t, uint32_t>> names;
  for (const auto& entry : rows) names.push_back(short_name(entry));
  std::ranges::sort(names);
  for (const auto& entry : rows) {
    const bool alone = std::ranges::equal_range(names, short_name(entry)).size() == 1;
    const MediumRow row = ToRow(*entry.first, *entry.second, alone ? kFewDigits : kManyDigits);
    const std::string line = ToJson(row);
    if (text.lines() > 0 && text.size() + line.size() + TextBuilder::kLineExtra > kDocumentLimit) {
      RETURN_IF_ERROR(seal());
    }
    text.Line(line);
    list.bytes += row.size;
  }
  return text.lines() > 0 ? seal() : Status{};
}

Result<std::vector<ListRow>> MediaTable::Seal(blob::BlobStore& blobs, const Head* head) {
  std::vector<ListRow> lists;
  if (head != nullptr) {
    for (const ListRow& list : head->media) {
      const std::string_view year = std::string_view(list.name).substr(list.name.find('/') + 1);
      if (!touched_.contains(std::string(year.substr(0, year.find('-'))))) lists.push_back(list);
    }
  }
  std::map<std::string, Named> years;
  for (const auto& [digest, row] : rows_) {
    const std::string year = YearOf(row);
    if (touched_.contains(year)) years[year].emplace_back(&digest, &row);
  }
  for (auto& [year, rows] : years) RETURN_IF_ERROR(SealYear(blobs, year, std::move(rows), lists));
  std::ranges::sort(lists, {}, &ListRow::name);
  touched_.clear();
  return lists;
}

void MediaTable::Count(Counts& to) const {
  to.media = rows_.size();
  to.media_bytes = to.photos = to.photo_bytes = to.videos = to.video_bytes = 0;
  for (const auto& [digest, row] : rows_) {
    to.media_bytes += row.size;
    const std::string& type = types_[row.type];
    if (type.starts_with("image/")) {
      ++to.photos;
      to.photo_bytes += row.size;
    } else if (type.starts_with("video/")) {
      ++to.videos;
      to.video_bytes += row.size;
    }
  }
}

}  // namespace valise::library
