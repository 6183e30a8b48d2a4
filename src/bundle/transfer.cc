#include "bundle/transfer.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <span>
#include <string>

namespace valise::bundle {
namespace {

constexpr uint64_t kByHand = 1u << 20;

// Moves `range` on by what the kernel copied; stops early where it cannot copy between these two.
Status CopyInKernel(const File& from, ByteRange& range, const File& to, off_t* offset) {
  while (range.length > 0) {
    auto at = static_cast<off_t>(range.offset);
    const ssize_t n = ::copy_file_range(from.fd(), &at, to.fd(), offset, range.length, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == ENOSPC) return std::unexpected(ErrnoError("write: the disk is full"));
    if (n <= 0) return {};  // not possible here, or the end: by hand tells which
    range.offset += static_cast<uint64_t>(n);
    range.length -= static_cast<uint64_t>(n);
  }
  return {};
}

template <typename Write>
Status CopyByHand(const File& from, ByteRange range, Write write) {
  std::string part(std::min(range.length, kByHand), '\0');
  while (range.length > 0) {
    part.resize(std::min<uint64_t>(part.size(), range.length));
    RETURN_IF_ERROR(from.ReadAt(range.offset, std::as_writable_bytes(std::span(part))));
    RETURN_IF_ERROR(write(AsBytes(part)));
    range.offset += part.size();
    range.length -= part.size();
  }
  return {};
}

}  // namespace

Status CopyBetweenFiles(const File& from, ByteRange range, const File& to, uint64_t offset) {
  auto at = static_cast<off_t>(offset);
  RETURN_IF_ERROR(CopyInKernel(from, range, to, &at));
  return CopyByHand(from, range, [&](Bytes part) -> Status {
    RETURN_IF_ERROR(to.WriteAt(static_cast<uint64_t>(at), part));
    at += static_cast<off_t>(part.size());
    return {};
  });
}

Status CopyToPosition(const File& from, ByteRange range, const File& to) {
  RETURN_IF_ERROR(CopyInKernel(from, range, to, nullptr));
  return CopyByHand(from, range, [&](Bytes part) { return to.Append(part); });
}

}  // namespace valise::bundle
