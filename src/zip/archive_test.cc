#include "zip/archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/random.h"
#include "zip/test_zip.h"

namespace valise::zip {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ZipArchiveTest : public ::testing::Test {
 protected:
  Result<std::unique_ptr<Archive>> Open(std::string_view bytes, const ArchiveLimits& limits = {}) {
    const fs::path path = WriteTestFile(folder_.path() / "a.zip", bytes);
    return OpenArchive({&path, 1}, limits);
  }
  std::unique_ptr<Archive> MustOpen(std::string_view bytes) {
    auto archive = Open(bytes);
    EXPECT_TRUE(archive.has_value()) << (archive ? "" : archive.error().message);
    return archive ? *std::move(archive) : nullptr;
  }
  TemporaryFolder folder_;
};

std::vector<std::string> Paths(const Archive& archive) {
  std::vector<std::string> paths;
  for (const ArchiveEntry& e : archive.entries()) paths.push_back(e.path);
  return paths;
}

std::vector<std::string> RefusedPaths(const Archive& archive) {
  std::vector<std::string> paths;
  for (const RefusedEntry& e : archive.refused()) paths.push_back(e.path);
  return paths;
}

// Through a reader, `step` bytes at a time.
Result<std::string> Stream(const Archive& archive, size_t index, size_t step,
                           std::string* stored = nullptr) {
  ASSIGN_OR_RETURN(const auto reader, archive.Open(index));
  if (stored != nullptr) {
    reader->OnStored([stored](Bytes bytes) -> Status {
      *stored += AsText(bytes);
      return {};
    });
  }
  std::string out;
  std::vector<std::byte> buffer(step);
  while (true) {
    ASSIGN_OR_RETURN(const size_t read, reader->Read(buffer));
    if (read == 0) return out;
    out += AsText(Bytes(buffer).first(read));
  }
}

std::string Noise(size_t size) {
  std::string text(size, '\0');
  SystemRandom().Fill(std::as_writable_bytes(std::span(text)));
  return text;
}

TEST_F(ZipArchiveTest, ReadsStoredAndDeflatedEntriesEveryWay) {
  const std::string text = Noise(300'000) + std::string(300'000, 'z');
  for (const bool descriptor : {false, true}) {
    for (const bool zip64 : {false, true}) {
      if (descriptor && zip64) continue;
      const auto archive = MustOpen(
          MakeTestZip({{.name = "s", .content = text, .descriptor = descriptor, .zip64 = zip64},
                       {.name = "d",
                        .content = text,
                        .deflate = true,
                        .descriptor = descriptor,
                        .zip64 = zip64},
                       {.name = "e", .content = ""},
                       {.name = "f", .content = "", .deflate = true}},
                      {.zip64_end = zip64}));
      ASSERT_TRUE(archive);
      EXPECT_THAT(Paths(*archive), ElementsAre("s", "d", "e", "f"));
      for (const size_t step : {1'000'000, 4096, 999}) {
        EXPECT_EQ(Stream(*archive, 0, step), text);
        EXPECT_EQ(Stream(*archive, 1, step), text);
        EXPECT_EQ(Stream(*archive, 2, step), "");
        EXPECT_EQ(Stream(*archive, 3, step), "");
      }
      EXPECT_EQ(ReadEntry(*archive, 0, 1 << 20), text);
      EXPECT_EQ(ReadEntry(*archive, 1, 1 << 20), text);
      EXPECT_EQ(ReadEntry(*archive, 2, 0), "");
      EXPECT_EQ(ReadEntry(*archive, 3, 0), "");
      EXPECT_EQ(archive->entries()[0].modified, FromSeconds(1'563'107'696));
    }
  }
}

TEST_F(ZipArchiveTest, GivesTheStoredBytesWhileReading) {
  const std::string text(500'000, 'q');
  const auto archive = MustOpen(MakeTestZip(
      {{.name = "d", .content = text, .deflate = true}, {.name = "s", .content = text}}));
  std::string stored;
  EXPECT_EQ(Stream(*archive, 0, 5000, &stored), text);
  EXPECT_EQ(stored, DeflateComplete(AsBytes(text)));
  stored.clear();
  EXPECT_EQ(Stream(*archive, 1, 5000, &stored), text);
  EXPECT_EQ(stored, text);
}

TEST_F(ZipArchiveTest, AnErrorOfTheStoredCallbackIsGivenBack) {
  const auto archive = MustOpen(MakeTestZip({{.name = "s", .content = "text"}}));
  const auto reader = *archive->Open(0);
  reader->OnStored([](Bytes) -> Status { return Fail(ErrorCode::kUnavailable, "disk full"); });
  std::byte buffer[10];
  EXPECT_EQ(reader->Read(buffer).error().code, ErrorCode::kUnavailable);
}

TEST_F(ZipArchiveTest, WrongCrcOfOneEntryKeepsTheRest) {
  const auto archive = MustOpen(MakeWrongCrc());
  EXPECT_EQ(Stream(*archive, 0, 100).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(ReadEntry(*archive, 0, 100).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(Stream(*archive, 1, 100), "good");
}

TEST_F(ZipArchiveTest, LyingSizesAreCorruptAndNeverInflatedBeyond) {
  const std::string text(10'000, 'x');
  for (const uint64_t lie : {9'999, 10'001, 0, 20'000}) {
    const auto archive =
        MustOpen(MakeTestZip({{.name = "a", .content = text, .deflate = true, .size = lie}}));
    EXPECT_EQ(ReadEntry(*archive, 0, 1 << 20).error().code, ErrorCode::kCorrupt) << lie;
    EXPECT_EQ(Stream(*archive, 0, 777).error().code, ErrorCode::kCorrupt) << lie;
  }
  const std::string with_tail = DeflateComplete(AsBytes(text)) + "tail";
  const auto archive =
      MustOpen(MakeTestZip({{.name = "a", .content = text, .deflate = true, .stored = with_tail}}));
  EXPECT_EQ(ReadEntry(*archive, 0, 1 << 20).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(Stream(*archive, 0, 777).error().code, ErrorCode::kCorrupt);
}

TEST_F(ZipArchiveTest, DamagedDeflateIsCorrupt) {
  const auto archive = MustOpen(MakeTestZip(
      {{.name = "a", .content = std::string(5000, 'x'), .deflate = true, .stored = "\x07garbage"},
       {.name = "cut",
        .content = Noise(5000),
        .deflate = true,
        .stored = DeflateComplete(AsBytes(Noise(5000))).substr(0, 100)}}));
  EXPECT_EQ(Stream(*archive, 0, 777).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(Stream(*archive, 1, 777).error().code, ErrorCode::kCorrupt);
}

TEST_F(ZipArchiveTest, ZipSlipNamesAreRefusedAndTheRestKept) {
  const auto archive = MustOpen(MakeZipSlip());
  EXPECT_THAT(Paths(*archive), ElementsAre("fine/a.txt"));
  EXPECT_EQ(archive->refused().size(), 6u);
  for (const RefusedEntry& r : archive->refused()) {
    EXPECT_EQ(r.error.code, ErrorCode::kInvalidArgument) << r.path;
  }
}

TEST_F(ZipArchiveTest, OverlappingEntriesAreRefused) {
  const auto archive = Open(MakeOverlappingBomb());
  ASSERT_FALSE(archive);
  EXPECT_EQ(archive.error().code, ErrorCode::kCorrupt);
  EXPECT_THAT(archive.error().message, HasSubstr("overlap"));
}

TEST_F(ZipArchiveTest, AnOverlapThatOnlyTheLocalExtraShowsIsRefusedWhenOpened) {
  // The local header of "a" has an extra that pushes its data into "b", of which the directory
  // knows nothing.
  std::string zip =
      MakeTestZip({{.name = "a", .content = "12345678"}, {.name = "b", .content = "x"}});
  zip[28] = 4;
  const auto archive = MustOpen(zip);
  const auto reader = archive->Open(0);
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(Stream(*archive, 1, 10), "x");
}

TEST_F(ZipArchiveTest, RatioBombsAreRefusedByName) {
  const auto archive = MustOpen(MakeRatioBomb());
  EXPECT_THAT(Paths(*archive), ElementsAre("good.txt"));
  EXPECT_THAT(RefusedPaths(*archive), ElementsAre("bomb"));
  EXPECT_EQ(archive->refused()[0].error.code, ErrorCode::kLimitExceeded);
}

TEST_F(ZipArchiveTest, HonestHighRatiosAreRead) {
  const std::string zeros(8 << 20, '\0');
  const auto archive = MustOpen(MakeTestZip({{.name = "z", .content = zeros, .deflate = true}}));
  ASSERT_EQ(archive->entries().size(), 1u);
  EXPECT_EQ(ReadEntry(*archive, 0, zeros.size()), zeros);
}

TEST_F(ZipArchiveTest, LimitsAreNamed) {
  const std::string zip =
      MakeTestZip({{.name = "a", .content = "12"}, {.name = "b", .content = "34"}});
  EXPECT_EQ(Open(zip, {.entries = 1}).error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(Open(zip, {.total_size = 3}).error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ((*Open(zip, {.entry_size = 1}))->refused().size(), 2u);
  EXPECT_EQ((*Open(zip, {.name_bytes = 0}))->refused().size(), 2u);
  EXPECT_EQ(ReadEntry(**Open(zip), 0, 1).error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(ReadEntry(**Open(zip), 2, 1).error().code, ErrorCode::kNotFound);
}

TEST_F(ZipArchiveTest, WhatCannotBeReadIsRefusedByNameWithTheReason) {
  const auto archive = MustOpen(
      MakeTestZip({{.name = "encrypted", .content = "x", .flags = 1},
                   {.name = "aes", .content = "x", .method = 99},
                   {.name = "lzma", .content = "x", .method = 14},
                   {.name = "link", .content = "/etc/passwd", .attributes = 0120777u << 16},
                   {.name = "device", .content = "", .attributes = 0060600u << 16},
                   {.name = "two", .content = "12", .size = 3},
                   {.name = "folder/", .content = "content"},
                   {.name = "fine", .content = "x"}}));
  EXPECT_THAT(Paths(*archive), ElementsAre("fine"));
  EXPECT_THAT(RefusedPaths(*archive),
              ElementsAre("encrypted", "aes", "lzma", "link", "device", "two", "folder/"));
  EXPECT_THAT(archive->refused()[0].error.message, HasSubstr("encrypted"));
  EXPECT_THAT(archive->refused()[1].error.message, HasSubstr("encrypted"));
  EXPECT_THAT(archive->refused()[2].error.message, HasSubstr("LZMA"));
  EXPECT_THAT(archive->refused()[3].error.message, HasSubstr("symbolic link"));
}

TEST_F(ZipArchiveTest, LocalHeadersThatDisagreeAreCorrupt) {
  const auto archive = MustOpen(MakeTestZip({{.name = "name", .content = "x", .local_name = "nome"},
                                             {.name = "method", .content = "x", .local_method = 8},
                                             {.name = "size", .content = "x", .local_size = 2},
                                             {.name = "fine", .content = "x"}}));
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(archive->Open(i).error().code, ErrorCode::kCorrupt) << i;
  EXPECT_EQ(Stream(*archive, 3, 10), "x");
}

TEST_F(ZipArchiveTest, NamesAreMadeIntoPaths) {
  std::string unicode_path;  // 0x7075 for the raw name "\x82\xff"
  AppendLe(unicode_path, uint16_t{0x7075});
  AppendLe(unicode_path, uint16_t{5 + 6});
  AppendLe(unicode_path, uint8_t{1});
  AppendLe(unicode_path, Crc32(AsBytes("\x82\xff")));
  unicode_path += "写真";
  const auto archive =
      MustOpen(MakeTestZip({{.name = "back\\slash\\a", .content = ""},
                            {.name = "./b//c", .content = ""},
                            {.name = "été", .content = "", .flags = 0},
                            {.name = "\x82t\x82.x", .content = "", .flags = 0},
                            {.name = "\x82\xff", .content = "", .flags = 0, .extra = unicode_path},
                            {.name = "dir/", .content = ""},
                            {.name = "__MACOSX/._x", .content = ""}}));
  EXPECT_THAT(Paths(*archive),
              ElementsAre("back/slash/a", "b/c", "été", "été.x", "写真", "__MACOSX/._x"));
}

TEST_F(ZipArchiveTest, DuplicateNamesAreRefusedAfterTheFirst) {
  const auto archive = MustOpen(MakeTestZip({{.name = "a/B.txt", .content = "1"},
                                             {.name = "c", .content = "2"},
                                             {.name = "a/B.txt", .content = "3"},
                                             {.name = "A/b.TXT", .content = "4"},
                                             {.name = "d", .content = "5"}}));
  EXPECT_THAT(Paths(*archive), ElementsAre("a/B.txt", "c", "d"));
  EXPECT_THAT(RefusedPaths(*archive), ElementsAre("a/B.txt", "A/b.TXT"));
  EXPECT_EQ(Stream(*archive, 0, 10), "1");
  EXPECT_EQ(Stream(*archive, 2, 10), "5");
}

TEST_F(ZipArchiveTest, TimesComeFromTheExtraFirst) {
  std::string ut("\x55\x54\x05\x00\x01", 5);
  AppendLe(ut, uint32_t{0xFFFFFFFE});  // two seconds before 1970
  const auto archive = MustOpen(MakeTestZip({{.name = "a", .content = "", .extra = ut}}));
  EXPECT_EQ(archive->entries()[0].modified, FromSeconds(-2));
}

TEST_F(ZipArchiveTest, JunkBeforeCommentsAndTrailingBytesAreTolerated) {
  const std::vector<TestEntry> entries = {{.name = "a", .content = "text"}};
  for (const TestZipOptions& options :
       {TestZipOptions{.junk = "#!/bin/sh\nexec me\n"},
        TestZipOptions{.comment = "a comment PK\x05\x06 in it"}, TestZipOptions{.trailing = "\r\n"},
        TestZipOptions{.junk = "junk", .zip64_end = true}}) {
    const auto archive = MustOpen(MakeTestZip(entries, options));
    ASSERT_TRUE(archive);
    EXPECT_EQ(Stream(*archive, 0, 10), "text");
  }
}

TEST_F(ZipArchiveTest, NoEntriesAtAll) {
  const auto archive = MustOpen(MakeTestZip({}));
  ASSERT_TRUE(archive);
  EXPECT_EQ(archive->entries().size(), 0u);
}

TEST_F(ZipArchiveTest, CutOffAndContradictionsAreCorrupt) {
  EXPECT_EQ(Open(MakeTruncated()).error().code, ErrorCode::kCorrupt);
  EXPECT_THAT(Open(MakeTruncated()).error().message, HasSubstr("cut off"));
  const std::string whole = MakeTestZip({{.name = "a", .content = std::string(1000, 'a')}});
  EXPECT_EQ(Open(whole.substr(100)).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(Open(MakeTestZip({{.name = "a", .content = "x"}}, {.count = 2})).error().code,
            ErrorCode::kCorrupt);
  EXPECT_EQ(Open(MakeTestZip({{.name = "a", .content = "x", .size = 99, .stored_size = 99}}))
                .error()
                .code,
            ErrorCode::kCorrupt);
  EXPECT_EQ(Open(MakeTestZip({{.name = "a", .content = "x"}}, {.disk = 2})).error().code,
            ErrorCode::kUnsupported);
}

TEST_F(ZipArchiveTest, EveryTruncationAndByteChangeIsSurvived) {
  const std::string whole =
      MakeTestZip({{.name = "a", .content = "some text"},
                   {.name = "b", .content = std::string(200, 'b'), .deflate = true}});
  for (size_t i = 0; i < whole.size(); ++i) {
    EXPECT_FALSE(Open(whole.substr(0, i))) << i;
    for (const char change : {'\x00', '\x01', '\xff'}) {
      std::string changed = whole;
      changed[i] = change;
      const auto archive = Open(changed);
      if (!archive) continue;
      for (size_t e = 0; e < (*archive)->entries().size(); ++e) {
        const auto content = Stream(**archive, e, 64);
        EXPECT_EQ(content.has_value(), ReadEntry(**archive, e, 1 << 20).has_value());
      }
    }
  }
}

TEST_F(ZipArchiveTest, SaysWhatElseItSeemsToBe) {
  const std::pair<std::string, const char*> cases[] = {
      {"", "an empty file"},
      {"Rar!\x1a\x07\x01", "a RAR archive"},
      {"7z\xbc\xaf\x27\x1c...", "a 7z archive"},
      {"\x1f\x8b\x08", "gzip"},
      {"%PDF-1.7", "a PDF"},
      {"\xef\xbb\xbf  <!DOCTYPE html><html>", "an HTML page"},
      {"{\"error\": 1}", "a JSON file"},
      {"just words", "a text file"},
      {std::string(2000, '\0'), "zero bytes"},
      {"\x01\x02\x03\x04\x05", "unknown kind"},
      {std::string(257, 'x') + "ustar", "a tar archive"},
  };
  for (const auto& [bytes, words] : cases) {
    const auto archive = Open(bytes);
    ASSERT_FALSE(archive);
    EXPECT_EQ(archive.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(archive.error().message, HasSubstr(words));
  }
}

TEST_F(ZipArchiveTest, SeveralPartsAreOneArchive) {
  const fs::path parts[] = {
      WriteTestFile(folder_.path() / "2.zip",
                    MakeTestZip({{.name = "same", .content = "2"}, {.name = "b", .content = "b"}})),
      WriteTestFile(folder_.path() / "1.zip", MakeTestZip({{.name = "same", .content = "1"}}))};
  const auto archive = *OpenArchive(parts);
  EXPECT_THAT(Paths(*archive), ElementsAre("same", "b", "same"));
  EXPECT_EQ(archive->entries()[2].part, 1u);
  EXPECT_EQ(Stream(*archive, 0, 10), "2");
  EXPECT_EQ(Stream(*archive, 2, 10), "1");
  const fs::path bad[] = {parts[0], WriteTestFile(folder_.path() / "x", "text")};
  EXPECT_THAT(OpenArchive(bad).error().message, HasSubstr("part 2"));
  const fs::path mixed[] = {parts[0], folder_.path()};
  EXPECT_EQ(OpenArchive(mixed).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(ZipArchiveTest, MissingFilesAndNonFiles) {
  const fs::path absent = folder_.path() / "absent.zip";
  EXPECT_EQ(OpenArchive({&absent, 1}).error().code, ErrorCode::kNotFound);
  const fs::path fifo = folder_.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_EQ(OpenArchive({&fifo, 1}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(OpenArchive({}).error().code, ErrorCode::kInvalidArgument);
}

TEST(FolderArchive, IsSortedAndFollowsNoLinks) {
  const TemporaryFolder folder;
  WriteTestFile(folder.path() / "b/2.txt", "two");
  WriteTestFile(folder.path() / "b/1.txt", "one");
  WriteTestFile(folder.path() / "a.txt", "");
  WriteTestFile(folder.path() / "bad\xff.txt", "");
  WriteTestFile(folder.path() / "back\\slash", "");
  fs::create_symlink("/etc/passwd", folder.path() / "link");
  fs::create_directory_symlink("/etc", folder.path() / "links");
  ASSERT_EQ(::mkfifo((folder.path() / "fifo").c_str(), 0600), 0);
  const fs::path root = folder.path();
  const auto archive = *OpenArchive({&root, 1});
  EXPECT_THAT(Paths(*archive), ElementsAre("a.txt", "b/1.txt", "b/2.txt"));
  EXPECT_THAT(RefusedPaths(*archive),
              ElementsAre("back\\slash", "bad\uFFFD.txt", "fifo", "link", "links"));
  EXPECT_EQ(Stream(*archive, 2, 2), "two");
  EXPECT_EQ(ReadEntry(*archive, 1, 10), "one");
  EXPECT_EQ(ReadEntry(*archive, 0, 0), "");
}

TEST(FolderArchive, AFileThatChangedIsCorrupt) {
  const TemporaryFolder folder;
  WriteTestFile(folder.path() / "a", "one");
  const fs::path root = folder.path();
  const auto archive = *OpenArchive({&root, 1});
  WriteTestFile(folder.path() / "a", "longer");
  EXPECT_EQ(archive->Open(0).error().code, ErrorCode::kCorrupt);
  fs::remove(folder.path() / "a");
  fs::create_symlink("/etc/passwd", folder.path() / "a");
  EXPECT_FALSE(archive->Open(0));
}

}  // namespace
}  // namespace valise::zip
