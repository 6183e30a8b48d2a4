// The quirks of instagram-format §12 that are about whole files: damage, emptiness, shapes, limits.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/instagram/test_archive.h"

namespace valise::services::instagram {
namespace {

using account::Message;
using account::Post;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::string_view kThread =
    "your_instagram_activity/messages/inbox/ann_12345/message_1.json";

std::vector<std::string> Texts(const ReadResult& read) {
  std::vector<std::string> texts;
  for (const Post& post : read.All<Post>()) texts.push_back(post.text);
  return texts;
}

TEST(Quirks, ByteOrderMark) {
  EXPECT_THAT(Texts(ReadText(kPostsPath, "\xEF\xBB\xBF[{\"title\":\"a\"}]")), ElementsAre("a"));
}

TEST(Quirks, EmptyInAllWays) {
  for (const std::string_view text :
       {"", " \n", "\xEF\xBB\xBF", "[]", "{}", "[\n        \n      ]", "{\"ig_stories\":[\n  \n]}",
        "[\"You have no data in this section\"]",
        "{\"media\":[\"You have no data in this section\"]}"}) {
    const auto read = ReadText("your_instagram_activity/media/stories.json", text);
    EXPECT_THAT(read.records, IsEmpty()) << text;
    EXPECT_THAT(read.issues, IsEmpty()) << text;
    EXPECT_EQ(read.counts.understood, 0u);
  }
}

TEST(Quirks, BareSingleObject) {
  const auto post =
      ReadText(kPostsPath, R"({"media":[{"uri":"a.jpg"}],"title":"One"})").Only<Post>();
  EXPECT_EQ(post.text, "One");
  EXPECT_THAT(post.media, SizeIs(1));
}

TEST(Quirks, AnyWrapperName) {
  EXPECT_THAT(Texts(ReadText(kPostsPath, R"({"ig_posts_2027":[{"title":"a"},{"title":"b"}]})")),
              ElementsAre("a", "b"));
}

TEST(Quirks, InvalidJsonInOneEntryKeepsTheOthers) {
  const auto read =
      ReadText(kPostsPath,
               R"([{"title":"a"},{"title":"b","creation_timestamp":__phonenumber},{"title":"c"}])");
  EXPECT_THAT(Texts(read), ElementsAre("a", "c"));
  EXPECT_EQ(read.counts.seen, 3u);
  EXPECT_EQ(read.counts.understood, 2u);
  ASSERT_THAT(read.issues, SizeIs(1));
  EXPECT_EQ(read.issues[0].code, "invalid_json");
  EXPECT_EQ(read.issues[0].path, kPostsPath);
  EXPECT_THAT(read.issues[0].message, HasSubstr("byte 15"));
  EXPECT_EQ(read.All<Post>()[1].provenance[0].index, 2u);
}

TEST(Quirks, FileCutOffKeepsWhatCameBefore) {
  const auto read = ReadText(kPostsPath, R"([{"title":"a"},{"title":"b"},{"title":"c)");
  EXPECT_THAT(Texts(read), ElementsAre("a", "b"));
  ASSERT_THAT(read.issues, SizeIs(1));
  EXPECT_EQ(read.issues[0].code, "invalid_json");
  EXPECT_THAT(read.issues[0].message, HasSubstr("byte 29"));
}

TEST(Quirks, InvalidUtf8InOneEntry) {
  const auto read =
      ReadText(kPostsPath, "[{\"title\":\"a\"},{\"title\":\"\xFF\"},{\"title\":\"c\"}]");
  EXPECT_THAT(Texts(read), ElementsAre("a", "c"));
  EXPECT_EQ(read.issues.at(0).count, 1u);
}

TEST(Quirks, RawLineFeedInsideAString) {
  const auto read =
      ReadText(kPostsPath, "[{\"title\":\"a\"},{\"title\":\"b\nb\"},{\"title\":\"c\"}]");
  EXPECT_EQ(Texts(read).front(), "a");
  EXPECT_EQ(Texts(read).back(), "c");
}

TEST(Quirks, NotJsonAtAll) {
  for (const std::string_view text :
       {"<html></html>", "hello", "\"text\"", "12", "null", "}", "[}"}) {
    const auto read = ReadText(kPostsPath, text);
    EXPECT_THAT(read.records, IsEmpty()) << text;
    EXPECT_FALSE(read.error) << text;
  }
}

TEST(Quirks, MessagesBeforeDamageAreReadAndTheConversation) {
  const auto read = ReadText(
      kThread, R"({"participants":[{"name":"P"}],"messages":[{"sender_name":"A","timestamp_ms":1},
      {"sender_name":"B","timestamp_ms":__nope},{"sender_name":"C","timestamp_ms":3}],"title":"T"})");
  const auto messages = read.All<Message>();
  ASSERT_THAT(messages, SizeIs(2));
  EXPECT_EQ(messages[1].sender, "C");
  const auto conversation = read.Only<account::Conversation>();
  EXPECT_EQ(conversation.title, "T");
  EXPECT_THAT(conversation.participants, ElementsAre("P")) << "not twice";
}

