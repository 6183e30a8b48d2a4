// Archives of 2018 to 2020, whose files lie at the root.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/instagram/test_archive.h"

namespace valise::services::instagram {
namespace {

using account::Activity;
using account::Comment;
using account::Connection;
using account::Conversation;
using account::Like;
using account::Message;
using account::Post;
using account::Story;
using testing::ElementsAre;
using testing::IsEmpty;

Timestamp Time(std::string_view text) { return *ParseTime(text); }

std::vector<std::string> Paths(const account::Record& record) {
  std::vector<std::string> paths;
  for (const account::MediaItem* item : account::MediaOf(record)) paths.push_back(item->path);
  return paths;
}

constexpr std::string_view kMedia = R"({
  "photos": [
    {"caption": "Été à la mer", "taken_at": "2020-10-19T17:22:19+00:00", "location": "Durgerdam",
     "path": "photos/202010/a.jpg"},
    {"caption": "Été à la mer", "taken_at": "2020-10-19T17:22:19+00:00",
      "path": "photos/202010/b.jpg"},
    {"caption": "", "taken_at": "2018-12-31T08:05:13", "path": "photos/201812/c.jpg"},
    {"caption": "", "taken_at": "2018-12-31T08:05:14", "path": "photos/201812/d.jpg"}],
  "videos": [
    {"caption": "Été à la mer", "taken_at": "2020-10-19T17:22:19+00:00",
      "path": "videos/202010/v.mp4"},
    {"caption": "alone", "taken_at": "2020-01-01T00:00:00+00:00", "path": "videos/202001/w.mp4"}],
  "stories": [{"caption": "hi", "taken_at": "2020-10-20T10:00:00+00:00", "location": "Home",
               "path": "stories/202010/s.jpg"}],
  "profile": [
    {"caption": "", "taken_at": "2020-02-01T00:00:00+00:00", "is_active_profile": false,
      "path": "profile/202002/n.jpg"},
    {"caption": "", "taken_at": "2019-02-01T00:00:00+00:00", "is_active_profile": true,
      "path": "profile/201902/o.jpg"}],
  "direct": [{"taken_at": "2020-03-01T12:00:00+00:00", "path": "direct/202003/x.jpg"}]
})";

TEST(G1Media, CarouselsAreGroupedByMomentAndCaption) {
  const auto read = ReadText("media.json", kMedia);
  const auto posts = read.All<Post>();
  ASSERT_EQ(posts.size(), 4u);
  EXPECT_THAT(Paths(posts[0]),
              ElementsAre("photos/202010/a.jpg", "photos/202010/b.jpg", "videos/202010/v.mp4"));
  EXPECT_EQ(posts[0].text, "Été à la mer");
  EXPECT_EQ(posts[0].time, Time("2020-10-19T17:22:19Z"));
  EXPECT_EQ(posts[0].place->name, "Durgerdam");
  EXPECT_EQ(posts[0].form, "post");
  EXPECT_EQ(posts[0].media[1].time, posts[0].time);
  EXPECT_THAT(Paths(posts[1]), ElementsAre("photos/201812/c.jpg"));
  EXPECT_EQ(posts[1].time, Time("2018-12-31T08:05:13Z"));
  EXPECT_THAT(Paths(posts[2]), ElementsAre("photos/201812/d.jpg"));
  EXPECT_EQ(posts[3].text, "alone");
  EXPECT_EQ(read.counts.seen, 10u);
  EXPECT_EQ(read.counts.understood, 10u);
}

TEST(G1Media, StoriesPicturesAndMediaOfConversations) {
  const auto read = ReadText("media.json", kMedia);
  const auto story = read.Only<Story>();
  EXPECT_EQ(story.text, "hi");
  EXPECT_EQ(story.place->name, "Home");
  EXPECT_EQ(story.media.path, "stories/202010/s.jpg");
  EXPECT_THAT(Paths(read.Only<account::Profile>()),
              ElementsAre("profile/201902/o.jpg", "profile/202002/n.jpg"));
  const auto direct = read.Only<Activity>();
  EXPECT_EQ(direct.list, "direct_media");
  EXPECT_EQ(direct.time, Time("2020-03-01T12:00:00Z"));
  EXPECT_THAT(Paths(direct), ElementsAre("direct/202003/x.jpg"));
}

