#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/instagram/test_archive.h"

namespace valise::services::instagram {
namespace {

using std::string_literals::operator""s;
using testing::HasSubstr;

int Sure(std::vector<std::string> paths) {
  const MemoryArchive archive(std::move(paths));
  return InstagramSource().Recognize(archive.listing());
}

Error WhyNot(std::vector<std::string> paths) {
  const MemoryArchive archive(std::move(paths));
  const auto reading = InstagramSource().Begin(archive.listing(), archive);
  if (reading) return {ErrorCode::kInternal, "was taken"};
  return reading.error();
}

std::string Generation(std::vector<std::string> paths) {
  const MemoryArchive archive(std::move(paths));
  const auto reading = InstagramSource().Begin(archive.listing(), archive);
  return reading ? std::string((*reading)->generation()) : reading.error().message;
}

TEST(Recognize, InstagramOfEachLayout) {
  EXPECT_GT(Sure({"your_instagram_activity/media/posts_1.json"}), 50);
  EXPECT_GT(Sure({"x/y/your_instagram_activity/content/posts_1.json"}), 50);
  EXPECT_GT(Sure({"content/posts_1.json", "account_information/personal_information.json"}), 50);
  EXPECT_GT(Sure({"followers_and_following/followers_1.json"}), 50);
  EXPECT_GT(Sure({"connections/followers_and_following/followers_1.json"}), 50);
  EXPECT_GT(Sure({"instagram-a-2025-01-02-X/media/stories/202401/a.jpg"}), 50);
  EXPECT_GT(Sure({"media.json", "profile.json", "connections.json", "photos/202001/a.jpg"}), 50);
  EXPECT_GT(Sure({"ann_20200102/connections.json", "ann_20200102/likes.json"}), 50);
}

TEST(Recognize, PartsWithNothingButMedia) {
  const std::string first = "/202001/0123456789abcdef0123456789abcdef.jpg";
  for (const std::string& path :
       {std::string("media/posts/202401/17842345678901234.jpg"), "x/media/posts/202401/a.jpg"s,
        "media/archived_posts/202401/a"s, "media/other/202401/a.mp4"s, "photos" + first,
        "ann_20200102_part_2/videos" + first, "direct" + first}) {
    EXPECT_GT(Sure({path}), 50) << path;
    EXPECT_EQ(Generation({path}), "instagram media") << path;
  }
  for (const std::string& path :
       {std::string("media/posts/a.jpg"), "media/posts/2024/a.jpg"s, "posts/202401/a.jpg"s,
        "my_media/posts/202401/a.jpg"s, "photos/202001/beach.jpg"s, "other" + first,
        "photos/202001/0123456789ABCDEF0123456789ABCDEF.jpg"s}) {
    EXPECT_EQ(Sure({path}), 0) << path;
  }
  EXPECT_EQ(Sure({"facebook-ann/media/posts/202401/a.jpg"}), 0);
}

TEST(Recognize, PartsOfOneSectionAlone) {
  for (const std::string& path :
       {"personal_information/personal_information/personal_information.json"s,
        "x/logged_information/recent_searches/profile_searches.json"s,
        "x/security_and_login_information/login_and_profile_creation/login_activity.json"s,
        "x/connections/contacts/synced_contacts.json"s, "x/comments/post_comments_1.json"s,
        "likes/liked_posts.html"s, "login_and_account_creation/login_activity.json"s}) {
    EXPECT_GT(Sure({path}), 50) << path;
  }
  EXPECT_EQ(Sure({"connections/contacts/synced_contacts.json",
                  "your_facebook_activity/posts/your_posts_1.json"}),
            0);
}

TEST(Recognize, NamedAsInstagramNames) {
  const std::string conversation = "messages/inbox/ann_1/message_1.json";
  const auto sure = [](std::string path, std::string part) {
    const MemoryArchive archive({std::move(path)}, {std::move(part)});
    return InstagramSource().Recognize(archive.listing());
  };
  EXPECT_GT(sure(conversation, "instagram-ann-2025-01-02-X.zip"), 50);
  EXPECT_GT(sure("instagram-ann-2025-01-02-X/" + conversation, "backup.zip"), 50);
  EXPECT_GT(sure("ads_information/ads_and_topics/ads_viewed.json", "instagram-a-2025-01-02-X.zip"),
            50);
  EXPECT_EQ(sure(conversation, "backup.zip"), 0);
  EXPECT_EQ(sure("instagram-clone/" + conversation, "backup.zip"), 0);
  EXPECT_EQ(sure("holiday/a.jpg", "instagram-ann-2025-01-02-X.zip"), 0);
}

TEST(Recognize, OthersAreNot) {
  EXPECT_EQ(Sure({}), 0);
  EXPECT_EQ(Sure({"holiday/a.jpg", "index.html"}), 0);
  EXPECT_EQ(Sure({"media.json", "photos/202001/a.jpg"}), 0);
  EXPECT_EQ(Sure({"likes.json", "outbox.json", "comments.json"}), 0);
  EXPECT_EQ(Sure({"your_facebook_activity/messages/inbox/ann_1/message_1.json",
                  "personal_information/profile_information/profile_information.json",
                  "connections/friends/your_friends.json"}),
            0);
  EXPECT_EQ(Sure({"personal_information/personal_information.json"}), 0);
  EXPECT_EQ(Sure({"__MACOSX/your_instagram_activity/x"}), 0);
}

TEST(Recognize, BothInOneMetaArchive) {
  EXPECT_GT(
      Sure({"meta-2025/facebook-a-2025-01-02-X/your_facebook_activity/posts/your_posts_1.json",
            "meta-2025/instagram-a-2025-01-02-Y/your_instagram_activity/media/posts_1.json"}),
      50);
}

TEST(Begin, FacebookIsNamed) {
  const Error error = WhyNot({"your_facebook_activity/messages/inbox/ann_1/message_1.json",
                              "personal_information/profile_information/profile_information.json"});
  EXPECT_EQ(error.code, ErrorCode::kUnsupported);
  EXPECT_THAT(error.message, HasSubstr("Facebook"));
}

TEST(Refuse, OnlyWhatIsKnown) {
  const auto refusal = [](std::vector<std::string> paths) {
    const MemoryArchive archive(std::move(paths));
    const auto why = InstagramSource().Refuse(archive.listing());
    return why ? why->message : std::string();
  };
  EXPECT_THAT(refusal({"your_facebook_activity/messages/inbox/ann_1/message_1.json"}),
              HasSubstr("Facebook"));
  EXPECT_THAT(refusal({"messages/inbox/ann_1/message_1.json"}), HasSubstr("name it came with"));
  EXPECT_EQ(refusal({"media.json", "connections.json"}), "");
  EXPECT_EQ(refusal({"holiday/a.jpg", "index.html"}), "");
  EXPECT_EQ(refusal({"your_instagram_activity/media/posts_1.json"}), "");
}

TEST(Begin, UnknownArchive) { EXPECT_EQ(WhyNot({"a.txt"}).code, ErrorCode::kUnsupported); }

TEST(Generations, ByPaths) {
  EXPECT_EQ(Generation({"start_here.html", "your_instagram_activity/media/posts_1.html",
                        "media/posts/202401/a.jpg"}),
            "instagram G3b HTML");
  EXPECT_EQ(Generation({"media.json", "profile.json", "messages.json"}), "instagram G1");
  EXPECT_EQ(Generation({"a/media.json", "a/profile.json", "a/messages/inbox/b_1/message_1.json"}),
            "instagram G1b");
  EXPECT_EQ(Generation({"media.json", "profile.json", "content/posts_1.json"}), "instagram G2b");
  EXPECT_EQ(Generation({"content/posts_1.json", "account_information/personal_information.json"}),
            "instagram G2a");
  EXPECT_EQ(Generation({"content/posts_1.json", "personal_information/personal_information.json"}),
            "instagram G2b");
  EXPECT_EQ(Generation({"your_instagram_activity/content/posts_1.json"}), "instagram G3a");
  EXPECT_EQ(Generation({"your_instagram_activity/media/posts_1.json"}), "instagram G3b");
  EXPECT_EQ(Generation({"your_instagram_activity/media/posts_1.json",
                        "media/posts/202512/18035531567732190.jpg"}),
            "instagram G4");
  EXPECT_EQ(
      Generation({"your_instagram_activity/media/posts_1.json",
                  "connections/followers_and_following/follow_requests_you_ve_received.json"}),
      "instagram G4");
}

TEST(Reading, NamesTellWhoseAPartWithoutAProfileIs) {
  const auto username = [](std::vector<std::string> paths, std::vector<std::string> parts) {
    const MemoryArchive archive(std::move(paths), std::move(parts));
    const auto reading = InstagramSource().Begin(archive.listing(), archive);
    return reading ? (*reading)->account_username() : reading.error().message;
  };
  const std::string medium = "media/posts/202401/a.jpg";
  EXPECT_EQ(username({medium}, {"instagram-ann.b-2025-01-02-Xy12.zip"}), "ann.b");
  EXPECT_EQ(username({medium}, {"instagram-2020-01-01-2025-01-02-X.zip"}), "2020-01-01");
  EXPECT_EQ(username({medium}, {"instagram-a-2025-01-02-X.zip", "instagram-b-2025-01-02-Y.zip"}),
            "");
  EXPECT_EQ(username({medium}, {"instagram-2025-01-02-X.zip"}), "");
  EXPECT_EQ(username({medium}, {"ann.b_20200102_part_2.zip"}), "ann.b");
  EXPECT_EQ(username({medium}, {"Instagram_20200102.zip"}), "");
  EXPECT_EQ(username({medium}, {"photos.zip"}), "");
  EXPECT_EQ(username({std::string(kPostsPath)}, {"instagram-ann-2025-01-02-X.zip"}), "ann");
  const std::string profile = "personal_information/personal_information/personal_information.json";
  EXPECT_EQ(username({medium, profile}, {"instagram-ann-2025-01-02-X.zip"}), "ann")
      << "should the profile not tell";
}

TEST(Reading, AFileIsOfTheDayOfItsFolderOrPart) {
  const std::vector<std::string> paths = {
      "all/instagram-ann-2021-03-01-A/content/posts_1.json", "ann_20250102/media.json",
      "ann_20250102/connections.json", "your_instagram_activity/media/posts_1.json"};
  const MemoryArchive archive(paths);
  const auto reading = InstagramSource().Begin(archive.listing(), archive);
  ASSERT_TRUE(reading);
  const std::string_view part = "instagram-ann-2024-05-06-X.zip";
  EXPECT_EQ((*reading)->DateOfFile(paths[0], part), ParseTime("2021-03-01T00:00:00Z"));
  EXPECT_EQ((*reading)->DateOfFile(paths[1], part), ParseTime("2025-01-02T00:00:00Z"));
  EXPECT_EQ((*reading)->DateOfFile(paths[3], part), ParseTime("2024-05-06T00:00:00Z"));
  EXPECT_EQ((*reading)->DateOfFile(paths[3], "backup.zip"), std::nullopt);
}

TEST(Reading, KeepsNoKeys) {
  const MemoryArchive archive({std::string(kPostsPath)});
  const auto reading = InstagramSource().Begin(archive.listing(), archive);
  ASSERT_TRUE(reading);
  EXPECT_FALSE((*reading)->keeps_keys());
  EXPECT_EQ(InstagramSource().service(), "instagram");
}

TEST(Reading, AFileThatIsNotReadGivesNothing) {
  const auto read = ReadText("ads_information/ads_and_topics/ads_viewed.json", "{\"x\":1}");
  EXPECT_TRUE(read.records.empty());
  EXPECT_EQ(read.counts.seen, 0u);
}

}  // namespace
}  // namespace valise::services::instagram
