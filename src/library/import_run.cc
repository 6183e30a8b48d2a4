#include "library/import_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.h"
#include "library/blob_check.h"
#include "library/import_state.h"
#include "library/reach.h"

namespace valise::library {
namespace {

constexpr std::string_view kJournalName = "import-journal";
constexpr size_t kImportIdDigits = 16;

bool IsCounted(const account::OriginalFile& file) {
  return file.digest && file.fate != account::Fate::kJunk && file.fate != account::Fate::kDuplicate;
}

std::string ImportIdOf(const std::vector<account::OriginalFile>& files) {
  // Lines sort as (digest, path); they are not all made at once, since there may be very many.
  std::vector<const account::OriginalFile*> counted;
  for (const account::OriginalFile& file : files) {
    if (IsCounted(file)) counted.push_back(&file);
  }
  std::ranges::sort(counted, [](const account::OriginalFile* a, const account::OriginalFile* b) {
    return std::tie(*a->digest, a->path) < std::tie(*b->digest, b->path);
  });
  Hasher hasher;
  for (const account::OriginalFile* file : counted) {
    hasher.Update(AsBytes(fmt::format("{} {}\n", file->digest->Hex(), file->path)));
  }
  return hasher.Finish().Hex().substr(0, kImportIdDigits);
}

}  // namespace

bool ImportRun::State::HasImport(std::string_view id) const {
  return base && std::ranges::any_of(base->head.imports,
                                     [&](const ImportEntry& entry) { return entry.info.id == id; });
}

void ImportRun::State::ForgetFiles() {
  if (tombstones.empty()) return;
  for (uint32_t number = 0; number < files.size(); ++number) {
    account::OriginalFile& file = files[number];
    if (!file.digest) continue;
    received.insert(*file.digest);
    if (tombstones.Find(*file.digest) != Tombstones::Medium::kForgotten) continue;
    forgotten_files.emplace(number, *file.digest);
    forgotten_media.insert(*file.digest);
    ++report.media_forgotten;
    account::OriginalFile left;
    left.path = std::move(file.path);
    left.fate = account::Fate::kRedacted;
    file = std::move(left);
  }
}

Status ImportRun::State::DropUnreached(const Digest& head) {
  if (received.empty()) return {};
  std::unordered_set<Digest> reached;
  ASSIGN_OR_RETURN(const Library::Snapshot snapshot, library.At(head));
  RETURN_IF_ERROR(AddReached(library, snapshot.digest, snapshot.head, reached));
  for (const Digest& digest : received) {
    if (reached.contains(digest)) continue;
    const Status deleted = library.blobs().Delete(digest);
    if (!deleted && deleted.error().code != ErrorCode::kNotFound) return deleted;
  }
  return {};
}

ImportRun::ImportRun(std::unique_ptr<State> state) : state_(std::move(state)) {}
ImportRun::~ImportRun() = default;

Result<std::unique_ptr<ImportRun>> ImportRun::Begin(Library& library,
                                                    std::vector<std::string> paths) {
  ASSIGN_OR_RETURN(FileLock lock, LockLibrary(library));
  auto state = std::make_unique<State>(library, std::move(lock));
  ASSIGN_OR_RETURN(state->base, library.Current());
  ASSIGN_OR_RETURN(state->journal, Journal::Open(library.folder() / kJournalName, paths, BootId()));
  if (state->journal->must_be_checked()) {
    RETURN_IF_ERROR(DeleteDamagedBlobs(library));
    RETURN_IF_ERROR(state->journal->Trust());
  }
  ASSIGN_OR_RETURN(state->spool, Spool::Make(library.folder()));
  state->files.resize(paths.size());
  state->is_set.resize(paths.size());
  for (size_t i = 0; i < paths.size(); ++i) state->files[i].path = std::move(paths[i]);
  return std::unique_ptr<ImportRun>(new ImportRun(std::move(state)));
}

std::optional<account::OriginalFile> ImportRun::Journaled(uint32_t number, uint64_t size,
                                                          uint64_t stamp) const {
  const Journal::Entry* entry = state_->journal->Find(number);
  if (entry == nullptr || entry->stamp != stamp || entry->file.size != size) return std::nullopt;
  if (entry->file.digest) {
    const auto info = state_->library.blobs().Stat(*entry->file.digest);
    if (!info || !*info || (*info)->stored_size != entry->file.stored_size) return std::nullopt;
  }
  return entry->file;
}

Status ImportRun::SetFile(uint32_t number, account::OriginalFile file, uint64_t stamp) {
  CHECK(number < state_->files.size() && !state_->files_done);
  file.path = state_->files[number].path;
  const Journal::Entry* known = state_->journal->Find(number);
  if (known == nullptr || known->file != file || known->stamp != stamp) {
    RETURN_IF_ERROR(state_->journal->Add(number, file, stamp));
  }
  state_->files[number] = std::move(file);
  state_->is_set[number] = 1;
  return {};
}

Result<std::optional<ImportReport>> ImportRun::FilesDone(Options options) {
  State& state = *state_;
  CHECK(!state.files_done);
  CHECK(std::ranges::all_of(state.is_set, [](uint8_t set) { return set != 0; }));
  state.files_done = true;
  state.options = std::move(options);
  state.options.info.id = ImportIdOf(state.files);
  state.report.import_id = state.options.info.id;
  if (state.base) {
    ASSIGN_OR_RETURN(state.tombstones, Tombstones::Load(state.library, state.base->head));
  }
  state.ForgetFiles();
  const bool is_here = !state.options.keeps_keys && state.HasImport(state.options.info.id);
  bool again = false;
  if (is_here) {
    ASSIGN_OR_RETURN(again, state.LostItsList());
  }
  if (is_here && !again) {
    state.report.already_here = true;
    ASSIGN_OR_RETURN(state.report.head, state.RefitLists());
    RETURN_IF_ERROR(state.DropUnreached(state.report.head));
    RETURN_IF_ERROR(Journal::Remove(state.library.folder() / kJournalName));
    return std::optional(state.report);
  }
  if (state.base) RETURN_IF_ERROR(state.media.Load(state.library, state.base->head));
  for (const account::OriginalFile& file : state.files) {
    if (file.fate != account::Fate::kMedium || !file.digest) continue;
    if (!state.media.Has(*file.digest) &&
        state.tombstones.Find(*file.digest) == Tombstones::Medium::kUnlessShown) {
      state.orphans.insert(*file.digest);
    }
    if (state.media.Add(file)) {
      if (!state.tombstones.empty()) state.added.insert(*file.digest);
      ++state.report.media_added;
      state.report.media_bytes += file.size;
    } else {
      ++state.report.media_already;
    }
  }
  return std::optional<ImportReport>{};
}

bool ImportRun::IsForgotten(uint32_t number) const {
  return state_->forgotten_files.contains(number);
}

Status ImportRun::AddEarlierImport(account::ImportInfo info,
                                   std::vector<account::OriginalFile> files,
                                   std::vector<account::Issue> issues) {
  CHECK(state_->files_done);
  if (state_->HasImport(info.id)) return {};
  std::string id = info.id;
  state_->earlier.try_emplace(std::move(id),
                              State::Earlier{std::move(info), std::move(files), std::move(issues)});
  return {};
}

std::unique_ptr<account::RecordSink> ImportRun::NewSink(uint32_t number, FindMedia find) {
  CHECK(state_->files_done && number < state_->files.size());
  if (state_->reads_again) state_->is_read[number] = 1;
  return MakeSink(*state_, number, std::move(find));
}

void ImportRun::SetCounts(uint32_t number, account::FileCounts counts) {
  CHECK(state_->files_done && number < state_->files.size());
  state_->files[number].seen = counts.seen;
  state_->files[number].understood = counts.understood;
}

Result<ImportReport> ImportRun::Commit(const Clock& clock,
                                       const std::function<void(const ImportProgress&)>& progress) {
  State& state = *state_;
  CHECK(state.files_done && !state.report.already_here);
  if (state.error) return std::unexpected(*state.error);
  ImportSealer sealer(state, progress);
  ASSIGN_OR_RETURN(Head head, sealer.Run());
  if (state.base && !state.is_mending && SaysTheSame(head, state.base->head)) {
    state.report.head = state.base->digest;
  } else {
    if (progress) progress({ImportProgress::Phase::kSyncing, 0, 1});
    head.time = clock.Now();
    std::optional<Digest> base;
    if (state.base) base = state.base->digest;
    head.parent = base;
    ASSIGN_OR_RETURN(state.report.head, CommitHead(state.library, base, head));
    if (progress) progress({ImportProgress::Phase::kSyncing, 1, 1});
  }
  RETURN_IF_ERROR(state.DropUnreached(state.report.head));
  // One that is there while an import is read again is of another import, which was stopped.
  if (state.journal) RETURN_IF_ERROR(Journal::Remove(state.library.folder() / kJournalName));
  return state.report;
}

}  // namespace valise::library
