#include "library/tombstones.h"

#include <gtest/gtest.h>

#include "account/record_samples.h"
#include "blob/memory_blob_store.h"
#include "library/testing.h"

namespace valise::library {
namespace {

using account::Kind;
using By = Tombstone::By;

constexpr std::string_view kAccount = "00000000000000aa";

account::Post PostWithKey(std::string evidence, std::string text) {
  account::Post post = TestPost(std::move(evidence), "2024-07-07T20:35:31Z", std::move(text));
  post.key = Key::Of(post.text);
  return post;
}

TEST(Tombstones, AreFoundAgainAsTheyWereWritten) {
  Tombstones tombstones(kAccount);
  account::SampleMaker samples(7, 0.7);
  for (size_t kind = 1; kind < account::kKindCount; ++kind) {
    account::Record record = samples.Make(static_cast<Kind>(kind));
    account::CommonOf(record).key = Key::Of("record " + std::to_string(kind));
    Tombstone tombstone = tombstones.Of(record, kind % 2 == 0 ? By::kOwner : By::kService);
    tombstones.Add(std::move(tombstone));
  }
  tombstones.Add(tombstones.OfMedium(Sha256("a"), true));
  Tombstone conversation = tombstones.OfKey(Kind::kConversation, Key::Of("talk"), By::kOwner);
  conversation.messages = {Key::Of("one"), Key::Of("two")};
  tombstones.Add(conversation);
  std::string list = "[";
  for (const Tombstone& one : tombstones.all()) {
    list += (list.size() > 1 ? "," : "") + ToJson(one);
  }
  EXPECT_EQ(ParseTombstones(list + "]").value(), tombstones.all());
}

TEST(Tombstones, RefuseWhatTheyDoNotKnow) {
  for (const char* list :
       {"{}", "[1]", "[{\"kind\":\"photo\"}]", "[{\"by\":\"x\"}]", "[{\"names\":[1]}]",
        "[{\"names\":[\"zz\"]}]", "[{\"slot\":\"1\"}]", "[{\"more\":true}]", "["}) {
    EXPECT_EQ(ParseTombstones(list).error().code, ErrorCode::kCorrupt) << list;
  }
}

TEST(Tombstones, TellNothing) {
  Tombstones tombstones(kAccount);
  const account::Post post = PostWithKey("media:18042222816930131", "a secret day");
  const std::string json = ToJson(tombstones.Of(post, By::kOwner));
  EXPECT_FALSE(json.contains("18042222816930131"));
  EXPECT_FALSE(json.contains(post.key->Hex()));
  EXPECT_FALSE(json.contains("secret"));
  EXPECT_FALSE(json.contains("2024"));
  const Tombstones others("00000000000000bb");
  EXPECT_NE(ToJson(others.Of(post, By::kOwner)), json) << "two accounts cannot be compared";
}

TEST(Tombstones, FindByKeyEvidenceOrSlotAndFingerprint) {
  Tombstones tombstones(kAccount);
  tombstones.Add(tombstones.Of(PostWithKey("media:1", "one"), By::kOwner));
  tombstones.Add(tombstones.Of(PostWithKey("", "two"), By::kOwner));
  account::Post by_key = TestPost("", "2001-01-01T00:00:00Z", "");
  by_key.key = Key::Of("one");
  EXPECT_NE(tombstones.Find(by_key), nullptr);
  EXPECT_NE(tombstones.Find(TestPost("media:1", "2001-01-01T00:00:00Z", "")), nullptr);
  EXPECT_NE(tombstones.Find(TestPost("", "2024-07-07T20:35:31Z", "two")), nullptr);
  EXPECT_NE(tombstones.Find(TestPost("media:9", "2024-07-07T20:35:31Z", "two")), nullptr)
      << "evidence that came later";
  EXPECT_EQ(tombstones.Find(TestPost("media:9", "2024-07-07T20:35:31Z", "one")), nullptr)
      << "two records with evidence of which none is shared are two";
  EXPECT_EQ(tombstones.Find(TestPost("", "2024-07-07T20:35:31Z", "three")), nullptr);
  account::Story story;
  story.evidence = {"media:1"};
  EXPECT_EQ(tombstones.Find(story), nullptr) << "another kind";
}

TEST(Tombstones, MessagesGoWithTheirConversation) {
  Tombstones tombstones(kAccount);
  const Key key = Key::Of("talk");
  tombstones.Add(tombstones.OfKey(Kind::kConversation, key, By::kOwner));
  EXPECT_NE(tombstones.Find(TestMessage(key.Hex(), 1, "hello")), nullptr);
  EXPECT_EQ(tombstones.Find(TestMessage(Key::Of("other").Hex(), 1, "hello")), nullptr);
}

TEST(Tombstones, AServiceLiftsItsOwnAndNeverTheOwners) {
  Tombstones tombstones(kAccount);
  const account::Post post = PostWithKey("id:1", "one");
  tombstones.Add(tombstones.OfEvidence(Kind::kPost, "id:1", By::kService));
  ASSERT_NE(tombstones.Find(post), nullptr);
  EXPECT_TRUE(tombstones.Lift(post));
  EXPECT_EQ(tombstones.Find(post), nullptr);
  EXPECT_FALSE(tombstones.Lift(post));
  tombstones.Add(tombstones.OfEvidence(Kind::kPost, "id:1", By::kService));
  tombstones.Add(tombstones.Of(post, By::kOwner));
  EXPECT_EQ(tombstones.all().size(), 1u);
  EXPECT_FALSE(tombstones.Lift(post));
  EXPECT_NE(tombstones.Find(post), nullptr);
}

TEST(Tombstones, MediaAreForgottenForEverOrUnlessShown) {
  using Medium = Tombstones::Medium;
  Tombstones tombstones(kAccount);
  tombstones.Add(tombstones.OfMedium(Sha256("ever"), false));
  tombstones.Add(tombstones.OfMedium(Sha256("last"), true));
  EXPECT_EQ(tombstones.Find(Sha256("ever")), Medium::kForgotten);
  EXPECT_EQ(tombstones.Find(Sha256("last")), Medium::kUnlessShown);
  EXPECT_EQ(tombstones.Find(Sha256("other")), Medium::kKnown);
  EXPECT_FALSE(tombstones.LiftMedium(Sha256("ever")));
  EXPECT_TRUE(tombstones.LiftMedium(Sha256("last")));
  EXPECT_EQ(tombstones.Find(Sha256("last")), Medium::kKnown);
  tombstones.Add(tombstones.OfMedium(Sha256("last"), true));
  tombstones.Add(tombstones.OfMedium(Sha256("last"), false));
  EXPECT_EQ(tombstones.Find(Sha256("last")), Medium::kForgotten);
}

TEST(Tombstones, SealTheSameListWhateverTheOrder) {
  blob::MemoryBlobStore blobs;
  Tombstones one(kAccount);
  Tombstones two(kAccount);
  EXPECT_EQ(one.Seal(blobs).value(), std::nullopt);
  const Tombstone a = one.OfMedium(Sha256("a"), true);
  const Tombstone b = one.OfMedium(Sha256("b"), false);
  one.Add(a);
  one.Add(b);
  two.Add(b);
  two.Add(a);
  EXPECT_EQ(one.Seal(blobs).value(), two.Seal(blobs).value());
}

}  // namespace
}  // namespace valise::library
