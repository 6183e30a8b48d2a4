#include "requests/requests.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "mail/address.h"

namespace valise::requests {
namespace {

// When an account is busy.
constexpr std::chrono::milliseconds kAskAgain{500};

std::string ContentsJson(const bundle::PlanSummary& summary) {
  JsonWriter json;
  json.BeginObject().Member("photos", summary.photos).Member("videos", summary.videos);
  for (size_t i = 0; i < account::kKindCount; ++i) {
    json.Member(account::KindPlural(static_cast<account::Kind>(i)), summary.records[i]);
  }
  json.Member("media_bytes", summary.media_bytes).EndObject();
  return json.Take();
}

}  // namespace

Result<std::unique_ptr<Requests>> Requests::Open(const Ports& ports, RequestOptions options) {
  RETURN_IF_ERROR(MakeFolders(options.plans));
  RETURN_IF_ERROR(ports.database.Migrate("requests", RequestMigrations()));
  return std::unique_ptr<Requests>(new Requests(ports, std::move(options)));
}

std::string Requests::MailId(std::string_view purpose, std::string_view request_id) {
  return fmt::format("{}-{}", purpose, request_id);
}

fs::path Requests::PlanPath(std::string_view id) const {
  return options_.plans / fmt::format("{}.plan", id);
}

std::string Requests::PageUrl(std::string_view id) const {
  return fmt::format("{}/requests/{}", options_.public_url, id);
}

// A link that has run out is out, whether or not the job that tidies up has run.
ExportRequest Requests::AsOfNow(ExportRequest request) const {
  if (request.state == State::kReady && request.ends && ports_.clock.Now() >= *request.ends) {
    request.state = State::kExpired;
  }
  return request;
}

Result<ExportRequest> Requests::Ask(const NewRequest& given) {
  ExportRequest request;
  ASSIGN_OR_RETURN(request.address, mail::ParseAddress(given.address));
  request.id = ports_.random.HexToken(8);
  request.account_id = given.account_id;
  request.account_name = given.account_name;
  request.user_id = given.user_id;
  request.language = given.language;
  request.choice = given.choice;
  request.asked = ports_.clock.Now();
  RETURN_IF_ERROR(
      ports_.database.InTransaction([&]() -> Status { return InsertAsked(request, given); }));
  ports_.queue.Wake();
  return request;
}

Status Requests::InsertAsked(const ExportRequest& request, const NewRequest& given) {
  ASSIGN_OR_RETURN(const auto others, OfAccount(request.account_id));
  size_t ready = 0;
  for (const ExportRequest& other : others) {
    if (IsWaiting(other.state)) {
      return Fail(ErrorCode::kConflict, "a download of this account is being made already");
    }
    if (other.state == State::kReady) ++ready;
  }
  if (ready >= options_.max_ready) {
    return Fail(
        ErrorCode::kRateLimited,
        fmt::format("{} downloads of this account are ready; use or cancel one first", ready));
  }
  RETURN_IF_ERROR(table_.Insert(request));
  if (!given.user_address.empty() && given.user_address != request.address) {
    RETURN_IF_ERROR(ports_.outbox.Put(
        {.id = MailId("notice", request.id),
         .about = request.id,
         .to = given.user_address,
         .letter = mail::NoticeLetter({.language = request.language,
                                       .account = request.account_name,
                                       .server = options_.server_name,
                                       .address = request.address,
                                       .cancel_url = PageUrl(request.id) + "?cancel=1"})}));
  }
  return ports_.queue.Put(
      {.kind = std::string(kMakeJob), .subject = request.id, .due = request.asked});
}

Result<ExportRequest> Requests::Get(std::string_view id) const {
  ASSIGN_OR_RETURN(ExportRequest request, table_.Get(id));
  return AsOfNow(std::move(request));
}

Result<std::vector<ExportRequest>> Requests::OfAccount(std::string_view account_id) const {
  ASSIGN_OR_RETURN(auto requests, table_.OfAccount(account_id));
  for (ExportRequest& request : requests) request = AsOfNow(std::move(request));
  return requests;
}

Result<std::optional<ExportRequest>> Requests::Waiting(std::string_view account_id) const {
  ASSIGN_OR_RETURN(auto requests, OfAccount(account_id));
  for (ExportRequest& request : requests) {
    if (IsWaiting(request.state)) return std::optional(std::move(request));
  }
  return std::optional<ExportRequest>{};
}

Status Requests::Cancel(std::string_view id) {
  while (true) {
    ASSIGN_OR_RETURN(ExportRequest request, table_.Get(id));
    if (request.state > State::kReady) return {};
    const State from = std::exchange(request.state, State::kCancelled);
    const Status updated = table_.Update(request, from);
    if (updated.has_value()) break;
    // A worker took it one state further between our reading and writing: look again.
    if (updated.error().code != ErrorCode::kConflict) return updated;
  }
  DropPlan(id);
  RETURN_IF_ERROR(ports_.queue.Remove(kMakeJob, id));
  RETURN_IF_ERROR(ports_.queue.Remove(kExpireJob, id));
  watchers_.Tell(id);
  return RevokeLinks(id);
}

Status Requests::EraseAccount(std::string_view account_id) {
  ASSIGN_OR_RETURN(const auto all, OfAccount(account_id));
  for (const ExportRequest& request : all) {
    RETURN_IF_ERROR(Cancel(request.id));
    DropPlan(request.id);  // also of one that had ended before
    Cut(request.id);
    const Status deleted = ports_.database.InTransaction([&]() -> Status {
      RETURN_IF_ERROR(ports_.database.Execute("DELETE FROM export_link WHERE request_id = ?",
                                              sql::Args(request.id)));
      RETURN_IF_ERROR(ports_.outbox.EraseAbout(request.id));
      return table_.Delete(request.id);
    });
    RETURN_IF_ERROR(deleted);
  }
  return {};
}

Result<std::string> Requests::MakeLink(std::string_view id) {
  ASSIGN_OR_RETURN(const ExportRequest request, Get(id));
  if (request.state != State::kReady) {
    return Fail(ErrorCode::kGone, "this download is not ready, or has ended");
  }
  std::string token = ports_.random.Token();
  RETURN_IF_ERROR(ports_.database.Execute(
      "INSERT INTO export_link (token_sha256, request_id, created_ms, revoked) VALUES (?, ?, ?, 0)",
      sql::Args(Sha256(token).Hex(), id, ToMillis(ports_.clock.Now()))));
  RETURN_IF_ERROR(ports_.database.Execute(
      "UPDATE export_link SET revoked = 1 WHERE request_id = ? AND token_sha256 NOT IN (SELECT"
      " token_sha256 FROM export_link WHERE request_id = ? ORDER BY created_ms DESC, token_sha256"
      " LIMIT ?)",
      sql::Args(id, id, kMaxLinks)));
  return token;
}

Status Requests::RevokeLinks(std::string_view id) {
  RETURN_IF_ERROR(ports_.database.Execute("UPDATE export_link SET revoked = 1 WHERE request_id = ?",
                                          sql::Args(id)));
  return {};
}

Result<ExportRequest> Requests::FollowLink(std::string_view token) const {
  ASSIGN_OR_RETURN(
      const auto rows,
      ports_.database.Query("SELECT request_id, revoked FROM export_link WHERE token_sha256 = ?",
                            sql::Args(Sha256(token).Hex())));
  if (rows.empty()) return Fail(ErrorCode::kNotFound, "there is no such link");
  ASSIGN_OR_RETURN(ExportRequest request, Get(rows[0].Text(0)));
  if (rows[0].Int(1) != 0 || request.state != State::kReady) {
    return Fail(ErrorCode::kGone, "this download has ended");
  }
  return request;
}

Result<std::shared_ptr<const OpenedPlan>> Requests::OpenPlan(std::string_view id) {
  const std::lock_guard lock(plans_mutex_);
  std::weak_ptr<OpenedPlan>& slot = open_plans_[std::string(id)];
  if (auto open = slot.lock()) return open;
  auto opened = bundle::Plan::Open(PlanPath(id));
  if (!opened.has_value()) {
    open_plans_.erase(std::string(id));
    if (opened.error().code == ErrorCode::kNotFound) {
      return Fail(ErrorCode::kGone, "this download has ended");
    }
    return std::unexpected(opened.error());
  }
  const auto plan = std::make_shared<OpenedPlan>();
  plan->plan = std::move(*opened);
  slot = plan;
  // Others that nobody downloads any more.
  std::erase_if(open_plans_, [](const auto& one) { return one.second.expired(); });
  return plan;
}

Status Requests::MarkDownloaded(std::string_view id) {
  RETURN_IF_ERROR(table_.SetDownloaded(id, ports_.clock.Now()));
  watchers_.Tell(id);
  return {};
}

Result<std::optional<mail::MailRow>> Requests::MailOf(const ExportRequest& request) const {
  const auto purpose = request.state == State::kFailed ? "failed"
                       : IsErased(request)             ? "erased"
                                                       : "ready";
  auto row = ports_.outbox.Get(MailId(purpose, request.id));
  if (row.has_value()) return std::optional(std::move(*row));
  if (row.error().code == ErrorCode::kNotFound) return std::optional<mail::MailRow>{};
  return std::unexpected(row.error());
}

jobs::Outcome Requests::Make(const jobs::Job& job) {
  using Next = jobs::Outcome::Next;
  auto request = table_.Get(job.subject);
  if (!request.has_value()) {
    if (request.error().code == ErrorCode::kNotFound) return {};
    return {.next = Next::kRetry, .due = {}, .error = request.error().message};
  }
  if (request->state == State::kAsked) {
    // An import of the account that runs is waited for, however long it takes.
    const Status settled = ports_.planner.Settle(request->account_id);
    if (!settled.has_value() && settled.error().code == ErrorCode::kConflict) {
      return {.next = Next::kLater, .due = ports_.clock.Now() + kAskAgain, .error = {}};
    }
    if (!settled.has_value() && settled.error().code != ErrorCode::kNotFound) {
      return {.next = Next::kRetry, .due = {}, .error = settled.error().message};
    }
  }
  while (IsWaiting(request->state)) {
    const Status status = Step(*request);
    if (status.has_value()) {
      watchers_.Tell(request->id);
      continue;
    }
    if (status.error().code == ErrorCode::kConflict) {  // cancelled meanwhile
      DropPlan(request->id);
      return {};
    }
    const bool again = status.error().code == ErrorCode::kUnavailable;
    if (again && job.attempt < options_.max_attempts) {
      return {.next = Next::kRetry, .due = {}, .error = status.error().message};
    }
    const Status given_up = GiveUp(*request, status.error());
    if (!given_up.has_value() && given_up.error().code != ErrorCode::kConflict) {
      return {.next = Next::kRetry, .due = {}, .error = given_up.error().message};
    }
    watchers_.Tell(request->id);
    return {};
  }
  return {};
}

// One state further. What a step makes is the same when it is made again after a crash.
Status Requests::Step(ExportRequest& request) {
  switch (request.state) {
    case State::kAsked:
      return TakeSnapshot(request);
    case State::kSnapshot:
      return MakePlan(request);
    case State::kPlanned:
      return BecomeReady(request);
    case State::kReady:
    case State::kExpired:
    case State::kCancelled:
    case State::kFailed:
      break;
  }
  return {};
}

Status Requests::TakeSnapshot(ExportRequest& request) {
  // Nothing is erased between reading the head and pinning it.
  const std::lock_guard lock(snapshots_mutex_);
  ASSIGN_OR_RETURN(const Planner::Snapshot snapshot, ports_.planner.Current(request.account_id));
  request.head = snapshot.head;
  request.as_of = snapshot.time;
  request.state = State::kSnapshot;
  return table_.Update(request, State::kAsked);
}

Status Requests::MakePlan(ExportRequest& request) {
  const fs::path path = PlanPath(request.id);
  ASSIGN_OR_RETURN(
      const bundle::PlanSummary summary,
      ports_.planner.Plan(
          request.account_id, *request.head,
          {.selection = ToSelection(request.choice), .format = request.choice.format}, path));
  ASSIGN_OR_RETURN(const auto plan, bundle::Plan::Open(path));
  request.size = plan->size();
  request.etag = plan->etag();
  request.file_name = plan->file_name();
  request.contents = ContentsJson(summary);
  request.missing = summary.missing;
  request.damaged = summary.damaged;
  request.state = State::kPlanned;
  return table_.Update(request, State::kSnapshot);
}

Status Requests::BecomeReady(ExportRequest& request) {
  ExportRequest ready = request;
  ready.ready = ports_.clock.Now();
  ready.ends = *ready.ready + options_.link_life;
  ready.state = State::kReady;
  RETURN_IF_ERROR(ports_.database.InTransaction([&]() -> Status {
    if (Status updated = table_.Update(ready, State::kPlanned); !updated.has_value())
      return updated;
    Status kept = ports_.outbox.Put({.id = MailId("ready", ready.id),
                                     .about = ready.id,
                                     .to = ready.address,
                                     .letter = mail::ReadyLetter({.language = ready.language,
                                                                  .account = ready.account_name,
                                                                  .server = options_.server_name,
                                                                  .page_url = PageUrl(ready.id),
                                                                  .as_of = *ready.as_of,
                                                                  .ends = *ready.ends,
                                                                  .size = *ready.size})});
    if (!kept.has_value()) return kept;
    return ports_.queue.Put(
        {.kind = std::string(kExpireJob), .subject = ready.id, .due = *ready.ends});
  }));
  request = std::move(ready);
  return {};
}

Status Requests::GiveUp(ExportRequest& request, const Error& error) {
  const State from = std::exchange(request.state, State::kFailed);
  request.error_code = CodeName(error.code);
  request.error_message = error.message;
  DropPlan(request.id);
  return ports_.database.InTransaction([&]() -> Status {
    RETURN_IF_ERROR(table_.Update(request, from));
    return ports_.outbox.Put({.id = MailId("failed", request.id),
                              .about = request.id,
                              .to = request.address,
                              .letter = mail::FailedLetter({.language = request.language,
                                                            .account = request.account_name,
                                                            .server = options_.server_name,
                                                            .page_url = PageUrl(request.id)})});
  });
}

jobs::Outcome Requests::Expire(const jobs::Job& job) {
  using Next = jobs::Outcome::Next;
  auto request = table_.Get(job.subject);
  if (!request.has_value()) {
    if (request.error().code == ErrorCode::kNotFound) return {};
    return {.next = Next::kRetry, .due = {}, .error = request.error().message};
  }
  if (request->state == State::kReady) {
    if (ports_.clock.Now() < *request->ends)
      return {.next = Next::kLater, .due = *request->ends, .error = {}};
    request->state = State::kExpired;
    const Status updated = table_.Update(*request, State::kReady);
    if (!updated.has_value() && updated.error().code != ErrorCode::kConflict) {
      return {.next = Next::kRetry, .due = {}, .error = updated.error().message};
    }
    watchers_.Tell(request->id);
  }
  DropPlan(request->id);
  return {};
}

// Downloads that run keep their mapping and go on to their end, unless they are cut.
void Requests::DropPlan(std::string_view id) {
  std::error_code ignored;
  fs::remove(PlanPath(id), ignored);
}

}  // namespace valise::requests