TEST(G1Media, LargeFilesGiveTheSame) {
  MemoryFile file("media.json", std::string(kMedia), 5, DataFile::kWholeFileLimit + 1);
  ReadResult streamed;
  ReadInto(streamed, file);
  EXPECT_EQ(streamed.records, ReadText("media.json", kMedia).records);
}

TEST(G1Media, SectionsWithoutData) {
  const auto read = ReadText("media.json", R"({"photos":["You have no data in this section"]})");
  EXPECT_THAT(read.records, IsEmpty());
  EXPECT_EQ(read.counts.seen, 0u);
  EXPECT_THAT(ReadText("saved.json", R"(["You have no data in this section"])").records, IsEmpty());
  EXPECT_THAT(ReadText("media.json", "").issues, IsEmpty());
}

TEST(G1Profile, MembersAndChangesOfPicture) {
  const auto read =
      ReadText("profile.json", R"({"biography":"Ünder the sea","date_joined":"2014-05-06T07:08:09",
    "email":"ann@example.org","website":"https://ann.example","gender":"female",
      "private_account":true,
    "name":"Ann","phone_number":"+31600000000","date_of_birth":"1990-01-02",
      "profile_pic_url":"https://x/y.jpg",
    "username":"ann.b","profile_picture_changes":[{"upload_timestamp":"2019-01-02T03:04:05"}]})");
  const auto profile = read.Only<account::Profile>();
  EXPECT_EQ(profile.username, "ann.b");
  EXPECT_EQ(profile.bio, "Ünder the sea");
  EXPECT_EQ(profile.email, "ann@example.org");
  EXPECT_EQ(profile.website, "https://ann.example");
  EXPECT_EQ(profile.phone, "+31600000000");
  EXPECT_EQ(profile.birthday, "1990-01-02");
  EXPECT_EQ(profile.gender, "female");
  EXPECT_EQ(profile.name, "Ann");
  EXPECT_EQ(profile.is_private, true);
  EXPECT_EQ(profile.joined, Time("2014-05-06T07:08:09Z"));
  const auto change = read.Only<Activity>();
  EXPECT_EQ(change.list, "profile_picture_changes");
  EXPECT_EQ(change.time, Time("2019-01-02T03:04:05Z"));
  EXPECT_EQ(read.counts.seen, 2u);
  EXPECT_EQ(read.counts.understood, 2u);
  EXPECT_THAT(read.issues, IsEmpty());
}

TEST(G1Lists, CommentsAreRows) {
  const auto read =
      ReadText("comments.json", R"({"media_comments":[["2020-01-01T00:00:00+00:00","“nice”","bob"]],
    "live_comments":[["2020-01-02T00:00:00","hello","cat"]],
    "story_comments":[["2020-01-03T00:00:00","ha","dan"],["no time","x","y"]]})");
  const auto comments = read.All<Comment>();
  ASSERT_EQ(comments.size(), 3u);
  EXPECT_EQ(comments[0].list, "posts");
  EXPECT_EQ(comments[0].text, "“nice”");
  EXPECT_EQ(comments[0].owner, "bob");
  EXPECT_EQ(comments[0].time, Time("2020-01-01T00:00:00Z"));
  EXPECT_EQ(comments[1].list, "live");
  EXPECT_EQ(comments[2].list, "stories");
  EXPECT_EQ(read.counts.seen, 4u);
  EXPECT_EQ(read.counts.understood, 3u);
}

