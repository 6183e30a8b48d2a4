// Requests: from "Request download" to the last byte, and to the end of the link.
//
// Each step is written at the desk before the next begins, so that a server killed at any instant
// goes on where it was. Thread safety: every method from any thread. Durability: the desk's; plans
// are files under Options::plans, durable before a request is ready.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/random.h"
#include "bundle/plan.h"
#include "jobs/queue.h"
#include "jobs/worker.h"
#include "library/erase.h"
#include "mail/outbox.h"
#include "requests/planner.h"
#include "requests/request_table.h"
#include "requests/watchers.h"

namespace valise::requests {

struct NewRequest {
  std::string account_id;
  std::string account_name;
  std::string user_id;
  std::string user_address;  // the user's own; a notice goes there when `address` is another
  std::string address;
  std::string language;
  Choice choice;
};

struct RequestOptions {
  fs::path plans;          // a folder
  std::string public_url;  // "https://valise.example", no slash at the end
  std::string server_name;
  std::chrono::milliseconds link_life{std::chrono::hours{96}};
  size_t max_ready = 10;  // of one account
  int max_attempts = 5;   // of making a plan
};

// A plan that is being downloaded.
struct OpenedPlan {
  std::unique_ptr<const bundle::Plan> plan;
  // Nothing more of it may be sent: something in it was erased.
  std::atomic<bool> is_cut = false;
};

class Requests {
 public:
  static constexpr std::string_view kMakeJob = "request";
  static constexpr std::string_view kExpireJob = "request_end";
  static constexpr size_t kMaxLinks = 20;  // of one request; the oldest is revoked

  struct Ports {
    sql::Database& database;
    jobs::Queue& queue;
    mail::Outbox& outbox;
    const Clock& clock;
    Random& random;
    Planner& planner;
  };
  static Result<std::unique_ptr<Requests>> Open(const Ports& ports, RequestOptions options);

  // Errors: kInvalidArgument (address), kConflict (one waits already: Waiting() has it),
  // kRateLimited (too many are ready), kUnavailable.
  Result<ExportRequest> Ask(const NewRequest& request);
  Result<ExportRequest> Get(std::string_view id) const;  // Errors: kNotFound
  Result<std::vector<ExportRequest>> OfAccount(std::string_view account_id) const;
  // The one that waits, or nullopt.
  Result<std::optional<ExportRequest>> Waiting(std::string_view account_id) const;
  // Ends it: unpins, revokes, deletes the plan. Cancelling again is fine. Errors: kNotFound.
  Status Cancel(std::string_view id);
  // Cancels all requests of an account and deletes what the desk and the disk know of them, mails
  // included: the account itself is erased. Again: no error.
  Status EraseAccount(std::string_view account_id);

  // Erasure beats a pin: every request of the account that waits or is ready, and whose snapshot or
  // plan holds something of `erased`, is cancelled with the reason kErased. Its links die,
  // downloads that run are cut, and a mail tells of it. Returns their ids. Errors: kCorrupt,
  // kUnavailable.
  Result<std::vector<std::string>> CancelHolding(std::string_view account_id,
                                                 const library::Erased& erased);
  // Those that it would cancel.
  Result<std::vector<ExportRequest>> Holding(std::string_view account_id,
                                             const library::Erased& erased) const;
  // What requests that wait or are ready need of the account's blobs. Errors: kUnavailable.
  Result<library::SweepRoots> Roots(std::string_view account_id) const;

  // A new capability: 128 bits, of which the desk knows only the SHA-256. Errors: kNotFound, kGone
  // (the request is not ready or has ended).
  Result<std::string> MakeLink(std::string_view id);
  Status RevokeLinks(std::string_view id);
  // Errors: kNotFound (never was one), kGone (revoked, cancelled, expired).
  Result<ExportRequest> FollowLink(std::string_view token) const;
  // The plan of a ready request; shared by all who download it. Errors: kGone, kCorrupt,
  // kUnavailable.
  Result<std::shared_ptr<const OpenedPlan>> OpenPlan(std::string_view id);
  // The last byte was delivered. The first time counts.
  Status MarkDownloaded(std::string_view id);

  // The mail that tells of it; nullopt before it is written.
  Result<std::optional<mail::MailRow>> MailOf(const ExportRequest& request) const;

  // The works of the jobs.
  jobs::Outcome Make(const jobs::Job& job);
  jobs::Outcome Expire(const jobs::Job& job);

  Watchers& watchers() { return watchers_; }
  const RequestOptions& options() const { return options_; }
  fs::path PlanPath(std::string_view id) const;

 private:
  Requests(const Ports& ports, RequestOptions options)
      : ports_(ports), options_(std::move(options)), table_(ports.database) {}
  Status InsertAsked(const ExportRequest& request, const NewRequest& given);
  Status Step(ExportRequest& request);
  Status TakeSnapshot(ExportRequest& request);
  Status MakePlan(ExportRequest& request);
  Status BecomeReady(ExportRequest& request);
  Status GiveUp(ExportRequest& request, const Error& error);
  Result<bool> CancelErased(std::string_view id);
  void DropPlan(std::string_view id);
  void Cut(std::string_view id);
  static std::string MailId(std::string_view purpose, std::string_view request_id);
  ExportRequest AsOfNow(ExportRequest request) const;
  std::string PageUrl(std::string_view id) const;

  Ports ports_;
  RequestOptions options_;
  RequestTable table_;
  Watchers watchers_;
  std::mutex plans_mutex_;
  std::unordered_map<std::string, std::weak_ptr<OpenedPlan>> open_plans_;
  std::mutex snapshots_mutex_;  // held from reading a head until it is pinned
};

}  // namespace valise::requests
