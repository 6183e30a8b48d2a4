#include "library/live.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "account/record_json.h"
#include "base/failpoint.h"
#include "library/commit.h"
#include "library/keys.h"
#include "library/live_journal.h"
#include "library/live_sealer.h"
#include "library/merge.h"
#include "library/spool.h"

namespace valise::library {
namespace {

constexpr size_t kMaxId = 1024;  // bytes of the service's ids and versions
// A segment is closed when it is larger, so that a seal can work in slices.
constexpr uint64_t kSegmentFrames = 250'000;
constexpr uint64_t kSegmentBytes = 256u << 20;
// From so many journals on one syncfs is cheaper than a sync for each.
constexpr size_t kManyJournals = 3;

constexpr std::string_view kIdEvidence = "id:";

Status Check(const Change& change) {
  if (change.id.empty() || change.id.size() > kMaxId || change.version.size() > kMaxId) {
    return Fail(ErrorCode::kInvalidArgument, "an id has 1 to 1024 bytes, a version at most 1024");
  }
  if (change.what == Change::What::kDelete) {
    if (change.kind == account::Kind::kProfile) {
      return Fail(ErrorCode::kInvalidArgument,
                  "the profile cannot be deleted; put another, or erase the account");
    }
    return {};
  }
  if (!change.record || account::KindOf(*change.record) != change.kind) {
    return Fail(ErrorCode::kInvalidArgument, "a put needs a record of its kind");
  }
  const auto* message = std::get_if<account::Message>(&*change.record);
  if (message != nullptr &&
      (message->conversation.empty() || message->conversation.size() > kMaxId)) {
    return Fail(ErrorCode::kInvalidArgument, "a message needs the id of its conversation");
  }
  return {};
}

Status AppendPut(std::string& to, const Change& change, Timestamp now) {
  account::Record record = *change.record;
  account::Common& common = account::CommonOf(record);
  common.key.reset();
  common.evidence = {LiveEvidence(change.id)};
  common.provenance = {{.import = LiveImport(now, change.version), .file = 0, .index = 0}};
  std::string conversation;
  if (auto* message = std::get_if<account::Message>(&record)) {
    conversation = LiveEvidence(message->conversation);
    message->conversation = ConversationKey(conversation).Hex();
  }
  common.key = KeyOf(BasisOf(record));
  const std::string group = conversation.empty() ? BucketOf(record).group : conversation;
  const std::string line = account::ToJson(record);
  if (line.size() > kMaxLiveRecord) {
    return Fail(ErrorCode::kLimitExceeded, "a record has at most 4 MiB");
  }
  const auto time = account::TimeOf(record);
  AppendFrame(to, {.what = LiveFrame::What::kPut,
                   .kind = change.kind,
                   .names_media = !account::MediaOf(record).empty(),
                   .time = time ? ToMillis(*time) : SpoolEntry::kNoTime,
                   .appended = ToMillis(now),
                   .name = LiveName(change.kind, common.evidence.front()),
                   .group = group,
                   .line = line,
                   .evidence = {},
                   .digest = {}});
  return {};
}

void AppendDelete(std::string& to, const Change& change, Timestamp now) {
  const std::string evidence = LiveEvidence(change.id);
  AppendFrame(to, {.what = LiveFrame::What::kDelete,
                   .kind = change.kind,
                   .appended = ToMillis(now),
                   .name = LiveName(change.kind, evidence),
                   .group = {},
                   .line = {},
                   .evidence = evidence,
                   .digest = {}});
}

}  // namespace

std::string LiveEvidence(std::string_view id) { return std::string(kIdEvidence).append(id); }

std::optional<LiveMark> LiveMarkOf(const account::Record& record) {
  const account::Common& common = account::CommonOf(record);
  const auto evidence = std::ranges::find_if(
      common.evidence, [](const std::string& one) { return one.starts_with(kIdEvidence); });
  if (evidence == common.evidence.end()) return std::nullopt;
  std::optional<LiveMark> mark;
  for (const account::Provenance& from : common.provenance) {
    auto parts = ParseLiveImport(from.import);
    if (!parts || (mark && parts->time < mark->time)) continue;
    mark = {.id = std::string_view(*evidence).substr(kIdEvidence.size()),
            .version = std::move(parts->version),
            .time = parts->time};
  }
  return mark;
}

struct Live::State {
  State(fs::path account_folder, const Clock& by)
      : account(std::move(account_folder)), folder(account / kLiveFolder), clock(by) {}

  struct Segment {
    uint64_t bytes = 0;
    uint64_t frames = 0;
    uint64_t synced = 0;  // so many of its bytes are durable
    Timestamp begun{};
  };

  const fs::path account;
  const fs::path folder;
  const Clock& clock;
  std::mutex seal_mutex;  // one seal at a time; taken before the other

