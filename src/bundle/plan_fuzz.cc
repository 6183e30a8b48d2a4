// A plan file that somebody damaged or made: it is refused, or every byte of its ZIP can be asked
// for.
#include <cstddef>
#include <cstdint>

#include "blob/memory_blob_store.h"
#include "bundle/plan.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace valise;
  static const TemporaryFolder folder;
  const fs::path path = folder.path() / "plan";
  const auto file = File::Create(path);
  CHECK(file.has_value());
  CHECK(file->Append({reinterpret_cast<const std::byte*>(data), size}).has_value());
  const auto plan = bundle::Plan::Open(path);
  if (!plan) return 0;
  CHECK((*plan)->etag().size() == 64);
  uint64_t length = 0;
  const ByteRange whole{0, (*plan)->size()};
  const Status visited =
      (*plan)->ForEachPiece(whole, [&](const bundle::BodyPiece& piece) -> Status {
        length +=
            piece.kind == bundle::BodyPiece::Kind::kBytes ? piece.bytes.size() : piece.range.length;
        return {};
      });
  CHECK(visited.has_value() && length == whole.length);
  return 0;
}