TEST(G1Lists, LikesSavedAndStickers) {
  const auto likes = ReadText("likes.json", R"({"media_likes":[["2020-01-01T00:00:00+00:00","bob"]],
      "comment_likes":[["2020-01-02T00:00:00+00:00","cat"]]})")
                         .All<Like>();
  ASSERT_EQ(likes.size(), 2u);
  EXPECT_EQ(likes[0].list, "posts");
  EXPECT_EQ(likes[0].owner, "bob");
  EXPECT_EQ(likes[1].list, "comments");
  const auto saved =
      ReadText("saved.json", R"({"saved_media":[["2020-01-01T00:00:00+00:00","bob"]]})")
          .Only<account::Saved>();
  EXPECT_EQ(saved.owner, "bob");
  const auto poll =
      ReadText("stories_activities.json", R"({"polls":[["2020-01-01T00:00:00+00:00","bob"]]})")
          .Only<Activity>();
  EXPECT_EQ(poll.list, "polls");
  EXPECT_EQ(poll.text, "bob");
}

TEST(G1Lists, ConnectionsAreMaps) {
  const auto read = ReadText(
      "connections.json", R"({"followers":{"bob":"2019-01-01T00:00:00","cat":"2019-01-02T00:00:00"},
    "following_hashtags":{"sea":"2019-01-03T00:00:00"},"blocked_users":{},
      "close_friends":"You have no data in this section",
    "poked":{"x":"2019-01-03T00:00:00"}})");
  const auto all = read.All<Connection>();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[1].relation, "follower");
  EXPECT_EQ(all[1].username, "cat");
  EXPECT_EQ(all[1].time, Time("2019-01-02T00:00:00Z"));
  EXPECT_EQ(all[2].relation, "hashtag");
  EXPECT_EQ(read.counts.seen, 4u);
  EXPECT_EQ(read.counts.understood, 3u);
  ASSERT_EQ(read.issues.size(), 2u);
  EXPECT_EQ(read.issues[0].code, "unknown_member");
  EXPECT_EQ(read.issues[1].code, "not_understood");
}

TEST(G1Lists, SearchesOfBothForms) {
  constexpr std::string_view kRows =
      R"([{"search_click":"bob","time":"2020-01-01T00:00:00+00:00","type":"user"},
          {"search_click":"sea","time":"2020-01-02T00:00:00+00:00","type":"hashtag"}])";
  for (const std::string& text :
       {std::string(kRows), R"({"main_search_history":)" + std::string(kRows) + "}"}) {
    const auto all = ReadText("searches.json", text).All<Activity>();
    ASSERT_EQ(all.size(), 2u);
    EXPECT_EQ(all[0].list, "profile_searches");
    EXPECT_EQ(all[0].text, "bob");
    EXPECT_EQ(all[1].list, "tag_searches");
  }
}

TEST(G1Lists, SettingsDevicesAndLogins) {
  const auto settings =
      ReadText("settings.json", R"({"allow_comments_from":"Everyone","upgraded":[false,null]})")
          .All<Activity>();
  ASSERT_EQ(settings.size(), 2u);
  EXPECT_EQ(settings[0].list, "settings");
  EXPECT_EQ(settings[0].text, "allow_comments_from");
  EXPECT_THAT(settings[0].details, ElementsAre(account::Detail{"", "Everyone"}));
  EXPECT_EQ(settings[1].text, "upgraded");
  EXPECT_THAT(settings[1].details, ElementsAre(account::Detail{"", "false"}));
  const auto logins =
      ReadText(
          "account_history.json",
          R"({"login_history":[{"ip_address":"203.0.113.7","timestamp":"2020-01-01T00:00:00+00:00",
    "user_agent":"Instagram 150.0 Android","port":443,"bad":null}],"registration_info":
      {"registration_time":"2014-01-01T00:00:00"}})")
          .All<Activity>();
  ASSERT_EQ(logins.size(), 2u);
  EXPECT_EQ(logins[0].list, "logins");
  EXPECT_EQ(logins[0].text, "Instagram 150.0 Android");
  EXPECT_EQ(logins[0].time, Time("2020-01-01T00:00:00Z"));
  EXPECT_THAT(logins[0].details,
              ElementsAre(account::Detail{"ip_address", "203.0.113.7"},
                          account::Detail{"user_agent", "Instagram 150.0 Android"},
                          account::Detail{"port", "443"}));
  EXPECT_EQ(logins[1].list, "signup");
}

