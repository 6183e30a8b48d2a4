#include "base/mapped_window.h"

#include <sys/mman.h>

#include <algorithm>

namespace valise {

MappedWindow::~MappedWindow() { Unmap(); }

void MappedWindow::Unmap() {
  if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
  bytes_ = {};
  fd_ = -1;
}

Result<Bytes> MappedWindow::At(const File& file, uint64_t offset, uint64_t most) {
  if (fd_ != file.fd() || offset < begin_ || offset >= begin_ + bytes_.size()) {
    Unmap();
    ASSIGN_OR_RETURN(const uint64_t size, file.Size());
    const uint64_t begin = offset / kBytes * kBytes;
    if (offset >= size) return Fail(ErrorCode::kUnavailable, "the file ends too early");
    const size_t length = std::min(kBytes, size - begin);
    void* address =
        ::mmap(nullptr, length, PROT_READ, MAP_SHARED, file.fd(), static_cast<off_t>(begin));
    if (address == MAP_FAILED) return std::unexpected(ErrnoError("map file"));
    fd_ = file.fd();
    begin_ = begin;
    bytes_ = {static_cast<const std::byte*>(address), length};
    // Linux 5.14: fails where looking would be a SIGBUS.
    if (::madvise(address, length, MADV_POPULATE_READ) != 0) {
      Unmap();
      return std::unexpected(ErrnoError("read file"));
    }
  }
  const Bytes rest = bytes_.subspan(offset - begin_);
  return rest.first(std::min<uint64_t>(rest.size(), most));
}

}  // namespace valise
