#include "account/record_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "account/record_samples.h"

namespace valise::account {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Result<Record> Parse(std::string_view line) { return RecordParser().Parse(line); }

std::string WhyRefused(std::string_view line) {
  const Result<Record> record = Parse(line);
  if (record) return "was taken";
  EXPECT_EQ(record.error().code, ErrorCode::kInvalidArgument);
  return record.error().message;
}

TEST(RecordJson, PostAsDocumented) {
  Post post;
  post.key = *Key::Parse("00112233445566778899aabbccddeeff");
  post.evidence = {"media:18042222816930131"};
  post.provenance = {{"9f1c", 17, 201}};
  post.time = FromMillis(1720384531000);
  post.form = "post";
  post.text = "A \"great\" day\n";
  post.media = {{.size = 12, .type = "image/jpeg", .path = "media/a.jpg"}};
  post.place = Place{.name = "Paris", .latitude = 48.85, .longitude = 2};
  EXPECT_EQ(ToJson(post),
            R"({"key":"00112233445566778899aabbccddeeff","kind":"post",)"
            R"("evidence":["media:18042222816930131"],"provenance":[["9f1c",17,201]],)"
            R"("time":"2024-07-07T20:35:31Z","form":"post","text":"A \"great\" day\n",)"
            R"("media":[{"size":12,"type":"image/jpeg","path":"media/a.jpg"}],)"
            R"("place":{"name":"Paris","latitude":48.85,"longitude":2}})");
}

TEST(RecordJson, MessageWithoutKeyStartsWithKind) {
  Message message;
  message.conversation = "folder:1";
  message.time = FromMillis(1637933767934);
  message.sender = "Ann";
  message.text = "hi";
  message.reactions = {{.actor = "Me", .reaction = "❤"}};
  message.call_seconds = 0;
  message.is_unsent = true;
  EXPECT_EQ(ToJson(message),
            R"({"kind":"message","conversation":"folder:1","time":"2021-11-26T13:36:07.934Z",)"
            R"("sender":"Ann","text":"hi","reactions":[{"actor":"Me","reaction":"❤"}],)"
            R"("call_seconds":0,"unsent":true})");
}

TEST(RecordJson, ReceivedCommentAndCountsAsDocumented) {
  Comment comment;
  comment.list = "posts";
  comment.text = "What a light!";
  comment.author = "bea";
  comment.on = "p1";
  comment.like_count = 0;
  EXPECT_EQ(ToJson(comment),
            R"({"kind":"comment","list":"posts","text":"What a light!","author":"bea","on":"p1",)"
            R"("like_count":0})");
  Story story;
  story.like_count = 12;
  story.comment_count = 3;
  EXPECT_EQ(ToJson(story), R"({"kind":"story","like_count":12,"comment_count":3})");
  EXPECT_THAT(WhyRefused(R"({"kind":"post","like_count":-1})"), HasSubstr("like_count"));
}

TEST(RecordJson, EmptyRecordIsItsKind) {
  EXPECT_EQ(ToJson(Like{}), R"({"kind":"like"})");
  EXPECT_EQ(ToJson(Story{}), R"({"kind":"story"})");
}

TEST(RecordJson, AppendKeepsWhatIsThere) {
  std::string lines = "[\n";
  AppendJson(lines, Like{});
  EXPECT_EQ(lines, "[\n{\"kind\":\"like\"}");
}

