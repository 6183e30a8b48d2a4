#include "library/import_run.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "library/keys.h"
#include "library/testing.h"

namespace valise::library {
namespace {

using account::Kind;
using testing::ElementsAre;

constexpr int64_t kNoon2023 = 1'690'000'000'000;
constexpr int64_t kYear = 365ll * 24 * 3600 * 1000;

std::vector<std::string> Names(const Head& head) {
  std::vector<std::string> names;
  for (const DocumentRow& row : head.documents) names.push_back(row.name);
  return names;
}

std::vector<std::string> Texts(const std::vector<account::Message>& messages) {
  std::vector<std::string> texts;
  for (const auto& message : messages) texts.push_back(message.text);
  return texts;
}

std::vector<account::Issue> IssuesOf(TestLibrary& library, std::string_view import) {
  std::vector<account::Issue> issues;
  const Head head = library.CurrentHead();
  const auto rows = account::ParseIssueRows(*library->ReadList(*head.issues));
  for (const account::IssueRow& row : *rows) {
    if (row.import == import) issues.push_back(row.issue);
  }
  return issues;
}

TestArchive Everything() {
  TestArchive archive;
  account::Profile profile;
  profile.username = "ann.b";
  profile.bio = "bio";
  profile.pictures = {TestItem("media/me.jpg")};
  account::Post post = TestPost("media:1", "2023-07-07T20:35:31Z", "sunset");
  post.media = {TestItem("media/a.jpg"), TestItem("media/gone.jpg")};
  account::Story story;
  story.time = *ParseTime("2022-01-01T00:00:00Z");
  story.media = TestItem("media/a.jpg");
  account::Comment comment;
  comment.time = *ParseTime("2021-01-01T00:00:00Z");
  comment.list = "posts";
  comment.text = "nice";
  account::Connection follower;
  follower.relation = "follower";
  follower.username = "Bob";
  follower.time = *ParseTime("2020-01-01T00:00:00Z");
  account::Like like;
  like.list = "posts";
  like.link = "https://x/1";
  like.time = *ParseTime("2020-02-01T00:00:00Z");
  account::Saved saved;
  saved.link = "https://x/2";
  account::Activity search;
  search.list = "tag_searches";
  search.text = "sunset";
  search.time = *ParseTime("2020-03-01T00:00:00Z");
  archive.data = {
      {"profile.json", {profile}},
      {"posts.json", {post}},
      {"stories.json", {story}},
      {"comments.json", {comment}},
      {"inbox/bob_1/message_1.json",
       {TestConversation("folder:1", "Bob & Co"), TestMessage("folder:1", kNoon2023, "hi"),
        TestMessage("folder:1", kNoon2023 - kYear, "old")}},
      {"followers.json", {follower}},
      {"likes.json", {like}},
      {"saved.json", {saved}},
      {"searches.json", {search}}};
  archive.media = {{"media/a.jpg", "AAAA"}, {"media/me.jpg", "ME"}, {"media/orphan.jpg", "O"}};
  return archive;
}

TEST(ImportRun, EveryKindHasItsDocuments) {
  TestLibrary library;
  const ImportReport report = library.Import(Everything());
  const Head head = library.CurrentHead();
  const std::string folder = "bob-co-" + ConversationKey("folder:1").Hex().substr(0, 6);
  EXPECT_THAT(
      Names(head),
      ElementsAre("activity/2020", "comments/2021", "connections/follower", "conversations",
                  "likes/2020", "messages/" + folder + "/2022", "messages/" + folder + "/2023",
                  "posts/2023", "profile", "saved/undated", "stories/2022"));
  EXPECT_EQ(head.username, "ann.b");
  EXPECT_EQ(head.counts.records[static_cast<size_t>(Kind::kMessage)], 2u);
  EXPECT_EQ(head.counts.media, 3u);
  EXPECT_EQ(head.counts.photos, 3u);
  EXPECT_EQ(head.counts.photo_bytes, 7u);
  EXPECT_EQ(report.kinds[static_cast<size_t>(Kind::kPost)].missing_media, 1u);
  EXPECT_EQ(report.kinds[static_cast<size_t>(Kind::kMessage)].added, 2u);
  EXPECT_EQ(report.media_added, 3u);
  EXPECT_EQ(report.head, (*library->Current())->digest);
  ASSERT_TRUE(head.issues);
  EXPECT_THAT(*library->ReadList(*head.issues), testing::HasSubstr("missing_media"));
  ASSERT_EQ(head.imports.size(), 1u);
  EXPECT_EQ(head.imports[0].files.rows, 12u);
  EXPECT_EQ(account::ParseOriginalFiles(*library->ReadList(head.imports[0].files))->size(), 12u);
}

TEST(ImportRun, MediaAreNamedByTheFirstRecordThatShowsThem) {
  TestLibrary library;
  library.Import(Everything());
  const auto media = library->ReadMedia(library.CurrentHead());
  ASSERT_TRUE(media);
  std::map<std::string, MediumRow> by_content;
  for (const MediumRow& row : *media) by_content[row.digest.Hex()] = row;
  const std::string a = Sha256("AAAA").Hex();
  EXPECT_EQ(by_content[a].name, "2022/2022-01-01_00.00.00_" + a.substr(0, 8) + ".jpg");
  EXPECT_THAT(by_content[a].used_by, ElementsAre(Kind::kPost, Kind::kStory));
  const std::string orphan = Sha256("O").Hex();
  EXPECT_EQ(by_content[orphan].name, "undated/" + orphan.substr(0, 8) + ".jpg");
  EXPECT_TRUE(by_content[orphan].used_by.empty());
}

TEST(ImportRun, TheSameArchiveAgainIsAlreadyHere) {
  TestLibrary library;
  const ImportReport first = library.Import(Everything());
  const ImportReport second = library.Import(Everything());
  EXPECT_FALSE(first.already_here);
  EXPECT_TRUE(second.already_here);
  EXPECT_EQ(first.head, second.head);
}

TEST(ImportRun, OneAtATime) {
  TestLibrary library;
  auto run = ImportRun::Begin(*library, {"a"});
  ASSERT_TRUE(run);
  EXPECT_EQ(ImportRun::Begin(*library, {"a"}).error().code, ErrorCode::kConflict);
  run->reset();
  EXPECT_TRUE(ImportRun::Begin(*library, {"a"}));
}

TEST(Merging, OverlappingArchivesGiveTheUnionOnce) {
  TestLibrary library;
  TestArchive first;
  TestArchive second{.date = "2025-01-01T00:00:00Z"};
  for (int i = 0; i < 100; ++i) {
    const auto message = TestMessage("folder:1", kNoon2023 + i * 1000, std::to_string(i));
    if (i < 60) first.data["m.json"].push_back(message);
    if (i >= 40) second.data["m.json"].push_back(message);
  }
  library.Import(first);
  const ImportReport report = library.Import(second);
  const KindReport& messages = report.kinds[static_cast<size_t>(Kind::kMessage)];
  EXPECT_EQ(messages.added, 40u);
  EXPECT_EQ(messages.already, 20u);
  EXPECT_EQ(messages.merged, 0u);
  const auto all = library.Records<account::Message>();
  ASSERT_EQ(all.size(), 100u);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(all[static_cast<size_t>(i)].text, std::to_string(i));
  EXPECT_EQ(all[50].provenance.size(), 2u);
  EXPECT_EQ(all[10].provenance.size(), 1u);
}

TEST(Merging, OrderOfImportsDoesNotMatter) {
  TestArchive old = Everything();
  TestArchive recent = Everything();
  recent.date = "2025-01-01T00:00:00Z";
  std::get<account::Post>(recent.data["posts.json"][0]).text = "sunset, edited";
  std::get<account::Profile>(recent.data["profile.json"][0]).bio = "";
  std::get<account::Profile>(recent.data["profile.json"][0]).name = "Ann";
  TestLibrary forwards;
  forwards.Import(old);
  forwards.Import(recent);
  TestLibrary backwards;
  backwards.Import(recent);
  backwards.Import(old);
  EXPECT_EQ(forwards.Records<account::Post>(), backwards.Records<account::Post>());
  EXPECT_EQ(forwards.Records<account::Message>(), backwards.Records<account::Message>());
  EXPECT_EQ(forwards.Records<account::Profile>(), backwards.Records<account::Profile>());
  EXPECT_EQ(forwards.CurrentHead().documents, backwards.CurrentHead().documents);
  EXPECT_EQ(forwards.CurrentHead().media, backwards.CurrentHead().media);
  EXPECT_EQ(forwards.Records<account::Post>()[0].text, "sunset, edited");
  EXPECT_EQ(forwards.Records<account::Profile>()[0].bio, "bio");
  EXPECT_EQ(forwards.Records<account::Profile>()[0].name, "Ann");
}

TEST(Merging, MessagesOfOneMillisecondAreSeveral) {
  TestLibrary library;
  TestArchive first;
  first.data["m.json"] = {TestMessage("folder:1", kNoon2023, "same"),
                          TestMessage("folder:1", kNoon2023, "same"),
                          TestMessage("folder:1", kNoon2023, "other")};
  library.Import(first);
  TestArchive second{.date = "2025-01-01T00:00:00Z"};
  second.data["m.json"] = {
      TestMessage("folder:1", kNoon2023, "other"), TestMessage("folder:1", kNoon2023, "same"),
      TestMessage("folder:1", kNoon2023, "same"), TestMessage("folder:1", kNoon2023, "new")};
  library.Import(second);
  const auto all = library.Records<account::Message>();
  const std::vector<std::string> texts = Texts(all);
  EXPECT_THAT(texts, testing::UnorderedElementsAre("same", "same", "other", "new"));
  std::set<Key> keys;
  for (const auto& message : all) keys.insert(*message.key);
  EXPECT_EQ(keys.size(), 4u);
}

TEST(Merging, ARenamedConversationIsOne) {
  TestLibrary library;
  TestArchive first;
  first.data["m.json"] = {TestConversation("folder:1", "Bob"),
                          TestMessage("folder:1", kNoon2023, "hi")};
  library.Import(first);
  TestArchive second{.date = "2025-01-01T00:00:00Z"};
  second.data["m.json"] = {TestConversation("folder:1", "Robert"),
                           TestMessage("folder:1", kNoon2023 + kYear, "later")};
  library.Import(second);
  const auto conversations = library.Records<account::Conversation>();
  ASSERT_EQ(conversations.size(), 1u);
  EXPECT_EQ(conversations[0].title, "Robert");
  const std::string folder = "messages/robert-" + conversations[0].key->Hex().substr(0, 6);
  EXPECT_THAT(Names(library.CurrentHead()),
              ElementsAre("conversations", folder + "/2023", folder + "/2024"));
}

TEST(Merging, AConversationWithAnotherIdIsBridgedByItsMessages) {
  TestLibrary library;
  TestArchive first;
  TestArchive second{.date = "2025-01-01T00:00:00Z"};
  first.data["m.json"] = {TestConversation("folder:1", "Bob")};
  second.data["m.json"] = {TestConversation("folder:99", "Bobby")};
  for (int i = 0; i < 5; ++i) {
    first.data["m.json"].push_back(TestMessage("folder:1", kNoon2023 + i, fmt::format("t{}", i)));
    second.data["m.json"].push_back(TestMessage("folder:99", kNoon2023 + i, fmt::format("t{}", i)));
  }
  second.data["m.json"].push_back(TestMessage("folder:99", kNoon2023 + 100, "new"));
  library.Import(first);
  library.Import(second);
  const auto conversations = library.Records<account::Conversation>();
  ASSERT_EQ(conversations.size(), 1u);
  EXPECT_THAT(conversations[0].evidence, ElementsAre("folder:1", "folder:99"));
  const auto messages = library.Records<account::Message>();
  ASSERT_EQ(messages.size(), 6u);
  for (const auto& message : messages) {
    EXPECT_EQ(message.conversation, conversations[0].key->Hex());
  }
}

TEST(Merging, AMissingMediumIsFilledInLater) {
  TestLibrary library;
  TestArchive first;
  auto post = TestPost("media:1", "2023-07-07T20:35:31Z", "x");
  post.media = {TestItem("media/a.jpg")};
  first.data["posts.json"] = {post};
  library.Import(first);
  EXPECT_FALSE(library.Records<account::Post>()[0].media[0].digest);
  EXPECT_EQ(library.CurrentHead().documents.at(0).missing, 1u);
  TestArchive older{.date = "2022-01-01T00:00:00Z"};
  older.data["posts.json"] = {post};
  older.media["media/a.jpg"] = "AAAA";
  const ImportReport report = library.Import(older);
  const auto posts = library.Records<account::Post>();
  ASSERT_EQ(posts.size(), 1u);
  EXPECT_EQ(posts[0].media[0].digest, Sha256("AAAA"));
  EXPECT_EQ(posts[0].media[0].type, "image/jpeg");
  EXPECT_EQ(report.kinds[static_cast<size_t>(Kind::kPost)].merged, 1u);
  EXPECT_EQ(library.CurrentHead().documents.at(0).missing, 0u);
}

TEST(MissingMedia, AreCountedByDocumentOfMessagesToo) {
  TestLibrary library;
  TestArchive archive;
  auto lost = TestMessage("folder:1", kNoon2023, "lost");
  lost.media = {TestItem("media/gone.jpg"), TestItem("media/a.jpg"), TestItem("https://x/b.jpg")};
  auto later = TestMessage("folder:1", kNoon2023 + kYear, "all here");
  later.media = {TestItem("media/a.jpg")};
  archive.data["inbox.json"] = {lost, later};
  archive.media["media/a.jpg"] = "AAAA";
  const ImportReport report = library.Import(archive);
  EXPECT_EQ(report.kinds[static_cast<size_t>(Kind::kMessage)].missing_media, 1u);
  const Head head = library.CurrentHead();
  ASSERT_EQ(head.documents.size(), 2u);
  EXPECT_EQ(head.documents[0].missing, 1u);
  EXPECT_EQ(head.documents[1].missing, 0u);
  EXPECT_EQ(ParseHead(ToJson(head)).value(), head);
}

TEST(MissingMedia, AnEditCountsAgain) {
  TestLibrary library;
  TestArchive archive;
  account::Profile profile;
  profile.username = "ann.b";
  profile.pictures = {TestItem("media/gone.jpg")};
  archive.data["profile.json"] = {profile};
  library.Import(archive);
  EXPECT_EQ(library.CurrentHead().documents.at(0).missing, 1u);
  account::Profile edited = library.Records<account::Profile>().at(0);
  edited.bio = "new";
  ASSERT_TRUE(library->Replace(edited, library.clock()));
  EXPECT_EQ(library.CurrentHead().documents.at(0).missing, 1u);
  edited.pictures.clear();
  ASSERT_TRUE(library->Replace(edited, library.clock()));
  EXPECT_EQ(library.CurrentHead().documents.at(0).missing, 0u);
}

TEST(Merging, EvidenceFindsAPostWhoseTimeChanged) {
  TestLibrary library;
  TestArchive first;
  first.data["posts.json"] = {TestPost("media:1", "2023-07-07T20:35:31Z", "x")};
  library.Import(first);
  TestArchive second{.date = "2025-01-01T00:00:00Z"};
  second.data["posts.json"] = {TestPost("media:1", "2024-07-07T20:35:31Z", "y")};
  library.Import(second);
  const auto posts = library.Records<account::Post>();
  ASSERT_EQ(posts.size(), 1u);
  EXPECT_EQ(posts[0].text, "y");
}

TEST(Merging, APostInTwoListsOfOneArchiveIsOne) {
  TestLibrary library;
  TestArchive archive;
  archive.data["posts.json"] = {TestPost("media:1", "2023-07-07T20:35:31Z", "x")};
  archive.data["reels.json"] = {TestPost("media:1", "2024-07-07T20:35:31Z", "x")};
  library.Import(archive);
  EXPECT_EQ(library.Records<account::Post>().size(), 1u);
}

TEST(Merging, ReactionsAreUnitedAndUnsentKeepsItsText) {
  TestLibrary library;
  auto one = TestMessage("folder:1", kNoon2023, "hi");
  one.reactions = {{.actor = "Bob", .reaction = "❤", .time = {}}};
  TestArchive first;
  first.data["m.json"] = {one};
  library.Import(first);
  auto two = TestMessage("folder:1", kNoon2023, "");
  two.reactions = {{.actor = "Eve", .reaction = "👍", .time = {}}};
  two.is_unsent = true;
  TestArchive second{.date = "2025-01-01T00:00:00Z"};
  second.data["m.json"] = {two};
  library.Import(second);
  const auto messages = library.Records<account::Message>();
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].text, "hi");
  EXPECT_TRUE(messages[0].is_unsent);
  EXPECT_EQ(messages[0].reactions.size(), 2u);
}

