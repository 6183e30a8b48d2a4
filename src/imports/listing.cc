#include "imports/listing.h"

#include <fmt/format.h>

#include <algorithm>

#include "account/kept_files.h"
#include "imports/strangers.h"

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

// Two parts may hold one path: the same file is a duplicate, another file gets a name of its own so
// that neither is lost.
void TellApart(std::vector<ReceivedFile>& files, std::span<const zip::ArchiveEntry> entries) {
  for (size_t i = 1; i < files.size(); ++i) {
    size_t first = i;
    while (first > 0 && files[first - 1].path == files[i].path) --first;
    if (first == i || !files[i].entry || !files[first].entry) continue;
    const zip::ArchiveEntry& a = entries[*files[first].entry];
    const zip::ArchiveEntry& b = entries[*files[i].entry];
    files[i].is_duplicate = a.size == b.size && a.crc && a.crc == b.crc;
  }
  for (size_t i = files.size(); i-- > 1;) {
    if (files[i].path != files[i - 1].path) continue;
    const uint32_t part = files[i].entry ? entries[*files[i].entry].part : 0;
    files[i].path += fmt::format(" (part {}, {})", part + 1, i);
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
  const std::string_view category = reading.CategoryOf(file.path);
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
  return opened;
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
  TellApart(files_, entries);
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
