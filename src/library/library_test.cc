#include "library/library.h"

#include <gtest/gtest.h>

#include "library/keys.h"
#include "library/streams.h"
#include "library/testing.h"

namespace valise::library {
namespace {

TEST(Accounts, AreFoundByIdAndOwner) {
  auto desk = *sql::OpenSqliteInMemory();
  auto accounts = *Accounts::Open(*desk);
  AccountRow row{.id = {},
                 .service = "instagram",
                 .username = "ann",
                 .owner = "u1",
                 .head = {},
                 .created = FromMillis(5)};
  const auto made = accounts->Create(row);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->id.size(), 16u);
  EXPECT_EQ(accounts->Get(made->id)->created, FromMillis(5));
  EXPECT_EQ(accounts->Create(row).error().code, ErrorCode::kAlreadyExists);
  row.owner = "u2";
  ASSERT_TRUE(accounts->Create(row));
  EXPECT_EQ(accounts->List()->size(), 2u);
  EXPECT_EQ(accounts->OfOwner("u1")->size(), 1u);
  EXPECT_EQ(accounts->SetOwner(made->id, "u2").error().code, ErrorCode::kAlreadyExists);
  ASSERT_TRUE(accounts->Rename(made->id, "anna"));
  ASSERT_TRUE(accounts->SetOwner(made->id, "u2"));
  EXPECT_EQ(accounts->OfOwner("u2")->size(), 2u);
  EXPECT_EQ(accounts->Get("0000000000000000").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(accounts->SetOwner("0000000000000000", "x").error().code, ErrorCode::kNotFound);
}

TEST(Accounts, TheHeadIsComparedAndSet) {
  auto desk = *sql::OpenSqliteInMemory();
  auto accounts = *Accounts::Open(*desk);
  const AccountRow row = *accounts->Create(
      {.id = {}, .service = "s", .username = "u", .owner = {}, .head = {}, .created = {}});
  const Digest a = Sha256("a");
  const Digest b = Sha256("b");
  EXPECT_EQ(accounts->SwapHead(row.id, a, b).error().code, ErrorCode::kConflict);
  ASSERT_TRUE(accounts->SwapHead(row.id, std::nullopt, a));
  EXPECT_EQ(accounts->SwapHead(row.id, std::nullopt, b).error().code, ErrorCode::kConflict);
  ASSERT_TRUE(accounts->SwapHead(row.id, a, b));
  EXPECT_EQ(accounts->Get(row.id)->head, b);
  EXPECT_EQ(accounts->SwapHead("0000000000000000", a, b).error().code, ErrorCode::kNotFound);
}

TEST(Library, IsEmptyAtFirst) {
  TestLibrary library;
  EXPECT_FALSE(library->Current()->has_value());
  EXPECT_EQ(library->At(Sha256("x")).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(Library::Open(library.accounts(), library.folder(), "none").error().code,
            ErrorCode::kNotFound);
}

class EditTest : public testing::Test {
 protected:
  EditTest() {
    account::Profile profile;
    profile.username = "ann";
    profile.bio = "old bio";
    archive_.data["profile.json"] = {profile};
    library_.Import(archive_);
  }
  account::Profile Profile() { return library_.Records<account::Profile>().at(0); }
  TestLibrary library_;
  TestArchive archive_;
};

TEST_F(EditTest, AnOwnersChangeMakesANewHead) {
  const Digest before = (*library_->Current())->digest;
  account::Profile edited = Profile();
  edited.bio = "";
  edited.name = "Ann";
  edited.username = "anna";
  ASSERT_TRUE(library_->Replace(edited, library_.clock()));
  EXPECT_EQ(Profile().bio, "");
  EXPECT_EQ(Profile().name, "Ann");
  EXPECT_EQ(library_.CurrentHead().username, "anna");
  EXPECT_EQ(library_.CurrentHead().parent, before);
  EXPECT_EQ(library_->ReadRecords(library_->At(before)->head.documents[0])->size(), 1u);
}

TEST_F(EditTest, OlderArchivesDoNotUndoIt) {
  account::Profile edited = Profile();
  edited.bio = "";
  ASSERT_TRUE(library_->Replace(edited, library_.clock()));
  archive_.date = "2024-06-01T00:00:00Z";
  library_.Import(archive_);
  EXPECT_EQ(Profile().bio, "");
  archive_.date = "2030-01-01T00:00:00Z";  // the clock stands at 2027
  library_.Import(archive_);
  EXPECT_EQ(Profile().bio, "old bio");
}

TEST_F(EditTest, UnknownRecordsAreNotFound) {
  account::Profile other;
  other.key = Key::Of("other");
  EXPECT_EQ(library_->Replace(other, library_.clock()).error().code, ErrorCode::kNotFound);
}

// Keys are for ever: these values may never change (docs/formats/documents.md).
TEST(Keys, AreWhatTheyWere) {
  const auto hex = [](const account::Record& record) { return KeyOf(BasisOf(record)).Hex(); };
  account::Message message =
      TestMessage(ConversationKey("folder:1").Hex(), 1'690'000'000'000, "any");
  EXPECT_EQ(ConversationKey("folder:1").Hex(), Key::Of("1\x1f"
                                                       "conversation\x1f"
                                                       "evidence\x1f"
                                                       "folder:1")
                                                   .Hex());
  EXPECT_EQ(hex(message), Key::Of("1\x1fmessage\x1fslot\x1f" + ConversationKey("folder:1").Hex() +
                                  "\x1f"
                                  "1690000000000\x1f"
                                  "0")
                              .Hex());
  EXPECT_EQ(hex(account::Profile{}), Key::Of("1\x1fprofile").Hex());
  EXPECT_EQ(hex(TestPost("media:9", "2023-01-01T00:00:00Z", "")), Key::Of("1\x1fpost\x1f"
                                                                          "evidence\x1fmedia:9")
                                                                      .Hex());
  account::Post post = TestPost("", "2023-01-01T00:00:01Z", "");
  EXPECT_EQ(hex(post), Key::Of("1\x1fpost\x1fslot\x1f"
                               "1672531201\x1f"
                               "0")
                           .Hex());
  post.media = {TestItem("x.jpg")};
  post.media[0].time = FromMillis(5999);
  EXPECT_EQ(hex(post), Key::Of("1\x1fpost\x1fslot\x1f"
                               "5\x1f"
                               "0")
                           .Hex());
  account::Connection connection;
  connection.relation = "follower";
  connection.username = "Élan";
  EXPECT_EQ(hex(connection), Key::Of("1\x1f"
                                     "connection\x1fuser\x1f"
                                     "follower\x1f"
                                     "elan")
                                 .Hex());
  account::Like like;
  like.list = "posts";
  EXPECT_EQ(hex(like), Key::Of("1\x1flike\x1fslot\x1fposts\x1f-\x1f"
                               "0")
                           .Hex());
  account::Saved saved;
  saved.time = FromMillis(1000);
  EXPECT_EQ(hex(saved), Key::Of("1\x1fsaved\x1fslot\x1f"
                                "1\x1f"
                                "0")
                            .Hex());
}

TEST(Keys, HaveNoSenderNorText) {
  const std::string conversation = ConversationKey("folder:1").Hex();
  EXPECT_EQ(BasisOf(TestMessage(conversation, 1, "a", "Ann")).text,
            BasisOf(TestMessage(conversation, 1, "b", "Bob")).text);
}

TEST(Streams, FoldersAreSafeAndDifferent) {
  EXPECT_EQ(Slug("Ann & Émile / ../etc", "x"), "ann-emile-etc");
  EXPECT_EQ(Slug("黒猫", "conversation"), "conversation");
  EXPECT_EQ(Slug(std::string(100, 'a'), "x").size(), 32u);
  const Folders folders = NameFolders({{"aaaaaa1111110000", "Bob"}, {"aaaaaa2222220000", "bob"}});
  EXPECT_EQ(folders.at("aaaaaa1111110000"), "bob-aaaaaa");
  EXPECT_EQ(folders.at("aaaaaa2222220000"), "bob-aaaaaa222222");
}

TEST(Streams, ADocumentsBucketIsReadFromItsName) {
  DocumentRow row;
  row.kind = account::Kind::kPost;
  row.name = "posts/2024-3";
  EXPECT_EQ(BucketOf(row)->year, 2024);
  row.name = "posts/undated";
  EXPECT_EQ(BucketOf(row)->year, Bucket::kUndated);
  row.name = "posts/many";
  EXPECT_EQ(BucketOf(row).error().code, ErrorCode::kCorrupt);
  row.kind = account::Kind::kConnection;
  row.name = "connections/close_friend-2";
  EXPECT_EQ(BucketOf(row)->group, "close_friend");
  row.kind = account::Kind::kMessage;
  row.name = "messages/x/2021";
  EXPECT_EQ(BucketOf(row).error().code, ErrorCode::kCorrupt) << "without conversation";
}

}  // namespace
}  // namespace valise::library
