#include "bring/whose.h"

#include <gtest/gtest.h>

namespace valise::bring {
namespace {

library::AccountRow Account(std::string_view service, std::string_view username) {
  return {.id = "00000000000000aa",
          .service = std::string(service),
          .username = std::string(username),
          .head = Sha256("a head")};
}

TEST(Belongs, TheSameServiceAndUserName) {
  EXPECT_TRUE(Belongs({"instagram", "Ann.Example"}, Account("instagram", "ann.example"), ""));
  EXPECT_FALSE(Belongs({"instagram", "bob"}, Account("instagram", "ann.example"), ""));
  EXPECT_FALSE(Belongs({"host", "ann.example"}, Account("instagram", "ann.example"), ""));
}

TEST(Belongs, TheProfilesOwnNameCountsToo) {
  EXPECT_TRUE(Belongs({"instagram", "ann.new"}, Account("instagram", "ann.old"), "ann.new"));
}

TEST(Belongs, EmptyAccountsTakeWhatComes) {
  library::AccountRow empty = Account("host", "bob");
  empty.head.reset();
  EXPECT_TRUE(Belongs({"instagram", "ann.example"}, empty, ""));
}

TEST(Belongs, WhatIsUnknownIsNoReasonToStop) {
  EXPECT_TRUE(Belongs({"instagram", ""}, Account("instagram", "ann.example"), ""));
  EXPECT_TRUE(Belongs({"instagram", "ann.example"}, Account("instagram", ""), ""));
  EXPECT_TRUE(Belongs({"instagram", "ann.example"}, Account("", "ann.example"), ""));
}

}  // namespace
}  // namespace valise::bring
