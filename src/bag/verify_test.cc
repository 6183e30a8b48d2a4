#include "bag/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "bag/manifest_writer.h"
#include "base/digest.h"
#include "zip/test_tools.h"
#include "zip/test_zip.h"

namespace valise::bag {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Files = std::map<std::string, std::string>;

// A whole bag: payload, manifest, bag-info with Payload-Oxum, tag manifest.
Files MakeBag(const Files& payload) {
  Files bag;
  std::string manifest;
  uint64_t octets = 0;
  for (const auto& [name, content] : payload) {
    bag["data/" + name] = content;
    AppendManifestLine(manifest, Sha256(content), "data/" + name);
    octets += content.size();
  }
  std::string info;
  AppendBagInfo(info, "Payload-Oxum", PayloadOxum(octets, payload.size()));
  bag["bagit.txt"] = kBagitTxt;
  bag["bag-info.txt"] = info;
  bag["manifest-sha256.txt"] = manifest;
  return bag;
}

// Adds (or renews) the tag manifest over all tag files that are there.
void AddTagManifest(Files& bag) {
  bag.erase("tagmanifest-sha256.txt");
  std::string manifest;
  for (const auto& [name, content] : bag) {
    if (!name.starts_with("data/") && !name.ends_with(".minisig"))
      AppendManifestLine(manifest, Sha256(content), name);
  }
  bag["tagmanifest-sha256.txt"] = manifest;
}

Files GoodBag() {
  Files bag =
      MakeBag({{"a.txt", "aaa"}, {"b/c.jpg", std::string(3'000'000, 'c')}, {"été 写真.txt", ""}});
  AddTagManifest(bag);
  return bag;
}

class VerifyTest : public ::testing::Test {
 protected:
  Result<Report> VerifyZip(const Files& bag, const std::string& top = "bag/",
                           const VerifyOptions& options = {}) {
    std::vector<zip::TestEntry> entries;
    for (const auto& [name, content] : bag) {
      entries.push_back(
          {.name = top + name, .content = content, .deflate = entries.size() % 2 == 0});
    }
    const fs::path path = zip::WriteTestFile(folder_.path() / "bag.zip", zip::MakeTestZip(entries));
    return VerifyPath(path, options);
  }
  Result<Report> VerifyFolder(const Files& bag, const VerifyOptions& options = {}) {
    fs::remove_all(folder_.path() / "bag");
    for (const auto& [name, content] : bag)
      zip::WriteTestFile(folder_.path() / "bag" / name, content);
    return VerifyPath(folder_.path() / "bag", options);
  }
  // The same report from a ZIP with a top folder, one without, and a folder.
  Report MustVerify(const Files& bag, const VerifyOptions& options = {}) {
    const Report report = *VerifyZip(bag, "bag/", options);
    for (const auto& other : {VerifyZip(bag, "", options), VerifyFolder(bag, options)}) {
      EXPECT_EQ(other->ok, report.ok);
      EXPECT_EQ(other->damaged, report.damaged);
      EXPECT_EQ(other->missing, report.missing);
      EXPECT_EQ(other->extra, report.extra);
      EXPECT_EQ(other->problems, report.problems);
      EXPECT_EQ(other->warnings, report.warnings);
    }
    return report;
  }
  TemporaryFolder folder_;
};

TEST_F(VerifyTest, AGoodBag) {
  const Report report = MustVerify(GoodBag());
  EXPECT_TRUE(report.ok);
  EXPECT_EQ(report.version, "1.0");
  EXPECT_THAT(report.algorithms, ElementsAre("sha256"));
  EXPECT_EQ(report.files_checked, 6u);
  EXPECT_GT(report.bytes, 3'000'003u);
  EXPECT_EQ(report.signature.state, SignatureState::kAbsent);
  EXPECT_THAT(report.warnings, IsEmpty());
  EXPECT_THAT(report.unlisted, IsEmpty());
}

TEST_F(VerifyTest, NamesEveryDamagedMissingAndExtraFile) {
  Files bag = GoodBag();
  bag["data/a.txt"] = "aab";
  bag.erase("data/b/c.jpg");
  bag["data/new.txt"] = "new";
  bag["bag-info.txt"] += "X: y\n";
  const Report report = MustVerify(bag);
  EXPECT_FALSE(report.ok);
  ASSERT_EQ(report.damaged.size(), 2u);
  EXPECT_EQ(report.damaged[0].path, "bag-info.txt");
  EXPECT_EQ(report.damaged[1],
            (Finding{"data/a.txt", "its content is not what manifest-sha256.txt says (line 1)"}));
  ASSERT_EQ(report.missing.size(), 1u);
  EXPECT_EQ(report.missing[0].path, "data/b/c.jpg");
  EXPECT_THAT(report.extra, ElementsAre(Finding{"data/new.txt", "is in no manifest"}));
  ASSERT_TRUE(report.oxum);
  EXPECT_EQ(report.oxum->declared, (Oxum{3'000'003, 3}));
  EXPECT_EQ(report.oxum->found, (Oxum{6, 3}));
}

TEST_F(VerifyTest, EachKindOfDamageAloneIsNotOk) {
  Files damaged = GoodBag();
  damaged["data/a.txt"] = "AAA";
  EXPECT_FALSE(MustVerify(damaged).ok);
  Files missing = GoodBag();
  missing.erase("data/été 写真.txt");
  EXPECT_FALSE(MustVerify(missing).ok);
  Files extra = MakeBag({{"a", "a"}});
  extra["data/b"] = "";
  extra["bag-info.txt"] = "Payload-Oxum: 1.2\n";
  EXPECT_FALSE(MustVerify(extra).ok);
  Files oxum = MakeBag({{"a", "a"}});
  oxum["bag-info.txt"] = "Payload-Oxum: 2.1\n";
  EXPECT_FALSE(MustVerify(oxum).ok);
  EXPECT_TRUE(MustVerify(MakeBag({{"a", "a"}})).ok);
}

TEST_F(VerifyTest, TheZipsOwnChecksumIsCheckedToo) {
  // The manifest fits what inflates, but the ZIP's CRC does not: an unpacker would complain.
  Files bag = MakeBag({{"a.txt", "aaa"}, {"b.txt", "bbb"}});
  std::vector<zip::TestEntry> entries;
  for (const auto& [name, content] : bag) entries.push_back({.name = name, .content = content});
  for (zip::TestEntry& entry : entries) {
    if (entry.name == "data/b.txt") entry.crc = 1;
  }
  const fs::path path = zip::WriteTestFile(folder_.path() / "crc.zip", zip::MakeTestZip(entries));
  const Report report = *VerifyPath(path, {});
  ASSERT_EQ(report.damaged.size(), 1u);
  EXPECT_EQ(report.damaged[0].path, "data/b.txt");
  EXPECT_THAT(report.damaged[0].why, HasSubstr("CRC-32"));
}

TEST_F(VerifyTest, WhatTheArchiveRefusesIsDamaged) {
  const Files bag = MakeBag({{"a.txt", "aaa"}, {"b.txt", "bbb"}});
  std::vector<zip::TestEntry> entries;
  for (const auto& [name, content] : bag) entries.push_back({.name = name, .content = content});
  entries.push_back({.name = "data/a.txt", .content = "second"});
  for (zip::TestEntry& entry : entries) {
    if (entry.name == "data/b.txt") entry.attributes = 0120777u << 16;
  }
  const fs::path path =
      zip::WriteTestFile(folder_.path() / "refused.zip", zip::MakeTestZip(entries));
  const Report report = *VerifyPath(path, {});
  EXPECT_FALSE(report.ok);
  ASSERT_EQ(report.damaged.size(), 2u);
  EXPECT_THAT(report.damaged[0].why, HasSubstr("same name"));
  EXPECT_THAT(report.damaged[1].why, HasSubstr("symbolic link"));
  EXPECT_THAT(report.missing, IsEmpty());
}

TEST_F(VerifyTest, EveryAlgorithmAndSeveralManifests) {
  // Checksums of "abc" (FIPS 180-4, RFC 1321).
  Files bag = {{"bagit.txt", std::string(kBagitTxt)}, {"data/x", "abc"}};
  bag["manifest-md5.txt"] = "900150983cd24fb0d6963f7d28e17f72  data/x\n";
  bag["manifest-sha1.txt"] = "A9993E364706816ABA3E25717850C26C9CD0D89D  data/x\n";
  bag["manifest-sha512.txt"] =
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3fe"
      "ebbd"
      "454d4423643ce80e2a9ac94fa54ca49f  data/x\r\n";
  bag["manifest-sha256.txt"] =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad data/x";
  bag["manifest-crc64.txt"] = "0000  data/x\n";
  Report report = MustVerify(bag);
  EXPECT_TRUE(report.ok);
  EXPECT_THAT(report.algorithms, ElementsAre("md5", "sha1", "sha256", "sha512"));
  EXPECT_EQ(report.files_checked, 1u);
  ASSERT_EQ(report.warnings.size(), 1u);
  EXPECT_THAT(report.warnings[0], HasSubstr("crc64"));
  bag["manifest-md5.txt"][0] = '8';
  report = MustVerify(bag);
  ASSERT_EQ(report.damaged.size(), 1u);
  EXPECT_THAT(report.damaged[0].why, HasSubstr("manifest-md5.txt"));
}

TEST_F(VerifyTest, Since1EveryManifestListsEverythingBeforeTheUnionDoes) {
  Files bag = {{"bagit.txt", std::string(kBagitTxt)}, {"data/x", "abc"}, {"data/y", "abc"}};
  bag["manifest-md5.txt"] = "900150983cd24fb0d6963f7d28e17f72  data/x\n";
  bag["manifest-sha1.txt"] = "a9993e364706816aba3e25717850c26c9cd0d89d  data/y\n";
  const Report report = MustVerify(bag);
  EXPECT_THAT(report.extra, ElementsAre(Finding{"data/x", "is not in manifest-sha1.txt"},
                                        Finding{"data/y", "is not in manifest-md5.txt"}));
  bag["bagit.txt"] = "BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n";
  EXPECT_TRUE(MustVerify(bag).ok);
}

TEST_F(VerifyTest, HostileManifestsAreProblemsAndTheRestIsChecked) {
  Files bag = MakeBag({{"a.txt", "aaa"}});
  bag["manifest-sha256.txt"] += std::string(64, '0') + "  ../../etc/passwd\n" +
                                std::string(64, '0') + "  /etc/passwd\nnonsense\n" +
                                std::string(64, '0') + "  data/a.txt\n";
  const Report report = MustVerify(bag);
  EXPECT_FALSE(report.ok);
  EXPECT_EQ(report.problems.size(), 4u);
  EXPECT_THAT(report.problems[0], HasSubstr("manifest-sha256.txt, line 2"));
  EXPECT_THAT(report.problems[3], HasSubstr("again with another checksum"));
  EXPECT_THAT(report.damaged, IsEmpty());
  EXPECT_EQ(report.files_checked, 1u);
}

TEST_F(VerifyTest, ProblemsAreBounded) {
  Files bag = MakeBag({{"a.txt", "aaa"}});
  for (int i = 0; i < 20'000; ++i) bag["manifest-sha256.txt"] += "x\n";
  const Report report = *VerifyZip(bag);
  EXPECT_EQ(report.problems.size(), kMaxProblems);
  EXPECT_EQ(report.problems.back(), "… and more");
}

TEST_F(VerifyTest, NoManifestOrNoBag) {
  EXPECT_FALSE(MustVerify({{"bagit.txt", std::string(kBagitTxt)}, {"data/a", "a"}}).ok);
  EXPECT_EQ(VerifyZip({{"data/a", "a"}}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(VerifyZip({{"a/bagit.txt", ""}, {"b/bagit.txt", ""}}, "").error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(VerifyZip({{"bagit.txt", "BagIt-Version: 3.0\nTag-File-Character-Encoding: UTF-8\n"}})
                .error()
                .code,
            ErrorCode::kUnsupported);
  EXPECT_EQ(VerifyPath(folder_.path() / "absent", {}).error().code, ErrorCode::kNotFound);
}

TEST_F(VerifyTest, WhatLiesOutsideTheBagAndUnlistedTagFilesAreTold) {
  Files bag = GoodBag();
  bag["viewer/evil.js"] = "alert()";
  Report report = MustVerify(bag);
  EXPECT_TRUE(report.ok);
  EXPECT_THAT(report.unlisted, ElementsAre("viewer/evil.js"));
  Files beside;
  for (const auto& [name, content] : GoodBag()) beside["bag/" + name] = content;
  beside["__MACOSX/._bag"] = "x";
  report = *VerifyZip(beside, "");
  EXPECT_TRUE(report.ok);
  EXPECT_THAT(report.warnings, ElementsAre("__MACOSX/._bag lies outside the bag"));
}

TEST_F(VerifyTest, TagManifestsMustListThePayloadManifests) {
  Files bag = MakeBag({{"a", "a"}});
  bag["tagmanifest-sha256.txt"] = "";
  EXPECT_THAT(MustVerify(bag).problems, ElementsAre("manifest-sha256.txt is in no tag manifest"));
}

TEST_F(VerifyTest, FetchIsReported) {
  Files bag = GoodBag();
  bag["fetch.txt"] = "https://example.org/c - data/b/c.jpg\nhttps://example.org/a 3 data/a.txt\n";
  bag.erase("data/b/c.jpg");
  const Report report = MustVerify(bag);
  EXPECT_FALSE(report.ok);
  EXPECT_THAT(report.to_fetch, ElementsAre("data/b/c.jpg"));
  EXPECT_THAT(report.missing,
              ElementsAre(Finding{"data/b/c.jpg", "is still to be fetched (fetch.txt)"}));
}

TEST_F(VerifyTest, Signatures) {
  SystemRandom random;
  const SigningKey key = SigningKey::Generate(random);
  const PublicKey other = SigningKey::Generate(random).public_key();
  Files bag = GoodBag();
  bag["tagmanifest-sha256.txt.minisig"] =
      *key.Sign(AsBytes(bag["tagmanifest-sha256.txt"]), "head:1");
  Report report = MustVerify(bag, {.keys = {other, key.public_key()}, .require_signature = true});
  EXPECT_TRUE(report.ok);
  EXPECT_EQ(report.signature.state, SignatureState::kGood);
  EXPECT_EQ(report.signature.trusted_comment, "head:1");
  EXPECT_EQ(report.signature.key_id, key.public_key().id.Text());

  report = MustVerify(bag, {.keys = {other}});
  EXPECT_TRUE(report.ok);
  EXPECT_EQ(report.signature.state, SignatureState::kUnknownKey);
  EXPECT_EQ(report.signature.trusted_comment, "");
  EXPECT_FALSE(MustVerify(bag, {.keys = {other}, .require_signature = true}).ok);

  // Everything made anew, and consistent, but for the signature.
  Files forged = GoodBag();
  forged["data/a.txt"] = "xxx";
  std::string& manifest = forged["manifest-sha256.txt"];
  manifest.replace(0, 64, Sha256("xxx").Hex());
  AddTagManifest(forged);
  EXPECT_TRUE(MustVerify(forged).ok);
  forged["tagmanifest-sha256.txt.minisig"] = bag["tagmanifest-sha256.txt.minisig"];
  report = MustVerify(forged, {.keys = {key.public_key()}});
  EXPECT_FALSE(report.ok);
  EXPECT_EQ(report.signature.state, SignatureState::kBad);
  bag["tagmanifest-sha256.txt.minisig"] = "nonsense";
  EXPECT_EQ(MustVerify(bag).signature.state, SignatureState::kBad);
}

TEST_F(VerifyTest, ProgressAndCancelling) {
  const Files bag = GoodBag();
  VerifyProgress last;
  ASSERT_TRUE(VerifyZip(bag, "", {.progress = [&](const VerifyProgress& p) -> Status {
                          EXPECT_GE(p.bytes, last.bytes);
                          last = p;
                          return {};
                        }}));
  EXPECT_EQ(last.bytes, last.total_bytes);
  EXPECT_EQ(last.files, 6u);
  EXPECT_EQ(last.total_files, 6u);
  const auto cancelled = VerifyZip(bag, "", {.progress = [](const VerifyProgress&) -> Status {
                                     return Fail(ErrorCode::kCancelled, "stopped");
                                   }});
  EXPECT_EQ(cancelled.error().code, ErrorCode::kCancelled);
}

TEST_F(VerifyTest, Sha256sumAcceptsOurManifests) {
  if (!zip::HasTool("sha256sum")) GTEST_SKIP() << "sha256sum is not installed";
  ASSERT_TRUE(VerifyFolder(GoodBag())->ok);
  const fs::path log = folder_.path() / "log";
  const std::string bag = (folder_.path() / "bag").string();
  for (const char* manifest : {"manifest-sha256.txt", "tagmanifest-sha256.txt"}) {
    EXPECT_EQ(zip::RunShell("cd '" + bag + "' && sha256sum -c --strict " + manifest, log), 0)
        << *ReadFile(log);
  }
}

}  // namespace
}  // namespace valise::bag
