#include "imports/listing.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "account/kept_files.h"
#include "imports/strangers.h"
#include "imports/variants.h"

namespace valise::imports {
namespace {

using services::FileRole;

// What the sources say of an archive that none of them recognises.
std::optional<Error> Refusal(std::span<const services::Source* const> sources,
                             const services::Listing& listing) {
  for (const services::Source* source : sources) {
    if (auto refusal = source->Refuse(listing)) return refusal;
  }
  return std::nullopt;
}

// Files of one path: by content, largest first, so that the order of the parts says nothing.
void TellApart(std::span<ReceivedFile> files, std::span<const zip::ArchiveEntry> entries) {
  const auto content = [&](const ReceivedFile& file) {
    if (!file.entry) return std::tuple(true, uint64_t{0}, std::optional<uint32_t>());
    const zip::ArchiveEntry& entry = entries[*file.entry];
    return std::tuple(false, ~entry.size, entry.crc);
  };
  std::ranges::stable_sort(files, {}, content);
  for (size_t i = 1; i < files.size(); ++i) {
    const bool has_checksum = files[i].entry && entries[*files[i].entry].crc;
    files[i].is_duplicate = has_checksum && content(files[i]) == content(files[i - 1]);
    files[i].path = VariantPath(files[0].path, i + 1);
  }
}

// Two parts may hold one path: the same file is a duplicate, another file gets a name of its own so
// that neither is lost.
void TellAllApart(std::vector<ReceivedFile>& files, std::span<const zip::ArchiveEntry> entries) {
  for (size_t begin = 0; begin < files.size();) {
    size_t end = begin + 1;
    while (end < files.size() && files[end].path == files[begin].path) ++end;
    if (end - begin > 1) TellApart(std::span(files).subspan(begin, end - begin), entries);
    begin = end;
  }
}

}  // namespace

const services::Source* SurestOf(std::span<const services::Source* const> sources,
                                 const services::Listing& listing) {
  const services::Source* best = nullptr;
  int best_confidence = 0;
  for (const services::Source* source : sources) {
    const int confidence = source->Recognize(listing);
    if (confidence > best_confidence) {
      best = source;
      best_confidence = confidence;
    }
  }
  return best;
}

std::string CategoryOf(const services::ArchiveReading& reading, const account::OriginalFile& file) {
  if (file.fate != account::Fate::kKept) return {};
  const std::string_view category = reading.CategoryOf(PathAsReceived(file.path));
  return std::string(category.empty() ? account::kOtherCategory : category);
}

Result<OpenedArchive> OpenedArchive::Open(std::span<const services::Source* const> sources,
                                          std::span<const fs::path> parts) {
  OpenedArchive opened;
  ASSIGN_OR_RETURN(opened.archive_, zip::OpenArchive(parts));
  for (const fs::path& part : parts) opened.part_names_.push_back(part.filename().string());
  const services::Listing listing{.entries = opened.archive_->entries(),
                                  .part_names = opened.part_names_};
  opened.source_ = SurestOf(sources, listing);
  if (opened.source_ == nullptr) {
    if (auto refusal = Refusal(sources, listing)) return std::unexpected(*std::move(refusal));
  }
  if (opened.source_ == nullptr && !opened.archive_->refused().empty()) {
    // Nothing that could be read told the service: what could not be is the likelier reason.
    return std::unexpected(opened.archive_->refused().front().error);
  }
  if (opened.source_ == nullptr) {
    return Fail(ErrorCode::kUnsupported, DescribeStranger(listing));
  }
  ASSIGN_OR_RETURN(opened.reading_, opened.source_->Begin(listing, *opened.archive_));
  opened.ListFiles();
  RETURN_IF_ERROR(opened.RefuseSeveral());
  return opened;
}

// Parts of different days that disagree on data are archives of their own: as one, the newest could
// not be told from the oldest, and what was edited would come twice. One after the other is always
// right.
Status OpenedArchive::RefuseSeveral() const {
  const auto day_of = [&](const ReceivedFile& file) {
    const zip::ArchiveEntry& entry = archive_->entries()[*file.entry];
    return reading_->DateOfFile(entry.path, part_names_[entry.part]);
  };
  const ReceivedFile* first = nullptr;
  for (const ReceivedFile& file : files_) {
    if (!file.entry || file.is_duplicate || file.role != FileRole::kData) continue;
    const std::string_view path = PathAsReceived(file.path);
    if (path == file.path) {
      first = &file;
      continue;
    }
    if (first == nullptr || first->path != path) continue;
    const auto a = day_of(*first), b = day_of(file);
    if (!a || !b) {
      return Fail(ErrorCode::kInvalidArgument,
                  fmt::format("these hold other data under one path ({}), and their names do not "
                              "tell whether they are the parts of one archive: give one after the "
                              "other; what is in both comes once",
                              path));
    }
    if (*a == *b) continue;
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("these are archives of different days ({} and {}), not the parts of "
                            "one: give one after the other; what is in both comes once",
                            FormatTime(std::min(*a, *b)).substr(0, 10),
                            FormatTime(std::max(*a, *b)).substr(0, 10)));
  }
  return {};
}

void OpenedArchive::ListFiles() {
  const auto entries = archive_->entries();
  files_.reserve(entries.size() + archive_->refused().size());
  for (size_t i = 0; i < entries.size(); ++i) {
    ReceivedFile file;
    file.path = reading_->RelativePath(entries[i].path);
    file.entry = i;
    file.role = reading_->RoleOf(file.path);
    files_.push_back(std::move(file));
  }
  for (const zip::RefusedEntry& refused : archive_->refused()) {
    files_.push_back(
        {.path = refused.path, .entry = {}, .is_duplicate = false, .refused = refused.error});
  }
  std::ranges::stable_sort(files_, {}, &ReceivedFile::path);
  TellAllApart(files_, entries);
  std::ranges::stable_sort(files_, {}, &ReceivedFile::path);
  for (uint32_t number = 0; number < files_.size(); ++number) {
    const ReceivedFile& file = files_[number];
    if (!file.entry || file.is_duplicate || file.role == FileRole::kJunk) continue;
    total_bytes_ += entries[*file.entry].size;
    if (file.role == FileRole::kMedium) media_.Add(reading_->MediaPath(file.path), number);
  }
}

std::optional<uint32_t> OpenedArchive::FindMedia(std::string_view media_path) const {
  return media_.Find(reading_->MediaPath(media_path));
}

std::string OpenedArchive::account_service() const {
  std::string service = reading_->account_service();
  return service.empty() ? std::string(source_->service()) : service;
}

std::optional<Timestamp> OpenedArchive::date() const {
  if (const auto date = reading_->date()) return date;
  Timestamp newest{};
  for (const zip::ArchiveEntry& entry : archive_->entries()) {
    newest = std::max(newest, entry.modified);
  }
  if (newest == Timestamp{}) return std::nullopt;
  return newest;
}

}  // namespace valise::imports