TEST(Merging, ConnectionsAreKnownByRelationAndFoldedName) {
  TestLibrary library;
  account::Connection bob;
  bob.relation = "follower";
  bob.username = "Bob";
  account::Connection also = bob;
  also.relation = "following";
  TestArchive first;
  first.data["f.json"] = {bob, also};
  library.Import(first);
  bob.username = "BOB";
  bob.time = *ParseTime("2020-01-01T00:00:00Z");
  TestArchive second{.date = "2025-01-01T00:00:00Z"};
  second.data["f.json"] = {bob};
  library.Import(second);
  EXPECT_EQ(library.Records<account::Connection>().size(), 2u);
}

TEST(Merging, OnlyTouchedDocumentsAreSealedAgain) {
  TestLibrary library;
  library.Import(Everything());
  const Head before = library.CurrentHead();
  TestArchive second{.date = "2025-01-01T00:00:00Z"};
  second.data["posts.json"] = {TestPost("media:77", "2024-02-02T00:00:00Z", "new")};
  library.Import(second);
  const Head after = library.CurrentHead();
  EXPECT_EQ(after.documents.size(), before.documents.size() + 1);
  size_t kept = 0;
  for (const DocumentRow& row : after.documents) {
    kept += static_cast<size_t>(std::ranges::count(before.documents, row));
  }
  EXPECT_EQ(kept, before.documents.size());
  EXPECT_EQ(after.media, before.media);
  EXPECT_EQ(after.parent, (*library->At(*after.parent)).digest);
}

