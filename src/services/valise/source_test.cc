#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "account/record_json.h"
#include "bundle/portable/portable_test.h"
#include "services/valise/account_file.h"
#include "services/valise/places.h"
#include "services/valise/valise_source.h"

namespace valise::services::own {
namespace {

using account::Fate;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class KeepingSink final : public account::RecordSink {
 public:
  Status Put(account::Record record) override {
    lines.insert(account::ToJson(record));
    return {};
  }
  void Report(account::Issue issue) override { issues.push_back(std::move(issue)); }
  std::multiset<std::string> lines;
  std::vector<account::Issue> issues;
};

class TextFile final : public DataFile {
 public:
  TextFile(std::string path, std::string text)
      : path_(std::move(path)), text_(std::move(text)), size_(text_.size()) {
    text_.append(kPadding, '\0');
  }
  std::string_view path() const override { return path_; }
  uint64_t size() const override { return size_; }
  Result<std::string_view> Whole() override { return std::string_view(text_).substr(0, size_); }
  Result<size_t> Read(MutableBytes) override { return 0; }

 private:
  std::string path_;
  std::string text_;
  size_t size_;
};

class BundleSourceTest : public bundle::PortableTest {
 protected:
  std::unique_ptr<zip::Archive> Bundle(const bundle::Selection& selection = {}) {
    const fs::path parts[] = {ZipOf(*PlanOf(selection))};
    return zip::OpenArchive(parts).value();
  }

  // Reads every data file, as an import does.
  KeepingSink ReadAll(const zip::Archive& archive, const ArchiveReading& reading) {
    KeepingSink sink;
    for (size_t i = 0; i < archive.entries().size(); ++i) {
      const std::string path = reading.RelativePath(archive.entries()[i].path);
      if (reading.RoleOf(path) != FileRole::kData) continue;
      TextFile file(path, zip::ReadEntry(archive, i, 1u << 24).value());
      const auto counts = reading.ReadData(file, sink);
      EXPECT_TRUE(counts.has_value());
      EXPECT_EQ(counts->seen, counts->understood);
    }
    return sink;
  }

  std::multiset<std::string> RecordsOfTheHead() {
    std::multiset<std::string> lines;
    for (const library::DocumentRow& row : sample_.head().documents) {
      const std::string text = blobs_.ReadContent(row.digest, row.size).value();
      EXPECT_TRUE(library::ForEachLine(text, [&](std::string_view line, uint64_t) -> Status {
        lines.emplace(line);
        return {};
      }));
    }
    return lines;
  }