TEST(Quirks, DeepNesting) {
  const std::string deep = R"([{"title":"a"},{"x":)" + std::string(5000, '[') +
                           std::string(5000, ']') + R"(},{"title":"c"}])";
  EXPECT_THAT(Texts(ReadText(kPostsPath, deep)), ElementsAre("a", "c"));
}

// Large files come through Read(), in slices: the same records whatever the chunks.
TEST(Quirks, LargeFilesGiveTheSameAsSmallOnes) {
  std::string json = R"({"participants":[{"name":"Ann"}],"messages":[)";
  for (int i = 0; i < 40; ++i) {
    json +=
        fmt::format(R"({}{{"sender_name":"A\"{}","timestamp_ms":{},"content":"]}} \u00c3\u00a9"}})",
                    i == 0 ? "" : ",\n", i, 1000 + i);
  }
  json += R"(],"title":"T","is_still_participant":false,"image":{"uri":"p.jpg"}})";
  const auto whole = ReadText(kThread, json);
  ASSERT_THAT(whole.All<Message>(), SizeIs(40));
  for (const size_t chunk : {1u, 13u, 1000u, 1u << 20}) {
    MemoryFile file(std::string(kThread), json, chunk, DataFile::kWholeFileLimit + 1);
    ReadResult streamed;
    ReadInto(streamed, file);
    EXPECT_EQ(streamed.records, whole.records);
    EXPECT_EQ(streamed.counts.seen, whole.counts.seen);
    EXPECT_EQ(streamed.counts.understood, whole.counts.understood);
  }
}

TEST(Quirks, ElementAboveTheLimitIsAnIssueTheRestGoesOn) {
  std::string json = R"([{"title":"a"},{"title":")";
  json.append(17u << 20, 'x');
  json += R"("},{"title":"c"}])";
  MemoryFile file(std::string(kPostsPath), json);
  ReadResult read;
  ReadInto(read, file);
  EXPECT_THAT(Texts(read), ElementsAre("a", "c"));
  EXPECT_EQ(read.counts.seen, 3u);
  ASSERT_THAT(read.issues, SizeIs(1));
  EXPECT_EQ(read.issues[0].code, "entry_too_large");
}

TEST(Quirks, WrongCrcIsAnIssue) {
  MemoryFile whole(std::string(kPostsPath), "[{\"title\":\"a\"}]");
  whole.error = Error{ErrorCode::kCorrupt, "wrong CRC"};
  ReadResult read;
  ReadInto(read, whole);
  EXPECT_FALSE(read.error);
  ASSERT_THAT(read.issues, SizeIs(1));
  EXPECT_EQ(read.issues[0].code, "damaged_file");

  MemoryFile streamed(std::string(kPostsPath), "[{\"title\":\"a\"},{\"ti", SIZE_MAX,
                      DataFile::kWholeFileLimit + 1);
  streamed.error = Error{ErrorCode::kCorrupt, "wrong CRC"};
  ReadResult kept;
  ReadInto(kept, streamed);
  EXPECT_THAT(Texts(kept), ElementsAre("a"));
  EXPECT_EQ(kept.issues.at(0).code, "damaged_file");
}

TEST(Quirks, UnavailableFileAndFullDiskStopTheImport) {
  MemoryFile file(std::string(kPostsPath), "[{\"title\":\"a\"}]");
  file.error = Error{ErrorCode::kUnavailable, "disk gone"};
  ReadResult read;
  ReadInto(read, file);
  ASSERT_TRUE(read.error);
  EXPECT_EQ(read.error->code, ErrorCode::kUnavailable);

  MemoryFile fine(std::string(kPostsPath), R"([{"title":"a"},{"title":"b"},{"title":"c"}])");
  ReadResult full;
  full.fail_after = 1;
  ReadInto(full, fine);
  ASSERT_TRUE(full.error);
  EXPECT_EQ(full.error->message, "disk full");
  EXPECT_THAT(full.records, SizeIs(1));
}

