// Takes one received file into a blob store: read once, checked, hashed, typed, written.
//
// Thread safety: a FileStorer belongs to one thread (it keeps buffers); many may work on one store.
#pragma once

#include <functional>
#include <vector>

#include "account/import_row.h"
#include "base/digest.h"
#include "blob/blob_store.h"
#include "imports/listing.h"
#include "zip/archive.h"

namespace valise::imports {

class FileStorer {
 public:
  // Both must outlive this. `on_bytes` is told of every run of inflated bytes read; its error stops
  // the work.
  FileStorer(const zip::Archive& archive, blob::BlobStore& store,
             std::function<Status(uint64_t bytes)> on_bytes);

  // Stores the file and says what became of it. Media are kept inflated, so that they can be shown;
  // other files that came deflated are kept as they came. Damage is a fate (kBroken, what could be
  // read is kept) and an issue. Errors: kUnavailable (the disk is full), kCancelled.
  struct Stored {
    account::OriginalFile file;
    std::optional<account::Issue> issue;
  };
  Result<Stored> Store(const ReceivedFile& file);

 private:
  struct Content;
  Result<Content> Copy(size_t entry, blob::Encoding encoding);

  const zip::Archive& archive_;
  blob::BlobStore& store_;
  std::function<Status(uint64_t)> on_bytes_;
  std::vector<std::byte> buffer_;
  Hasher hasher_;
};

// The archive-declared number that tells whether a file is the one of an interrupted import: the
// ZIP's CRC, else the time.
uint64_t StampOf(const zip::ArchiveEntry& entry);

}  // namespace valise::imports