TEST(Documents, AreCutAtTwoMebibytesAndNeverInsideAMoment) {
  TestLibrary library;
  TestArchive archive;
  const std::string text(10'000, 'x');
  for (int i = 0; i < 500; ++i) {
    archive.data["m.json"].push_back(
        TestMessage("folder:1", kNoon2023 + (499 - i) / 4, fmt::format("{}{}", i, text)));
  }
  library.Import(archive);
  const Head head = library.CurrentHead();
  ASSERT_EQ(head.documents.size(), 3u);
  EXPECT_TRUE(head.documents[2].name.ends_with("/2023-3"));
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_LE(head.documents[i].size, 2u << 20);
    if (i > 0) {
      EXPECT_GT(*head.documents[i].first, *head.documents[i - 1].last);
    }
  }
  EXPECT_EQ(library.Records<account::Message>().size(), 500u);
  // One more message rewrites one document.
  TestArchive more{.date = "2025-01-01T00:00:00Z"};
  more.data["m.json"] = {TestMessage("folder:1", kNoon2023 + 60, "between")};
  library.Import(more);
  const Head after = library.CurrentHead();
  size_t kept = 0;
  for (const DocumentRow& row : after.documents) {
    kept += static_cast<size_t>(std::ranges::count(head.documents, row, {}));
  }
  EXPECT_EQ(kept, 2u);
  EXPECT_EQ(library.Records<account::Message>().size(), 501u);
}

