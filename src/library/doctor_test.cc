#include "library/doctor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <functional>

#include "library/commit.h"
#include "library/index.h"
#include "library/testing.h"
#include "library/tombstones.h"

namespace valise::library {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class Doctor : public testing::Test {
 protected:
  Doctor() {
    account::Post post = TestPost("media:1", "2024-03-01T10:00:00Z", "at the lake");
    post.media = {TestItem("media/1.jpg")};
    archive_.data["posts.json"] = {post, TestPost("media:2", "2024-03-02T10:00:00Z", "home")};
    archive_.data["messages.json"] = {TestConversation("folder:1", "Ben"),
                                      TestMessage("folder:1", 1'700'000'000'000, "hello")};
    archive_.media["media/1.jpg"] = "a photo";
    library_.Import(archive_);
    MakeIndex();
  }

  void MakeIndex() {
    const auto index = *Index::Open(*library_);
    ASSERT_TRUE(index->Rebuild([](uint64_t, uint64_t) {}));
  }

  std::vector<DoctorFinding> Run(std::vector<Digest> pinned = {}) {
    DoctorOptions options;
    options.pinned = std::move(pinned);
    // What the last look has cached must not hide what is on disk.
    const auto fresh = *Library::Open(library_.accounts(), library_.folder(), kAccount);
    auto findings = Examine(*fresh, options);
    EXPECT_TRUE(findings.has_value()) << findings.error().message;
    for (const DoctorFinding& finding : findings.value()) {
      EXPECT_FALSE(finding.thing.empty()) << finding.code;
      EXPECT_FALSE(finding.cause.empty()) << finding.code;
      EXPECT_FALSE(finding.what_to_do.empty()) << finding.code;
    }
    return *std::move(findings);
  }
  std::vector<std::string> Codes(std::vector<Digest> pinned = {}) {
    std::vector<std::string> codes;
    for (const DoctorFinding& finding : Run(std::move(pinned))) codes.push_back(finding.code);
    return codes;
  }

  // Commits a head that is otherwise.
  void Commit(const std::function<void(Head&)>& change) {
    Head head = library_.CurrentHead();
    change(head);
    ASSERT_TRUE(CommitHead(*library_, library_.accounts().Get(kAccount)->head, head));
  }
  // The same, and an index of it.
  void Change(const std::function<void(Head&)>& change) {
    Commit(change);
    MakeIndex();
  }
  // Seals the text of a document anew, after `change`, as if a mistake of ours had made it.
  void Rewrite(DocumentRow& row, const std::function<void(std::string&)>& change) {
    std::string text = *library_->ReadDocument(row);
    change(text);
    SetSeal(row, *SealText(library_->blobs(), text));
  }
  static DocumentRow& Document(Head& head, account::Kind kind) {
    return *std::ranges::find(head.documents, kind, &DocumentRow::kind);
  }
  fs::path FileOf(const Digest& digest) {
    for (const char* suffix : {"", ".deflate", ".open"}) {
      const fs::path path =
          library_->folder() / "blobs" / digest.Hex().substr(0, 2) / (digest.Hex() + suffix);
      if (fs::exists(path)) return path;
    }
    return {};
  }
  static void Replace(std::string& text, std::string_view from, std::string_view to) {
    const size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos);
    text.replace(at, from.size(), to);
  }

  static constexpr const char* kAccount = "00000000000000aa";
  TestArchive archive_;
  TestLibrary library_;
};

TEST_F(Doctor, FindsNothingInAnAccountThatIsWell) {
  EXPECT_TRUE(Run().empty());
  archive_.date = "2025-01-01T00:00:00Z";
  archive_.data["posts.json"].push_back(TestPost("media:3", "2025-02-01T10:00:00Z", "new"));
  library_.Import(archive_);
  MakeIndex();
  EXPECT_TRUE(Run().empty());
}

TEST_F(Doctor, FindsNothingInAnEmptyAccount) {
  TestLibrary empty;
  EXPECT_TRUE(Examine(*empty, {})->empty());
}

TEST_F(Doctor, HeadDamagedOrMissing) {
  const Digest head = *library_.accounts().Get(kAccount)->head;
  std::ofstream(FileOf(head), std::ios::binary) << "not a head";
  EXPECT_THAT(Codes(), ElementsAre("head_damaged"));
  fs::remove(FileOf(head));
  EXPECT_THAT(Codes(), ElementsAre("head_missing"));
}