TEST(RecordJson, KeyIsAlwaysFirst) {
  SampleMaker samples(3, 1);
  for (size_t i = 0; i < kKindCount; ++i) {
    EXPECT_THAT(ToJson(samples.Make(static_cast<Kind>(i))), StartsWith(R"({"key":")"));
  }
}

TEST(RecordJson, EveryKindComesBackEqual) {
  RecordParser parser;
  for (const double fill : {0.0, 0.3, 0.8, 1.0}) {
    for (uint64_t seed = 0; seed < 60; ++seed) {
      SampleMaker samples(seed, fill);
      for (size_t i = 0; i < kKindCount; ++i) {
        const Record record = samples.Make(static_cast<Kind>(i));
        const std::string line = ToJson(record);
        const Result<Record> again = parser.Parse(line);
        ASSERT_TRUE(again) << again.error().message << "\n" << line;
        ASSERT_EQ(*again, record) << line;
        ASSERT_EQ(ToJson(*again), line);
        ASSERT_EQ(line.find('\n'), std::string::npos);
      }
    }
  }
}

TEST(RecordJson, MembersInAnyOrderAreTaken) {
  const auto record = Parse(R"( {"kind":"like", "time":"2020-01-01T00:00:00Z","list":"posts"} )");
  ASSERT_TRUE(record);
  EXPECT_EQ(ToJson(*record), R"({"kind":"like","list":"posts","time":"2020-01-01T00:00:00Z"})");
}

TEST(RecordJson, TextIsEscapedForScripts) {
  EXPECT_EQ(ToJson(Like{.text = "a\u2028\xFF\"\n"}),
            "{\"kind\":\"like\",\"text\":\"a\\u2028\uFFFD\\\"\\n\"}");
}

TEST(RecordJson, NotANumberIsLeftOut) {
  Post post;
  post.place = Place{.latitude = std::nan(""), .longitude = HUGE_VAL};
  EXPECT_EQ(ToJson(post), R"({"kind":"post","place":{}})");
}

TEST(RecordJson, OnlyOneLevelOfSubtitlesIsWrittenAndRead) {
  Post post;
  post.media = {{.subtitles = {{.path = "a", .subtitles = {{.path = "b"}}}}}};
  EXPECT_EQ(ToJson(post), R"({"kind":"post","media":[{"subtitles":[{"path":"a"}]}]})");
  EXPECT_THAT(WhyRefused(R"({"kind":"post","media":[{"subtitles":[{"subtitles":[{}]}]}]})"),
              HasSubstr("subtitles"));
}

TEST(RecordParser, RefusesWhatItDoesNotKnow) {
  EXPECT_THAT(WhyRefused(R"({"kind":"like","likes":3})"), HasSubstr("unknown member \"likes\""));
  EXPECT_THAT(WhyRefused(R"({"kind":"post","media":[{"colour":"red"}]})"), HasSubstr("\"colour\""));
  EXPECT_THAT(WhyRefused(R"({"kind":"tweet"})"), HasSubstr("unknown kind \"tweet\""));
  EXPECT_THAT(WhyRefused(R"({"text":"x","kind":"post"})"), HasSubstr("\"kind\" must come first"));
  EXPECT_THAT(WhyRefused(R"({"kind":"post","key":"00112233445566778899aabbccddeeff"})"),
              HasSubstr("unknown member \"key\""));
  EXPECT_THAT(WhyRefused("{}"), HasSubstr("\"kind\" is missing"));
}

TEST(RecordParser, RefusesAMemberTwice) {
  EXPECT_THAT(WhyRefused(R"({"kind":"like","list":"a","list":"b"})"), HasSubstr("twice"));
  EXPECT_THAT(WhyRefused(R"({"kind":"like","evidence":["a"],"evidence":["b"]})"),
              HasSubstr("twice"));
  EXPECT_THAT(WhyRefused(R"({"key":"00112233445566778899aabbccddeeff",)"
                         R"("key":"00112233445566778899aabbccddeeff","kind":"like"})"),
              HasSubstr("\"kind\" must come first"));
}

TEST(RecordParser, RefusesWrongTypesByName) {
  EXPECT_THAT(WhyRefused(R"({"kind":"like","list":3})"), HasSubstr("\"list\" must be a string"));
  EXPECT_THAT(WhyRefused(R"({"kind":"like","list":null})"), HasSubstr("\"list\""));
  EXPECT_THAT(WhyRefused(R"({"kind":"like","time":"yesterday"})"),
              HasSubstr("\"time\" must be a time"));
  EXPECT_THAT(WhyRefused(R"({"kind":"message","unsent":"true"})"), HasSubstr("true or false"));
  EXPECT_THAT(WhyRefused(R"({"kind":"message","call_seconds":4294967296})"),
              HasSubstr("below 2^32"));
  EXPECT_THAT(WhyRefused(R"({"kind":"message","call_seconds":-1})"), HasSubstr("call_seconds"));
  EXPECT_THAT(WhyRefused(R"({"kind":"message","share":[]})"), HasSubstr("object"));
  EXPECT_THAT(WhyRefused(R"({"kind":"post","media":{}})"), HasSubstr("\"media\" must be a list"));
  EXPECT_THAT(WhyRefused(R"({"kind":"post","media":[{"digest":"ab"}]})"), HasSubstr("64 hex"));
  EXPECT_THAT(WhyRefused(R"({"kind":"post","place":{"latitude":"1"}})"), HasSubstr("latitude"));
  EXPECT_THAT(WhyRefused(R"({"kind":"like","provenance":[["a",1]]})"),
              HasSubstr("[import, file, index]"));
  EXPECT_THAT(WhyRefused(R"({"kind":"like","provenance":[["a",1,2,3]]})"), HasSubstr("provenance"));
  EXPECT_THAT(WhyRefused(R"({"key":"xx","kind":"like"})"), HasSubstr("32 hex digits"));
}

TEST(RecordParser, RefusesWhatIsNotOneObject) {
  for (const std::string_view line :
       {"", " ", "[]", "1", "\"a\"", "null", "{", "{\"kind\":\"like\"", "{\"kind\":\"like\",}",
        "{\"kind\":\"like\"}{}", "{\"kind\":\"like\"} x", "{\"kind\":\"li\xFFke\"}",
        "{\"kind\":\"like\",\"text\":\"\\ud800\"}", "{\"kind\":\"like\",\"text\":\"a\nb\"}"}) {
    EXPECT_THAT(WhyRefused(line), StartsWith("record: ")) << line;
  }
}

TEST(RecordParser, SurvivesDeepNesting) {
  EXPECT_THAT(WhyRefused("{\"kind\":\"post\",\"media\":" + std::string(100'000, '[')),
              StartsWith("record: "));
}

TEST(RecordParser, IsUsableAfterAnError) {
  RecordParser parser;
  EXPECT_FALSE(parser.Parse("{\"kind\":"));
  EXPECT_TRUE(parser.Parse(R"({"kind":"like"})"));
}

}  // namespace
}  // namespace valise::account
