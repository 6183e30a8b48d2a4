// What is perhaps the same is shown and never merged (docs/formats/merging.md).
#include "library/perhaps_same.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "account/import_row.h"
#include "library/erase.h"
#include "library/testing.h"

namespace valise::library {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr std::string_view kWhen = "2019-06-01T10:00:02Z";
constexpr int64_t kMillis = 1'559'383'202'000;
constexpr std::string_view kOld = "2020-01-01T00:00:00Z";
constexpr std::string_view kNew = "2021-01-01T00:00:00Z";

TestArchive Archive(std::string_view date, std::vector<account::Record> records) {
  TestArchive archive;
  archive.date = date;
  archive.data = {{"a.json", {}}, {"list.json", std::move(records)}};
  return archive;
}
TestArchive Pages(std::string_view date, std::vector<account::Record> records) {
  TestArchive archive = Archive(date, std::move(records));
  archive.coarse_times = true;
  return archive;
}

account::Connection Follower(std::string name, std::string_view time = kWhen,
                             std::string relation = "follower") {
  account::Connection connection;
  connection.relation = std::move(relation);
  connection.username = std::move(name);
  if (!time.empty()) connection.time = *ParseTime(time);
  return connection;
}

account::Comment CommentOf(std::string text, std::string_view time = kWhen) {
  account::Comment comment;
  comment.list = "posts";
  comment.text = std::move(text);
  if (!time.empty()) comment.time = *ParseTime(time);
  return comment;
}

std::vector<account::IssueRow> PerhapsSameIn(TestLibrary& library) {
  const Head head = library.CurrentHead();
  if (!head.issues) return {};
  auto rows = account::ParseIssueRows(*library->ReadList(*head.issues));
  std::erase_if(*rows, [](const auto& row) { return row.issue.code != kPerhapsSame; });
  return *rows;
}

template <typename T>
std::string KeyOf(TestLibrary& library, const std::function<bool(const T&)>& is) {
  for (const T& record : library.Records<T>()) {
    if (is(record)) return record.key->Hex();
  }
  ADD_FAILURE() << "no such record";
  return {};
}

// Takes in one and then the other, and expects one pair: an issue of the second import.
template <typename Check>
void ExpectOne(const TestArchive& first, const TestArchive& second, Check check) {
  TestLibrary library;
  const ImportReport before = library.Import(first);
  EXPECT_EQ(before.perhaps_same, 0u);
  EXPECT_THAT(before.issues, IsEmpty());
  const ImportReport report = library.Import(second);
  EXPECT_EQ(report.perhaps_same, 1u);
  ASSERT_THAT(report.issues, SizeIs(1));
  const auto rows = PerhapsSameIn(library);
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].import, report.import_id);
  EXPECT_EQ(rows[0].issue, report.issues[0]);
  EXPECT_EQ(rows[0].issue.path, "list.json");
  EXPECT_EQ(rows[0].issue.count, 1u);
  check(library, rows[0].issue.message);
}

void ExpectNone(const TestArchive& first, const TestArchive& second) {
  TestLibrary library;
  library.Import(first);
  const ImportReport report = library.Import(second);
  EXPECT_EQ(report.perhaps_same, 0u);
  EXPECT_THAT(report.issues, IsEmpty());
  EXPECT_THAT(PerhapsSameIn(library), IsEmpty());
}

TEST(PerhapsSame, ARenamedFollower) {
  for (const bool turned : {false, true}) {
    const TestArchive old = Archive(kOld, {Follower("ann.old"), Follower("bob")});
    const TestArchive young = Archive(kNew, {Follower("ann.new"), Follower("bob")});
    ExpectOne(turned ? young : old, turned ? old : young,
              [](TestLibrary& library, const std::string& message) {
                EXPECT_THAT(library.Records<account::Connection>(), SizeIs(3));
                EXPECT_THAT(message, HasSubstr("Two connections of 2019-06-01T10:00:02Z"));
                for (const char* name : {"ann.old", "ann.new"}) {
                  EXPECT_THAT(message, Not(HasSubstr(name)));
                  EXPECT_THAT(message,
                              HasSubstr(KeyOf<account::Connection>(
                                  library, [&](const auto& r) { return r.username == name; })));
                }
              });
  }
}

TEST(PerhapsSame, NotTwoFollowersOfOneArchive) {
  ExpectNone(Archive(kOld, {Follower("ann")}), Archive(kNew, {Follower("ann"), Follower("bob")}));
}

TEST(PerhapsSame, NotFollowersOfAnotherSecondOrListOrWithoutATime) {
  ExpectNone(Archive(kOld, {Follower("ann")}),
             Archive(kNew, {Follower("bob", "2019-06-01T10:00:03Z")}));
  ExpectNone(Archive(kOld, {Follower("ann")}),
             Archive(kNew, {Follower("bob", kWhen, "following")}));
  ExpectNone(Archive(kOld, {Follower("ann", "")}), Archive(kNew, {Follower("bob", "")}));
}

