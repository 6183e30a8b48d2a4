#include "imports/media_finder.h"

#include <gtest/gtest.h>

namespace valise::imports {
namespace {

TEST(MediaFinder, TheExactPathGoesFirst) {
  MediaFinder finder;
  finder.Add("media/A.jpg", 1);
  finder.Add("media/a.jpg", 2);
  finder.Add("media/a.jpg", 3);
  EXPECT_EQ(finder.Find("media/A.jpg"), 1u);
  EXPECT_EQ(finder.Find("media/a.jpg"), 2u);
  EXPECT_EQ(finder.Find("media/b.jpg"), std::nullopt);
}

TEST(MediaFinder, AnOnlyOneMayDifferInCaseAndAccents) {
  MediaFinder finder;
  finder.Add("Media/1.JPG", 1);
  finder.Add("media/2.jpg", 2);
  finder.Add("files/re\u0301sume\u0301.pdf", 3);  // as macOS unpacks it
  EXPECT_EQ(finder.Find("media/1.jpg"), 1u);
  EXPECT_EQ(finder.Find("MEDIA/2.jpg"), 2u);
  EXPECT_EQ(finder.Find("files/r\u00e9sum\u00e9.pdf"), 3u);
  EXPECT_EQ(finder.Find("files/resume.pdf"), std::nullopt);
}

TEST(MediaFinder, OfSeveralNoneIsGuessed) {
  MediaFinder finder;
  finder.Add("media/A.jpg", 1);
  finder.Add("media/a.JPG", 2);
  finder.Add("media/b.jpg", 3);
  finder.Add("media/B.jpg", 4);
  EXPECT_EQ(finder.Find("media/a.jpg"), std::nullopt);
  EXPECT_EQ(finder.Find("MEDIA/b.jpg"), std::nullopt);
}

}  // namespace
}  // namespace valise::imports
