// Erasing: records, media and conversations out of an account, for good
// (docs/design/2026-11-23-forgetting.md).
//
// In this order, each step harmless when done again after a kill: (1) Look: what will go, nothing
// is written; (2) requests that hold it are cancelled (requests::Requests::CancelHolding);
// (3) Erase: a new head without it, with redacted originals and tombstones; (4) cancelled once
// more, for requests that were asked in between; (5) Sweep: nothing readable is left on disk.
// requests::Eraser does all five as a job of the desk.
// Thread safety: one change of an account at a time (the library's lock). Durability: a new head
// and all it names are durable when Erase() returns.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "account/import_row.h"
#include "account/records.h"
#include "library/library.h"
#include "library/tombstones.h"

namespace valise::library {

// What somebody wants gone. A medium that is not here is forgotten too: it cannot come later. Keys
// that are not here are gone already.
struct ToForget {
  std::vector<Key> records;
  std::vector<Digest> media;
  std::vector<Key> conversations;
  Tombstone::By by = Tombstone::By::kOwner;
  bool empty() const { return records.empty() && media.empty() && conversations.empty(); }
  bool operator==(const ToForget&) const = default;
};

// By what it is recognised wherever it still stands: keys of records (and conversations), digests
// of media.
struct Erased {
  std::unordered_set<Key> keys;
  std::unordered_set<Digest> digests;
  bool empty() const { return keys.empty() && digests.empty(); }
};

struct EraseReport {
  std::array<uint64_t, account::kKindCount> records{};
  uint64_t media = 0, media_bytes = 0;  // that nothing shows any more, or that were named
  uint64_t originals_cut = 0;           // received files of which entries were taken out
  uint64_t originals_redacted = 0;      // of which nothing is left
  Erased erased;  // received files that were redacted, as they came, are in its digests
  std::unordered_map<Digest, account::OriginalFile> replaced;  // what became of them
  std::optional<Digest> head;  // the new one; none: there was nothing to change
};

// What Erase() would take away; writes nothing. Errors: kInvalidArgument (the profile: it is
// edited, not forgotten), kCorrupt, kUnavailable.
Result<EraseReport> Look(const Library& library, const ToForget& what);

// Rewrites the account without it. Errors: kConflict (another change is running), kInvalidArgument,
// kUnavailable.
Result<EraseReport> Erase(Library& library, const ToForget& what, const Clock& clock);

// The same to a head that is being made, without committing it: fills `report`. Without `blobs`
// only the report. Errors: kInvalidArgument, kCorrupt, kUnavailable.
Status ForgetIn(const Library& library, blob::BlobStore* blobs, const ToForget& what, Head& head,
                EraseReport& report);

// Whether a document, a list or a head as text names something erased.
bool Mentions(std::string_view json, const Erased& erased);
// Looks for something erased in snapshots and in texts that plans name. What was read once is not
// read again. Thread safety: belongs to one thread. Lifetime: borrows both.
class ErasedFinder {
 public:
  ErasedFinder(const Library& library, const Erased& erased) : library_(library), erased_(erased) {}
  // Does a snapshot hold it: in its documents, media or received files? One that is gone holds
  // nothing. Errors: kCorrupt, kUnavailable.
  Result<bool> InSnapshot(const Digest& head);
  // Is a blob erased itself, or a sealed text that names it?
  Result<bool> InBlob(const Digest& digest);

 private:
  const Library& library_;
  const Erased& erased_;
  std::unordered_map<Digest, bool> known_;
};

struct SweepReport {
  uint64_t blobs = 0, bytes = 0;
};
// Deletes every blob that neither the current head, nor one of `pinned`, nor a live record that
// waits to be sealed reaches, nor is in `plan_blobs`; those younger than kSweepGrace by `clock`
// (the one by which blobs have their times) are left (a service sends media before the records that
// show them), unless they hold something of `erased`. Removes the journal of an interrupted
// import and, when `erased` is not empty, the index. Errors: kConflict (a change is running),
// kCorrupt, kUnavailable.
inline constexpr std::chrono::hours kSweepGrace{24};
struct SweepRoots {
  std::vector<Digest> pinned;             // heads
  std::unordered_set<Digest> plan_blobs;  // of plans that wait to be downloaded
};
Result<SweepReport> Sweep(Library& library, const SweepRoots& roots, const Erased& erased,
                          const Clock& clock);

}  // namespace valise::library
