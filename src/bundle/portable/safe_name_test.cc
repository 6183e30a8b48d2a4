#include "bundle/portable/safe_name.h"

#include <gtest/gtest.h>

namespace valise::bundle {
namespace {

TEST(SafeName, OrdinaryPathsAreSafe) {
  for (const char* path : {"a", "content/posts_1.json", "messages/inbox/é 日本_12/message_1.json",
                           ".hidden", "a.b.c", "console.txt"}) {
    EXPECT_TRUE(IsSafePath(path)) << path;
  }
}

TEST(SafeName, UnsafePathsAreRefused) {
  for (const std::string& path :
       {std::string(),           std::string("/a"),       std::string("a//b"),
        std::string("a/"),       std::string("../a"),     std::string("a/./b"),
        std::string("a%20b"),    std::string("a\nb"),     std::string("a\\b"),
        std::string("c:x"),      std::string("what?"),    std::string("a*"),
        std::string("dot."),     std::string("space "),   std::string("x. /y"),
        std::string("CON"),      std::string("aux.json"), std::string("a/COM1"),
        std::string("lpt9.txt"), std::string("bad\xFF"),  std::string(201, 'n'),
        std::string("nul\0x", 5)}) {
    EXPECT_FALSE(IsSafePath(path)) << path;
  }
}

TEST(SafeName, TopFolderOfAnyUserName) {
  EXPECT_EQ(TopFolder("ann.b-c_d", "2024-07-07"), "ann.b-c_d-2024-07-07");
  EXPECT_EQ(TopFolder("", "2024-07-07"), "account-2024-07-07");
  EXPECT_EQ(TopFolder("..", "2024-07-07"), "account-2024-07-07");
  EXPECT_EQ(TopFolder("a/b%é", "2024-07-07"), "a_b___-2024-07-07");
  EXPECT_LE(TopFolder(std::string(5'000, 'u'), "2024-07-07").size(), 120u);
}

TEST(PlaceMaker, SafePathsStay) {
  PlaceMaker places;
  EXPECT_EQ(places.PlaceOf("content/posts_1.json", 4), "content/posts_1.json");
}

TEST(PlaceMaker, UnsafePathsAreNumbered) {
  PlaceMaker places;
  EXPECT_EQ(places.PlaceOf("what?.JSON", 4), "_/4.json");
  EXPECT_EQ(places.PlaceOf("a%b", 5), "_/5");
  EXPECT_EQ(places.PlaceOf("x:y.averylongextension", 6), "_/6");
}

TEST(PlaceMaker, NamesThatOnlyDifferInCaseOrFormAreToldApart) {
  PlaceMaker places;
  EXPECT_EQ(places.PlaceOf("a/Photo.json", 0), "a/Photo.json");
  EXPECT_EQ(places.PlaceOf("a/photo.json", 1), "_/1.json");
  EXPECT_EQ(places.PlaceOf("caf\xC3\xA9.txt", 2), "caf\xC3\xA9.txt");
  EXPECT_EQ(places.PlaceOf("cafe\xCC\x81.txt", 3), "_/3.txt");
}

TEST(PlaceMaker, FileAndFolderOfOneNameAreToldApart) {
  PlaceMaker places;
  EXPECT_EQ(places.PlaceOf("a", 0), "a");
  EXPECT_EQ(places.PlaceOf("a/b", 1), "_/1");
  EXPECT_EQ(places.PlaceOf("c/d", 2), "c/d");
  EXPECT_EQ(places.PlaceOf("C", 3), "_/3");
}

TEST(PlaceMaker, OurOwnFolderIsNotTaken) {
  PlaceMaker places;
  EXPECT_EQ(places.PlaceOf("_/7.json", 2), "_/2.json");
}

}  // namespace
}  // namespace valise::bundle
