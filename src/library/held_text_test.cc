#include "library/held_text.h"

#include <gtest/gtest.h>

namespace valise::library {
namespace {

TEST(HoldsText, InEveryEscape) {
  const std::vector<std::string> texts = {"Été \"à\" la mer"};
  EXPECT_TRUE(HoldsText("x Été \"à\" la mer y", texts));
  EXPECT_TRUE(HoldsText(R"(x \u00c9t\u00e9 \"\u00e0\" la mer y)", texts));
  EXPECT_TRUE(HoldsText(R"(x \u00c3\u0089t\u00c3\u00a9 \"\u00c3\u00a0\" la mer y)", texts));
  EXPECT_TRUE(HoldsText("x Été &quot;à&quot; la mer y", texts));
  EXPECT_FALSE(HoldsText("x Ete la mer y", texts));
  EXPECT_FALSE(HoldsText("anything", {}));
}

}  // namespace
}  // namespace valise::library