TEST(Quirks, EveryTruncationIsSurvived) {
  const std::string json =
      R"({"participants":[{"name":"P"}],"messages":[{"sender_name":"A","timestamp_ms":1,"reactions":[{"a":1}]},)"
      R"({"sender_name":"B","timestamp_ms":2,"share":{"link":"x"}}],"title":"T"})";
  for (size_t length = 0; length < json.size(); ++length) {
    const auto read = ReadText(kThread, json.substr(0, length));
    EXPECT_FALSE(read.error);
    EXPECT_LE(read.counts.understood, 2u);
    EXPECT_THAT(read.All<account::Conversation>(), SizeIs(1));
  }
}

// Smaller ones, of single entries.

TEST(Quirks, TheCameraClockOfAVideoIsNoTime) {
  const auto post = ReadText(kPostsPath, R"([{"media":[{"uri":"media/posts/202401/v.mp4",
      "creation_timestamp":1700000000,"media_metadata":{"video_metadata":{"exif_data":[
      {"date_time_original":"19040101T000000.000Z","latitude":0.0,"longitude":0.0}]}}}]}])")
                        .Only<Post>();
  EXPECT_EQ(post.time, FromSeconds(1'700'000'000));
  EXPECT_EQ(post.media.at(0).time, FromSeconds(1'700'000'000));
  EXPECT_FALSE(post.media[0].place);
}

TEST(Quirks, NoYearIsTooEarlyOrTooLate) {
  const auto read = ReadText(kPostsPath, R"([{"title":"2100","creation_timestamp":4102444800},
      {"title":"2010","creation_timestamp":1286323200},
      {"title":"2039","creation_timestamp":2177452800}])");
  std::vector<std::string> years;
  for (const Post& post : read.All<Post>()) years.push_back(FormatTime(*post.time).substr(0, 4));
  EXPECT_THAT(years, ElementsAre("2100", "2010", "2039"));
}

TEST(Quirks, GluedHashtagsAndMentionsStayAsTheyWereTyped) {
  const std::string text = "#sea#sun#\u2600 @ann.b @handle.com #caf\u00e9";
  EXPECT_THAT(Texts(ReadText(kPostsPath, "[{\"title\":\"" + text + "\"}]")), ElementsAre(text));
}

TEST(Quirks, ProfilePhotoInBothSpellings) {
  for (const std::string_view label : {"Profile Photo", "Profile photo", "Immagine del profilo"}) {
    const auto read =
        ReadText("personal_information/personal_information/personal_information.json",
                 fmt::format(R"({{"profile_user":[{{"title":"","media_map_data":{{"{}":{{
            "uri":"media/other/p.jpg","creation_timestamp":1}}}},
            "string_map_data":{{"Username":{{"value":"ann"}}}}}}]}})",
                             label));
    const auto profile = read.Only<account::Profile>();
    ASSERT_THAT(profile.pictures, SizeIs(1)) << label;
    EXPECT_EQ(profile.pictures[0].path, "media/other/p.jpg");
  }
}

TEST(Quirks, ShardsOfAConversationBelongTogetherWhateverTheirNumber) {
  for (const int shard : {1, 2, 9, 10, 11}) {
    const auto read = ReadText(
        fmt::format("your_instagram_activity/messages/inbox/ann_12345/message_{}.json", shard),
        R"({"participants":[{"name":"Ann"}],"messages":[{"sender_name":"Gone","timestamp_ms":5}],
        "thread_path":"inbox/ann_osatf9tyla"})");
    EXPECT_EQ(read.Only<Message>().sender, "Gone") << "and takes part in nothing";
    EXPECT_EQ(read.Only<Message>().conversation, "folder:12345");
    EXPECT_THAT(read.Only<account::Conversation>().evidence,
                ElementsAre("folder:12345", "thread:osatf9tyla"));
  }
}

TEST(Quirks, MangledNamesOfMembersAreRepaired) {
  const auto read = ReadText("your_instagram_activity/comments/post_comments_1.json",
                             R"([{"string_map_data":{"Propri\u00c3\u00a9taire":{"value":"bob"},
      "Commentaire":{"value":"joli"},"Heure":{"timestamp":1700000000}}}])");
  const auto comment = read.Only<account::Comment>();
  EXPECT_EQ(comment.owner, "bob");
  EXPECT_EQ(comment.text, "joli");
}

}  // namespace
}  // namespace valise::services::instagram
