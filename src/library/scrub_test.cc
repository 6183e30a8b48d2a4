#include "library/scrub.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "base/deflate.h"
#include "library/erase.h"
#include "library/testing.h"

namespace valise::library {
namespace {

using State = ScrubFinding::State;
using What = BlobUse::What;

class Scrubbing : public testing::Test {
 protected:
  Scrubbing() {
    account::Post post = TestPost("media:1", "2024-03-01T10:00:00Z", "at the lake");
    post.media = {TestItem("media/1.jpg")};
    archive_.data["posts.json"] = {post};
    archive_.media["media/1.jpg"] = kPhoto;
    library_.Import(archive_);
  }

  ScrubReport Run(bool set_aside = false, std::vector<Digest> pinned = {}) {
    ScrubOptions options;
    options.set_aside = set_aside;
    options.pinned = std::move(pinned);
    auto report = Scrub(*library_, options);
    EXPECT_TRUE(report.has_value()) << report.error().message;
    return report.has_value() ? *std::move(report) : ScrubReport{};
  }

  // The one finding there is.
  ScrubFinding Only(const ScrubReport& report) {
    EXPECT_EQ(report.findings.size(), 1u);
    return report.findings.empty() ? ScrubFinding{} : report.findings[0];
  }

  fs::path FileOf(const Digest& digest) {
    const fs::path folder = library_->folder() / "blobs" / digest.Hex().substr(0, 2);
    for (const char* suffix : {"", ".deflate", ".open"}) {
      if (fs::exists(folder / (digest.Hex() + suffix))) return folder / (digest.Hex() + suffix);
    }
    return {};
  }

  // Turns one bit over in the middle.
  void Flip(const Digest& digest) {
    std::fstream file(FileOf(digest), std::ios::in | std::ios::out | std::ios::binary);
    const auto middle = static_cast<std::streamoff>(fs::file_size(FileOf(digest)) / 2);
    file.seekg(middle);
    const char byte = static_cast<char>(file.get() ^ 4);
    file.seekp(middle);
    file.put(byte);
  }

  std::string Advice(const ScrubReport& report) {
    const Head head = library_.CurrentHead();
    return WhatToDo(Only(report), report, &head);
  }

