#include "services/instagram/json_splitter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

namespace valise::services::instagram {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Got {
  JsonSplitter::Kind kind;
  std::string member;
  std::string json;
  uint64_t offset;
  bool operator==(const Got&) const = default;
};

JsonSplitter::Reader Chunks(std::string_view text, size_t chunk) {
  return [text, chunk, at = size_t{0}](MutableBytes out) mutable -> Result<size_t> {
    const size_t count = std::min({chunk, out.size(), text.size() - at});
    std::memcpy(out.data(), text.data() + at, count);
    at += count;
    return count;
  };
}

std::vector<Got> Split(std::string_view text, size_t chunk = 1 << 20, size_t limit = 1 << 20,
                       bool deep = false) {
  JsonSplitter splitter(Chunks(text, chunk), deep, limit, 16);
  std::vector<Got> all;
  while (true) {
    const auto slice = splitter.Next();
    EXPECT_TRUE(slice);
    if (!slice || slice->kind == JsonSplitter::Kind::kEnd) return all;
    all.push_back(
        {slice->kind, std::string(slice->member), std::string(slice->json), slice->offset});
    if (all.size() > 1000) return all;
  }
}

std::vector<std::string> Texts(const std::vector<Got>& all) {
  std::vector<std::string> texts;
  for (const Got& got : all) {
    texts.push_back((got.kind == JsonSplitter::Kind::kBroken     ? "broken"
                     : got.kind == JsonSplitter::Kind::kTooLarge ? "large"
                     : got.kind == JsonSplitter::Kind::kEntryEnd ? "end"
                                                                 : got.json) +
                    (got.member.empty() ? "" : "@" + got.member));
  }
  return texts;
}

TEST(JsonSplitter, DeepGoesThroughTheMembersOfEachElement) {
  const std::string_view text =
      R"([ {"p":["a","b"],"c":[{"x":[1]},{"x":2}],"t":"q"}, 7, {} ,{"c":[]}])";
  for (const size_t chunk : {size_t{1}, size_t{1} << 20}) {
    EXPECT_THAT(Texts(Split(text, chunk, 1 << 20, true)),
                ElementsAre("\"a\"@p", "\"b\"@p", R"({"x":[1]}@c)", R"({"x":2}@c)", "\"q\"@t",
                            "end", "7", "end", "end"));
  }
}

TEST(JsonSplitter, RootArray) {
  EXPECT_THAT(Texts(Split(R"( [ {"a":1} , {"b":[2,{"c":"]"}]},3,"x",null,[ ] ] )")),
              ElementsAre(R"({"a":1})", R"({"b":[2,{"c":"]"}]})", "3", "\"x\"", "null", "[ ]"));
}

TEST(JsonSplitter, ArrayMembersAreSplitOthersGivenWhole) {
  EXPECT_THAT(Texts(Split(R"({"participants":[{"n":1}],"messages":[{"m":1},{"m":2}],)"
                          R"("title":"T","image":{"uri":[1]},"n": 5})")),
              ElementsAre(R"({"n":1}@participants)", R"({"m":1}@messages)", R"({"m":2}@messages)",
                          "\"T\"@title", R"({"uri":[1]}@image)", "5@n"));
}

TEST(JsonSplitter, QuotesAndBracketsInStrings) {
  EXPECT_THAT(Texts(Split(R"([{"a":"\\\"]}[{"},"\\"])")),
              ElementsAre(R"({"a":"\\\"]}[{"})", R"("\\")"));
}

TEST(JsonSplitter, NothingAndEmpty) {
  EXPECT_THAT(Split(""), IsEmpty());
  EXPECT_THAT(Split(" \n "), IsEmpty());
  EXPECT_THAT(Split("[]"), IsEmpty());
  EXPECT_THAT(Split("{}"), IsEmpty());
  EXPECT_THAT(Split("{\"a\":[]}"), IsEmpty());
  EXPECT_THAT(Split("\xEF\xBB\xBF[]"), IsEmpty());
}

TEST(JsonSplitter, ByteOrderMarkIsPassedOver) {
  const auto all = Split("\xEF\xBB\xBF[7]");
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].json, "7");
  EXPECT_EQ(all[0].offset, 4u);
}

TEST(JsonSplitter, EveryChunkLengthGivesTheSame) {
  const std::string text =
      "\xEF\xBB\xBF{\"participants\": [ {\"name\":\"A\\\"\"} ],\n "
      "\"messages\":[{\"t\":\"\\\\\",\"x\":[1,2]}"
      ",\r\n{\"content\":\"] } \\\" é\"}, 12 ,-3.5e7],\"title\":\"a,b\" , \"n\":null}";
  const auto whole = Split(text);
  ASSERT_EQ(whole.size(), 7u);
  for (size_t chunk = 1; chunk <= text.size(); ++chunk)
    EXPECT_EQ(Split(text, chunk), whole) << chunk;
  for (const Got& got : whole) EXPECT_EQ(text.substr(got.offset, got.json.size()), got.json);
}

