#include "base/utf8.h"

#include <gtest/gtest.h>

namespace valise {
namespace {

TEST(Utf8, AcceptsWellFormedAndRefusesTheRest) {
  EXPECT_TRUE(IsUtf8("a\u00e9\u20ac\U0001F642"));
  for (const char* bad : {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80", "\xE2\x82"}) {
    EXPECT_FALSE(IsUtf8(bad));
  }
}

TEST(Utf8, ReplacesMalformedBytes) {
  EXPECT_EQ(ToValidUtf8("a\xFF"
                        "b"),
            "a\uFFFD"
            "b");
  EXPECT_EQ(ToValidUtf8("\u00e9"), "\u00e9");
}

TEST(Utf8, PrefixCutsOnABorder) {
  EXPECT_EQ(Utf8Prefix("a\u20ac", 3), "a");
  EXPECT_EQ(Utf8Prefix("a\u20ac", 4), "a\u20ac");
}

TEST(Utf8, EncodesWhatItDecodes) {
  for (char32_t c : {U'a', U'\u00e9', U'\u20ac', U'\U0001F642', U'\U0010FFFF'}) {
    std::string text;
    AppendUtf8(text, c);
    size_t at = 0;
    EXPECT_EQ(NextCodePoint(text, at), c);
    EXPECT_EQ(at, text.size());
  }
}

}  // namespace
}  // namespace valise
