#include "bag/signature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "zip/test_tools.h"

namespace valise::bag {
namespace {

using ::testing::HasSubstr;
using zip::HasTool;
using zip::RunShell;

// Counts up, so that keys are the same in every run.
class CountingRandom final : public Random {
 public:
  void Fill(MutableBytes out) override {
    for (std::byte& b : out) b = std::byte{next_++};
  }

 private:
  uint8_t next_ = 1;
};

SigningKey TestKey() {
  CountingRandom random;
  return SigningKey::Generate(random);
}

constexpr std::string_view kMessage = "the manifest\n";

TEST(Signature, IsCheckedByItsPublicKey) {
  const SigningKey key = TestKey();
  const std::string text = *key.Sign(AsBytes(kMessage), "head:abc");
  const auto signature = Signature::Parse(text);
  ASSERT_TRUE(signature);
  EXPECT_EQ(signature->trusted_comment, "head:abc");
  EXPECT_EQ(signature->key_id.Text(), "0807060504030201");
  EXPECT_TRUE(CheckSignature(*signature, AsBytes(kMessage), key.public_key()));
  EXPECT_EQ(text, *key.Sign(AsBytes(kMessage), "head:abc"));
}

TEST(Signature, ChangesAreFound) {
  const SigningKey key = TestKey();
  Signature signature = *Signature::Parse(*key.Sign(AsBytes(kMessage), "head:abc"));
  EXPECT_EQ(CheckSignature(signature, AsBytes("another"), key.public_key()).error().code,
            ErrorCode::kCorrupt);
  Signature comment = signature;
  comment.trusted_comment = "head:abd";
  EXPECT_EQ(CheckSignature(comment, AsBytes(kMessage), key.public_key()).error().code,
            ErrorCode::kCorrupt);
  SystemRandom random;
  const PublicKey other = SigningKey::Generate(random).public_key();
  EXPECT_EQ(CheckSignature(signature, AsBytes(kMessage), other).error().code,
            ErrorCode::kPermissionDenied);
  PublicKey same_id = other;
  same_id.id = key.public_key().id;
  EXPECT_EQ(CheckSignature(signature, AsBytes(kMessage), same_id).error().code,
            ErrorCode::kCorrupt);
}

TEST(Signature, NonsenseIsRefused) {
  const std::string good = *TestKey().Sign(AsBytes(kMessage), "c");
  for (size_t i = 0; i < good.size() - 2; ++i)
    EXPECT_FALSE(Signature::Parse(good.substr(0, i))) << i;
  EXPECT_FALSE(Signature::Parse("untrusted comment: x\nAAAA\ntrusted comment: x\nAAAA\n"));
  EXPECT_FALSE(PublicKey::Parse("untrusted comment: x\nAAAA\n"));
  EXPECT_FALSE(PublicKey::Parse(""));
  EXPECT_FALSE(SigningKey::Parse(Secret(std::string("untrusted comment: x\nAAAA\n"))));
  EXPECT_EQ(TestKey().Sign({}, "two\nlines").error().code, ErrorCode::kInvalidArgument);
}

TEST(SigningKeyFile, RoundTripsIsPrivateAndNeverWrittenOver) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "key";
  const SigningKey key = TestKey();
  ASSERT_TRUE(key.Save(path));
  struct stat info{};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  const auto back = SigningKey::Load(path);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(back->public_key(), key.public_key());
  EXPECT_EQ(*back->Sign(AsBytes(kMessage), "c"), *key.Sign(AsBytes(kMessage), "c"));
  EXPECT_EQ(key.Save(path).error().code, ErrorCode::kAlreadyExists);
  ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  EXPECT_EQ(SigningKey::Load(path).error().code, ErrorCode::kPermissionDenied);
  EXPECT_EQ(SigningKey::Load(folder.path() / "absent").error().code, ErrorCode::kNotFound);
}

TEST(SigningKeyFile, ADamagedKeyIsRefused) {
  std::string text = TestKey().FileText().Reveal();
  const size_t in_the_key = text.find('\n') + 1 + 100;
  text[in_the_key] = text[in_the_key] == 'A' ? 'B' : 'A';
  EXPECT_EQ(SigningKey::Parse(Secret(text)).error().code, ErrorCode::kInvalidArgument);
}

TEST(PublicKeyFile, RoundTrips) {
  const PublicKey key = TestKey().public_key();
  EXPECT_EQ(*PublicKey::Parse(key.FileText()), key);
  EXPECT_EQ(*PublicKey::Parse(key.Line()), key);
  EXPECT_THAT(key.FileText(), HasSubstr("public key 0807060504030201\n"));
}

TEST(Minisign, AcceptsOurSignaturesAndReadsOurKeys) {
  if (!HasTool("minisign")) GTEST_SKIP() << "minisign is not installed";
  const TemporaryFolder folder;
  const std::string dir = folder.path().string();
  const SigningKey key = TestKey();
  ASSERT_TRUE(WriteFileAtomically(folder.path() / "m", kMessage));
  ASSERT_TRUE(
      WriteFileAtomically(folder.path() / "m.minisig", *key.Sign(AsBytes(kMessage), "head:abc")));
  ASSERT_TRUE(WriteFileAtomically(folder.path() / "key.pub", key.public_key().FileText()));
  ASSERT_TRUE(key.Save(folder.path() / "key.sec"));
  const fs::path log = folder.path() / "log";
  EXPECT_EQ(RunShell("minisign -V -m " + dir + "/m -p " + dir + "/key.pub", log), 0)
      << *ReadFile(log);
  EXPECT_THAT(*ReadFile(log), HasSubstr("head:abc"));
  EXPECT_EQ(RunShell("minisign -V -m " + dir + "/m -P " + key.public_key().Line(), log), 0);
  // It signs with our key file, and we check what it made.
  ASSERT_EQ(RunShell("minisign -S -m " + dir + "/m -s " + dir + "/key.sec -x " + dir +
                         "/theirs -t theirs </dev/null",
                     log),
            0)
      << *ReadFile(log);
  const Signature theirs = *Signature::Parse(*ReadFile(folder.path() / "theirs"));
  EXPECT_TRUE(CheckSignature(theirs, AsBytes(kMessage), key.public_key()));
  EXPECT_EQ(theirs.trusted_comment, "theirs");
}

TEST(Minisign, ItsKeysAndSignaturesAreReadByUs) {
  if (!HasTool("minisign")) GTEST_SKIP() << "minisign is not installed";
  const TemporaryFolder folder;
  const std::string dir = folder.path().string();
  const fs::path log = folder.path() / "log";
  ASSERT_EQ(RunShell("minisign -G -W -p " + dir + "/k.pub -s " + dir + "/k.sec </dev/null", log), 0)
      << *ReadFile(log);
  ASSERT_TRUE(WriteFileAtomically(folder.path() / "m", kMessage));
  const PublicKey pub = *PublicKey::Parse(*ReadFile(folder.path() / "k.pub"));
  for (const std::string legacy : {"", "-l"}) {
    ASSERT_EQ(
        RunShell("minisign -S " + legacy + " -m " + dir + "/m -s " + dir + "/k.sec </dev/null",
                 log),
        0)
        << *ReadFile(log);
    const Signature signature = *Signature::Parse(*ReadFile(folder.path() / "m.minisig"));
    EXPECT_EQ(signature.prehashed, legacy.empty());
    EXPECT_TRUE(CheckSignature(signature, AsBytes(kMessage), pub));
  }
  const auto key = SigningKey::Load(folder.path() / "k.sec");
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(key->public_key(), pub);
}

}  // namespace
}  // namespace valise::bag
