#include "ingest/stream.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/json_writer.h"

namespace valise::ingest {
namespace {

// A piece this short says that the sender waits: what came is made durable now. After longer ones
// more is to come at once, and one sync serves for both.
constexpr size_t kShortPiece = 32u << 10;
constexpr size_t kMaxHandles = 10'000;
constexpr std::chrono::milliseconds kAskAgain{1'000};
static_assert(kAskAgain < kSealAfter, "a job that was asked for lately is still to come");

Error TooLong() {
  return {ErrorCode::kLimitExceeded, fmt::format("longer than {} bytes", kMaxLine)};
}

// What is the fault of the line; all else ends the stream.
bool IsOfTheLine(const Error& error) {
  return error.code == ErrorCode::kInvalidArgument || error.code == ErrorCode::kNotFound ||
         error.code == ErrorCode::kUnsupported || error.code == ErrorCode::kLimitExceeded ||
         error.code == ErrorCode::kAlreadyExists;
}

}  // namespace

std::string ToJson(std::span<const RefusedLine> lines) {
  JsonWriter json;
  json.BeginArray();
  for (const RefusedLine& one : lines) {
    json.BeginObject().Member("line", one.line);
    if (!one.cursor.empty()) json.Member("cursor", one.cursor);
    json.Member("code", CodeName(one.error.code)).Member("message", one.error.message).EndObject();
  }
  json.EndArray();
  return json.Take();
}

// ---- Streams ----

Result<std::unique_ptr<Stream>> Streams::Begin(const auth::Service& service,
                                               std::string_view name) {
  if (name.empty() || name.size() > auth::kMaxCursorName) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("a stream's name has 1 to {} bytes", auth::kMaxCursorName));
  }
  std::shared_ptr<Turn> turn;
  {
    const std::lock_guard lock(mutex_);
    auto& place = turns_[fmt::format("{} {}", service.id, name)];
    if (!place) place = std::make_shared<Turn>();
    turn = place;
  }
  // Waits for the batch of an older one, so that it is behind us.
  const std::lock_guard lock(turn->mutex);
  ASSIGN_OR_RETURN(auto place, ports_.services.StreamPlace(service.id, name));
  ++turn->newest;
  return std::unique_ptr<Stream>(
      new Stream(*this, service, std::string(name), std::move(turn), std::move(place)));
}

Status Streams::AskToSeal(std::string_view account_id, Timestamp due) {
  return ports_.queue.Put(
      {.kind = std::string(kSealJob), .subject = std::string(account_id), .due = due});
}

Status Streams::Apply(const auth::Service& service, std::string_view external_id,
                      const library::Change& change) {
  const Timestamp now = ports_.clock.Now();
  const auto lock = ports_.members.Hold();
  ASSIGN_OR_RETURN(const auto found, ports_.members.Find(service, external_id));
  if (found.live->waiting_bytes() > kMaxWaiting) {
    RETURN_IF_ERROR(AskToSeal(found.account.account_id, now));
    ports_.queue.Wake();
    return Fail(ErrorCode::kUnavailable, "the account is being sealed; try again soon");
  }
  RETURN_IF_ERROR(found.live->Append({&change, 1}));
  RETURN_IF_ERROR(found.live->Sync());
  return AskToSeal(found.account.account_id, now + kSealAfter);
}

Status Streams::SealNow(std::string_view account_id) {
  const Status sealed = ports_.seal(account_id);
  if (sealed.has_value() || sealed.error().code != ErrorCode::kConflict) return sealed;
  return Fail(ErrorCode::kUnavailable, "the account is being imported into; try again later");
}

Status Streams::BlobArrived(const MemberAccounts::Found& account, const Digest& digest) {
  RETURN_IF_ERROR(account.live->BlobArrived(digest));
  return AskToSeal(account.account.account_id, ports_.clock.Now() + kSealAfter);
}

// ---- Stream ----

Stream::Stream(Streams& streams, auth::Service service, std::string name,
               std::shared_ptr<Streams::Turn> turn, auth::Services::Place place)
    : streams_(streams),
      service_(std::move(service)),
      name_(std::move(name)),
      turn_(std::move(turn)),
      number_(turn_->newest),
      place_(std::move(place)) {
  cursor_ = place_.cursor;
}

