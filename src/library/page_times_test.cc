// Pages in a zone, and an exact archive of the same account (docs/formats/merging.md).
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "library/commit.h"
#include "library/testing.h"

namespace valise::library {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int64_t kMinute = 60'000;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kStart = 1'703'980'800'000;  // 2023-12-31T00:00:00Z, a day before another year
constexpr int64_t kChange = kStart + 200 * kHour;

using Clock = std::function<int64_t(int64_t)>;  // minutes ahead

int64_t Shown(int64_t time, const Clock& clock) {
  const int64_t shown = time + clock(time) * kMinute;
  return shown - shown % kMinute;
}

// Messages each quarter of an hour, of which every other says the same; likes, posts, a follower.
std::vector<account::Record> Account(const Clock& clock, int first = 0, int last = 1200) {
  std::vector<account::Record> records{TestConversation("folder:1", "Ann")};
  for (int i = first; i < last; ++i) {
    const int64_t time = Shown(kStart + i * 15 * kMinute + 7'250, clock);
    records.push_back(
        TestMessage("folder:1", time, i % 2 == 0 ? std::string("ok") : fmt::format("text {}", i)));
    if (i % 40 == 0) {
      account::Like like;
      like.list = "posts";
      like.owner = "bob";
      like.link = fmt::format("https://x/p/{}", i);
      like.time = FromMillis(time - time % 1000);
      records.emplace_back(std::move(like));
    }
    if (i % 100 == 0) {
      account::Post post = TestPost(fmt::format("media:{}", i), "2024-01-01T00:00:00Z", "sea");
      post.time = FromMillis(time - time % 1000);
      post.media = {TestItem(fmt::format("posts/{}.jpg", i))};
      post.media[0].time = post.time;
      records.emplace_back(std::move(post));
    }
  }
  return records;
}

TestArchive Exact(int first = 0, int last = 1200) {
  TestArchive archive{.date = "2024-06-01T00:00:00Z"};
  std::vector<account::Record> records = Account([](int64_t) { return 0; }, first, last);
  for (account::Record& record : records) {  // as JSON tells them: not to the minute
    if (auto* message = std::get_if<account::Message>(&record)) {
      *message->time += std::chrono::milliseconds(7'250);
    } else if (auto* like = std::get_if<account::Like>(&record)) {
      *like->time += std::chrono::seconds(7);
    } else if (auto* post = std::get_if<account::Post>(&record)) {
      post->media[0].time = *post->time += std::chrono::seconds(7);
    }
  }
  archive.data = {{"list.json", std::move(records)}};
  for (int i = 0; i < 1200; i += 100)
    archive.media[fmt::format("posts/{}.jpg", i)] = std::to_string(i);
  return archive;
}

TestArchive Pages(const Clock& clock, std::string_view date = "2024-07-01T00:00:00Z", int first = 0,
                  int last = 1200) {
  TestArchive archive{.date = std::string(date)};
  archive.coarse_times = true;
  archive.data = {{"list.html", Account(clock, first, last)}};
  for (int i = 0; i < 1200; i += 100)
    archive.media[fmt::format("posts/{}.jpg", i)] = std::to_string(i);
  return archive;
}

template <typename T>
std::vector<std::pair<int64_t, std::string>> TimesOf(TestLibrary& library) {
  std::vector<std::pair<int64_t, std::string>> times;
  for (const T& record : library.Records<T>())
    times.emplace_back(ToMillis(*record.time), record.text);
  return times;
}

uint64_t Added(const ImportReport& report) {
  uint64_t added = report.media_added;
  for (const KindReport& kind : report.kinds) added += kind.added;
  return added;
}

std::vector<MediumRow> Media(TestLibrary& library) {
  return library->ReadMedia(library.CurrentHead()).value_or(std::vector<MediumRow>{});
}

const std::map<std::string, Clock>& Clocks() {
  static const std::map<std::string, Clock> clocks = {
      {"UTC", [](int64_t) { return 0; }},
      {"India", [](int64_t) { return 330; }},
      {"Alaska", [](int64_t t) { return t < kChange ? -540 : -480; }},
      {"Paris in autumn", [](int64_t t) { return t < kChange ? 120 : 60; }}};
  return clocks;
}

TEST(PageTimes, PagesAfterAnExactArchiveAddNothing) {
  for (const auto& [name, clock] : Clocks()) {
    SCOPED_TRACE(name);
    TestLibrary library;
    library.Import(Exact());
    const auto messages = TimesOf<account::Message>(library);
    const auto media = Media(library);
    EXPECT_EQ(Added(library.Import(Pages(clock))), 0u);
    EXPECT_EQ(TimesOf<account::Message>(library), messages);
    EXPECT_EQ(Media(library), media);
    const Head head = library.CurrentHead();
    ASSERT_THAT(head.imports, SizeIs(2));
    EXPECT_THAT(head.imports[0].info.zones.size() + head.imports[1].info.zones.size(),
                clock(kStart) == clock(kChange) ? 1u : 2u);
  }
}

TEST(PageTimes, AnExactArchiveAfterPagesPutsThemRight) {
  for (const auto& [name, clock] : Clocks()) {
    SCOPED_TRACE(name);
    TestLibrary library, forth;
    forth.Import(Exact());
    forth.Import(Pages(clock));
    library.Import(Pages(clock));
    EXPECT_EQ(Added(library.Import(Exact())), 0u);
    EXPECT_EQ(TimesOf<account::Message>(library), TimesOf<account::Message>(forth));
    EXPECT_EQ(TimesOf<account::Post>(library), TimesOf<account::Post>(forth));
    EXPECT_EQ(TimesOf<account::Like>(library), TimesOf<account::Like>(forth));
    if (name != "UTC") {
      EXPECT_EQ(Media(library), Media(forth));
    }
  }
}

// Half of the account is only told by pages: it is moved, too.
TEST(PageTimes, WhatOnlyPagesTellIsPutRightWithTheRest) {
  const Clock& clock = Clocks().at("India");
  TestLibrary library, forth;
  library.Import(Pages(clock));
  library.Import(Exact(600, 1200));
  forth.Import(Exact(600, 1200));
  forth.Import(Pages(clock));
  ASSERT_THAT(library.Records<account::Message>(), SizeIs(1200));
  EXPECT_EQ(TimesOf<account::Message>(library), TimesOf<account::Message>(forth));
  EXPECT_EQ(ToMillis(*library.Records<account::Message>()[0].time), kStart);
  // And the rest of the exact archive finds it.
  EXPECT_EQ(Added(library.Import(Exact(0, 600))), 0u);
  EXPECT_EQ(ToMillis(*library.Records<account::Message>()[0].time), kStart + 7'250);
}

TEST(PageTimes, LaterPagesOfTheSameZoneAddOnlyWhatIsNew) {
  const Clock& clock = Clocks().at("Alaska");
  TestLibrary library;
  library.Import(Pages(clock, "2024-03-01T00:00:00Z", 0, 1000));
  library.Import(Exact(0, 1000));
  const ImportReport report = library.Import(Pages(clock));
  EXPECT_EQ(report.kinds[static_cast<size_t>(account::Kind::kMessage)].added, 200u);
  EXPECT_EQ(Added(library.Import(Exact())), 0u);
  EXPECT_THAT(library.Records<account::Message>(), SizeIs(1200));
}

TEST(PageTimes, PagesAloneStayAsTheyWereShown) {
  TestLibrary library;
  library.Import(Pages(Clocks().at("India")));
  EXPECT_THAT(library.CurrentHead().imports[0].info.zones, IsEmpty());
  EXPECT_EQ(ToMillis(*library.Records<account::Message>()[0].time), kStart + 330 * kMinute);
}

TEST(PageTimes, FewRecordsInCommonMoveNothing) {
  const Clock& clock = Clocks().at("India");
  TestLibrary library;
  library.Import(Pages(clock, "2024-07-01T00:00:00Z", 0, 600));
  auto before = TimesOf<account::Message>(library);
  std::erase_if(before, [](const auto& message) { return message.second == "ok"; });
  library.Import(Exact(596, 604));
  for (const ImportEntry& entry : library.CurrentHead().imports) {
    EXPECT_THAT(entry.info.zones, IsEmpty());
  }
  EXPECT_THAT(TimesOf<account::Message>(library), testing::IsSupersetOf(before));
}

// A library of a version that took pages for UTC: what came twice becomes one when pages are read
// again.
TEST(PageTimes, ReadingPagesAgainUnitesWhatCameTwice) {
  const Clock& clock = Clocks().at("Paris in autumn");
  TestLibrary library;
  library.Import(Exact());
  TestArchive unsaid = Pages(clock);
  unsaid.coarse_times = false;  // so nothing was looked for
  const ImportReport report = library.Import(unsaid);
  EXPECT_THAT(library.Records<account::Message>(), SizeIs(2400));
  Head head = library.CurrentHead();
  for (ImportEntry& entry : head.imports) {
    entry.info.coarse_times = entry.info.id == report.import_id;
  }
  const Library::Snapshot current = **library->Current();
  head.parent = current.digest;
  ASSERT_TRUE(CommitHead(*library, current.digest, head));

  auto run = ImportRun::Again(*library, report.import_id, {});
  ASSERT_TRUE(run) << run.error().message;
  {
    const auto find = [&](std::string_view path) -> std::optional<uint32_t> {
      for (uint32_t i = 0; i < (*run)->files().size(); ++i) {
        if ((*run)->files()[i].path == path) return i;
      }
      return std::nullopt;
    };
    const auto sink = (*run)->NewSink(*find("list.html"), find);
    uint32_t index = 0;
    for (account::Record record : unsaid.data.at("list.html")) {
      account::CommonOf(record).provenance = {{.import = {}, .file = 0, .index = index++}};
      ASSERT_TRUE(sink->Put(std::move(record)));
    }
  }
  const auto again = (*run)->Commit(library.clock(), {});
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(Added(*again), 0u);
  EXPECT_THAT(library.Records<account::Message>(), SizeIs(1200));
}

// Words that stand in two conversations, or several times in one, are no hint of anything.
TEST(PageTimes, WrongMatchesAreNoHint) {
  TestLibrary library;
  TestArchive exact{.date = "2024-06-01T00:00:00Z"};
  TestArchive pages{.date = "2024-07-01T00:00:00Z"};
  pages.coarse_times = true;
  std::vector<account::Record> of_json{TestConversation("folder:1", "Ann")};
  std::vector<account::Record> of_pages{TestConversation("folder:1", "Ann")};
  for (int i = 0; i < 60; ++i) {
    of_json.push_back(TestMessage("folder:1", kStart + i * kHour, fmt::format("word {}", i)));
    const int64_t other = (i * 37 % 60 - 30) * kHour / 4;
    of_pages.push_back(
        TestMessage("folder:1", kStart + i * kHour + other, fmt::format("word {}", i)));
  }
  exact.data = {{"list.json", of_json}};
  pages.data = {{"list.html", of_pages}};
  library.Import(exact);
  library.Import(pages);
  for (const ImportEntry& entry : library.CurrentHead().imports) {
    EXPECT_THAT(entry.info.zones, IsEmpty());
  }
}

}  // namespace
}  // namespace valise::library
