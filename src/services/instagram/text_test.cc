#include "services/instagram/text.h"

#include <gtest/gtest.h>

namespace valise::services::instagram {
namespace {

TEST(Repair, MangledBytesBecomeTheTextMeant) {
  EXPECT_EQ(Repaired("\u00c3\u00a9t\u00c3\u00a9"), "été");
  EXPECT_EQ(Repaired("\u00f0\u009f\u0099\u0082"), "🙂");
  EXPECT_EQ(Repaired("a \u00e6\u0097\u00a5\u00e6\u009c\u00ac b"), "a 日本 b");
}

TEST(Repair, AsciiStays) {
  EXPECT_EQ(Repaired(""), "");
  EXPECT_EQ(Repaired("plain \n text"), "plain \n text");
}

TEST(Repair, TextThatIsRightStays) {
  EXPECT_EQ(Repaired("Trüffel"), "Trüffel");
  EXPECT_EQ(Repaired("日本"), "日本");
  EXPECT_EQ(Repaired("🙂"), "🙂");
}

TEST(Repair, LoneHighByteStays) {
  EXPECT_EQ(Repaired("caf\u00e9"), "café");
  EXPECT_EQ(Repaired("\u00c3"), "Ã");
  EXPECT_EQ(Repaired("\u00ff\u00fe"), "ÿþ");
}

// One code point above U+00FF shows that the text is not bytes; it must not be cut to bytes.
TEST(Repair, MixedWithWideCodePointsStays) {
  EXPECT_EQ(Repaired("\u00c3\u00a9 …"), "\u00c3\u00a9 …");
  EXPECT_EQ(Repaired("\u0141\u00c3\u00a9"), "\u0141\u00c3\u00a9");
}

TEST(Repair, SurrogatesInBytesAreNotUtf8) {
  EXPECT_EQ(Repaired("\u00ed\u00a0\u0080"), "\u00ed\u00a0\u0080");
}

TEST(Caption, EntitiesOfAnEscapedCaption) {
  EXPECT_EQ(UnescapedCaption("it&#039;s &quot;on&quot; &amp; &lt;3"), "it's \"on\" & <3");
  EXPECT_EQ(UnescapedCaption("&#x1F642; &apos;"), "🙂 '");
}

TEST(Caption, IsUnescapedOnce) { EXPECT_EQ(UnescapedCaption("&amp;quot;"), "&quot;"); }

TEST(Caption, RawSpecialCharactersShowThatNobodyEscaped) {
  EXPECT_EQ(UnescapedCaption("write \"&amp;\" for &"), "write \"&amp;\" for &");
  EXPECT_EQ(UnescapedCaption("salt & pepper &amp; more"), "salt & pepper &amp; more");
  EXPECT_EQ(UnescapedCaption("don't use &lt;"), "don't use &lt;");
}

TEST(Caption, OtherEntitiesStay) {
  EXPECT_EQ(UnescapedCaption("&eacute; &amp;"), "&eacute; &amp;");
  EXPECT_EQ(UnescapedCaption("&#xD800;"), "&#xD800;");
  EXPECT_EQ(UnescapedCaption("&#1114112;"), "&#1114112;");
  EXPECT_EQ(UnescapedCaption("&#0;"), "&#0;");
  EXPECT_EQ(UnescapedCaption("&"), "&");
  EXPECT_EQ(UnescapedCaption("&#;"), "&#;");
  EXPECT_EQ(UnescapedCaption("fish & chips"), "fish & chips");
}

TEST(Html, KnownEntitiesAreUndone) {
  EXPECT_EQ(UnescapedHtml("a&nbsp;b &amp;lt; &#64;&#x1F642; &eacute; & &"),
            "a b &lt; @🙂 &eacute; & &");
}

TEST(Reaction, HexOfUtf8) {
  EXPECT_EQ(Reaction("e29da4efb88f"), "❤️");
  EXPECT_EQ(Reaction("F09F9882"), "😂");
}

TEST(Reaction, MangledAndPlain) {
  EXPECT_EQ(Reaction("\u00e2\u009d\u00a4"), "❤");
  EXPECT_EQ(Reaction("👍"), "👍");
  EXPECT_EQ(Reaction(""), "");
}

TEST(Reaction, WordsThatLookLikeHexStay) {
  EXPECT_EQ(Reaction("6869"), "6869");
  EXPECT_EQ(Reaction("e29d"), "e29d");
  EXPECT_EQ(Reaction("beef"), "beef");
}

}  // namespace
}  // namespace valise::services::instagram
