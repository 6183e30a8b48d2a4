#include "library/erase.h"

#include "library/commit.h"
#include "library/forget_files.h"
#include "library/forget_records.h"
#include "library/forget_tellings.h"
#include "library/perhaps_same.h"

namespace valise::library {
namespace {

// What is known of it beforehand, so that it is looked for even when it is gone already.
void NoteAsked(const ToForget& what, EraseReport& report) {
  report.erased.keys.insert(what.records.begin(), what.records.end());
  report.erased.keys.insert(what.conversations.begin(), what.conversations.end());
  report.erased.digests.insert(what.media.begin(), what.media.end());
}

}  // namespace

Status ForgetIn(const Library& library, blob::BlobStore* blobs, const ToForget& what, Head& head,
                EraseReport& report) {
  ASSIGN_OR_RETURN(Tombstones tombstones, Tombstones::Load(library, head));
  ASSIGN_OR_RETURN(Documents documents, ByBucket(head.documents));
  ASSIGN_OR_RETURN(std::unordered_set<Key> perhaps_same, PerhapsSameKeys(library, head));
  ASSIGN_OR_RETURN(RemovedRecords removed,
                   RemoveRecords(library, blobs, what, documents, tombstones, perhaps_same));
  report.records = removed.counts;
  if (blobs != nullptr && removed.changed) {
    // Conversations that are left keep their folders: what was sealed is not renamed.
    head.documents = NameDocuments(documents, FoldersOf(head.documents));
    CountRecords(head.documents, head.counts);
  }
  RETURN_IF_ERROR(NoteTellings(library, head, removed));
  RETURN_IF_ERROR(RemoveMedia(library, blobs, what, removed, head, tombstones, report));
  RETURN_IF_ERROR(RedactOriginals(library, blobs, removed, head, report));
  report.erased.keys = removed.erased.keys;
  for (const auto& [digest, file] : report.replaced) report.erased.digests.insert(digest);
  NoteAsked(what, report);
  if (blobs == nullptr) return {};
  std::erase_if(perhaps_same, [&](const Key& key) {
    return !report.erased.keys.contains(key) && !removed.watched.contains(key);
  });
  RETURN_IF_ERROR(DropPerhapsSame(library, *blobs, perhaps_same, head));
  DropSpans(removed, head);
  ASSIGN_OR_RETURN(head.tombstones, tombstones.Seal(*blobs));
  return {};
}

Result<EraseReport> Look(const Library& library, const ToForget& what) {
  EraseReport report;
  ASSIGN_OR_RETURN(const auto current, library.Current());
  if (!current) {
    NoteAsked(what, report);
    return report;
  }
  Head head = current->head;
  RETURN_IF_ERROR(ForgetIn(library, nullptr, what, head, report));
  return report;
}

Result<EraseReport> Erase(Library& library, const ToForget& what, const Clock& clock) {
  // Short as a seal: imports wait for it.
  ASSIGN_OR_RETURN(const SealLock lock, LockForSeal(library, {}));
  EraseReport report;
  ASSIGN_OR_RETURN(const auto current, library.Current());
  if (!current) {
    NoteAsked(what, report);
    return report;
  }
  Head head = current->head;
  RETURN_IF_ERROR(ForgetIn(library, &library.blobs(), what, head, report));
  if (head == current->head) return report;
  head.parent = current->digest;
  head.time = clock.Now();
  ASSIGN_OR_RETURN(report.head, CommitHead(library, current->digest, head));
  return report;
}

}  // namespace valise::library
