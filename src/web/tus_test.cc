#include "web/tus.h"

#include <gtest/gtest.h>

#include "base/digest.h"

namespace valise::web {
namespace {

Result<uint64_t> Count(std::string value) {
  http::Headers headers;
  headers.Add("upload-length", std::move(value));
  return ByteCount(headers, "Upload-Length");
}

TEST(ByteCount, WholeNumbersOnly) {
  EXPECT_EQ(*Count("0"), 0u);
  EXPECT_EQ(*Count("5000000000"), 5'000'000'000u);
  for (const char* bad : {"", "-1", "+1", "1 ", "1.5", "0x10", "99999999999999999999999"}) {
    EXPECT_EQ(Count(bad).error().code, ErrorCode::kInvalidArgument) << bad;
  }
  EXPECT_FALSE(Count("9223372036854775807").has_value());
}

TEST(Metadata, TheNamedOneIsDecoded) {
  EXPECT_EQ(*Metadata("filename bWUuemlw,type YXBw", "filename"), "me.zip");
  EXPECT_EQ(*Metadata("type YXBw, filename bWUuemlw", "filename"), "me.zip");
  EXPECT_EQ(*Metadata("filename", "filename"), "");
  EXPECT_EQ(*Metadata("", "filename"), "");
  EXPECT_EQ(*Metadata("filenames bWUuemlw", "filename"), "");
  EXPECT_FALSE(Metadata("filename !", "filename").has_value());
}

TEST(Checksum, Sha1AndSha256) {
  const auto sha1 = *Checksum::Parse("sha1 qvTGHdzF6KLavt4PO0gs2a6pQ00=");  // of "hello"
  sha1->Update(AsBytes("hel"));
  sha1->Update(AsBytes("lo"));
  EXPECT_TRUE(sha1->Matches());
  const auto other = *Checksum::Parse("sha256 " + ToBase64(Sha256("hello").bytes));
  other->Update(AsBytes("jello"));
  EXPECT_FALSE(other->Matches());
}

TEST(Checksum, WhatIsNotServedIsRefused) {
  for (const char* bad : {"", "sha1", "md5 XUFAKrxLKna5cZ2REBfFkg==", "sha256 aGVsbG8=",
                          "sha1 not base64!", "sha256  "}) {
    EXPECT_FALSE(Checksum::Parse(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace valise::web