Status Stream::Write(Bytes bytes) {
  RETURN_IF_ERROR(splitter_.Feed(
      AsText(bytes), [this](const LineSplitter::Line& line) { return TakeLine(line); }));
  if (bytes.size() <= kShortPiece) return Flush();
  return {};
}

Result<StreamSummary> Stream::Finish() {
  RETURN_IF_ERROR(splitter_.End([this](const LineSplitter::Line& line) { return TakeLine(line); }));
  RETURN_IF_ERROR(Flush());
  // All that was refused is told in the answer.
  const std::lock_guard lock(turn_->mutex);
  if (turn_->newest == number_ && !place_.refused.empty()) {
    place_.refused.clear();
    RETURN_IF_ERROR(streams_.ports_.services.SetStreamPlace(service_.id, name_, place_));
  }
  return Summary();
}

StreamSummary Stream::Summary() const {
  StreamSummary summary = summary_;
  summary.cursor = place_.cursor;
  summary.lines = splitter_.lines();
  return summary;
}

Status Stream::TakeLine(const LineSplitter::Line& line) {
  if (line.is_too_long) {
    RefuseLine(line.number, "", TooLong());
    return {};
  }
  ParsedLine parsed = parser_.Parse(line.text);
  Status applied = parsed.line.has_value() ? Status{} : std::unexpected(parsed.line.error());
  if (applied.has_value()) {
    applied = parsed.line->op == Line::Op::kPut || parsed.line->op == Line::Op::kDelete
                  ? Stage(*parsed.line, line.text.size())
                  : ApplyLine(*parsed.line);
  }
  if (!applied.has_value() && !IsOfTheLine(applied.error())) return applied;
  if (applied.has_value()) {
    ++summary_.applied;
  } else {
    RefuseLine(line.number, parsed.cursor.value_or(""), applied.error());
  }
  if (parsed.cursor) {
    cursor_ = std::move(parsed.cursor);
    place_changed_ = true;
  }
  return staged_bytes_ + unsynced_bytes_ >= kBatchBytes ? Flush() : Status{};
}

// What is not a record is done at once, after all that stood before it.
Status Stream::ApplyLine(Line& line) {
  MemberAccounts& members = streams_.ports_.members;
  const std::string& account = line.accounts.front();
  if (line.op == Line::Op::kAccount) {
    RETURN_IF_ERROR(CheckTurn());
    RETURN_IF_ERROR(members.Put(service_, account, line.words));
    return {};
  }
  RETURN_IF_ERROR(Flush());
  handles_.erase(account);
  return members.Erase(service_, account);
}

Status Stream::Stage(Line& line, size_t bytes) {
  std::vector<Handle*> handles;
  handles.reserve(line.accounts.size());
  for (const std::string& account : line.accounts) {
    ASSIGN_OR_RETURN(Handle * handle, Find(account));
    handles.push_back(handle);
  }
  for (Handle* handle : handles) {
    if (handle == handles.back()) {
      handle->staged.push_back(std::move(line.change));
    } else {
      handle->staged.push_back(line.change);
    }
    staged_bytes_ += bytes;
    if (staged_bytes_ >= kStagedBytes) RETURN_IF_ERROR(Append());
  }
  return {};
}

void Stream::RefuseLine(uint64_t number, std::string_view cursor, const Error& error) {
  ++summary_.refused;
  const RefusedLine refused{.line = number, .cursor = std::string(cursor), .error = error};
  if (summary_.told.size() < kMaxRefusedTold) summary_.told.push_back(refused);
  if (newest_refused_.size() == kMaxRefusedKept) newest_refused_.erase(newest_refused_.begin());
  newest_refused_.push_back(refused);
  place_changed_ = true;
}

Result<Stream::Handle*> Stream::Find(const std::string& external_id) {
  const auto known = handles_.find(external_id);
  if (known != handles_.end()) return &known->second;
  if (!auth::IsExternalId(external_id)) {
    return Fail(ErrorCode::kNotFound, "no account has such an id");
  }
  const auto lock = streams_.ports_.members.Hold();
  ASSIGN_OR_RETURN(auto found, streams_.ports_.members.Find(service_, external_id));
  Handle handle{.account = std::move(found.account),
                .live = std::move(found.live),
                .staged = {},
                .is_unsynced = false,
                .asked_to_seal = {}};
  return &handles_.emplace(external_id, std::move(handle)).first->second;
}

