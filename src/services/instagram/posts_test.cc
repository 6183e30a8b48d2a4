// Posts and stories, hand-written after docs/formats/instagram.md.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/instagram/media.h"
#include "services/instagram/test_archive.h"

namespace valise::services::instagram {
namespace {

using account::Post;
using account::Story;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::string_view kStoriesPath = "your_instagram_activity/media/stories.json";

TEST(Posts, SingleMediumWithOuterCaption) {
  const auto read = ReadText(kPostsPath, R"([ { "media": [ {
      "uri": "media/posts/202407/450103288_4910_n_18040222816930131.jpg",
      "creation_timestamp": 1720384529,
      "media_metadata": { "camera_metadata": { "has_camera_metadata": false } },
      "title": "", "cross_post_source": { "source_app": "FB" },
      "backup_uri": "https://interncache-ldc.fbcdn.net/v/x?oe=67AD59B9" } ],
    "title": "Caption", "creation_timestamp": 1720384531 } ])");
  const auto post = read.Only<Post>();
  EXPECT_EQ(post.text, "Caption");
  EXPECT_EQ(post.time, FromSeconds(1720384531));
  EXPECT_EQ(post.form, "post");
  EXPECT_THAT(post.evidence, ElementsAre("media:18040222816930131"));
  ASSERT_THAT(post.media, SizeIs(1));
  EXPECT_EQ(post.media[0].path, "media/posts/202407/450103288_4910_n_18040222816930131.jpg");
  EXPECT_EQ(post.media[0].source_id, "18040222816930131");
  EXPECT_EQ(post.media[0].time, FromSeconds(1720384529));
  EXPECT_EQ(read.counts.seen, 1u);
  EXPECT_EQ(read.counts.understood, 1u);
  EXPECT_THAT(read.issues, IsEmpty());
}

TEST(Posts, SingleMediumWithoutOuterTitleAndTime) {
  const auto post = ReadText(kPostsPath, R"([{"media":[{"uri":"media/posts/202407/a.jpg",
      "creation_timestamp":1720384529,"title":"Inner"}]}])")
                        .Only<Post>();
  EXPECT_EQ(post.text, "Inner");
  EXPECT_EQ(post.time, FromSeconds(1720384529));
  EXPECT_EQ(post.media[0].text, "") << "a caption is not told twice";
  EXPECT_THAT(post.evidence, IsEmpty());
}

TEST(Posts, CarouselKeepsItsOrderAndOwnCaptions) {
  const auto post = ReadText(kPostsPath, R"([{"media":[
      {"uri":"media/posts/202407/a_17999999999999901.jpg","creation_timestamp":1,"title":""},
      {"uri":"media/posts/202407/b_17999999999999902.mp4","creation_timestamp":2,"title":"Second"},
      {"uri":"media/posts/202407/c.webp","creation_timestamp":3}],
      "title":"Outer","creation_timestamp":5}])")
                        .Only<Post>();
  EXPECT_EQ(post.text, "Outer");
  EXPECT_EQ(post.time, FromSeconds(5));
  ASSERT_THAT(post.media, SizeIs(3));
  EXPECT_EQ(post.media[1].text, "Second");
  EXPECT_EQ(post.media[2].path, "media/posts/202407/c.webp");
  EXPECT_THAT(post.evidence, ElementsAre("media:17999999999999901"));
}

TEST(Posts, CaptionOfALaterMediumWhenTheFirstHasNone) {
  const auto post = ReadText(kPostsPath, R"([{"media":[{"uri":"a.jpg","title":""},
      {"uri":"b.jpg","title":"B","creation_timestamp":9}],"title":""}])")
                        .Only<Post>();
  EXPECT_EQ(post.text, "B");
  EXPECT_EQ(post.time, FromSeconds(9));
}

TEST(Posts, WithoutAnyCaption) {
  const auto post =
      ReadText(kPostsPath, R"([{"media":[{"uri":"a.jpg","creation_timestamp":1}]}])").Only<Post>();
  EXPECT_EQ(post.text, "");
}

