// How long it takes until a download is ready: planning of large invented accounts, and reading a
// plan.
#include <benchmark/benchmark.h>

#include "blob/memory_blob_store.h"
#include "bundle/plan.h"
#include "bundle/portable/portable_format.h"
#include "bundle/portable/sample_account.h"

namespace valise::bundle {
namespace {

constexpr EmbeddedFile kViewer[] = {{"START-HERE.html", "<!--valise:account-->"}};
constexpr uint64_t kPhoto = 300'000;
constexpr int kYears = 15;

// An account whose media and documents are only named: planning does not read them.
class LargeAccount {
 public:
  LargeAccount(uint64_t media, uint64_t documents) {
    std::vector<account::OriginalFile> files;
    for (uint64_t i = 0; i < media; ++i) {
      const Digest digest = Sha256(std::to_string(i));
      const Timestamp time =
          FromSeconds(1'262'304'000 + static_cast<int64_t>(i * kYears * 31'000'000 / media));
      sample_.AddMediumRow({.digest = digest,
                            .crc = static_cast<uint32_t>(i),
                            .size = kPhoto,
                            .stored_size = kPhoto,
                            .type = "image/jpeg",
                            .time = time,
                            .used_by = {account::Kind::kPost}});
      files.push_back({.path = fmt::format("media/posts/202001/{}_n.jpg", i),
                       .fate = account::Fate::kMedium,
                       .digest = digest,
                       .size = kPhoto,
                       .crc = static_cast<uint32_t>(i),
                       .stored_size = kPhoto,
                       .type = "image/jpeg"});
    }
    sample_.AddImport({.id = "9f1c000000000001", .service = "instagram", .generation = "G4"},
                      std::move(files));
    for (uint64_t i = 0; i < documents; ++i) {
      sample_.head().documents.push_back({.digest = Sha256("document " + std::to_string(i)),
                                          .twin_digest = Sha256("twin " + std::to_string(i)),
                                          .size = 2u << 20,
                                          .stored_size = 300'000,
                                          .kind = account::Kind::kMessage,
                                          .name = fmt::format("messages/somebody-{:06}/2021", i),
                                          .conversation = Key::Of(std::to_string(i)),
                                          .records = 10'000});
    }
    sample_.Finish();
  }

  void Plan(const fs::path& path) {
    const auto writer = PlanWriter::Create(path).value();
    CHECK(format_.Plan(sample_.account(), {}, *writer, nullptr).has_value());
  }

 private:
  blob::MemoryBlobStore blobs_;
  SampleAccount sample_{blobs_};
  PortableFormat format_{kViewer};
};

void PlanPortable(benchmark::State& state) {
  LargeAccount account(static_cast<uint64_t>(state.range(0)),
                       static_cast<uint64_t>(state.range(1)));
  const TemporaryFolder folder;
  for (auto _ : state) account.Plan(folder.path() / "plan");
  const uint64_t plan = fs::file_size(folder.path() / "plan");
  state.counters["plan_bytes"] = static_cast<double>(plan);
  state.counters["of_bundle"] =
      static_cast<double>(plan) /
      static_cast<double>(Plan::Open(folder.path() / "plan").value()->size());
}
BENCHMARK(PlanPortable)
    ->ArgNames({"media", "documents"})
    ->Args({2'000, 100})
    ->Args({100'000, 100})
    ->Args({1'000'000, 100})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void WriteRows(benchmark::State& state) {
  const TemporaryFolder folder;
  const auto rows = static_cast<uint64_t>(state.range(0));
  for (auto _ : state) {
    const auto writer = PlanWriter::Create(folder.path() / "plan").value();
    std::string name;
    for (uint64_t i = 0; i < rows; ++i) {
      name = "ann-2024-07-07/data/media/2024/2024-07-07_20.35.31_";
      name += std::to_string(10'000'000 + i);
      CHECK(
          writer->AddBlob({name, 1'720'384'531}, {.blob = {}, .blob_size = kPhoto, .size = kPhoto})
              .has_value());
    }
    CHECK(writer->Finish("x.zip").has_value());
  }
}
BENCHMARK(WriteRows)->Arg(1'000'000)->Unit(benchmark::kMillisecond)->UseRealTime();

void OpenPlan(benchmark::State& state) {
  LargeAccount account(static_cast<uint64_t>(state.range(0)), 100);
  const TemporaryFolder folder;
  account.Plan(folder.path() / "plan");
  for (auto _ : state) benchmark::DoNotOptimize(Plan::Open(folder.path() / "plan").value()->size());
}
BENCHMARK(OpenPlan)->Arg(2'000)->Arg(100'000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace valise::bundle
