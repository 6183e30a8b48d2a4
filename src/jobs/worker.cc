#include "jobs/worker.h"

#include <sys/resource.h>

#include <algorithm>

#include "base/log.h"

namespace valise::jobs {

Worker::Worker(Queue& queue, const Clock& clock, std::map<std::string, Work, std::less<>> works,
               Options options)
    : queue_(queue), clock_(clock), works_(std::move(works)), options_(options) {
  for (const auto& [kind, work] : works_) kinds_.push_back(kind);
}

Worker::~Worker() { Stop(); }

void Worker::Start() {
  for (unsigned i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { Loop(); });
}

void Worker::Stop() {
  stopping_ = true;
  queue_.Wake();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

Result<size_t> Worker::RunDue() {
  for (size_t ran = 0;; ++ran) {
    ASSIGN_OR_RETURN(const bool any, RunOne());
    if (!any) return ran;
  }
}

Result<bool> Worker::RunOne() {
  if (kinds_.empty()) return false;
  ASSIGN_OR_RETURN(const std::optional<Job> job, queue_.Take(options_.lease, kinds_));
  if (!job) return false;
  const Outcome outcome = works_.find(job->kind)->second(*job);
  Status ended;
  switch (outcome.next) {
    case Outcome::Next::kDone:
      ended = queue_.Done(*job);
      break;
    case Outcome::Next::kLater:
      ended = queue_.Retry(*job, outcome.due, {});
      break;
    case Outcome::Next::kRetry:
      log::Warn("event=job_failed kind={} subject={} attempt={} error=\"{}\"", job->kind,
                job->subject, job->attempt, outcome.error);
      ended = queue_.Retry(*job, clock_.Now() + Backoff(job->attempt), outcome.error);
      break;
  }
  // A lost lease only means that somebody else did it too, which works allow.
  if (!ended.has_value() && ended.error().code != ErrorCode::kConflict) {
    return std::unexpected(ended.error());
  }
  return true;
}

void Worker::Loop() {
  // Of this thread only (setpriority(2), "NOTES"). That it cannot be had is no reason not to work.
  if (options_.nice != 0) setpriority(PRIO_PROCESS, 0, options_.nice);
  uint64_t seen = 0;
  while (!stopping_) {
    const auto ran = RunOne();
    if (!ran.has_value()) {
      log::Error("event=queue_unavailable error=\"{}\"", ran.error().message);
      seen = queue_.Wait(seen, options_.look_every);
    } else if (!*ran && !stopping_) {
      seen = queue_.Wait(seen, options_.look_every);
    }
  }
}

}  // namespace valise::jobs
