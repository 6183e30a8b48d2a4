#include <gmock/gmock.h>

#include "services/instagram/test_export.h"

namespace valise::services::instagram {
namespace {

using account::Kind;
using account::MediaItem;
using account::Record;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;

TEST_F(InstagramFormatTest, HasTheNamesThatImportersLookFor) {
  bundle::FillSample(account_);
  const ArchiveFiles files = Export();
  EXPECT_THAT(summary_.file_name, HasSubstr("instagram-ann.example-2024-07-07-"));
  for (const char* name :
       {"your_instagram_activity/media/posts_1.json", "your_instagram_activity/media/posts_2.json",
        "your_instagram_activity/media/stories.json",
        "your_instagram_activity/comments/post_comments_1.json",
        "connections/followers_and_following/followers_1.json",
        "personal_information/personal_information/personal_information.json", "README.txt"}) {
    EXPECT_THAT(files, Contains(Key(name)));
  }
  EXPECT_THAT(files, Not(Contains(Key("your_instagram_activity/media/reels.json"))));
  EXPECT_LT(plan_->At(0).size, 1'000u);
  const MemoryArchive archive(names_);
  const auto reading = InstagramSource().Begin(archive.listing(), archive).value();
  EXPECT_EQ(reading->generation(), "instagram G3b");
  std::set<std::string> base_names;
  for (const std::string& name : names_) {
    if (name.ends_with(".json")) continue;
    EXPECT_TRUE(base_names.insert(name.substr(name.rfind('/') + 1)).second) << name;
  }
}

TEST_F(InstagramFormatTest, WhatIsLeftOutIsCountedAndTold) {
  bundle::FillSample(account_);
  const ArchiveFiles files = Export();
  const std::string& read_me = files.at("README.txt");
  EXPECT_THAT(read_me, HasSubstr("- 1 photos, videos or sounds that were never received"));
  EXPECT_THAT(read_me, HasSubstr("media/posts/gone.jpg"));
  EXPECT_THAT(read_me, HasSubstr("- 2 received files without posts"));
  EXPECT_EQ(summary_.missing, 1u);
  EXPECT_GE(summary_.issues, 2u);
  EXPECT_THAT(files.at("your_instagram_activity/media/posts_1.json"), Not(HasSubstr("gone")));
  EXPECT_THAT(files.at("your_instagram_activity/media/posts_2.json"), HasSubstr("lost"));
}

TEST_F(InstagramFormatTest, MediaThatNoRecordShowsComeAlong) {
  bundle::FillSample(account_);
  const ArchiveFiles files = Export();
  size_t found = 0;
  for (const auto& [name, content] : files) {
    if (content != "shown by nobody") continue;
    ++found;
    EXPECT_TRUE(name.starts_with("media/other/"));
  }
  EXPECT_EQ(found, 1u);
  EXPECT_EQ(summary_.media, 5u);
}

TEST_F(InstagramFormatTest, TheSameContentUnderTwoIdsLiesThereTwice) {
  const MediaItem one = Photo("one", "18042222816930131", "2024-02-01T10:00:00Z");
  MediaItem other = one;
  other.source_id = "18042222816930132";
  account_.AddDocument("posts/2024", {PostOf("2024-02-01T10:00:01Z", "", {one}),
                                      PostOf("2024-02-01T10:00:05Z", "", {other})});
  Export();
  EXPECT_THAT(names_, Contains(HasSubstr("_18042222816930131.jpg")));
  EXPECT_THAT(names_, Contains(HasSubstr("_18042222816930132.jpg")));
}

TEST_F(InstagramFormatTest, WhatInstagramDoesNotHaveIsCounted) {
  account_.AddDocument("comments/2024", {account::Comment{{}, {}, "received", "bob", "nice"}});
  account::Comment received{{}, {}, "posts", "ann.example", "from Bob"};
  received.author = "bob";
  account::Post counted = PostOf("2024-02-02T10:00:00Z", "seen", {});
  counted.like_count = 7;
  account_.AddDocument("comments/2023", {received});
  account_.AddDocument("posts/2023", {counted});
  account_.AddDocument("activity/2023", {account::Activity{{}, {}, "logins", "phone"}});
  account_.AddDocument("likes/2024", {account::Like{{}, "songs", "bob", "", "", {}}});
  account_.AddDocument("connections/x", {account::Connection{{}, "neighbour", "bob", "", {}}});
  account_.AddDocument("posts/2024", {PostOf("2024-02-01T10:00:00Z", "a poll", {}, "poll"),
                                      PostOf("2024-02-01T10:00:00Z", "", {})});
  const ArchiveFiles files = Export();
  EXPECT_EQ(summary_.issues, 8u);
  EXPECT_THAT(files.at("your_instagram_activity/media/posts_2.json"), HasSubstr("a poll"));
}

TEST_F(InstagramFormatTest, KeepsToTheChoices) {
  bundle::FillSample(account_);
  bundle::Selection selection;
  selection.from = At("2024-01-01T00:00:00Z");
  selection.until = At("2024-06-01T00:00:00Z");
  ArchiveFiles files = Export(selection);
  const std::string& posts = files.at("your_instagram_activity/media/posts_1.json");
  EXPECT_THAT(posts, Not(HasSubstr("old")));
  EXPECT_EQ(summary_.records[static_cast<size_t>(Kind::kConversation)], 1u);
  EXPECT_EQ(summary_.records[static_cast<size_t>(Kind::kMessage)], 1u);
  EXPECT_EQ(summary_.media, 3u);

  selection = {};
  selection.kinds.fill(false);
  selection.kinds[static_cast<size_t>(Kind::kStory)] = true;
  files = Export(selection);
  EXPECT_EQ(summary_.media, 1u);
  EXPECT_THAT(files, Not(Contains(Key("your_instagram_activity/media/posts_1.json"))));

  selection = {};
  selection.videos = false;
  Export(selection);
  EXPECT_EQ(summary_.videos, 0u);
  EXPECT_EQ(summary_.records[static_cast<size_t>(Kind::kStory)], 0u);
}

TEST_F(InstagramFormatTest, TheSameBytesEachTime) {
  bundle::FillSample(account_);
  Export();
  const std::string etag = plan_->etag();
  Export();
  EXPECT_EQ(plan_->etag(), etag);
}

TEST_F(InstagramFormatTest, AnEmptyAccountIsAnArchiveToo) {
  const ArchiveFiles files = Export();
  EXPECT_THAT(files.at("README.txt"), HasSubstr("Nothing was left out."));
}

}  // namespace
}  // namespace valise::services::instagram
