#include "imports/read_again.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "imports/test_source.h"
#include "library/doctor.h"
#include "library/erase.h"
#include "library/index.h"

namespace valise::imports {
namespace {

using account::Fate;
using account::Kind;
using testing::ElementsAre;

Status Silent(const Progress&) { return {}; }

// Passes on what an older version of the reader of notes made of them: it garbled texts, and did
// not know lines that begin with "new:".
class OlderSink final : public account::RecordSink {
 public:
  explicit OlderSink(account::RecordSink& to) : to_(to) {}
  Status Put(account::Record record) override {
    if (auto* post = std::get_if<account::Post>(&record)) {
      if (post->text.starts_with("new:")) {
        ++unknown;
        to_.Report({"not_understood", "", "a line of a kind that is not known"});
        return {};
      }
      post->text = "garbled " + post->text;
    }
    return to_.Put(std::move(record));
  }
  void Report(account::Issue issue) override { to_.Report(std::move(issue)); }
  uint64_t unknown = 0;

 private:
  account::RecordSink& to_;
};

class OlderReading final : public services::ArchiveReading {
 public:
  std::string_view generation() const override { return "notes 0"; }
  std::optional<Timestamp> date() const override { return std::nullopt; }
  std::string RelativePath(std::string_view path) const override { return now_.RelativePath(path); }
  services::FileRole RoleOf(std::string_view path) const override {
    if (path == "data/late.txt") return services::FileRole::kOther;
    return now_.RoleOf(path);
  }
  std::string MediaPath(std::string_view path) const override { return now_.MediaPath(path); }
  Result<account::FileCounts> ReadData(services::DataFile& file,
                                       account::RecordSink& sink) const override {
    OlderSink older(sink);
    ASSIGN_OR_RETURN(account::FileCounts counts, now_.ReadData(file, older));
    counts.understood -= older.unknown;
    return counts;
  }

 private:
  const NotesReading now_;
};

class OlderSource final : public services::Source {
 public:
  std::string_view service() const override { return "notes"; }
  int Recognize(const services::Listing&) const override { return 50; }
  Result<std::unique_ptr<services::ArchiveReading>> Begin(const services::Listing&,
                                                          const zip::Archive&) const override {
    return std::make_unique<OlderReading>();
  }
};

const NotesSource kNow;
const OlderSource kOlder;
const services::Source* const kToday[] = {&kNow};
const services::Source* const kThen[] = {&kOlder};

class ReadingAgain : public testing::Test {
 protected:
  ReadingAgain() {
    database_ = *sql::OpenSqliteInMemory();
    accounts_ = *library::Accounts::Open(*database_);
    CHECK(accounts_->Create({.id = kAccount, .service = "notes", .username = "me"}).has_value());
    library_ = *library::Library::Open(*accounts_, folder_.path() / "data", kAccount);
  }

  void Write(const std::string& path, std::string_view content) {
    const fs::path file = folder_.path() / "archive" / path;
    CHECK(MakeFolders(file.parent_path()).has_value());
    CHECK(WriteFileAtomically(file, content).has_value());
  }
  void Import(std::span<const services::Source* const> sources = kToday) {
    const fs::path parts[] = {folder_.path() / "archive"};
    auto opened = OpenedArchive::Open(sources, parts);
    CHECK(opened.has_value());
    const auto report = ImportArchive(*opened, *library_, clock_, Silent);
    ASSERT_TRUE(report) << report.error().message;
    clock_.Advance(std::chrono::hours{1});
  }
  AgainReport Again(std::span<const services::Source* const> sources = kToday) {
    auto report = ReadAgain(sources, *library_, clock_, Silent);
    EXPECT_TRUE(report) << report.error().message;
    return report ? *std::move(report) : AgainReport{};
  }

