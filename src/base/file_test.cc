#include "base/file.h"

#include <gtest/gtest.h>

namespace valise {
namespace {

TEST(File, WritesAtomicallyAndReadsBack) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "a";
  ASSERT_TRUE(WriteFileAtomically(path, "one"));
  ASSERT_TRUE(WriteFileAtomically(path, "two"));
  EXPECT_EQ(*ReadFile(path), "two");
  EXPECT_EQ(ReadFile(path, 2).error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(ReadFile(folder.path() / "b").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(fs::status(path).permissions() & fs::perms::all, fs::perms(0600));
}

TEST(File, ReadAtNamesAShortFile) {
  const TemporaryFolder folder;
  ASSERT_TRUE(WriteFileAtomically(folder.path() / "a", "12345"));
  const auto file = File::OpenRead(folder.path() / "a");
  ASSERT_TRUE(file);
  std::byte buffer[4];
  EXPECT_TRUE(file->ReadAt(1, buffer));
  EXPECT_EQ(AsText(buffer), "2345");
  EXPECT_EQ(file->ReadAt(2, buffer).error().code, ErrorCode::kCorrupt);
}

TEST(File, MapsAndTemporaryHasNoName) {
  const TemporaryFolder folder;
  ASSERT_TRUE(WriteFileAtomically(folder.path() / "a", "mapped"));
  EXPECT_EQ(AsText(MappedFile::Open(folder.path() / "a")->bytes()), "mapped");
  const auto temporary = File::Temporary(folder.path());
  ASSERT_TRUE(temporary);
  ASSERT_TRUE(temporary->Append(AsBytes("x")));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(FileLock, IsExclusive) {
  const TemporaryFolder folder;
  auto first = FileLock::TryLock(folder.path() / "lock");
  ASSERT_TRUE(first);
  EXPECT_EQ(FileLock::TryLock(folder.path() / "lock").error().code, ErrorCode::kConflict);
  first = Fail(ErrorCode::kCancelled, "released");
  EXPECT_TRUE(FileLock::TryLock(folder.path() / "lock"));
}

}  // namespace
}  // namespace valise
