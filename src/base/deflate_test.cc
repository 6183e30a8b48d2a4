#include "base/deflate.h"

#include <gtest/gtest.h>

#include <string>

namespace valise {
namespace {

std::string Sample() {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "line " + std::to_string(i * 7919 % 1000) + "\n";
  return text;
}

TEST(Deflate, OpenStreamPlusEndIsAComplete) {
  const std::string text = Sample();
  const std::string open = DeflateOpen(AsBytes(text));
  auto back = InflateExact(AsBytes(open + std::string(kDeflateEnd)), text.size());
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, text);
  EXPECT_EQ(*InflateOpenExact(AsBytes(open), text.size()), text);
}

TEST(Deflate, TheTwinIsStoredBlocksAroundTheSameBytes) {
  const std::string text = Sample();
  const std::string twin =
      StoredBlock("valise(\"x\",", false) + DeflateOpen(AsBytes(text)) + StoredBlock(");", true);
  const std::string expected = "valise(\"x\"," + text + ");";
  EXPECT_EQ(*InflateExact(AsBytes(twin), expected.size()), expected);
}

TEST(Deflate, EmptyInput) {
  EXPECT_EQ(*InflateOpenExact(AsBytes(DeflateOpen({})), 0), "");
  EXPECT_EQ(*InflateExact(AsBytes(DeflateComplete({})), 0), "");
}

TEST(Deflate, WrongSizeOrDamageIsCorrupt) {
  const std::string text = Sample();
  const std::string deflated = DeflateComplete(AsBytes(text));
  EXPECT_EQ(InflateExact(AsBytes(deflated), text.size() - 1).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(InflateExact(AsBytes(deflated), text.size() + 1).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(InflateExact(AsBytes(deflated + "x"), text.size()).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(InflateExact(AsBytes("garbage"), 3).error().code, ErrorCode::kCorrupt);
}

TEST(Inflater, WorksInSmallSteps) {
  const std::string text = Sample();
  const std::string deflated = DeflateComplete(AsBytes(text));
  Inflater inflater;
  std::string out;
  bool ended = false;
  for (size_t at = 0; at < deflated.size() && !ended;) {
    std::byte buffer[97];
    const auto step = inflater.Run(
        AsBytes(deflated).subspan(at, std::min<size_t>(13, deflated.size() - at)), buffer);
    ASSERT_TRUE(step);
    at += step->consumed;
    out += AsText(Bytes(buffer).first(step->produced));
    ended = step->ended;
  }
  while (!ended) {
    std::byte buffer[97];
    const auto step = inflater.Run({}, buffer);
    ASSERT_TRUE(step);
    out += AsText(Bytes(buffer).first(step->produced));
    ended = step->ended;
    if (step->produced == 0 && !ended) FAIL() << "no progress";
  }
  EXPECT_EQ(out, text);
}

}  // namespace
}  // namespace valise
