#include "account/loose_path.h"

#include <gtest/gtest.h>

namespace valise::account {
namespace {

TEST(LoosePath, CaseAndFormOfAccentsDoNotCount) {
  EXPECT_EQ(LoosePath("Media/Posts/A.JPG"), "media/posts/a.jpg");
  EXPECT_EQ(LoosePath("caf\u00e9/1.jpg"), LoosePath("cafe\u0301/1.JPG"));
  EXPECT_EQ(LoosePath("\u00c9t\u00e9.mp4"), LoosePath("e\u0301te\u0301.mp4"));
  EXPECT_EQ(LoosePath("\uac00.jpg"), LoosePath("\u1100\u1161.jpg"));  // Hangul
}

TEST(LoosePath, AllElseDoes) {
  EXPECT_NE(LoosePath("caf\u00e9.jpg"), LoosePath("cafe.jpg"));
  EXPECT_NE(LoosePath("a b.jpg"), LoosePath("a  b.jpg"));
  EXPECT_NE(LoosePath("1.jpg"), LoosePath("\u00b9.jpg"));
  EXPECT_EQ(LoosePath(""), "");
}

TEST(LoosePath, WhatIsNotUtf8StaysAsItIs) {
  EXPECT_EQ(LoosePath("A\xff\xfe.JPG"), "A\xff\xfe.JPG");
  EXPECT_EQ(LoosePath("\xc3"), "\xc3");
}

}  // namespace
}  // namespace valise::account