TEST(KeepsKeys, ABundleIntoAnEmptyLibraryGivesTheSameRecords) {
  TestLibrary first;
  TestArchive archive = Everything();
  first.Import(archive);
  archive.date = "2025-01-01T00:00:00Z";
  first.Import(archive);

  TestArchive bundle{.media = archive.media, .keeps_keys = true};
  const Head head = first.CurrentHead();
  for (const DocumentRow& row : head.documents) {
    bundle.data["records/" + row.name + ".json"] = *first->ReadRecords(row);
  }
  TestLibrary second;
  const auto import = [&] {
    std::optional<ImportReport> already;
    auto run = second.Begin(bundle, &already);
    ASSERT_TRUE(run);
    for (const ImportEntry& entry : head.imports) {
      ASSERT_TRUE((*run)->AddEarlierImport(
          entry.info, *account::ParseOriginalFiles(*first->ReadList(entry.files)),
          IssuesOf(first, entry.info.id)));
    }
    ASSERT_TRUE((*run)->Commit(second.clock(), {}));
  };
  import();
  EXPECT_EQ(second.CurrentHead().documents, head.documents);
  EXPECT_EQ(second.CurrentHead().media, head.media);
  EXPECT_EQ(second.CurrentHead().imports, head.imports);
  ASSERT_TRUE(head.issues.has_value());
  EXPECT_EQ(second.CurrentHead().issues, head.issues);
  const Digest once = (*second->Current())->digest;
  second.clock().Advance(std::chrono::hours(1));
  import();
  EXPECT_EQ((*second->Current())->digest, once);
}

