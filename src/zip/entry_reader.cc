#include "zip/entry_reader.h"

#include <algorithm>

#include "base/crc32.h"
#include "base/deflate.h"

namespace valise::zip {
namespace {

constexpr size_t kInputBytes = 128 * 1024;

std::unexpected<Error> WrongCrc() {
  return Fail(ErrorCode::kCorrupt, "the content does not match its checksum (CRC-32)");
}
std::unexpected<Error> WrongSize() {
  return Fail(ErrorCode::kCorrupt, "the content does not have its declared size");
}

// The CRC so far and how much is still to come.
class Check {
 public:
  explicit Check(const EntryData& data) : expected_(data.crc), left_(data.size) {}
  uint64_t left() const { return left_; }
  void Add(Bytes bytes) {
    if (expected_) crc_ = Crc32(crc_, bytes);
    left_ -= bytes.size();
  }
  Status Finish() const {
    if (left_ != 0) return WrongSize();
    if (expected_ && crc_ != *expected_) return WrongCrc();
    return {};
  }

 private:
  std::optional<uint32_t> expected_;
  uint32_t crc_ = 0;
  uint64_t left_;
};

class StoredReader final : public EntryReader {
 public:
  StoredReader(const File& file, const EntryData& data)
      : file_(file), offset_(data.offset), check_(data) {}

  void OnStored(std::function<Status(Bytes)> stored) override { stored_ = std::move(stored); }

  Result<size_t> Read(MutableBytes out) override {
    const MutableBytes wanted = out.first(std::min<uint64_t>(out.size(), check_.left()));
    RETURN_IF_ERROR(file_.ReadAt(offset_, wanted));
    offset_ += wanted.size();
    check_.Add(wanted);
    if (stored_ && !wanted.empty()) RETURN_IF_ERROR(stored_(wanted));
    if (check_.left() == 0) RETURN_IF_ERROR(check_.Finish());
    return wanted.size();
  }

 private:
  const File& file_;
  uint64_t offset_;
  Check check_;
  std::function<Status(Bytes)> stored_;
};

class DeflateReader final : public EntryReader {
 public:
  DeflateReader(const File& file, const EntryData& data)
      : file_(file), offset_(data.offset), stored_left_(data.stored_size), check_(data) {}

  void OnStored(std::function<Status(Bytes)> stored) override { stored_ = std::move(stored); }

  Result<size_t> Read(MutableBytes out) override {
    const MutableBytes wanted = out.first(std::min<uint64_t>(out.size(), check_.left()));
    size_t done = 0;
    while (done < wanted.size()) {
      ASSIGN_OR_RETURN(const size_t produced, Inflate(wanted.subspan(done)));
      if (produced == 0 && ended_) return WrongSize();
      check_.Add(wanted.subspan(done, produced));
      done += produced;
    }
    if (check_.left() == 0 && !finished_) RETURN_IF_ERROR(Finish());
    return done;
  }

 private:
  // One step of the inflater; 0 bytes and not ended means that it took input only.
  Result<size_t> Inflate(MutableBytes out) {
    if (pending_.empty() && !ended_) RETURN_IF_ERROR(Fill());
    if (ended_) return 0;
    const bool no_input = pending_.empty();
    ASSIGN_OR_RETURN(const Inflater::Step step, inflater_.Run(pending_, out));
    pending_ = pending_.subspan(step.consumed);
    ended_ = step.ended;
    if (no_input && step.produced == 0 && !ended_) {
      return Fail(ErrorCode::kCorrupt, "the compressed data end too early");
    }
    return step.produced;
  }

  Status Fill() {
    if (buffer_.empty()) buffer_.resize(std::min<uint64_t>(kInputBytes, stored_left_));
    const MutableBytes chunk = std::as_writable_bytes(std::span(buffer_))
                                   .first(std::min<uint64_t>(buffer_.size(), stored_left_));
    if (chunk.empty()) return {};
    RETURN_IF_ERROR(file_.ReadAt(offset_, chunk));
    offset_ += chunk.size();
    stored_left_ -= chunk.size();
    pending_ = chunk;
    return stored_ ? stored_(chunk) : Status{};
  }

  // All declared bytes are out: the stream must end here, with nothing left of it. Never inflates
  // more than one byte beyond the declared size.
  Status Finish() {
    std::byte beyond[1];
    while (!ended_) {
      ASSIGN_OR_RETURN(const size_t produced, Inflate(beyond));
      if (produced > 0) return WrongSize();
    }
    if (!pending_.empty() || stored_left_ > 0) {
      return Fail(ErrorCode::kCorrupt, "there are bytes after the compressed data");
    }
    finished_ = true;
    return check_.Finish();
  }

  const File& file_;
  uint64_t offset_;
  uint64_t stored_left_;
  Check check_;
  std::function<Status(Bytes)> stored_;
  std::string buffer_;
  Bytes pending_;  // of buffer_
  Inflater inflater_;
  bool ended_ = false;
  bool finished_ = false;
};

}  // namespace

std::unique_ptr<EntryReader> MakeEntryReader(const File& file, const EntryData& data) {
  if (data.method == Method::kDeflate) return std::make_unique<DeflateReader>(file, data);
  return std::make_unique<StoredReader>(file, data);
}

Result<std::string> ReadWholeEntry(const File& file, const EntryData& data) {
  std::string stored(data.stored_size, '\0');
  RETURN_IF_ERROR(file.ReadAt(data.offset, std::as_writable_bytes(std::span(stored))));
  if (data.method == Method::kDeflate) {
    ASSIGN_OR_RETURN(stored, InflateExact(AsBytes(stored), data.size));
  }
  if (stored.size() != data.size) return WrongSize();
  if (data.crc && Crc32(AsBytes(stored)) != *data.crc) return WrongCrc();
  return stored;
}

}  // namespace valise::zip
