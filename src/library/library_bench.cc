// What an import and a search of 1,000,000 messages cost, without parsing of archives.
//
// VALISE_BENCH_MESSAGES and VALISE_BENCH_FOLDER change the size and the place.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <cstdlib>
#include <random>
#include <thread>

#include "library/import_run.h"
#include "library/index.h"
#include "library/library.h"

namespace valise::library {
namespace {

constexpr uint32_t kFiles = 100;  // data files, 2 sinks at a time
constexpr uint32_t kConversations = 50;

size_t Messages() {
  const char* text = std::getenv("VALISE_BENCH_MESSAGES");
  return text != nullptr ? static_cast<size_t>(std::atoll(text)) : 1'000'000;
}

std::string MakeText(std::mt19937& random) {
  static constexpr std::string_view kWords[] = {
      "hello",   "tomorrow", "the",  "train", "is",     "late",    "again", "coffee", "at",
      "seven",   "photo",    "from", "our",   "summer", "holiday", "by",    "sea",    "élan",
      "naïveté", "really",   "see",  "you",   "soon",   "maybe",   "not",   "sure",   "yet"};
  std::string text;
  const size_t words = 3 + random() % 12;
  for (size_t i = 0; i < words; ++i) {
    if (i > 0) text += ' ';
    text += random() % 20 == 0 ? fmt::format("w{}", random() % 50'000)
                               : std::string(kWords[random() % std::size(kWords)]);
  }
  return text;
}

account::Record MakeMessage(std::mt19937& random, uint32_t conversation, uint32_t index,
                            int64_t ms) {
  account::Message message;
  message.conversation = fmt::format("folder:{}", conversation);
  message.time = FromMillis(ms);
  message.sender = random() % 2 == 0 ? "Ann Example" : "Bob Example";
  message.text = MakeText(random);
  if (random() % 10 == 0) {
    message.reactions.push_back({.actor = "Ann Example", .reaction = "❤", .time = {}});
  }
  message.provenance = {{.import = {}, .file = 0, .index = index}};
  return message;
}

struct Home {
  TemporaryFolder folder;
  std::unique_ptr<sql::Database> desk;
  std::unique_ptr<Accounts> accounts;
  std::unique_ptr<Library> library;

  explicit Home() {
    const char* place = std::getenv("VALISE_BENCH_FOLDER");
    const fs::path path = place != nullptr ? fs::path(place) : folder.path();
    CHECK(MakeFolders(path).has_value());
    desk = *sql::OpenSqlite(path / fmt::format("desk-{}.sqlite", ::getpid()));
    accounts = *Accounts::Open(*desk);
    const AccountRow row =
        *accounts->Create({.id = "",
                           .service = "instagram",
                           .username = fmt::format("u{}", std::random_device()()),
                           .owner = "",
                           .head = {},
                           .created = {}});
    library = *Library::Open(*accounts, path, row.id);
  }
};

// Messages of each file, newest first as in archives.
using Prepared = std::vector<std::vector<account::Record>>;
Prepared Prepare(size_t messages) {
  Prepared files(kFiles);
  std::mt19937 random(1);
  for (uint32_t file = 0; file < kFiles; ++file) {
    const uint32_t conversation = file % kConversations;
    for (uint32_t i = 0; i < messages / kFiles; ++i) {
      const int64_t ms = 1'700'000'000'000 - file * 1'000'000'000ll - i * 150'000ll -
                         static_cast<int64_t>(random() % 1000);
      files[file].push_back(MakeMessage(random, conversation, i, ms));
    }
  }
  return files;
}

ImportReport Import(Library& library, Prepared& files) {
  std::vector<std::string> paths;
  for (uint32_t i = 0; i < kFiles; ++i) paths.push_back(fmt::format("m{:03}.json", i));
  auto run = *ImportRun::Begin(library, paths);
  for (uint32_t i = 0; i < kFiles; ++i) {
    account::OriginalFile file;
    file.digest = Sha256(paths[i]);
    CHECK(run->SetFile(i, file, 1).has_value());
  }
  ImportRun::Options options;
  options.info.service = "instagram";
  CHECK(run->FilesDone(options).has_value());
  std::atomic<uint32_t> next = 0;
  {
    std::vector<std::jthread> workers;
    for (int w = 0; w < 2; ++w) {
      workers.emplace_back([&] {
        for (uint32_t file = next++; file < kFiles; file = next++) {
          const auto sink = run->NewSink(file, {});
          for (account::Record& record : files[file]) {
            CHECK(sink->Put(std::move(record)).has_value());
          }
          files[file].clear();
          files[file].shrink_to_fit();
        }
      });
    }
  }
  return *run->Commit(SystemClock(), {});
}

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double PeakMegabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

void ImportMessages(benchmark::State& state) {
  double cpu = 0;
  for (auto _ : state) {
    state.PauseTiming();
    Home home;
    Prepared files = Prepare(Messages());
    const double before = CpuSeconds();
    state.ResumeTiming();
    const ImportReport report = Import(*home.library, files);
    benchmark::DoNotOptimize(report);
    cpu += CpuSeconds() - before;
  }
  // Of both cores: what it costs on a busy machine too.
  state.counters["cpu s"] = cpu / static_cast<double>(state.iterations());
  state.counters["messages/s"] = benchmark::Counter(
      static_cast<double>(Messages() * state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(ImportMessages)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(3);

void IndexMessages(benchmark::State& state) {
  Home home;
  Prepared files = Prepare(Messages());
  Import(*home.library, files);
  const auto index = *Index::Open(*home.library);
  const double before = CpuSeconds();
  for (auto _ : state) CHECK(index->Rebuild({}).has_value());
  state.counters["cpu s"] = CpuSeconds() - before;
  state.counters["messages/s"] = benchmark::Counter(
      static_cast<double>(Messages() * state.iterations()), benchmark::Counter::kIsRate);
  state.counters["MB"] =
      static_cast<double>(fs::file_size(home.library->folder() / "index.sqlite")) / 1e6;
  state.counters["peak MB"] = PeakMegabytes();
}
BENCHMARK(IndexMessages)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(1);

void SearchMessages(benchmark::State& state) {
  Home home;
  Prepared files = Prepare(Messages());
  Import(*home.library, files);
  const auto index = *Index::Open(*home.library);
  CHECK(index->Rebuild({}).has_value());
  std::mt19937 random(2);
  std::vector<double> times;
  for (auto _ : state) {
    SearchQuery query;
    switch (random() % 4) {
      case 0:
        query.text = fmt::format("w{}", random() % 50'000);
        break;
      case 1:
        query.text = "coffee summer";
        break;
      case 2:
        query.text = "tomorr";
        query.prefix = true;
        break;
      default:
        query.text = "the";
        query.kinds = {account::Kind::kMessage};
        break;
    }
    const auto start = std::chrono::steady_clock::now();
    const auto hits = index->Search(query);
    times.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
            .count());
    CHECK(hits.has_value());
  }
  std::ranges::sort(times);
  state.counters["p50 ms"] = times[times.size() / 2];
  state.counters["p99 ms"] = times[times.size() * 99 / 100];
}
BENCHMARK(SearchMessages)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(2000);

}  // namespace
}  // namespace valise::library