TEST_F(Doctor, DocumentDamagedOrMissing) {
  const Digest posts =
      Document(*std::make_unique<Head>(library_.CurrentHead()), account::Kind::kPost).digest;
  std::ofstream(FileOf(posts), std::ios::binary | std::ios::app) << "x";
  auto found = Run();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].code, "document_damaged");
  EXPECT_EQ(found[0].thing, "document posts/2024");
  EXPECT_THAT(found[0].what_to_do, HasSubstr("reindex --records"));
  fs::remove(FileOf(posts));
  EXPECT_THAT(Codes(), ElementsAre("document_missing"));
}

TEST_F(Doctor, ADocumentThatIsNotOfRecords) {
  Commit([&](Head& head) {
    Rewrite(Document(head, account::Kind::kPost), [](std::string& text) { text = "[\n{}\n]\n"; });
  });
  EXPECT_THAT(Codes(), ElementsAre("document_damaged", "index_stale"));
}

TEST_F(Doctor, TheHeadSaysOtherwiseOfADocument) {
  Change([](Head& head) {
    DocumentRow& row = Document(head, account::Kind::kPost);
    row.records += 1;
    row.crc ^= 1;
    row.last.reset();
    row.twin_digest = Sha256("another");
    head.counts.records[static_cast<size_t>(account::Kind::kPost)] += 1;
  });
  const auto found = Run();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].code, "head_disagrees");
  for (const char* what : {"number of records", "span of time", "CRC-32", "twin"}) {
    EXPECT_THAT(found[0].cause, HasSubstr(what));
  }
}

TEST_F(Doctor, CountsOfTheHead) {
  Change([](Head& head) {
    head.counts.records[static_cast<size_t>(account::Kind::kMessage)] = 7;
    head.counts.media_bytes += 1;
  });
  EXPECT_THAT(Codes(), ElementsAre("counts_differ", "counts_differ"));
}

TEST_F(Doctor, OneKeyTwice) {
  Change([&](Head& head) {
    DocumentRow& row = Document(head, account::Kind::kPost);
    const auto keys = library_.Records<account::Post>();
    Rewrite(row, [&](std::string& text) { Replace(text, keys[1].key->Hex(), keys[0].key->Hex()); });
  });
  const auto found = Run();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].code, "key_twice");
  EXPECT_THAT(found[0].cause, HasSubstr("posts/2024"));
}

TEST_F(Doctor, RecordsOutOfPlaceAndOutOfOrder) {
  Change([&](Head& head) {
    Rewrite(Document(head, account::Kind::kPost), [](std::string& text) {
      Replace(text, "2024-03-01T10:00:00Z", "2024-03-02T11:00:00Z");
    });
    Rewrite(Document(head, account::Kind::kMessage), [](std::string& text) {
      const size_t at = text.find("\"conversation\":\"") + 16;
      text.replace(at, 32, std::string(32, '1'));
    });
  });
  EXPECT_THAT(Codes(),
              UnorderedElementsAre("head_disagrees", "record_out_of_order", "record_out_of_place"));
}

TEST_F(Doctor, MessagesWithoutTheirConversation) {
  Change([](Head& head) {
    std::erase_if(head.documents,
                  [](const DocumentRow& row) { return row.kind == account::Kind::kConversation; });
    CountRecords(head.documents, head.counts);
  });
  const auto found = Run();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].code, "conversation_missing");
  EXPECT_EQ(found[0].count, 1u);
}

TEST_F(Doctor, AMediumThatIsGoneOrStoredOtherwise) {
  const fs::path photo = FileOf(Sha256("a photo"));
  std::ofstream(photo, std::ios::app) << "!";
  EXPECT_THAT(Codes(), ElementsAre("stored_otherwise", "stored_otherwise"));
  fs::remove(photo);
  const auto found = Run();
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].code, "medium_missing");
  EXPECT_EQ(found[1].code, "original_missing");
  EXPECT_EQ(found[1].thing, "received file media/1.jpg");
}

TEST_F(Doctor, AMediumThatNoListNames) {
  Change([](Head& head) {
    head.media.clear();
    head.counts.media = head.counts.media_bytes = 0;
  });
  EXPECT_THAT(Codes(), ElementsAre("medium_unlisted", "medium_unlisted"));
}

TEST_F(Doctor, ListsDamagedOrMissing) {
  const Head head = library_.CurrentHead();
  std::ofstream(FileOf(head.media[0].digest), std::ios::binary | std::ios::app) << "x";
  fs::remove(FileOf(head.imports[0].files.digest));
  const auto found = Run();
  ASSERT_EQ(found.size(), 2u) << "what they would name is not known: no more is said";
  EXPECT_EQ(found[0].code, "list_damaged");
  EXPECT_EQ(found[1].code, "list_missing");
  EXPECT_EQ(found[1].thing, "list originals/" + head.imports[0].info.id);
}

