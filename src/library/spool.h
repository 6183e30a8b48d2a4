// The spool: records of an import on their way, in an unnamed file, grouped by bucket.
//
// Memory holds one buffer a sink and one descriptor a run (≈ 256 KiB of records); what stands in a
// bucket is loaded when the bucket is sealed. Thread safety: Spool from any thread; a SpoolWriter
// belongs to one. Lifetime: the spool outlives its writers.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "library/streams.h"

namespace valise::library {

// One spooled record. Its line is canonical JSON, without key unless it came with one.
struct SpoolEntry {
  int64_t time = 0;     // ms; kNoTime. Decides the place among documents
  uint64_t offset = 0;  // of the line
  uint32_t length = 0;
  uint32_t file = 0;
  uint32_t index = 0;
  // It has evidence or a missing medium: a document that holds it cannot be made from its bytes
  // alone.
  bool needs_look = false;
  static constexpr int64_t kNoTime = INT64_MIN;
};

class Spool {
 public:
  // Errors: kUnavailable.
  static Result<std::unique_ptr<Spool>> Make(const fs::path& folder);

  // The buckets that have records, in order, with how many.
  std::vector<std::pair<Bucket, uint64_t>> Buckets() const;
  // The entries of a bucket, in the order of (time, file, index).
  Result<std::vector<SpoolEntry>> Load(const Bucket& bucket) const;
  // The lines of `entries` (any order), appended to `buffer`; lines[i] is where that of entries[i]
  // begins.
  Status ReadLines(std::span<const SpoolEntry> entries, std::string& buffer,
                   std::vector<size_t>& lines) const;

 private:
  friend class SpoolWriter;
  explicit Spool(File file) : file_(std::move(file)) {}
  struct Run {
    uint64_t offset = 0;
    uint32_t records = 0;
    uint32_t file = 0;
    uint64_t bytes = 0;  // of its lines
  };
  struct Place {
    std::vector<Run> runs;
    uint64_t records = 0;
  };

  const File file_;
  std::atomic<uint64_t> end_ = 0;
  mutable std::mutex mutex_;
  std::map<Bucket, Place> places_;
};

// Writes the records of one file.
class SpoolWriter {
 public:
  SpoolWriter(Spool& spool, uint32_t file) : spool_(spool), file_(file) {}
  // Errors: kUnavailable (disk full).
  Status Add(const Bucket& bucket, int64_t time, uint32_t index, bool needs_look,
             std::string_view line);
  Status Flush();

 private:
  struct Buffer {
    std::string heads;
    std::string lines;
    uint32_t records = 0;
  };
  Spool& spool_;
  const uint32_t file_;
  std::map<Bucket, Buffer> buffers_;
  std::map<Bucket, Buffer>::iterator latest_ =
      buffers_.end();  // records of one bucket follow each other
  size_t buffered_ = 0;
};

}  // namespace valise::library
