#include "services/instagram/root.h"

#include <gtest/gtest.h>

#include "services/instagram/test_archive.h"

namespace valise::services::instagram {
namespace {

std::string Stripped(std::vector<std::string> paths, std::string_view path) {
  const MemoryArchive archive(std::move(paths));
  return std::string(Roots::Find(archive.listing()).Strip(path));
}

constexpr std::string_view kPosts = "your_instagram_activity/media/posts_1.json";

TEST(Roots, NoneOneAndTwoLevels) {
  for (const std::string_view prefix :
       {"", "instagram-ann-2025-01-02-Xy12/", "my backup/instagram-ann-2025-01-02-Xy12/", "a/b/c/",
        "meta-2025-Jan-02-10-11-12/instagram-ann-2025-01-02-Xy12/", "media/", "saved/messages/"}) {
    const std::string path = std::string(prefix) + std::string(kPosts);
    EXPECT_EQ(Stripped({path}, path), kPosts) << prefix;
    EXPECT_EQ(Stripped({path}, std::string(prefix) + "media/posts/202401/a.jpg"),
              "media/posts/202401/a.jpg");
  }
}

TEST(Roots, EachPartMayHaveItsOwn) {
  const std::vector<std::string> paths = {
      "instagram-ann-2025-01-02-AAAA/your_instagram_activity/media/posts_1.json",
      "instagram-ann-2025-01-02-BBBB/media/posts/202401/a.jpg"};
  EXPECT_EQ(Stripped(paths, paths[0]), kPosts);
  EXPECT_EQ(Stripped(paths, paths[1]), "media/posts/202401/a.jpg");
}

TEST(Roots, DoubledFolderNamesAreNotRoots) {
  const std::string path = "x/personal_information/personal_information/personal_information.json";
  EXPECT_EQ(Stripped({path}, path),
            "personal_information/personal_information/personal_information.json");
  const std::string followers = "x/connections/followers_and_following/followers_1.json";
  EXPECT_EQ(Stripped({followers}, followers), followers.substr(2));
  EXPECT_EQ(Stripped({"content/posts_1.json"}, "content/posts_1.json"), "content/posts_1.json");
}

TEST(Roots, FacebooksHalfKeepsItsPath) {
  const std::string facebook =
      "meta-2025/facebook-ann-2025-01-02-Z/personal_information/profile_information.json";
  const std::string instagram = "meta-2025/instagram-ann-2025-01-02-X/" + std::string(kPosts);
  EXPECT_EQ(Stripped({facebook, instagram}, facebook), facebook);
  EXPECT_EQ(Stripped({facebook, instagram}, instagram), kPosts);
}

TEST(Roots, OfTheFirstLayout) {
  const std::vector<std::string> paths = {"ann_20200102/media.json", "ann_20200102/profile.json",
                                          "part 2/photos/202001/a.jpg", "part 2/direct/202001/b"};
  EXPECT_EQ(Stripped(paths, paths[0]), "media.json");
  EXPECT_EQ(Stripped(paths, paths[2]), "photos/202001/a.jpg");
  EXPECT_EQ(Stripped(paths, paths[3]), "direct/202001/b");
  const std::string story = "media/stories/202401/a.jpg";
  EXPECT_EQ(Stripped({story}, story), story);
  const std::string device = "x/device_information/devices.json";
  EXPECT_EQ(Stripped({device, "x/content/posts_1.json"}, device), device.substr(2));
}

TEST(Roots, OfAPartWithNothingButMedia) {
  const std::string medium = "media/posts/202401/a.jpg";
  EXPECT_EQ(Stripped({medium}, medium), medium);
  EXPECT_EQ(Stripped({"part 2/media/" + medium}, "part 2/media/" + medium), medium);
  EXPECT_EQ(Stripped({"x/media/posts/a.jpg"}, "x/media/posts/a.jpg"), "x/media/posts/a.jpg");
}

TEST(Roots, AnchorsInsideNamesDoNotCount) {
  EXPECT_EQ(Stripped({"my_content/posts_1.json"}, "my_content/posts_1.json"),
            "my_content/posts_1.json");
}

std::optional<Timestamp> Date(std::vector<std::string> parts, std::vector<std::string> paths = {}) {
  const MemoryArchive archive(std::move(paths), std::move(parts));
  return DateOf(archive.listing());
}

TEST(ArchiveDate, FromPartNames) {
  const auto day = FromCivil({.year = 2025, .month = 1, .day = 2});
  EXPECT_EQ(Date({"instagram-ann.b-2025-01-02-Xy12.zip"}), day);
  EXPECT_EQ(Date({"instagram-ann-2025-01-02-Xy12 (1).zip"}), day);
  EXPECT_EQ(Date({"instagram-2020-01-01-2025-01-02-X.zip"}), day) << "a user name like a date";
  EXPECT_EQ(Date({"ann_20250102.zip"}), day);
  EXPECT_EQ(Date({"ann_20250102_part_12.zip"}), day);
  EXPECT_EQ(Date({"ann_20250102_part_two.zip"}), std::nullopt);
  EXPECT_EQ(Date({"instagram-ann-2025-01-01-A.zip", "instagram-ann-2025-01-02-B.zip"}), day);
}

TEST(ArchiveDate, FromTheFolderOfAReZippedArchive) {
  EXPECT_EQ(Date({"backup.zip"}, {"x/instagram-ann-2025-01-02-Xy12/media/a.jpg"}),
            FromCivil({.year = 2025, .month = 1, .day = 2}));
}

TEST(ArchiveDate, UnknownIsNone) {
  EXPECT_EQ(Date({}), std::nullopt);
  EXPECT_EQ(Date({"backup.zip", "instagram-ann.zip", "ann_99999999.zip",
                  "instagram-ann-2025-13-02-X.zip", "instagram-ann-20250102.zip"}),
            std::nullopt);
}

}  // namespace
}  // namespace valise::services::instagram