  mutable std::mutex mutex;
  std::map<uint64_t, Segment> segments;  // by number
  uint64_t present = 0;                  // the one that is appended to; 0: the next is begun
  uint64_t last = 0;                     // the highest number that was ever used
  bool folder_is_synced = false;
  std::optional<Timestamp> newest;

  Status Load();
  Status Write(std::string_view frames, uint64_t count);
  // What is to be synced now, by segment, with how long it is.
  std::map<uint64_t, uint64_t> Unsynced() const;
  void MarkSynced(const std::map<uint64_t, uint64_t>& synced);
  std::vector<uint64_t> CloseSegments();
  Status Drop(std::span<const uint64_t> numbers);
};

Status Live::State::Load() {
  ASSIGN_OR_RETURN(const std::vector<uint64_t> numbers, ListSegments(folder));
  for (const uint64_t number : numbers) {
    const fs::path path = SegmentPath(folder, number);
    ASSIGN_OR_RETURN(const SegmentReader reader, SegmentReader::Open(path));
    ASSIGN_OR_RETURN(const File file, File::OpenRead(path));
    ASSIGN_OR_RETURN(const uint64_t size, file.Size());
    last = number;
    newest = reader.begun().value_or(clock.Now());
    segments[number] = {.bytes = std::max<uint64_t>(size, 1), .begun = *newest};
  }
  return {};
}

// REQUIRES: the mutex is held.
Status Live::State::Write(std::string_view frames, uint64_t count) {
  RETURN_IF_ERROR(MakeFolders(folder));
  const Timestamp now = clock.Now();
  std::string with_header;
  const uint64_t number = present != 0 ? present : last + 1;
  Segment segment;
  if (present != 0) {
    segment = segments[number];
  } else {
    segment.begun = now;
    with_header = SegmentHeader(now);
    with_header += frames;
    frames = with_header;
  }
  last = number;
  ASSIGN_OR_RETURN(const File file, File::OpenWrite(SegmentPath(folder, number)));
  if (const Status written = file.WriteAt(segment.bytes, AsBytes(frames)); !written) {
    // Nothing may stand behind a torn frame.
    if (::ftruncate(file.fd(), static_cast<off_t>(segment.bytes)) != 0) present = 0;
    return written;
  }
  failpoint::Pass("live.append");
  segment.bytes += frames.size();
  segment.frames += count;
  segments[number] = segment;
  newest = now;
  present = segment.frames >= kSegmentFrames || segment.bytes >= kSegmentBytes ? 0 : number;
  return {};
}

std::map<uint64_t, uint64_t> Live::State::Unsynced() const {
  const std::lock_guard lock(mutex);
  std::map<uint64_t, uint64_t> unsynced;
  for (const auto& [number, segment] : segments) {
    if (segment.synced < segment.bytes) unsynced[number] = segment.bytes;
  }
  return unsynced;
}

void Live::State::MarkSynced(const std::map<uint64_t, uint64_t>& synced) {
  const std::lock_guard lock(mutex);
  folder_is_synced = true;
  for (const auto& [number, bytes] : synced) {
    if (const auto found = segments.find(number); found != segments.end()) {
      found->second.synced = std::max(found->second.synced, bytes);
    }
  }
}

std::vector<uint64_t> Live::State::CloseSegments() {
  const std::lock_guard lock(mutex);
  present = 0;
  std::vector<uint64_t> numbers;
  for (const auto& [number, segment] : segments) numbers.push_back(number);
  return numbers;
}

// They are in a durable head now.
Status Live::State::Drop(std::span<const uint64_t> numbers) {
  for (const uint64_t number : numbers) {
    RETURN_IF_ERROR(RemoveFile(SegmentPath(folder, number)));
    const std::lock_guard lock(mutex);
    segments.erase(number);
  }
  return SyncFolder(folder);
}

Live::Live(std::unique_ptr<State> state) : state_(std::move(state)) {}
Live::~Live() = default;

Result<std::unique_ptr<Live>> Live::Open(const fs::path& account_folder, const Clock& clock) {
  auto state = std::make_unique<State>(account_folder, clock);
  RETURN_IF_ERROR(state->Load());
  return std::unique_ptr<Live>(new Live(std::move(state)));
}

Status Live::Append(std::span<const Change> changes) {
  if (changes.empty()) return {};
  const Timestamp now = state_->clock.Now();
  std::string frames;
  for (const Change& change : changes) {
    RETURN_IF_ERROR(Check(change));
    if (change.what == Change::What::kPut) {
      RETURN_IF_ERROR(AppendPut(frames, change, now));
    } else {
      AppendDelete(frames, change, now);
    }
  }
  const std::lock_guard lock(state_->mutex);
  return state_->Write(frames, changes.size());
}

Status Live::BlobArrived(const Digest& digest) {
  std::string frame;
  AppendFrame(
      frame,
      {.what = LiveFrame::What::kBlob, .group = {}, .line = {}, .evidence = {}, .digest = digest});
  const std::lock_guard lock(state_->mutex);
  return state_->Write(frame, 1);
}

Status Live::Sync() {
  const auto unsynced = state_->Unsynced();
  if (unsynced.empty()) return {};
  for (const auto& [number, bytes] : unsynced) {
    const Result<File> file = File::OpenRead(SegmentPath(state_->folder, number));
    if (!file && file.error().code == ErrorCode::kNotFound) continue;  // sealed meanwhile
    if (!file) return std::unexpected(file.error());
    RETURN_IF_ERROR(file->Sync());
  }
  RETURN_IF_ERROR(SyncFolder(state_->folder));
  bool folder_is_synced = false;
  {
    const std::lock_guard lock(state_->mutex);
    folder_is_synced = state_->folder_is_synced;
  }
  if (!folder_is_synced) {
    RETURN_IF_ERROR(SyncFolder(state_->account));
    RETURN_IF_ERROR(SyncFolder(state_->account.parent_path()));
  }
  state_->MarkSynced(unsynced);
  return {};
}

Status Live::SyncAll(std::span<Live* const> lives) {
  std::vector<std::pair<Live*, std::map<uint64_t, uint64_t>>> unsynced;
  for (Live* live : lives) {
    auto of_one = live->state_->Unsynced();
    if (!of_one.empty()) unsynced.emplace_back(live, std::move(of_one));
  }
  if (unsynced.size() < kManyJournals) {
    for (const auto& [live, segments] : unsynced) RETURN_IF_ERROR(live->Sync());
    return {};
  }
  RETURN_IF_ERROR(SyncFileSystem(unsynced.front().first->state_->account));
  for (const auto& [live, segments] : unsynced) live->state_->MarkSynced(segments);
  return {};
}

uint64_t Live::waiting_bytes() const {
  const std::lock_guard lock(state_->mutex);
  uint64_t bytes = 0;
  for (const auto& [number, segment] : state_->segments) bytes += segment.bytes;
  return bytes;
}

std::optional<Timestamp> Live::oldest() const {
  const std::lock_guard lock(state_->mutex);
  if (state_->segments.empty()) return std::nullopt;
  return state_->segments.begin()->second.begun;
}

std::optional<Timestamp> Live::newest() const {
  const std::lock_guard lock(state_->mutex);
  return state_->segments.empty() ? std::nullopt : state_->newest;
}

Result<Live::Sealed> Live::Seal(Library& library, const SealOptions& options) {
  const std::lock_guard one(state_->seal_mutex);
  Sealed sum;
  if (IsEmpty()) return sum;
  ASSIGN_OR_RETURN(const SealLock lock, LockForSeal(library, options.wait));
  const std::vector<uint64_t> numbers = state_->CloseSegments();
  std::span<const uint64_t> rest(numbers);
  while (!rest.empty()) {
    std::vector<fs::path> paths;
    for (const uint64_t number : rest) paths.push_back(SegmentPath(state_->folder, number));
    LiveSealer sealer(library, state_->clock, paths);
    ASSIGN_OR_RETURN(const LiveSealer::Outcome outcome, sealer.Run(options.on_erase));
    RETURN_IF_ERROR(state_->Drop(rest.first(outcome.segments)));
    rest = rest.subspan(outcome.segments);
    sum.added += outcome.sealed.added;
    sum.changed += outcome.sealed.changed;
    sum.removed += outcome.sealed.removed;
    sum.refused += outcome.sealed.refused;
    if (outcome.sealed.head) sum.head = outcome.sealed.head;
  }
  return sum;
}

Result<std::shared_ptr<Live>> Lives::Get(std::string_view account_id) {
  const std::lock_guard lock(mutex_);
  if (const auto found = open_.find(account_id); found != open_.end()) return found->second;
  ASSIGN_OR_RETURN(std::shared_ptr<Live> live, Live::Open(data_ / "accounts" / account_id, clock_));
  open_.emplace(account_id, live);
  return live;
}

Result<std::vector<std::string>> Lives::Waiting() const {
  std::vector<std::string> waiting;
  std::error_code error;
  for (fs::directory_iterator at(data_ / "accounts", error), end; !error && at != end;
       at.increment(error)) {
    ASSIGN_OR_RETURN(const auto segments, ListSegments(at->path() / kLiveFolder));
    if (!segments.empty()) waiting.push_back(at->path().filename());
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return std::unexpected(ErrnoError("look for live journals", error.value()));
  }
  return waiting;
}

void Lives::Close(std::string_view account_id) {
  const std::lock_guard lock(mutex_);
  if (const auto found = open_.find(account_id); found != open_.end()) open_.erase(found);
}

}  // namespace valise::library
