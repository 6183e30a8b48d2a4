// How fast messages become records, on one thread.
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
// The same conversation as a page.
void MessagesOfAPage(benchmark::State& state) {
  const std::string path = "your_instagram_activity/messages/inbox/ann_123456789/message_1.html";
  const size_t messages = 10'000;
  std::string page = "<html><head><title>Ann</title></head><body><div role=\"main\">";
  for (size_t i = 0; i < messages; ++i) {
    page += fmt::format(
        "<div class=\"pam _3-95 _2ph- _a6-g uiBoxWhite noborder\"><h2 class=\"_3-95 _2pim _a6-h "
        "_a6-i\">René {}</h2><div class=\"_3-95 _a6-p\"><div><div></div><div>See you at the "
        "station at seven 🙂 bring the {} tickets</div><div></div></div></div><div class=\"_3-94 "
        "_a6-o\">Jan 02, 2026 4:17 pm</div></div>",
        i % 2, i);
  }
  page += "</div></body></html>";
  const MemoryArchive archive({path, "your_instagram_activity/media/stories.html"});
  const auto reading = InstagramSource().Begin(archive.listing(), archive);
  for (auto _ : state) {
    state.PauseTiming();
    MemoryFile file(path, page);
    state.ResumeTiming();
    DropSink sink;
    benchmark::DoNotOptimize((*reading)->ReadData(file, sink));
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * messages));
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * page.size()));
}
BENCHMARK(MessagesWhole);
BENCHMARK(MessagesOfAPage);
BENCHMARK(MessagesInSlices);

}  // namespace