  static inline const std::string kPhoto = "not really a photo, but bytes enough to flip one";
  TestArchive archive_;
  TestLibrary library_;
};

TEST_F(Scrubbing, AWholeAccountHasNoFindings) {
  const ScrubReport report = Run();
  EXPECT_TRUE(report.findings.empty());
  EXPECT_TRUE(report.strangers.empty());
  // Head, one document, media list, list of files, data file, photo.
  EXPECT_EQ(report.blobs, 6u);
  EXPECT_GT(report.bytes, kPhoto.size());
}

TEST_F(Scrubbing, AFlippedBitIsNamedWithWhatItIs) {
  Flip(Sha256(kPhoto));
  const ScrubReport report = Run();
  const ScrubFinding finding = Only(report);
  EXPECT_EQ(finding.state, State::kDamaged);
  EXPECT_EQ(finding.digest, Sha256(kPhoto));
  EXPECT_EQ(finding.why, "its SHA-256 differs");
  ASSERT_EQ(finding.uses.size(), 2u);
  EXPECT_EQ(finding.uses[0].what, What::kMedium);
  EXPECT_TRUE(finding.uses[0].name.starts_with("2024/2024-03-01_10.00.00_"));
  EXPECT_EQ(finding.uses[1].what, What::kOriginal);
  EXPECT_EQ(finding.uses[1].name, "media/1.jpg");
  EXPECT_NE(Advice(report).find("--set-aside"), std::string::npos);
  EXPECT_NE(Advice(report).find("Import the archive"), std::string::npos);
  EXPECT_TRUE(fs::exists(FileOf(Sha256(kPhoto)))) << "nothing is moved unless asked";
}

TEST_F(Scrubbing, CutShortEmptiedAndMissing) {
  fs::resize_file(FileOf(Sha256(kPhoto)), 7);
  EXPECT_EQ(Only(Run()).state, State::kDamaged);
  fs::resize_file(FileOf(Sha256(kPhoto)), 0);
  EXPECT_EQ(Only(Run()).why, "it is empty");
  fs::remove(FileOf(Sha256(kPhoto)));
  const ScrubReport report = Run();
  EXPECT_EQ(Only(report).state, State::kMissing);
  EXPECT_EQ(Only(report).uses.size(), 2u);
  EXPECT_EQ(Advice(report).find("--set-aside"), std::string::npos);
}

TEST_F(Scrubbing, WhatCannotBeReadIsNotAnError) {
  const fs::path file = FileOf(Sha256(kPhoto));
  fs::remove(file);
  fs::create_directory(file);
  EXPECT_EQ(Only(Run()).state, State::kUnreadable);
  fs::remove(file);
  fs::create_symlink("/etc/hostname", file);
  EXPECT_EQ(Only(Run()).state, State::kUnreadable) << "a link is not followed";
}

TEST_F(Scrubbing, ADocumentWhoseStreamLostItsEndIsDamaged) {
  const Digest document = library_.CurrentHead().documents[0].digest;
  // All of the text still comes out; but nothing can be put behind the stream any more.
  fs::resize_file(FileOf(document), fs::file_size(FileOf(document)) - 2);
  const ScrubFinding finding = Only(Run());
  EXPECT_EQ(finding.why, "its deflate stream does not end where it should");
  EXPECT_EQ(finding.uses[0].name, "posts/2024");
  Flip(document);
  EXPECT_EQ(Only(Run()).state, State::kDamaged);
}

TEST_F(Scrubbing, ADamagedListIsNamedAndTheRestIsStillLookedAt) {
  const Head head = library_.CurrentHead();
  Flip(head.imports[0].files.digest);
  Flip(Sha256(kPhoto));
  const ScrubReport report = Run();
  EXPECT_EQ(report.findings.size(), 2u);
  EXPECT_EQ(report.unread_lists, std::vector{"originals/" + head.imports[0].info.id});
}

TEST_F(Scrubbing, ADamagedHeadIsNamedAndStaysWhereItIs) {
  const Digest head = *library_.accounts().Get("00000000000000aa")->head;
  Flip(head);
  const auto again = *Library::Open(library_.accounts(), library_.folder(), "00000000000000aa");
  ScrubOptions options;
  options.set_aside = true;
  const auto report = Scrub(*again, options);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(Only(*report).uses.at(0).what, What::kHead);
  EXPECT_FALSE(Only(*report).is_set_aside);
  EXPECT_NE(WhatToDo(Only(*report), *report, nullptr).find("backup"), std::string::npos);
}

TEST_F(Scrubbing, StrangersAreNamedAndLeftAlone) {
  const fs::path blobs = library_->folder() / "blobs";
  std::ofstream(blobs / "notes.txt") << "mine";
  std::ofstream(FileOf(Sha256(kPhoto)).parent_path() / "thumbs.db") << "x";
  fs::create_directories(blobs / "zz" / "deep");
  const ScrubReport report = Run(true);
  EXPECT_TRUE(report.findings.empty());
  EXPECT_EQ(report.strangers.size(), 3u);
  EXPECT_TRUE(fs::exists(blobs / "notes.txt"));
}

TEST_F(Scrubbing, WhatNothingNamesIsReadToo) {
  ASSERT_TRUE(library_->blobs().Put(Sha256("right"), blob::Encoding::kIdentity, AsBytes("wrong")));
  const ScrubReport report = Run();
  EXPECT_TRUE(Only(report).uses.empty());
  EXPECT_NE(Advice(report).find("nothing to do"), std::string::npos);
}

TEST_F(Scrubbing, WhatADownloadStillHoldsIsNamedSo) {
  const Digest before = *library_.accounts().Get("00000000000000aa")->head;
  const Digest document = library_.CurrentHead().documents[0].digest;
  archive_.date = "2025-01-01T00:00:00Z";
  archive_.data["posts.json"].push_back(TestPost("media:2", "2024-04-01T10:00:00Z", "new"));
  library_.Import(archive_);
  Flip(document);
  EXPECT_TRUE(Only(Run()).uses.empty());
  EXPECT_EQ(Only(Run(false, {before})).uses.at(0).what, What::kPinned);
}

TEST_F(Scrubbing, SetAsideThenTheSameArchiveBringsItBack) {
  for (const bool data_file : {false, true}) {
    const auto files =
        *account::ParseOriginalFiles(*library_->ReadList(library_.CurrentHead().imports[0].files));
    const Digest digest = *files[data_file ? 1 : 0].digest;
    Flip(digest);
    EXPECT_TRUE(Only(Run(true)).is_set_aside);
    EXPECT_TRUE(fs::exists(library_->folder() / kDamagedFolder / digest.Hex()));
    EXPECT_EQ(Only(Run()).state, State::kMissing);
    EXPECT_TRUE(library_.Import(archive_).already_here);
    EXPECT_TRUE(Run().findings.empty());
  }
}

TEST_F(Scrubbing, ABlobThatCameBackInAnotherFormIsWrittenSoIntoTheHead) {
  const Digest head = *library_.accounts().Get("00000000000000aa")->head;
  const auto data =
      account::ParseOriginalFiles(*library_->ReadList(library_.CurrentHead().imports[0].files))
          ->at(1);
  const std::string text = *library_->blobs().ReadContent(*data.digest, data.size);
  fs::remove(FileOf(*data.digest));
  // It comes deflated now.
  const std::string stored = DeflateComplete(AsBytes(text));
  ASSERT_TRUE(library_->blobs().Put(*data.digest, blob::Encoding::kDeflate, AsBytes(stored)));
  auto run = *ImportRun::Begin(*library_, {"media/1.jpg", "posts.json"});
  account::OriginalFile photo{.path = "media/1.jpg",
                              .fate = account::Fate::kMedium,
                              .digest = Sha256(kPhoto),
                              .size = kPhoto.size(),
                              .crc = 1,
                              .stored_size = kPhoto.size(),
                              .type = "image/jpeg"};
  account::OriginalFile again = data;
  again.stored_size = stored.size();
  again.deflated = true;
  ASSERT_TRUE(run->SetFile(0, photo, 1));
  ASSERT_TRUE(run->SetFile(1, again, 1));
  ImportRun::Options options;
  options.info.time = *ParseTime("2026-02-01T00:00:00Z");
  const auto report = run->FilesDone(options);
  ASSERT_TRUE(report.has_value() && report->has_value());
  EXPECT_TRUE((*report)->already_here);
  EXPECT_NE((*report)->head, head);
  const auto rows =
      *account::ParseOriginalFiles(*library_->ReadList(library_.CurrentHead().imports[0].files));
  EXPECT_TRUE(rows[1].deflated);
  EXPECT_EQ(rows[1].stored_size, stored.size());
  EXPECT_EQ(rows[0].stored_size, kPhoto.size());
}

TEST_F(Scrubbing, AnImportWhoseListIsLostIsTakenInAgain) {
  for (const bool gone : {false, true}) {
    const Head before = library_.CurrentHead();
    if (gone) {
      fs::remove(FileOf(before.imports[0].files.digest));
    } else {
      Flip(before.imports[0].files.digest);
    }
    const ImportReport report = library_.Import(archive_);
    EXPECT_FALSE(report.already_here);
    EXPECT_EQ(report.kinds[static_cast<size_t>(account::Kind::kPost)].already, 1u);
    EXPECT_EQ(library_.CurrentHead().imports.size(), 1u);
    EXPECT_EQ(library_.CurrentHead().documents, before.documents);
    EXPECT_TRUE(Run().findings.empty());
  }
}

TEST_F(Scrubbing, WhatIsForgottenGoesFromTheDamagedOnesToo) {
  Flip(Sha256(kPhoto));
  Run(true);
  const fs::path aside = library_->folder() / kDamagedFolder / Sha256(kPhoto).Hex();
  ASSERT_TRUE(fs::exists(aside));
  library_.Import(archive_);
  ToForget what;
  what.media = {Sha256(kPhoto)};
  const auto report = Erase(*library_, what, library_.clock());
  ASSERT_TRUE(report) << report.error().message;
  ASSERT_TRUE(Sweep(*library_, {}, report->erased, SystemClock()));
  EXPECT_FALSE(fs::exists(aside));
}

TEST_F(Scrubbing, CanBeStopped) {
  ScrubOptions options;
  options.progress = [](uint64_t, uint64_t) -> Status {
    return Fail(ErrorCode::kCancelled, "stopped");
  };
  EXPECT_EQ(Scrub(*library_, options).error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace valise::library
