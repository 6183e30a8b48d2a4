#include "library/page_zones.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "library/testing.h"

namespace valise::library {
namespace {

using account::ZoneSpan;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int64_t kMinute = 60'000;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kDay = 24 * kHour;
constexpr int64_t kStart = 1'704'067'200'000;  // 2024-01-01T00:00:00Z

struct Both {
  Sightings pages, exact;

  // Something happened at `time`, and a clock that was `minutes` ahead showed it.
  void Happened(uint64_t what, int64_t time, int64_t minutes) {
    exact.Add(what, time);
    const int64_t shown = time + minutes * kMinute;
    pages.Add(what, shown - shown % kMinute);
  }
  FoundZones Find() {
    pages.Sort();
    exact.Sort();
    return FindZones(pages, exact);
  }
};

uint64_t Name(int number) { return Fingerprint(std::to_string(number)); }

// Something every 5 hours and 7 seconds of a year.
template <typename MinutesAt>
Both Year(MinutesAt minutes_at) {
  Both both;
  for (int i = 0; i < 1700; ++i) {
    const int64_t time = kStart + i * (5 * kHour + 7'013);
    both.Happened(Name(i), time, minutes_at(time));
  }
  return both;
}

std::vector<int32_t> MinutesOf(const FoundZones& found) {
  std::vector<int32_t> minutes;
  for (const ZoneSpan& zone : found.zones) minutes.push_back(zone.minutes);
  return minutes;
}

TEST(FindZones, AnyFixedOffset) {
  for (const int64_t minutes : {0, 330, -540, 345, -570, 840, -840, -15}) {
    Both both = Year([&](int64_t) { return minutes; });
    EXPECT_THAT(MinutesOf(both.Find()), ElementsAre(minutes));
  }
}

TEST(FindZones, SummerTimeGivesSpans) {
  const int64_t spring = kStart + 90 * kDay + kHour, autumn = kStart + 300 * kDay + kHour;
  Both both = Year([&](int64_t time) { return time >= spring && time < autumn ? 120 : 60; });
  const FoundZones found = both.Find();
  ASSERT_THAT(MinutesOf(found), ElementsAre(60, 120, 60));
  for (const auto& [zone, change] : {std::pair(1, spring), std::pair(2, autumn)}) {
    EXPECT_GE(ToMillis(found.zones[zone].from), change);
    EXPECT_LT(ToMillis(found.zones[zone].from), change + 5 * kHour + 8'000);
  }
  // Every time is read as it was, up to the minute, save between the change and what followed.
  both.exact.Sort();
  const PageClock clock(found.zones, &both.exact);
  for (const Sightings::One& one : both.pages.all()) {
    const PageClock::Reading read = clock.Read(one.what, one.time);
    const auto exact = both.exact.InMinute(one.what, read.time);
    ASSERT_THAT(exact, SizeIs(1));
    EXPECT_EQ(read.place, exact[0].time);
  }
}

TEST(FindZones, FewPairsSayNothing) {
  Both both;
  for (int i = 0; i < 4; ++i) both.Happened(Name(i), kStart + i * kHour, 60);
  EXPECT_THAT(both.Find().zones, IsEmpty());
  both.Happened(Name(4), kStart + kDay, 60);
  EXPECT_THAT(both.Find().zones, SizeIs(1));
}

TEST(FindZones, PairsThatDoNotAgreeSayNothing) {
  Both split;
  for (int i = 0; i < 400; ++i) {
    split.Happened(Name(i), kStart + i * kHour, i % 2 == 0 ? 60 : -300);
  }
  EXPECT_THAT(split.Find().zones, IsEmpty());
  Both scattered;
  for (int i = 0; i < 400; ++i) {
    scattered.Happened(Name(i), kStart + i * kHour, (i * 7 % 100 - 50) * 15);
  }
  EXPECT_THAT(scattered.Find().zones, IsEmpty());
}

TEST(FindZones, SomeWrongPairsDoNoHarm) {
  Both both;
  for (int i = 0; i < 400; ++i) {
    both.Happened(Name(i), kStart + i * kHour, i % 5 == 0 ? (i % 100 - 50) * 15 : 330);
  }
  EXPECT_THAT(MinutesOf(both.Find()), ElementsAre(330));
}

TEST(FindZones, WhatHappenedTwiceIsNoPair) {
  Both both;
  for (int i = 0; i < 40; ++i) {
    both.Happened(Name(i % 20), kStart + i * kHour, 60);
  }
  EXPECT_THAT(both.Find().zones, IsEmpty());
}

TEST(FindZones, TimesOfOtherDaysAndOddMinutesAreNoPairs) {
  Both both;
  for (int i = 0; i < 40; ++i) both.Happened(Name(i), kStart + i * kHour, 15 * 60);
  for (int i = 40; i < 80; ++i) both.Happened(Name(i), kStart + i * kHour, 67);
  both.exact.Add(Name(90), -62'167'219'200'000);  // the year 0
  both.pages.Add(Name(90), 253'402'300'799'999);  // the year 9999
  EXPECT_THAT(both.Find().zones, IsEmpty());
}

TEST(Sightings, KeepTheSameOfVeryMany) {
  Sightings more, fewer;
  const int many = static_cast<int>(Sightings::kMost) * 3;
  for (int i = 0; i < many; ++i) {
    more.Add(Name(i), i);
    if (i % 2 == 0) fewer.Add(Name(i), i);
  }
  for (int i = 0; i < many; ++i) more.Add(Name(7), i);  // one name, again and again
  more.Sort();
  fewer.Sort();
  EXPECT_LE(more.all().size(), Sightings::kMost);
  EXPECT_LE(fewer.all().size(), Sightings::kMost);
  size_t shared = 0;
  for (const Sightings::One& one : fewer.all()) {
    shared += std::ranges::binary_search(more.all(), one) ? 1 : 0;
  }
  EXPECT_GT(shared, 1000u);
}

TEST(Joined, WhatWasFoundNowGoesBefore) {
  const auto at = [](int64_t ms, int32_t minutes) { return ZoneSpan{FromMillis(ms), minutes}; };
  const std::vector<ZoneSpan> known = {at(0, 60), at(100, 120), at(200, 60), at(900, 120)};
  EXPECT_EQ(Joined(known, {}), known);
  EXPECT_EQ(Joined({}, {{at(5, 60)}, 9}), (std::vector{at(5, 60)}));
  EXPECT_EQ(Joined(known, {{at(150, 120), at(250, 60), at(300, 120)}, 800}),
            (std::vector{at(0, 60), at(100, 120), at(250, 60), at(300, 120)}));
}

TEST(PageClock, ShowsAndReads) {
  const PageClock none({}, nullptr);
  EXPECT_EQ(none.Read({}, 5).time, 5);
  EXPECT_EQ(none.Shown(5), 5);
  const int64_t autumn = kStart + 300 * kDay + kHour;
  const PageClock clock({{FromMillis(kStart), 120}, {FromMillis(autumn), 60}}, nullptr);
  EXPECT_EQ(clock.Read({}, kStart - kDay).time, kStart - kDay - 2 * kHour);
  EXPECT_EQ(clock.Read({}, autumn + 10 * kHour).time, autumn + 9 * kHour);
  EXPECT_EQ(clock.Shown(autumn - 1), autumn - 1 + 2 * kHour);
  EXPECT_EQ(clock.Shown(autumn), autumn + kHour);
}

TEST(PageClock, AnHourShownTwiceIsThatOfTheSame) {
  const int64_t autumn = kStart + 300 * kDay + kHour;
  Sightings exact;
  exact.Add(1, autumn - 30 * kMinute + 5'000);
  exact.Add(2, autumn + 30 * kMinute + 5'000);
  exact.Sort();
  const PageClock clock({{FromMillis(kStart), 120}, {FromMillis(autumn), 60}}, &exact);
  const int64_t shown = autumn + 90 * kMinute;
  EXPECT_EQ(clock.Read(1, shown).time, autumn - 30 * kMinute);
  EXPECT_EQ(clock.Read(1, shown).place, autumn - 30 * kMinute + 5'000);
  EXPECT_EQ(clock.Read(2, shown).time, autumn + 30 * kMinute);
  EXPECT_EQ(clock.Read(3, shown).time, clock.Read(3, shown).place);
}

TEST(PageClock, TwoOfAnHourShownTwiceAreOneOfEach) {
  const int64_t autumn = kStart + 300 * kDay + kHour;
  Sightings exact;
  exact.Add(1, autumn - 30 * kMinute + 5'000);
  exact.Add(1, autumn + 30 * kMinute + 5'000);
  exact.Sort();
  const PageClock clock({{FromMillis(kStart), 120}, {FromMillis(autumn), 60}}, &exact);
  const int64_t shown = autumn + 90 * kMinute;
  const auto first = clock.Read(1, shown), second = clock.Read(1, shown);
  EXPECT_EQ(first.time + second.time, 2 * autumn);
  EXPECT_NE(first.time, second.time);
}

TEST(NameWithoutTime, TellsTheSameFromOthers) {
  const auto message = [](std::string text, std::string sender = "Ann") {
    return account::Record(TestMessage("c", 5, std::move(text), std::move(sender)));
  };
  EXPECT_EQ(NameWithoutTime(message("Hi"), "a"), NameWithoutTime(message("hi"), "a"));
  EXPECT_NE(NameWithoutTime(message("hi"), "a"), NameWithoutTime(message("hi"), "b"));
  EXPECT_NE(NameWithoutTime(message("hi"), "a"), NameWithoutTime(message("hi", "Bob"), "a"));
  EXPECT_FALSE(NameWithoutTime(message(""), "a"));
  EXPECT_FALSE(NameWithoutTime(account::Record(account::Like{}), ""));
  EXPECT_FALSE(NameWithoutTime(account::Record(account::Profile{}), ""));
  const account::Record one = TestPost("media:1", "2024-01-01T00:00:00Z", "a");
  EXPECT_EQ(NameWithoutTime(one, ""),
            NameWithoutTime(TestPost("media:1", "2023-01-01T00:00:00Z", "b"), ""));
}

}  // namespace
}  // namespace valise::library
