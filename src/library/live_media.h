// The media that live records show: whole when their blob is here, else missing by digest
// (docs/formats/live-journal.md).
//
// Internal to the room. Thread safety: belongs to one thread.
#pragma once

#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "library/commit.h"
#include "library/media_table.h"
#include "library/tombstones.h"

namespace valise::library {

// What an item waits for whose blob is not here: its path is "sha256/<digest>[/<path as given>]".
std::optional<Digest> WaitsFor(const account::MediaItem& item);

class LiveMedia {
 public:
  // `base` may be nullptr. All must outlive this.
  LiveMedia(Library& library, const Head* base, const Tombstones& tombstones)
      : library_(library), base_(base), tombstones_(tombstones) {}

  // Makes every item of `record` whole or missing, and counts it as shown. Returns how many are
  // missing. Errors: kCorrupt, kUnavailable.
  Result<uint64_t> Resolve(account::Record& record);
  // Writes the media lists and counts of `head`, whose documents are as they will be. What
  // `dropped` names leaves the lists if no record shows it any more.
  Status Seal(Head& head, const std::unordered_set<Digest>& dropped);

 private:
  Status Load();
  Status ResolveItem(account::MediaItem& item);
  // Takes `dropped` out of the table, as far as `documents` do not show it.
  Status Drop(const std::vector<DocumentRow>& documents, const std::unordered_set<Digest>& dropped);
  // Is the blob here, and may it be shown? Puts it into the table then.
  Result<bool> TakeIn(const Digest& digest);

  Library& library_;
  const Head* const base_;
  const Tombstones& tombstones_;
  bool is_loaded_ = false;
  MediaTable table_;
  std::unordered_map<Digest, MediumUse> uses_;
  std::unordered_set<Digest> absent_;  // looked for in vain
};

}  // namespace valise::library
