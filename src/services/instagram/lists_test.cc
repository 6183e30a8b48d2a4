// Comments, likes, saved and connections in every envelope, hand-written after
// docs/formats/instagram.md.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/instagram/test_archive.h"

namespace valise::services::instagram {
namespace {

using account::Comment;
using account::Connection;
using account::Like;
using account::Saved;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::string_view kComments = "your_instagram_activity/comments/post_comments_1.json";
constexpr std::string_view kLikes = "your_instagram_activity/likes/liked_posts.json";
constexpr std::string_view kSaved = "your_instagram_activity/saved/saved_posts.json";
constexpr std::string_view kCollections = "your_instagram_activity/saved/saved_collections.json";
constexpr std::string_view kFollowing = "connections/followers_and_following/following.json";
constexpr std::string_view kFollowers = "connections/followers_and_following/followers_1.json";

TEST(Comments, CompactMap) {
  const auto read = ReadText(kComments, R"([{"media_list_data":[{"uri":""}],"string_map_data":{
      "Comment":{"value":"Sch\u00c3\u00b6n!"},"Media Owner":{"value":"zoe"},
      "Time":{"timestamp":1719402713}}}])");
  const auto comment = read.Only<Comment>();
  EXPECT_EQ(comment.list, "posts");
  EXPECT_EQ(comment.text, "Schön!");
  EXPECT_EQ(comment.owner, "zoe");
  EXPECT_EQ(comment.time, FromSeconds(1719402713));
  EXPECT_THAT(comment.media, IsEmpty());
  EXPECT_THAT(read.issues, IsEmpty());
}

TEST(Comments, FullMapInAnUnknownLanguageReadsByPlace) {
  const auto comment = ReadText(kComments, R"([{"title":"","media_map_data":{},"string_map_data":{
      "Kommentti":{"href":"","value":"hieno","timestamp":0},
      "Median omistaja":{"href":"","value":"zoe","timestamp":0},
      "Aika":{"href":"","value":"","timestamp":5}}}])")
                           .Only<Comment>();
  EXPECT_EQ(comment.text, "hieno");
  EXPECT_EQ(comment.owner, "zoe");
  EXPECT_EQ(comment.time, FromSeconds(5));
}

TEST(Comments, OnlyOwnerOrOnlyMedium) {
  const auto read = ReadText(kComments, R"([
      {"string_map_data":{"Media Owner":{"value":"zoe"},"Time":{"timestamp":5}},
       "media_list_data":[{"uri":"media/other/g.gif"}]},
      {"string_map_data":{"Time":{"timestamp":5}}}])");
  const auto comment = read.Only<Comment>();
  EXPECT_EQ(comment.owner, "zoe");
  EXPECT_EQ(comment.text, "");
  EXPECT_EQ(comment.media.at(0).path, "media/other/g.gif");
  EXPECT_EQ(read.counts.seen, 2u);
  EXPECT_EQ(read.counts.understood, 1u);
}

TEST(Comments, AnEmptyTextHoldsItsPlace) {
  for (const std::string_view labels :
       {R"("Kommentar":{"value":""},"Medieninhaber":{"value":"bob"})",
        R"("Comentario":{"value":""},"Autor del medio":{"value":"bob"})",
        R"("Komentarz":{"value":""},"Osoba":{"value":"bob"})", R"("Osoba":{"value":"bob"})"}) {
    const auto comment = ReadText(kComments,
                                  "[{\"media_list_data\":[{\"uri\":\"media/other/g.gif\"}],"
                                  "\"string_map_data\":{" +
                                      std::string(labels) + ",\"Czas\":{\"timestamp\":5}}}]")
                             .Only<Comment>();
    EXPECT_EQ(comment.text, "") << labels;
    EXPECT_EQ(comment.owner, "bob") << labels;
  }
}

TEST(Comments, EachValueOfAListIsOne) {
  const auto comments = ReadText("comments/post_comments.json", R"({"comments_media_comments":[
      {"title":"bob","string_list_data":[{"href":"","value":"one","timestamp":5},
      {"href":"","value":"two","timestamp":6}]}]})")
                            .All<Comment>();
  ASSERT_THAT(comments, SizeIs(2));
  EXPECT_EQ(comments[1].text, "two");
  EXPECT_EQ(comments[1].owner, "bob");
  EXPECT_EQ(comments[1].time, FromSeconds(6));
}