TEST(Posts, WithoutMediaAndWithoutTime) {
  const auto read = ReadText(kPostsPath, R"([{"title":"Words only","creation_timestamp":5},
      {"media":[{"uri":"a.jpg"}]},{"creation_timestamp":7},{}])");
  const auto posts = read.All<Post>();
  ASSERT_THAT(posts, SizeIs(2));
  EXPECT_EQ(posts[0].text, "Words only");
  EXPECT_THAT(posts[0].media, IsEmpty());
  EXPECT_EQ(posts[1].time, std::nullopt);
  EXPECT_EQ(posts[1].provenance[0].index, 1u);
  EXPECT_EQ(read.counts.seen, 4u);
  EXPECT_EQ(read.counts.understood, 2u);
}

TEST(Posts, MediaMayBeABareObject) {
  const auto post = ReadText(kPostsPath, R"([{"media":{"uri":"a.jpg","title":"T"}}])").Only<Post>();
  EXPECT_THAT(post.media, SizeIs(1));
  EXPECT_EQ(post.text, "T");
}

TEST(Posts, SameSecondKeepsFileOrder) {
  const auto posts = ReadText(kPostsPath, R"([{"title":"1","creation_timestamp":5},
      {"title":"2","creation_timestamp":5},{"title":"3","creation_timestamp":5}])")
                         .All<Post>();
  ASSERT_THAT(posts, SizeIs(3));
  for (uint32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(posts[i].text, std::to_string(i + 1));
    EXPECT_EQ(posts[i].provenance[0].index, i);
  }
}

TEST(Posts, MangledCaptionIsRepaired) {
  const auto post =
      ReadText(kPostsPath, R"([{"title":"\u00c3\u00a9t\u00c3\u00a9 \u00f0\u009f\u0099\u0082"}])")
          .Only<Post>();
  EXPECT_EQ(post.text, "été 🙂");
}

// Escaped quotes and line feeds inside mangled text must not break the JSON.
TEST(Posts, RepairComesAfterJson) {
  const auto post =
      ReadText(kPostsPath, R"([{"title":"\u00c3\u00a9\u0022\u000a\\"}])").Only<Post>();
  EXPECT_EQ(post.text, "é\"\n\\");
}

TEST(Posts, EntitiesInCaptions) {
  const auto post =
      ReadText(kPostsPath, R"([{"title":"it&#039;s","media":[{"uri":"a.jpg","title":"&lt;3"}]}])")
          .Only<Post>();
  EXPECT_EQ(post.text, "it's");
  EXPECT_EQ(post.media[0].text, "<3");
}

TEST(Posts, ExifOfTwoObjectsIsMerged) {
  const auto post =
      ReadText(kPostsPath, R"([{"media":[{"uri":"a.jpg","media_metadata":{"photo_metadata":{
      "exif_data":[{"latitude":53.14,"longitude":11.03},
                   {"iso":100,"scene_capture_type":"standard","source_type":4}]}}}]}])")
          .Only<Post>();
  ASSERT_TRUE(post.media[0].place);
  EXPECT_EQ(post.media[0].place->latitude, 53.14);
  EXPECT_EQ(post.media[0].place->longitude, 11.03);
}

TEST(Posts, ExifZeroZeroOrEmptyIsNoPlace) {
  for (const std::string_view exif :
       {R"([])", R"([{"latitude":0,"longitude":0.0}])", R"([{"latitude":5}])",
        R"([{"latitude":91,"longitude":3}])", R"([{"latitude":"5","longitude":3}])", R"({})"}) {
    const auto post =
        ReadText(kPostsPath,
                 R"([{"media":[{"uri":"a.jpg","media_metadata":{"photo_metadata":{"exif_data":)" +
                     std::string(exif) + "}}}]}]")
            .Only<Post>();
    EXPECT_FALSE(post.media.at(0).place && post.media[0].place->latitude != 0) << exif;
  }
}

TEST(Posts, SubtitlesOfAVideo) {
  const auto post =
      ReadText(kPostsPath, R"([{"media":[{"uri":"v.mp4","media_metadata":{"video_metadata":{
      "subtitles":{"uri":"media/other/v.srt","creation_timestamp":6},"exif_data":[],
      "music_genre":"pop,rock"}}}]}])")
          .Only<Post>();
  ASSERT_THAT(post.media[0].subtitles, SizeIs(1));
  EXPECT_EQ(post.media[0].subtitles[0].path, "media/other/v.srt");
  EXPECT_EQ(post.media[0].subtitles[0].time, FromSeconds(6));
}

