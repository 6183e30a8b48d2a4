#include "library/index.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "library/testing.h"

namespace valise::library {
namespace {

using account::Kind;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr int64_t kNoon2023 = 1'690'000'000'000;

class IndexTest : public testing::Test {
 protected:
  IndexTest() : index_(*Index::Open(*library_)) {
    TestArchive archive;
    auto post = TestPost("media:1", "2023-07-07T20:35:31Z", "Coucher de soleil à la plage");
    post.media = {TestItem("media/a.jpg")};
    post.media[0].alt = "a lighthouse";
    account::Connection bob;
    bob.relation = "follower";
    bob.username = "Bob";
    archive.data = {
        {"posts.json", {post}},
        {"f.json", {bob}},
        {"m1.json",
         {TestConversation("folder:1", "Bob"), TestMessage("folder:1", kNoon2023, "the beach"),
          TestMessage("folder:1", kNoon2023 + 1, "the BEACH again"),
          TestMessage("folder:1", kNoon2023 + 1, "same moment, beach")}},
        {"m2.json",
         {TestConversation("folder:2", "Eve"),
          TestMessage("folder:2", kNoon2023 + 86'400'000, "beaches, 黒猫", "Eve")}}};
    library_.Import(archive);
  }

  std::vector<std::string> Find(const SearchQuery& query) {
    const auto hits = index_->Search(query);
    EXPECT_TRUE(hits) << (hits ? "" : hits.error().message);
    std::vector<std::string> found;
    account::RecordParser parser;
    if (!hits) return found;
    for (const SearchHit& hit : *hits) {
      const auto record = parser.Parse(hit.json);
      EXPECT_TRUE(record);
      EXPECT_EQ(account::KindOf(*record), hit.kind);
      const auto* message = std::get_if<account::Message>(&*record);
      found.push_back(message != nullptr ? message->text
                                         : std::string(account::KindName(hit.kind)));
    }
    return found;
  }
  void Update() { ASSERT_TRUE(index_->Update({})); }

  TestLibrary library_;
  std::unique_ptr<Index> index_;
};

TEST_F(IndexTest, SaysThatItIsNotBuilt) {
  EXPECT_EQ(index_->Search({.text = "x"}).error().code, ErrorCode::kUnavailable);
}

TEST_F(IndexTest, FindsFoldedWordsNewestFirst) {
  Update();
  EXPECT_THAT(Find({.text = "Beach"}),
              testing::UnorderedElementsAre("the beach", "the BEACH again", "same moment, beach"));
  EXPECT_EQ(Find({.text = "beach"}).back(), "the beach");
  EXPECT_THAT(Find({.text = "BEACH again"}), ElementsAre("the BEACH again"));
  EXPECT_THAT(Find({.text = "soleil a"}), ElementsAre("post"));
  EXPECT_THAT(Find({.text = "lighthouse"}), ElementsAre("post"));
  EXPECT_THAT(Find({.text = "黒猫"}), ElementsAre("beaches, 黒猫"));
  EXPECT_THAT(Find({.text = "beac"}), IsEmpty());
  EXPECT_THAT(Find({.text = "\"*'; --"}), IsEmpty());
}

TEST_F(IndexTest, PrefixesFindAsOneTypes) {
  Update();
  EXPECT_THAT(Find({.text = "beac", .prefix = true}), SizeIs(4));
  EXPECT_THAT(Find({.text = "again beac", .prefix = true}), ElementsAre("the BEACH again"));
}

TEST_F(IndexTest, FiltersByKindConversationAndTime) {
  Update();
  EXPECT_THAT(Find({.kinds = {Kind::kMessage}}), SizeIs(4));
  EXPECT_THAT(Find({.kinds = {Kind::kPost, Kind::kConnection}}), ElementsAre("post", "connection"));
  EXPECT_THAT(Find({}), SizeIs(8));
  const auto eve = library_.Records<account::Message>();
  const auto conversation = std::ranges::find(eve, "Eve", &account::Message::sender)->conversation;
  EXPECT_THAT(Find({.kinds = {Kind::kMessage}, .conversation = *Key::Parse(conversation)}),
              ElementsAre("beaches, 黒猫"));
  EXPECT_THAT(
      Find({.text = "beach", .from = FromMillis(kNoon2023), .until = FromMillis(kNoon2023 + 1)}),
      ElementsAre("the beach"));
}

TEST_F(IndexTest, PagesByTheLastHit) {
  Update();
  SearchQuery query{.text = "beach", .limit = 2};
  const auto first = index_->Search(query);
  ASSERT_TRUE(first);
  ASSERT_THAT(*first, SizeIs(2));
  query.before = first->back().id;
  EXPECT_THAT(Find(query), ElementsAre("the beach"));
}

TEST_F(IndexTest, UpdateReadsOnlyWhatChangedAndForgetsWhatIsGone) {
  Update();
  TestArchive more{.date = "2025-01-01T00:00:00Z"};
  more.data["m2.json"] = {TestMessage("folder:2", kNoon2023 + 99'000'000, "a new beach", "Eve")};
  library_.Import(more);
  uint64_t read = 0;
  ASSERT_TRUE(index_->Update([&](uint64_t done, uint64_t) { read = done; }));
  EXPECT_EQ(read, 2u) << "only the document of folder:2";
  EXPECT_THAT(Find({.text = "beach"}), SizeIs(4));
  EXPECT_THAT(Find({.text = "黒猫"}), ElementsAre("beaches, 黒猫")) << "once, not twice";
  EXPECT_THAT(Find({}), SizeIs(9));
}

TEST_F(IndexTest, IsRebuiltWhenItIsDamagedOrOld) {
  Update();
  const fs::path path = library_->folder() / "index.sqlite";
  ASSERT_TRUE(WriteFileAtomically(path, std::string(8192, 'x')));
  EXPECT_FALSE(index_->Search({.text = "beach"}));
  Update();
  EXPECT_THAT(Find({.text = "beach"}), SizeIs(3));
  fs::remove(path);
  Update();
  EXPECT_THAT(Find({.text = "beach"}), SizeIs(3));
  ASSERT_TRUE(index_->Rebuild({}));
  EXPECT_THAT(Find({.text = "beach"}), SizeIs(3));
  EXPECT_EQ(fs::status(path).permissions() & fs::perms::all, fs::perms(0600));
}

}  // namespace
}  // namespace valise::library