  std::unique_ptr<Source> source_ = std::make_unique<ValiseSource>();
};

Listing ListingOf(const zip::Archive& archive) {
  return {.entries = archive.entries(), .part_names = {}};
}

TEST_F(BundleSourceTest, RecognizesItsOwn) {
  const auto archive = Bundle();
  EXPECT_EQ(source_->Recognize(ListingOf(*archive)), 100);
  const zip::ArchiveEntry foreign[] = {
      {.path = "bagit.txt"}, {.path = "data/photo.jpg"}, {.path = "other/data/account.json"}};
  EXPECT_EQ(source_->Recognize({.entries = foreign, .part_names = {}}), 0);
  const zip::ArchiveEntry unpacked[] = {{.path = "data/account.json"}, {.path = "bagit.txt"}};
  EXPECT_EQ(source_->Recognize({.entries = unpacked, .part_names = {}}), 100);
}

TEST_F(BundleSourceTest, RecordsAreThoseOfTheHead) {
  const auto archive = Bundle();
  const auto reading = source_->Begin(ListingOf(*archive), *archive).value();
  const KeepingSink sink = ReadAll(*archive, *reading);
  EXPECT_EQ(sink.lines, RecordsOfTheHead());
  EXPECT_TRUE(sink.issues.empty());
  EXPECT_TRUE(reading->keeps_keys());
  EXPECT_EQ(reading->account_service(), "instagram");
  EXPECT_EQ(reading->account_username(), "ann.example");
  EXPECT_EQ(reading->date(), sample_.head().time);
}

TEST_F(BundleSourceTest, EveryFileHasItsRole) {
  const auto archive = Bundle();
  const auto reading = source_->Begin(ListingOf(*archive), *archive).value();
  std::map<FileRole, int> roles;
  for (const zip::ArchiveEntry& entry : archive->entries())
    ++roles[reading->RoleOf(reading->RelativePath(entry.path))];
  EXPECT_EQ(roles[FileRole::kMedium], 5);
  EXPECT_EQ(roles[FileRole::kData], 9);
  EXPECT_EQ(roles[FileRole::kOther], 3);  // the originals
  EXPECT_EQ(RoleOf("data/note-of-mine.txt"), FileRole::kOther);
}

TEST_F(BundleSourceTest, EarlierImportsComeWithTheirFiles) {
  const auto archive = Bundle();
  const auto reading = source_->Begin(ListingOf(*archive), *archive).value();
  const auto imports = reading->earlier_imports(*archive).value();
  ASSERT_EQ(imports.size(), 1u);
  EXPECT_EQ(imports[0].info, sample_.head().imports[0].info);
  ASSERT_EQ(imports[0].issues.size(), 2u);
  EXPECT_EQ(imports[0].issues[1].code, "unknown_member");
  EXPECT_EQ(imports[0].issues[1].count, 4u);
  const library::ListRow& list = sample_.head().imports[0].files;
  EXPECT_EQ(
      imports[0].files,
      account::ParseOriginalFiles(blobs_.ReadContent(list.digest, list.size).value()).value());
}

TEST_F(BundleSourceTest, OriginalsOfAnUnpackedBundleLieInflated) {
  Bundle();
  const auto packed = Bundle();
  for (size_t i = 0; i < packed->entries().size(); ++i) {
    const fs::path path = folder_.path() / "unpacked" / packed->entries()[i].path;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << zip::ReadEntry(*packed, i, 1u << 24).value();
  }
  const fs::path parts[] = {folder_.path() / "unpacked"};
  const auto archive = zip::OpenArchive(parts).value();
  const auto reading = source_->Begin(ListingOf(*archive), *archive).value();
  const auto imports = reading->earlier_imports(*archive).value();
  for (const account::OriginalFile& file : imports[0].files) {
    if (!file.digest || file.fate == Fate::kMedium) continue;
    EXPECT_FALSE(file.deflated);
    EXPECT_EQ(file.stored_size, file.size);
  }
}

TEST_F(BundleSourceTest, OriginalThatIsGoneLosesItsDigestOnly) {
  auto packed = Bundle();
  const auto reading = source_->Begin(ListingOf(*packed), *packed).value();
  for (size_t i = 0; i < packed->entries().size(); ++i) {
    const std::string& name = packed->entries()[i].path;
    if (name.ends_with("posts_1.json")) continue;
    const fs::path path = folder_.path() / "unpacked" / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << zip::ReadEntry(*packed, i, 1u << 24).value();
  }
  const fs::path parts[] = {folder_.path() / "unpacked"};
  const auto archive = zip::OpenArchive(parts).value();
  const auto imports = reading->earlier_imports(*archive).value();
  EXPECT_EQ(imports[0].files[1].path, "content/posts_1.json");
  EXPECT_EQ(imports[0].files[1].fate, Fate::kParsed);
  EXPECT_FALSE(imports[0].files[1].digest.has_value());
  EXPECT_TRUE(imports[0].files[0].digest.has_value());
}

TEST_F(BundleSourceTest, BundleWithoutOriginalsNamesItsImports) {
  bundle::Selection selection;
  selection.originals = false;
  const auto archive = Bundle(selection);
  const auto reading = source_->Begin(ListingOf(*archive), *archive).value();
  const auto imports = reading->earlier_imports(*archive).value();
  ASSERT_EQ(imports.size(), 1u);
  EXPECT_TRUE(imports[0].files.empty());
}

TEST_F(BundleSourceTest, DamagedLinesAreIssuesAndTheRestIsRead) {
  const auto archive = Bundle();
  const auto reading = source_->Begin(ListingOf(*archive), *archive).value();
  const std::string good =
      R"({"key":"00000000000000000000000000000001","kind":"like","list":"posts"})";
  TextFile file("data/records/likes/2024.json",
                "[\n" + good + ",\n{\"kind\":\"what\"},\nnoise,\n{,\n{},\n{}\n]\n");
  KeepingSink sink;
  const auto counts = reading->ReadData(file, sink).value();
  EXPECT_EQ(counts.seen, 6u);
  EXPECT_EQ(counts.understood, 1u);
  EXPECT_THAT(sink.lines, ElementsAre(good));
  ASSERT_EQ(sink.issues.size(), 4u);
  EXPECT_EQ(sink.issues[3].count, 2u);
}

TEST(AccountFile, WhatIsNotOneIsRefused) {
  EXPECT_EQ(ParseAccountFile("{").error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(ParseAccountFile("[]").error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(ParseAccountFile(R"({"format":"x"})").error().code, ErrorCode::kCorrupt);
  const auto newer = ParseAccountFile(R"({"format":"valise-account-2"})");
  EXPECT_EQ(newer.error().code, ErrorCode::kUnsupported);
  EXPECT_THAT(newer.error().message, HasSubstr("newer Valise"));
  EXPECT_EQ(ParseRenamed("{}").error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(ParseRenamed(R"([{"path":"a"}])").error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace valise::services::own
