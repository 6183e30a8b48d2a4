#include "base/crc32.h"

#include <gtest/gtest.h>

#include <string>

namespace valise {
namespace {

std::string Repeat(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

TEST(Crc32, KnownValues) {
  EXPECT_EQ(Crc32(AsBytes("123456789")), 0xcbf43926u);
  EXPECT_EQ(Crc32(AsBytes(std::string(1'000'000, '\0'))), 0x1279cb9eu);
  EXPECT_EQ(Crc32(Bytes{}), 0u);
}

TEST(Crc32, ContinuesWhereItStopped) {
  const uint32_t first = Crc32(AsBytes("12345"));
  EXPECT_EQ(Crc32(first, AsBytes("6789")), 0xcbf43926u);
}

TEST(Crc32, CombinesTwoParts) {
  const std::string a = Repeat("hello, ", 1000);
  const std::string b = Repeat("world", 333);
  EXPECT_EQ(Crc32(AsBytes(a)), 0x3a6d26ddu);
  EXPECT_EQ(Crc32(AsBytes(b)), 0x621c2859u);
  EXPECT_EQ(Crc32Combine(0x3a6d26dd, 0x621c2859, 1665), 0x7c6d95aeu);
  EXPECT_EQ(Crc32(AsBytes(a + b)), 0x7c6d95aeu);
}

}  // namespace
}  // namespace valise
