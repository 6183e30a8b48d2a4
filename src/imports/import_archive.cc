#include "imports/import_archive.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <numeric>

#include "base/parallel.h"
#include "imports/store_file.h"
#include "imports/variants.h"

namespace valise::imports {
namespace {

using account::Fate;
using services::FileRole;

// Passes everything on, and keeps the issues for the report.
class ReportingSink final : public account::RecordSink {
 public:
  ReportingSink(account::RecordSink& to, std::vector<account::Issue>& issues)
      : to_(to), issues_(issues) {}
  Status Put(account::Record record) override { return to_.Put(std::move(record)); }
  void Report(account::Issue issue) override {
    issues_.push_back(issue);
    to_.Report(std::move(issue));
  }

 private:
  account::RecordSink& to_;
  std::vector<account::Issue>& issues_;
};

// What the account has is needed and cannot be read: says what it is and what helps.
template <typename T>
Result<T> OfAccount(Result<T> result) {
  if (result) return result;
  const Error& error = result.error();
  if (error.code != ErrorCode::kCorrupt && error.code != ErrorCode::kNotFound) return result;
  return Fail(ErrorCode::kCorrupt,
              fmt::format("the account is damaged: {}. Nothing was changed. `valise scrub` names "
                          "all that is damaged; `valise reindex --records` makes documents and "
                          "lists again from the received files. Then import this archive again",
                          error.message));
}

class ImportWork {
 public:
  ImportWork(const OpenedArchive& opened, library::Library& library, const OnProgress& progress)
      : opened_(opened), library_(library), progress_(progress), files_(opened.files().size()) {}

  Result<ArchiveReport> Run(const Clock& clock);

 private:
  Status StoreFiles();
  Status StoreOne(FileStorer& storer, uint32_t number);
  Status SetFile(uint32_t number, account::OriginalFile file, uint64_t stamp);
  Status ReadRecords();
  Status ReadOne(uint32_t number, ToldOnce* told);
  void Note(account::Issue issue);
  void Note(uint32_t number, account::Issue issue);
  void KeepFileIssues();
  Status Tell(Progress progress) const { return progress_(progress); }

