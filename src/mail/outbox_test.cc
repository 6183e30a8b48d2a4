#include "mail/outbox.h"

#include <gtest/gtest.h>

namespace valise::mail {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

class OutboxTest : public testing::Test {
 protected:
  void Open(MailTransport* transport) {
    outbox_ = *Outbox::Open({*database_, *queue_, clock_, random_, transport},
                            {.from = "valise@example.test", .from_name = "Valise"});
    worker_ = std::make_unique<jobs::Worker>(
        *queue_, clock_,
        std::map<std::string, jobs::Worker::Work, std::less<>>{
            {std::string(Outbox::kJob),
             [this](const jobs::Job& job) { return outbox_->Send(job); }}},
        jobs::Worker::Options{});
  }
  void Put(std::string id = "m1") {
    ASSERT_TRUE(outbox_
                    ->Put({.id = id,
                           .about = "r1",
                           .to = "a@b.test",
                           .letter = {.subject = "Hello", .text = "text", .html = "<p>html</p>"}})
                    .has_value());
  }
  ManualClock clock_{FromSeconds(1'700'000'000)};
  SystemRandom random_;
  std::unique_ptr<sql::Database> database_ = *sql::OpenSqliteInMemory();
  std::unique_ptr<jobs::Queue> queue_ = *jobs::Queue::Open({*database_, clock_, random_});
  MemoryTransport transport_;
  std::unique_ptr<Outbox> outbox_;
  std::unique_ptr<jobs::Worker> worker_;
};

TEST_F(OutboxTest, AMailIsSentOnce) {
  Open(&transport_);
  std::string told;
  outbox_->OnChange([&](std::string_view about) { told = about; });
  Put();
  Put();
  EXPECT_EQ(*worker_->RunDue(), 1u);
  Put();
  EXPECT_EQ(*worker_->RunDue(), 0u);
  ASSERT_EQ(transport_.sent().size(), 1u);
  EXPECT_EQ(transport_.sent()[0].envelope.to, "a@b.test");
  EXPECT_NE(transport_.sent()[0].rendered.find("Subject: Hello"), std::string::npos);
  EXPECT_EQ(outbox_->Get("m1")->state, MailState::kSent);
  EXPECT_EQ(outbox_->Get("m1")->sent, clock_.Now());
  EXPECT_EQ(told, "r1");
}

TEST_F(OutboxTest, AServerThatIsDownIsTriedAgainAndAgain) {
  Open(&transport_);
  transport_.Answer(Fail(ErrorCode::kUnavailable, "mail: Could not connect to server"));
  Put();
  EXPECT_EQ(*worker_->RunDue(), 1u);
  EXPECT_EQ(outbox_->Get("m1")->state, MailState::kQueued);
  EXPECT_EQ(outbox_->Get("m1")->last_error, "mail: Could not connect to server");
  clock_.Advance(seconds{5});
  EXPECT_EQ(*worker_->RunDue(), 1u);
  EXPECT_EQ(outbox_->Get("m1")->attempts, 2);
  transport_.Answer({});
  clock_.Advance(seconds{10});
  EXPECT_EQ(*worker_->RunDue(), 1u);
  EXPECT_EQ(outbox_->Get("m1")->state, MailState::kSent);
  EXPECT_EQ(outbox_->Get("m1")->last_error, "");
}

TEST_F(OutboxTest, AfterFourDaysItIsGivenUp) {
  Open(&transport_);
  transport_.Answer(Fail(ErrorCode::kUnavailable, "mail: down"));
  Put();
  for (int hour = 0; hour < 97; ++hour) {
    static_cast<void>(worker_->RunDue());
    clock_.Advance(hours{1});
  }
  EXPECT_EQ(outbox_->Get("m1")->state, MailState::kFailed);
  EXPECT_EQ(*queue_->NextDue(), std::nullopt);
}

TEST_F(OutboxTest, ARefusalIsForGood) {
  Open(&transport_);
  transport_.Answer(Fail(ErrorCode::kInvalidArgument, "mail: the mail server answered 550"));
  Put();
  EXPECT_EQ(*worker_->RunDue(), 1u);
  EXPECT_EQ(outbox_->Get("m1")->state, MailState::kFailed);
  EXPECT_EQ(*queue_->NextDue(), std::nullopt);
}

TEST_F(OutboxTest, WithoutAServerMailsStayToBeRead) {
  Open(nullptr);
  Put();
  EXPECT_FALSE(outbox_->configured());
  EXPECT_EQ(*worker_->RunDue(), 0u);
  EXPECT_EQ(outbox_->Get("m1")->state, MailState::kNotConfigured);
  EXPECT_EQ(outbox_->Read("m1")->html, "<p>html</p>");
  EXPECT_EQ(outbox_->List(10)->size(), 1u);
  EXPECT_EQ(outbox_->Read("m2").error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(outbox_->Sweep(clock_.Now() + seconds{1}).has_value());
  EXPECT_TRUE(outbox_->List(10)->empty());
}

TEST_F(OutboxTest, BadAddressesAreRefused) {
  Open(&transport_);
  EXPECT_EQ(outbox_->Put({.id = "m", .about = "", .to = "a b", .letter = {}}).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_FALSE(
      Outbox::Open({*database_, *queue_, clock_, random_, nullptr}, {.from = "x", .from_name = ""})
          .has_value());
}

}  // namespace
}  // namespace valise::mail