TEST(PerhapsSame, CommentsOfOneSecondOfWhichTheArchivesHoldDifferentlyMany) {
  ExpectOne(Archive(kOld, {CommentOf("same"), CommentOf("so")}),
            Archive(kNew, {CommentOf("same"), CommentOf("thus"), CommentOf("and thus")}),
            [](TestLibrary& library, const std::string& message) {
              EXPECT_THAT(library.Records<account::Comment>(), SizeIs(4));
              EXPECT_THAT(message, HasSubstr("Two comments of 2019-06-01T10:00:02Z"));
              EXPECT_THAT(message, Not(HasSubstr("thus")));
              EXPECT_THAT(message, HasSubstr(KeyOf<account::Comment>(
                                       library, [](const auto& r) { return r.text == "so"; })));
              EXPECT_THAT(message, HasSubstr(KeyOf<account::Comment>(
                                       library, [](const auto& r) { return r.text == "thus"; })));
            });
}

TEST(PerhapsSame, NotWhatOnlyOneArchiveHas) {
  ExpectNone(Archive(kOld, {CommentOf("same")}),
             Archive(kNew, {CommentOf("same"), CommentOf("thus"), CommentOf("and thus")}));
  ExpectNone(Archive(kOld, {CommentOf("a", "")}),
             Archive(kNew, {CommentOf("b", ""), CommentOf("c", "")}));
}

TEST(PerhapsSame, NotWhatHasEvidenceOfItsOwn) {
  ExpectNone(Archive(kOld, {TestPost("media:1", kWhen, "a")}),
             Archive(kNew, {TestPost("media:2", kWhen, "b"), TestPost("media:3", kWhen, "c")}));
}

TEST(PerhapsSame, APostOfG1BesideTwoOfItsSecond) {
  ExpectOne(Archive(kOld, {TestPost("", kWhen, "a")}),
            Archive(kNew, {TestPost("media:2", kWhen, "b"), TestPost("media:3", kWhen, "c")}),
            [](TestLibrary&, const std::string& message) {
              EXPECT_THAT(message, HasSubstr("Two posts of 2019-06-01T10:00:02Z"));
            });
}

std::vector<account::Record> Talk(std::vector<account::Message> messages) {
  std::vector<account::Record> records{TestConversation("folder:1", "Ann")};
  records.insert(records.end(), messages.begin(), messages.end());
  return records;
}

