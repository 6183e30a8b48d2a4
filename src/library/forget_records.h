// Takes records, and media items out of records, out of the documents of a head that is being made.
//
// Part of erasing (library/erase.h). Thread safety: belongs to one thread.
#pragma once

#include <array>
#include <map>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "library/commit.h"
#include "library/erase.h"
#include "library/redact.h"

namespace valise::library {

// What went, for the rest of the head.
struct RemovedRecords {
  std::array<uint64_t, account::kKindCount> counts{};
  Erased erased;                     // keys only
  std::unordered_set<Digest> shown;  // media of removed records, in whichever telling of them
  // Where they stood in received files: by import and number.
  std::map<std::pair<std::string, uint32_t>, std::vector<EntryToCut>> entries;
  // Of these files, those with messages of conversations that went whole.
  std::set<std::pair<std::string, uint32_t>> threads;
  std::vector<std::string> texts;  // long ones, at most kMaxTexts
  // Of the messages that went with their conversation (their keys are not in `erased`: there may be
  // millions) those that were asked about.
  std::unordered_set<Key> watched;
  bool changed = false;  // a document is another now
  static constexpr size_t kMaxTexts = 1000;

  bool Has(const account::Record& record) const;
  void Note(const account::Record& record, bool with_marks);
  void AddText(std::string text);
};

// Takes the items of `media` out of a record. Returns whether there were any.
bool StripMedia(account::Record& record, const std::unordered_set<Digest>& media);
// Nothing is left of it but when and by whom.
bool IsEmptied(const account::Record& record);

// Removes `what` from `documents` and adds tombstones. Documents that change are sealed again into
// `blobs`; without it (nullptr) nothing is written and `documents` stay as they are. `watched`:
// keys of messages that are looked for in whole conversations. Errors: kInvalidArgument (the
// profile), kCorrupt, kUnavailable.
Result<RemovedRecords> RemoveRecords(const Library& library, blob::BlobStore* blobs,
                                     const ToForget& what, Documents& documents,
                                     Tombstones& tombstones,
                                     const std::unordered_set<Key>& watched = {});

// Takes out of what imports told of their lists those that are of removed conversations.
void DropSpans(const RemovedRecords& removed, Head& head);

// Calls visit() for each run of exactly 32 or 64 lower-case hex digits of `text`, as bytes; false
// from it ends.
template <typename Visit>
void ForEachHexRun(std::string_view text, Visit visit) {
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  for (size_t at = 0; at < text.size();) {
    if (!is_hex(text[at])) {
      ++at;
      continue;
    }
    const size_t begin = at;
    while (at < text.size() && is_hex(text[at])) ++at;
    const size_t length = at - begin;
    if ((length == 2 * Key::kSize || length == 2 * Digest::kSize) &&
        !visit(text.substr(begin, length))) {
      return;
    }
  }
}

}  // namespace valise::library