  Digest HeadDigest() { return *accounts_->Get(kAccount)->head; }
  library::Head CurrentHead() { return (*library_->Current())->head; }
  std::vector<account::Post> Posts() {
    std::vector<account::Post> posts;
    for (const auto& row : CurrentHead().documents) {
      if (row.kind != Kind::kPost) continue;
      const auto records = *library_->ReadRecords(row);
      for (const auto& record : records) {
        posts.push_back(std::get<account::Post>(record));
      }
    }
    return posts;
  }
  std::vector<std::string> Texts() {
    std::vector<std::string> texts;
    for (const account::Post& post : Posts()) texts.push_back(post.text);
    return texts;
  }
  void Damage(const Digest& digest) {
    const fs::path blobs = library_->folder() / "blobs" / digest.Hex().substr(0, 2);
    for (const char* suffix : {"", ".deflate", ".open"}) {
      const fs::path file = blobs / (digest.Hex() + suffix);
      if (fs::exists(file)) std::ofstream(file, std::ios::binary | std::ios::app) << "bit rot";
    }
  }
  // Nothing that does not fit together but the index, which is made afterwards.
  void ExpectHealthy() {
    const auto index = *library::Index::Open(*library_);
    ASSERT_TRUE(index->Update([](uint64_t, uint64_t) {}));
    const auto findings = library::Examine(*library_, {});
    ASSERT_TRUE(findings);
    for (const auto& finding : *findings) {
      ADD_FAILURE() << finding.code << " " << finding.thing << ": " << finding.cause;
    }
  }

