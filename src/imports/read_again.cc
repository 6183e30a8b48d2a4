#include "imports/read_again.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>

#include "base/parallel.h"
#include "imports/kept_archive.h"
#include "imports/media_finder.h"
#include "imports/variants.h"

namespace valise::imports {
namespace {

using account::Fate;
using account::OriginalFile;
using services::FileRole;

class CollectingSink final : public account::RecordSink {
 public:
  explicit CollectingSink(account::RecordSink& to) : to_(to) {}
  Status Put(account::Record record) override { return to_.Put(std::move(record)); }
  void Report(account::Issue issue) override {
    issues.push_back(issue);
    to_.Report(std::move(issue));
  }
  std::vector<account::Issue> issues;

 private:
  account::RecordSink& to_;
};

// One import of a library, read again.
class ReadingAgain {
 public:
  ReadingAgain(std::span<const services::Source* const> sources, library::ImportRun& run,
               const library::Library& library, const OnProgress& progress)
      : run_(run),
        archive_(library, run.info(), run.files()),
        sources_(sources),
        progress_(progress) {}

  // Fills all of `to` but what Commit() tells. False: nothing was read, and `to` says why.
  Result<bool> Read(ImportAgain& to) {
    ASSIGN_OR_RETURN(const bool begun, Begin(to));
    if (!begun) return false;
    NameCategories();
    const std::vector<uint32_t> data = DataFiles(to);
    const auto groups = Groups(data);
    std::atomic<uint64_t> done = 0;
    const auto read = [&](size_t, size_t i) -> Status {
      ToldOnce told;
      for (const uint32_t number : groups[i]) {
        RETURN_IF_ERROR(ReadOne(number, groups[i].size() > 1 ? &told : nullptr, to));
        RETURN_IF_ERROR(progress_(
            {.phase = Progress::Phase::kRecords, .items = ++done, .total_items = data.size()}));
      }
      return {};
    };
    const Status all = ParallelFor(CoreCount(), groups.size(), read);
    if (!all) return std::unexpected(all.error());
    std::ranges::sort(to.files, {}, &FileAgain::path);
    std::ranges::sort(to.issues, {}, &account::Issue::path);
    run_.SetGeneration(to.generation);
    return true;
  }

 private:
  Result<bool> Begin(ImportAgain& to) {
    const services::Listing listing{.entries = archive_.entries(), .part_names = run_.info().parts};
    const services::Source* source = SurestOf(sources_, listing);
    if (source == nullptr) {
      to.skipped = "no reader knows what is kept of this archive";
      return false;
    }
    auto reading = source->Begin(listing, archive_);
    if (!reading && reading.error().code == ErrorCode::kUnsupported) {
      to.skipped = reading.error().message;
      return false;
    }
    if (!reading) return std::unexpected(reading.error());
    reading_ = *std::move(reading);
    run_.SetMediaPath(
        [reading = reading_](std::string_view path) { return reading->MediaPath(path); });
    if (reading_->keeps_keys()) {
      to.skipped = "it is a download made by Valise; what it brought is read where it came from";
      return false;
    }
    to.generation = reading_->generation();
    const auto& files = run_.files();
    for (uint32_t number = 0; number < files.size(); ++number) {
      if (files[number].fate != Fate::kMedium && files[number].fate != Fate::kRedacted) continue;
      media_.Add(reading_->MediaPath(files[number].path), number);
    }
    return true;
  }

  std::vector<uint32_t> DataFiles(ImportAgain& to) {
    std::vector<uint32_t> data;
    const auto& files = run_.files();
    for (uint32_t number = 0; number < files.size(); ++number) {
      const Fate fate = files[number].fate;
      if (fate != Fate::kParsed && fate != Fate::kKept) continue;
      if (reading_->RoleOf(PathAsReceived(files[number].path)) != FileRole::kData) continue;
      if (archive_.EntryOf(number)) {
        data.push_back(number);
      } else {
        ++to.gone;
      }
    }
    return data;
  }

  std::vector<std::vector<uint32_t>> Groups(const std::vector<uint32_t>& data) const {
    const auto& files = run_.files();
    auto groups =
        GroupVariants(data, [&](uint32_t n) -> std::string_view { return files[n].path; });
    // Large files first, so that the last worker does not end alone.
    std::ranges::stable_sort(groups, std::greater{},
                             [&](const auto& group) { return files[group.front()].size; });
    return groups;
  }

  // Of files that were kept before there were categories, or that today's table knows better.
  void NameCategories() {
    const auto& files = run_.files();
    for (uint32_t number = 0; number < files.size(); ++number) {
      if (files[number].fate != Fate::kKept) continue;
      run_.SetCategory(number, CategoryOf(*reading_, files[number]));
    }
  }

