// An archive as received: one or more ZIP files (the parts of one archive) or a folder, read
// without trust.
//
// Thread safety: const methods may be called from any number of threads; an EntryReader belongs to
// one. Lifetime: readers must not outlive their Archive.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/file.h"
#include "base/result.h"
#include "base/time.h"

namespace valise::zip {

enum class Method : uint8_t { kStored = 0, kDeflate = 8 };

// A file in an archive. `path` is relative, UTF-8, "/"-separated, free of "..", NUL and drive
// letters; directories are not listed.
struct ArchiveEntry {
  std::string path;
  uint64_t size = 0;         // inflated
  uint64_t stored_size = 0;  // as it lies in the archive
  Method method = Method::kStored;
  std::optional<uint32_t> crc;  // declared by the ZIP; none in a folder
  Timestamp modified{};
  uint32_t part = 0;  // which of the given files
};

// An entry that cannot be read, and why; the rest of the archive goes on.
struct RefusedEntry {
  std::string path;  // as well as it can be shown: valid UTF-8, at most 1,024 bytes
  uint32_t part = 0;
  Error error;  // kUnsupported (encrypted, method, symlink), kCorrupt, kLimitExceeded,
                // kInvalidArgument (name)
};

// Reads the inflated bytes of one entry in order. After the last byte the size and the CRC have
// been checked.
class EntryReader {
 public:
  virtual ~EntryReader() = default;
  // Fills as much of `out` as there is; 0 means the end. Errors: kCorrupt (CRC, size, deflate),
  // kUnavailable.
  virtual Result<size_t> Read(MutableBytes out) = 0;
  // The same, and calls `stored` with the bytes as they lie in the archive, before they are
  // inflated: so that a deflate stream can be kept as it came while it is being checked. For a
  // stored entry both are the same bytes.
  virtual void OnStored(std::function<Status(Bytes)> stored) = 0;
};

// Limits on one archive (reference: formats §5.8). A bomb is refused by name before it is inflated.
struct ArchiveLimits {
  // Of all parts together; each takes about 200 bytes of memory. As many as a bundle may have
  // (docs/formats/plan.md): what is given out can be read again.
  uint64_t entries = 10'000'000;
  uint64_t name_bytes = 4096;
  uint64_t entry_size = 1ull << 42;
  uint64_t total_size = 1ull << 46;
  uint64_t ratio = 1100;  // deflate's own maximum is 1032:1
  size_t parts = 1000;
};

class Archive {
 public:
  virtual ~Archive() = default;
  virtual std::span<const ArchiveEntry> entries() const = 0;
  virtual std::span<const RefusedEntry> refused() const = 0;
  // Errors: kNotFound (index), kCorrupt (local header disagrees), kUnavailable.
  virtual Result<std::unique_ptr<EntryReader>> Open(size_t index) const = 0;
  // The whole entry, in memory: for small ones quicker than a reader. ReadEntry calls it after it
  // has looked at the size. Errors: as EntryReader.
  virtual Result<std::string> ReadWhole(size_t index) const;
};

// Opens ZIP files (all parts of one archive, in any order) or one folder.
// Errors: kNotFound; kInvalidArgument (neither a ZIP nor a folder: the message says what it is);
// kCorrupt (cut off, no central directory, overlapping entries); kLimitExceeded (names the limit).
Result<std::unique_ptr<Archive>> OpenArchive(std::span<const fs::path> parts,
                                             const ArchiveLimits& limits = {});

// The whole entry. Errors: as EntryReader; kLimitExceeded when it is longer than `limit`.
Result<std::string> ReadEntry(const Archive& archive, size_t index, uint64_t limit);

}  // namespace valise::zip