TEST_F(Doctor, FatesThatDoNotAddUp) {
  Change([](Head& head) { head.imports[0].files.rows += 2; });
  const auto found = Run();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].code, "fates_differ");
  EXPECT_THAT(found[0].cause, HasSubstr("add up to 3 (2 parsed + 1 medium), 5 files came"));
}

TEST_F(Doctor, MoreUnderstoodThanSeenAndAPathTwice) {
  Change([&](Head& head) {
    ListRow& row = head.imports[0].files;
    auto files = *account::ParseOriginalFiles(*library_->ReadList(row));
    files[1].understood = files[1].seen + 1;
    files[2].path = files[1].path;
    head.imports[0] = *SealImport(library_->blobs(), head.imports[0].info, files);
  });
  EXPECT_THAT(Codes(), UnorderedElementsAre("fates_differ", "file_twice"));
}

TEST_F(Doctor, RecordsOfAnImportThatIsNotListed) {
  Change([](Head& head) { head.imports.clear(); });
  EXPECT_THAT(Codes(),
              ElementsAre("provenance_unknown", "provenance_unknown", "provenance_unknown"));
}

TEST_F(Doctor, IssuesOfAnImportThatIsNotListed) {
  Change([&](Head& head) {
    TextBuilder text;
    text.Line(account::ToJson(account::IssueRow{"feedfeedfeedfeed", {"x", "y", "z", 1}}));
    head.issues = *SealList(library_->blobs(), "issues", text, 0);
  });
  EXPECT_THAT(Codes(), ElementsAre("issue_of_unknown_import"));
}

TEST_F(Doctor, TombstonesThatCannotBeRead) {
  Change([&](Head& head) {
    TextBuilder text;
    text.Line("{\"kind\":\"nonsense\"}");
    head.tombstones = *SealList(library_->blobs(), "tombstones", text, 0);
  });
  EXPECT_THAT(Codes(), ElementsAre("list_damaged"));
}

TEST_F(Doctor, TheIndex) {
  const fs::path index = library_->folder() / "index.sqlite";
  archive_.date = "2025-01-01T00:00:00Z";
  library_.Import(archive_);
  EXPECT_THAT(Codes(), ElementsAre("index_stale"));
  fs::resize_file(index, fs::file_size(index) / 2);
  EXPECT_THAT(Codes(), ElementsAre("index_damaged"));
  std::ofstream(index, std::ios::binary) << "not a database at all, but long enough to look so";
  EXPECT_THAT(Codes(), ElementsAre("index_damaged"));
  fs::remove(index);
  EXPECT_THAT(Codes(), ElementsAre("index_missing"));
}

TEST_F(Doctor, AnImportThatWasStopped) {
  archive_.date = "2025-01-01T00:00:00Z";
  std::optional<ImportReport> already;
  {
    auto run = library_.Begin(archive_, &already);
    ASSERT_TRUE(run);
    EXPECT_TRUE(Run().empty()) << "it is running: all is as it should be";
  }
  EXPECT_THAT(Codes(), ElementsAre("import_stopped"));
}

TEST_F(Doctor, LeftoversOfACrash) {
  std::ofstream(library_->folder() / "blobs" / "incoming-a1b2c3") << "half";
  EXPECT_THAT(Codes(), ElementsAre("leftovers"));
}

TEST_F(Doctor, APinnedSnapshotThatIsGone) {
  EXPECT_THAT(Codes({Sha256("gone")}), ElementsAre("pinned_head_missing"));
}

TEST_F(Doctor, FilesThatOthersMayRead) {
  const fs::path folder = library_->folder();
  ASSERT_EQ(::chmod((folder / "blobs").c_str(), 0700), 0);
  ASSERT_TRUE(FindOpenToOthers(folder / "blobs").empty());
  const fs::path photo = FileOf(Sha256("a photo"));
  ASSERT_EQ(::chmod(photo.c_str(), 0604), 0);
  ASSERT_EQ(::chmod(FileOf(*library_.accounts().Get(kAccount)->head).c_str(), 0640), 0);
  const auto found = FindOpenToOthers(folder);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].count, 2u);
  EXPECT_THAT(found[0].what_to_do, HasSubstr("chmod"));
}

TEST_F(Doctor, CanBeStopped) {
  DoctorOptions options;
  options.progress = [](uint64_t, uint64_t) -> Status {
    return Fail(ErrorCode::kCancelled, "stopped");
  };
  EXPECT_EQ(Examine(*library_, options).error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace valise::library
