#include "account/html_text.h"

#include <gtest/gtest.h>

namespace valise::account {
namespace {

TEST(HtmlText, TagsFallAwayAndWhiteSpaceFolds) {
  EXPECT_EQ(HtmlToText("  A <b>great</b>\n\n <i class='x>y'>day</i>! "), "A great day!");
  EXPECT_EQ(HtmlToText("plain"), "plain");
  EXPECT_EQ(HtmlToText(""), "");
}

TEST(HtmlText, BreaksAndBlocksAreLines) {
  EXPECT_EQ(HtmlToText("one<br>two<br/>three<BR >four"), "one\ntwo\nthree\nfour");
  EXPECT_EQ(HtmlToText("a<br><br><br><br>b"), "a\n\nb");
  EXPECT_EQ(HtmlToText("<p>one</p>\n<p>two</p>"), "one\n\ntwo");
  EXPECT_EQ(HtmlToText("<div>one</div><div>two</div><ul><li>x</li><li>y</li></ul>"),
            "one\ntwo\nx\ny");
}

TEST(HtmlText, ReferencesAreCharacters) {
  EXPECT_EQ(HtmlToText("&lt;b&gt; &amp;amp; &quot;&apos;&#39;&#x1F600;&eacute;&hellip;"),
            "<b> &amp; \"''😀é…");
  EXPECT_EQ(HtmlToText("a&nbsp;b"), "a\u00a0b");
  EXPECT_EQ(HtmlToText("AT&T &unknown; &#0; &#xD800; &#1114112; &; &"),
            "AT&T &unknown; &#0; &#xD800; &#1114112; &; &");
}

TEST(HtmlText, WhatIsNotMarkupIsText) {
  EXPECT_EQ(HtmlToText("1 < 2 <3 i <3 u > me"), "1 < 2 <3 i <3 u > me");
  EXPECT_EQ(HtmlToText("<"), "<");
}

TEST(HtmlText, ScriptsStylesAndCommentsFallAway) {
  EXPECT_EQ(HtmlToText("a<script>alert('<b>')</script>b<!-- <p>c --><STYLE>x</style >d"), "abd");
  EXPECT_EQ(HtmlToText("a<script>alert(1)"), "a");
  EXPECT_EQ(HtmlToText("a<!-- never closed"), "a");
  EXPECT_EQ(HtmlToText("<img src=x onerror=\"alert('>')\">a<!DOCTYPE html>"), "a");
  EXPECT_EQ(HtmlToText("<a href=\"never closed"), "");
}

TEST(HtmlText, NothingOfTheResultIsReadAgain) {
  EXPECT_EQ(HtmlToText("&lt;script&gt;alert(1)&lt;/script&gt;"), "<script>alert(1)</script>");
  EXPECT_EQ(HtmlToText("&amp;lt;"), "&lt;");
}

}  // namespace
}  // namespace valise::account
