#include "library/live.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/crc32.h"
#include "library/commit.h"
#include "library/keys.h"
#include "library/live_journal.h"
#include "library/live_testing.h"

namespace valise::library {
namespace {

TEST_F(LiveTest, WhatIsPutBecomesRecords) {
  EXPECT_TRUE(live_->IsEmpty());
  EXPECT_FALSE(live_->oldest());
  account::Profile profile;
  profile.username = "anna";
  account::Connection friend_of;
  friend_of.relation = "following";
  friend_of.username = "bob";
  Append({Put("me", profile), Put("p1", LivePost("2024-05-01T10:00:00Z", "first"), "v1"),
          Put("m1", TestMessage("c1", 1'714'000'000'123, "hello", "Bob")), Put("f1", friend_of)});
  EXPECT_FALSE(live_->IsEmpty());
  EXPECT_EQ(live_->oldest(), library_.clock().Now());
  ASSERT_TRUE(live_->Sync());
  const Live::Sealed sealed = Seal();
  EXPECT_EQ(sealed.added, 5u) << "and the conversation";
  const Head head = library_.CurrentHead();
  EXPECT_EQ(sealed.head, (*library_->Current())->digest);
  EXPECT_EQ(head.username, "anna");
  EXPECT_EQ(head.service, "instagram");
  EXPECT_EQ(head.counts.records[static_cast<size_t>(Kind::kPost)], 1u);
  const account::Post post = library_.Records<account::Post>().at(0);
  EXPECT_EQ(post.text, "first");
  EXPECT_EQ(post.evidence, std::vector<std::string>{"id:p1"});
  EXPECT_EQ(*post.key, KeyOf(BasisOf(post)));
  const auto mark = LiveMarkOf(account::Record(post));
  ASSERT_TRUE(mark);
  EXPECT_EQ(mark->version, "v1");
  EXPECT_EQ(mark->time, library_.clock().Now());
  const auto conversation = library_.Records<account::Conversation>().at(0);
  EXPECT_EQ(conversation.title, "Bob") << "made from its message";
  EXPECT_EQ(library_.Records<account::Message>().at(0).conversation, conversation.key->Hex());
  EXPECT_FALSE(fs::exists(SegmentPath(Folder(), 1)));
}

TEST_F(LiveTest, WhatIsPutAgainReplacesWholly) {
  account::Post post = LivePost("2024-05-01T10:00:00Z", "first");
  post.place = account::Place{.name = "Paris", .latitude = {}, .longitude = {}};
  Append({Put("p1", post)});
  Seal();
  const Digest before = (*library_->Current())->digest;
  const Key key = *library_.Records<account::Post>().at(0).key;
  library_.clock().Advance(std::chrono::hours(1));
  Append({Put("p1", post)});
  EXPECT_FALSE(Seal().head) << "the same again is nothing new";
  EXPECT_EQ((*library_->Current())->digest, before);
  Append({Put("p1", LivePost("2024-05-01T10:00:00Z", "wrong")),
          Put("p1", LivePost("2024-05-01T10:00:00Z", ""))});
  const Live::Sealed sealed = Seal();
  EXPECT_EQ(sealed.changed, 1u);
  EXPECT_EQ(sealed.added, 0u);
  const auto posts = library_.Records<account::Post>();
  ASSERT_EQ(posts.size(), 1u);
  EXPECT_EQ(posts[0].text, "");
  EXPECT_FALSE(posts[0].place);
  EXPECT_EQ(*posts[0].key, key);
  EXPECT_EQ(posts[0].provenance.size(), 1u);
  Append({Put("p1", LivePost("2024-05-01T10:00:00Z", ""), "7")});
  EXPECT_EQ(Seal().changed, 1u);
  EXPECT_EQ(LiveMarkOf(account::Record(library_.Records<account::Post>()[0]))->version, "7");
}

TEST_F(LiveTest, ARecordMovesWithItsTimeAndRelation) {
  account::Connection connection;
  connection.relation = "request_sent";
  connection.username = "bob";
  Append({Put("p1", LivePost("2023-12-31T23:59:59Z", "a")),
          Put("p2", LivePost("2023-12-30T00:00:00Z", "b")), Put("f1", connection),
          Put("m1", TestMessage("c1", 1'000'000, "x")),
          Put("m2", TestMessage("c1", 2'000'000, "y"))});
  Seal();
  connection.relation = "following";
  Append({Put("p1", LivePost("2024-01-01T00:00:00Z", "a")), Put("f1", connection),
          Put("m1", TestMessage("c1", 3'000'000, "x"))});
  const Live::Sealed sealed = Seal();
  EXPECT_EQ(sealed.added, 0u);
  EXPECT_EQ(sealed.changed, 3u);
  const auto posts = library_.Records<account::Post>();
  ASSERT_EQ(posts.size(), 2u);
  EXPECT_EQ(posts[0].text, "b");
  EXPECT_EQ(posts[1].time, *ParseTime("2024-01-01T00:00:00Z"));
  const auto connections = library_.Records<account::Connection>();
  ASSERT_EQ(connections.size(), 1u);
  EXPECT_EQ(connections[0].relation, "following");
  const auto messages = library_.Records<account::Message>();
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(messages[0].text, "y");
  EXPECT_EQ(messages[1].text, "x");
}

TEST_F(LiveTest, AMediumComesLater) {
  account::Post post = LivePost("2024-05-01T10:00:00Z", "photo");
  post.media = {ItemOf(kJpeg, "IMG_1.jpg")};
  Append({Put("p1", post)});
  Seal();
  account::MediaItem item = library_.Records<account::Post>().at(0).media.at(0);
  EXPECT_FALSE(item.digest);
  EXPECT_EQ(item.path, "sha256/" + Sha256(kJpeg).Hex() + "/IMG_1.jpg");
  EXPECT_EQ(library_.CurrentHead().documents.at(0).missing, 1u);
  EXPECT_TRUE(Media().empty());
  PutBlob(kJpeg);
  ASSERT_TRUE(live_->BlobArrived(Sha256(kJpeg)));
  EXPECT_EQ(Seal().changed, 1u);
  item = library_.Records<account::Post>().at(0).media.at(0);
  EXPECT_EQ(item.digest, Sha256(kJpeg));
  EXPECT_EQ(item.size, kJpeg.size());
  EXPECT_EQ(item.type, "image/jpeg");
  EXPECT_EQ(item.path, "IMG_1.jpg");
  EXPECT_EQ(library_.CurrentHead().documents.at(0).missing, 0u);
  const auto media = Media();
  ASSERT_EQ(media.size(), 1u);
  EXPECT_EQ(media[0].name, "2024/2024-05-01_10.00.00_" + Sha256(kJpeg).Hex().substr(0, 8) + ".jpg");
  EXPECT_EQ(media[0].crc, Crc32(AsBytes(kJpeg)));
  EXPECT_EQ(library_.CurrentHead().counts.photos, 1u);
  ASSERT_TRUE(live_->BlobArrived(Sha256(kJpeg)));
  EXPECT_FALSE(Seal().head);
}

TEST_F(LiveTest, AMediumThatIsHereIsShownAtOnce) {
  PutBlob(kJpeg);
  account::Message message = TestMessage("c1", 1'714'000'000'123, "look");
  message.media = {ItemOf(kJpeg)};
  Append({Put("m1", message)});
  Seal();
  EXPECT_EQ(library_.Records<account::Message>().at(0).media.at(0).type, "image/jpeg");
  EXPECT_EQ(Media().at(0).used_by, std::vector<Kind>{Kind::kMessage});
}

TEST_F(LiveTest, AMediumThatNobodyShowsAnyMoreLeavesTheLists) {
  constexpr std::string_view kOther("\xFF\xD8\xFF\xE0 another", 11);
  PutBlob(kJpeg);
  PutBlob(kOther);
  account::Post post = LivePost("2024-05-01T10:00:00Z", "a");
  post.media = {ItemOf(kJpeg), ItemOf(kOther)};
  account::Story story;
  story.time = *ParseTime("2024-05-02T10:00:00Z");
  story.media = ItemOf(kOther);
  Append({Put("p1", post), Put("s1", story)});
  Seal();
  EXPECT_EQ(Media().size(), 2u);
  post.media.clear();
  Append({Put("p1", post)});
  Seal();
  const auto media = Media();
  ASSERT_EQ(media.size(), 1u);
  EXPECT_EQ(media[0].digest, Sha256(kOther));
  EXPECT_EQ(media[0].used_by, std::vector<Kind>{Kind::kStory});
  EXPECT_EQ(library_.CurrentHead().counts.media, 1u);
  EXPECT_TRUE((*library_->blobs().Stat(Sha256(kJpeg)))) << "swept later";
}

TEST_F(LiveTest, TheSweepLeavesTheMediaOfWhatWaits) {
  PutBlob(kJpeg);
  PutBlob("nobody's");
  account::Post post = LivePost("2024-05-01T10:00:00Z", "a");
  post.media = {ItemOf(kJpeg)};
  Append({Put("p1", post)});
  // The clock of tests is years ahead: however long a seal has to wait, nothing is lost.
  ASSERT_TRUE(Sweep(*library_, {}, {}, library_.clock()));
  EXPECT_TRUE(*library_->blobs().Stat(Sha256(kJpeg)));
  EXPECT_FALSE(*library_->blobs().Stat(Sha256("nobody's")));
  Seal();
  EXPECT_EQ(Media().at(0).digest, Sha256(kJpeg));
}

TEST_F(LiveTest, MeetsWhatArchivesBrought) {
  TestArchive archive;
  archive.data["posts.json"] = {TestPost("media:7", "2024-05-01T10:00:00Z", "Hello"),
                                TestPost("", "2024-05-02T10:00:00Z", "Same text")};
  archive.data["m.json"] = {TestConversation("folder:9", "Bob"), TestMessage("folder:9", 1000, "a"),
                            TestMessage("folder:9", 2000, "b"), TestMessage("folder:9", 3000, "c")};
  library_.Import(archive);
  const auto before = library_.Records<account::Post>();
  Append({Put("p2", LivePost("2024-05-02T10:00:00Z", "Same text")),
          Put("c1", TestConversation("", "Bobby")), Put("m1", TestMessage("c1", 1000, "a")),
          Put("m2", TestMessage("c1", 2000, "b")), Put("m3", TestMessage("c1", 3000, "c")),
          Put("m4", TestMessage("c1", 4000, "d"))});
  const Live::Sealed sealed = Seal();
  EXPECT_EQ(sealed.added, 1u);
  const auto posts = library_.Records<account::Post>();
  ASSERT_EQ(posts.size(), 2u);
  EXPECT_EQ(posts[1].key, before[1].key);
  EXPECT_EQ(posts[1].evidence, std::vector<std::string>{"id:p2"});
  EXPECT_EQ(posts[1].provenance.size(), 2u) << "the archive's stays";
  const auto conversations = library_.Records<account::Conversation>();
  ASSERT_EQ(conversations.size(), 1u) << "bridged by its messages";
  EXPECT_EQ(conversations[0].title, "Bobby");
  EXPECT_EQ(library_.Records<account::Message>().size(), 4u);
  // The same archive with a later date changes nothing that the service said.
  archive.date = "2025-01-01T00:00:00Z";
  library_.Import(archive);
  EXPECT_EQ(library_.Records<account::Post>().size(), 2u);
  EXPECT_EQ(library_.Records<account::Message>().size(), 4u);
  EXPECT_EQ(library_.Records<account::Conversation>().at(0).title, "Bobby");
}

TEST_F(LiveTest, TravelsInABundleAsItIs) {
  account::Post post = LivePost("2024-05-01T10:00:00Z", "photo");
  post.media = {ItemOf(kJpeg, "a.jpg")};
  Append({Put("p1", post, "3"), Put("m1", TestMessage("c1", 1000, "a")),
          Put("m2", TestMessage("c1", 2000, "b"), "x y")});
  Seal();
  TestArchive bundle{.data = {}, .media = {}, .keeps_keys = true};
  for (const DocumentRow& row : library_.CurrentHead().documents) {
    bundle.data[row.name + ".json"] = *library_->ReadRecords(row);
  }
  TestLibrary other;
  other.Import(bundle);
  EXPECT_EQ(other.CurrentHead().documents, library_.CurrentHead().documents);
  // And there the blob may come, and the service goes on.
  const auto live = *Live::Open(other->folder(), other.clock());
  ASSERT_TRUE(other->blobs().Put(Sha256(kJpeg), blob::Encoding::kIdentity, AsBytes(kJpeg)));
  ASSERT_TRUE(live->BlobArrived(Sha256(kJpeg)));
  const std::vector<Change> again{Put("m2", TestMessage("c1", 2000, "b!"))};
  ASSERT_TRUE(live->Append(again));
  EXPECT_EQ(live->Seal(*other)->changed, 2u);
  EXPECT_EQ(other.Records<account::Message>().at(1).text, "b!");
  EXPECT_TRUE(other.Records<account::Post>().at(0).media.at(0).digest);
}

TEST_F(LiveTest, ARestartGoesOnBehindATornTail) {
  Append({Put("p1", LivePost("2024-05-01T10:00:00Z", "kept"))});
  Append({Put("p2", LivePost("2024-05-02T10:00:00Z", "torn"))});
  const fs::path segment = SegmentPath(Folder(), 1);
  fs::resize_file(segment, fs::file_size(segment) - 3);
  Open();
  EXPECT_FALSE(live_->IsEmpty());
  Append({Put("p3", LivePost("2024-05-03T10:00:00Z", "after"))});
  EXPECT_TRUE(fs::exists(SegmentPath(Folder(), 2)));
  Seal();
  const auto posts = library_.Records<account::Post>();
  ASSERT_EQ(posts.size(), 2u);
  EXPECT_EQ(posts[0].text, "kept");
  EXPECT_EQ(posts[1].text, "after");
}

TEST_F(LiveTest, DamageEndsASegmentAndNonsenseIsNone) {
  Append({Put("p1", LivePost("2024-05-01T10:00:00Z", "a")),
          Put("p2", LivePost("2024-05-02T10:00:00Z", "b"))});
  std::string bytes = *ReadFile(SegmentPath(Folder(), 1));
  bytes[bytes.size() - 10] ^= 1;
  ASSERT_TRUE(WriteFileAtomically(SegmentPath(Folder(), 1), bytes));
  ASSERT_TRUE(WriteFileAtomically(SegmentPath(Folder(), 2), "no journal at all, but long enough"));
  ASSERT_TRUE(WriteFileAtomically(SegmentPath(Folder(), 3), ""));
  ASSERT_TRUE(WriteFileAtomically(Folder() / "notes.txt", ""));
  Open();
  EXPECT_EQ(Seal().added, 1u);
}

TEST_F(LiveTest, SealedTwiceIsSealedOnce) {
  PutBlob(kJpeg);
  account::Post post = LivePost("2024-05-01T10:00:00Z", "a");
  post.media = {ItemOf(kJpeg)};
  Append({Put("p1", post), Put("m1", TestMessage("c1", 1000, "a"))});
  const fs::path copy = library_.folder() / "copy";
  fs::copy(Folder(), copy);
  Seal();
  const Digest head = (*library_->Current())->digest;
  fs::copy(copy, Folder());
  Open();
  EXPECT_FALSE(Seal().head);
  EXPECT_EQ((*library_->Current())->digest, head);
}

TEST_F(LiveTest, WaitsForAnotherChangeAndIsWaitedFor) {
  Append({Put("p1", LivePost("2024-05-01T10:00:00Z", "a"))});
  auto lock = std::optional(*LockLibrary(*library_));
  EXPECT_EQ(live_->Seal(*library_).error().code, ErrorCode::kConflict);
  EXPECT_FALSE(live_->IsEmpty());
  {
    const std::jthread other([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      lock.reset();
    });
    EXPECT_TRUE(live_->Seal(*library_, {.on_erase = {}, .wait = std::chrono::seconds(20)}));
  }
  auto seal = std::optional(*LockForSeal(*library_, {}));
  const std::jthread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    seal.reset();
  });
  EXPECT_TRUE(LockLibrary(*library_)) << "a seal is waited for";
}

