#include "imports/variants.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace valise::imports {
namespace {

using testing::ElementsAre;

TEST(GroupVariants, FilesOfOnePathAreTogetherInOrder) {
  const std::vector<std::string> paths = {
      "a.json", "a.json (b).json",   "a.json (variant 2)", "a.json (variant 3)",
      "b.json", "c.json (variant 2)"};
  const auto path_of = [&](uint32_t n) -> std::string_view { return paths[n]; };
  EXPECT_THAT(GroupVariants({0, 1, 2, 3, 4, 5}, path_of),
              testing::UnorderedElementsAre(ElementsAre(0, 2, 3), ElementsAre(1), ElementsAre(4),
                                            ElementsAre(5)));
  EXPECT_THAT(GroupVariants({2, 4}, path_of),
              testing::UnorderedElementsAre(ElementsAre(2), ElementsAre(4)));
}

class Likes final : public account::RecordSink {
 public:
  Status Put(account::Record record) override {
    owners.push_back(std::get<account::Like>(record).owner);
    return {};
  }
  void Report(account::Issue) override {}
  std::vector<std::string> owners;
};

account::Record LikeOf(std::string owner, uint32_t index) {
  account::Like like;
  like.owner = std::move(owner);
  like.provenance = {{"", 0, index}};
  return like;
}

TEST(ToldOnce, WhatWasToldAsOftenIsLeftOut) {
  Likes likes;
  ToldOnce once;
  const auto read = [&](std::vector<std::string> owners) {
    ToldOnce::File file(once, likes);
    uint32_t index = 0;
    for (std::string& owner : owners) {
      EXPECT_TRUE(file.Put(LikeOf(std::move(owner), index++)));
    }
  };
  read({"ann", "bob", "bob"});
  read({"cid", "bob", "ann", "bob", "bob"});
  read({"bob", "bob", "bob", "cid", "dan"});
  EXPECT_THAT(likes.owners, ElementsAre("ann", "bob", "bob", "cid", "bob", "dan"));
}

}  // namespace
}  // namespace valise::imports
