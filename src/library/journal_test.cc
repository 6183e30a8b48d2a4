#include "library/journal.h"

#include <gtest/gtest.h>

#include "base/deflate.h"
#include "blob/blob_store.h"
#include "library/blob_check.h"
#include "library/testing.h"

namespace valise::library {
namespace {

account::OriginalFile SampleFile(std::string path) {
  return {
      .path = std::move(path), .fate = account::Fate::kMedium, .digest = Sha256("x"), .size = 1};
}

class JournalTest : public testing::Test {
 protected:
  std::unique_ptr<Journal> Open(std::string_view boot = "boot-1") {
    auto journal = Journal::Open(path_, {"a", "b", "c"}, boot);
    EXPECT_TRUE(journal);
    return *std::move(journal);
  }
  TemporaryFolder folder_;
  fs::path path_ = folder_.path() / "import-journal";
};

TEST_F(JournalTest, KeepsWhatWasAdded) {
  ASSERT_TRUE(Open()->Add(1, SampleFile("b"), 77));
  const auto journal = Open();
  ASSERT_NE(journal->Find(1), nullptr);
  EXPECT_EQ(journal->Find(1)->file, SampleFile("b"));
  EXPECT_EQ(journal->Find(1)->stamp, 77u);
  EXPECT_EQ(journal->Find(0), nullptr);
}

TEST_F(JournalTest, ATornOrDamagedLineEndsIt) {
  {
    const auto journal = Open();
    ASSERT_TRUE(journal->Add(0, SampleFile("a"), 1));
    ASSERT_TRUE(journal->Add(1, SampleFile("b"), 1));
    ASSERT_TRUE(journal->Add(2, SampleFile("c"), 1));
  }
  const std::string whole = *ReadFile(path_);
  ASSERT_TRUE(WriteFileAtomically(path_, whole.substr(0, whole.size() - 5)));
  {
    const auto journal = Open();
    EXPECT_NE(journal->Find(1), nullptr);
    EXPECT_EQ(journal->Find(2), nullptr);
    ASSERT_TRUE(journal->Add(2, SampleFile("c"), 1));
  }
  EXPECT_NE(Open()->Find(2), nullptr) << "the torn rest was cut off";
  std::string damaged = whole;
  damaged[whole.find("\"path\":\"b\"") + 8] = 'x';
  ASSERT_TRUE(WriteFileAtomically(path_, damaged));
  const auto journal = Open();
  EXPECT_NE(journal->Find(0), nullptr);
  EXPECT_EQ(journal->Find(1), nullptr);
  EXPECT_EQ(journal->Find(2), nullptr);
}

TEST_F(JournalTest, OfOtherPathsItStartsAnew) {
  ASSERT_TRUE(Open()->Add(1, SampleFile("b"), 1));
  const auto other = Journal::Open(path_, {"a", "b"}, "boot-1");
  ASSERT_TRUE(other);
  EXPECT_EQ((*other)->Find(1), nullptr);
  EXPECT_FALSE((*other)->must_be_checked());
}

TEST_F(JournalTest, OfAnotherBootItMustBeCheckedUntilItWas) {
  ASSERT_TRUE(Open()->Add(1, SampleFile("b"), 1));
  EXPECT_TRUE(Open("boot-2")->must_be_checked());
  const auto journal = Open("boot-2");
  EXPECT_TRUE(journal->must_be_checked()) << "an interrupted check is made again";
  ASSERT_TRUE(journal->Trust());
  EXPECT_FALSE(Open("boot-2")->must_be_checked());
  EXPECT_NE(Open("boot-2")->Find(1), nullptr);
  const auto of_other_paths = Journal::Open(path_, {"z"}, "boot-3");
  EXPECT_TRUE((*of_other_paths)->must_be_checked()) << "whatever is imported next";
}

TEST(BlobCheck, DeletesOnlyWhatIsDamagedAndNotNamed) {
  TestLibrary library;
  TestArchive archive;
  archive.data["posts.json"] = {TestPost("media:1", "2023-07-07T20:35:31Z", "x")};
  archive.media["a.jpg"] = "AAAA";
  library.Import(archive);
  blob::BlobStore& blobs = library->blobs();
  const std::string good(600'000, 'g');
  const std::string deflated = DeflateComplete(AsBytes(good));
  ASSERT_TRUE(blobs.Put(Sha256(good), blob::Encoding::kDeflate, AsBytes(deflated)));
  ASSERT_TRUE(blobs.Put(Sha256("whole"), blob::Encoding::kIdentity, AsBytes("whole")));
  ASSERT_TRUE(blobs.Put(Sha256("zero"), blob::Encoding::kIdentity, AsBytes("\0\0\0\0")));
  const std::string torn = deflated.substr(0, deflated.size() / 2);
  ASSERT_TRUE(blobs.Put(Sha256("torn"), blob::Encoding::kDeflate, AsBytes(torn)));
  ASSERT_TRUE(DeleteDamagedBlobs(*library));
  EXPECT_TRUE(blobs.Stat(Sha256(good))->has_value());
  EXPECT_TRUE(blobs.Stat(Sha256("whole"))->has_value());
  EXPECT_TRUE(blobs.Stat(Sha256("AAAA"))->has_value());
  EXPECT_FALSE(blobs.Stat(Sha256("zero"))->has_value());
  EXPECT_FALSE(blobs.Stat(Sha256("torn"))->has_value());
  EXPECT_EQ(library.Records<account::Post>().size(), 1u);
}

}  // namespace
}  // namespace valise::library
