// An archive that was taken in before and comes again: it mends what was damaged meanwhile.
#include <algorithm>

#include "library/import_state.h"
#include "library/scrub.h"

namespace valise::library {
namespace {

// How a blob of this content is stored now; nothing else of a row can differ.
using Stored = std::unordered_map<Digest, const account::OriginalFile*>;

// Returns whether a row was changed.
bool Refit(const Stored& stored, std::vector<account::OriginalFile>& rows) {
  bool changed = false;
  for (account::OriginalFile& row : rows) {
    const auto now = row.digest ? stored.find(*row.digest) : stored.end();
    if (now == stored.end()) continue;
    const account::OriginalFile& file = *now->second;
    if (row.stored_size == file.stored_size && row.deflated == file.deflated) continue;
    row.stored_size = file.stored_size;
    row.deflated = file.deflated;
    changed = true;
  }
  return changed;
}

}  // namespace

Result<bool> ImportRun::State::LostItsList() {
  const auto entry = std::ranges::find_if(base->head.imports, [&](const ImportEntry& known) {
    return known.info.id == options.info.id;
  });
  CHECK(entry != base->head.imports.end());
  const Result<std::string> text = library.ReadList(entry->files);
  if (text) return false;
  if (text.error().code == ErrorCode::kCorrupt) {
    RETURN_IF_ERROR(SetAside(library, entry->files.digest));
  } else if (text.error().code != ErrorCode::kNotFound) {
    return std::unexpected(text.error());
  }
  base->head.imports.erase(entry);
  return true;
}

Result<Digest> ImportRun::State::RefitLists() {
  Stored stored;
  for (const account::OriginalFile& file : files) {
    if (file.digest) stored.emplace(*file.digest, &file);
  }
  Head head = base->head;
  const auto refit = [&](ImportEntry& entry) -> Result<bool> {
    ASSIGN_OR_RETURN(const std::string text, library.ReadList(entry.files));
    ASSIGN_OR_RETURN(auto rows, account::ParseOriginalFiles(text));
    if (!Refit(stored, rows)) return false;
    ASSIGN_OR_RETURN(entry, SealImport(library.blobs(), entry.info, rows));
    return true;
  };
  const auto own = std::ranges::find_if(
      head.imports, [&](const ImportEntry& entry) { return entry.info.id == options.info.id; });
  ASSIGN_OR_RETURN(const bool changed, refit(*own));
  if (!changed) return base->digest;
  // Other archives hold the same bytes, too.
  for (ImportEntry& entry : head.imports) RETURN_IF_ERROR(refit(entry));
  head.parent = base->digest;
  head.time = options.info.time;
  return CommitHead(library, base->digest, head);
}

}  // namespace valise::library
