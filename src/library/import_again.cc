// An import that the library has, read again by today's readers.
#include <fmt/format.h>

#include <algorithm>

#include "library/import_state.h"
#include "library/scrub.h"

namespace valise::library {

const std::vector<account::OriginalFile>& ImportRun::files() const { return state_->files; }
const account::ImportInfo& ImportRun::info() const { return state_->options.info; }

Result<std::unique_ptr<ImportRun>> ImportRun::Again(Library& library, std::string_view import_id,
                                                    const LostTexts& lost) {
  ASSIGN_OR_RETURN(FileLock lock, LockLibrary(library));
  auto state = std::make_unique<State>(library, std::move(lock));
  ASSIGN_OR_RETURN(state->base, library.Current());
  if (!state->base || !state->HasImport(import_id)) {
    return Fail(ErrorCode::kNotFound, "the account has no such import any more");
  }
  const auto entry = std::ranges::find_if(state->base->head.imports, [&](const ImportEntry& known) {
    return known.info.id == import_id;
  });
  ASSIGN_OR_RETURN(const std::string list, library.ReadList(entry->files));
  ASSIGN_OR_RETURN(state->files, account::ParseOriginalFiles(list));
  state->is_set.assign(state->files.size(), 1);
  state->is_read.resize(state->files.size());
  state->options.info = entry->info;
  state->report.import_id = entry->info.id;
  state->files_done = true;
  state->reads_again = true;
  RETURN_IF_ERROR(state->TakeOut(lost));
  ASSIGN_OR_RETURN(state->spool, Spool::Make(library.folder()));
  ASSIGN_OR_RETURN(state->tombstones, Tombstones::Load(library, state->base->head));
  RETURN_IF_ERROR(state->media.Load(library, state->base->head));
  state->NoteRedacted();
  return std::unique_ptr<ImportRun>(new ImportRun(std::move(state)));
}

void ImportRun::State::NoteRedacted() {
  for (uint32_t number = 0; number < files.size(); ++number) {
    if (files[number].fate != account::Fate::kRedacted) continue;
    // Its digest is forgotten, too: any other that nothing has will do, as it only tells records
    // which of their media to leave out.
    const Digest stands_for = Sha256(fmt::format("redacted {} {}", options.info.id, number));
    forgotten_files.emplace(number, stands_for);
    forgotten_media.insert(stands_for);
  }
}

Status ImportRun::State::TakeOut(const LostTexts& lost) {
  if (lost.empty()) return {};
  Head& head = base->head;
  bool lost_media = false;
  const auto is_lost = [&](const auto& row) { return lost.digests.contains(row.digest); };
  is_mending = std::erase_if(head.documents, is_lost) > 0;
  lost_media = std::erase_if(head.media, is_lost) > 0;
  is_mending = is_mending || lost_media;
  if (head.issues && is_lost(*head.issues)) {
    head.issues.reset();
    is_mending = true;
  }
  for (const Digest& digest : lost.digests) {
    const Status aside = SetAside(library, digest);
    if (!aside && aside.error().code != ErrorCode::kNotFound) return aside;
  }
  if (!lost_media) return {};
  // What received files tell of media; who shows them, and when, follows from the records.
  RETURN_IF_ERROR(media.Load(library, head));
  for (const ImportEntry& entry : head.imports) {
    ASSIGN_OR_RETURN(const std::string list, library.ReadList(entry.files));
    ASSIGN_OR_RETURN(const auto files_of, account::ParseOriginalFiles(list));
    for (const account::OriginalFile& file : files_of) {
      if (file.fate == account::Fate::kMedium && file.digest) media.Add(file);
    }
  }
  return {};
}

void ImportRun::SetPartial(uint32_t number) {
  CHECK(state_->reads_again && number < state_->files.size());
  const std::lock_guard lock(state_->mutex);
  state_->lists[number].is_partial = true;
}

void ImportRun::SetParsed(uint32_t number) {
  CHECK(state_->reads_again && number < state_->files.size());
  CHECK(state_->files[number].fate == account::Fate::kKept);
  state_->files[number].fate = account::Fate::kParsed;
  state_->files[number].category.clear();
}

void ImportRun::SetCategory(uint32_t number, std::string category) {
  CHECK(state_->reads_again && number < state_->files.size());
  CHECK(state_->files[number].fate == account::Fate::kKept);
  state_->files[number].category = std::move(category);
}

void ImportRun::SetMediaPath(MediaPathOf media_path) {
  CHECK(state_->reads_again);
  state_->options.media_path = std::move(media_path);
}

void ImportRun::SetGeneration(std::string generation) {
  CHECK(state_->reads_again);
  state_->options.info.generation = std::move(generation);
}

}  // namespace valise::library
