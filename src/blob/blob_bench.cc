// How fast blobs the size of photos reach the disk: 1,000 × 300 kB, then one Sync.
#include <benchmark/benchmark.h>

#include "blob/disk_blob_store.h"

namespace valise::blob {
namespace {

constexpr size_t kPhoto = 300'000;
constexpr uint64_t kPhotos = 1'000;

Digest Numbered(uint64_t number) { return Sha256(std::to_string(number)); }

void PutPhotos(benchmark::State& state) {
  const TemporaryFolder folder;
  const auto store = DiskBlobStore::Open(folder.path()).value();
  const std::string photo(kPhoto, 'p');
  uint64_t number = 0;
  for (auto _ : state) {
    for (uint64_t i = 0; i < kPhotos; ++i) {
      CHECK(store->Put(Numbered(number++), Encoding::kIdentity, AsBytes(photo)).has_value());
    }
    CHECK(store->Sync().has_value());
  }
  state.SetBytesProcessed(static_cast<int64_t>(number * kPhoto));
}
BENCHMARK(PutPhotos)->Unit(benchmark::kMillisecond)->Iterations(10)->UseRealTime();

void StatOpenDeflate(benchmark::State& state) {
  const TemporaryFolder folder;
  const auto store = DiskBlobStore::Open(folder.path()).value();
  CHECK(store->Put(Numbered(0), Encoding::kDeflateOpen, AsBytes("x")).has_value());
  for (auto _ : state) benchmark::DoNotOptimize(store->Stat(Numbered(0)));
}
BENCHMARK(StatOpenDeflate);

}  // namespace
}  // namespace valise::blob
