#include "services/instagram/write_json.h"

#include <gtest/gtest.h>

#include "base/utf8.h"
#include "services/instagram/test_archive.h"

namespace valise::services::instagram {
namespace {

std::string Written(std::string_view text) {
  std::string to;
  AppendText(to, text);
  return to;
}

std::string Caption(std::string_view text) {
  std::string to;
  AppendCaption(to, text);
  return to;
}

// What our reader makes of a caption.
std::string ReadBack(std::string_view caption) {
  const std::string json =
      "[{\"media\":[{\"uri\":\"media/posts/a.jpg\"}],\"title\":" + Caption(caption) + "}]";
  return ReadText(kPostsPath, json).Only<account::Post>().text;
}

TEST(WriteJson, IsAsciiWithUpperCaseEscapes) {
  EXPECT_EQ(Written("plain"), "\"plain\"");
  EXPECT_EQ(Written("caf\u00E9"), "\"caf\\u00E9\"");
  EXPECT_EQ(Written("\u2019\u0152"), "\"\\u2019\\u0152\"");
  EXPECT_EQ(Written("\U0001F600"), "\"\\uD83D\\uDE00\"");
  EXPECT_EQ(Written("a\"b\\c\nd\te\r\f\b/"), R"("a\"b\u005Cc\nd\te\r\f\b/")");
  EXPECT_EQ(Written("\x0B\x1A\x7F"), "\"\\u000B\\u001A\x7F\"");
}

TEST(WriteJson, LeavesOutTheControlCodesThatImportersCannotTake) {
  int lost = 0;
  for (char32_t c = 0; c < 0x100; ++c) {
    std::string text;
    AppendUtf8(text, c);
    lost += Written(text) == "\"\"" ? 1 : 0;
  }
  EXPECT_EQ(lost, 38);
  EXPECT_EQ(Written(std::string_view("a\0\x19z", 4)), "\"az\"");
}

TEST(WriteJson, WhatLooksMangledIsWrittenAsInstagramDoes) {
  EXPECT_EQ(Written("\u00C3\u00A9"), "\"\\u00c3\\u0083\\u00c2\\u00a9\"");
}

TEST(WriteJson, WhatLooksLikeEscapedHtmlIsEscapedOnce) {
  EXPECT_EQ(Caption("salt &amp; pepper"), "\"salt &amp;amp; pepper\"");
  EXPECT_EQ(Caption("salt & pepper"), "\"salt & pepper\"");
  EXPECT_EQ(Caption("<b> &amp;"), "\"<b> &amp;\"");
}

TEST(WriteJson, EveryCodePointComesBack) {
  std::string text;
  for (char32_t c = 1; c < 0x20000; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    AppendUtf8(text, c);
    if (c % 64 != 0) continue;
    std::string expected;
    for (size_t at = 0; at < text.size();) {
      const char32_t kept = NextCodePoint(text, at);
      std::string one;
      AppendUtf8(one, kept);
      if (Written(one) != "\"\"") expected += one;
    }
    ASSERT_EQ(ReadBack("x" + text), "x" + expected) << static_cast<uint32_t>(c);
    text.clear();
  }
}

TEST(WriteJson, TextsThatReadersRepairComeBack) {
  for (const std::string_view text :
       {"\u00C3\u00A9", "d\u00E9j\u00E0 vu", "\u00C2\u00A9 5", "&amp;", "&#039;quoted&#039;",
        "a &amp; b < c", "\\u00e9", "\\\\ \" \n",
        "\u65E5\u672C\u8A9E \u0627\u0644\u0639\u0631\u0628\u064A\u0629"}) {
    EXPECT_EQ(ReadBack(text), text);
  }
}

TEST(EntryWriter, PutsCommasWhereTheyBelong) {
  EntryWriter to;
  to.BeginObject().Text("a", "x").Int("b", 2).Name("c").BeginArray();
  to.BeginObject().EndObject().BeginObject().Bool("d", true).EndObject().EndArray();
  to.Double("e", 45.5).Seconds("f", std::nullopt).Seconds("g", FromSeconds(7)).EndObject();
  EXPECT_EQ(to.text(), R"({"a":"x","b":2,"c":[{},{"d":true}],"e":45.5,"g":7})");
}

}  // namespace
}  // namespace valise::services::instagram
