// Live records: what a service hands over as it happens waits in a journal of the account and is
// sealed in batches (docs/formats/live-journal.md).
//
// Thread safety: every method from any thread. Durability: what was appended survives the process
// at once, and a crash of the machine after Sync(); Seal() may be killed at any instant and done
// again. One server at a time appends to an account (its serve.lock). Memory: a few hundred bytes;
// no descriptor is held.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "account/records.h"
#include "library/erase.h"
#include "library/library.h"

namespace valise::library {

// What a service tells of one record.
struct Change {
  enum class What : uint8_t { kPut, kDelete } what = What::kPut;
  account::Kind kind{};
  std::string id;  // the service's own; becomes the evidence "id:<id>"
  // Of a put. Key, evidence and provenance are not looked at. A message's conversation is the
  // service's id of it; it need not have been put itself.
  std::optional<account::Record> record;
  std::string version;  // the service's own, may be empty; kept for LiveMarkOf()
};

// What a record says of the service that put it. `id` without "id:".
struct LiveMark {
  std::string_view id;  // part of the record
  std::string version;
  Timestamp time{};  // when it was put last
};
// nullopt: no service put it.
std::optional<LiveMark> LiveMarkOf(const account::Record& record);
// "id:<id>"
std::string LiveEvidence(std::string_view id);

// At most so many bytes has one change as JSON.
inline constexpr uint64_t kMaxLiveRecord = 4u << 20;

class Live {
 public:
  // Of the account whose folder that is (Library::folder()). What an earlier process left waits
  // still. `clock` must outlive this. Errors: kUnavailable.
  static Result<std::unique_ptr<Live>> Open(const fs::path& account_folder, const Clock& clock);
  ~Live();

  // In order: what comes later wins. Either all are in the journal or none. A put replaces the
  // record of that kind and id wholly; a deleted conversation goes with its messages; a delete of
  // what is not there does nothing. Errors: kInvalidArgument (a put without a record or with one of
  // another kind, an id that is empty, a delete of the profile), kLimitExceeded, kUnavailable (disk
  // full).
  Status Append(std::span<const Change> changes);
  // A blob is here now that records may have named before: they show it from the next Seal() on.
  // Cheap; to be called after every blob that is put.
  Status BlobArrived(const Digest& digest);
  // Makes what was appended durable.
  Status Sync();
  // The same for many: one sync of the file system when that is cheaper. All in one data folder.
  static Status SyncAll(std::span<Live* const> lives);

  bool IsEmpty() const { return waiting_bytes() == 0; }
  uint64_t waiting_bytes() const;
  std::optional<Timestamp> oldest() const;  // when what waits longest was appended
  std::optional<Timestamp> newest() const;

  struct Sealed {
    uint64_t added = 0, changed = 0, removed = 0;
    uint64_t refused = 0;        // their owner has forgotten them
    std::optional<Digest> head;  // the new one; none: nothing changed
  };
  struct SealOptions {
    // Told of what deletes take away, before the new head is committed and again after (then what
    // held it in between is found too): requests that hold it must be cancelled, blobs swept. Its
    // error stops the seal; all is tried again by the next.
    std::function<Status(const Erased&)> on_erase;
    // How long to wait for an import or another change to end. 0: not at all.
    std::chrono::milliseconds wait{0};
  };
  // Seals all that waits into a new head of `library`, which is of the same account. Appending goes
  // on meanwhile. Errors: kConflict (an import or another change is running), kCorrupt,
  // kUnavailable; what waited still waits.
  Result<Sealed> Seal(Library& library, const SealOptions& options);
  Result<Sealed> Seal(Library& library) { return Seal(library, {}); }

 private:
  struct State;
  explicit Live(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The journals of all accounts of one server.
class Lives {
 public:
  // Both must outlive this.
  Lives(fs::path data, const Clock& clock) : data_(std::move(data)), clock_(clock) {}

  // Opens it when it is not open yet. Errors: kUnavailable.
  Result<std::shared_ptr<Live>> Get(std::string_view account_id);
  // Those that have something waiting on disk, at a start.
  Result<std::vector<std::string>> Waiting() const;
  // Of an account that is erased.
  void Close(std::string_view account_id);

 private:
  const fs::path data_;
  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Live>, std::less<>> open_;
};

}  // namespace valise::library