Status Stream::CheckTurn() const {
  if (turn_->newest == number_) return {};
  return Fail(ErrorCode::kConflict, "a newer stream of this name has begun");
}

Status Stream::Append() {
  const std::lock_guard lock(turn_->mutex);
  RETURN_IF_ERROR(CheckTurn());
  return AppendStaged();
}

Status Stream::AppendStaged() {
  MemberAccounts& members = streams_.ports_.members;
  const auto lock = members.Hold();
  const bool is_stale = members.erasures() != erasures_;
  for (auto& [external_id, handle] : handles_) {
    if (handle.staged.empty()) continue;
    if (is_stale) {
      const auto found = members.Find(service_, external_id);
      if (!found.has_value() && found.error().code != ErrorCode::kNotFound) {
        return std::unexpected(found.error());
      }
      if (!found.has_value()) {
        handle.staged.clear();  // erased meanwhile: so would these have been
        continue;
      }
      handle.account = found->account;
      handle.live = found->live;
    }
    RETURN_IF_ERROR(handle.live->Append(handle.staged));
    handle.staged.clear();
    handle.is_unsynced = true;
  }
  erasures_ = members.erasures();
  unsynced_bytes_ += staged_bytes_;
  staged_bytes_ = 0;
  return {};
}

Status Stream::SyncAll() {
  std::vector<library::Live*> lives;
  for (auto& [id, handle] : handles_) {
    if (handle.is_unsynced) lives.push_back(handle.live.get());
  }
  if (lives.empty()) return {};
  return library::Live::SyncAll(lives);
}

// The seal jobs and the cursor in one transaction: what is durable will be sealed.
Status Stream::KeepPlace() {
  const Timestamp now = streams_.ports_.clock.Now();
  bool is_asked = false;
  auth::Services::Place next{.cursor = cursor_, .refused = {}};
  if (!newest_refused_.empty()) next.refused = ToJson(newest_refused_);
  Status kept = streams_.ports_.database.InTransaction([&]() -> Status {
    for (auto& [id, handle] : handles_) {
      if (!handle.is_unsynced) continue;
      if (handle.asked_to_seal && now - *handle.asked_to_seal < kAskAgain) continue;
      RETURN_IF_ERROR(streams_.AskToSeal(handle.account.account_id, now + kSealAfter));
      is_asked = true;
    }
    if (!place_changed_) return {};
    return streams_.ports_.services.SetStreamPlace(service_.id, name_, next);
  });
  RETURN_IF_ERROR(kept);
  if (std::exchange(place_changed_, false)) place_ = std::move(next);
  for (auto& [id, handle] : handles_) {
    if (!handle.is_unsynced) continue;
    if (!handle.asked_to_seal || now - *handle.asked_to_seal >= kAskAgain) {
      handle.asked_to_seal = now;
    }
  }
  if (is_asked) streams_.ports_.queue.Wake();
  return {};
}

Status Stream::Flush() {
  {
    const std::lock_guard lock(turn_->mutex);
    RETURN_IF_ERROR(CheckTurn());
    if (staged_bytes_ > 0) RETURN_IF_ERROR(AppendStaged());
    RETURN_IF_ERROR(SyncAll());
    if (unsynced_bytes_ > 0 || place_changed_) RETURN_IF_ERROR(KeepPlace());
  }
  RETURN_IF_ERROR(SealLong());
  for (auto& [id, handle] : handles_) handle.is_unsynced = false;
  unsynced_bytes_ = 0;
  if (handles_.size() > kMaxHandles) handles_.clear();
  return {};
}

// Back-pressure: nothing more is read from the connection meanwhile.
Status Stream::SealLong() {
  for (auto& [id, handle] : handles_) {
    if (!handle.is_unsynced || handle.live->waiting_bytes() <= kMaxWaiting) continue;
    RETURN_IF_ERROR(streams_.SealNow(handle.account.account_id));
  }
  return {};
}

}  // namespace valise::ingest
