// What a service deletes, and what an owner has forgotten.
#include <gtest/gtest.h>

#include "library/erase.h"
#include "library/live_testing.h"

namespace valise::library {
namespace {

TEST_F(LiveTest, WhatIsDeletedGoesAndMayComeBack) {
  PutBlob(kJpeg);
  account::Post post = LivePost("2024-05-01T10:00:00Z", "a");
  post.media = {ItemOf(kJpeg)};
  Append({Put("p1", post), Put("p2", LivePost("2024-05-02T10:00:00Z", "b")),
          Put("m1", TestMessage("c1", 1000, "x")), Put("m2", TestMessage("c1", 2000, "y")),
          Put("m3", TestMessage("c2", 1000, "z"))});
  Seal();
  const Key key = *library_.Records<account::Post>().at(0).key;
  Append({Delete(Kind::kPost, "p1"), Delete(Kind::kMessage, "m1"), Delete(Kind::kLike, "none"),
          Delete(Kind::kConversation, "c2")});
  std::vector<Erased> told;
  const auto sealed = live_->Seal(*library_, {.on_erase =
                                                  [&](const Erased& erased) {
                                                    told.push_back(erased);
                                                    return Status{};
                                                  },
                                              .wait = {}});
  ASSERT_TRUE(sealed) << sealed.error().message;
  EXPECT_EQ(sealed->removed, 4u) << "two records, a conversation, its message";
  ASSERT_EQ(told.size(), 2u) << "before and after";
  EXPECT_TRUE(told[0].keys.contains(key));
  EXPECT_TRUE(told[0].digests.contains(Sha256(kJpeg)));
  const auto posts = library_.Records<account::Post>();
  ASSERT_EQ(posts.size(), 1u);
  EXPECT_EQ(posts[0].text, "b");
  ASSERT_EQ(library_.Records<account::Message>().size(), 1u);
  EXPECT_EQ(library_.Records<account::Conversation>().size(), 1u);
  EXPECT_TRUE(Media().empty());
  EXPECT_TRUE(library_.CurrentHead().tombstones);
  Append({Delete(Kind::kPost, "p1")});
  EXPECT_FALSE(Seal().head) << "deleted again is nothing new";

  Append({Put("p1", post), Put("m3", TestMessage("c2", 1000, "z"))});
  EXPECT_EQ(Seal().added, 3u);
  EXPECT_EQ(library_.Records<account::Post>().size(), 2u);
  EXPECT_EQ(Media().size(), 1u);
  EXPECT_EQ(library_.Records<account::Message>().size(), 2u);
}

TEST_F(LiveTest, TheOrderOfTheStreamDecides) {
  Append({Delete(Kind::kPost, "p1"), Put("p1", LivePost("2024-05-01T10:00:00Z", "after")),
          Put("p2", LivePost("2024-05-02T10:00:00Z", "before")), Delete(Kind::kPost, "p2"),
          Put("m1", TestMessage("c1", 1000, "before")), Delete(Kind::kConversation, "c1"),
          Put("m2", TestMessage("c1", 2000, "after"))});
  Seal();
  ASSERT_EQ(library_.Records<account::Post>().size(), 1u);
  EXPECT_EQ(library_.Records<account::Post>()[0].text, "after");
  ASSERT_EQ(library_.Records<account::Message>().size(), 1u);
  EXPECT_EQ(library_.Records<account::Message>()[0].text, "after");
  Append({Delete(Kind::kConversation, "c1"), Put("c1", TestConversation("", "New")),
          Put("m3", TestMessage("c1", 3000, "newest"))});
  Seal();
  ASSERT_EQ(library_.Records<account::Message>().size(), 1u);
  EXPECT_EQ(library_.Records<account::Message>()[0].text, "newest");
  EXPECT_EQ(library_.Records<account::Conversation>().at(0).title, "New");
}

TEST_F(LiveTest, WhatItsOwnerForgotDoesNotComeBack) {
  Append(
      {Put("p1", LivePost("2024-05-01T10:00:00Z", "a")), Put("m1", TestMessage("c1", 1000, "x"))});
  Seal();
  const ToForget what{.records = {*library_.Records<account::Post>().at(0).key},
                      .media = {Sha256(kJpeg)},
                      .conversations = {*library_.Records<account::Conversation>().at(0).key}};
  ASSERT_TRUE(Erase(*library_, what, library_.clock()));
  PutBlob(kJpeg);
  account::Post other = LivePost("2024-06-01T10:00:00Z", "text stays");
  other.media = {ItemOf(kJpeg)};
  Append({Put("p1", LivePost("2024-05-01T10:00:00Z", "a, edited")),
          Put("m2", TestMessage("c1", 2000, "y")), Put("p2", other)});
  EXPECT_EQ(Seal().refused, 2u);
  const auto posts = library_.Records<account::Post>();
  ASSERT_EQ(posts.size(), 1u);
  EXPECT_EQ(posts[0].text, "text stays");
  EXPECT_TRUE(posts[0].media.empty());
  EXPECT_TRUE(library_.Records<account::Message>().empty());
  EXPECT_TRUE(Media().empty());
}

TEST_F(LiveTest, ADeleteCutsWhatArchivesBrought) {
  TestArchive archive;
  archive.data["posts.json"] = {TestPost("", "2024-05-01T10:00:00Z", "Hello"),
                                TestPost("", "2024-05-02T10:00:00Z", "Other")};
  library_.Import(archive);
  Append({Put("p1", LivePost("2024-05-01T10:00:00Z", "Hello"))});
  EXPECT_EQ(Seal().changed, 1u);
  Append({Delete(Kind::kPost, "p1")});
  EXPECT_EQ(Seal().removed, 1u);
  archive.date = "2025-01-01T00:00:00Z";
  library_.Import(archive);
  ASSERT_EQ(library_.Records<account::Post>().size(), 1u) << "a later archive does not revive it";
  EXPECT_EQ(library_.Records<account::Post>()[0].text, "Other");
}

}  // namespace
}  // namespace valise::library
