#include "zip/dos_time.h"

#include <gtest/gtest.h>

namespace valise::zip {
namespace {

TEST(DosTime, AKnownMoment) {
  // 2019-07-14T12:34:56Z (docs/formats/zip-layout.md).
  EXPECT_EQ(ToDosTime(1'563'107'696), (DosTime{.time = 0x645C, .date = 0x4EEE}));
  EXPECT_EQ(FromDosTime({.time = 0x645C, .date = 0x4EEE}), 1'563'107'696);
}

TEST(DosTime, ClampsToItsSpan) {
  EXPECT_EQ(ToDosTime(0), (DosTime{.time = 0, .date = 0x0021}));
  EXPECT_EQ(ToDosTime(-5'000'000'000), (DosTime{.time = 0, .date = 0x0021}));
  EXPECT_EQ(ToDosTime(1ll << 60), (DosTime{.time = 0xBF7D, .date = 0xFF9F}));
}

TEST(DosTime, RoundTripsEveryTwoSeconds) {
  for (int64_t t = 315'532'800; t < 4'354'819'198; t += 7'654'322) {
    EXPECT_EQ(FromDosTime(ToDosTime(t)), t);
    EXPECT_EQ(ToDosTime(t + 1), ToDosTime(t));
  }
}

TEST(DosTime, NonsenseIsBroughtIntoRange) {
  EXPECT_EQ(FromDosTime({.time = 0, .date = 0}), 315'532'800);
  EXPECT_EQ(FromDosTime({.time = 0xFFFF, .date = 0x0021}), 315'532'800 + 86'399);
}

}  // namespace
}  // namespace valise::zip
