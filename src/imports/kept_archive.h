// The received files of an import that a library keeps, as the archive they came in.
//
// Paths are relative to the archive's root, as the import listed them. Files whose bytes are not
// kept (junk, duplicates, redacted ones) are not in it. Thread safety: as zip::Archive. Lifetime:
// borrows the library.
#pragma once

#include <vector>

#include "account/import_row.h"
#include "library/library.h"
#include "zip/archive.h"

namespace valise::imports {

class KeptArchive final : public zip::Archive {
 public:
  KeptArchive(const library::Library& library, const account::ImportInfo& info,
              const std::vector<account::OriginalFile>& files);

  std::span<const zip::ArchiveEntry> entries() const override { return entries_; }
  std::span<const zip::RefusedEntry> refused() const override { return {}; }
  // Errors: kNotFound (the blob is gone), kUnavailable. The reader: kCorrupt (it is damaged).
  Result<std::unique_ptr<zip::EntryReader>> Open(size_t index) const override;

  // The entry of a received file, by its number; nullopt when its bytes are not kept.
  std::optional<size_t> EntryOf(uint32_t number) const { return by_number_[number]; }

 private:
  const library::Library& library_;
  std::vector<zip::ArchiveEntry> entries_;
  std::vector<Digest> digests_;  // of the entries
  std::vector<std::optional<size_t>> by_number_;
};

}  // namespace valise::imports
