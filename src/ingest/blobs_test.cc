#include "ingest/blobs.h"

#include <gtest/gtest.h>

#include "ingest/testing.h"

namespace valise::ingest {
namespace {

std::string Jpeg(size_t size) {
  std::string bytes = "\xFF\xD8\xFF\xE0";
  while (bytes.size() < size) bytes += static_cast<char>(bytes.size() * 31 >> 3);
  return bytes;
}

class BlobsTest : public IngestTest {
 protected:
  void SetUp() override {
    IngestTest::SetUp();
    account_ = AddAccount("x1", "anna");
  }
  Result<BlobState> Put(const Digest& digest, std::string_view bytes,
                        std::optional<ContentRange> range = {}) {
    ASSIGN_OR_RETURN(const auto intake, BlobIntake::Begin(Open(account_), digest, range));
    while (!bytes.empty()) {
      const std::string_view piece = bytes.substr(0, 100'000);
      RETURN_IF_ERROR(intake->Write(AsBytes(piece)));
      bytes.remove_prefix(piece.size());
    }
    return intake->Finish();
  }
  BlobState Look(const Digest& digest) { return *LookAtBlob(*Open(account_), digest); }
  bool NothingIsLeft() {
    const fs::path folder = Open(account_)->folder() / "incoming";
    return !fs::exists(folder) || fs::is_empty(folder);
  }
  std::string account_;
};

TEST_F(BlobsTest, SmallAndLargeBlobsAreKeptAndTyped) {
  for (const size_t size : {0u, 100u, 1u << 20, (1u << 20) + 1, 5'000'000u}) {
    const std::string bytes = size == 0 ? "" : Jpeg(size);
    const Digest digest = Sha256(bytes);
    EXPECT_FALSE(Look(digest).is_here);
    const auto state = Put(digest, bytes);
    ASSERT_TRUE(state.has_value()) << state.error().message;
    EXPECT_TRUE(state->is_here);
    EXPECT_EQ(state->size, bytes.size());
    EXPECT_EQ(state->type, size == 0 ? "" : "image/jpeg");
    EXPECT_EQ(*Open(account_)->blobs().ReadContent(digest, bytes.size()), bytes);
  }
  EXPECT_TRUE(NothingIsLeft());
}

TEST_F(BlobsTest, BytesThatAreNotWhatTheDigestSaysAreDropped) {
  for (const size_t size : {100u, 3'000'000u}) {
    const Digest digest = Sha256("something else");
    EXPECT_EQ(Put(digest, Jpeg(size)).error().code, ErrorCode::kCorrupt);
    EXPECT_FALSE(Look(digest).is_here);
    EXPECT_EQ(Look(digest).received, 0u);
  }
  EXPECT_TRUE(NothingIsLeft());
}

TEST_F(BlobsTest, ABrokenConnectionGoesOnWhereItWas) {
  const std::string bytes = Jpeg(3'000'000);
  const Digest digest = Sha256(bytes);
  {
    const auto intake = *BlobIntake::Begin(Open(account_), digest, {});
    ASSERT_TRUE(intake->Write(AsBytes(bytes).first(1'000'000)).has_value());
    ASSERT_TRUE(intake->Write(AsBytes(bytes).subspan(1'000'000, 700'000)).has_value());
  }
  EXPECT_EQ(Look(digest).received, 1'700'000u);
  const ContentRange wrong{.first = 1'000'000, .last = 2'999'999, .total = 3'000'000};
  EXPECT_EQ(Put(digest, std::string_view(bytes).substr(1'000'000), wrong).error().code,
            ErrorCode::kConflict);
  const ContentRange part{.first = 1'700'000, .last = 1'999'999, .total = 3'000'000};
  const auto some = Put(digest, std::string_view(bytes).substr(1'700'000, 300'000), part);
  ASSERT_TRUE(some.has_value()) << some.error().message;
  EXPECT_FALSE(some->is_here);
  EXPECT_EQ(some->received, 2'000'000u);
  const ContentRange rest{.first = 2'000'000, .last = 2'999'999, .total = 3'000'000};
  EXPECT_TRUE(Put(digest, std::string_view(bytes).substr(2'000'000), rest)->is_here);
  EXPECT_TRUE(NothingIsLeft());
}

TEST_F(BlobsTest, PartsAreAsLongAsTheySay) {
  const std::string bytes = Jpeg(1'000);
  const Digest digest = Sha256(bytes);
  const ContentRange range{.first = 0, .last = 499, .total = 1'000};
  EXPECT_EQ(Put(digest, bytes, range).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(Put(digest, std::string_view(bytes).substr(0, 100), range).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(Look(digest).received, 100u);
  // From the beginning again: what came before is forgotten.
  EXPECT_EQ(Put(digest, std::string_view(bytes).substr(0, 500), range)->received, 500u);
}

TEST_F(BlobsTest, OneConnectionAtATimeSendsABlob) {
  const Digest digest = Sha256("x");
  const ContentRange range{.first = 0, .last = 9, .total = 10};
  const auto first = BlobIntake::Begin(Open(account_), digest, range);
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(BlobIntake::Begin(Open(account_), digest, range).error().code, ErrorCode::kConflict);
}

TEST_F(BlobsTest, PartsThatNobodyGoesOnWithAreDropped) {
  const fs::path old = Open(account_)->folder() / "incoming" / Sha256("old").Hex();
  ASSERT_TRUE(MakeFolders(old.parent_path()).has_value());
  ASSERT_TRUE(File::Create(old).has_value());
  fs::last_write_time(old, fs::file_time_type::clock::now() - std::chrono::hours{25});
  ASSERT_TRUE(Put(Sha256("new"), "n", ContentRange{.first = 0, .last = 0, .total = 3}));
  EXPECT_FALSE(fs::exists(old));
  EXPECT_EQ(Look(Sha256("new")).received, 1u);
}

TEST_F(BlobsTest, MissingOnesAreToldInTheirOrder) {
  const Digest a = Sha256("a"), b = Sha256("b"), c = Sha256("c");
  ASSERT_TRUE(Put(b, "b").has_value());
  EXPECT_EQ(*MissingBlobs(*Open(account_), std::vector{c, b, a}), (std::vector{c, a}));
}

TEST(ContentRange, IsReadStrictly) {
  EXPECT_EQ(*ContentRange::Parse("bytes 5-9/20"),
            (ContentRange{.first = 5, .last = 9, .total = 20}));
  for (const std::string_view wrong :
       {"", "bytes 5-9", "bytes 5-9/*", "bytes */20", "bytes 9-5/20", "bytes 5-20/20",
        "items 5-9/20", "bytes 5-9/20 ", "bytes -1-9/20", "bytes 5-9/99999999999999999999999"}) {
    EXPECT_EQ(ContentRange::Parse(wrong).error().code, ErrorCode::kInvalidArgument) << wrong;
  }
  EXPECT_EQ(ContentRange::Parse("bytes 0-1/99999999999999").error().code,
            ErrorCode::kLimitExceeded);
}

TEST_F(BlobsTest, ARecordWithoutItsBlobIsMissingUntilItComes) {
  const std::string bytes = Jpeg(2'000);
  const Digest digest = Sha256(bytes);
  ASSERT_TRUE(Send(fmt::format(R"({{"op":"put","account":"x1","id":"p1","record":{{"kind":"post",)"
                               R"("time":"2026-11-23T20:00:00Z","media":[{{"digest":"{}"}}]}}}})",
                               digest.Hex()))
                  .has_value());
  ASSERT_TRUE(Seal(account_).has_value());
  EXPECT_EQ((*Open(account_)->Current())->head.counts.media, 0u);
  ASSERT_TRUE(Put(digest, bytes).has_value());
  ASSERT_TRUE(streams_->BlobArrived(*members_->Find(host_, "x1"), digest).has_value());
  const auto records = Records(account_);
  ASSERT_EQ(records.size(), 1u);
  const auto& item = std::get<account::Post>(records[0]).media.at(0);
  EXPECT_EQ(item.digest, digest);
  EXPECT_EQ(item.size, bytes.size());
  EXPECT_EQ(item.type, "image/jpeg");
  EXPECT_EQ((*Open(account_)->Current())->head.counts.media, 1u);
}

}  // namespace
}  // namespace valise::ingest
