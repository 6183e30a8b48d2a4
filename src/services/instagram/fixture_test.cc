// Real posts with real media, when they lie beside the project; skipped elsewhere.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "services/instagram/test_archive.h"

namespace valise::services::instagram {
namespace {

namespace stdfs = std::filesystem;
using account::Post;
using testing::SizeIs;

const stdfs::path kFixture = VALISE_SHARED_DIR "/fixtures/instagram-2025";

class Fixture : public testing::Test {
 protected:
  void SetUp() override {
    if (!stdfs::exists(kFixture)) GTEST_SKIP() << "no fixture beside the project";
    for (const auto& entry : stdfs::recursive_directory_iterator(kFixture)) {
      if (entry.is_regular_file()) {
        paths_.push_back("again/instagram-ann-2025-08-01-X/" +
                         stdfs::relative(entry.path(), kFixture).generic_string());
      }
    }
  }

  ReadResult Read(std::string_view path) {
    std::ifstream in(kFixture / path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    ReadResult result;
    MemoryFile file{std::string(path), std::move(text)};
    ReadInto(result, file);
    return result;
  }

  std::vector<std::string> paths_;
};

TEST_F(Fixture, IsRecognisedBelowTwoFolders) {
  const MemoryArchive archive(paths_);
  EXPECT_GT(InstagramSource().Recognize(archive.listing()), 50);
  const auto reading = InstagramSource().Begin(archive.listing(), archive);
  ASSERT_TRUE(reading);
  EXPECT_EQ((*reading)->generation(), "instagram G3b");
  EXPECT_EQ((*reading)->date(), FromCivil({.year = 2025, .month = 8, .day = 1}));
}

TEST_F(Fixture, EveryPostWithCaptionAndTime) {
  const auto read = Read("your_instagram_activity/media/posts_1.json");
  const auto posts = read.All<Post>();
  ASSERT_THAT(posts, SizeIs(4));
  EXPECT_EQ(posts[0].text, "A great rainy day lunch\n#italiansub");
  EXPECT_EQ(FormatTime(*posts[0].time), "2024-08-04T19:52:37Z");
  EXPECT_EQ(posts[1].text,
            "What an incredible weekend day trip to celebrate Momma Olga's birthday.");
  EXPECT_EQ(FormatTime(*posts[1].time), "2024-07-07T20:35:31Z");
  EXPECT_THAT(posts[1].media, SizeIs(10));
  EXPECT_EQ(FormatTime(*posts[2].time), "2022-07-26T21:45:55Z");
  EXPECT_THAT(posts[2].media, SizeIs(5));
  EXPECT_EQ(posts[3].text, "Pokemon test video");
  EXPECT_EQ(FormatTime(*posts[3].time), "2016-03-23T11:32:16Z");
  EXPECT_EQ(posts[3].media.at(0).place->latitude, 53.141186112);
  EXPECT_EQ(read.counts.seen, 4u);
  EXPECT_EQ(read.counts.understood, 4u);
  EXPECT_TRUE(read.issues.empty());
}

TEST_F(Fixture, AllSeventeenMediaAreNamedAndAreMedia) {
  const MemoryArchive archive(paths_);
  const auto reading = InstagramSource().Begin(archive.listing(), archive);
  ASSERT_TRUE(reading);
  std::set<std::string> media;
  for (const std::string& path : paths_) {
    const std::string relative = (*reading)->RelativePath(path);
    if ((*reading)->RoleOf(relative) == FileRole::kMedium) {
      media.insert((*reading)->MediaPath(relative));
    }
  }
  EXPECT_THAT(media, SizeIs(17));
  std::set<std::string> named;
  for (const Post& post : Read("your_instagram_activity/media/posts_1.json").All<Post>()) {
    EXPECT_EQ(post.evidence.size(), 1u);
    for (const auto& item : post.media) named.insert((*reading)->MediaPath(item.path));
  }
  EXPECT_EQ(named, media);
}

TEST_F(Fixture, ReelsRepeatPostsWithTheSameEvidence) {
  const auto posts = Read("your_instagram_activity/media/posts_1.json").All<Post>();
  const auto reels = Read("your_instagram_activity/media/reels.json").All<Post>();
  ASSERT_THAT(reels, SizeIs(2));
  EXPECT_EQ(reels[0].form, "reel");
  EXPECT_EQ(reels[0].evidence, posts.at(1).evidence);
  EXPECT_EQ(reels[1].evidence, posts.at(3).evidence);
}

}  // namespace
}  // namespace valise::services::instagram
