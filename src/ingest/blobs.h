// Blobs as a service sends them: whole or in parts, checked against their digest.
//
// Thread safety: a BlobIntake belongs to one thread; only one at a time receives a blob of an
// account. Durability: a blob is durable when Finish() says that it is here; parts that came
// survive a broken connection, not necessarily a crash of the machine.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "library/library.h"

namespace valise::ingest {

inline constexpr uint64_t kMaxBlob = 16ull << 30;
inline constexpr size_t kMaxMissingAsked = 10'000;

// "bytes 5-9/20" (RFC 9110 §14.4).
struct ContentRange {
  uint64_t first = 0, last = 0, total = 0;
  // Errors: kInvalidArgument.
  static Result<ContentRange> Parse(std::string_view text);
  bool operator==(const ContentRange&) const = default;
};

struct BlobState {
  bool is_here = false;
  std::optional<uint64_t> size;  // when it is here as it came
  std::string type;              // sniffed, "" unknown
  uint64_t received = 0;         // bytes of a part that came, when it is not here
};
// Errors: kUnavailable.
Result<BlobState> LookAtBlob(const library::Library& library, const Digest& digest);

// Those that are not here, in their order. Errors: kUnavailable.
Result<std::vector<Digest>> MissingBlobs(const library::Library& library,
                                         std::span<const Digest> digests);

class BlobIntake {
 public:
  // Of a whole blob, or of the part that `range` says. Parts lie in <account folder>/incoming/;
  // those that nothing was added to for a day are dropped on the way.
  // Errors: kConflict (another connection sends the same blob, or the part does not begin where the
  // last one ended), kLimitExceeded, kUnavailable.
  static Result<std::unique_ptr<BlobIntake>> Begin(std::shared_ptr<library::Library> library,
                                                   const Digest& digest,
                                                   const std::optional<ContentRange>& range);
  // Errors: kInvalidArgument (more than the range says), kLimitExceeded, kUnavailable.
  Status Write(Bytes bytes);
  // What the state is now: here, or a part. Errors: kCorrupt (the bytes are not what the digest
  // says; they are dropped), kInvalidArgument (fewer than the range says), kUnavailable.
  Result<BlobState> Finish();

 private:
  BlobIntake(std::shared_ptr<library::Library> library, const Digest& digest, fs::path path)
      : library_(std::move(library)), digest_(digest), path_(std::move(path)) {}
  Status OpenPart();
  Status WritePart(Bytes bytes);
  Result<BlobState> KeepSmall();
  Result<BlobState> KeepPart();

  std::shared_ptr<library::Library> library_;
  Digest digest_;
  fs::path path_;  // of the part
  std::optional<ContentRange> range_;
  std::string small_;             // all that came, as long as it is little
  std::optional<FileLock> lock_;  // of the part
  std::optional<File> part_;
  uint64_t size_ = 0;  // bytes that came, parts before included
};

}  // namespace valise::ingest