TEST(Comments, OneObjectInsteadOfAnArray) {
  EXPECT_EQ(ReadText(kComments, R"({"string_map_data":{"Comment":{"value":"x"},
      "Media Owner":{"value":"zoe"},"Time":{"timestamp":5}}})")
                .Only<Comment>()
                .text,
            "x");
}

TEST(Comments, ListOf2021) {
  const auto comment = ReadText("comments/post_comments.json", R"({"comments_media_comments":[
      {"title":"zoe","media_list_data":[],"string_list_data":[
      {"href":"","value":"wow","timestamp":1600000000}]}]})")
                           .Only<Comment>();
  EXPECT_EQ(comment.owner, "zoe");
  EXPECT_EQ(comment.text, "wow");
  EXPECT_EQ(comment.time, FromSeconds(1600000000));
}

TEST(Comments, ReelsAndStories) {
  const std::string entry = R"({"k":[{"string_map_data":{"Comment":{"value":"x"}}}]})";
  EXPECT_EQ(
      ReadText("your_instagram_activity/comments/reels_comments.json", entry).Only<Comment>().list,
      "reels");
  EXPECT_EQ(ReadText("your_instagram_activity/comments/hype.json", entry).Only<Comment>().list,
            "stories");
}

TEST(Likes, List) {
  const auto like = ReadText(kLikes, R"({"likes_media_likes":[{"title":"zoe","string_list_data":[
      {"href":"https://www.instagram.com/p/Abc/","value":"\u00f0\u009f\u0091\u008d","timestamp":1700000000}]}]})")
                        .Only<Like>();
  EXPECT_EQ(like.list, "posts");
  EXPECT_EQ(like.owner, "zoe");
  EXPECT_EQ(like.link, "https://www.instagram.com/p/Abc/");
  EXPECT_EQ(like.time, FromSeconds(1700000000));
}

TEST(Likes, Labels) {
  const auto read =
      ReadText(kLikes, R"([{"timestamp":1767225600,"media":[],"fbid":"1234","label_values":[
      {"label":"URL","value":"https://www.instagram.com/reel/Abc/","href":"https://www.instagram.com/reel/Abc/"},
      {"label":"Caption","value":"caf\u00c3\u00a9"},
      {"title":"Hashtags","dict":[{"title":"","dict":[{"label":"Name","value":"sun"}]}]},
      {"title":"Owner","dict":[{"title":"","dict":[{"label":"URL","value":""},
        {"label":"Name","value":"Zo\u00c3\u00ab"},{"label":"Username","value":"zoe"}]}]}]}])");
  const auto like = read.Only<Like>();
  EXPECT_EQ(like.owner, "zoe");
  EXPECT_EQ(like.link, "https://www.instagram.com/reel/Abc/");
  EXPECT_EQ(like.text, "café");
  EXPECT_EQ(like.time, FromSeconds(1767225600));
  EXPECT_THAT(read.issues, IsEmpty());
}

TEST(Likes, DutchLabelsAndOwnerNestedInMedia) {
  const auto like =
      ReadText(kLikes,
               R"([{"timestamp":7,"label_values":[{"title":"Media","dict":[{"title":"","dict":[
      {"label":"URL","href":"https://www.instagram.com/p/X/","value":"https://www.instagram.com/p/X/"},
      {"title":"Eigenaar","dict":[{"title":"","dict":[{"label":"Naam","value":"Zoë"},
        {"label":"Gebruikersnaam","value":"zoe"},{"label":"URL","value":"https://www.instagram.com/zoe"}]}]}]}]}]}])")
          .Only<Like>();
  EXPECT_EQ(like.owner, "zoe");
  EXPECT_EQ(like.link, "https://www.instagram.com/p/X/");
}

