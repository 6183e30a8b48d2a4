#include "base/time.h"

#include <gtest/gtest.h>

namespace valise {
namespace {

TEST(Time, FormatsWithMillisecondsOnlyWhenThereAreAny) {
  EXPECT_EQ(FormatTime(FromSeconds(1720384531)), "2024-07-07T20:35:31Z");
  EXPECT_EQ(FormatTime(FromMillis(1637933767934)), "2021-11-26T13:36:07.934Z");
  EXPECT_EQ(FormatTime(FromMillis(-1)), "1969-12-31T23:59:59.999Z");
}

TEST(Time, ParsesOffsetsAndFractions) {
  EXPECT_EQ(ToMillis(*ParseTime("2024-07-07T22:35:31+02:00")), 1720384531000);
  EXPECT_EQ(ToMillis(*ParseTime("2021-11-26T13:36:07.9349Z")), 1637933767934);
  EXPECT_EQ(ToMillis(*ParseTime("2021-11-26T13:36:07.9Z")), 1637933767900);
}

TEST(Time, RefusesWhatIsNotATime) {
  for (const char* text : {"", "2024", "2024-13-01T00:00:00Z", "2024-01-01T24:00:00Z",
                           "2024-01-01T00:00:00", "2024-01-01T00:00:00Zx"}) {
    EXPECT_FALSE(ParseTime(text)) << text;
  }
}

TEST(Time, RoundTripsOverCenturies) {
  for (int64_t s = -62'000'000'000; s < 250'000'000'000; s += 987'654'321) {
    EXPECT_EQ(ToMillis(*ParseTime(FormatTime(FromSeconds(s)))), s * 1000);
  }
}

TEST(ManualClock, Advances) {
  ManualClock clock(FromSeconds(10));
  clock.Advance(std::chrono::hours{1});
  EXPECT_EQ(ToSeconds(clock.Now()), 3610);
}

}  // namespace
}  // namespace valise
