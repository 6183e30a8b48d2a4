// What a newer archive no longer has (docs/formats/merging.md).
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "library/absence_testing.h"

namespace valise::library {
namespace {

using account::Kind;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Absence, MarksWhatLiesInsideTheSpanOfTheList) {
  TestLibrary library;
  library.Import(Archive(k2022, Posts({1, 2, 3, 4, 5})));
  const ImportReport report = library.Import(Archive(k2023, Posts({2, 4})));
  EXPECT_THAT(Marked<account::Post>(library), ElementsAre("month 3 2023"));
  EXPECT_EQ(AbsentIn(report, Kind::kPost), 1u);
  const auto posts = library.Records<account::Post>();
  EXPECT_EQ(posts[2].absent_since, At(k2023));
  const Head head = library.CurrentHead();
  ASSERT_THAT(head.documents, SizeIs(1));
  EXPECT_EQ(head.documents[0].absent, 1u);
  ASSERT_THAT(head.imports, SizeIs(2));
  for (const ImportEntry& entry : head.imports) {
    ASSERT_THAT(entry.info.spans, SizeIs(1));
    EXPECT_EQ(entry.info.spans[0].kind, Kind::kPost);
    EXPECT_EQ(entry.info.spans[0].list, "post");
  }
}

TEST(Absence, TheEndsOfASpanAreInsideIt) {
  TestLibrary library;
  account::Post first = PostOf(2);
  account::Post last = PostOf(4);
  account::Post early = TestPost("media:early", FormatTime(*first.time), "at the first");
  account::Post late = TestPost("media:late", FormatTime(*last.time), "at the last");
  library.Import(Archive(k2022, {early, late}));
  library.Import(Archive(k2023, {first, last}));
  EXPECT_THAT(Marked<account::Post>(library),
              testing::UnorderedElementsAre("at the first 2023", "at the last 2023"));
}

TEST(Absence, AListThatIsNotThereTellsNothing) {
  TestLibrary library;
  library.Import(Archive(k2022, {PostOf(1), PostOf(2, "reel"), PostOf(3)}));
  library.Import(Archive(k2023, {PostOf(1), PostOf(3)}));
  EXPECT_THAT(Marked<account::Post>(library), IsEmpty());
}

TEST(Absence, WhatIsToldAgainLosesTheMark) {
  TestLibrary library;
  library.Import(Archive(k2022, Posts({1, 2, 3})));
  library.Import(Archive(k2023, Posts({1, 3})));
  EXPECT_THAT(Marked<account::Post>(library), SizeIs(1));
  const ImportReport report = library.Import(Archive(k2024, Posts({1, 2, 3})));
  EXPECT_THAT(Marked<account::Post>(library), IsEmpty());
  EXPECT_EQ(AbsentIn(report, Kind::kPost), 0u);
  EXPECT_EQ(library.CurrentHead().documents[0].absent, 0u);
}

TEST(Absence, IsTheSameInWhateverOrder) {
  const std::vector<TestArchive> archives{Archive(k2022, Posts({1, 2, 3, 4})),
                                          Archive(k2023, Posts({1, 3, 4})),
                                          Archive(k2024, Posts({1, 4}))};
  std::vector<size_t> order{0, 1, 2};
  do {
    SCOPED_TRACE(fmt::format("{}", fmt::join(order, ", ")));
    TestLibrary library;
    uint64_t marked = 0;
    for (const size_t i : order) marked += AbsentIn(library.Import(archives[i]), Kind::kPost);
    EXPECT_THAT(Marked<account::Post>(library), ElementsAre("month 2 2023", "month 3 2024"));
    EXPECT_EQ(marked, 2u);
  } while (std::ranges::next_permutation(order).found);
}

TEST(Absence, ASecondImportChangesNothing) {
  TestLibrary library;
  library.Import(Archive(k2022, Posts({1, 2, 3})));
  const ImportReport report = library.Import(Archive(k2023, Posts({1, 3})));
  const ImportReport again = library.Import(Archive(k2023, Posts({1, 3})));
  EXPECT_TRUE(again.already_here);
  EXPECT_EQ(again.head, report.head);
}

TEST(Absence, OfMessagesGoesByConversationBothWays) {
  for (const bool turned : {false, true}) {
    SCOPED_TRACE(turned);
    TestArchive older = Archive(k2022, Talk({1, 2, 3, 9}));
    older.data["b.json"] = {TestConversation("folder:2", "Bob"),
                            TestMessage("folder:2", ToMillis(At("2021-03-02T08:00:00Z")), "hi")};
    const TestArchive newer = Archive(k2023, Talk({1, 3}));
    TestLibrary library;
    library.Import(turned ? newer : older);
    const ImportReport report = library.Import(turned ? older : newer);
    EXPECT_THAT(Marked<account::Message>(library), ElementsAre("day 2 2023"));
    EXPECT_EQ(AbsentIn(report, Kind::kMessage), 1u);
    for (const ImportEntry& entry : library.CurrentHead().imports) {
      for (const account::ListSpan& span : entry.info.spans) EXPECT_THAT(span.list, SizeIs(32));
    }
  }
}

// The newer archive has other years only: no document of the year in between is written by it.
TEST(Absence, DocumentsThatGetNothingAreLookedAtAgain) {
  TestLibrary library;
  const auto in = [](int year) {
    return TestMessage("folder:1", ToMillis(At(fmt::format("{}-05-05T05:05:05Z", year))),
                       fmt::format("year {}", year));
  };
  const account::Conversation talk = TestConversation("folder:1", "Ann");
  library.Import(Archive(k2024, {talk, in(2018), in(2019), in(2020), in(2021)}));
  const auto digest_of = [&](std::string_view year) {
    for (const DocumentRow& row : library.CurrentHead().documents) {
      if (row.name.ends_with(year)) return row.digest;
    }
    return Digest{};
  };
  const Digest first = digest_of("/2018");
  const Digest last = digest_of("/2021");
  // Older, and of the middle: it marks nothing, and is marked itself where the newer one has not.
  library.Import(Archive(k2022, {talk, in(2019), in(2020)}));
  EXPECT_THAT(Marked<account::Message>(library), IsEmpty());
  const ImportReport report =
      library.Import(Archive("2025-01-01T00:00:00Z", {talk, in(2018), in(2020)}));
  EXPECT_THAT(Marked<account::Message>(library), ElementsAre("year 2019 2025"));
  EXPECT_EQ(AbsentIn(report, Kind::kMessage), 1u);
  EXPECT_NE(digest_of("/2018"), first) << "it is told again";
  EXPECT_EQ(digest_of("/2021"), last) << "outside the span";
}

TEST(Absence, OfConnectionsGoesByRelation) {
  const auto connection = [](std::string relation, std::string name, int day) {
    account::Connection one;
    one.relation = std::move(relation);
    one.username = std::move(name);
    one.time = At(fmt::format("2021-03-{:02}T08:00:00Z", day));
    return one;
  };
  TestLibrary library;
  library.Import(
      Archive(k2022, {connection("follower", "ann", 1), connection("follower", "bob", 2),
                      connection("follower", "cat", 3), connection("blocked", "dan", 2)}));
  const ImportReport report = library.Import(
      Archive(k2023, {connection("follower", "ann", 1), connection("follower", "cat", 3)}));
  EXPECT_THAT(Marked<account::Connection>(library), ElementsAre("bob 2023"));
  EXPECT_EQ(AbsentIn(report, Kind::kConnection), 1u);
}

TEST(Absence, WhatHasNoTimeIsNeverMarked) {
  account::Post undated = PostOf(2);
  undated.time.reset();
  TestLibrary library;
  library.Import(Archive(k2022, {undated}));
  library.Import(Archive(k2023, Posts({1, 3})));
  EXPECT_THAT(Marked<account::Post>(library), IsEmpty());
}

TEST(Absence, AFileThatIsNotAllUnderstoodTellsNothing) {
  TestLibrary library;
  library.Import(Archive(k2022, Posts({1, 2, 3})));
  ImportSpoilt(library, Archive(k2023, Posts({1, 3})),
               [](ImportRun& run) { run.SetCounts(0, {.seen = 3, .understood = 2}); });
  EXPECT_THAT(Marked<account::Post>(library), IsEmpty());
}

TEST(Absence, AnIssueOfAFileTakesItsListsOut) {
  TestArchive newer = Archive(k2023, Posts({1, 3}));
  newer.data["content/others.json"] = {PostOf(1, "reel"), PostOf(3, "reel")};
  std::vector<account::Record> before = Posts({1, 2, 3});
  for (const int month : {1, 2, 3}) before.emplace_back(PostOf(month, "reel"));
  const auto report = [](std::string code) {
    return [code](ImportRun& run) {
      run.NewSink(0, {})->Report({.code = code, .path = {}, .message = {}, .count = 1});
    };
  };
  for (const char* code : {"missing_media", "unknown_member"}) {
    TestLibrary library;
    library.Import(Archive(k2022, before));
    ImportSpoilt(library, newer, report(code));
    EXPECT_THAT(Marked<account::Post>(library), SizeIs(2)) << code;
  }
  TestLibrary library;
  library.Import(Archive(k2022, before));
  ImportSpoilt(library, newer, report("damaged_file"));
  ASSERT_THAT(Marked<account::Post>(library), SizeIs(1));
  for (const auto& post : library.Records<account::Post>()) {
    EXPECT_EQ(post.absent_since.has_value(), post.form == "reel" && post.text == "month 2");
  }
}

TEST(Absence, AFileOfWhichNothingCouldBeReadTakesItsFolderOut) {
  for (const bool same_folder : {false, true}) {
    TestArchive newer = Archive(k2023, Posts({1, 3}));
    // It sorts before the other: file 0.
    newer.data[same_folder ? "content/a.json" : "a/a.json"] = {};
    TestLibrary library;
    library.Import(Archive(k2022, Posts({1, 2, 3})));
    ImportSpoilt(library, newer, [](ImportRun& run) {
      run.NewSink(0, {})->Report({.code = "invalid_json", .path = {}, .message = {}, .count = 1});
    });
    EXPECT_THAT(Marked<account::Post>(library), SizeIs(same_folder ? 0 : 1));
  }
}

TEST(Absence, PagesNeitherMarkNorAreMarked) {
  TestArchive pages = Archive(k2023, Posts({1, 3}));
  pages.coarse_times = true;
  TestLibrary library;
  library.Import(Archive(k2022, Posts({1, 2, 3})));
  library.Import(pages);
  EXPECT_THAT(Marked<account::Post>(library), IsEmpty());
  for (const ImportEntry& entry : library.CurrentHead().imports) {
    EXPECT_EQ(entry.info.spans.empty(), entry.info.coarse_times);
  }

  TestArchive old_pages = Archive(k2022, Posts({1, 2, 3}));
  old_pages.coarse_times = true;
  TestLibrary other;
  other.Import(old_pages);
  other.Import(Archive(k2023, Posts({1, 3})));
  EXPECT_THAT(Marked<account::Post>(other), IsEmpty());
}

TEST(Absence, PagesThatTellItLaterTakeTheMarkAway) {
  TestLibrary library;
  library.Import(Archive(k2022, Posts({1, 2, 3})));
  library.Import(Archive(k2023, Posts({1, 3})));
  TestArchive pages = Archive(k2024, Posts({2}));
  pages.coarse_times = true;
  library.Import(pages);
  EXPECT_THAT(Marked<account::Post>(library), IsEmpty());
}

// What the library room's own functions say of provenance that no import of a test can have.
TEST(Absence, OfEditsAndServicesGoesByTheirMoment) {
  Absence absence;
  account::ImportInfo older{.id = "a", .date = At(k2022)};
  account::ImportInfo newer{.id = "b", .date = At(k2023)};
  newer.spans = {{Kind::kPost, "post", At("2020-01-01T00:00:00Z"), At("2020-12-01T00:00:00Z")}};
  absence.Add(older);
  absence.Add(newer);
  const auto since = [&](std::vector<std::string> imports) {
    account::Post post = PostOf(5);
    for (std::string& import : imports) post.provenance.push_back({std::move(import), 0, 0});
    return absence.SinceOf(post);
  };
  EXPECT_EQ(since({"a"}), At(k2023));
  EXPECT_EQ(since({"a", "b"}), std::nullopt);
  EXPECT_EQ(since({"a", EditImport(At(k2024))}), std::nullopt);
  EXPECT_EQ(since({"a", EditImport(At(k2022))}), At(k2023));
  EXPECT_EQ(since({LiveImport(At(k2024), "1")}), std::nullopt);
  EXPECT_EQ(since({LiveImport(At(k2022), "1")}), At(k2023));
  EXPECT_EQ(since({"a", "unknown"}), std::nullopt);
  EXPECT_EQ(since({"a", "edit:whenever"}), std::nullopt);
  EXPECT_EQ(since({}), std::nullopt);
}

TEST(Absence, AnArchiveOfTheSameDateIsNotNewer) {
  TestLibrary library;
  library.Import(Archive(k2023, Posts({1, 2, 3})));
  TestArchive part = Archive(k2023, Posts({1, 3}));
  library.Import(part);
  EXPECT_THAT(Marked<account::Post>(library), IsEmpty());
}

TEST(Absence, AnArchiveWithoutDateMarksNothing) {
  Absence absence;
  account::ImportInfo info{.id = "b", .time = At(k2024)};
  info.spans = {{Kind::kPost, "post", At("2020-01-01T00:00:00Z"), At("2020-12-01T00:00:00Z")}};
  absence.Add({.id = "a", .date = At(k2022)});
  absence.Add(info);
  account::Post post = PostOf(5);
  post.provenance = {{"a", 0, 0}};
  EXPECT_EQ(absence.SinceOf(post), std::nullopt);
}

TEST(Absence, CommentsReceivedStandInNoList) {
  account::Comment comment;
  comment.list = "posts";
  EXPECT_EQ(ListOf(comment), "posts");
  comment.author = "bob";
  EXPECT_EQ(ListOf(comment), std::nullopt);
  EXPECT_EQ(ListOf(account::Profile{}), std::nullopt);
  EXPECT_EQ(ListOf(account::Conversation{}), std::nullopt);
  EXPECT_EQ(ListOf(account::Story{}), "");
}

// What an archive says of marks, or a bundle that is not true, does not stand.
TEST(Absence, AMarkThatComesIsNotBelieved) {
  account::Post post = PostOf(2);
  post.absent_since = At(k2024);
  TestLibrary library;
  library.Import(Archive(k2022, {post}));
  EXPECT_THAT(Marked<account::Post>(library), IsEmpty());
  std::vector<account::Record> talk = Talk({1});
  account::CommonOf(talk[1]).absent_since = At(k2024);
  library.Import(Archive(k2023, talk));
  EXPECT_THAT(Marked<account::Message>(library), IsEmpty());
}

}  // namespace
}  // namespace valise::library
