#include "base/digest.h"

#include <gtest/gtest.h>

namespace valise {
namespace {

TEST(Digest, KnownValue) {
  EXPECT_EQ(Sha256("abc").Hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, HasherInPiecesAndReused) {
  Hasher hasher;
  hasher.Update(AsBytes("a"));
  hasher.Update(AsBytes("bc"));
  EXPECT_EQ(hasher.Finish(), Sha256("abc"));
  EXPECT_EQ(hasher.Finish(), Sha256(""));
}

TEST(Digest, ParseRefusesWrongLengthAndLetters) {
  EXPECT_TRUE(Digest::Parse(Sha256("x").Hex()));
  EXPECT_FALSE(Digest::Parse("abcd"));
  EXPECT_FALSE(Digest::Parse(std::string(64, 'g')));
}

TEST(Key, IsBlake2bOf16Bytes) {
  // b2sum -l 128 of "abc"
  EXPECT_EQ(Key::Of("abc").Hex(), "cf4ab791c62b8d2b2109c90275287816");
}

TEST(Hmac, Rfc4231Case2) {
  EXPECT_EQ(HmacSha256("Jefe", "what do ya want for nothing?").Hex(),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Bytes, Base64AndHex) {
  EXPECT_EQ(ToBase64Url(AsBytes("\xff\xfe")), "__4");
  EXPECT_EQ(*FromBase64Url("__4"), "\xff\xfe");
  EXPECT_EQ(ToBase64(AsBytes("\xff\xfe")), "//4=");
  EXPECT_FALSE(FromBase64("!"));
  EXPECT_EQ(*FromHex("00fF"), std::string("\0\xff", 2));
}

}  // namespace
}  // namespace valise
