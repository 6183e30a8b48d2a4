// What it costs to append live records to journals and to seal them.
//
// VALISE_BENCH_MESSAGES and VALISE_BENCH_FOLDER change the size and the place.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <random>

#include "library/live.h"

namespace valise::library {
namespace {

constexpr size_t kBatch = 1'000;
constexpr size_t kConversations = 50;

size_t Messages() {
  const char* text = std::getenv("VALISE_BENCH_MESSAGES");
  return text != nullptr ? static_cast<size_t>(std::atoll(text)) : 1'000'000;
}

struct Home {
  TemporaryFolder own;
  SystemClock clock;
  std::unique_ptr<sql::Database> desk;
  std::unique_ptr<Accounts> accounts;
  std::unique_ptr<Library> library;
  std::unique_ptr<Live> live;

  Home() {
    const char* place = std::getenv("VALISE_BENCH_FOLDER");
    const fs::path path = place != nullptr ? fs::path(place) : own.path();
    desk = *sql::OpenSqlite(path / fmt::format("desk-{}.sqlite", ::getpid()));
    accounts = *Accounts::Open(*desk);
    const AccountRow row =
        *accounts->Create({.id = "",
                           .service = "host",
                           .username = fmt::format("u{}", std::random_device()()),
                           .owner = "",
                           .head = {},
                           .created = {}});
    library = *Library::Open(*accounts, path, row.id);
    live = *Live::Open(library->folder(), clock);
  }
};

std::vector<Change> MakeBatch(size_t first, size_t count) {
  std::vector<Change> batch;
  for (size_t i = first; i < first + count; ++i) {
    account::Message message;
    message.conversation = fmt::format("c{}", i / 100 % kConversations);
    message.time = FromMillis(1'700'000'000'000 + static_cast<int64_t>(i) * 1'500);
    message.sender = i % 2 == 0 ? "Ann Example" : "Bob Example";
    message.text = fmt::format("message {} is about the train that is late again tomorrow", i);
    batch.push_back({.what = Change::What::kPut,
                     .kind = account::Kind::kMessage,
                     .id = fmt::format("m{}", i),
                     .record = std::move(message),
                     .version = "1"});
  }
  return batch;
}

double PeakMegabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

void Rate(benchmark::State& state, size_t records) {
  state.counters["records/s"] = benchmark::Counter(
      static_cast<double>(records * state.iterations()), benchmark::Counter::kIsRate);
  state.counters["peak MB"] = PeakMegabytes();
}

void AppendBatches(benchmark::State& state) {
  Home home;
  const std::vector<Change> batch = MakeBatch(0, kBatch);
  for (auto _ : state) {
    CHECK(home.live->Append(batch).has_value());
    CHECK(home.live->Sync().has_value());
  }
  Rate(state, kBatch);
}
BENCHMARK(AppendBatches)->Unit(benchmark::kMillisecond)->UseRealTime();

void AppendToManyAccounts(benchmark::State& state) {
  const auto accounts = static_cast<size_t>(state.range(0));
  Home home;
  std::vector<std::unique_ptr<Live>> lives;
  std::vector<Live*> all;
  for (size_t i = 0; i < accounts; ++i) {
    const fs::path folder = home.library->folder() / fmt::format("account-{}", i);
    CHECK(MakeFolders(folder).has_value());
    lives.push_back(*Live::Open(folder, home.clock));
    all.push_back(lives.back().get());
  }
  const std::vector<Change> batch = MakeBatch(0, 1);
  for (auto _ : state) {
    for (Live* live : all) CHECK(live->Append(batch).has_value());
    CHECK(Live::SyncAll(all).has_value());
  }
  Rate(state, accounts);
}
BENCHMARK(AppendToManyAccounts)->Arg(1)->Arg(1000)->Unit(benchmark::kMillisecond)->UseRealTime();

void SealMessages(benchmark::State& state) {
  Home home;
  for (size_t i = 0; i < Messages(); i += kBatch) {
    CHECK(home.live->Append(MakeBatch(i, kBatch)).has_value());
  }
  for (auto _ : state) CHECK(home.live->Seal(*home.library).has_value());
  Rate(state, Messages());
}
BENCHMARK(SealMessages)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(1);

// One more message in an account that has very many.
void SealOneOfMany(benchmark::State& state) {
  Home home;
  for (size_t i = 0; i < Messages(); i += kBatch) {
    CHECK(home.live->Append(MakeBatch(i, kBatch)).has_value());
  }
  CHECK(home.live->Seal(*home.library).has_value());
  size_t next = Messages();
  for (auto _ : state) {
    CHECK(home.live->Append(MakeBatch(next++, 1)).has_value());
    CHECK(home.live->Seal(*home.library).has_value());
  }
  Rate(state, 1);
}
BENCHMARK(SealOneOfMany)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(20);

}  // namespace
}  // namespace valise::library