TEST(Likes, CommentsAndStories) {
  EXPECT_EQ(
      ReadText("your_instagram_activity/likes/liked_comments.json",
               R"({"likes_comment_likes":[{"title":"zoe","string_list_data":[{"timestamp":1}]}]})")
          .Only<Like>()
          .list,
      "comments");
  const auto stories =
      ReadText("your_instagram_activity/story_interactions/story_likes.json",
               R"({"story_activities_story_likes":[{"title":"zoe","string_list_data":[
                                {"timestamp":1},{"timestamp":2}]}]})")
          .All<Like>();
  ASSERT_THAT(stories, SizeIs(2));
  EXPECT_EQ(stories[0].list, "stories");
  EXPECT_EQ(stories[1].time, FromSeconds(2));
}

TEST(Likes, LabelsDeeperThanAnyAreCutNotFollowed) {
  std::string json = R"([{"timestamp":1,"label_values":[)";
  for (int i = 0; i < 200; ++i) json += R"({"title":"g","dict":[)";
  json += R"({"label":"Username","value":"deep"})";
  for (int i = 0; i < 200; ++i) json += "]}";
  json += "]}]";
  EXPECT_THAT(ReadText(kLikes, json).All<Like>(), IsEmpty());
}

TEST(SavedPosts, MapFullAndCompact) {
  const auto saved = ReadText(kSaved, R"({"saved_saved_media":[
      {"title":"zoe","string_map_data":{"Saved on":
       {"href":"https://www.instagram.com/p/A/","timestamp":5}}},
      {"title":"ann","media_map_data":{},"string_map_data":{"Opgeslagen op":
       {"href":"https://www.instagram.com/p/B/","value":"","timestamp":6}}}]})")
                         .All<Saved>();
  ASSERT_THAT(saved, SizeIs(2));
  EXPECT_EQ(saved[0].owner, "zoe");
  EXPECT_EQ(saved[0].link, "https://www.instagram.com/p/A/");
  EXPECT_EQ(saved[0].time, FromSeconds(5));
  EXPECT_EQ(saved[0].collection, "");
  EXPECT_EQ(saved[1].time, FromSeconds(6));
}

TEST(SavedPosts, Labels) {
  const auto saved = ReadText(kSaved, R"([{"timestamp":9,"label_values":[
      {"label":"URL","value":"https://www.instagram.com/p/C/"},
      {"title":"Owner","dict":[{"title":"","dict":[{"label":"Username","value":"zoe"}]}]}]}])")
                         .Only<Saved>();
  EXPECT_EQ(saved.owner, "zoe");
  EXPECT_EQ(saved.link, "https://www.instagram.com/p/C/");
}

TEST(SavedCollections, HeaderThenItems) {
  const auto read = ReadText(kCollections, R"({"saved_saved_collections":[
      {"title":"Collection","string_map_data":{"Name":{"value":"Ker\u00c3\u00a4mik"},
       "Creation Time":{"timestamp":1},"Update Time":{"timestamp":2}}},
      {"title":"","string_map_data":{"Name":{"value":"zoe","href":"https://www.instagram.com/p/A/"},
       "Added Time":{"timestamp":3}}},
      {"title":"Collection","string_map_data":{"Name":{"value":"Two"}}},
      {"string_map_data":{"Name":{"value":"ann","href":"https://www.instagram.com/p/B/"},
       "Added Time":{"timestamp":4}}}]})");
  const auto saved = read.All<Saved>();
  ASSERT_THAT(saved, SizeIs(2));
  EXPECT_EQ(saved[0].collection, "Kerämik");
  EXPECT_EQ(saved[0].owner, "zoe");
  EXPECT_EQ(saved[0].time, FromSeconds(3));
  EXPECT_EQ(saved[1].collection, "Two");
  EXPECT_EQ(read.counts.understood, 4u);
}

