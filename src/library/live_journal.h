// The form of the live journal: frames in segments (docs/formats/live-journal.md).
//
// Internal to the room. Thread safety: pure functions; a SegmentReader belongs to one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account/records.h"
#include "base/file.h"

namespace valise::library {

// One frame. Strings are borrowed.
struct LiveFrame {
  enum class What : uint8_t { kPut = 1, kDelete = 2, kBlob = 3 } what = What::kPut;
  account::Kind kind{};
  bool names_media = false;   // of a put: it has media items
  int64_t time = 0;           // of a put: ms; SpoolEntry::kNoTime
  int64_t appended = 0;       // ms
  uint64_t name = 0;          // of puts and deletes: LiveName()
  std::string_view group;     // of a put: Bucket::group; of a message its conversation's evidence
  std::string_view line;      // of a put: the record
  std::string_view evidence;  // of a delete
  Digest digest;              // of a blob
};
inline constexpr uint64_t kMaxFrame = 5u << 20;

// What tells frames of one record: kind and evidence, hashed.
uint64_t LiveName(account::Kind kind, std::string_view evidence);

void AppendFrame(std::string& to, const LiveFrame& frame);
// Errors: kCorrupt.
Result<LiveFrame> ParseFrame(std::string_view payload);

// The first bytes of a segment.
std::string SegmentHeader(Timestamp begun);
inline constexpr uint64_t kSegmentHeader = 24;

// Where an account's segments are, in its folder.
inline constexpr std::string_view kLiveFolder = "live";
fs::path SegmentPath(const fs::path& folder, uint64_t number);
// The numbers of those that are there, in order; none when there is no folder.
Result<std::vector<uint64_t>> ListSegments(const fs::path& folder);

// Reads a segment from its beginning to its end, or to the first frame that is torn.
class SegmentReader {
 public:
  static Result<SegmentReader> Open(const fs::path& path);
  // nullopt: the header is torn, there is nothing.
  std::optional<Timestamp> begun() const { return begun_; }
  // nullopt: the end. What is borrowed lives until the next call. Errors: kCorrupt (a frame with a
  // good checksum that is none: of a newer Valise), kUnavailable.
  Result<std::optional<LiveFrame>> Next();

 private:
  explicit SegmentReader(File file) : file_(std::move(file)) {}
  // Makes at least `bytes` be in the buffer, if there are as many.
  Result<bool> Fill(size_t bytes);

  File file_;
  std::optional<Timestamp> begun_;
  std::string buffer_;
  size_t at_ = 0;        // in the buffer
  uint64_t offset_ = 0;  // in the file, of the buffer's end
};

}  // namespace valise::library