  Status ReadOne(uint32_t number, ToldOnce* told, ImportAgain& to) {
    const OriginalFile& file = run_.files()[number];
    FileAgain again{.path = file.path,
                    .fate_before = file.fate,
                    .fate = Fate::kParsed,
                    .before = {file.seen, file.understood},
                    .now = {}};
    const auto sink = run_.NewSink(
        number, [this](std::string_view path) { return media_.Find(reading_->MediaPath(path)); });
    CollectingSink collecting(*sink);
    ASSIGN_OR_RETURN(again.now, ReadVariant(*reading_, archive_, *archive_.EntryOf(number),
                                            file.path, told, collecting));
    // Entries that were cut out of it on request are not there to be understood.
    if (file.redacted > 0) again.now = again.before;
    const std::lock_guard lock(mutex_);
    if (file.fate == Fate::kKept) run_.SetParsed(number);
    // What was understood once is here, whatever can be read of the file today.
    if (again.now.understood >= again.before.understood) {
      run_.SetCounts(number, again.now);
    } else {
      run_.SetPartial(number);
    }
    to.files.push_back(std::move(again));
    std::ranges::move(collecting.issues, std::back_inserter(to.issues));
    return {};
  }

  library::ImportRun& run_;
  const KeptArchive archive_;
  const std::span<const services::Source* const> sources_;
  const OnProgress& progress_;
  std::shared_ptr<const services::ArchiveReading> reading_;  // the run's, too
  MediaFinder media_;
  std::mutex mutex_;  // guards what one file writes to the run and the report
};

Result<ImportAgain> ReadImport(std::span<const services::Source* const> sources,
                               library::Library& library, const std::string& id,
                               const library::LostTexts& lost, const Clock& clock,
                               const OnProgress& progress) {
  ImportAgain again;
  auto run = library::ImportRun::Again(library, id, lost);
  if (!run &&
      (run.error().code == ErrorCode::kCorrupt || run.error().code == ErrorCode::kNotFound)) {
    again.skipped = fmt::format(
        "the list of its files, or another that it needs, is damaged or gone ({}); `valise doctor` "
        "says what to do",
        run.error().message);
    return again;
  }
  if (!run) return std::unexpected(run.error());
  again.info = (*run)->info();
  again.generation = again.info.generation;
  ASSIGN_OR_RETURN(const bool read, ReadingAgain(sources, **run, library, progress).Read(again));
  if (!read) return again;
  ASSIGN_OR_RETURN(const auto before, library.Current());
  ASSIGN_OR_RETURN(again.import, (*run)->Commit(clock, [&](const library::ImportProgress& p) {
    const bool syncing = p.phase == library::ImportProgress::Phase::kSyncing;
    // Too late to stop: from here on the old head or the new one stands.
    (void)progress({.phase = syncing ? Progress::Phase::kSyncing : Progress::Phase::kSealing,
                    .items = p.done,
                    .total_items = p.total});
  }));
  again.changed = before->digest != again.import.head;
  return again;
}

// In the order in which merging weighs them.
std::vector<std::string> ByDate(const library::Head& head) {
  std::vector<const account::ImportInfo*> infos;
  for (const library::ImportEntry& entry : head.imports) infos.push_back(&entry.info);
  std::ranges::sort(infos, [](const auto* a, const auto* b) {
    return std::pair(a->date.value_or(a->time), a->id) <
           std::pair(b->date.value_or(b->time), b->id);
  });
  std::vector<std::string> ids;
  for (const account::ImportInfo* info : infos) ids.push_back(info->id);
  return ids;
}

}  // namespace

Result<AgainReport> ReadAgain(std::span<const services::Source* const> sources,
                              library::Library& library, const Clock& clock,
                              const OnProgress& progress) {
  AgainReport report;
  ASSIGN_OR_RETURN(const auto before, library.Current());
  if (!before) return report;
  ASSIGN_OR_RETURN(const std::vector<Key> keys, library::KeysOf(library, before->head));
  ASSIGN_OR_RETURN(report.lost, library::FindLostTexts(library, before->head, {}));
  for (const std::string& id : ByDate(before->head)) {
    ASSIGN_OR_RETURN(ImportAgain again,
                     ReadImport(sources, library, id, report.lost, clock, progress));
    again.info.id = id;
    report.imports.push_back(std::move(again));
  }
  ASSIGN_OR_RETURN(const auto after, library.Current());
  ASSIGN_OR_RETURN(const std::vector<Key> now, library::KeysOf(library, after->head));
  std::vector<Key> lost;
  std::ranges::set_difference(keys, now, std::back_inserter(lost));
  report.records_before = keys.size();
  report.records_now = now.size();
  report.records_lost = lost.size();
  return report;
}

}  // namespace valise::imports
