#include "bag/manifest_writer.h"

#include <gtest/gtest.h>

namespace valise::bag {
namespace {

TEST(ManifestWriter, ALineIsDigestTwoBlanksPath) {
  std::string text;
  AppendManifestLine(text, Sha256("abc"), "data/été.jpg");
  EXPECT_EQ(text,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  data/été.jpg\n");
  EXPECT_EQ(text.size(), ManifestLineSize("data/été.jpg"));
}

TEST(ManifestWriter, LineBreaksAndPercentAreEncodedAndNothingElse) {
  std::string text;
  const std::string_view path = "data/a%b\rc\nd e\tf?#\\";
  AppendManifestLine(text, Digest{}, path);
  EXPECT_EQ(text, std::string(64, '0') + "  data/a%25b%0Dc%0Ad e\tf?#\\\n");
  EXPECT_EQ(text.size(), ManifestLineSize(path));
}

TEST(ManifestWriter, Oxum) { EXPECT_EQ(PayloadOxum(279164409832, 1198), "279164409832.1198"); }

TEST(ManifestWriter, BagInfoFoldsAtBlanks) {
  std::string text;
  AppendBagInfo(text, "Source-Organization", "Valise");
  AppendBagInfo(text, "External-Description",
                "one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
                "fifteen\nsixteen");
  EXPECT_EQ(text,
            "Source-Organization: Valise\n"
            "External-Description: one two three four five six seven eight nine ten eleven\n"
            "  twelve thirteen fourteen fifteen sixteen\n");
}

TEST(ManifestWriter, BagInfoKeepsLongWordsAndEmptyValues) {
  std::string text;
  AppendBagInfo(text, "A", std::string(200, 'x'));
  AppendBagInfo(text, "B", "");
  AppendBagInfo(text, "C", "x\r\nForged: y");
  EXPECT_EQ(text, "A: " + std::string(200, 'x') + "\nB: \nC: x Forged: y\n");
}

}  // namespace
}  // namespace valise::bag
