// Forgetting as the server does it: cancelled, rewritten, swept; and killed between any two steps.
#include "requests/eraser.h"

#include <gtest/gtest.h>

#include <array>

#include "base/deflate.h"
#include "bundle/plan_writer.h"
#include "library/testing.h"

namespace valise::requests {
namespace {

constexpr std::string_view kSecret = "the lighthouse nobody may hear of";

// Everything a head names, and nothing else.
class EverythingFormat final : public bundle::BundleFormat {
 public:
  std::string_view name() const override { return "portable"; }
  Result<bundle::PlanSummary> Plan(const bundle::Account& account, const bundle::Selection& chosen,
                                   bundle::PlanWriter& writer,
                                   const bag::SigningKey*) const override {
    for (const library::DocumentRow& row : account.head.documents) {
      if (!chosen.Has(row.kind)) continue;
      RETURN_IF_ERROR(
          writer.AddBlob({.name = row.name, .time_s = 1}, {.blob = row.digest,
                                                           .blob_size = row.stored_size,
                                                           .size = row.size,
                                                           .crc = row.crc,
                                                           .method = zip::Method::kDeflate,
                                                           .prefix = {},
                                                           .suffix = kDeflateEnd}));
    }
    RETURN_IF_ERROR(writer.AddStored({.name = "end.txt", .time_s = 1}, "end"));
    RETURN_IF_ERROR(writer.Finish("ann.zip"));
    return bundle::PlanSummary{.file_name = "ann.zip"};
  }
};

class EraserTest : public testing::Test {
 protected:
  void SetUp() override {
    library::TestArchive archive;
    archive.data["posts.json"] = {
        library::TestPost("media:1", "2023-05-01T10:00:00Z", std::string(kSecret)),
        library::TestPost("media:2", "2023-06-01T10:00:00Z", "a day at the sea")};
    account::Comment comment;
    comment.time = *ParseTime("2023-06-02T10:00:00Z");
    comment.list = "posts";
    comment.text = "a comment";
    archive.data["comments.json"] = {comment};
    library_.Import(archive);
    for (const auto& post : library_.Records<account::Post>()) {
      if (post.text == kSecret) secret_ = *post.key;
    }
    Open();
  }
  void Open() {
    worker_.reset();  // it works on the queue
    queue_ = *jobs::Queue::Open({*database_, clock_, random_});
    outbox_ = *mail::Outbox::Open({*database_, *queue_, clock_, random_, nullptr},
                                  {.from = "valise@example.test", .from_name = "Valise"});
    requests_ = *Requests::Open({*database_, *queue_, *outbox_, clock_, random_, planner_},
                                {.plans = library_.folder() / "plans",
                                 .public_url = "https://v.test",
                                 .server_name = "Valise"});
    eraser_ = *Eraser::Open(
        {*database_, *queue_, library_.accounts(), *requests_, clock_, random_, clock_},
        {.data = library_.folder(),
         .seal = {},
         .reindex = [this](std::string_view) -> Status {
           ++reindexed_;
           return {};
         },
         .patience = std::chrono::milliseconds{0}});
    worker_ = std::make_unique<jobs::Worker>(
        *queue_, clock_,
        std::map<std::string, jobs::Worker::Work, std::less<>>{
            {std::string(Requests::kMakeJob),
             [this](const jobs::Job& job) { return requests_->Make(job); }},
            {std::string(Requests::kExpireJob),
             [this](const jobs::Job& job) { return requests_->Expire(job); }},
            {std::string(Eraser::kJob),
             [this](const jobs::Job& job) { return eraser_->Run(job); }}},
        jobs::Worker::Options{});
  }
  std::string Ready(std::vector<std::string> kinds) {
    const auto asked = requests_->Ask({.account_id = library_->account_id(),
                                       .account_name = "ann",
                                       .user_id = "u1",
                                       .user_address = "ann@example.test",
                                       .address = "ann@example.test",
                                       .language = "en",
                                       .choice = {.kinds = std::move(kinds)}});
    EXPECT_TRUE(asked.has_value()) << asked.error().message;
    EXPECT_TRUE(worker_->RunDue().has_value());
    EXPECT_EQ(requests_->Get(asked->id)->state, State::kReady);
    return asked->id;
  }
  library::ToForget Secret() const {
    return {.records = {secret_}, .media = {}, .conversations = {}};
  }
  std::string Download(const std::string& id) {
    const auto open = requests_->OpenPlan(id);
    if (!open) return open.error().message;
    const auto bytes =
        bundle::ReadRange(*(*open)->plan, library_->blobs(), {0, (*open)->plan->size()});
    return bytes ? *bytes : bytes.error().message;
  }
  bool IsGone() {
    for (const auto& post : library_.Records<account::Post>()) {
      if (post.text == kSecret) return false;
    }
    return true;
  }

