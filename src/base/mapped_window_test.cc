#include "base/mapped_window.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace valise {
namespace {

class MappedWindowTest : public testing::Test {
 protected:
  // A sparse file whose byte at each place is told by what was written there.
  File Make(uint64_t size) {
    File file = File::Create(folder_.path() / "file").value();
    EXPECT_EQ(::ftruncate(file.fd(), static_cast<off_t>(size)), 0);
    return File::OpenWrite(folder_.path() / "file").value();
  }
  TemporaryFolder folder_;
};

TEST_F(MappedWindowTest, CrossesWindowsInPieces) {
  const File file = Make(MappedWindow::kBytes + 10);
  ASSERT_TRUE(file.WriteAt(MappedWindow::kBytes - 2, AsBytes("abcd")));
  MappedWindow window;
  const Bytes first = window.At(file, MappedWindow::kBytes - 2, 100).value();
  EXPECT_EQ(AsText(first), "ab");
  const Bytes second = window.At(file, MappedWindow::kBytes, 100).value();
  EXPECT_EQ(second.size(), 10u);
  EXPECT_EQ(AsText(second.first(2)), "cd");
  EXPECT_EQ(window.At(file, MappedWindow::kBytes + 1, 1).value().size(), 1u);
}

TEST_F(MappedWindowTest, AnotherFileIsAnotherWindow) {
  const File file = Make(3);
  ASSERT_TRUE(file.WriteAt(0, AsBytes("one")));
  const File other = File::Create(folder_.path() / "other").value();
  ASSERT_TRUE(other.WriteAt(0, AsBytes("two")));
  const File readable = File::OpenRead(folder_.path() / "other").value();
  MappedWindow window;
  EXPECT_EQ(AsText(window.At(file, 0, 9).value()), "one");
  EXPECT_EQ(AsText(window.At(readable, 0, 9).value()), "two");
}

TEST_F(MappedWindowTest, BehindTheEndIsAnError) {
  const File file = Make(5);
  MappedWindow window;
  EXPECT_EQ(window.At(file, 5, 1).error().code, ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace valise