TEST(G1Lists, TokensThatAreNoJsonCostOneEntry) {
  const auto read = ReadText("shopping.json", R"({"recently_viewed_products_info":[
    {"product_id":__phonenumber,"product_name":"a","merchant_id":1},
    {"product_id":7,"product_name":"b","merchant_id":1}]})");
  EXPECT_EQ(read.All<Activity>().size(), 1u);
  EXPECT_EQ(read.counts.seen, 2u);
  ASSERT_EQ(read.issues.size(), 1u);
  EXPECT_EQ(read.issues[0].code, "invalid_json");
}

constexpr std::string_view kMessages = R"([
 {"participants":["bob","ann.b"],"conversation":[
   {"sender":"bob","created_at":"2020-10-20T11:52:06.123456+00:00","text":"Dès demain ?",
      "likes":[{"username":"ann.b","date":"2020-10-20T11:53:00+00:00"}]},
   {"sender":"ann.b","created_at":"2020-10-20T11:52:05.000001+00:00","text":"see",
      "link":"https://example.org/x"},
   {"sender":"bob","created_at":"2020-10-19T00:00:00+00:00","media_owner":"cat",
      "media_share_caption":"sea","media_share_url":"https://cdn/x.jpg"},
   {"sender":"bob","created_at":"2020-10-18T00:00:00+00:00","media_owner":"cat",
      "media_share_caption":null,"media_share_url":"Media share unavailable.","text":null},
   {"sender":"bob","created_at":"2020-10-17T00:00:00+00:00","media":"https://cdn/y.jpg?sig=1"},
   {"sender":"bob","created_at":"2020-10-16T00:00:00+00:00","voice_media":"Media unavailable."},
   {"sender":"bob","created_at":"2020-10-15T00:00:00+00:00","story_share":"Shared cat's story",
      "story_share_type":"default","text":"wow"},
   {"sender":"bob","created_at":"2020-10-14T00:00:00+00:00","animated_media_images":{"downsized":
      {"url":"https://g/s.gif"},"original":{"url":"https://g/o.gif","width":"9"}},
      "is_random":false,"user":{"username":"x"}},
   {"sender":"bob","created_at":"2020-10-13T00:00:00+00:00","profile_share_username":"dan",
      "profile_share_name":"Dan"},
   {"sender":"bob","created_at":"2020-10-12T00:00:00+00:00","heart":"❤️"},
   {"sender":"bob","created_at":"2020-10-11T00:00:00+00:00",
      "video_call_action":"bob ended a video call"},
   {"sender":"bob","created_at":"2020-10-10T00:00:00+00:00","action":"bob named the group x"}]},
 {"participants":["ann.b","bob"],"conversation":[{"sender":"bob",
      "created_at":"2019-01-01T00:00:00","text":"other"}]},
 {"participants":["ann.b","cat"],"conversation":[]}
])";

