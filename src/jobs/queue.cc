#include "jobs/queue.h"

#include <algorithm>

namespace valise::jobs {
namespace {

constexpr sql::Migration kMigrations[] = {
    {1,
     "CREATE TABLE job (kind TEXT NOT NULL, subject TEXT NOT NULL, due_ms BIGINT NOT NULL,"
     " attempts INTEGER NOT NULL, lease TEXT, lease_until_ms BIGINT NOT NULL,"
     " created_ms BIGINT NOT NULL, last_error TEXT NOT NULL, PRIMARY KEY (kind, subject));"
     "CREATE INDEX job_due ON job (due_ms);"},
    {2, "ALTER TABLE job ADD COLUMN again_ms BIGINT"},
};

constexpr std::chrono::milliseconds kFirstWait{5'000};
constexpr std::chrono::milliseconds kLongestWait{3'600'000};
constexpr int kMaxDoublings = 20;

Status LeaseLost(int64_t changed) {
  if (changed != 0) return {};
  return Fail(ErrorCode::kConflict, "the lease of a job was lost");
}

}  // namespace

std::chrono::milliseconds Backoff(int attempts) {
  return std::min(kFirstWait * (1 << std::clamp(attempts - 1, 0, kMaxDoublings)), kLongestWait);
}

Result<std::unique_ptr<Queue>> Queue::Open(const Ports& ports) {
  RETURN_IF_ERROR(ports.database.Migrate("jobs", kMigrations));
  return std::unique_ptr<Queue>(new Queue(ports));
}

Status Queue::Put(const NewJob& job) {
  RETURN_IF_ERROR(ports_.database.Execute(
      "INSERT INTO job (kind, subject, due_ms, attempts, lease, lease_until_ms, created_ms,"
      " last_error) VALUES (?, ?, ?, 0, NULL, 0, ?, '') ON CONFLICT (kind, subject) DO UPDATE"
      " SET due_ms = CASE WHEN job.lease IS NULL AND excluded.due_ms < job.due_ms"
      " THEN excluded.due_ms ELSE job.due_ms END,"
      " again_ms = CASE WHEN job.lease IS NOT NULL"
      " AND (job.again_ms IS NULL OR excluded.due_ms < job.again_ms)"
      " THEN excluded.due_ms ELSE job.again_ms END",
      sql::Args(job.kind, job.subject, ToMillis(job.due), ToMillis(ports_.clock.Now()))));
  Wake();
  return {};
}

Status Queue::Remove(std::string_view kind, std::string_view subject) {
  RETURN_IF_ERROR(ports_.database.Execute(
      "DELETE FROM job WHERE kind = ? AND subject = ? AND (lease IS NULL OR lease_until_ms <= ?)",
      sql::Args(kind, subject, ToMillis(ports_.clock.Now()))));
  return {};
}

Result<std::optional<Job>> Queue::Take(std::chrono::milliseconds lease,
                                       std::span<const std::string> kinds) {
  std::string of_kinds;
  for (size_t i = 0; i < kinds.size(); ++i) of_kinds += i == 0 ? " AND kind IN (?" : ", ?";
  if (!kinds.empty()) of_kinds += ")";
  std::optional<Job> taken;
  const Status status = ports_.database.InTransaction([&]() -> Status {
    const Timestamp now = ports_.clock.Now();
    sql::Values values = sql::Args(ToMillis(now), ToMillis(now));
    values.insert(values.end(), kinds.begin(), kinds.end());
    ASSIGN_OR_RETURN(const auto rows,
                     ports_.database.Query(
                         "SELECT kind, subject, attempts, created_ms FROM job WHERE due_ms <= ?"
                         " AND (lease IS NULL OR lease_until_ms <= ?)" +
                             of_kinds + " ORDER BY due_ms, created_ms, subject LIMIT 1",
                         values));
    if (rows.empty()) return {};
    Job job{.kind = rows[0].Text(0),
            .subject = rows[0].Text(1),
            .attempt = static_cast<int>(rows[0].Int(2)) + 1,
            .lease = ports_.random.Token(),
            .created = FromMillis(rows[0].Int(3))};
    RETURN_IF_ERROR(ports_.database.Execute(
        "UPDATE job SET lease = ?, lease_until_ms = ?, attempts = ? WHERE kind = ? AND subject = ?",
        sql::Args(job.lease, ToMillis(now + lease), job.attempt, job.kind, job.subject)));
    taken = std::move(job);
    return {};
  });
  RETURN_IF_ERROR(status);
  return taken;
}

Status Queue::Extend(const Job& job, std::chrono::milliseconds lease) {
  ASSIGN_OR_RETURN(
      const int64_t changed,
      ports_.database.Execute(
          "UPDATE job SET lease_until_ms = ? WHERE kind = ? AND subject = ? AND lease = ?",
          sql::Args(ToMillis(ports_.clock.Now() + lease), job.kind, job.subject, job.lease)));
  return LeaseLost(changed);
}

Status Queue::Done(const Job& job) {
  const auto of_job = sql::Args(job.kind, job.subject, job.lease);
  int64_t again = 0;
  RETURN_IF_ERROR(ports_.database.InTransaction([&]() -> Status {
    ASSIGN_OR_RETURN(again, ports_.database.Execute(
                                "UPDATE job SET due_ms = again_ms, again_ms = NULL, lease = NULL,"
                                " lease_until_ms = 0, attempts = 0, last_error = '' WHERE kind = ?"
                                " AND subject = ? AND lease = ? AND again_ms IS NOT NULL",
                                of_job));
    if (again != 0) return {};
    ASSIGN_OR_RETURN(const int64_t changed,
                     ports_.database.Execute(
                         "DELETE FROM job WHERE kind = ? AND subject = ? AND lease = ?", of_job));
    return LeaseLost(changed);
  }));
  if (again != 0) Wake();
  return {};
}

Status Queue::Retry(const Job& job, Timestamp due, std::string_view error) {
  ASSIGN_OR_RETURN(
      const int64_t changed,
      ports_.database.Execute(
          "UPDATE job SET due_ms = CASE WHEN again_ms < ? THEN again_ms ELSE ? END,"
          " again_ms = NULL,"
          " lease = NULL, lease_until_ms = 0, last_error = ?"
          " WHERE kind = ? AND subject = ? AND lease = ?",
          sql::Args(ToMillis(due), ToMillis(due), error, job.kind, job.subject, job.lease)));
  Wake();
  return LeaseLost(changed);
}

Status Queue::ReleaseAll() {
  RETURN_IF_ERROR(ports_.database.Execute(
      "UPDATE job SET lease = NULL, lease_until_ms = 0 WHERE lease IS NOT NULL"));
  Wake();
  return {};
}

Result<std::optional<Timestamp>> Queue::NextDue() const {
  ASSIGN_OR_RETURN(const auto rows,
                   ports_.database.Query("SELECT MIN(CASE WHEN lease IS NULL THEN due_ms"
                                         " ELSE lease_until_ms END) FROM job"));
  if (rows.empty() || rows[0].IsNull(0)) return std::nullopt;
  return FromMillis(rows[0].Int(0));
}

void Queue::Wake() {
  {
    const std::lock_guard lock(mutex_);
    ++wakes_;
  }
  changed_.notify_all();
}

uint64_t Queue::Wait(uint64_t seen, std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, limit, [&] { return wakes_ != seen; });
  return wakes_;
}

}  // namespace valise::jobs
