#include "imports/import_archive.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "imports/inspect.h"
#include "imports/read_again.h"
#include "imports/test_source.h"
#include "zip/test_zip.h"

namespace valise::imports {
namespace {

using account::Fate;
using account::Kind;

const NotesSource kNotes;
const services::Source* const kSources[] = {&kNotes};
const std::string kJpeg = "\xFF\xD8\xFF\xE0 a picture";

Status Silent(const Progress&) { return {}; }

class Imports : public testing::Test {
 protected:
  Imports() {
    database_ = *sql::OpenSqliteInMemory();
    accounts_ = *library::Accounts::Open(*database_);
    const auto row =
        accounts_->Create({.id = "00000000000000aa", .service = "notes", .username = "me"});
    CHECK(row.has_value());
    library_ = *library::Library::Open(*accounts_, folder_.path() / "data", row->id);
  }

  void Write(const std::string& path, std::string_view content) {
    const fs::path file = folder_.path() / "archive" / path;
    CHECK(MakeFolders(file.parent_path()).has_value());
    CHECK(WriteFileAtomically(file, content).has_value());
  }

  // A part of an archive, with one data file.
  fs::path Part(const char* name, std::string data) const {
    return zip::WriteTestFile(
        folder_.path() / name,
        zip::MakeTestZip({{.name = "data/a.txt", .content = std::move(data)}}));
  }

  Result<OpenedArchive> Open() {
    const fs::path parts[] = {folder_.path() / "archive"};
    return OpenedArchive::Open(kSources, parts);
  }

  ArchiveReport Import() {
    auto opened = Open();
    CHECK(opened.has_value());
    auto report = ImportArchive(*opened, *library_, clock_, Silent);
    EXPECT_TRUE(report.has_value()) << report.error().message;
    return report.has_value() ? *std::move(report) : ArchiveReport{};
  }

  static std::map<std::string, Fate> Fates(const ArchiveReport& report) {
    std::map<std::string, Fate> fates;
    for (const FileReport& file : report.files) fates[file.file.path] = file.file.fate;
    return fates;
  }

  std::vector<account::Post> Posts() {
    std::vector<account::Post> posts;
    const auto snapshot = *library_->Current();
    for (const auto& row : snapshot->head.documents) {
      if (row.kind != Kind::kPost) continue;
      const auto records = *library_->ReadRecords(row);
      for (const auto& record : records) {
        posts.push_back(std::get<account::Post>(record));
      }
    }
    return posts;
  }

