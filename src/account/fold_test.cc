#include "account/fold.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "base/utf8.h"

namespace valise::account {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Each vector of the file that ui/src/fold.ts is held to as well.
TEST(Fold, SharedVectors) {
  simdjson::dom::parser parser;
  simdjson::dom::array vectors;
  ASSERT_FALSE(
      parser.load(VALISE_SOURCE_DIR "/src/account/fold_vectors.json").get_array().get(vectors));
  size_t count = 0;
  for (auto vector : vectors) {
    const std::string_view note = vector["note"];
    const std::string_view text = vector["text"];
    SCOPED_TRACE(note);
    EXPECT_EQ(Fold(text), std::string_view(vector["fold"]));
    std::vector<std::string> tokens;
    for (auto token : vector["tokens"].get_array()) {
      tokens.emplace_back(std::string_view(token));
    }
    EXPECT_EQ(Tokens(text), tokens);
    ++count;
  }
  EXPECT_GE(count, 60u);
}

TEST(Fold, IsStableWhenRepeated) {
  for (const std::string_view text :
       {"Élève  Œuvre", "ガギグ ｶﾞ", "안녕 İSTANBUL", "👩‍🚀 हिन्दी", "ẞß"}) {
    const std::string once = Fold(text);
    EXPECT_EQ(Fold(once), once);
  }
}

TEST(Fold, MalformedBytesBecomeReplacementCharacters) {
  EXPECT_EQ(Fold("A\xFF"
                 "B"),
            "a\uFFFDb");
  EXPECT_EQ(Fold("\xC3"), "\uFFFD");
  EXPECT_EQ(Fold("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_THAT(Tokens("one\xF0\x9F"
                     "two"),
              ElementsAre("one", "two"));
}

// U+FDFA decomposes into 18 code points, the longest expansion there is.
TEST(Fold, LongExpansionsFit) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "\uFDFA";
  const std::string folded = Fold(text);
  EXPECT_TRUE(IsUtf8(folded));
  EXPECT_GT(folded.size(), 100u * 18);
}

TEST(Fold, UnspacedUnitsOfManyMarksAreCut) {
  std::string text = "ก";
  for (int i = 0; i < 1000; ++i) text += "\u0E34";
  const std::vector<std::string> tokens = Tokens(text);
  ASSERT_EQ(tokens.size(), 1u);
  EXPECT_EQ(tokens[0].size(), 64u * 3);
}

TEST(Fold, NothingGivesNoTokens) {
  EXPECT_THAT(Tokens(""), IsEmpty());
  EXPECT_THAT(Tokens("  \t "), IsEmpty());
}

}  // namespace
}  // namespace valise::account
