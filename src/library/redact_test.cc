#include "library/redact.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace valise::library {
namespace {

EntryToCut At(uint32_t index, int64_t seconds, std::vector<std::string> marks = {}) {
  EntryToCut entry{.index = index, .time = {}, .marks = std::move(marks)};
  if (seconds != 0) entry.time = FromSeconds(seconds);
  return entry;
}

std::optional<std::string> Cut(std::string_view json, const EntryToCut& entry) {
  return CutEntries(json, std::span(&entry, 1));
}

TEST(CutEntries, AnElementOfTheRootListBecomesNull) {
  EXPECT_EQ(Cut(R"([{"title":"one","at":1700000001}, {"title":"two","at":1700000002}])",
                At(1, 1700000002)),
            R"([{"title":"one","at":1700000001}, null])");
}

TEST(CutEntries, ByMillisecondsOrByAMark) {
  const std::string_view json =
      R"([{"t":1700000001000,"x":"a"},{"x":"deep [} \" text"},{"x":"c"}])";
  EXPECT_EQ(Cut(json, At(0, 1700000001)), R"([null,{"x":"deep [} \" text"},{"x":"c"}])");
  EXPECT_EQ(Cut(json, At(1, 0, {"deep [} \" text"})),
            R"([{"t":1700000001000,"x":"a"},null,{"x":"c"}])");
}

TEST(CutEntries, Latin1TakenForUtf8IsUnderstood) {
  EXPECT_EQ(Cut(R"([{"c":"caf\u00c3\u00a9"},{"c":"other"}])", At(0, 0, {"café"})),
            R"([null,{"c":"other"}])");
}

TEST(CutEntries, AListInTheRootObject) {
  const std::string_view json =
      R"({"participants":[{"name":"Ann"},{"name":"Bo"}],"messages":[{"t":1},{"t":1700000002}],"title":"x"})";
  EXPECT_EQ(
      Cut(json, At(1, 1700000002)),
      R"({"participants":[{"name":"Ann"},{"name":"Bo"}],"messages":[{"t":1},null],"title":"x"})");
}

TEST(CutEntries, NoticesAreNotCountedAndCutEntriesKeepTheirPlace) {
  EXPECT_EQ(Cut(R"(["no data",{"t":1700000001},{"t":1700000002}])", At(1, 1700000002)),
            R"(["no data",{"t":1700000001},null])");
  EXPECT_EQ(Cut(R"([null,{"t":1700000001},{"t":1700000002}])", At(2, 1700000002)),
            R"([null,{"t":1700000001},null])");
}

TEST(CutEntries, WhatIsNotThereForCertainIsNotCut) {
  const std::string_view json = R"([{"t":1700000001,"x":"a"},{"t":1700000002,"x":"b"}])";
  EXPECT_EQ(Cut(json, At(0, 1700000002)), std::nullopt) << "another place";
  EXPECT_EQ(Cut(json, At(0, 0, {"b"})), std::nullopt) << "another text";
  EXPECT_EQ(Cut(json, At(7, 1700000001)), std::nullopt) << "no such place";
  EXPECT_EQ(Cut(json, At(0, 0)), std::nullopt) << "nothing to know it by";
  EXPECT_EQ(Cut(R"({"a":[{"t":1700000001},{}],"b":[{"t":1700000001},{}]})", At(0, 1700000001)),
            std::nullopt)
      << "two could be meant";
  EXPECT_EQ(Cut(R"([{"t":1700000001}])", At(0, 1700000001)), std::nullopt) << "nothing is left";
}