  TemporaryFolder folder_;
  ManualClock clock_{FromSeconds(1'700'000'000)};
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<library::Accounts> accounts_;
  std::unique_ptr<library::Library> library_;
};

TEST_F(Imports, EveryFileHasAFate) {
  Write("root/data/a.txt", "@me\n100 hello media/1.jpg\n");
  Write("root/media/1.jpg", kJpeg);
  Write("root/media/unlisted.jpg", kJpeg + "2");
  Write("root/notes.txt", "kept");
  Write("__MACOSX/x", "junk");
  const ArchiveReport report = Import();
  EXPECT_EQ(Fates(report), (std::map<std::string, Fate>{{"data/a.txt", Fate::kParsed},
                                                        {"media/1.jpg", Fate::kMedium},
                                                        {"media/unlisted.jpg", Fate::kMedium},
                                                        {"notes.txt", Fate::kKept},
                                                        {"__MACOSX/x", Fate::kJunk}}));
  EXPECT_EQ(report.import.media_added, 2u);
  ASSERT_EQ(Posts().size(), 1u);
  EXPECT_EQ(Posts()[0].media.at(0).digest, Sha256(kJpeg));
  EXPECT_EQ(Posts()[0].media.at(0).type, "image/jpeg");
}

TEST_F(Imports, WhatIsOnlyKeptHasACategory) {
  Write("data/a.txt", "100 one media/1.jpg\n");
  Write("media/1.jpg", kJpeg);
  Write("ads/seen.txt", "ads");
  Write("notes.txt", "kept");
  const std::map<std::string, std::string> expected = {
      {"data/a.txt", ""}, {"media/1.jpg", ""}, {"ads/seen.txt", "ads"}, {"notes.txt", "other"}};
  const auto categories = [](const std::vector<FileReport>& files) {
    std::map<std::string, std::string> found;
    for (const FileReport& report : files) found[report.file.path] = report.file.category;
    return found;
  };
  auto opened = Open();
  ASSERT_TRUE(opened);
  EXPECT_EQ(categories(Inspect(*opened, Silent)->files), expected);
  EXPECT_EQ(categories(Import().files), expected);
  const auto list = library_->ReadList((*library_->Current())->head.imports.at(0).files);
  ASSERT_TRUE(list);
  const auto listed = account::ParseOriginalFiles(*list);
  ASSERT_TRUE(listed);
  for (const account::OriginalFile& file : *listed) {
    EXPECT_EQ(file.category, expected.at(file.path));
  }
}

TEST_F(Imports, AFileThatCannotBeReadIsAnIssueOfTheHead) {
  Write("data/a.txt", "100 first\n");
  fs::create_symlink("/etc/passwd", folder_.path() / "archive" / "link.jpg");
  const ArchiveReport report = Import();
  EXPECT_EQ(Fates(report).at("link.jpg"), Fate::kBroken);
  ASSERT_EQ(report.issues.size(), 1u);
  const auto snapshot = *library_->Current();
  ASSERT_TRUE(snapshot->head.issues.has_value());
  EXPECT_EQ(snapshot->head.issues->rows, 1u);
}

TEST_F(Imports, TheSameAgainAddsNothing) {
  Write("data/a.txt", "100 hello media/1.jpg\n");
  Write("media/1.jpg", kJpeg);
  const ArchiveReport first = Import();
  clock_.Advance(std::chrono::hours{24});
  const ArchiveReport second = Import();
  EXPECT_TRUE(second.import.already_here);
  EXPECT_EQ(second.import.head, first.import.head);
}

TEST_F(Imports, AMissingMediumIsAnIssueUntilItComes) {
  Write("data/a.txt", "100 hello media/1.jpg\n");
  const ArchiveReport first = Import();
  EXPECT_EQ(first.import.kinds[static_cast<size_t>(Kind::kPost)].missing_media, 1u);
  EXPECT_FALSE(Posts().at(0).media.at(0).digest);
  Write("media/1.jpg", kJpeg);
  const ArchiveReport second = Import();
  EXPECT_EQ(second.import.kinds[static_cast<size_t>(Kind::kPost)].merged, 1u);
  EXPECT_EQ(Posts().at(0).media.at(0).digest, Sha256(kJpeg));
}

TEST_F(Imports, PartsMayComeOneAfterTheOther) {
  for (const bool media_first : {true, false}) {
    const std::string name = media_first ? "0.jpg" : "1.jpg";
    const std::string line = media_first ? "100 hello" : "200 bye";
    const auto media = [&] {
      fs::remove_all(folder_.path() / "archive");
      Write("media/" + name, kJpeg + name);
      return Import();
    };
    const auto data = [&] {
      fs::remove_all(folder_.path() / "archive");
      Write("data/" + name + ".txt", line + " media/" + name + "\n");
      return Import();
    };
    if (media_first) media();
    const ArchiveReport of_data = data();
    const ArchiveReport last = media_first ? of_data : media();
    EXPECT_EQ(of_data.import.kinds[static_cast<size_t>(Kind::kPost)].missing_media,
              media_first ? 0u : 1u);
    EXPECT_EQ(last.import.media_filled, 1u);
    EXPECT_EQ(Posts().back().media.at(0).digest, Sha256(kJpeg + name));
  }
  // Nothing is missing any more, whichever part came first.
  const auto before = (*library_->Current())->head;
  EXPECT_FALSE(before.issues);
  ASSERT_TRUE(ReadAgain(kSources, *library_, clock_, Silent));
  const auto after = (*library_->Current())->head;
  EXPECT_EQ(after.documents, before.documents);
  EXPECT_EQ(after.media, before.media);
  EXPECT_FALSE(after.issues);
}

TEST_F(Imports, WhatIsDamagedInTheAccountIsNamedAndNothingChanges) {
  Write("data/a.txt", "100 one\n");
  Import();
  const auto before = *library_->Current();
  Write("data/a.txt", "100 one\n200 two\n");
  ASSERT_TRUE(library_->blobs().Delete(before->head.documents.at(0).digest));
  const auto stopped = ImportArchive(*Open(), *library_, clock_, Silent);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::kCorrupt);
  for (const std::string_view part :
       {"the account is damaged", "a document of posts: blob ", "Nothing was changed",
        "valise scrub", "valise reindex --records"}) {
    EXPECT_TRUE(stopped.error().message.contains(part)) << stopped.error().message;
  }
  EXPECT_EQ((*library_->Current())->digest, before->digest);
  // What it says helps.
  ASSERT_TRUE(ReadAgain(kSources, *library_, clock_, Silent));
  EXPECT_EQ((*library_->Current())->head.documents, before->head.documents);
  EXPECT_EQ(Import().import.kinds[static_cast<size_t>(Kind::kPost)].added, 1u);
  EXPECT_EQ(Posts().size(), 2u);
}

TEST_F(Imports, ANewerArchiveAddsOnlyWhatIsNew) {
  Write("data/a.txt", "100 one\n200 two\n");
  Import();
  Write("data/a.txt", "100 one\n200 two\n300 three\n");
  const ArchiveReport report = Import();
  const auto& posts = report.import.kinds[static_cast<size_t>(Kind::kPost)];
  EXPECT_EQ(posts.found, 3u);
  EXPECT_EQ(posts.added, 1u);
  EXPECT_EQ(Posts().size(), 3u);
}

TEST_F(Imports, ACancelledImportLeavesTheHead) {
  Write("data/a.txt", "100 one\n");
  Import();
  const auto before = accounts_->Get(library_->account_id())->head;
  Write("data/b.txt", "200 two\n");
  auto opened = Open();
  ASSERT_TRUE(opened);
  const auto stopped = ImportArchive(*opened, *library_, clock_, [](const Progress& p) -> Status {
    if (p.phase == Progress::Phase::kRecords) return Fail(ErrorCode::kCancelled, "stopped");
    return {};
  });
  EXPECT_EQ(stopped.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(accounts_->Get(library_->account_id())->head, before);
  EXPECT_EQ(Import().import.kinds[static_cast<size_t>(Kind::kPost)].added, 1u);
}

TEST_F(Imports, InspectCountsWithoutKeeping) {
  Write("data/a.txt", "@me\n100 one media/1.jpg\n200 two media/2.jpg\nno time\n");
  Write("media/1.jpg", kJpeg);
  auto opened = Open();
  ASSERT_TRUE(opened);
  const auto inspection = Inspect(*opened, Silent);
  ASSERT_TRUE(inspection);
  EXPECT_EQ(inspection->records[static_cast<size_t>(Kind::kPost)], 2u);
  EXPECT_EQ(inspection->media, 1u);
  EXPECT_EQ(inspection->missing_media, 1u);
  EXPECT_EQ(inspection->issues.size(), 1u);
  EXPECT_EQ(inspection->profile->username, "me");
  EXPECT_FALSE(*library_->Current());
  EXPECT_EQ((*FindProfile(*opened))->username, "me");
}

TEST_F(Imports, ASourceMaySayWhatAnUnknownArchiveIs) {
  Write("diary/monday.txt", "x");
  const auto opened = Open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(opened.error().message, "this is a diary, not notes");
}

TEST_F(Imports, AnUnknownArchiveIsRefusedWithASentence) {
  Write("something/else.txt", "x");
  const auto opened = Open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(opened.error().message.find("not an archive that Valise knows"), std::string::npos);
}

TEST_F(Imports, ArchivesOfOthersAreNamed) {
  Write("mine/user_data_tiktok.json", "{}");
  const auto opened = Open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(opened.error().message.find("archive of TikTok"), std::string::npos);
}

TEST_F(Imports, PartsThatDisagreeKeepBothFiles) {
  const auto part = [&](const char* name, std::string second) {
    return zip::WriteTestFile(
        folder_.path() / name,
        zip::MakeTestZip({{.name = "data/a.txt", .content = "@me\n100 hello\n"},
                          {.name = "other.bin", .content = std::move(second)}}));
  };
  const fs::path parts[] = {part("1.zip", "one"), part("2.zip", "two"), part("3.zip", "one")};
  const auto opened = OpenedArchive::Open(kSources, parts);
  ASSERT_TRUE(opened) << opened.error().message;
  const auto report = ImportArchive(*opened, *library_, clock_, Silent);
  ASSERT_TRUE(report);
  const auto fates = Fates(*report);
  EXPECT_EQ(fates.size(), 6u);
  EXPECT_EQ(std::ranges::count(fates, Fate::kKept, &std::pair<const std::string, Fate>::second), 2)
      << "both contents of other.bin";
  EXPECT_EQ(Posts().size(), 1u);
}

TEST_F(Imports, DataOfPartsThatDisagreeIsReadOnceWhateverTheirOrder) {
  const fs::path parts[] = {Part("1.zip", "@me\n100 hello\n"),
                            Part("2.zip", "@me\n200 longer text\n"),
                            Part("3.zip", "@me\n100 hello\n")};
  const auto opened = OpenedArchive::Open(kSources, parts);
  ASSERT_TRUE(opened) << opened.error().message;
  const auto report = ImportArchive(*opened, *library_, clock_, Silent);
  ASSERT_TRUE(report);
  EXPECT_EQ(Posts().size(), 2u);
  const fs::path other_order[] = {parts[2], parts[1], parts[0]};
  const auto again = OpenedArchive::Open(kSources, other_order);
  ASSERT_TRUE(again);
  const auto second = ImportArchive(*again, *library_, clock_, Silent);
  ASSERT_TRUE(second);
  EXPECT_TRUE(second->import.already_here);
  const auto inspected = Inspect(*again, Silent);
  ASSERT_TRUE(inspected);
  EXPECT_EQ(inspected->records[static_cast<size_t>(account::Kind::kPost)], 2u);
}

TEST_F(Imports, DataOfPartsThatMayBeArchivesOfTheirOwnIsRefused) {
  const fs::path parts[] = {Part("undated 1.zip", "@me\n100 hello\n"),
                            Part("undated 2.zip", "@me\n100 hi\n")};
  const auto opened = OpenedArchive::Open(kSources, parts);
  ASSERT_FALSE(opened);
  EXPECT_TRUE(opened.error().message.contains("one after the other")) << opened.error().message;
}

TEST_F(Imports, AFileThatEndsLikeAnothersIsNoSign) {
  Write("my_user_data_tiktok.json", "{}");
  EXPECT_EQ(Open().error().message.find("TikTok"), std::string::npos);
}

TEST_F(Imports, AZipInTheZipIsToBeTakenOut) {
  Write("mails/instagram.zip", "PK");
  Write("mails/more.zip", "PK");
  const auto opened = Open();
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("2 ZIPs of its own"), std::string::npos);
}

}  // namespace
}  // namespace valise::imports
