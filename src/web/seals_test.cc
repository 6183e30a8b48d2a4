#include "web/seals.h"

#include <gtest/gtest.h>

#include "library/commit.h"
#include "sql/database.h"

namespace valise::web {
namespace {

using Next = jobs::Outcome::Next;

class SealsTest : public testing::Test {
 protected:
  SealsTest() {
    EXPECT_TRUE(accounts_->Create({.id = account_,
                                   .service = "host",
                                   .username = "ann",
                                   .owner = "",
                                   .head = {},
                                   .created = {}}));
    EXPECT_TRUE(MakeFolders(Folder()));
    Append("p1");
  }

  fs::path Folder() const { return data_.path() / "accounts" / account_; }
  void Append(std::string id) {
    account::Post post;
    post.time = FromSeconds(1'700'000'000);
    post.text = id;
    const library::Change change{.what = library::Change::What::kPut,
                                 .kind = account::Kind::kPost,
                                 .id = std::move(id),
                                 .record = post,
                                 .version = {}};
    ASSERT_TRUE((*lives_.Get(account_))->Append(std::span(&change, 1)));
  }
  jobs::Outcome Run() {
    return seals_.Run({.kind = std::string(Seals::kJob), .subject = account_, .lease = {}});
  }
  bool HasHead() { return accounts_->Get(account_)->head.has_value(); }

  const std::string account_ = "00000000000000aa";
  TemporaryFolder data_;
  ManualClock clock_{FromSeconds(1'800'000'000)};
  SystemRandom random_;
  std::unique_ptr<sql::Database> desk_ = *sql::OpenSqliteInMemory();
  std::unique_ptr<library::Accounts> accounts_ = *library::Accounts::Open(*desk_);
  std::unique_ptr<jobs::Queue> queue_ = *jobs::Queue::Open({*desk_, clock_, random_});
  Libraries libraries_{*accounts_, data_.path()};
  library::Lives lives_{data_.path(), clock_};
  Seals seals_{{.lives = lives_,
                .libraries = libraries_,
                .queue = *queue_,
                .clock = clock_,
                .on_erase = {}}};
};

TEST_F(SealsTest, AQuietAccountIsSealedAndThenIndexed) {
  jobs::Outcome outcome = Run();
  EXPECT_EQ(outcome.next, Next::kLater);
  EXPECT_EQ(outcome.due, clock_.Now() + Seals::kQuiet);
  EXPECT_FALSE(HasHead());
  clock_.Advance(Seals::kQuiet);
  outcome = Run();
  EXPECT_EQ(outcome.next, Next::kDone);
  EXPECT_TRUE(HasHead());
  const auto job = *queue_->Take(std::chrono::seconds(1));
  ASSERT_TRUE(job);
  EXPECT_EQ(job->kind, "index");
  EXPECT_EQ(job->subject, account_);
  EXPECT_EQ(Run().next, Next::kDone) << "nothing waits";
}

TEST_F(SealsTest, ABusyServiceDoesNotPutItOffForEver) {
  const Timestamp begun = clock_.Now();
  while (!HasHead()) {
    clock_.Advance(std::chrono::seconds(1));
    Append("p1");
    Run();
    ASSERT_LE(clock_.Now(), begun + Seals::kLongest);
  }
  EXPECT_EQ(clock_.Now(), begun + Seals::kLongest);
}

TEST_F(SealsTest, ARequestSealsAtOnceAndWaitsForAnImport) {
  {
    const auto lock = library::LockLibrary(**libraries_.Open(account_));
    ASSERT_TRUE(lock);
    EXPECT_EQ(seals_.SealNow(account_, {}).error().code, ErrorCode::kConflict);
    clock_.Advance(Seals::kQuiet);
    EXPECT_EQ(Run().next, Next::kLater);
  }
  EXPECT_TRUE(seals_.SealNow(account_, {}));
  EXPECT_TRUE(HasHead());
}

TEST_F(SealsTest, WhatAnEarlierServerLeftIsAskedFor) {
  EXPECT_FALSE(*queue_->NextDue());
  ASSERT_TRUE(seals_.AskForAll());
  EXPECT_EQ(*queue_->NextDue(), clock_.Now() + Seals::kQuiet);
}

TEST_F(SealsTest, AnErasedAccountIsNotSealed) {
  ASSERT_TRUE(desk_->Execute("DELETE FROM account"));
  clock_.Advance(Seals::kQuiet);
  EXPECT_EQ(Run().next, Next::kDone);
}

}  // namespace
}  // namespace valise::web
