#include "bring/uploads.h"

#include <gtest/gtest.h>

namespace valise::bring {
namespace {

using std::chrono::hours;

class UploadsTest : public testing::Test {
 protected:
  UploadsTest() { Start(); }
  void Start(UploadOptions options = {}) {
    options.folder = folder_.path() / "uploads";
    uploads_ = *Uploads::Open({*database_, clock_, random_}, std::move(options));
  }
  Upload Make(uint64_t length, std::string_view name = "me.zip") {
    auto made = uploads_->Create(
        {.account_id = "a", .user_id = "u", .name = std::string(name), .length = length});
    CHECK(made.has_value());
    return *made;
  }
  std::unique_ptr<UploadWriter> Writer(const Upload& upload, uint64_t offset = 0,
                                       bool only_whole = false) {
    auto writer = uploads_->Write(upload.id, offset, only_whole);
    EXPECT_TRUE(writer.has_value()) << writer.error().message;
    return writer.has_value() ? *std::move(writer) : nullptr;
  }
  std::string Content(const Upload& upload) { return *ReadFile(uploads_->PathOf(upload)); }

  TemporaryFolder folder_;
  ManualClock clock_{FromSeconds(1'720'000'000)};
  SystemRandom random_;
  std::unique_ptr<sql::Database> database_ = *sql::OpenSqliteInMemory();
  std::unique_ptr<Uploads> uploads_;
};

TEST_F(UploadsTest, PiecesBecomeTheFile) {
  const Upload upload = Make(10);
  {
    const auto first = Writer(upload);
    ASSERT_TRUE(first->Write(AsBytes("hello")).has_value());
    EXPECT_EQ(*first->Finish(), 5u);
  }
  const auto second = Writer(upload, 5);
  ASSERT_TRUE(second->Write(AsBytes("world")).has_value());
  EXPECT_EQ(*second->Finish(), 10u);
  EXPECT_EQ(Content(upload), "helloworld");
  EXPECT_TRUE(uploads_->Get(upload.id)->complete());
}

TEST_F(UploadsTest, AnOffsetIsToldOnlyOnceItIsAtTheDesk) {
  const Upload upload = Make(10);
  auto writer = Writer(upload);
  ASSERT_TRUE(writer->Write(AsBytes("hello")).has_value());
  EXPECT_EQ(uploads_->Get(upload.id)->offset, 0u);
  writer.reset();  // the client went
  EXPECT_EQ(uploads_->Get(upload.id)->offset, 5u);
  Start();  // the server too
  EXPECT_EQ(uploads_->Get(upload.id)->offset, 5u);
}

TEST_F(UploadsTest, WhoComesBackEndsTheOldConnection) {
  const Upload upload = Make(10);
  const auto old = Writer(upload);
  ASSERT_TRUE(old->Write(AsBytes("hel")).has_value());
  EXPECT_EQ(uploads_->Settle(upload.id)->offset, 3u);
  EXPECT_EQ(old->Write(AsBytes("???")).error().code, ErrorCode::kConflict);
  const auto next = Writer(upload, 3);
  ASSERT_TRUE(next->Write(AsBytes("lo")).has_value());
  EXPECT_EQ(old->Finish().error().code, ErrorCode::kConflict);
  EXPECT_EQ(*next->Finish(), 5u);
  EXPECT_EQ(Content(upload), "hello");
}

TEST_F(UploadsTest, WrongOffsetsAndTooManyBytesAreRefused) {
  const Upload upload = Make(4);
  EXPECT_EQ(uploads_->Write(upload.id, 1, false).error().code, ErrorCode::kConflict);
  const auto writer = Writer(upload);
  EXPECT_EQ(writer->Write(AsBytes("hello")).error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(uploads_->Write("0", 0, false).error().code, ErrorCode::kNotFound);
}

TEST_F(UploadsTest, WhatCountsOnlyWholeIsNothingWhenItBreaks) {
  const Upload upload = Make(10);
  Writer(upload, 0, true)->Write(AsBytes("hello")).value();
  EXPECT_EQ(uploads_->Get(upload.id)->offset, 0u);
  const auto writer = Writer(upload, 0, true);
  ASSERT_TRUE(writer->Write(AsBytes("jello")).has_value());
  writer->Discard();
  EXPECT_EQ(uploads_->Get(upload.id)->offset, 0u);
}

TEST_F(UploadsTest, LimitsAreNamed) {
  Start({.max_waiting = 2, .max_total = 100});
  EXPECT_EQ(
      uploads_->Create({.account_id = "a", .user_id = "u", .name = "", .length = 101}).error().code,
      ErrorCode::kLimitExceeded);
  Make(40);
  Make(40);
  EXPECT_EQ(
      uploads_->Create({.account_id = "a", .user_id = "u", .name = "", .length = 1}).error().code,
      ErrorCode::kRateLimited);
  EXPECT_TRUE(uploads_->Create({.account_id = "a", .user_id = "other", .name = "", .length = 1})
                  .has_value());
}

TEST_F(UploadsTest, AFullDiskIsSaidBeforeAnythingIsSent) {
  Start({.keep_free = ~uint64_t{0}});
  const auto refused =
      uploads_->Create({.account_id = "a", .user_id = "u", .name = "", .length = 1});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(refused.error().message.find("no room"), std::string::npos);
}

TEST_F(UploadsTest, EndedOnesAreGoneAndSwept) {
  const Upload removed = Make(1), expired = Make(1), kept = Make(1);
  ASSERT_TRUE(uploads_->End(removed.id).has_value());
  ASSERT_TRUE(uploads_->End(removed.id).has_value());
  EXPECT_EQ(uploads_->Get(removed.id).error().code, ErrorCode::kGone);
  clock_.Advance(hours{24 * 6});
  Writer(kept)->Write(AsBytes("x")).value();  // lives a week from now
  clock_.Advance(hours{25});
  EXPECT_EQ(uploads_->Get(expired.id).error().code, ErrorCode::kGone);
  EXPECT_TRUE(fs::exists(uploads_->PathOf(expired)));
  fs::create_directories(folder_.path() / "uploads" / "left-by-a-crash");
  fs::last_write_time(folder_.path() / "uploads" / "left-by-a-crash",
                      fs::file_time_type::clock::now() - hours{2});
  ASSERT_TRUE(uploads_->Sweep().has_value());
  EXPECT_FALSE(fs::exists(uploads_->PathOf(expired)));
  EXPECT_FALSE(fs::exists(folder_.path() / "uploads" / "left-by-a-crash"));
  EXPECT_EQ(Content(kept), "x");
  EXPECT_EQ(uploads_->OfAccount("a")->size(), 1u);
  clock_.Advance(hours{24 * 31});
  ASSERT_TRUE(uploads_->Sweep().has_value());
  EXPECT_EQ(uploads_->Get(removed.id).error().code, ErrorCode::kNotFound);
}

TEST_F(UploadsTest, TakenOnesAreNeitherWrittenNorRunOut) {
  const Upload upload = Make(0), half = Make(2);
  const std::string ids[] = {upload.id}, halves[] = {half.id};
  EXPECT_EQ(uploads_->Take(halves).error().code, ErrorCode::kConflict);
  ASSERT_TRUE(uploads_->Take(ids).has_value());
  EXPECT_EQ(uploads_->Take(ids).error().code, ErrorCode::kConflict);
  EXPECT_EQ(uploads_->Write(upload.id, 0, false).error().code, ErrorCode::kConflict);
  clock_.Advance(hours{24 * 30});
  EXPECT_TRUE(uploads_->Get(upload.id).has_value());
  ASSERT_TRUE(uploads_->GiveBack(ids).has_value());
  EXPECT_TRUE(uploads_->Take(ids).has_value());
  ASSERT_TRUE(uploads_->EndTakenExcept({upload.id}).has_value());
  EXPECT_TRUE(uploads_->Get(upload.id).has_value());
  ASSERT_TRUE(uploads_->EndTakenExcept({}).has_value());
  EXPECT_EQ(uploads_->Get(upload.id).error().code, ErrorCode::kGone);
}

TEST(SafeName, HostileNames) {
  EXPECT_EQ(SafeName("instagram-me-2025-04-01.zip"), "instagram-me-2025-04-01.zip");
  EXPECT_EQ(SafeName("../../etc/passwd"), "passwd");
  EXPECT_EQ(SafeName("C:\\me\\a.zip"), "a.zip");
  EXPECT_EQ(SafeName("a\nb\x01.zip"), "ab.zip");
  for (const char* nothing : {"", ".", "..", "x/", "\n"}) {
    EXPECT_EQ(SafeName(nothing), "archive.zip") << nothing;
  }
  const std::string longer = SafeName(std::string(300, 'x') + "é.zip");
  EXPECT_LE(longer.size(), 200u);
  EXPECT_TRUE(longer.ends_with("é.zip"));
}

}  // namespace
}  // namespace valise::bring
