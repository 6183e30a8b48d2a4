// What HTML archives are read with: tokens and the dates that pages show.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "services/instagram/html_dates.h"
#include "services/instagram/html_tokens.h"

namespace valise::services::instagram {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

HtmlTokens::Reader Chunks(std::string_view text, size_t chunk) {
  return [text, chunk, at = size_t{0}](MutableBytes out) mutable -> Result<size_t> {
    const size_t count = std::min({chunk, out.size(), text.size() - at});
    std::memcpy(out.data(), text.data() + at, count);
    at += count;
    return count;
  };
}

std::vector<std::string> Tokens(std::string_view text, size_t chunk = 1 << 16) {
  HtmlTokens tokens(Chunks(text, chunk), chunk);
  std::vector<std::string> all;
  while (all.size() < 1000) {
    const HtmlToken token = *tokens.Next();
    if (token.kind == HtmlToken::Kind::kEnd) break;
    if (token.kind == HtmlToken::Kind::kText) {
      if (!all.empty() && all.back().starts_with("'")) {
        all.back() += token.text;  // texts may come in pieces
      } else {
        all.push_back("'" + token.text);
      }
      continue;
    }
    all.push_back((token.kind == HtmlToken::Kind::kClose ? "/" : "") + token.name +
                  (token.css.empty() ? "" : "." + token.css) +
                  (token.link.empty() ? "" : "@" + token.link));
  }
  return all;
}

TEST(HtmlTokens, TagsTextsAndEntities) {
  for (const size_t chunk : {size_t{1}, size_t{7}, size_t{1} << 16}) {
    EXPECT_THAT(Tokens("<!DOCTYPE html><html><body CLASS='a b'><!-- <p> --><A "
                       "Href=\"x?a=1&amp;b=2\" >it&#039;s "
                       "&quot;on&quot; &#064;x</A><br/><img src=y.jpg></body>",
                       chunk),
                ElementsAre("html", "body.a b", "a@x?a=1&b=2", "'it's \"on\" @x", "/a", "br",
                            "img@y.jpg", "/body"))
        << chunk;
  }
}

TEST(HtmlTokens, ScriptsAndStylesAreLeftOut) {
  EXPECT_THAT(Tokens("a<script>if (1<2) x('</p>')</script>b<style>p{}</style>c"),
              ElementsAre("'abc"));
}

TEST(HtmlTokens, WhatIsNoTagIsText) {
  EXPECT_THAT(Tokens("1 < 2 <3 &foo; &"), ElementsAre("'1 < 2 <3 &foo; &"));
  EXPECT_THAT(Tokens("<a title=\"x>y\">z</a"), ElementsAre("a", "'z</a"));
  EXPECT_THAT(Tokens("<!-- never ends"), IsEmpty());
  EXPECT_THAT(Tokens("<script>never ends"), IsEmpty());
}

TEST(HtmlTokens, LongTextsAndTagsAreBounded) {
  const std::string text(300'000, 'x');
  EXPECT_THAT(Tokens("<p>" + text), ElementsAre("p", "'" + text));
  const auto tokens = Tokens("<p " + std::string(100'000, 'y') + ">z");
  ASSERT_THAT(tokens, SizeIs(1)) << "a tag longer than any is text";
  std::string open;
  for (int i = 0; i < 500'000; ++i) open += "<a";
  EXPECT_THAT(Tokens(open), ElementsAre("'" + open)) << "and quickly";
}

TEST(HtmlTokens, MalformedBytesAreReplaced) {
  EXPECT_THAT(Tokens("a\xFF"
                     "b"),
              ElementsAre("'a\uFFFDb"));
  EXPECT_THAT(Tokens("été", 1), ElementsAre("'été")) << "a letter is not parted";
}

std::optional<std::string> Date(std::string_view text) {
  const auto time = ParseShownDate(text);
  return time ? std::optional(FormatTime(*time)) : std::nullopt;
}

TEST(ShownDate, OfEachLanguage) {
  EXPECT_EQ(Date("Jan 02, 2026 4:17 pm"), "2026-01-02T16:17:00Z");
  EXPECT_EQ(Date("Jan 2, 2026, 12:05 AM"), "2026-01-02T00:05:00Z");
  EXPECT_EQ(Date("Dec 31, 2021, 12:30 PM"), "2021-12-31T12:30:00Z");
  EXPECT_EQ(Date("févr. 08, 2026 1:17 pm"), "2026-02-08T13:17:00Z");
  EXPECT_EQ(Date("8 juil. 2024 à 16:17"), "2024-07-08T16:17:00Z");
  EXPECT_EQ(Date("02 gen 2026, 16:17:05"), "2026-01-02T16:17:05Z");
  EXPECT_EQ(Date("2 de agosto de 2023 9:05 p. m."), "2023-08-02T21:05:00Z");
  EXPECT_EQ(Date("02. März 2023 09:05 Uhr"), "2023-03-02T09:05:00Z");
  EXPECT_EQ(Date("mrt 02, 2023 9:05 a.m."), "2023-03-02T09:05:00Z");
  EXPECT_EQ(Date("2 de dez. de 2022 21:05"), "2022-12-02T21:05:00Z");
  EXPECT_EQ(Date("2026年1月2日 16:17"), "2026-01-02T16:17:00Z");
  EXPECT_EQ(Date("Feb 08, 2026"), "2026-02-08T00:00:00Z");
  EXPECT_EQ(Date("2 de febrero de 2024 a las 16:17"), "2024-02-02T16:17:00Z");
  EXPECT_EQ(Date("2 févr. 2024 à 16 h 17"), "2024-02-02T16:17:00Z");
  EXPECT_EQ(Date("2 févr. 2024, 9h05"), "2024-02-02T09:05:00Z");
}

TEST(ShownDate, AMomentHasATimeOfDay) {
  EXPECT_TRUE(ParseShownMoment("Feb 08, 2026 1:17 pm"));
  EXPECT_FALSE(ParseShownMoment("Feb 08, 2026"));
  EXPECT_FALSE(ParseShownMoment("2003-05-04"));
}

TEST(ShownDate, OtherTextIsNoDate) {
  for (const std::string_view text :
       {"", "hello", "See you Jan 02, 2026 4:17 pm", "Jan 02", "2026", "Jan 45, 2026", "25:61",
        "02/01/2026 16:17", "jui 02, 2026", "Jan 02, 2026 25:00", "12 monkeys 2026",
        "Jan 02, 2026 4:17 5:18"}) {
    EXPECT_EQ(Date(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace valise::services::instagram
