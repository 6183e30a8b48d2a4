#include "bring/uploads.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"
#include "base/utf8.h"

namespace valise::bring {
namespace {

// How many bytes may be sent again after a power cut.
constexpr uint64_t kSyncEvery = 32ull << 20;
constexpr std::chrono::hours kKeepEnded{24 * 30};
constexpr size_t kMaxNameBytes = 200;
// An archive is taken in beside itself.
constexpr uint64_t kRoomFactor = 2;

std::string Gigabytes(uint64_t bytes) {
  return fmt::format("{:.1f} GB", static_cast<double>(bytes) / 1e9);
}

}  // namespace

struct UploadWriter::Slot {
  Slot(UploadTable& at, const Clock& by, const UploadOptions& with, Upload what, bool whole)
      : table(at), clock(by), options(with), upload(std::move(what)), only_whole(whole) {}

  UploadTable& table;
  const Clock& clock;
  const UploadOptions& options;
  std::mutex mutex;  // guards what follows
  Upload upload;     // its offset is the durable one
  bool only_whole;
  bool stopped = false;
  File file;
  uint64_t written = 0;  // offset of the next byte

  // REQUIRES: the mutex is held.
  Status Keep() {
    if (written == upload.offset) return {};
    RETURN_IF_ERROR(file.Sync());
    RETURN_IF_ERROR(table.SetOffset(upload.id, written, clock.Now() + options.life));
    upload.offset = written;
    return {};
  }
  void Stop() {
    const std::lock_guard lock(mutex);
    if (std::exchange(stopped, true) || only_whole) return;
    if (const Status kept = Keep(); !kept.has_value()) {
      log::Warn("event=upload_end_not_kept error=\"{}\"", kept.error().message);
    }
  }
};

UploadWriter::~UploadWriter() { slot_->Stop(); }

Status UploadWriter::Write(Bytes bytes) {
  const std::lock_guard lock(slot_->mutex);
  if (slot_->stopped) {
    return Fail(ErrorCode::kConflict, "another connection goes on with this upload");
  }
  if (bytes.size() > slot_->upload.length - slot_->written) {
    return Fail(ErrorCode::kLimitExceeded, "more bytes came than were announced");
  }
  RETURN_IF_ERROR(slot_->file.WriteAt(slot_->written, bytes));
  slot_->written += bytes.size();
  if (slot_->only_whole || slot_->written - slot_->upload.offset < kSyncEvery) return {};
  return slot_->Keep();
}

Result<uint64_t> UploadWriter::Finish() {
  const std::lock_guard lock(slot_->mutex);
  if (std::exchange(slot_->stopped, true)) {
    return Fail(ErrorCode::kConflict, "another connection goes on with this upload");
  }
  RETURN_IF_ERROR(slot_->Keep());
  return slot_->upload.offset;
}

void UploadWriter::Discard() {
  const std::lock_guard lock(slot_->mutex);
  slot_->stopped = true;
}

Result<std::unique_ptr<Uploads>> Uploads::Open(const Ports& ports, UploadOptions options) {
  RETURN_IF_ERROR(MakeFolders(options.folder));
  std::unique_ptr<Uploads> uploads(new Uploads(ports, std::move(options)));
  RETURN_IF_ERROR(uploads->table_.Migrate());
  return uploads;
}

fs::path Uploads::PathOf(const Upload& upload) const {
  return options_.folder / upload.id / upload.name;
}

bool Uploads::IsOver(const Upload& upload) const {
  return upload.state == Upload::State::kEnded ||
         (upload.state == Upload::State::kOpen && upload.expires <= ports_.clock.Now());
}

Status Uploads::CheckRoom(uint64_t bytes) const {
  std::error_code error;
  const fs::space_info space = fs::space(options_.folder, error);
  if (error) return std::unexpected(ErrnoError("look at the disk", error.value()));
  const uint64_t free = space.available - std::min(space.available, options_.keep_free);
  if (bytes <= free) return {};
  return Fail(ErrorCode::kUnavailable,
              fmt::format("the server's disk has no room for this: {} are needed while it is taken "
                          "in, {} are free. Tell whoever runs this server",
                          Gigabytes(bytes), Gigabytes(free)));
}

Result<Upload> Uploads::Create(const NewUpload& wanted) {
  ASSIGN_OR_RETURN(const auto others, table_.OfUser(wanted.user_id));
  uint64_t total = 0, to_come = 0;
  size_t waiting = 0;
  for (const Upload& other : others) {
    if (IsOver(other)) continue;
    ++waiting;
    total += other.length;
    to_come += other.length - other.offset;
  }
  if (waiting >= options_.max_waiting) {
    return Fail(ErrorCode::kRateLimited,
                fmt::format("{} uploads wait already; finish or remove one first", waiting));
  }
  if (wanted.length > options_.max_total - std::min(total, options_.max_total)) {
    return Fail(ErrorCode::kLimitExceeded,
                fmt::format("this server keeps at most {} of one person's archives waiting",
                            Gigabytes(options_.max_total)));
  }
  RETURN_IF_ERROR(CheckRoom(to_come + kRoomFactor * wanted.length));
  const Timestamp now = ports_.clock.Now();
  Upload upload{.id = ports_.random.HexToken(16),
                .account_id = wanted.account_id,
                .user_id = wanted.user_id,
                .name = SafeName(wanted.name),
                .length = wanted.length,
                .created = now,
                .expires = now + options_.life};
  // The file is durably there before the desk knows it; what a crash leaves is swept.
  const fs::path path = PathOf(upload);
  RETURN_IF_ERROR(MakeFolders(path.parent_path()));
  RETURN_IF_ERROR(File::Create(path));
  RETURN_IF_ERROR(SyncFolder(path.parent_path()));
  RETURN_IF_ERROR(SyncFolder(options_.folder));
  RETURN_IF_ERROR(table_.Insert(upload));
  return upload;
}

Result<Upload> Uploads::Get(std::string_view id) const {
  ASSIGN_OR_RETURN(Upload upload, table_.Get(id));
  if (IsOver(upload)) return Fail(ErrorCode::kGone, "this upload has ended");
  return upload;
}

Result<std::vector<Upload>> Uploads::OfAccount(std::string_view account_id) const {
  ASSIGN_OR_RETURN(auto uploads, table_.OfAccount(account_id));
  std::erase_if(uploads, [this](const Upload& one) { return IsOver(one); });
  return uploads;
}

void Uploads::StopWriting(std::string_view id) {
  std::shared_ptr<UploadWriter::Slot> slot;
  {
    const std::lock_guard lock(mutex_);
    const auto found = writing_.find(id);
    if (found == writing_.end()) return;
    slot = found->second.lock();
    writing_.erase(found);
  }
  if (slot) slot->Stop();
}

Result<Upload> Uploads::Settle(std::string_view id) {
  StopWriting(id);
  return Get(id);
}

Result<std::unique_ptr<UploadWriter>> Uploads::Write(std::string_view id, uint64_t offset,
                                                     bool only_whole) {
  ASSIGN_OR_RETURN(Upload upload, Settle(id));
  if (upload.state != Upload::State::kOpen) {
    return Fail(ErrorCode::kConflict, "this upload is being taken in");
  }
  if (upload.offset != offset) {
    return Fail(ErrorCode::kConflict,
                fmt::format("this upload goes on at byte {}, not at {}", upload.offset, offset));
  }
  RETURN_IF_ERROR(CheckRoom(upload.length - upload.offset));
  const auto slot = std::make_shared<UploadWriter::Slot>(table_, ports_.clock, options_,
                                                         std::move(upload), only_whole);
  ASSIGN_OR_RETURN(slot->file, File::OpenWrite(PathOf(slot->upload)));
  slot->written = offset;
  const std::lock_guard lock(mutex_);
  std::erase_if(writing_, [](const auto& one) { return one.second.expired(); });
  if (!writing_.emplace(slot->upload.id, slot).second) {
    return Fail(ErrorCode::kConflict, "another connection goes on with this upload");
  }
  return std::make_unique<UploadWriter>(slot);
}

Status Uploads::End(std::string_view id) {
  StopWriting(id);
  ASSIGN_OR_RETURN(const Upload upload, table_.Get(id));
  if (upload.state != Upload::State::kEnded) {
    RETURN_IF_ERROR(table_.SetState(id, upload.state, Upload::State::kEnded, ports_.clock.Now()));
  }
  std::error_code ignored;  // the sweep tries again
  fs::remove_all(options_.folder / upload.id, ignored);
  return {};
}

Status Uploads::Take(std::span<const std::string> ids) {
  for (const std::string& id : ids) {
    ASSIGN_OR_RETURN(const Upload upload, Get(id));
    if (!upload.complete()) {
      return Fail(ErrorCode::kConflict, "one of the files has not come entirely yet");
    }
    RETURN_IF_ERROR(
        table_.SetState(id, Upload::State::kOpen, Upload::State::kTaken, upload.expires));
  }
  return {};
}

Status Uploads::GiveBack(std::span<const std::string> ids) {
  for (const std::string& id : ids) {
    ASSIGN_OR_RETURN(const Upload upload, table_.Get(id));
    if (upload.state != Upload::State::kTaken) continue;
    RETURN_IF_ERROR(table_.SetState(id, Upload::State::kTaken, Upload::State::kOpen,
                                    ports_.clock.Now() + options_.life));
  }
  return {};
}

Status Uploads::EndTakenExcept(const std::set<std::string, std::less<>>& used) {
  ASSIGN_OR_RETURN(const auto uploads, table_.All());
  for (const Upload& upload : uploads) {
    if (upload.state == Upload::State::kTaken && !used.contains(upload.id)) {
      RETURN_IF_ERROR(End(upload.id));
    }
  }
  return {};
}

Status Uploads::Sweep() {
  // Folders first: one that is made meanwhile is not known to be of nobody.
  std::set<std::string> folders;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(options_.folder, error)) {
    folders.insert(entry.path().filename().string());
  }
  ASSIGN_OR_RETURN(const auto uploads, table_.All());
  for (const Upload& upload : uploads) {
    folders.erase(upload.id);
    if (IsOver(upload)) RETURN_IF_ERROR(End(upload.id));
  }
  for (const std::string& folder : folders) {
    // A folder is made just before its row: a new one may be about to get it.
    const auto made = table_.Get(folder);
    if (made.has_value() && made->state != Upload::State::kEnded) continue;
    const auto age =
        fs::file_time_type::clock::now() - fs::last_write_time(options_.folder / folder, error);
    if (!made.has_value() && age < std::chrono::hours{1}) continue;
    fs::remove_all(options_.folder / folder, error);
  }
  return table_.DeleteEnded(ports_.clock.Now() - kKeepEnded);
}

std::string SafeName(std::string_view name) {
  if (const size_t slash = name.find_last_of("/\\"); slash != std::string_view::npos) {
    name.remove_prefix(slash + 1);
  }
  std::string safe = ToValidUtf8(name);
  std::erase_if(safe, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  if (safe.size() > kMaxNameBytes) {
    // The end stays: it has the date or the part's number, and the extension.
    size_t from = safe.size() - kMaxNameBytes;
    while (from < safe.size() && (static_cast<unsigned char>(safe[from]) & 0xC0) == 0x80) ++from;
    safe.erase(0, from);
  }
  if (safe.empty() || safe == "." || safe == "..") return "archive.zip";
  return safe;
}

}  // namespace valise::bring