TEST(SavedCollections, APostIsTheSameInTheListAndInItsCollection) {
  const auto list = ReadText(kSaved, R"({"saved_saved_media":[{"title":"zoe","string_map_data":{
      "Saved on":{"href":"https://www.instagram.com/p/CxAbc/","timestamp":5}}}]})");
  EXPECT_THAT(list.Only<Saved>().evidence, ElementsAre("post:CxAbc"));
  const auto saved = ReadText(kCollections, R"({"saved_saved_collections":[
      {"title":"Collection","string_map_data":{"Name":{"value":"One"}}},
      {"string_map_data":{"Name":{"value":"zoe","href":"https://www.instagram.com/p/CxAbc/?x=1"}}},
      {"title":"Collection","string_map_data":{"Name":{"value":"Two"}}},
      {"string_map_data":{"Name":{"value":"zoe","href":"https://www.instagram.com/p/CxAbc/"}}},
      {"string_map_data":{"Name":{"value":"ann","href":"https://example.org/"}}}]})")
                         .All<Saved>();
  ASSERT_THAT(saved, SizeIs(3));
  EXPECT_THAT(saved[0].evidence, ElementsAre("post:CxAbc"));
  EXPECT_THAT(saved[1].evidence, ElementsAre("post:CxAbc@Two"));
  EXPECT_THAT(saved[2].evidence, IsEmpty());
}

TEST(SavedCollections, Labels) {
  const auto saved =
      ReadText(kCollections, R"([{"timestamp":9,"label_values":[{"label":"Name","value":"Trips"},
      {"label":"URL","value":"https://www.instagram.com/p/C/"}]}])")
          .Only<Saved>();
  EXPECT_EQ(saved.collection, "Trips");
}

TEST(Connections, FollowersAreABareArray) {
  const auto read = ReadText(kFollowers, R"([{"title":"","media_list_data":[],"string_list_data":[
      {"href":"https://www.instagram.com/zoe","value":"zoe","timestamp":1638689473}]},
      {"title":"","media_list_data":[],"string_list_data":[
      {"href":"https://www.instagram.com/ann","value":"ann","timestamp":1638689470}]}])");
  const auto people = read.All<Connection>();
  ASSERT_THAT(people, SizeIs(2));
  EXPECT_EQ(people[0].relation, "follower");
  EXPECT_EQ(people[0].username, "zoe");
  EXPECT_EQ(people[0].link, "https://www.instagram.com/zoe");
  EXPECT_EQ(people[0].time, FromSeconds(1638689473));
  EXPECT_THAT(read.issues, IsEmpty());
}

TEST(Connections, OneFollowerIsOneObject) {
  const auto read = ReadText(kFollowers, R"({"title":"","media_list_data":[],"string_list_data":[
      {"href":"https://www.instagram.com/zoe","value":"zoe","timestamp":1}]})");
  EXPECT_EQ(read.Only<Connection>().username, "zoe");
  EXPECT_EQ(read.counts.seen, 1u);
}

TEST(Connections, FollowingOf2025HasTheNameInTheTitle) {
  const auto connection =
      ReadText(kFollowing, R"({"relationships_following":[{"title":"zoe","string_list_data":[
      {"href":"https://www.instagram.com/_u/zoe","timestamp":1765477864}]}]})")
          .Only<Connection>();
  EXPECT_EQ(connection.relation, "following");
  EXPECT_EQ(connection.username, "zoe");
}

TEST(Connections, NameFromTheLinkAlone) {
  const auto name = [](std::string_view href) {
    return ReadText(kFollowing, "{\"r\":[{\"title\":\"\",\"string_list_data\":[{\"href\":\"" +
                                    std::string(href) + "\"}]}]}")
        .Only<Connection>()
        .username;
  };
  EXPECT_EQ(name("https://www.instagram.com/_u/zoe"), "zoe");
  EXPECT_EQ(name("https://www.instagram.com/zoe.b/?hl=en"), "zoe.b");
  EXPECT_THAT(
      ReadText(kFollowing, R"({"r":[{"string_list_data":[{"href":"https://www.instagram.com"}]}]})")
          .records,
      IsEmpty());
}

TEST(Connections, Labels) {
  const auto connection = ReadText("connections/followers_and_following/close_friends.json",
                                   R"([{"timestamp":11,"media":[],"fbid":"1","label_values":[
      {"label":"URL","value":"https://www.instagram.com/zoe","href":"https://www.instagram.com/zoe"},
      {"label":"Name","value":"Zo\u00c3\u00ab"},{"label":"Username","value":"zoe"}]}])")
                              .Only<Connection>();
  EXPECT_EQ(connection.relation, "close_friend");
  EXPECT_EQ(connection.username, "zoe");
  EXPECT_EQ(connection.link, "https://www.instagram.com/zoe");
  EXPECT_EQ(connection.time, FromSeconds(11));
}

