// MappedWindow: reads a large file through a window of its page cache, without copying it.
//
// The window is filled before it is looked at, so that a file that was cut short or a disk that
// fails is an error and not a SIGBUS. Thread safety: belongs to one thread. Lifetime: what At()
// gives is valid until the next At().
#pragma once

#include "base/file.h"

namespace valise {

class MappedWindow {
 public:
  static constexpr uint64_t kBytes = 4ull << 20;

  MappedWindow() = default;
  ~MappedWindow();
  MappedWindow(const MappedWindow&) = delete;
  MappedWindow& operator=(const MappedWindow&) = delete;

  // From `offset` on: at least one byte, at most `most`. REQUIRES: most > 0; the file stays open
  // as long as it is read here. Errors: kUnavailable (the bytes cannot be had, or the kernel has
  // no way to fill a window): File::ReadAt says more.
  Result<Bytes> At(const File& file, uint64_t offset, uint64_t most);

 private:
  void Unmap();

  int fd_ = -1;
  uint64_t begin_ = 0;
  Bytes bytes_;
};

}  // namespace valise