TEST(PerhapsSame, AMessageOfWhichAPageShowsMore) {
  ExpectOne(Archive(kOld, Talk({TestMessage("folder:1", kMillis, "look")})),
            Pages(kNew, Talk({TestMessage("folder:1", kMillis - 2'000, "look what Bob shared")})),
            [](TestLibrary& library, const std::string& message) {
              EXPECT_THAT(library.Records<account::Message>(), SizeIs(2));
              EXPECT_THAT(message, HasSubstr("Two messages of 2019-06-01T10:00:00Z"));
            });
}

TEST(PerhapsSame, NotMessagesOfOneMinuteByOthersOrBothExact) {
  const TestArchive exact = Archive(kOld, Talk({TestMessage("folder:1", kMillis, "look")}));
  ExpectNone(exact, Pages(kNew, Talk({TestMessage("folder:1", kMillis - 2'000, "no", "Bob")})));
  ExpectNone(exact, Archive(kNew, Talk({TestMessage("folder:1", kMillis - 2'000, "no")})));
}

std::vector<account::Record> LongTalk(const std::string& evidence, int first, int count) {
  std::vector<account::Record> records{TestConversation(evidence, "Ann")};
  for (int i = first; i < first + count; ++i) {
    records.push_back(TestMessage(evidence, kMillis + i * 60'000, fmt::format("text {}", i)));
  }
  return records;
}

TEST(PerhapsSame, ConversationsWithTwoMessagesInCommon) {
  ExpectOne(Archive(kOld, LongTalk("folder:1", 0, 10)), Archive(kNew, LongTalk("folder:2", 8, 10)),
            [](TestLibrary& library, const std::string& message) {
              EXPECT_THAT(message, HasSubstr("Two conversations of 2019-06-01T10:0"));
              for (const char* evidence : {"folder:1", "folder:2"}) {
                EXPECT_THAT(message,
                            HasSubstr(KeyOf<account::Conversation>(library, [&](const auto& r) {
                              return r.evidence.front() == evidence;
                            })));
              }
            });
}

TEST(PerhapsSame, NotConversationsThatAreOneOrHaveNothingInCommon) {
  ExpectNone(Archive(kOld, LongTalk("folder:1", 0, 10)),
             Archive(kNew, LongTalk("folder:2", 7, 10)));
  ExpectNone(Archive(kOld, LongTalk("folder:1", 0, 10)),
             Archive(kNew, LongTalk("folder:2", 10, 10)));
}

// The same person's account again, in an archive that is another import.
TEST(PerhapsSame, IsSaidOnce) {
  TestLibrary library;
  library.Import(Archive(kOld, {Follower("ann.old"), CommentOf("so")}));
  const TestArchive young =
      Archive(kNew, {Follower("ann.new"), CommentOf("thus"), CommentOf("and thus")});
  EXPECT_EQ(library.Import(young).perhaps_same, 2u);
  const auto rows = PerhapsSameIn(library);
  EXPECT_THAT(rows, SizeIs(2));
  EXPECT_TRUE(library.Import(young).already_here);
  TestArchive again = young;
  again.date = "2022-01-01T00:00:00Z";
  const ImportReport report = library.Import(again);
  EXPECT_FALSE(report.already_here);
  EXPECT_EQ(report.perhaps_same, 0u);
  EXPECT_EQ(PerhapsSameIn(library), rows);
}

TEST(PerhapsSame, IsSettledWhenOneIsForgotten) {
  TestLibrary library;
  library.Import(Archive(kOld, {Follower("ann.old"), CommentOf("so")}));
  library.Import(Archive(kNew, {Follower("ann.new"), CommentOf("thus"), CommentOf("and thus")}));
  ASSERT_THAT(PerhapsSameIn(library), SizeIs(2));
  const std::string key =
      KeyOf<account::Connection>(library, [](const auto& r) { return r.username == "ann.old"; });
  ASSERT_TRUE(Erase(*library, {.records = {*Key::Parse(key)}}, library.clock()));
  const auto left = PerhapsSameIn(library);
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_THAT(left[0].issue.message, HasSubstr("comments"));
}

// A conversation's messages go without their keys being noted: they may be millions.
TEST(PerhapsSame, IsSettledWhenTheConversationOfAMessageIsForgotten) {
  for (const bool as_record : {false, true}) {
    TestLibrary library;
    std::vector<account::Record> old = LongTalk("folder:1", 0, 5);
    std::vector<account::Record> young = old;
    old.push_back(TestMessage("folder:1", kMillis - 60'000, "so"));
    young.push_back(TestMessage("folder:1", kMillis - 60'000, "thus"));
    young.push_back(TestMessage("folder:1", kMillis - 60'000, "and thus"));
    old.push_back(Follower("ann.old"));
    young.push_back(Follower("ann.new"));
    library.Import(Archive(kOld, old));
    EXPECT_EQ(library.Import(Archive(kNew, young)).perhaps_same, 2u);
    ASSERT_THAT(PerhapsSameIn(library), SizeIs(2));
    const Key conversation = *library.Records<account::Conversation>().at(0).key;
    ToForget what;
    (as_record ? what.records : what.conversations) = {conversation};
    ASSERT_TRUE(Erase(*library, what, library.clock()));
    EXPECT_THAT(library.Records<account::Message>(), IsEmpty());
    const auto left = PerhapsSameIn(library);
    ASSERT_THAT(left, SizeIs(1));
    EXPECT_THAT(left[0].issue.message, HasSubstr("connections"));
  }
}

TEST(PerhapsSame, IsListedUpToALimitAndCounted) {
  std::vector<account::Record> old, young;
  for (int64_t i = 0; i < 500; ++i) {
    old.push_back(Follower(fmt::format("old{}", i)));
    young.push_back(Follower(fmt::format("new{}", i)));
  }
  TestLibrary library;
  library.Import(Archive(kOld, old));
  const ImportReport report = library.Import(Archive(kNew, young));
  EXPECT_EQ(report.perhaps_same, 500u) << "each is in one pair";
  ASSERT_THAT(report.issues, SizeIs(kMaxPerhapsSame + 1));
  EXPECT_EQ(report.issues.back().count, 500u - kMaxPerhapsSame);
  EXPECT_THAT(PerhapsSameIn(library), SizeIs(kMaxPerhapsSame + 1));
}

// What a bundle brings with its keys is met in the same way; the issue is of the import that it
// carries.
TEST(PerhapsSame, IsFoundInABundleToo) {
  TestLibrary library;
  library.Import(Archive(kOld, {Follower("ann.old")}));
  account::Connection young = Follower("ann.new");
  young.key = Key::Of("any");
  young.provenance = {{"00000000000000bb", 0, 0}};
  TestArchive bundle = Archive(kNew, {young});
  bundle.keeps_keys = true;
  std::optional<ImportReport> already;
  auto run = library.Begin(bundle, &already);
  ASSERT_TRUE(run);
  account::OriginalFile file;
  file.path = "followers.json";
  ASSERT_TRUE((*run)->AddEarlierImport({.id = "00000000000000bb"}, {file}, {}));
  const auto report = (*run)->Commit(library.clock(), {});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->perhaps_same, 1u);
  const auto rows = PerhapsSameIn(library);
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows[0].import, "00000000000000bb");
  EXPECT_EQ(rows[0].issue.path, "followers.json");
}

TEST(PerhapsSamePairs, AreAddedUp) {
  PerhapsSamePairs all;
  for (int part = 0; part < 2; ++part) {
    PerhapsSamePairs some;
    for (size_t i = 0; i < kMaxPerhapsSame - 50; ++i) some.Add({});
    some.count += 7;
    all.Append(some);
  }
  EXPECT_EQ(all.count, 2 * (kMaxPerhapsSame - 50 + 7));
  EXPECT_THAT(all.listed, SizeIs(kMaxPerhapsSame));
}

}  // namespace
}  // namespace valise::library
