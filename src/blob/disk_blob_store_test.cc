#include "blob/disk_blob_store.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>

namespace valise::blob {
namespace {

size_t FilesIn(const fs::path& folder) {
  size_t files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    files += entry.is_regular_file();
  return files;
}

TEST(DiskBlobStore, NamesAreAsDocumented) {
  const TemporaryFolder folder;
  const auto store = DiskBlobStore::Open(folder.path()).value();
  ASSERT_TRUE(store->Put(Sha256("a"), Encoding::kIdentity, AsBytes("a")));
  ASSERT_TRUE(store->Put(Sha256("b"), Encoding::kDeflate, AsBytes("b")));
  ASSERT_TRUE(store->Put(Sha256("c"), Encoding::kDeflateOpen, AsBytes("c")));
  const auto path = [&](std::string_view content, std::string_view suffix) {
    const std::string hex = Sha256(content).Hex();
    return folder.path() / hex.substr(0, 2) / (hex + std::string(suffix));
  };
  EXPECT_TRUE(fs::exists(path("a", "")));
  EXPECT_TRUE(fs::exists(path("b", ".deflate")));
  EXPECT_TRUE(fs::exists(path("c", ".open")));
}

TEST(DiskBlobStore, SurvivesReopening) {
  const TemporaryFolder folder;
  ASSERT_TRUE(DiskBlobStore::Open(folder.path())
                  .value()
                  ->Put(Sha256("kept"), Encoding::kIdentity, AsBytes("kept")));
  EXPECT_EQ(DiskBlobStore::Open(folder.path()).value()->ReadContent(Sha256("kept"), 4).value(),
            "kept");
}

TEST(DiskBlobStore, ABlobThatWasCutShortIsReplacedByThePut) {
  for (const auto incoming : {DiskBlobStore::Incoming::kUnnamed, DiskBlobStore::Incoming::kNamed}) {
    for (const uint64_t left : {uint64_t{0}, uint64_t{3}}) {
      const TemporaryFolder folder;
      const auto store = DiskBlobStore::Open(folder.path(), incoming).value();
      const Digest digest = Sha256("a photo");
      ASSERT_TRUE(store->Put(digest, Encoding::kIdentity, AsBytes("a photo")));
      fs::resize_file(folder.path() / digest.Hex().substr(0, 2) / digest.Hex(), left);
      ASSERT_FALSE(store->ReadContent(digest, 7));
      EXPECT_EQ(store->Put(digest, Encoding::kIdentity, AsBytes("a photo")).value(),
                (BlobInfo{Encoding::kIdentity, 7}));
      EXPECT_EQ(store->ReadContent(digest, 7).value(), "a photo");
      EXPECT_EQ(FilesIn(folder.path()), 1u);
    }
  }
}

TEST(DiskBlobStore, WhatIsSetAsideIsAbsentAndCanBePutAnew) {
  const TemporaryFolder folder;
  const auto store = DiskBlobStore::Open(folder.path() / "blobs").value();
  const Digest digest = Sha256("text");
  ASSERT_TRUE(store->Put(digest, Encoding::kDeflate, AsBytes("damaged")));
  const fs::path aside = folder.path() / "damaged";
  ASSERT_TRUE(store->SetAside(digest, aside));
  EXPECT_EQ(ReadFile(aside / (digest.Hex() + ".deflate")).value(), "damaged");
  EXPECT_EQ(store->Stat(digest).value(), std::nullopt);
  EXPECT_EQ(store->SetAside(digest, aside).error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(store->Put(digest, Encoding::kIdentity, AsBytes("text")));
  EXPECT_EQ(store->ReadContent(digest, 4).value(), "text");
  EXPECT_EQ(FilesIn(aside), 1u);
}

TEST(DiskBlobStore, AbandonedNamedFileIsRemoved) {
  const TemporaryFolder folder;
  const auto store = DiskBlobStore::Open(folder.path(), DiskBlobStore::Incoming::kNamed).value();
  {
    const auto writer = store->Begin(Encoding::kIdentity).value();
    ASSERT_TRUE(writer->Write(AsBytes("half")));
    EXPECT_EQ(FilesIn(folder.path()), 1u);
  }
  EXPECT_EQ(FilesIn(folder.path()), 0u);
}

TEST(DiskBlobStore, StrangersInTheFolderAreNotListed) {
  const TemporaryFolder folder;
  const auto store = DiskBlobStore::Open(folder.path()).value();
  ASSERT_TRUE(store->Put(Sha256("one"), Encoding::kIdentity, AsBytes("one")));
  const std::string hex = Sha256("one").Hex();
  const fs::path inner = folder.path() / hex.substr(0, 2);
  for (const fs::path& name : {folder.path() / "notes.txt", inner / "short", inner / (hex + ".zip"),
                               inner / (hex + "0"), inner / std::string(64, 'g')}) {
    std::ofstream(name) << "x";
  }
  int listed = 0;
  ASSERT_TRUE(store->List([&](const Digest& digest, const BlobInfo&) -> Status {
    EXPECT_EQ(digest, Sha256("one"));
    ++listed;
    return {};
  }));
  EXPECT_EQ(listed, 1);
}

TEST(DiskBlobStore, OpenGivesTheStoredBytes) {
  const TemporaryFolder folder;
  const auto store = DiskBlobStore::Open(folder.path()).value();
  ASSERT_TRUE(store->Put(Sha256("x"), Encoding::kDeflateOpen, AsBytes("stored form")));
  const File file = store->Open(Sha256("x")).value();
  EXPECT_EQ(file.Size().value(), 11u);
  EXPECT_EQ(store->Open(Sha256("y")).error().code, ErrorCode::kNotFound);
}

TEST(DiskBlobStore, FolderThatIsAFileIsRefused) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "file") << "x";
  EXPECT_FALSE(DiskBlobStore::Open(folder.path() / "file" / "blobs").has_value());
}

// A limit on file sizes stands for a disk without room: the kernel answers a write with an error
// there too.
TEST(DiskBlobStore, FullDiskIsUnavailableAndKeepsTheRest) {
  const TemporaryFolder folder;
  const auto store = DiskBlobStore::Open(folder.path()).value();
  ASSERT_TRUE(store->Put(Sha256("before"), Encoding::kIdentity, AsBytes("before")));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{100'000, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const std::string text(200'000, 'f');
  const auto put = store->Put(Sha256(text), Encoding::kIdentity, AsBytes(text));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);

  ASSERT_FALSE(put.has_value());
  EXPECT_EQ(put.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(put.error().message.find("the disk is full"), std::string::npos);
  EXPECT_EQ(FilesIn(folder.path()), 1u);
  EXPECT_EQ(store->ReadContent(Sha256("before"), 6).value(), "before");
  EXPECT_TRUE(store->Put(Sha256(text), Encoding::kIdentity, AsBytes(text)).has_value());
}

}  // namespace
}  // namespace valise::blob