// Cut at every byte: what comes out is a beginning of the whole, then "broken".
TEST(JsonSplitter, EveryTruncationKeepsWhatCameBefore) {
  const std::string text = R"({"p":[{"a":1}],"m":[{"b":"x\"y"},{"c":[1,2]}],"t":"z"})";
  const auto whole = Split(text);
  for (size_t length = 1; length < text.size(); ++length) {
    auto cut = Split(std::string_view(text).substr(0, length), 3);
    ASSERT_FALSE(cut.empty());
    EXPECT_EQ(cut.back().kind, JsonSplitter::Kind::kBroken) << length;
    cut.pop_back();
    ASSERT_LE(cut.size(), whole.size());
    EXPECT_TRUE(std::equal(cut.begin(), cut.end(), whole.begin())) << length;
  }
}

TEST(JsonSplitter, TooLargeElementIsLeftOutTheRestGoesOn) {
  const std::string text = "[{\"a\":1},{\"b\":\"" + std::string(500, 'x') + "\"},{\"c\":3}]";
  for (const size_t chunk : {1u, 7u, 64u, 1000u}) {
    const auto all = Split(text, chunk, 100);
    EXPECT_THAT(Texts(all), ElementsAre("{\"a\":1}", "large", "{\"c\":3}"));
    EXPECT_EQ(all[1].offset, 9u);
  }
}

TEST(JsonSplitter, LimitIsExact) {
  EXPECT_THAT(Texts(Split("[\"1234567\",\"12345678\"]", 1, 9)),
              ElementsAre("\"1234567\"", "large"));
}

TEST(JsonSplitter, TooLargeMember) {
  EXPECT_THAT(Texts(Split("{\"t\":\"" + std::string(500, 'x') + "\",\"u\":1}", 9, 100)),
              ElementsAre("large@t", "1@u"));
}

TEST(JsonSplitter, NameLongerThanTheLimitIsBrokenWhateverTheChunks) {
  const std::string text = "{\"" + std::string(120, 'x') + "\":5}";
  for (const size_t chunk : {1u, 7u, 64u, 1000u}) {
    const auto all = Split(text, chunk, 100);
    ASSERT_EQ(all.size(), 1u);
    EXPECT_EQ(all[0].kind, JsonSplitter::Kind::kBroken);
  }
}

TEST(JsonSplitter, CutOffInATooLargeElementIsBrokenAtItsStart) {
  const auto all = Split("[1,\"" + std::string(500, 'x'), 7, 100);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[1].kind, JsonSplitter::Kind::kBroken);
  EXPECT_EQ(all[1].offset, 3u);
}

TEST(JsonSplitter, MemoryStaysBoundedByTheLimit) {
  const std::string text = "[\"" + std::string(1 << 20, 'x') + "\",1]";
  EXPECT_THAT(Texts(Split(text, 16, 1000)), ElementsAre("large", "1"));
}

TEST(JsonSplitter, BrokenRoots) {
  for (const std::string_view text : {"x", "\"a\"", "{x", "{\"a\"}", "{\"a\" 1}", "[}", "[:",
                                      "{\"a\":[}", "\xEF\xBB", "{1:2}", "[1", "{\"a\":[1]", "{"}) {
    const auto all = Split(text);
    ASSERT_FALSE(all.empty()) << text;
    EXPECT_EQ(all.back().kind, JsonSplitter::Kind::kBroken) << text;
  }
}

TEST(JsonSplitter, DamagedElementDoesNotTakeTheOthers) {
  EXPECT_THAT(Texts(Split(R"([{"a":1},{"b":__phone},{"c":3}])")),
              ElementsAre(R"({"a":1})", R"({"b":__phone})", R"({"c":3})"));
}

TEST(JsonSplitter, ReaderErrorsComeThrough) {
  int calls = 0;
  JsonSplitter splitter([&](MutableBytes out) -> Result<size_t> {
    if (++calls > 1) return Fail(ErrorCode::kCorrupt, "wrong CRC");
    std::memcpy(out.data(), "[1,2", 4);
    return 4;
  });
  EXPECT_EQ(splitter.Next()->json, "1");
  const auto second = splitter.Next();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kCorrupt);
}

TEST(JsonSplitter, PaddingIsReadable) {
  JsonSplitter splitter(Chunks("[1]", 1));
  const auto slice = splitter.Next();
  ASSERT_TRUE(slice);
  unsigned sum = 0;
  for (size_t i = 0; i < JsonSplitter::kPadding; ++i) {
    sum += static_cast<unsigned char>(slice->json.data()[slice->json.size() + i]);
  }
  EXPECT_LT(sum, 256u * JsonSplitter::kPadding);
}

}  // namespace
}  // namespace valise::services::instagram