TEST(Resume, AnInterruptedImportGoesOnFromItsJournal) {
  TestLibrary library;
  const std::string bytes = "AAAA";
  const account::OriginalFile file{.path = "a.jpg",
                                   .fate = account::Fate::kMedium,
                                   .digest = Sha256(bytes),
                                   .size = 4,
                                   .crc = 7,
                                   .stored_size = 4,
                                   .type = "image/jpeg"};
  {
    auto run = ImportRun::Begin(*library, {"a.jpg", "b.jpg"});
    ASSERT_TRUE(run);
    EXPECT_FALSE((*run)->Journaled(0, 4, 7));
    ASSERT_TRUE(library->blobs().Put(*file.digest, blob::Encoding::kIdentity, AsBytes(bytes)));
    ASSERT_TRUE((*run)->SetFile(0, file, 7));
  }
  {
    auto run = ImportRun::Begin(*library, {"a.jpg", "b.jpg"});
    ASSERT_TRUE(run);
    EXPECT_EQ((*run)->Journaled(0, 4, 7), file);
    EXPECT_FALSE((*run)->Journaled(0, 4, 8)) << "another modification time";
    EXPECT_FALSE((*run)->Journaled(0, 5, 7)) << "another size";
    EXPECT_FALSE((*run)->Journaled(1, 4, 7));
    ASSERT_TRUE(library->blobs().Delete(*file.digest));
    EXPECT_FALSE((*run)->Journaled(0, 4, 7)) << "the blob is gone";
  }
  auto other = ImportRun::Begin(*library, {"a.jpg", "c.jpg"});
  ASSERT_TRUE(other);
  EXPECT_FALSE((*other)->Journaled(0, 4, 7)) << "another import";
}

