#include "http/body_sender.h"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace valise::http {
namespace {

constexpr uint64_t kReadAhead = 4 * BodySender::kTurn;

// Ends a visit early; its text is empty so that no memory is asked for.
std::unexpected<Error> Stop() { return Fail(ErrorCode::kCancelled, {}); }

bool WouldBlock(int error) { return error == EAGAIN || error == EWOULDBLOCK; }

}  // namespace

BodySender::BodySender(int socket, std::string head, BodySource* body, ByteRange range,
                       BufferPool& pool)
    : socket_(socket),
      head_(std::move(head)),
      body_(body),
      range_(body == nullptr ? ByteRange{} : range),
      pool_(pool),
      offset_(range_.offset) {}

BodySender::~BodySender() { ReleaseBuffer(); }

void BodySender::ReleaseBuffer() {
  if (buffer_ == nullptr) return;
  pool_.Give(std::move(buffer_));
  begin_ = end_ = 0;
}

BodySender::Outcome BodySender::Run() {
  blocked_ = false;
  cold_ = false;
  Status status = SendHead();
  if (status.has_value()) status = Flush(false);
  const ByteRange turn{offset_, std::min(kTurn, range_.end() - offset_)};
  if (status.has_value() && turn.length > 0) status = SendPieces(turn);
  if (cold_) Prefetch(turn.end());
  if (blocked_) {
    // A buffer is worth keeping while the client only takes a breath, as long as few do.
    if (begin_ == end_ || !pool_.MayHold()) ReleaseBuffer();
    return Outcome::kBlocked;
  }
  ReleaseBuffer();
  if (!status.has_value()) {
    error_ = std::move(status).error();
    return Outcome::kFailed;
  }
  return offset_ == range_.end() ? Outcome::kDone : Outcome::kYield;
}

Status BodySender::SendHead() {
  if (head_sent_ == head_.size()) return {};
  size_t taken = 0;
  const Status status = Send(std::string_view(head_).substr(head_sent_), range_.length > 0, taken);
  head_sent_ += taken;
  return status;
}

Status BodySender::SendPieces(ByteRange turn) {
  RETURN_IF_ERROR(
      body_->ForEachPiece(turn, [this](const BodyPiece& piece) { return Visit(piece); }));
  RETURN_IF_ERROR(Flush(turn.end() < range_.end()));
  if (offset_ != turn.end())
    return Fail(ErrorCode::kInternal, "a body gave fewer bytes than it said");
  return {};
}

Status BodySender::Visit(const BodyPiece& piece) {
  if (piece.fd < 0 || piece.length <= kGatherUpTo) return Gather(piece);
  RETURN_IF_ERROR(Flush(true));
  return SendFilePiece(piece);
}

Status BodySender::Gather(const BodyPiece& piece) {
  uint64_t done = 0;
  while (done < piece.length) {
    if (buffer_ == nullptr) buffer_ = pool_.Take();
    if (end_ == BufferPool::kBufferSize) {
      RETURN_IF_ERROR(Flush(true));
      continue;
    }
    const auto length = static_cast<size_t>(
        std::min<uint64_t>(piece.length - done, BufferPool::kBufferSize - end_));
    if (piece.fd < 0) {
      std::memcpy(buffer_.get() + end_, piece.bytes.data() + done, length);
    } else {
      RETURN_IF_ERROR(ReadInto(piece, done, length));
    }
    end_ += length;
    done += length;
  }
  return {};
}

Status BodySender::ReadInto(const BodyPiece& piece, uint64_t done, size_t length) {
  size_t got = 0;
  while (got < length) {
    iovec part{buffer_.get() + end_ + got, length - got};
    const auto at = static_cast<off_t>(piece.offset + done + got);
    // First only what is in memory: how we learn that the disk is what we wait for.
    ssize_t n = preadv2(piece.fd, &part, 1, at, RWF_NOWAIT);
    if (n < 0 && (WouldBlock(errno) || errno == EOPNOTSUPP)) {
      cold_ |= WouldBlock(errno);
      n = pread(piece.fd, part.iov_base, part.iov_len, at);
    }
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return std::unexpected(ErrnoError("read a piece of a download"));
    if (n == 0) return Fail(ErrorCode::kCorrupt, "a piece of a download is shorter than it was");
    got += static_cast<size_t>(n);
  }
  return {};
}

Status BodySender::SendFilePiece(const BodyPiece& piece) {
  char probe = 0;
  iovec part{&probe, 1};
  // Is the end of this piece in memory? If not, the kernel is told early what comes.
  if (preadv2(piece.fd, &part, 1, static_cast<off_t>(piece.offset + piece.length - 1), RWF_NOWAIT) <
          0 &&
      WouldBlock(errno)) {
    cold_ = true;
    readahead(piece.fd, static_cast<off64_t>(piece.offset), piece.length);
  }
  auto at = static_cast<off_t>(piece.offset);
  uint64_t left = piece.length;
  while (left > 0) {
    const ssize_t n = sendfile(socket_, piece.fd, &at, left);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && WouldBlock(errno)) {
      blocked_ = true;
      return Stop();
    }
    if (n < 0) return std::unexpected(ErrnoError("send a file"));
    if (n == 0) return Fail(ErrorCode::kCorrupt, "a piece of a download is shorter than it was");
    left -= static_cast<uint64_t>(n);
    offset_ += static_cast<uint64_t>(n);
    sent_ += static_cast<uint64_t>(n);
  }
  return {};
}

Status BodySender::Flush(bool more) {
  if (begin_ == end_) return {};
  size_t taken = 0;
  const Status status = Send({buffer_.get() + begin_, end_ - begin_}, more, taken);
  begin_ += taken;
  offset_ += taken;
  if (begin_ == end_) begin_ = end_ = 0;
  return status;
}

Status BodySender::Send(std::string_view bytes, bool more, size_t& taken) {
  while (taken < bytes.size()) {
    const ssize_t n = send(socket_, bytes.data() + taken, bytes.size() - taken,
                           MSG_NOSIGNAL | MSG_DONTWAIT | (more ? MSG_MORE : 0));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && WouldBlock(errno)) {
      blocked_ = true;
      return Stop();
    }
    if (n < 0) return std::unexpected(ErrnoError("send"));
    taken += static_cast<size_t>(n);
    sent_ += static_cast<uint64_t>(n);
  }
  return {};
}

void BodySender::Prefetch(uint64_t from) {
  if (from >= range_.end()) return;
  // Only a hint: what goes wrong here goes wrong again, and is reported, when the bytes are sent.
  static_cast<void>(body_->ForEachPiece(
      {from, std::min(kReadAhead, range_.end() - from)}, [](const BodyPiece& piece) -> Status {
        if (piece.fd >= 0) {
          posix_fadvise(piece.fd, static_cast<off_t>(piece.offset),
                        static_cast<off_t>(piece.length), POSIX_FADV_WILLNEED);
        }
        return {};
      }));
}

}  // namespace valise::http
