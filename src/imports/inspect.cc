#include "imports/inspect.h"

#include <algorithm>
#include <map>
#include <span>

#include "imports/data_file.h"
#include "imports/variants.h"

namespace valise::imports {
namespace {

using account::Fate;
using services::FileRole;

// A file larger than this is not opened only to learn whose archive it is.
constexpr uint64_t kProfileFileLimit = 1 << 20;

class CountingSink final : public account::RecordSink {
 public:
  CountingSink(const OpenedArchive& opened, Inspection& inspection)
      : opened_(opened), inspection_(inspection) {}

  Status Put(account::Record record) override {
    ++inspection_.records[static_cast<size_t>(account::KindOf(record))];
    for (const account::MediaItem* item : account::MediaOf(record)) {
      if (!item->path.empty() && !opened_.FindMedia(item->path)) ++inspection_.missing_media;
    }
    if (auto* profile = std::get_if<account::Profile>(&record);
        profile != nullptr && !profile->username.empty() && !inspection_.profile) {
      inspection_.profile = std::move(*profile);
    }
    return {};
  }
  void Report(account::Issue issue) override { inspection_.issues.push_back(std::move(issue)); }

 private:
  const OpenedArchive& opened_;
  Inspection& inspection_;
};

FileReport Look(const OpenedArchive& opened, const ReceivedFile& received, Inspection& inspection) {
  FileReport report;
  report.file.path = received.path;
  if (received.refused) {
    report.file.fate = Fate::kBroken;
    report.note = received.refused->message;
    inspection.issues.push_back({"unreadable_file", received.path, received.refused->message});
    return report;
  }
  const zip::ArchiveEntry& entry = opened.archive().entries()[*received.entry];
  report.file.size = entry.size;
  report.file.fate = received.is_duplicate                ? Fate::kDuplicate
                     : received.role == FileRole::kJunk   ? Fate::kJunk
                     : received.role == FileRole::kMedium ? Fate::kMedium
                     : received.role == FileRole::kData   ? Fate::kParsed
                                                          : Fate::kKept;
  report.file.category = CategoryOf(opened.reading(), report.file);
  if (report.file.fate == Fate::kMedium) {
    ++inspection.media;
    inspection.media_bytes += entry.size;
  }
  return report;
}

// The groups of files that came under one path.
std::map<std::string_view, ToldOnce> VariantsOf(const OpenedArchive& opened) {
  std::map<std::string_view, ToldOnce> variants;
  for (const ReceivedFile& received : opened.files()) {
    const std::string_view path = PathAsReceived(received.path);
    if (path != received.path) variants.try_emplace(path);
  }
  return variants;
}

Status Read(const OpenedArchive& opened, const ReceivedFile& received, CountingSink& sink,
            ToldOnce* told, FileReport& report) {
  ASSIGN_OR_RETURN(
      const account::FileCounts counts,
      ReadVariant(opened.reading(), opened.archive(), *received.entry, received.path, told, sink));
  report.generation = opened.reading().GenerationOf(PathAsReceived(received.path));
  report.file.seen = counts.seen;
  report.file.understood = counts.understood;
  return {};
}

// A file whose bytes are damaged is broken, as an import finds when it stores it.
void NoteDamage(std::span<const account::Issue> issues, FileReport& report) {
  const auto damage = std::ranges::find(issues, "damaged_file", &account::Issue::code);
  if (damage == issues.end()) return;
  report.file.fate = Fate::kBroken;
  report.file.seen = report.file.understood = 0;
  report.note = damage->message;
}

}  // namespace

Result<Inspection> Inspect(const OpenedArchive& opened, const OnProgress& progress) {
  Inspection inspection;
  inspection.service = opened.source().service();
  inspection.generation = opened.reading().generation();
  inspection.date = opened.date();
  CountingSink sink(opened, inspection);
  std::map<std::string_view, ToldOnce> variants = VariantsOf(opened);
  uint64_t done = 0;
  for (const ReceivedFile& received : opened.files()) {
    FileReport report = Look(opened, received, inspection);
    if (report.file.fate == Fate::kParsed) {
      const size_t issues_before = inspection.issues.size();
      const auto told = variants.find(PathAsReceived(received.path));
      RETURN_IF_ERROR(
          Read(opened, received, sink, told == variants.end() ? nullptr : &told->second, report));
      NoteDamage(std::span(inspection.issues).subspan(issues_before), report);
    }
    inspection.files.push_back(std::move(report));
    RETURN_IF_ERROR(progress({.phase = Progress::Phase::kRecords,
                              .items = ++done,
                              .total_items = opened.files().size()}));
  }
  return inspection;
}

Result<std::optional<account::Profile>> FindProfile(const OpenedArchive& opened) {
  std::vector<const ReceivedFile*> candidates;
  for (const ReceivedFile& file : opened.files()) {
    if (file.entry && !file.is_duplicate && file.role == FileRole::kData &&
        opened.archive().entries()[*file.entry].size <= kProfileFileLimit) {
      candidates.push_back(&file);
    }
  }
  const auto is_likely = [](const ReceivedFile* file) {
    return file->path.contains("personal_information") || file->path.contains("profile");
  };
  std::ranges::stable_partition(candidates, is_likely);
  Inspection inspection;
  CountingSink sink(opened, inspection);
  for (const ReceivedFile* file : candidates) {
    ArchiveDataFile data(opened.archive(), *file->entry, file->path);
    RETURN_IF_ERROR(opened.reading().ReadData(data, sink));
    if (inspection.profile) return inspection.profile;
  }
  return std::optional<account::Profile>{};
}

}  // namespace valise::imports
