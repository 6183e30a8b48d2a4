// Any bytes as a ZIP: opened, every entry read both ways. Nothing may crash, hang or grow; both
// ways must agree.

#include <sys/mman.h>

#include "base/file.h"
#include "zip/archive.h"

namespace {

using namespace valise;

constexpr uint64_t kMaxEntry = 1 << 20;

bool Streams(const zip::Archive& archive, size_t index) {
  auto reader = archive.Open(index);
  if (!reader) return false;
  std::byte buffer[4096];
  while (true) {
    const auto read = (*reader)->Read(buffer);
    if (!read) return false;
    if (*read == 0) return true;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const File file(::memfd_create("fuzz", MFD_CLOEXEC));
  CHECK(file.valid());
  CHECK(file.WriteAt(0, Bytes(reinterpret_cast<const std::byte*>(data), size)).has_value());
  const fs::path path = "/proc/self/fd/" + std::to_string(file.fd());
  const auto archive = zip::OpenArchive({&path, 1});
  if (!archive) return 0;
  for (size_t i = 0; i < (*archive)->entries().size(); ++i) {
    const zip::ArchiveEntry& entry = (*archive)->entries()[i];
    CHECK(!entry.path.empty() && entry.path.front() != '/');
    CHECK(("/" + entry.path + "/").find("/../") == std::string::npos);
    if (entry.size > kMaxEntry) continue;
    CHECK(Streams(**archive, i) == zip::ReadEntry(**archive, i, kMaxEntry).has_value());
  }
  return 0;
}