  library::TestLibrary library_;
  ManualClock clock_{SystemClock().Now()};
  SystemRandom random_;
  EverythingFormat format_;
  const std::array<const bundle::BundleFormat*, 1> formats_{&format_};
  LibraryPlanner planner_{library_.accounts(), library_.folder(), formats_, nullptr};
  std::unique_ptr<sql::Database> database_ = *sql::OpenSqliteInMemory();
  std::unique_ptr<jobs::Queue> queue_;
  std::unique_ptr<mail::Outbox> outbox_;
  std::unique_ptr<Requests> requests_;
  std::unique_ptr<Eraser> eraser_;
  std::unique_ptr<jobs::Worker> worker_;
  Key secret_;
  int reindexed_ = 0;
};

TEST_F(EraserTest, CancelsWhatHoldsItAndNothingElse) {
  const std::string with = Ready({"photos", "profile"});
  const std::string without = Ready({"comments"});
  const std::string before = Download(without);
  const auto done = eraser_->Forget(library_->account_id(), Secret());
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_TRUE(done->is_done);
  EXPECT_EQ(done->cancelled, std::vector<std::string>{with});
  EXPECT_EQ(done->report.records[static_cast<size_t>(account::Kind::kPost)], 1u);
  EXPECT_TRUE(IsGone());
  EXPECT_TRUE(IsErased(*requests_->Get(with)));
  EXPECT_EQ(requests_->Get(without)->state, State::kReady);
  EXPECT_EQ(Download(without), before) << "the same bytes";
  EXPECT_EQ(reindexed_, 1);
  EXPECT_FALSE(*eraser_->Waits(done->order));
  EXPECT_EQ(*queue_->NextDue(), *requests_->Get(without)->ends) << "no job is left over";
  const std::string again = Ready({"photos"});
  EXPECT_EQ(*requests_->CancelHolding(library_->account_id(), done->report.erased),
            std::vector<std::string>{});
  EXPECT_EQ(requests_->Get(again)->state, State::kReady);
}

TEST_F(EraserTest, WaitsForAnotherChangeAndGoesAfterIt) {
  const std::string with = Ready({"photos"});
  {
    const auto lock = FileLock::TryLock(library_->folder() / "lock").value();
    const auto done = eraser_->Forget(library_->account_id(), Secret());
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_FALSE(done->is_done);
    EXPECT_TRUE(*eraser_->Waits(done->order));
    EXPECT_EQ(done->cancelled, std::vector<std::string>{with}) << "at once all the same";
    clock_.Advance(std::chrono::seconds{3});
    EXPECT_TRUE(worker_->RunDue());
    EXPECT_FALSE(IsGone());
  }
  clock_.Advance(std::chrono::seconds{3});
  EXPECT_TRUE(worker_->RunDue());
  EXPECT_TRUE(IsGone());
  EXPECT_EQ(*queue_->NextDue(), std::nullopt);
}

TEST_F(EraserTest, GoesOnAfterAKill) {
  // Kept, and then nothing: whoever gave the order is gone.
  const auto kept = eraser_->Order(library_->account_id(), Secret());
  ASSERT_TRUE(kept);
  Open();
  EXPECT_TRUE(worker_->RunDue());
  EXPECT_TRUE(IsGone());
  EXPECT_FALSE(*eraser_->Waits(kept->order));

  // Rewritten, and then nothing: the order still stands, and what was superseded is on disk.
  const auto& comments = library_.Records<account::Comment>();
  const library::ToForget what{.records = {*comments.at(0).key}, .media = {}, .conversations = {}};
  const std::string holds = Ready({"comments"});
  const auto order = eraser_->Order(library_->account_id(), what);
  ASSERT_TRUE(library::Erase(*library_, what, clock_));
  Open();
  EXPECT_TRUE(worker_->RunDue());
  EXPECT_TRUE(IsErased(*requests_->Get(holds))) << "it is found by what the order says";
  EXPECT_FALSE(*eraser_->Waits(order->order));
  EXPECT_TRUE(library_.Records<account::Comment>().empty());
}

TEST_F(EraserTest, AfterAStartNobodyIsWaitedFor) {
  {
    const auto lock = FileLock::TryLock(library_->folder() / "lock").value();
    ASSERT_TRUE(eraser_->Forget(library_->account_id(), Secret()));
  }
  Open();
  EXPECT_TRUE(worker_->RunDue());
  EXPECT_FALSE(IsGone()) << "who gave it may be at work";
  ASSERT_TRUE(eraser_->ResumeAll());
  EXPECT_TRUE(worker_->RunDue());
  EXPECT_TRUE(IsGone());
}

TEST_F(EraserTest, ARequestAskedInBetweenTakesTheNewSnapshot) {
  const auto order = eraser_->Order(library_->account_id(), Secret());
  const auto asked = requests_->Ask({.account_id = library_->account_id(),
                                     .account_name = "ann",
                                     .user_id = "u1",
                                     .user_address = {},
                                     .address = "ann@example.test",
                                     .language = "fr",
                                     .choice = {}});
  ASSERT_TRUE(asked);
  EXPECT_TRUE(worker_->RunDue());
  EXPECT_TRUE(IsGone());
  const ExportRequest request = *requests_->Get(asked->id);
  const bool is_whole = request.state == State::kReady && !Download(asked->id).contains(kSecret);
  EXPECT_TRUE(is_whole || IsErased(request)) << StateName(request.state);
  EXPECT_FALSE(*eraser_->Waits(order->order));
}

TEST_F(EraserTest, WhatAServiceDeletesIsCancelledAndSwept) {
  const std::string with = Ready({"photos"});
  const auto report = library::Erase(*library_,
                                     {.records = {secret_},
                                      .media = {},
                                      .conversations = {},
                                      .by = library::Tombstone::By::kService},
                                     clock_);
  ASSERT_TRUE(report);
  EXPECT_TRUE(eraser_->OnErase(library_->account_id(), report->erased));
  EXPECT_TRUE(eraser_->OnErase(library_->account_id(), report->erased)) << "told twice";
  EXPECT_TRUE(IsErased(*requests_->Get(with)));
  clock_.Advance(std::chrono::seconds{3});
  EXPECT_TRUE(worker_->RunDue());
  EXPECT_EQ(*queue_->NextDue(), std::nullopt);
  EXPECT_EQ(reindexed_, 1);
}

TEST_F(EraserTest, TheProfileAndAccountsThatAreNotThere) {
  EXPECT_EQ(eraser_->Forget("00000000000000ff", Secret()).error().code, ErrorCode::kNotFound);
  const auto nothing = eraser_->Forget(
      library_->account_id(), {.records = {Key::Of("x")}, .media = {}, .conversations = {}});
  ASSERT_TRUE(nothing);
  EXPECT_TRUE(nothing->is_done);
  EXPECT_TRUE(nothing->cancelled.empty());
}

TEST_F(EraserTest, SweepAllKeepsWhatDownloadsNeed) {
  const std::string id = Ready({"photos"});
  const std::string before = Download(id);
  clock_.Advance(std::chrono::hours{90});
  library::TestArchive later;
  later.date = "2025-01-01T00:00:00Z";
  later.data["posts.json"] = {library::TestPost("media:9", "2023-05-01T11:00:00Z", "more")};
  library_.Import(later);
  ASSERT_TRUE(eraser_->SweepAll());
  EXPECT_EQ(Download(id), before);
  EXPECT_EQ(library_.Records<account::Post>().size(), 3u);
}

}  // namespace
}  // namespace valise::requests
