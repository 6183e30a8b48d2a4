// Cuts any bytes in chunks of any length: the same slices whatever the chunks, each where it says
// it is.
#include "services/instagram/json_splitter.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace {

using valise::services::instagram::JsonSplitter;

std::vector<std::string> Split(std::string_view text, size_t chunk, bool deep) {
  JsonSplitter splitter(
      [text, chunk, at = size_t{0}](valise::MutableBytes out) mutable -> valise::Result<size_t> {
        const size_t count = std::min({chunk, out.size(), text.size() - at});
        if (count > 0) std::memcpy(out.data(), text.data() + at, count);
        at += count;
        return count;
      },
      deep, 256, 32);
  std::vector<std::string> slices;
  while (true) {
    const auto slice = splitter.Next();
    CHECK(slice.has_value());
    if (slice->kind == JsonSplitter::Kind::kEnd) return slices;
    if (slice->kind != JsonSplitter::Kind::kBroken) {
      CHECK(text.substr(slice->offset, slice->json.size()) == slice->json);
    }
    slices.push_back(std::string(slice->member) + static_cast<char>(slice->kind) +
                     std::string(slice->json));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const size_t chunk = 1 + data[0] % 64;
  const bool deep = data[0] >= 128;
  CHECK(Split(text, chunk, deep) == Split(text, 1 << 20, deep));
  return 0;
}