TEST(Posts, BackupIsThePathOfLastResort) {
  const auto post =
      ReadText(kPostsPath, R"([{"media":[{"backup_uri":"https://x.fbcdn.net/a.jpg?oe=1"}]}])")
          .Only<Post>();
  EXPECT_EQ(post.media[0].path, "https://x.fbcdn.net/a.jpg?oe=1");
}

TEST(Posts, EntryOfLabels) {
  const auto post =
      ReadText(kPostsPath, R"([{"timestamp":1767225600,"fbid":"1","media":[{"uri":"a.jpg"}],
      "label_values":[{"label":"Caption","value":"From \u00c3\u00a9 label"},
                      {"label":"Creation time","timestamp_value":1767225000}]}])")
          .Only<Post>();
  EXPECT_EQ(post.text, "From é label");
  EXPECT_EQ(post.time, FromSeconds(1767225600));
}

TEST(Posts, FormsByFile) {
  const auto form = [](std::string_view name, std::string_view key) {
    const auto post =
        ReadText("your_instagram_activity/media/" + std::string(name),
                 "{\"" + std::string(key) + R"(":[{"media":[{"uri":"a.mp4","title":"T"}]}]})")
            .Only<Post>();
    EXPECT_EQ(post.text, "T");
    return post.form;
  };
  EXPECT_EQ(form("reels.json", "ig_reels_media"), "reel");
  EXPECT_EQ(form("igtv_videos.json", "ig_igtv_media"), "igtv");
  EXPECT_EQ(form("archived_posts.json", "ig_archived_post_media"), "archived");
  EXPECT_EQ(form("recently_deleted_content.json", "ig_recently_deleted_media"), "deleted");
  EXPECT_EQ(form("other_content.json", "ig_other_media"), "other");
}

TEST(Posts, UnknownMembersAreCountedOnceAFile) {
  const auto read = ReadText(kPostsPath, R"([{"title":"a","collab":1},{"title":"b","collab":2}])");
  ASSERT_THAT(read.issues, SizeIs(1));
  EXPECT_EQ(read.issues[0].code, "unknown_member");
  EXPECT_EQ(read.issues[0].count, 2u);
  EXPECT_EQ(read.issues[0].path, kPostsPath);
  EXPECT_NE(read.issues[0].message.find("\"collab\""), std::string::npos);
}

TEST(Stories, AreMediaObjectsThemselves) {
  const auto read = ReadText(kStoriesPath, R"({"ig_stories":[
      {"uri":"media/stories/202401/18012345678901234.jpg","creation_timestamp":1704067200,
       "title":"Happy \u00e2\u009c\u00a8","interest_topics":[{"topic_name":"x"}]},
      {"uri":"media/stories/202401/noending","creation_timestamp":1704067201}]})");
  const auto stories = read.All<Story>();
  ASSERT_THAT(stories, SizeIs(2));
  EXPECT_EQ(stories[0].text, "Happy ✨");
  EXPECT_EQ(stories[0].time, FromSeconds(1704067200));
  EXPECT_THAT(stories[0].evidence, ElementsAre("media:18012345678901234"));
  EXPECT_EQ(stories[0].media.text, "");
  EXPECT_EQ(stories[1].media.path, "media/stories/202401/noending");
  EXPECT_THAT(read.issues, IsEmpty());
}

TEST(Stories, BareArray) {
  const auto stories =
      ReadText(kStoriesPath, R"([{"uri":"a.jpg","creation_timestamp":1}])").All<Story>();
  ASSERT_THAT(stories, SizeIs(1));
  EXPECT_EQ(stories[0].time, FromSeconds(1));
}

TEST(MediaId, LastDigitsOfTheName) {
  EXPECT_EQ(MediaId("media/posts/202207/296_230_n_17908919372611575.webp"), "17908919372611575");
  EXPECT_EQ(MediaId("x_nwebp_17908919372611575.jpg"), "17908919372611575");
  EXPECT_EQ(MediaId("media/posts/202512/18035531567732190.jpg"), "18035531567732190");
  EXPECT_EQ(MediaId("a/180355315677321901"), "180355315677321901");
  EXPECT_EQ(MediaId("photos/202010/f5c8aa46f5c8aa46f5c8aa46f5c8aa46.jpg"), "");
  EXPECT_EQ(MediaId("a_123.jpg"), "");
  EXPECT_EQ(MediaId("a_1790891937261157x.jpg"), "");
  EXPECT_EQ(MediaId(""), "");
}

}  // namespace
}  // namespace valise::services::instagram
