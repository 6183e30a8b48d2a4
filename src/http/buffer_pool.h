// Buffers in which small pieces are gathered before they are sent.
//
// Thread safety: belongs to one I/O thread. Memory: at most kSpare free buffers are kept;
// connections that wait for their client hold at most kMaxHeld between them (BodySender lets go of
// more).
#pragma once

#include <memory>
#include <vector>

namespace valise::http {

class BufferPool {
 public:
  static constexpr size_t kBufferSize = 256 * 1024;
  static constexpr size_t kSpare = 4;
  static constexpr size_t kMaxHeld = 32;
  using Buffer = std::unique_ptr<char[]>;

  Buffer Take() {
    ++out_;
    if (free_.empty()) return Buffer(new char[kBufferSize]);
    Buffer buffer = std::move(free_.back());
    free_.pop_back();
    return buffer;
  }
  void Give(Buffer buffer) {
    --out_;
    if (free_.size() < kSpare) free_.push_back(std::move(buffer));
  }
  // May a connection keep its buffer while it waits?
  bool MayHold() const { return out_ <= kMaxHeld; }

 private:
  std::vector<Buffer> free_;
  size_t out_ = 0;
};

}  // namespace valise::http