TEST(Resume, BeforeCommitTheOldHeadStands) {
  TestLibrary library;
  const ImportReport first = library.Import(Everything());
  TestArchive second{.date = "2025-01-01T00:00:00Z"};
  second.data["m.json"] = {TestMessage("folder:1", kNoon2023 + 5, "new")};
  {
    std::optional<ImportReport> already;
    ASSERT_TRUE(library.Begin(second, &already));
  }
  EXPECT_EQ((*library->Current())->digest, first.head);
  library.Import(second);
  EXPECT_EQ(library.Records<account::Message>().size(), 3u);
}

TEST(Resume, AHeadThatWasSwappedMeanwhileIsAConflict) {
  TestLibrary library;
  std::optional<ImportReport> already;
  auto run = library.Begin(Everything(), &already);
  ASSERT_TRUE(run);
  ASSERT_TRUE(library.accounts().SwapHead("00000000000000aa", std::nullopt, Sha256("x")));
  EXPECT_EQ((*run)->Commit(library.clock(), {}).error().code, ErrorCode::kConflict);
}

TEST(Keys, ReceivedCommentsHaveSlotsOfTheirOwn) {
  account::Comment own;
  own.list = "posts";
  own.time = FromSeconds(1'700'000'000);
  account::Comment received = own;
  received.author = "Bea";
  account::Comment other = own;
  other.author = "carl";
  EXPECT_EQ(BasisOf(own).text,
            "1\x1f"
            "comment\x1f"
            "slot\x1f"
            "posts\x1f"
            "1700000000");
  EXPECT_NE(SlotOf(own), SlotOf(received));
  EXPECT_NE(SlotOf(other), SlotOf(received));
  other.author = "BEA";
  EXPECT_EQ(SlotOf(other), SlotOf(received));
}

}  // namespace
}  // namespace valise::library
