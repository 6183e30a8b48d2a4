#include "requests/requests.h"

#include <gtest/gtest.h>

#include <functional>

#include "bundle/plan_writer.h"

namespace valise::requests {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

// Plans of one small file; does what a test says before it answers.
class FakePlanner final : public Planner {
 public:
  Result<Snapshot> Current(std::string_view) override {
    ++snapshots;
    return Snapshot{.head = Sha256("head"), .time = FromSeconds(1'600'000'000)};
  }
  Result<std::vector<bool>> Hold(std::string_view, std::span<const Held> held,
                                 const library::Erased&) override {
    for (const Held& one : held) asked.push_back(one.plan);
    return std::vector<bool>(held.size(), holds);
  }
  Result<bundle::PlanSummary> Plan(std::string_view, const Digest&, const Wanted& wanted,
                                   const fs::path& path) override {
    ++plans;
    selection = wanted.selection;
    format = wanted.format;
    if (answer.has_value() && before) before();
    RETURN_IF_ERROR(answer);
    ASSIGN_OR_RETURN(const auto writer, bundle::PlanWriter::Create(path));
    RETURN_IF_ERROR(writer->AddStored({.name = "a.txt", .time_s = 1'600'000'000}, "content"));
    RETURN_IF_ERROR(writer->Finish("ann-2020.zip"));
    return bundle::PlanSummary{.file_name = "ann-2020.zip", .photos = 3, .missing = 1};
  }
  int snapshots = 0, plans = 0;
  Status answer;
  bool holds = true;
  std::vector<fs::path> asked;
  std::function<void()> before;
  bundle::Selection selection;
  std::string format;
};

class RequestsTest : public testing::Test {
 protected:
  void SetUp() override { Open(); }
  void Open() {
    worker_.reset();
    queue_ = *jobs::Queue::Open({*database_, clock_, random_});
    outbox_ = *mail::Outbox::Open({*database_, *queue_, clock_, random_, nullptr},
                                  {.from = "valise@example.test", .from_name = "Valise"});
    requests_ = *Requests::Open({*database_, *queue_, *outbox_, clock_, random_, planner_},
                                {.plans = folder_.path() / "plans",
                                 .public_url = "https://v.test",
                                 .server_name = "Valise"});
    worker_ = std::make_unique<jobs::Worker>(
        *queue_, clock_,
        std::map<std::string, jobs::Worker::Work, std::less<>>{
            {std::string(Requests::kMakeJob),
             [this](const jobs::Job& job) { return requests_->Make(job); }},
            {std::string(Requests::kExpireJob),
             [this](const jobs::Job& job) { return requests_->Expire(job); }}},
        jobs::Worker::Options{});
  }
  NewRequest Form() {
    return {.account_id = "a1",
            .account_name = "ann",
            .user_id = "u1",
            .user_address = "ann@example.test",
            .address = "ann@example.test",
            .language = "en",
            .choice = {}};
  }
  ExportRequest Ready() {
    const auto asked = requests_->Ask(Form());
    EXPECT_TRUE(asked.has_value()) << asked.error().message;
    EXPECT_TRUE(worker_->RunDue().has_value());
    return *requests_->Get(asked->id);
  }
  ManualClock clock_{FromSeconds(1'700'000'000)};
  SystemRandom random_;
  TemporaryFolder folder_;
  FakePlanner planner_;
  std::unique_ptr<sql::Database> database_ = *sql::OpenSqliteInMemory();
  std::unique_ptr<jobs::Queue> queue_;
  std::unique_ptr<mail::Outbox> outbox_;
  std::unique_ptr<Requests> requests_;
  std::unique_ptr<jobs::Worker> worker_;
};

TEST_F(RequestsTest, FromAskedToReadyWithAMail) {
  const ExportRequest request = Ready();
  EXPECT_EQ(request.state, State::kReady);
  EXPECT_EQ(request.as_of, FromSeconds(1'600'000'000));
  EXPECT_EQ(*request.ends - *request.ready, hours{96});
  EXPECT_EQ(request.file_name, "ann-2020.zip");
  EXPECT_GT(*request.size, 0u);
  EXPECT_EQ(request.etag.size(), 64u);
  EXPECT_EQ(request.missing, 1u);
  EXPECT_NE(request.contents.find("\"photos\":3"), std::string::npos);
  const auto mail = *requests_->MailOf(request);
  ASSERT_TRUE(mail);
  EXPECT_EQ(mail->to, "ann@example.test");
  EXPECT_NE(outbox_->Read(mail->id)->text.find("https://v.test/requests/" + request.id),
            std::string::npos);
  EXPECT_EQ(outbox_->List(10)->size(), 1u);
}

TEST_F(RequestsTest, AnotherAddressIsToldToTheUsersOwn) {
  NewRequest form = Form();
  form.address = "someone@example.test";
  const auto request = requests_->Ask(form);
  ASSERT_TRUE(request.has_value());
  const auto mails = *outbox_->List(10);
  ASSERT_EQ(mails.size(), 1u);
  EXPECT_EQ(mails[0].to, "ann@example.test");
  EXPECT_NE(outbox_->Read(mails[0].id)->text.find("/requests/" + request->id + "?cancel=1"),
            std::string::npos);
}

TEST_F(RequestsTest, OneWaitsAtATimeAndTenMayBeReady) {
  ASSERT_TRUE(requests_->Ask(Form()).has_value());
  EXPECT_EQ(requests_->Ask(Form()).error().code, ErrorCode::kConflict);
  EXPECT_TRUE(*requests_->Waiting("a1"));
  static_cast<void>(worker_->RunDue());
  for (int i = 1; i < 10; ++i) EXPECT_EQ(Ready().state, State::kReady);
  EXPECT_EQ(requests_->Ask(Form()).error().code, ErrorCode::kRateLimited);
  EXPECT_EQ(requests_->OfAccount("a1")->size(), 10u);
}

TEST_F(RequestsTest, BadAddressesAreRefused) {
  NewRequest form = Form();
  form.address = "a@b\r\nBcc: c@d.test";
  EXPECT_EQ(requests_->Ask(form).error().code, ErrorCode::kInvalidArgument);
  EXPECT_TRUE(requests_->OfAccount("a1")->empty());
}

TEST_F(RequestsTest, AServerKilledAtAnyStepGoesOn) {
  for (const char* state : {"asked", "snapshot", "planned"}) {
    const ExportRequest request = Ready();
    const fs::path plan = requests_->PlanPath(request.id);
    const auto whole = ReadFile(plan);
    // As the desk is left by a crash right after `state` was written, with half a plan on disk.
    ASSERT_TRUE(database_->Execute("UPDATE export_request SET state = ? WHERE id = ?",
                                   sql::Args(state, request.id)));
    if (std::string_view(state) != "planned") {
      ASSERT_TRUE(WriteFileAtomically(plan, "half"));
    }
    ASSERT_TRUE(queue_->Put({.kind = "request", .subject = request.id, .due = clock_.Now()}));
    ASSERT_TRUE(queue_->Take(hours{1}).has_value());
    Open();
    ASSERT_TRUE(queue_->ReleaseAll().has_value());
    ASSERT_TRUE(worker_->RunDue().has_value());
    const ExportRequest again = *requests_->Get(request.id);
    EXPECT_EQ(again.state, State::kReady) << state;
    EXPECT_EQ(again.etag, request.etag);
    EXPECT_EQ(ReadFile(plan), whole);
    EXPECT_TRUE(requests_->Cancel(request.id).has_value());
  }
  EXPECT_EQ(outbox_->List(100)->size(), 3u);
}

TEST_F(RequestsTest, LinksAreBoundRevocableAndEnd) {
  const ExportRequest request = Ready();
  const std::string token = *requests_->MakeLink(request.id);
  EXPECT_EQ(token.size(), 22u);
  EXPECT_EQ(requests_->FollowLink(token)->id, request.id);
  EXPECT_EQ(requests_->FollowLink("AAAAAAAAAAAAAAAAAAAAAA").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(database_
                ->Query("SELECT 1 FROM export_link WHERE token_sha256 = ?",
                        sql::Args(Sha256(token).Hex()))
                ->size(),
            1u);
  ASSERT_TRUE(requests_->RevokeLinks(request.id).has_value());
  EXPECT_EQ(requests_->FollowLink(token).error().code, ErrorCode::kGone);
  const std::string second = *requests_->MakeLink(request.id);
  clock_.Advance(hours{96});
  EXPECT_EQ(requests_->FollowLink(second).error().code, ErrorCode::kGone);
  EXPECT_EQ(requests_->MakeLink(request.id).error().code, ErrorCode::kGone);
}

TEST_F(RequestsTest, OnlyTheNewestLinksLive) {
  const ExportRequest request = Ready();
  const std::string first = *requests_->MakeLink(request.id);
  for (size_t i = 0; i < Requests::kMaxLinks; ++i) {
    clock_.Advance(seconds{1});
    ASSERT_TRUE(requests_->MakeLink(request.id).has_value());
  }
  EXPECT_EQ(requests_->FollowLink(first).error().code, ErrorCode::kGone);
}

TEST_F(RequestsTest, AfterFourDaysItExpiresAndThePlanGoes) {
  const ExportRequest request = Ready();
  EXPECT_TRUE(fs::exists(requests_->PlanPath(request.id)));
  clock_.Advance(hours{95});
  static_cast<void>(worker_->RunDue());
  EXPECT_EQ(requests_->Get(request.id)->state, State::kReady);
  clock_.Advance(hours{1});
  EXPECT_EQ(requests_->Get(request.id)->state, State::kExpired);
  static_cast<void>(worker_->RunDue());
  EXPECT_FALSE(fs::exists(requests_->PlanPath(request.id)));
  EXPECT_EQ(requests_->OpenPlan(request.id).error().code, ErrorCode::kGone);
  EXPECT_EQ(*queue_->NextDue(), std::nullopt);
}

TEST_F(RequestsTest, CancellingEndsItWhateverItsState) {
  const auto asked = *requests_->Ask(Form());
  ASSERT_TRUE(requests_->Cancel(asked.id).has_value());
  static_cast<void>(worker_->RunDue());
  EXPECT_EQ(planner_.plans, 0);
  const ExportRequest ready = Ready();
  const std::string token = *requests_->MakeLink(ready.id);
  ASSERT_TRUE(requests_->Cancel(ready.id).has_value());
  ASSERT_TRUE(requests_->Cancel(ready.id).has_value());
  EXPECT_EQ(requests_->FollowLink(token).error().code, ErrorCode::kGone);
  EXPECT_FALSE(fs::exists(requests_->PlanPath(ready.id)));
  EXPECT_EQ(requests_->Cancel("nobody").error().code, ErrorCode::kNotFound);
}

TEST_F(RequestsTest, CancellingWhileThePlanIsMadeLeavesNothing) {
  const auto asked = *requests_->Ask(Form());
  planner_.before = [&] { EXPECT_TRUE(requests_->Cancel(asked.id).has_value()); };
  static_cast<void>(worker_->RunDue());
  EXPECT_EQ(requests_->Get(asked.id)->state, State::kCancelled);
  EXPECT_FALSE(fs::exists(requests_->PlanPath(asked.id)));
  EXPECT_TRUE(outbox_->List(10)->empty());
}

TEST_F(RequestsTest, AFullDiskIsTriedAgainAndThenGivenUp) {
  planner_.answer = Fail(ErrorCode::kUnavailable, "write plan: No space left on device");
  const auto asked = *requests_->Ask(Form());
  static_cast<void>(worker_->RunDue());
  EXPECT_EQ(requests_->Get(asked.id)->state, State::kSnapshot);
  for (int i = 0; i < 5; ++i) {
    clock_.Advance(hours{1});
    static_cast<void>(worker_->RunDue());
  }
  const ExportRequest failed = *requests_->Get(asked.id);
  EXPECT_EQ(failed.state, State::kFailed);
  EXPECT_EQ(failed.error_code, "unavailable");
  EXPECT_EQ((*requests_->MailOf(failed))->subject, "Your download could not be made");
  EXPECT_TRUE(requests_->Ask(Form()).has_value());
}

TEST_F(RequestsTest, DamageFailsAtOnce) {
  planner_.answer = Fail(ErrorCode::kCorrupt, "a document is damaged");
  const auto asked = *requests_->Ask(Form());
  static_cast<void>(worker_->RunDue());
  EXPECT_EQ(requests_->Get(asked.id)->state, State::kFailed);
}

TEST_F(RequestsTest, WatchersHearOfEveryStep) {
  int told = 0;
  const auto asked = *requests_->Ask(Form());
  const uint64_t id = requests_->watchers().Add(asked.id, [&] { ++told; });
  static_cast<void>(worker_->RunDue());
  EXPECT_EQ(told, 3);
  ASSERT_TRUE(requests_->MarkDownloaded(asked.id).has_value());
  EXPECT_EQ(told, 4);
  requests_->watchers().Remove(id);
  ASSERT_TRUE(requests_->Cancel(asked.id).has_value());
  EXPECT_EQ(told, 4);
}

TEST_F(RequestsTest, TheFirstFullDownloadIsNoted) {
  const ExportRequest request = Ready();
  ASSERT_TRUE(requests_->MarkDownloaded(request.id).has_value());
  const Timestamp first = clock_.Now();
  clock_.Advance(hours{1});
  ASSERT_TRUE(requests_->MarkDownloaded(request.id).has_value());
  EXPECT_EQ(requests_->Get(request.id)->downloaded, first);
}

TEST_F(RequestsTest, PlansAreSharedByThoseWhoDownload) {
  const ExportRequest request = Ready();
  const auto first = *requests_->OpenPlan(request.id);
  EXPECT_EQ(first, *requests_->OpenPlan(request.id));
  EXPECT_EQ(first->plan->size(), *request.size);
}

TEST_F(RequestsTest, ChoicesAreKept) {
  NewRequest form = Form();
  form.choice = {.kinds = std::vector<std::string>{"messages", "profile"},
                 .from = FromSeconds(1),
                 .until = FromSeconds(2),
                 .format = "instagram"};
  const auto asked = *requests_->Ask(form);
  static_cast<void>(worker_->RunDue());
  EXPECT_EQ(requests_->Get(asked.id)->choice, form.choice);
  EXPECT_TRUE(planner_.selection.Has(account::Kind::kMessage));
  EXPECT_FALSE(planner_.selection.Has(account::Kind::kPost));
  EXPECT_FALSE(planner_.selection.photos);
  EXPECT_EQ(planner_.selection.until, FromSeconds(2));
  EXPECT_EQ(planner_.format, "instagram");
}

library::Erased Something() { return {.keys = {Key::Of("a post")}, .digests = {}}; }

TEST_F(RequestsTest, ErasureBeatsAPin) {
  const ExportRequest request = Ready();
  const std::string token = *requests_->MakeLink(request.id);
  const auto open = *requests_->OpenPlan(request.id);
  EXPECT_EQ(*requests_->CancelHolding("another", Something()), std::vector<std::string>{});
  EXPECT_EQ(*requests_->CancelHolding("a1", Something()), std::vector<std::string>{request.id});
  EXPECT_TRUE(open->is_cut) << "a download that runs";
  const ExportRequest now = *requests_->Get(request.id);
  EXPECT_EQ(now.state, State::kCancelled);
  EXPECT_TRUE(IsErased(now));
  EXPECT_EQ(requests_->FollowLink(token).error().code, ErrorCode::kGone);
  EXPECT_EQ(requests_->OpenPlan(request.id).error().code, ErrorCode::kGone);
  EXPECT_FALSE(fs::exists(requests_->PlanPath(request.id)));
  const auto mail = *requests_->MailOf(now);
  ASSERT_TRUE(mail);
  EXPECT_TRUE(outbox_->Read(mail->id)->text.contains("/requests/" + request.id));
  EXPECT_EQ(*requests_->CancelHolding("a1", Something()), std::vector<std::string>{}) << "again";
  EXPECT_TRUE(requests_->Roots("a1")->pinned.empty());
}

TEST_F(RequestsTest, WhatHoldsNothingOfItStays) {
  planner_.holds = false;
  const ExportRequest request = Ready();
  EXPECT_TRUE(requests_->CancelHolding("a1", Something())->empty());
  EXPECT_TRUE(requests_->CancelHolding("a1", {})->empty());
  EXPECT_EQ(planner_.asked, std::vector<fs::path>{requests_->PlanPath(request.id)});
  EXPECT_EQ(requests_->Get(request.id)->state, State::kReady);
  EXPECT_FALSE((*requests_->OpenPlan(request.id))->is_cut);
}

TEST_F(RequestsTest, ErasedWhileItIsBeingPlanned) {
  planner_.before = [&] {
    const auto waiting = *requests_->Waiting("a1");
    EXPECT_EQ(*requests_->CancelHolding("a1", Something()), std::vector<std::string>{waiting->id});
    EXPECT_EQ(planner_.asked, std::vector<fs::path>{""}) << "by its snapshot: there is no plan yet";
  };
  const ExportRequest request = Ready();
  EXPECT_TRUE(IsErased(request));
  EXPECT_FALSE(fs::exists(requests_->PlanPath(request.id)));
  EXPECT_TRUE(worker_->RunDue().has_value());
  EXPECT_TRUE(IsErased(*requests_->Get(request.id)));
}

}  // namespace
}  // namespace valise::requests
