#include "base/embedded.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace valise {

// Defined by embed_files() in CMakeLists.txt of this room.
std::span<const EmbeddedFile> SampleFiles();

namespace {

TEST(Embedded, HoldsTheBytesOfTheFile) {
  const EmbeddedFile* file = FindEmbedded(SampleFiles(), "base/embedded.h");
  ASSERT_NE(file, nullptr);
  std::ifstream stream(std::filesystem::path(VALISE_SOURCE_DIR) / "src/base/embedded.h");
  const std::string expected{std::istreambuf_iterator<char>(stream), {}};
  EXPECT_EQ(file->content, expected);
}

TEST(Embedded, ListsFilesInOrderOfPath) {
  ASSERT_EQ(SampleFiles().size(), 2u);
  EXPECT_EQ(SampleFiles()[0].path, "base/CMakeLists.txt");
  EXPECT_EQ(SampleFiles()[1].path, "base/embedded.h");
}

TEST(Embedded, UnknownPathIsNull) {
  EXPECT_EQ(FindEmbedded(SampleFiles(), "base/embedded"), nullptr);
  EXPECT_EQ(FindEmbedded(SampleFiles(), "zzz"), nullptr);
  EXPECT_EQ(FindEmbedded({}, "base/embedded.h"), nullptr);
}

}  // namespace
}  // namespace valise