TEST(CutEntries, HostileTexts) {
  for (const std::string& json :
       {std::string(), std::string("["), std::string("{"), std::string("[{]}"), std::string("x"),
        std::string("[{\"a\":\"\\"), std::string("[1,2"), std::string("{\"a\" [1]}"),
        std::string("[{}] tail"), std::string(100'000, '['), std::string("\xEF\xBB\xBF")}) {
    EXPECT_EQ(Cut(json, At(0, 1700000001)), std::nullopt);
  }
  EXPECT_EQ(Cut("\xEF\xBB\xBF[{\"t\":1700000001},{}]", At(0, 1700000001)), "\xEF\xBB\xBF[null,{}]");
}

TEST(CutEntries, TheFirstArchivesCountTheirPlacesOtherwise) {
  EXPECT_EQ(Cut(R"([{"at":"2019-01-02T03:04:05+00:00"},{}])", At(0, 1546398245)), std::nullopt);
}

TEST(CutAlike, WhatSaysTheSameInWhicheverPlace) {
  const std::string_view json =
      R"({"messages":[{"t":1700000001,"x":"b"},{"t":1700000001,"x":"a"},{"t":1700000002,"x":"a"}]})";
  const auto cut = [&](const EntryToCut& entry) {
    size_t count = 0;
    const auto left = CutAlike(json, std::span(&entry, 1), count);
    return std::pair(left.value_or("none"), count);
  };
  EXPECT_EQ(cut(At(7, 1700000001, {"a"})),
            std::pair(std::string(R"({"messages":[{"t":1700000001,"x":"b"},null,)"
                                  R"({"t":1700000002,"x":"a"}]})"),
                      size_t{1}));
  EXPECT_EQ(cut(At(7, 1700000001)).second, 2u) << "nothing else is known of it";
  EXPECT_EQ(cut(At(7, 1700000001, {"another"})).second, 2u) << "an older telling";
  EXPECT_EQ(cut(At(7, 1700000003, {"a"})), std::pair(std::string(json), size_t{0}));
  EXPECT_EQ(cut(At(7, 0)).first, "none") << "it cannot be told";
}

std::vector<std::string> Texts(std::string_view json, std::span<const EntryToCut> entries) {
  std::vector<std::string> texts;
  for (const Said& said : SaidOnlyBy(json, entries)) texts.push_back(said.text);
  return texts;
}

TEST(SaidOnlyBy, KnowsTheTimesOfTheFirstArchives) {
  const EntryToCut entry = At(0, 1546398245);
  for (const char* time : {"2019-01-02T03:04:05+00:00", "2019-01-02T03:04:05"}) {
    const std::string json = fmt::format(R"([{{"taken_at":"{}","path":"a.jpg"}},{{}}])", time);
    EXPECT_THAT(Texts(json, std::span(&entry, 1)), testing::Contains("a.jpg")) << time;
  }
  EXPECT_THAT(Texts(R"([{"at":"2019-01-02T03:04:06","path":"a.jpg"},{}])", std::span(&entry, 1)),
              testing::IsEmpty());
}

TEST(SaidOnlyBy, WordsStandWherePeopleWrite) {
  EntryToCut entry = At(0, 1700000001);
  const std::string_view json =
      R"([{"t":1700000001,"sender_name":"National Geographic","content":"a day at the sea, at last",
           "place":{"name":"The Old Lighthouse"},"label_values":[{"label":"Caption",
           "value":"another day at the sea"},{"title":"Owner","dict":[{"label":"Name",
           "value":"Somebody Of That Name"}]}]},{}])";
  const auto words = [&] {
    std::vector<std::string> words;
    for (const Said& said : SaidOnlyBy(json, std::span(&entry, 1))) {
      if (said.may_be_words) words.push_back(said.text);
    }
    return words;
  };
  EXPECT_TRUE(words().empty()) << "of a like all are other people's";
  entry.has_words = true;
  EXPECT_THAT(words(), testing::ElementsAre("a day at the sea, at last", "another day at the sea"));
}

TEST(SaidOnlyBy, WhatNoEntryThatStaysSaysToo) {
  const std::string_view json =
      R"([{"t":1700000001,"uri":"a/1.jpg","of":{"title":"my caf\u00c3\u00a9","camera":"Model 2"}},
          {"t":1700000002,"uri":"a/2.jpg","of":[{"camera":"Model 2","label":"Caption"}]}])";
  using testing::ElementsAre;
  const EntryToCut first = At(0, 1700000001);
  EXPECT_THAT(Texts(json, std::span(&first, 1)), ElementsAre("a/1.jpg", "my café"));
  const std::vector<EntryToCut> both = {first, At(1, 1700000002)};
  EXPECT_THAT(Texts(json, both), ElementsAre("Model 2", "a/1.jpg", "a/2.jpg", "my café"))
      << "a label says nothing";
  const EntryToCut elsewhere = At(1, 1700000001);
  EXPECT_TRUE(SaidOnlyBy(json, std::span(&elsewhere, 1)).empty());
}

TEST(SaidOnlyBy, AllThatCouldBeMeant) {
  const std::string_view json =
      R"({"a":[{"t":1700000001,"x":"one"},{"x":"three"}],"b":[{"t":1700000001,"x":"two"}]})";
  const std::vector<EntryToCut> entries = {At(0, 1700000001)};
  EXPECT_THAT(Texts(json, entries), testing::ElementsAre("one", "two"));
}

TEST(SaidOnlyBy, HostileTexts) {
  const std::vector<EntryToCut> entries = {At(0, 1700000001)};
  for (const std::string& json :
       {std::string(), std::string("<html>"), std::string("[{]}"),
        std::string("[{\"t\":1700000001,\"x\":\"\\q\"}]"), "[" + std::string(100'000, '[')}) {
    EXPECT_TRUE(SaidOnlyBy(json, entries).empty());
    EXPECT_TRUE(StringsOf(json).empty());
  }
}

TEST(MayBeWords, NoLinkPathIdDateOrUserAgent) {
  for (const char* words : {"a day at the sea", "#thelighthouse2021", "été-à-la-mer-1234",
                            "Version 2.0 is here (at last)"}) {
    EXPECT_TRUE(MayBeWords(words)) << words;
  }
  for (const char* other :
       {"a day", "https://example.org/a b c", "media/posts/202101/a_1_2_n.jpg",
        "2021-05-01T10:00:00+00:00", "Mozilla/5.0 (Linux; Android 9) Mobile",
        "Instagram 219.0.0.12 Android (28/9; 420dpi; en_US)", "1790000000000000001"}) {
    EXPECT_FALSE(MayBeWords(other)) << other;
  }
}

}  // namespace
}  // namespace valise::library