  const OpenedArchive& opened_;
  library::Library& library_;
  const OnProgress& progress_;
  std::unique_ptr<library::ImportRun> run_;
  std::vector<FileReport> files_;
  std::mutex mutex_;  // guards issues_ and file_issues_
  std::vector<account::Issue> issues_;
  std::vector<std::pair<uint32_t, account::Issue>> file_issues_;  // of files that are broken
  std::atomic<uint64_t> bytes_ = 0;
  std::atomic<uint64_t> items_ = 0;
};

void ImportWork::Note(account::Issue issue) {
  const std::lock_guard lock(mutex_);
  issues_.push_back(std::move(issue));
}

void ImportWork::Note(uint32_t number, account::Issue issue) {
  const std::lock_guard lock(mutex_);
  file_issues_.emplace_back(number, issue);
  issues_.push_back(std::move(issue));
}

// The library keeps issues with the import, through a sink of their file. It takes them only once
// it knows the import.
void ImportWork::KeepFileIssues() {
  for (auto& [number, issue] : file_issues_) {
    run_->NewSink(number, [](std::string_view) { return std::nullopt; })->Report(std::move(issue));
  }
}

Status ImportWork::SetFile(uint32_t number, account::OriginalFile file, uint64_t stamp) {
  file.category = CategoryOf(opened_.reading(), file);
  files_[number].file = file;
  return run_->SetFile(number, std::move(file), stamp);
}

Status ImportWork::StoreOne(FileStorer& storer, uint32_t number) {
  const ReceivedFile& file = opened_.files()[number];
  uint64_t stamp = 0;
  if (file.entry) {
    const zip::ArchiveEntry& entry = opened_.archive().entries()[*file.entry];
    stamp = StampOf(entry);
    // What was damaged is looked at again, so that it is reported again.
    if (auto known = run_->Journaled(number, entry.size, stamp);
        known && known->fate != Fate::kBroken) {
      bytes_ += entry.size;
      return SetFile(number, *std::move(known), stamp);
    }
    // The documents of a bundle of ours are sealed again by the library; no import lists them as
    // files.
    if (opened_.reading().keeps_keys() && file.role == FileRole::kData && !file.is_duplicate) {
      bytes_ += entry.size;
      return SetFile(number, {.path = file.path, .fate = Fate::kParsed, .size = entry.size}, stamp);
    }
  }
  ASSIGN_OR_RETURN(FileStorer::Stored stored, storer.Store(file));
  if (stored.issue) {
    files_[number].note = stored.issue->message;
    Note(number, *stored.issue);
  }
  return SetFile(number, std::move(stored.file), stamp);
}

Status ImportWork::StoreFiles() {
  const size_t workers = CoreCount();
  std::vector<FileStorer> storers;
  storers.reserve(workers);
  for (size_t i = 0; i < workers; ++i) {
    storers.emplace_back(opened_.archive(), library_.blobs(), [this](uint64_t bytes) {
      return Tell({.phase = Progress::Phase::kFiles,
                   .bytes = bytes_ += bytes,
                   .total_bytes = opened_.total_bytes(),
                   .items = items_,
                   .total_items = files_.size()});
    });
  }
  return ParallelFor(workers, files_.size(), [&](size_t worker, size_t number) -> Status {
    RETURN_IF_ERROR(StoreOne(storers[worker], static_cast<uint32_t>(number)));
    ++items_;
    return {};
  });
}

// `told`: of its variants; none when it has none.
Status ImportWork::ReadOne(uint32_t number, ToldOnce* told) {
  const ReceivedFile& received = opened_.files()[number];
  std::vector<account::Issue> issues;
  const auto sink = run_->NewSink(number, [this](std::string_view path) -> std::optional<uint32_t> {
    const auto found = opened_.FindMedia(path);
    if (!found || files_[*found].file.fate != Fate::kMedium) return std::nullopt;
    return found;
  });
  ReportingSink reporting(*sink, issues);
  ASSIGN_OR_RETURN(const account::FileCounts counts,
                   ReadVariant(opened_.reading(), opened_.archive(), *received.entry, received.path,
                               told, reporting));
  run_->SetCounts(number, counts);
  files_[number].generation = opened_.reading().GenerationOf(PathAsReceived(received.path));
  files_[number].file.seen = counts.seen;
  files_[number].file.understood = counts.understood;
  for (account::Issue& issue : issues) Note(std::move(issue));
  return {};
}

Status ImportWork::ReadRecords() {
  std::vector<uint32_t> data;
  for (uint32_t number = 0; number < files_.size(); ++number) {
    if (files_[number].file.fate == Fate::kParsed) data.push_back(number);
  }
  auto groups =
      GroupVariants(data, [&](uint32_t n) -> std::string_view { return opened_.files()[n].path; });
  // Large files first, so that the last worker does not end alone.
  std::ranges::stable_sort(groups, std::greater{},
                           [&](const auto& group) { return files_[group.front()].file.size; });
  std::atomic<uint64_t> done = 0;
  return ParallelFor(CoreCount(), groups.size(), [&](size_t, size_t i) -> Status {
    ToldOnce told;
    for (const uint32_t number : groups[i]) {
      RETURN_IF_ERROR(ReadOne(number, groups[i].size() > 1 ? &told : nullptr));
      RETURN_IF_ERROR(
          Tell({.phase = Progress::Phase::kRecords, .items = ++done, .total_items = data.size()}));
    }
    return {};
  });
}

Result<ArchiveReport> ImportWork::Run(const Clock& clock) {
  std::vector<std::string> paths;
  paths.reserve(files_.size());
  for (const ReceivedFile& file : opened_.files()) paths.push_back(file.path);
  ASSIGN_OR_RETURN(run_, library::ImportRun::Begin(library_, std::move(paths)));
  RETURN_IF_ERROR(StoreFiles());

  ArchiveReport report;
  report.service = opened_.source().service();
  report.generation = opened_.reading().generation();
  report.date = opened_.date();
  library::ImportRun::Options options;
  options.info = {.id = {},
                  .service = opened_.account_service(),
                  .generation = report.generation,
                  .date = report.date,
                  .time = clock.Now(),
                  .parts = opened_.part_names(),
                  .coarse_times = opened_.reading().has_coarse_times()};
  options.keeps_keys = opened_.reading().keeps_keys();
  options.media_path = [this](std::string_view path) { return opened_.reading().MediaPath(path); };
  ASSIGN_OR_RETURN(const auto earlier, OfAccount(run_->FilesDone(std::move(options))));
  ASSIGN_OR_RETURN(auto carried, opened_.reading().earlier_imports(opened_.archive()));
  for (services::EarlierImport& import : carried) {
    RETURN_IF_ERROR(run_->AddEarlierImport(std::move(import.info), std::move(import.files),
                                           std::move(import.issues)));
  }
  if (earlier) {
    report.import = *earlier;
  } else {
    KeepFileIssues();
    RETURN_IF_ERROR(ReadRecords());
    const auto tell = [this](const library::ImportProgress& p) {
      const bool syncing = p.phase == library::ImportProgress::Phase::kSyncing;
      // Too late to stop: from here on the old head or the new one stands.
      (void)Tell({.phase = syncing ? Progress::Phase::kSyncing : Progress::Phase::kSealing,
                  .items = p.done,
                  .total_items = p.total});
    };
    ASSIGN_OR_RETURN(report.import, OfAccount(run_->Commit(clock, tell)));
  }
  for (uint32_t number = 0; number < files_.size(); ++number) {
    if (run_->IsForgotten(number)) files_[number].file.fate = account::Fate::kRedacted;
  }
  report.files = std::move(files_);
  report.issues = std::move(issues_);
  const auto& merging = report.import.issues;
  report.issues.insert(report.issues.end(), merging.begin(), merging.end());
  return report;
}

}  // namespace

Result<ArchiveReport> ImportArchive(const OpenedArchive& opened, library::Library& library,
                                    const Clock& clock, const OnProgress& progress) {
  return ImportWork(opened, library, progress).Run(clock);
}

}  // namespace valise::imports
