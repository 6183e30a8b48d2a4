// BodySender: pushes one response (head, then a range of a body) into a non-blocking socket, a turn
// at a time.
//
// Pieces up to kGatherUpTo are gathered by pread into a pooled buffer, because a sendfile for each
// 35 kB photo reaches only 0.6 of nginx; larger ones go by sendfile(2). While the client does not
// read, the only thing that must be kept is the offset: a buffer that waits too long is let go and
// gathered again. Thread safety: belongs to one I/O thread. Lifetime: borrows the socket, the body
// and the pool.
#pragma once

#include <string>

#include "http/body.h"
#include "http/buffer_pool.h"

namespace valise::http {

class BodySender {
 public:
  static constexpr uint64_t kGatherUpTo = 64 * 1024;
  static constexpr uint64_t kTurn = 1024 * 1024;  // bytes before other connections have their turn

  // `body` may be null: only the head is sent.
  BodySender(int socket, std::string head, BodySource* body, ByteRange range, BufferPool& pool);
  ~BodySender();
  BodySender(const BodySender&) = delete;
  BodySender& operator=(const BodySender&) = delete;

  enum class Outcome : uint8_t {
    kDone,     // all is in the kernel's hands
    kYield,    // the turn is over; call again
    kBlocked,  // the socket is full; call again when it is writable
    kFailed,   // the client is gone, or the body cannot be read (error() says)
  };
  Outcome Run();

  // Bytes handed to the kernel so far.
  uint64_t sent() const { return sent_; }
  const Error& error() const { return error_; }
  // Lets go of the buffer; what it held is gathered again.
  void ReleaseBuffer();

 private:
  Status SendHead();
  Status SendPieces(ByteRange turn);
  Status Visit(const BodyPiece& piece);
  Status Gather(const BodyPiece& piece);
  Status ReadInto(const BodyPiece& piece, uint64_t done, size_t length);
  Status SendFilePiece(const BodyPiece& piece);
  Status Flush(bool more);
  // Hands bytes to the kernel; stops with the internal "blocked" error when it takes no more.
  Status Send(std::string_view bytes, bool more, size_t& taken);
  void Prefetch(uint64_t from);

  int socket_;
  std::string head_;
  size_t head_sent_ = 0;
  BodySource* body_;
  ByteRange range_;
  BufferPool& pool_;
  uint64_t offset_;  // first byte of the body that the kernel has not
  BufferPool::Buffer buffer_;
  size_t begin_ = 0,
         end_ =
             0;  // what of the buffer is still to be sent: bytes [offset_, offset_ + end_ - begin_)
  uint64_t sent_ = 0;
  bool cold_ = false;  // this turn met bytes that were not in memory
  bool blocked_ = false;
  Error error_;
};

}  // namespace valise::http