TEST_F(LiveTest, RefusesWhatIsNoChange) {
  const auto code = [&](const Change& change) {
    const Status appended = live_->Append(std::span(&change, 1));
    return appended ? ErrorCode::kCancelled : appended.error().code;
  };
  EXPECT_EQ(code(Put("", LivePost("2024-05-01T10:00:00Z", "a"))), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code({.kind = Kind::kPost, .id = "p1", .record = {}, .version = {}}),
            ErrorCode::kInvalidArgument);
  Change other = Put("p1", LivePost("2024-05-01T10:00:00Z", "a"));
  other.kind = Kind::kStory;
  EXPECT_EQ(code(other), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(Put("m1", TestMessage("", 1, "a"))), ErrorCode::kInvalidArgument);
  EXPECT_EQ(code({.what = Change::What::kDelete,
                  .kind = Kind::kProfile,
                  .id = "me",
                  .record = {},
                  .version = {}}),
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(code(Put("p1", LivePost("2024-05-01T10:00:00Z", std::string(kMaxLiveRecord, 'a')))),
            ErrorCode::kLimitExceeded);
  EXPECT_TRUE(live_->IsEmpty());
}

TEST_F(LiveTest, ManyJournalsAreSyncedAtOnce) {
  std::vector<std::unique_ptr<Live>> lives;
  std::vector<Live*> all;
  for (int i = 0; i < 5; ++i) {
    const fs::path folder = library_.folder() / ("a" + std::to_string(i));
    ASSERT_TRUE(MakeFolders(folder));
    lives.push_back(*Live::Open(folder, library_.clock()));
    all.push_back(lives.back().get());
    const std::vector<Change> changes{Put("p1", LivePost("2024-05-01T10:00:00Z", "a"))};
    ASSERT_TRUE(lives.back()->Append(changes));
  }
  EXPECT_TRUE(Live::SyncAll(all));
  EXPECT_TRUE(Live::SyncAll(all));
}

TEST(Lives, KnowsWhoWaits) {
  const TemporaryFolder data;
  const ManualClock clock(FromSeconds(1));
  ASSERT_TRUE(MakeFolders(data.path() / "accounts" / "00000000000000aa"));
  ASSERT_TRUE(MakeFolders(data.path() / "accounts" / "00000000000000bb"));
  Lives lives(data.path(), clock);
  EXPECT_TRUE(lives.Waiting()->empty());
  const auto live = *lives.Get("00000000000000bb");
  EXPECT_EQ(live, *lives.Get("00000000000000bb"));
  ASSERT_TRUE(live->BlobArrived(Sha256("a")));
  EXPECT_EQ(*lives.Waiting(), std::vector<std::string>{"00000000000000bb"});
  lives.Close("00000000000000bb");
  EXPECT_FALSE((*lives.Get("00000000000000bb"))->IsEmpty());
}

}  // namespace
}  // namespace valise::library
