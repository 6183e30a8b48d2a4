// Stream: one NDJSON stream of a service, from lines to journals (docs/formats/ingest.md).
//
// Lines are taken in batches; a batch is appended to the journals of its accounts, made durable
// with one sync, and only then its cursor is kept. Thread safety: a Stream belongs to one thread at
// a time, a Streams to all. Durability: what the kept cursor says. Memory: kStagedBytes and the
// longest line, whatever the length of the stream.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "auth/services.h"
#include "ingest/line.h"
#include "ingest/line_splitter.h"
#include "ingest/member_accounts.h"
#include "jobs/queue.h"

namespace valise::ingest {

inline constexpr size_t kMaxRefusedTold = 1000;
inline constexpr size_t kMaxRefusedKept = 100;  // at the desk, of streams that broke
// What is held in memory, and what is written but not yet durable, before a batch ends.
inline constexpr uint64_t kStagedBytes = 2u << 20;
inline constexpr uint64_t kBatchBytes = 8u << 20;
// A journal that is longer is sealed before more is taken.
inline constexpr uint64_t kMaxWaiting = 64u << 20;
// How long after a change an account is sealed, when nothing asks for it before.
inline constexpr std::chrono::milliseconds kSealAfter{2'000};
inline constexpr std::string_view kSealJob = "seal";

struct RefusedLine {
  uint64_t line = 0;
  std::string cursor;  // may be empty
  Error error;
};

// What the answer tells.
struct StreamSummary {
  std::optional<std::string> cursor;  // the last durable one
  uint64_t lines = 0, applied = 0, refused = 0;
  std::vector<RefusedLine> told;  // the first kMaxRefusedTold
};

// As JSON: [{"line","cursor"?,"code","message"}…].
std::string ToJson(std::span<const RefusedLine> lines);

class Stream;

// The streams of all services.
class Streams {
 public:
  struct Ports {
    sql::Database& database;
    jobs::Queue& queue;
    auth::Services& services;
    MemberAccounts& members;
    const Clock& clock;
    // Seals all that waits of an account; waits a while for an import to end, then kConflict.
    std::function<Status(std::string_view account_id)> seal;
  };
  explicit Streams(Ports ports) : ports_(std::move(ports)) {}

  // Begins a stream of that name; an older one of the same name ends at its next batch. Errors:
  // kInvalidArgument (the name).
  Result<std::unique_ptr<Stream>> Begin(const auth::Service& service, std::string_view name);

  // One change, durable when this returns. Errors: kNotFound (no such account of this service),
  // kUnavailable (its journal is being sealed; also a full disk).
  Status Apply(const auth::Service& service, std::string_view external_id,
               const library::Change& change);
  // Everything that was handed over of that account is in its head when this returns. Errors:
  // kUnavailable (also while an import runs).
  Status SealNow(std::string_view account_id);
  // A blob has come that records may have named before.
  Status BlobArrived(const MemberAccounts::Found& account, const Digest& digest);

 private:
  friend class Stream;
  // Whose turn it is among streams of one name.
  struct Turn {
    std::mutex mutex;
    uint64_t newest = 0;
  };
  Status AskToSeal(std::string_view account_id, Timestamp due);

  Ports ports_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Turn>, std::less<>> turns_;
};

class Stream {
 public:
  // Takes what came. Blocks while a batch is made durable or an account is sealed. Errors (the
  // stream ends): kConflict (a newer stream of this name), kUnavailable.
  Status Write(Bytes bytes);
  // The body has ended. Errors: as Write.
  Result<StreamSummary> Finish();
  // As far as it came; for the answer when it ended with an error.
  StreamSummary Summary() const;

 private:
  friend class Streams;
  struct Handle {
    auth::ServiceAccount account;
    std::shared_ptr<library::Live> live;
    std::vector<library::Change> staged;
    bool is_unsynced = false;
    std::optional<Timestamp> asked_to_seal;
  };
  Stream(Streams& streams, auth::Service service, std::string name,
         std::shared_ptr<Streams::Turn> turn, auth::Services::Place place);

  Status TakeLine(const LineSplitter::Line& line);
  Status ApplyLine(Line& line);
  Status Stage(Line& line, size_t bytes);
  void RefuseLine(uint64_t number, std::string_view cursor, const Error& error);
  Result<Handle*> Find(const std::string& external_id);
  // REQUIRES: no stream of this name is newer (the turn is held).
  Status AppendStaged();
  Status SyncAll();
  Status KeepPlace();
  Status Append();
  Status Flush();
  Status SealLong();
  Status CheckTurn() const;

  Streams& streams_;
  auth::Service service_;
  std::string name_;
  std::shared_ptr<Streams::Turn> turn_;
  uint64_t number_ = 0;
  auth::Services::Place place_;  // as it is at the desk
  std::optional<std::string> cursor_;
  LineSplitter splitter_;
  LineParser parser_;
  std::unordered_map<std::string, Handle> handles_;
  uint64_t erasures_ = 0;
  uint64_t staged_bytes_ = 0, unsynced_bytes_ = 0;
  StreamSummary summary_;
  std::vector<RefusedLine> newest_refused_;  // at most kMaxRefusedKept
  bool place_changed_ = false;
};

}  // namespace valise::ingest
