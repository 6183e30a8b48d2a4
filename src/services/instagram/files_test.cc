#include "services/instagram/files.h"

#include <gtest/gtest.h>

namespace valise::services::instagram {
namespace {

Reading ReadingOf(std::string_view path) {
  const auto rule = RuleOf(path);
  EXPECT_TRUE(rule) << path;
  return rule ? rule->reading : Reading::kSignup;
}
std::string_view DetailOf(std::string_view path) {
  const auto rule = RuleOf(path);
  EXPECT_TRUE(rule) << path;
  return rule ? rule->detail : "none";
}

TEST(Files, PathsOfEachGeneration) {
  for (const std::string_view path :
       {"content/posts_1.json", "your_instagram_activity/content/posts_12.json",
        "your_instagram_activity/media/posts_2.json"}) {
    EXPECT_EQ(ReadingOf(path), Reading::kPosts);
    EXPECT_EQ(DetailOf(path), "post");
  }
  for (const std::string_view path :
       {"account_information/personal_information.json",
        "personal_information/personal_information.json",
        "personal_information/personal_information/personal_information.json"}) {
    EXPECT_EQ(ReadingOf(path), Reading::kProfile);
  }
  EXPECT_EQ(DetailOf("followers_and_following/followers.json"), "follower");
  EXPECT_EQ(DetailOf("connections/followers_and_following/followers_3.json"), "follower");
  EXPECT_EQ(DetailOf("comments/post_comments.json"), "posts");
  EXPECT_EQ(DetailOf("your_instagram_activity/comments/post_comments_1.json"), "posts");
  EXPECT_EQ(DetailOf("your_instagram_activity/comments/hype.json"), "stories");
  EXPECT_EQ(DetailOf("your_instagram_activity/story_interactions/story_likes.json"), "stories");
  EXPECT_EQ(DetailOf("story_sticker_interactions/story_likes.json"), "stories");
  EXPECT_EQ(ReadingOf("login_and_account_creation/signup_information.json"), Reading::kSignup);
}

TEST(Files, ApostrophesThreeWays) {
  for (const std::string_view apostrophe : {"'", "_", "\u2019"}) {
    const std::string path = "connections/followers_and_following/follow_requests_you" +
                             std::string(apostrophe) + "ve_received.json";
    EXPECT_EQ(DetailOf(path), "request_received");
  }
  EXPECT_EQ(DetailOf("connections/followers_and_following/profiles_you've_favorited.json"),
            "favorite");
}

// One archive has two reels.json, two personal_information.json, two lists of requests.
TEST(Files, TheParentFolderDecides) {
  EXPECT_TRUE(RuleOf("your_instagram_activity/media/reels.json"));
  EXPECT_EQ(DetailOf("your_instagram_activity/media/reels.json"), "reel");
  EXPECT_EQ(DetailOf("your_instagram_activity/subscriptions/reels.json"), "subscriptions");
  EXPECT_FALSE(RuleOf("your_instagram_activity/threads/personal_information.json"));
  EXPECT_FALSE(RuleOf("your_instagram_activity/threads/follow_requests_you've_received.json"));
  EXPECT_FALSE(RuleOf("facebook-ann/personal_information/personal_information.json"));
  EXPECT_FALSE(RuleOf("posts_1.json"));
  EXPECT_FALSE(RuleOf("a/b/media/posts_1.json"));
  EXPECT_FALSE(RuleOf(""));
}

TEST(Files, ThreadsOfAnyFolder) {
  EXPECT_EQ(DetailOf("your_instagram_activity/messages/inbox/ann_1/message_1.json"), "inbox");
  EXPECT_EQ(DetailOf("messages/message_requests/ann_1/message_10.json"), "requests");
  EXPECT_FALSE(RuleOf("your_instagram_activity/messages/secret_conversations.json"));
  EXPECT_EQ(DetailOf("your_instagram_activity/messages/reported_conversations.json"), "reported");
  EXPECT_EQ(DetailOf("your_instagram_activity/messages/broadcast/x/replies_1.json"), "broadcast");
  EXPECT_FALSE(RuleOf("your_facebook_activity/messages/inbox/ann_1/message_1.json"));
}

TEST(Files, Roles) {
  EXPECT_EQ(RoleOf("your_instagram_activity/media/posts_1.json"), FileRole::kData);
  EXPECT_EQ(RoleOf("media/posts/202407/a.jpg"), FileRole::kMedium);
  EXPECT_EQ(RoleOf("media/posts/202407/A.HEIC"), FileRole::kMedium);
  EXPECT_EQ(RoleOf("media/stories/202407/noending"), FileRole::kMedium);
  EXPECT_EQ(RoleOf("media/other/v.srt"), FileRole::kMedium);
  EXPECT_EQ(RoleOf("your_instagram_activity/messages/inbox/ann_1/photos/17"), FileRole::kMedium);
  EXPECT_EQ(RoleOf("your_instagram_activity/messages/inbox/ann_1/files/a.pdf"), FileRole::kMedium);
  EXPECT_EQ(RoleOf("your_instagram_activity/messages/inbox/ann_1/files/notes.txt"),
            FileRole::kMedium);
  EXPECT_EQ(RoleOf("your_instagram_activity/likes/no-data.txt"), FileRole::kOther);
  EXPECT_EQ(RoleOf("ads_information/ads_and_topics/ads_viewed.json"), FileRole::kOther);
  EXPECT_EQ(RoleOf("preferences/settings/consents.json"), FileRole::kData);
  EXPECT_EQ(RoleOf("photos/202001/noending"), FileRole::kMedium);
  EXPECT_EQ(RoleOf("photos/2020/noending"), FileRole::kOther);
  EXPECT_EQ(RoleOf("start_here.html"), FileRole::kOther);
  EXPECT_EQ(RoleOf("README"), FileRole::kOther);
}

TEST(Files, Pages) {
  EXPECT_EQ(RoleOf("your_instagram_activity/media/posts_1.html"), FileRole::kData);
  EXPECT_EQ(PageRuleOf("content/posts_1.html")->reading, Reading::kPosts);
  EXPECT_FALSE(PageRuleOf("messages/reported_conversations.html"));
  EXPECT_FALSE(PageRuleOf("media.html"));
  EXPECT_FALSE(PageRuleOf("content/posts_1.json"));
}

TEST(Files, Junk) {
  for (const std::string_view path : {"__MACOSX/media/posts/._a.jpg", "media/posts/._a.jpg",
                                      ".DS_Store", "media/Thumbs.db", "desktop.ini"}) {
    EXPECT_EQ(RoleOf(path), FileRole::kJunk) << path;
  }
}

TEST(MediaPath, OneNameForAll) {
  const std::string_view path = "messages/inbox/ann_1/photos/a.jpg";
  for (const std::string_view written :
       {"messages/inbox/ann_1/photos/a.jpg",
        "your_instagram_activity/messages/inbox/ann_1/photos/a.jpg",
        "your_activity_across_facebook/messages/inbox/ann_1/photos/a.jpg",
        "/messages/inbox/ann_1/photos/a.jpg", "./messages/inbox/ann_1/photos/a.jpg",
        "your_instagram_activity\\messages\\inbox\\ann_1\\photos\\a.jpg"}) {
    EXPECT_EQ(MediaPath(written), path) << written;
  }
  EXPECT_EQ(MediaPath("media/posts/202407/a.jpg"), "media/posts/202407/a.jpg");
  EXPECT_EQ(MediaPath("your_instagram_activity/media/x.jpg"),
            "your_instagram_activity/media/x.jpg");
  EXPECT_EQ(MediaPath("https://media.giphy.com/g.gif"), "https://media.giphy.com/g.gif");
  EXPECT_EQ(MediaPath(""), "");
}

}  // namespace
}  // namespace valise::services::instagram
