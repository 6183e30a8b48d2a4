// Marks of what a newer archive no longer has: in bundles, when imports are read again, and beside
// what is forgotten (docs/formats/merging.md).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "library/absence_testing.h"
#include "library/commit.h"
#include "library/erase.h"

namespace valise::library {
namespace {

using account::Kind;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// A bundle of this library: its records with their keys, its media, and its imports.
ImportReport ImportBundle(TestLibrary& to, TestLibrary& from) {
  TestArchive bundle;
  bundle.date = "2026-06-06T00:00:00Z";
  bundle.keeps_keys = true;
  const Head head = from.CurrentHead();
  for (const DocumentRow& row : head.documents) {
    auto records = from->ReadRecords(row);
    EXPECT_TRUE(records.has_value());
    bundle.data["data/records/" + row.name + ".json"] = *std::move(records);
  }
  return ImportSpoilt(to, bundle, [&](ImportRun& run) {
    for (const ImportEntry& entry : head.imports) {
      EXPECT_TRUE(run.AddEarlierImport(entry.info, {}, {}));
    }
  });
}

TEST(Absence, ABundleCarriesMarksAndSpans) {
  std::vector<account::Record> before = Talk({1, 2, 3});
  std::ranges::move(Posts({1, 2, 3}), std::back_inserter(before));
  std::vector<account::Record> after = Talk({1, 3});
  std::ranges::move(Posts({1, 3}), std::back_inserter(after));
  TestLibrary from;
  from.Import(Archive(k2022, before));
  from.Import(Archive(k2023, after));
  TestLibrary to;
  ImportBundle(to, from);
  EXPECT_EQ(to.Records<account::Post>(), from.Records<account::Post>());
  EXPECT_EQ(to.Records<account::Message>(), from.Records<account::Message>());
  const Head head = to.CurrentHead();
  const Head original = from.CurrentHead();
  ASSERT_THAT(head.imports, SizeIs(2));
  for (size_t i = 0; i < 2; ++i) EXPECT_EQ(head.imports[i].info, original.imports[i].info);
  ImportBundle(to, from);
  EXPECT_EQ(to.CurrentHead(), head) << "again: nothing";
}

// The conversation has another key where the bundle goes.
TEST(Absence, SpansOfABundleNameConversationsAsTheyAreHere) {
  TestLibrary from;
  std::vector<account::Record> talk = Talk({1, 3});
  std::get<account::Conversation>(talk[0]).evidence = {"thread:x", "folder:1"};
  from.Import(Archive(k2023, talk));
  TestLibrary to;
  to.Import(Archive(k2022, Talk({1, 2, 3})));
  const ImportReport report = ImportBundle(to, from);
  EXPECT_THAT(Marked<account::Message>(to), ElementsAre("day 2 2023"));
  EXPECT_EQ(AbsentIn(report, Kind::kMessage), 1u);
  EXPECT_THAT(to.Records<account::Conversation>(), SizeIs(1));
}

// Takes the spans out of the head, as of a library made before they were noted.
void ForgetSpans(TestLibrary& library) {
  const auto current = library->Current();
  Head head = (*current)->head;
  for (ImportEntry& entry : head.imports) entry.info.spans.clear();
  head.parent = (*current)->digest;
  EXPECT_TRUE(CommitHead(*library, (*current)->digest, head));
}

ImportReport ReadAgain(TestLibrary& library, std::string_view id,
                       const std::vector<account::Record>& records) {
  auto run = ImportRun::Again(*library, id, {});
  EXPECT_TRUE(run.has_value());
  {
    const auto sink = (*run)->NewSink(0, {});
    uint32_t index = 0;
    for (account::Record record : records) {
      account::CommonOf(record).provenance = {{.import = {}, .file = 0, .index = index++}};
      EXPECT_TRUE(sink->Put(std::move(record)));
    }
  }
  const auto report = (*run)->Commit(library.clock(), {});
  EXPECT_TRUE(report.has_value());
  return *report;
}

TEST(Absence, ReadingAgainGivesSpansToOlderImports) {
  const auto before = Talk({1, 2, 3});
  const auto after = Talk({1, 3});
  TestLibrary library;
  const std::string first = library.Import(Archive(k2022, before)).import_id;
  const std::string second = library.Import(Archive(k2023, after)).import_id;
  const Head right = library.CurrentHead();
  ForgetSpans(library);
  ReadAgain(library, first, before);
  EXPECT_THAT(Marked<account::Message>(library), IsEmpty()) << "nobody knows of a newer list";
  const ImportReport report = ReadAgain(library, second, after);
  EXPECT_EQ(AbsentIn(report, Kind::kMessage), 1u);
  const Head head = library.CurrentHead();
  EXPECT_EQ(head.documents, right.documents);
  EXPECT_EQ(head.imports, right.imports);
  ReadAgain(library, second, after);
  EXPECT_EQ(library.CurrentHead(), head);
}

TEST(Absence, AReaderThatUnderstandsLessTakesTheListOut) {
  const auto after = Posts({1, 3});
  TestLibrary library;
  library.Import(Archive(k2022, Posts({1, 2, 3})));
  const std::string second = library.Import(Archive(k2023, after)).import_id;
  EXPECT_THAT(Marked<account::Post>(library), SizeIs(1));
  auto run = ImportRun::Again(*library, second, {});
  ASSERT_TRUE(run.has_value());
  EXPECT_TRUE((*run)->NewSink(0, {})->Put(PostOf(1)));
  (*run)->SetPartial(0);
  ASSERT_TRUE((*run)->Commit(library.clock(), {}));
  EXPECT_THAT(Marked<account::Post>(library), IsEmpty());
}

TEST(Absence, ForgettingKeepsTheCountOfMarks) {
  TestLibrary library;
  library.Import(Archive(k2022, Posts({1, 2, 3, 4})));
  library.Import(Archive(k2023, Posts({1, 4})));
  EXPECT_EQ(library.CurrentHead().documents[0].absent, 2u);
  ToForget what;
  what.records = {*library.Records<account::Post>()[1].key};
  ASSERT_TRUE(Erase(*library, what, library.clock()));
  EXPECT_EQ(library.CurrentHead().documents[0].absent, 1u);
  EXPECT_THAT(Marked<account::Post>(library), ElementsAre("month 3 2023"));
}

TEST(Absence, AForgottenConversationHasNoSpans) {
  std::vector<account::Record> told = Talk({1, 2, 3});
  std::ranges::move(Posts({1, 2}), std::back_inserter(told));
  TestLibrary library;
  library.Import(Archive(k2022, told));
  EXPECT_THAT(library.CurrentHead().imports[0].info.spans, SizeIs(2));
  ToForget what;
  what.conversations = {*library.Records<account::Conversation>()[0].key};
  ASSERT_TRUE(Erase(*library, what, library.clock()));
  const auto spans = library.CurrentHead().imports[0].info.spans;
  ASSERT_THAT(spans, SizeIs(1));
  EXPECT_EQ(spans[0].kind, Kind::kPost);
  library.Import(Archive(k2023, told));
  EXPECT_THAT(library.CurrentHead().imports[1].info.spans, SizeIs(1)) << "it stays away";
}

}  // namespace
}  // namespace valise::library