  static constexpr const char* kAccount = "00000000000000aa";
  TemporaryFolder folder_;
  ManualClock clock_{FromSeconds(1'700'000'000)};
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<library::Accounts> accounts_;
  std::unique_ptr<library::Library> library_;
};

TEST_F(ReadingAgain, TheSameReaderChangesNothing) {
  Write("data/a.txt", "@me\n100 one media/1.jpg\n100 two\nno time\n200 three media/gone.jpg\n");
  Write("media/1.jpg", "\xFF\xD8\xFF one");
  Write("readme.md", "kept");
  Write("__MACOSX/x", "junk");
  Import();
  Write("data/a.txt", "@me\n100 one media/1.jpg\n300 four\n");
  Import();
  const Digest before = HeadDigest();
  const AgainReport report = Again();
  EXPECT_EQ(HeadDigest(), before);
  ASSERT_EQ(report.imports.size(), 2u);
  for (const ImportAgain& import : report.imports) {
    EXPECT_FALSE(import.changed);
    EXPECT_EQ(import.skipped, "");
    EXPECT_TRUE(std::ranges::none_of(import.files, &FileAgain::changed));
    EXPECT_EQ(import.import.kinds[static_cast<size_t>(Kind::kPost)].added, 0u);
    EXPECT_EQ(import.import.kinds[static_cast<size_t>(Kind::kPost)].merged, 0u);
  }
  EXPECT_EQ(report.records_before, 5u);
  EXPECT_EQ(report.records_lost, 0u);
  ExpectHealthy();
}

TEST_F(ReadingAgain, ABetterReaderBringsWhatItLearnt) {
  Write("data/a.txt", "100 one\n200 new:two\n");
  Write("data/late.txt", "300 three\n400 four\n");
  Import(kThen);
  EXPECT_THAT(Texts(), ElementsAre("garbled one"));
  ASSERT_TRUE(CurrentHead().issues.has_value());
  const AgainReport report = Again();
  EXPECT_THAT(Texts(), ElementsAre("one", "new:two", "three", "four"));
  ASSERT_EQ(report.imports.size(), 1u);
  const ImportAgain& import = report.imports[0];
  EXPECT_TRUE(import.changed);
  EXPECT_EQ(import.info.generation, "notes 0");
  EXPECT_EQ(import.generation, "notes 1");
  ASSERT_EQ(import.files.size(), 2u);
  EXPECT_EQ(import.files[0].before.understood, 1u);
  EXPECT_EQ(import.files[0].now.understood, 2u);
  EXPECT_EQ(import.files[1].fate_before, Fate::kKept);
  EXPECT_EQ(import.files[1].fate, Fate::kParsed);
  const auto& posts = import.import.kinds[static_cast<size_t>(Kind::kPost)];
  EXPECT_EQ(posts.added, 3u);
  EXPECT_EQ(posts.merged, 1u);
  EXPECT_EQ(report.records_lost, 0u);
  EXPECT_EQ(CurrentHead().imports.at(0).info.generation, "notes 1");
  EXPECT_FALSE(CurrentHead().issues.has_value()) << "the issue has been settled";
  ExpectHealthy();
  const Digest now = HeadDigest();
  Again();
  EXPECT_EQ(HeadDigest(), now);
}

TEST_F(ReadingAgain, ANewerArchiveStillGoesBeforeAnOlderOneReadBetter) {
  Write("data/a.txt", "100 one\n");
  Import(kThen);
  Write("data/a.txt", "100 ONE, edited since\n");
  Import(kToday);
  ASSERT_THAT(Texts(), ElementsAre("ONE, edited since"));
  Again();
  EXPECT_THAT(Texts(), ElementsAre("ONE, edited since"));
}

TEST_F(ReadingAgain, WhatItsOwnerChangedStays) {
  Write("data/a.txt", "@me\n100 one\n");
  Import();
  account::Post post = Posts().at(0);
  post.text = "what I meant";
  ASSERT_TRUE(library_->Replace(post, clock_));
  const Digest before = HeadDigest();
  Again();
  EXPECT_THAT(Texts(), ElementsAre("what I meant"));
  EXPECT_EQ(HeadDigest(), before);
}

TEST_F(ReadingAgain, WhatIsForgottenStaysAway) {
  Write("data/a.txt", "100 one media/1.jpg\n200 two media/2.jpg\n300 three\n");
  Write("media/1.jpg", "\xFF\xD8\xFF one");
  Write("media/2.jpg", "\xFF\xD8\xFF two");
  Import();
  library::ToForget what;
  what.media = {Sha256("\xFF\xD8\xFF one")};
  what.records = {*Posts().at(2).key};
  ASSERT_TRUE(library::Erase(*library_, what, clock_));
  const std::vector<account::Post> before = Posts();
  const Digest head = HeadDigest();
  Again();
  EXPECT_EQ(Posts(), before);
  EXPECT_EQ(HeadDigest(), head);
}

TEST_F(ReadingAgain, ADamagedDocumentIsMadeAgain) {
  Write("data/a.txt", "@me\n100 one media/1.jpg\n100 one more\n");
  Write("media/1.jpg", "\xFF\xD8\xFF one");
  Import();
  Write("data/b.txt", "200 two\n");
  Import();
  const library::Head head = CurrentHead();
  const std::vector<account::Post> before = Posts();
  const auto row = std::ranges::find(head.documents, Kind::kPost, &library::DocumentRow::kind);
  Damage(row->digest);
  const AgainReport report = Again();
  EXPECT_THAT(report.lost.names, ElementsAre(row->name));
  EXPECT_EQ(report.lost.records, 3u);
  EXPECT_EQ(report.records_before, 1u);
  EXPECT_EQ(report.records_now, 4u);
  EXPECT_EQ(Posts(), before) << "keys and all";
  EXPECT_TRUE(fs::exists(library_->folder() / "damaged" / (row->digest.Hex() + ".open")));
  ExpectHealthy();
}

TEST_F(ReadingAgain, DamagedListsAreMadeAgain) {
  Write("data/a.txt", "100 one media/1.jpg\nno time\n");
  Write("media/1.jpg", "\xFF\xD8\xFF one");
  Write("media/unlisted.jpg", "\xFF\xD8\xFF unlisted");
  Import();
  const library::Head before = CurrentHead();
  for (const auto& list : before.media) Damage(list.digest);
  Damage(before.issues->digest);
  const AgainReport report = Again();
  EXPECT_EQ(report.lost.names.size(), before.media.size() + 1);
  EXPECT_EQ(CurrentHead().media, before.media);
  EXPECT_EQ(CurrentHead().issues, before.issues);
  EXPECT_EQ(CurrentHead().documents, before.documents);
  ExpectHealthy();
}

TEST_F(ReadingAgain, AnImportWhoseListIsDamagedIsPassedOver) {
  Write("data/a.txt", "100 one\n");
  Import();
  const Digest list = CurrentHead().imports.at(0).files.digest;
  Damage(list);
  AgainReport report = Again();
  ASSERT_EQ(report.imports.size(), 1u);
  EXPECT_NE(report.imports[0].skipped.find("valise doctor"), std::string::npos);
  fs::remove(library_->folder() / "blobs" / list.Hex().substr(0, 2) / (list.Hex() + ".open"));
  report = Again();
  ASSERT_EQ(report.imports.size(), 1u);
  EXPECT_NE(report.imports[0].skipped.find("valise doctor"), std::string::npos);
  EXPECT_THAT(Texts(), ElementsAre("one"));
}

TEST_F(ReadingAgain, ADamagedOriginalLosesNothing) {
  Write("data/a.txt", "100 one\n200 two\n");
  Import();
  const auto files =
      *account::ParseOriginalFiles(*library_->ReadList(CurrentHead().imports.at(0).files));
  const std::string hex = files.at(0).digest->Hex();
  fs::resize_file(library_->folder() / "blobs" / hex.substr(0, 2) / hex, 3);
  const AgainReport report = Again();
  EXPECT_THAT(Texts(), ElementsAre("one", "two"));
  EXPECT_EQ(report.imports.at(0).files.at(0).now.understood, 0u);
  ASSERT_EQ(report.imports[0].issues.size(), 1u);
  EXPECT_EQ(report.imports[0].issues[0].code, "damaged_file");
  const auto rows =
      *account::ParseOriginalFiles(*library_->ReadList(CurrentHead().imports.at(0).files));
  EXPECT_EQ(rows.at(0).understood, 2u) << "its records are still here";
}

TEST_F(ReadingAgain, AnArchiveThatNoReaderKnowsAnyMoreIsPassedOver) {
  Write("data/a.txt", "100 one\n");
  Import();
  const Digest before = HeadDigest();
  const AgainReport report = Again({});
  ASSERT_EQ(report.imports.size(), 1u);
  EXPECT_NE(report.imports[0].skipped, "");
  EXPECT_EQ(HeadDigest(), before);
}

TEST_F(ReadingAgain, AnEmptyAccountHasNothingToRead) { EXPECT_TRUE(Again().imports.empty()); }

TEST_F(ReadingAgain, Stopped) {
  Write("data/a.txt", "100 one\n");
  Import(kThen);
  const Digest before = HeadDigest();
  const auto stopped = ReadAgain(kToday, *library_, clock_, [](const Progress&) -> Status {
    return Fail(ErrorCode::kCancelled, "stopped");
  });
  EXPECT_EQ(stopped.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(HeadDigest(), before);
}

TEST_F(ReadingAgain, WhatIsOnlyKeptIsSortedByTodaysTable) {
  Write("data/a.txt", "100 one\n");
  Write("data/late.txt", "200 late\n");
  Write("ads/seen.txt", "ads");
  Import(kThen);
  const auto categories = [&] {
    std::map<std::string, std::string> found;
    const auto list = library_->ReadList(CurrentHead().imports.at(0).files);
    const auto files = account::ParseOriginalFiles(*list);
    for (const account::OriginalFile& file : *files) found[file.path] = file.category;
    return found;
  };
  EXPECT_EQ(categories(),
            (std::map<std::string, std::string>{
                {"data/a.txt", ""}, {"data/late.txt", "other"}, {"ads/seen.txt", "other"}}));
  Again();
  EXPECT_EQ(categories(), (std::map<std::string, std::string>{
                              {"data/a.txt", ""}, {"data/late.txt", ""}, {"ads/seen.txt", "ads"}}));
  const Digest head = HeadDigest();
  Again();
  EXPECT_EQ(HeadDigest(), head);
}

}  // namespace
}  // namespace valise::imports
