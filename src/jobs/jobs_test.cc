#include <gtest/gtest.h>

#include "jobs/queue.h"
#include "jobs/worker.h"

namespace valise::jobs {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Next = Outcome::Next;
constexpr seconds kLease{60};

class JobsTest : public testing::Test {
 protected:
  void SetUp() override { queue_ = *Queue::Open({*database_, clock_, random_}); }
  void Put(std::string subject, seconds in = seconds{0}) {
    ASSERT_TRUE(
        queue_->Put({.kind = "k", .subject = subject, .due = clock_.Now() + in}).has_value());
  }
  std::string TakeSubject() {
    const auto job = *queue_->Take(kLease);
    return job ? job->subject : "";
  }
  ManualClock clock_{FromSeconds(1'700'000'000)};
  SystemRandom random_;
  std::unique_ptr<sql::Database> database_ = *sql::OpenSqliteInMemory();
  std::unique_ptr<Queue> queue_;
};

TEST_F(JobsTest, TakenInOrderOfDueAndOnlyWhenDue) {
  Put("late", seconds{10});
  Put("second", seconds{-1});
  Put("first", seconds{-2});
  EXPECT_EQ(TakeSubject(), "first");
  EXPECT_EQ(TakeSubject(), "second");
  EXPECT_EQ(TakeSubject(), "");
  EXPECT_EQ(*queue_->NextDue(), clock_.Now() + seconds{10});
  clock_.Advance(seconds{10});
  EXPECT_EQ(TakeSubject(), "late");
}

TEST_F(JobsTest, PuttingAgainIsOneJobThatMayBecomeDueEarlier) {
  Put("a", seconds{10});
  Put("a", seconds{20});
  EXPECT_EQ(*queue_->NextDue(), clock_.Now() + seconds{10});
  Put("a");
  EXPECT_EQ(TakeSubject(), "a");
  EXPECT_EQ(TakeSubject(), "");
}

TEST_F(JobsTest, PutWhileItRunsIsRunOnceMore) {
  const auto put = [&](Timestamp due) {
    return queue_->Put({.kind = "k", .subject = "a", .due = due}).has_value();
  };
  ASSERT_TRUE(put(clock_.Now()));
  auto job = *queue_->Take(kLease);
  ASSERT_TRUE(job);
  ASSERT_TRUE(put(clock_.Now() + std::chrono::seconds(5)));
  ASSERT_TRUE(put(clock_.Now() + std::chrono::seconds(9)));
  EXPECT_FALSE(*queue_->Take(kLease)) << "not while it runs";
  ASSERT_TRUE(queue_->Done(*job).has_value());
  EXPECT_FALSE(*queue_->Take(kLease)) << "not before it is due";
  clock_.Advance(std::chrono::seconds(5));
  job = *queue_->Take(kLease);
  ASSERT_TRUE(job);
  EXPECT_EQ(job->attempt, 1);
  ASSERT_TRUE(put(clock_.Now()));
  ASSERT_TRUE(queue_->Retry(*job, clock_.Now() + std::chrono::hours(1), "").has_value());
  job = *queue_->Take(kLease);
  ASSERT_TRUE(job) << "the earlier of both";
  ASSERT_TRUE(queue_->Done(*job).has_value());
  EXPECT_FALSE(*queue_->NextDue());
}

TEST_F(JobsTest, ALeaseThatEndsGivesTheJobToAnother) {
  Put("a");
  const auto first = *queue_->Take(kLease);
  ASSERT_TRUE(first);
  EXPECT_EQ(TakeSubject(), "");
  clock_.Advance(kLease);
  const auto second = *queue_->Take(kLease);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->attempt, 2);
  EXPECT_EQ(queue_->Done(*first).error().code, ErrorCode::kConflict);
  EXPECT_EQ(queue_->Retry(*first, clock_.Now(), "x").error().code, ErrorCode::kConflict);
  EXPECT_TRUE(queue_->Done(*second).has_value());
  EXPECT_EQ(*queue_->NextDue(), std::nullopt);
}

TEST_F(JobsTest, AfterACrashReleasedJobsGoOnAtOnce) {
  Put("a");
  ASSERT_EQ(TakeSubject(), "a");
  const auto again = *Queue::Open({*database_, clock_, random_});
  ASSERT_TRUE(again->ReleaseAll().has_value());
  EXPECT_EQ((*again->Take(kLease))->subject, "a");
}

TEST_F(JobsTest, RemoveSparesWhatRuns) {
  Put("a");
  Put("b");
  ASSERT_EQ(TakeSubject(), "a");
  ASSERT_TRUE(queue_->Remove("k", "a").has_value());
  ASSERT_TRUE(queue_->Remove("k", "b").has_value());
  clock_.Advance(kLease);
  EXPECT_EQ(TakeSubject(), "a");
  EXPECT_EQ(TakeSubject(), "");
}

TEST_F(JobsTest, BackoffDoublesUpToAnHour) {
  EXPECT_EQ(Backoff(1), seconds{5});
  EXPECT_EQ(Backoff(2), seconds{10});
  EXPECT_EQ(Backoff(4), seconds{40});
  EXPECT_EQ(Backoff(1000), std::chrono::hours{1});
}

TEST_F(JobsTest, WorksAreRetriedPostponedAndDone) {
  std::vector<int> attempts;
  std::vector<Outcome> outcomes = {
      {.next = Next::kRetry, .due = {}, .error = "no"},
      {.next = Next::kLater, .due = clock_.Now() + seconds{100}, .error = {}},
      {}};
  Worker worker(*queue_, clock_,
                {{"k",
                  [&](const Job& job) {
                    attempts.push_back(job.attempt);
                    return outcomes[attempts.size() - 1];
                  }}},
                {});
  Put("a");
  EXPECT_EQ(*worker.RunDue(), 1u);
  EXPECT_EQ(*worker.RunDue(), 0u);
  clock_.Advance(seconds{5});
  EXPECT_EQ(*worker.RunDue(), 1u);
  clock_.Advance(seconds{95});
  EXPECT_EQ(*worker.RunDue(), 1u);
  EXPECT_EQ(attempts, (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(*queue_->NextDue(), std::nullopt);
}

TEST_F(JobsTest, UnknownKindsAreLeftToOthers) {
  Worker nothing(*queue_, clock_, {}, {});
  Worker other(*queue_, clock_, {{"other", [](const Job&) { return Outcome{}; }}}, {});
  Worker knows(*queue_, clock_, {{"k", [](const Job&) { return Outcome{}; }}}, {});
  Put("a");
  EXPECT_EQ(*nothing.RunDue(), 0u);
  EXPECT_EQ(*other.RunDue(), 0u);
  EXPECT_EQ(*knows.RunDue(), 1u);
}

TEST_F(JobsTest, AnExtendedLeaseHoldsLonger) {
  Put("a");
  const auto job = *queue_->Take(kLease);
  clock_.Advance(kLease - seconds{1});
  ASSERT_TRUE(queue_->Extend(*job, kLease).has_value());
  clock_.Advance(seconds{2});
  EXPECT_EQ(TakeSubject(), "");
  EXPECT_TRUE(queue_->Done(*job).has_value());
  EXPECT_EQ(queue_->Extend(*job, kLease).error().code, ErrorCode::kConflict);
}

TEST_F(JobsTest, AWorkingThreadIsWokenAtOnce) {
  std::atomic<bool> ran = false;
  Worker worker(*queue_, clock_,
                {{"k",
                  [&](const Job&) {
                    ran = true;
                    return Outcome{};
                  }}},
                {.threads = 2, .lease = kLease, .look_every = seconds{60}});
  worker.Start();
  std::this_thread::sleep_for(milliseconds{20});
  const auto begin = std::chrono::steady_clock::now();
  Put("a");
  while (!ran && std::chrono::steady_clock::now() - begin < seconds{5}) {
    std::this_thread::sleep_for(milliseconds{1});
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, milliseconds{500});
  worker.Stop();
}

}  // namespace
}  // namespace valise::jobs
