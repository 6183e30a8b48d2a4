#include "ingest/line.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ingest/line_splitter.h"

namespace valise::ingest {
namespace {

using account::Kind;
using testing::HasSubstr;

Result<Line> Parse(std::string_view text) { return LineParser().Parse(text).line; }

struct Refused {
  ErrorCode code;
  std::string message;
};
Refused WhyRefused(std::string_view text) {
  const auto line = Parse(text);
  if (line.has_value()) return {ErrorCode::kInternal, "was taken"};
  return {line.error().code, line.error().message};
}

constexpr std::string_view kPost =
    R"({"cursor":"41","op":"put","account":"x1","id":"p1","version":"3",)"
    R"("record":{"kind":"post","text":"<b>Hi</b>"}})";

TEST(IngestLine, APutAsDocumented) {
  LineParser parser;
  const ParsedLine parsed = parser.Parse(kPost);
  ASSERT_TRUE(parsed.line.has_value()) << parsed.line.error().message;
  EXPECT_EQ(parsed.cursor, "41");
  EXPECT_EQ(parsed.line->op, Line::Op::kPut);
  EXPECT_EQ(parsed.line->accounts, std::vector<std::string>{"x1"});
  EXPECT_EQ(parsed.line->change.id, "p1");
  EXPECT_EQ(parsed.line->change.version, "3");
  EXPECT_EQ(parsed.line->change.kind, Kind::kPost);
  EXPECT_EQ(std::get<account::Post>(*parsed.line->change.record).text, "<b>Hi</b>");
}

TEST(IngestLine, MembersComeInAnyOrder) {
  const auto line =
      Parse(R"({"record":{"kind":"message","conversation":"c1","text":"Hello"},"id":"m7",)"
            R"("accounts":["x2","x1","x2"],"op":"put"})");
  ASSERT_TRUE(line.has_value()) << line.error().message;
  EXPECT_EQ(line->accounts, (std::vector<std::string>{"x1", "x2"}));
  EXPECT_EQ(std::get<account::Message>(*line->change.record).conversation, "c1");
}

TEST(IngestLine, DeletesAccountsAndErasures) {
  const auto deleted = Parse(R"({"op":"delete","account":"x1","kind":"post","id":"p1"})");
  ASSERT_TRUE(deleted.has_value());
  EXPECT_EQ(deleted->op, Line::Op::kDelete);
  EXPECT_EQ(deleted->change.what, library::Change::What::kDelete);
  const auto account =
      Parse(R"({"op":"account","account":"x1","username":"anna","name":"Anna","language":"fr"})");
  ASSERT_TRUE(account.has_value());
  EXPECT_EQ(account->op, Line::Op::kAccount);
  EXPECT_EQ(account->words.username, "anna");
  EXPECT_EQ(account->words.language, "fr");
  EXPECT_EQ(account->words.address, std::nullopt);
  EXPECT_EQ(Parse(R"({"op":"erase_account","account":"x1"})")->op, Line::Op::kEraseAccount);
}

TEST(IngestLine, HtmlBecomesPlainTextOnlyWhenSaid) {
  const auto line =
      Parse(R"({"op":"put","account":"x1","id":"p1","text_format":"html","record":{"kind":"post",)"
            R"("text":"<p>Tom &amp; <b>Bea</b></p><script>alert(1)</script><p>two",)"
            R"("media":[{"path":"a.jpg","text":"&lt;3<br>x"}]}})");
  ASSERT_TRUE(line.has_value()) << line.error().message;
  const auto& post = std::get<account::Post>(*line->change.record);
  EXPECT_EQ(post.text, "Tom & Bea\n\ntwo");
  EXPECT_EQ(post.media[0].text, "<3\nx");
}

TEST(IngestLine, TheCursorOfARefusedLineIsTold) {
  LineParser parser;
  const ParsedLine parsed = parser.Parse(R"({"cursor":"7","op":"put"})");
  EXPECT_EQ(parsed.cursor, "7");
  EXPECT_FALSE(parsed.line.has_value());
  EXPECT_EQ(parser.Parse(R"({"cursor":"","op":"put"})").cursor, std::nullopt);
}

TEST(IngestLine, RefusesWhatIsNotALine) {
  for (const std::string_view text : {"", "[]", "1", "{", "{\"op\":\"put\"", "{\"op\":\"put\"}{}",
                                      "{\"op\":\"\xff\"}", "nonsense", "{\"op\":\"put\",}"}) {
    EXPECT_EQ(WhyRefused(text).code, ErrorCode::kInvalidArgument) << text;
  }
  EXPECT_EQ(WhyRefused(std::string(kMaxLine + 1, ' ')).code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(WhyRefused("{\"record\":" + std::string(100'000, '[')).code,
            ErrorCode::kInvalidArgument);
}

TEST(IngestLine, RefusesByName) {
  const auto with = [](std::string_view members) {
    return WhyRefused(fmt::format(R"({{"op":"put","account":"x1",{}}})", members)).message;
  };
  EXPECT_THAT(with(R"("id":"p1")"), HasSubstr("\"record\" is missing"));
  EXPECT_THAT(with(R"("record":{"kind":"post"})"), HasSubstr("\"id\" is missing"));
  EXPECT_THAT(with(R"("id":"","record":{"kind":"post"})"), HasSubstr("\"id\""));
  EXPECT_THAT(with(R"("id":"a\nb","record":{"kind":"post"})"), HasSubstr("\"id\""));
  EXPECT_THAT(with(R"("id":3,"record":{"kind":"post"})"), HasSubstr("\"id\" must be a string"));
  EXPECT_THAT(with(R"("id":"p1","record":[])"), HasSubstr("\"record\" must be an object"));
  EXPECT_THAT(with(R"("id":"p1","record":{"kind":"tweet"})"), HasSubstr("unknown kind"));
  EXPECT_THAT(with(R"("id":"p1","record":{"kind":"post","likes":1})"), HasSubstr("\"likes\""));
  EXPECT_THAT(with(R"("id":"p1","record":{"kind":"post"},"colour":"red")"),
              HasSubstr("unknown member \"colour\""));
  EXPECT_THAT(with(R"("id":"p1","id":"p2","record":{"kind":"post"})"), HasSubstr("twice"));
  EXPECT_THAT(with(R"("id":"p1","kind":"post","record":{"kind":"post"})"),
              HasSubstr("\"kind\" does not belong here"));
  EXPECT_THAT(with(R"("id":"m1","record":{"kind":"message"})"), HasSubstr("conversation"));
  EXPECT_THAT(with(R"("id":"p1","record":{"kind":"post","evidence":["id:p2"]})"),
              HasSubstr("given by Valise"));
  EXPECT_THAT(
      with(R"("id":"p1","record":{"key":"00112233445566778899aabbccddeeff","kind":"post"})"),
      HasSubstr("given by Valise"));
  EXPECT_THAT(with(R"("id":"p1","record":{"kind":"post","absent_since":"2024-04-03T00:00:00Z"})"),
              HasSubstr("given by Valise"));
  EXPECT_THAT(with(R"("id":"p1","record":{"kind":"post","told":[["text","9f1c"]]})"),
              HasSubstr("given by Valise"));
}

TEST(IngestLine, RefusesWrongAccountsOpsAndFormats) {
  const std::string record = R"("id":"p1","record":{"kind":"post"}})";
  EXPECT_THAT(WhyRefused(R"({"op":"put",)" + record).message, HasSubstr("\"accounts\""));
  EXPECT_THAT(WhyRefused(R"({"op":"put","account":"a","accounts":["b"],)" + record).message,
              HasSubstr("either"));
  EXPECT_THAT(WhyRefused(R"({"op":"put","accounts":[],)" + record).message, HasSubstr("empty"));
  EXPECT_THAT(WhyRefused(R"({"op":"put","accounts":[1],)" + record).message, HasSubstr("strings"));
  std::string many;
  for (size_t i = 0; i <= kMaxAccounts; ++i) many += fmt::format("{}\"x{}\"", i ? "," : "", i);
  EXPECT_EQ(WhyRefused(R"({"op":"put","accounts":[)" + many + "]," + record).code,
            ErrorCode::kLimitExceeded);
  EXPECT_EQ(WhyRefused(R"({"op":"upsert","account":"a",)" + record).code, ErrorCode::kUnsupported);
  EXPECT_EQ(WhyRefused(R"({"op":"put","account":"a","text_format":"markdown",)" + record).code,
            ErrorCode::kUnsupported);
  EXPECT_THAT(WhyRefused(R"({"op":"delete","account":"a","kind":"tweet","id":"1"})").message,
              HasSubstr("\"kind\""));
  EXPECT_THAT(WhyRefused(R"({"op":"delete","account":"a","kind":"profile","id":"1"})").message,
              HasSubstr("profile"));
  EXPECT_THAT(WhyRefused(R"({"op":"account","account":"a","username":"a b"})").message,
              HasSubstr("\"username\""));
  EXPECT_THAT(
      WhyRefused(R"({"op":"account","account":"a","username":"ab","language":"de"})").message,
      HasSubstr("\"language\""));
}

TEST(IngestLine, SingleCallsHaveTheirOwnMembers) {
  LineParser parser;
  const auto put = parser.ParsePut(Kind::kPost, "https://host.example/p/1",
                                   R"({"version":"2","record":{"kind":"post","text":"x"}})");
  ASSERT_TRUE(put.has_value()) << put.error().message;
  EXPECT_EQ(put->id, "https://host.example/p/1");
  EXPECT_THAT(parser.ParsePut(Kind::kStory, "s1", R"({"record":{"kind":"post"}})").error().message,
              HasSubstr("address"));
  EXPECT_FALSE(parser.ParsePut(Kind::kPost, "p", R"({"op":"put","record":{"kind":"post"}})"));
  EXPECT_EQ(parser.ParseAccount(R"({"username":"anna"})")->username, "anna");
  EXPECT_FALSE(parser.ParseAccount(R"({"name":"Anna"})").has_value());
  EXPECT_FALSE(parser.ParseAccount(R"({"username":"anna","cursor":"1"})").has_value());
}

std::vector<std::string> Split(std::string_view body, size_t piece) {
  LineSplitter splitter;
  std::vector<std::string> lines;
  const auto visit = [&](const LineSplitter::Line& line) -> Status {
    lines.push_back(line.is_too_long ? fmt::format("{}!", line.number)
                                     : fmt::format("{}:{}", line.number, line.text));
    return {};
  };
  while (!body.empty()) {
    const std::string_view part = body.substr(0, piece);
    EXPECT_TRUE(splitter.Feed(part, visit).has_value());
    body.remove_prefix(part.size());
  }
  EXPECT_TRUE(splitter.End(visit).has_value());
  return lines;
}

TEST(LineSplitter, LinesAreTheSameHoweverTheyAreCut) {
  const std::string body = "one\r\n\ntwo\n" + std::string(kMaxLine, 'x') + "\n" +
                           std::string(kMaxLine + 1, 'y') + "\nthree";
  const std::vector<std::string> whole = Split(body, body.size());
  ASSERT_EQ(whole.size(), 5u);
  EXPECT_EQ(whole[0], "1:one");
  EXPECT_EQ(whole[1], "3:two");
  EXPECT_EQ(whole[2].size(), 2 + kMaxLine);
  EXPECT_EQ(whole[3], "5!");
  EXPECT_EQ(whole[4], "6:three");
  for (const size_t piece : {1u << 10, 4097u, 1u << 18}) EXPECT_EQ(Split(body, piece), whole);
  EXPECT_EQ(Split("a\nb\n", 1), (std::vector<std::string>{"1:a", "2:b"}));
}

TEST(LineSplitter, AnErrorOfTheVisitorEndsIt) {
  LineSplitter splitter;
  int seen = 0;
  const auto status = splitter.Feed("a\nb\nc\n", [&](const LineSplitter::Line&) -> Status {
    if (++seen == 2) return Fail(ErrorCode::kUnavailable, "full");
    return {};
  });
  EXPECT_EQ(status.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(seen, 2);
}

}  // namespace
}  // namespace valise::ingest
