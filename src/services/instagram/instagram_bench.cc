// How fast messages and posts become records, on one thread.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "services/instagram/memory_archive.h"

namespace {

using namespace valise;
using namespace valise::services::instagram;

// Counts and drops.
class DropSink final : public account::RecordSink {
 public:
  Status Put(account::Record record) override {
    benchmark::DoNotOptimize(record);
    return {};
  }
  void Report(account::Issue) override {}
};

std::string Thread(size_t messages) {
  std::string json = R"({"participants":[{"name":"Ann"},{"name":"Me"}],"messages":[)";
  for (size_t i = 0; i < messages; ++i) {
    json += fmt::format(R"({}
    {{
      "sender_name": "Ren\u00c3\u00a9 {}",
      "timestamp_ms": {},
      "content": "See you at the station at seven \u00f0\u009f\u0099\u0082 bring the {} tickets",
      "is_geoblocked_for_viewer": false,
      "is_unsent_image_by_messenger_kid_parent": false
    }})",
                        i == 0 ? "" : ",", i % 2, 1700000000000 - i * 60000, i);
  }
  return json +
         R"(],"title":"Ann","is_still_participant":true,"thread_path":"inbox/ann_123456789"})";
}

void ReadThread(benchmark::State& state, uint64_t claimed_size) {
  const std::string path = "your_instagram_activity/messages/inbox/ann_123456789/message_1.json";
  const size_t messages = 10'000;
  const std::string json = Thread(messages);
  const MemoryArchive archive({path});
  const auto reading = InstagramSource().Begin(archive.listing(), archive);
  for (auto _ : state) {
    state.PauseTiming();
    MemoryFile file(path, json, SIZE_MAX, claimed_size);
    state.ResumeTiming();
    DropSink sink;
    benchmark::DoNotOptimize((*reading)->ReadData(file, sink));
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * messages));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * json.size()));
}

void MessagesWhole(benchmark::State& state) { ReadThread(state, 0); }
void MessagesInSlices(benchmark::State& state) {
  ReadThread(state, services::DataFile::kWholeFileLimit + 1);
}
BENCHMARK(MessagesWhole);
BENCHMARK(MessagesInSlices);

}  // namespace
