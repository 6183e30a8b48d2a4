// Uploads: files that people send in pieces, over hours or days, and that wait to be taken in
// (docs/formats/uploads.md).
//
// Thread safety: every method from any thread; an UploadWriter belongs to one thread at a time.
// Durability: an offset that anyone was told is on disk: bytes are synced before it is written at
// the desk.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/random.h"
#include "base/time.h"
#include "bring/upload_table.h"

namespace valise::bring {

struct UploadOptions {
  fs::path folder;
  size_t max_waiting = 200;           // of one user
  uint64_t max_total = 4ull << 40;    // bytes, announced by one user's waiting uploads together
  uint64_t keep_free = 256ull << 20;  // bytes of the disk that uploads leave alone
  std::chrono::milliseconds life{std::chrono::hours{24 * 7}};  // after the last byte
};

struct NewUpload {
  std::string account_id;
  std::string user_id;
  std::string name;  // as the sender calls the file; made safe
  uint64_t length = 0;
};

// One run of bytes on its way into an upload.
class UploadWriter {
 public:
  struct Slot;  // internal
  explicit UploadWriter(std::shared_ptr<Slot> slot) : slot_(std::move(slot)) {}
  // Keeps what came, unless it counts only as a whole.
  ~UploadWriter();
  UploadWriter(const UploadWriter&) = delete;
  UploadWriter& operator=(const UploadWriter&) = delete;

  // Errors: kLimitExceeded (more than announced), kConflict (another connection goes on with this
  // upload), kUnavailable (the disk).
  Status Write(Bytes bytes);
  // Makes everything durable; returns the new offset. Errors: as Write.
  Result<uint64_t> Finish();
  // Nothing that came after the last durable offset counts.
  void Discard();

 private:
  std::shared_ptr<Slot> slot_;
};

class Uploads {
 public:
  struct Ports {
    sql::Database& database;
    const Clock& clock;
    Random& random;
  };
  static Result<std::unique_ptr<Uploads>> Open(const Ports& ports, UploadOptions options);

  // Errors: kRateLimited (too many wait), kLimitExceeded (too long), kUnavailable (no room on the
  // disk).
  Result<Upload> Create(const NewUpload& wanted);
  // Errors: kNotFound, kGone (it has ended or run out).
  Result<Upload> Get(std::string_view id) const;
  // Those that wait, newest first.
  Result<std::vector<Upload>> OfAccount(std::string_view account_id) const;

  // Ends whatever run still writes to it; then its offset is where to go on. Errors: as Get.
  Result<Upload> Settle(std::string_view id);
  // A run from `offset`; ends one that is under way. `only_whole`: what came counts once Finish()
  // is called. Errors: as Get; kConflict (not the offset, or an import has it), kUnavailable.
  Result<std::unique_ptr<UploadWriter>> Write(std::string_view id, uint64_t offset,
                                              bool only_whole);
  // Its bytes are gone. Ending again is fine.
  Status End(std::string_view id);

  // For an import. REQUIRES: inside a transaction, each settled before: all are taken or none.
  // Errors: as Get; kConflict (one is not complete or is taken).
  Status Take(std::span<const std::string> ids);
  // What an import did not use after all can be used again.
  Status GiveBack(std::span<const std::string> ids);
  // After a crash: ends those that are taken, but not by anything that goes on.
  Status EndTakenExcept(const std::set<std::string, std::less<>>& used);
  fs::path PathOf(const Upload& upload) const;

  // Ends what has run out, and removes what a crash left.
  Status Sweep();
  // OK if the disk takes `bytes` more. Errors: kUnavailable, in words for people.
  Status CheckRoom(uint64_t bytes) const;
  const UploadOptions& options() const { return options_; }

 private:
  Uploads(const Ports& ports, UploadOptions options)
      : ports_(ports), options_(std::move(options)), table_(ports.database) {}
  bool IsOver(const Upload& upload) const;
  void StopWriting(std::string_view id);

  Ports ports_;
  UploadOptions options_;
  UploadTable table_;
  std::mutex mutex_;  // guards writing_
  std::map<std::string, std::weak_ptr<UploadWriter::Slot>, std::less<>> writing_;
};

// A file name that is safe as one: no folders, no controls, 1 to 200 bytes of UTF-8.
std::string SafeName(std::string_view name);

}  // namespace valise::bring