TEST(G1Messages, EachFamily) {
  const auto read = ReadText("messages.json", kMessages);
  const auto m = read.All<Message>();
  ASSERT_EQ(m.size(), 13u);
  EXPECT_EQ(m[0].sender, "bob");
  EXPECT_EQ(m[0].text, "Dès demain ?");
  EXPECT_EQ(m[0].time, Time("2020-10-20T11:52:06.123Z"));
  ASSERT_EQ(m[0].reactions.size(), 1u);
  EXPECT_EQ(m[0].reactions[0].actor, "ann.b");
  EXPECT_EQ(m[1].form, "link");
  EXPECT_EQ(m[1].share->link, "https://example.org/x");
  EXPECT_EQ(m[1].text, "see");
  EXPECT_EQ(m[2].form, "share");
  EXPECT_EQ(m[2].share->owner, "cat");
  EXPECT_EQ(m[2].share->text, "sea");
  EXPECT_EQ(m[3].share->link, "");
  EXPECT_EQ(m[3].text, "Media share unavailable.");
  EXPECT_EQ(m[4].media[0].path, "https://cdn/y.jpg?sig=1");
  EXPECT_EQ(m[5].text, "Media unavailable.");
  EXPECT_THAT(m[5].media, IsEmpty());
  EXPECT_EQ(m[6].share->text, "Shared cat's story");
  EXPECT_EQ(m[6].text, "wow");
  EXPECT_EQ(m[7].media[0].path, "https://g/o.gif");
  EXPECT_EQ(m[8].share->profile, "dan");
  EXPECT_EQ(m[9].text, "❤️");
  EXPECT_EQ(m[10].form, "call");
  EXPECT_EQ(m[11].form, "action");
  EXPECT_EQ(read.counts.seen, 13u);
  EXPECT_EQ(read.counts.understood, 13u);
  EXPECT_THAT(read.issues, IsEmpty());
}

TEST(G1Messages, ConversationsAreToldByWhoTakesPart) {
  const auto read = ReadText("messages.json", kMessages);
  const auto conversations = read.All<Conversation>();
  ASSERT_EQ(conversations.size(), 3u);
  EXPECT_THAT(conversations[0].participants, ElementsAre("bob", "ann.b"));
  EXPECT_THAT(conversations[0].evidence, ElementsAre("users:ann.b,bob"));
  EXPECT_THAT(conversations[1].evidence, ElementsAre("users:ann.b,bob#2"));
  EXPECT_THAT(conversations[2].evidence, ElementsAre("users:ann.b,cat"));
  EXPECT_EQ(read.All<Message>()[0].conversation, "users:ann.b,bob");
  EXPECT_EQ(read.All<Message>()[12].conversation, "users:ann.b,bob#2");
}

TEST(G1Messages, ConversationsOfAnyLengthAreStreamed) {
  MemoryFile file("messages.json", std::string(kMessages), 7, DataFile::kWholeFileLimit + 1);
  ReadResult streamed;
  ReadInto(streamed, file);
  EXPECT_EQ(streamed.records, ReadText("messages.json", kMessages).records);
  EXPECT_EQ(streamed.counts.seen, 13u);
}

TEST(G1Messages, ADamagedMessageCostsItself) {
  std::string text(kMessages);
  text.replace(text.find("\"see\""), 5, "__see");
  const auto read = ReadText("messages.json", text);
  EXPECT_EQ(read.All<Message>().size(), 12u);
  EXPECT_EQ(read.All<Conversation>().size(), 3u);
  EXPECT_EQ(read.counts.seen, 13u);
  EXPECT_EQ(read.counts.understood, 12u);
}

TEST(G1Messages, AFileThatIsCutOffKeepsWhatCame) {
  const std::string text(kMessages.substr(0, kMessages.find("media_owner")));
  const auto read = ReadText("messages.json", text);
  EXPECT_EQ(read.All<Message>().size(), 2u);
  EXPECT_THAT(read.Only<Conversation>().evidence, ElementsAre("users:ann.b,bob"));
}

// G1b: the root of G1, conversations as Meta writes them since.
TEST(G1, MixedArchivesAreReadFileByFile) {
  const auto thread = ReadText("messages/inbox/bob_abcdefghij/message_1.json",
                               R"({"participants":[{"name":"Bob"}],"messages":[{"sender_name":"Bob",
      "timestamp_ms":1600000000000,
                                  "content":"\u00c3\u00a9","type":"Generic"}],"title":"Bob",
      "thread_path":"inbox/bob_abcdefghij"})",
                               {"media.json", "profile.json"});
  EXPECT_EQ(thread.Only<Message>().text, "é");
  const auto posts = ReadText("media.json", kMedia, {"followers_and_following/followers_1.json"});
  EXPECT_EQ(posts.All<Post>().size(), 4u);
}

}  // namespace
}  // namespace valise::services::instagram
