#include "media/sniff.h"

#include <gtest/gtest.h>

#include <string>

namespace valise::media {
namespace {

using namespace std::string_view_literals;

TEST(Sniff, KnowsMediaByTheirFirstBytes) {
  EXPECT_EQ(Sniff(AsBytes("\xFF\xD8\xFF\xE0rest")), "image/jpeg");
  EXPECT_EQ(Sniff(AsBytes("\x89PNG\r\n\x1A\n....")), "image/png");
  EXPECT_EQ(Sniff(AsBytes("RIFF\x01\x02\x03\x04WEBPVP8X"sv)), "image/webp");
  EXPECT_EQ(Sniff(AsBytes("\0\0\0\x20"
                          "ftypisom"sv)),
            "video/mp4");
  EXPECT_EQ(Sniff(AsBytes("\0\0\0\x20"
                          "ftypM4A "sv)),
            "audio/mp4");
  EXPECT_EQ(Sniff(AsBytes("\0\0\0\x20"
                          "ftypheic"sv)),
            "image/heic");
}

TEST(Sniff, SaysNothingOfOtherBytes) {
  EXPECT_EQ(Sniff({}), "");
  EXPECT_EQ(Sniff(AsBytes("<html>")), "");
  EXPECT_EQ(Sniff(AsBytes("\xFF\xD8")), "");
}

TEST(Sniff, TypesAndExtensionsAgree) {
  EXPECT_EQ(ExtensionOf("image/jpeg"), ".jpg");
  EXPECT_EQ(TypeOfName("a/b.JPEG"), "image/jpeg");
  EXPECT_EQ(TypeOfName("captions.srt"), "application/x-subrip");
  EXPECT_EQ(TypeOfName("README"), "");
  EXPECT_EQ(ExtensionOf("text/html"), "");
}

}  // namespace
}  // namespace valise::media