TEST(Connections, BlockedHaveTheNameInTheTitle) {
  EXPECT_EQ(ReadText("connections/followers_and_following/blocked_profiles.json",
                     R"({"relationships_blocked_users":[{"title":"zoe","string_list_data":[
                     {"href":"https://www.instagram.com/zoe","timestamp":1}]}]})")
                .Only<Connection>()
                .relation,
            "blocked");
}

TEST(Connections, HashtagsWithoutTheirSign) {
  const auto connection = ReadText("connections/followers_and_following/following_hashtags.json",
                                   R"({"relationships_following_hashtags":[{"string_list_data":[
      {"href":"https://www.instagram.com/explore/tags/sun","value":"#sun","timestamp":1}]}]})")
                              .Only<Connection>();
  EXPECT_EQ(connection.relation, "hashtag");
  EXPECT_EQ(connection.username, "sun");
}

TEST(Connections, EveryList) {
  const std::string entry =
      R"([{"string_list_data":[{"href":"https://www.instagram.com/zoe","value":"zoe","timestamp":1}]}])";
  const auto relation = [&](std::string_view stem) {
    return ReadText("connections/followers_and_following/" + std::string(stem) + ".json", entry)
        .Only<Connection>()
        .relation;
  };
  EXPECT_EQ(relation("pending_follow_requests"), "request_sent");
  EXPECT_EQ(relation("recent_follow_requests"), "request_sent_earlier");
  EXPECT_EQ(relation("follow_requests_you've_received"), "request_received");
  EXPECT_EQ(relation("recently_unfollowed_profiles"), "unfollowed");
  EXPECT_EQ(relation("recently_unfollowed_accounts"), "unfollowed");
  EXPECT_EQ(relation("removed_suggestions"), "suggestion_removed");
  EXPECT_EQ(relation("restricted_profiles"), "restricted");
  EXPECT_EQ(relation("profiles_you've_favorited"), "favorite");
  EXPECT_EQ(relation("hide_story_from"), "hidden_from");
}

TEST(Lists, MixedEnvelopesInOneFile) {
  const auto likes =
      ReadText(kLikes, R"([{"title":"a","string_list_data":[{"href":"https://x/1","timestamp":1}]},
      {"title":"b","string_map_data":{"Liked on":{"href":"https://x/2","timestamp":2}}},
      {"timestamp":3,"label_values":[{"label":"URL","value":"https://x/3"}]}])")
          .All<Like>();
  ASSERT_THAT(likes, SizeIs(3));
  EXPECT_EQ(likes[0].link, "https://x/1");
  EXPECT_EQ(likes[1].link, "https://x/2");
  EXPECT_EQ(likes[2].link, "https://x/3");
}

TEST(Collections, OfLabelsWithSeveralItems) {
  std::string items;
  for (const char* n : {"1", "2", "3"}) {
    items +=
        std::string(items.empty() ? "" : ",") +
        R"({"title":"","dict":[{"label":"URL","value":"https://www.instagram.com/p/S)" + n +
        R"(/"},{"title":"Owner","dict":[{"title":"","dict":[{"label":"Username","value":"own)" + n +
        R"("}]}]}]})";
  }
  const auto saved =
      ReadText(kCollections, R"([{"timestamp":5,"media":[],"fbid":"1","label_values":[
      {"label":"Name","value":"Food"},{"title":"Media","dict":[)" +
                                 items + "]}]}]")
          .All<Saved>();
  ASSERT_THAT(saved, SizeIs(3));
  EXPECT_EQ(saved[1].link, "https://www.instagram.com/p/S2/");
  EXPECT_EQ(saved[1].owner, "own2");
  EXPECT_EQ(saved[1].collection, "Food");
  EXPECT_EQ(saved[1].time, FromSeconds(5)) << "as of a collection of one";
}

}  // namespace
}  // namespace valise::services::instagram
