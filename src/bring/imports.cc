#include "bring/imports.h"

#include <algorithm>
#include <chrono>
#include <set>

#include "base/log.h"
#include "bring/import_report.h"

namespace valise::bring {
namespace {

using Next = jobs::Outcome::Next;

// How often pages hear of progress, and the queue that the job is being worked on.
constexpr std::chrono::milliseconds kTellEvery{200};
constexpr std::chrono::minutes kLeaseEvery{1};
constexpr std::chrono::minutes kLease{5};
// Another process imports into the account: look again.
constexpr std::chrono::seconds kBusyWait{5};

ImportProgress ToProgress(const imports::Progress& p) {
  switch (p.phase) {
    case imports::Progress::Phase::kFiles:
      return {"storing", p.bytes, p.total_bytes};
    case imports::Progress::Phase::kRecords:
      return {"reading", p.items, p.total_items};
    case imports::Progress::Phase::kSealing:
      return {"sealing", p.items, p.total_items};
    case imports::Progress::Phase::kSyncing:
      return {"syncing", p.items, p.total_items};
  }
  return {};
}

// The user name that the account's own profile has, or "".
Result<std::string> ProfileName(const library::Library& library) {
  ASSIGN_OR_RETURN(const auto snapshot, library.Current());
  if (!snapshot) return std::string();
  for (const library::DocumentRow& row : snapshot->head.documents) {
    if (row.kind != account::Kind::kProfile) continue;
    ASSIGN_OR_RETURN(const auto records, library.ReadRecords(row));
    if (!records.empty()) return std::get<account::Profile>(records.front()).username;
  }
  return std::string();
}

}  // namespace

Result<std::unique_ptr<Imports>> Imports::Open(Ports ports) {
  std::unique_ptr<Imports> imports(new Imports(std::move(ports)));
  RETURN_IF_ERROR(imports->table_.Migrate());
  // What ended while the server went down has its uploads still; what was decided may have no job.
  ASSIGN_OR_RETURN(const auto active, imports->table_.Active());
  std::set<std::string, std::less<>> used;
  for (const ArchiveImport& one : active) {
    used.insert(one.uploads.begin(), one.uploads.end());
    if (one.state == ImportState::kOtherAccount) continue;
    RETURN_IF_ERROR(imports->ports_.queue.Put(
        {.kind = std::string(kJob), .subject = one.id, .due = imports->ports_.clock.Now()}));
  }
  RETURN_IF_ERROR(imports->ports_.uploads.EndTakenExcept(used));
  return imports;
}

Result<ArchiveImport> Imports::Ask(const library::AccountRow& account, std::string_view user_id,
                                   std::vector<std::string> uploads) {
  if (uploads.empty() || uploads.size() > kMaxParts) {
    return Fail(ErrorCode::kInvalidArgument, "an import needs 1 to 100 uploads");
  }
  for (const std::string& id : uploads) {
    ASSIGN_OR_RETURN(const Upload upload, ports_.uploads.Settle(id));
    if (upload.account_id != account.id || upload.user_id != user_id) {
      return Fail(ErrorCode::kNotFound, "there is no such upload");
    }
  }
  ArchiveImport one{.id = ports_.random.HexToken(8),
                    .account_id = account.id,
                    .user_id = std::string(user_id),
                    .uploads = std::move(uploads),
                    .asked = ports_.clock.Now()};
  const Status written = ports_.database.InTransaction([&]() -> Status {
    RETURN_IF_ERROR(ports_.uploads.Take(one.uploads));
    RETURN_IF_ERROR(table_.Insert(one));
    return ports_.queue.Put({.kind = std::string(kJob), .subject = one.id, .due = one.asked});
  });
  RETURN_IF_ERROR(written);
  ports_.queue.Wake();
  return one;
}

Result<ArchiveImport> Imports::Get(std::string_view id) const { return table_.Get(id); }

Result<std::vector<ArchiveImport>> Imports::OfAccount(std::string_view account_id) const {
  return table_.OfAccount(account_id);
}

ImportProgress Imports::ProgressOf(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto found = live_.find(id);
  return found == live_.end() ? ImportProgress{} : found->second.progress;
}

Status Imports::SetState(ArchiveImport& one, ImportState state) {
  const ImportState from = std::exchange(one.state, state);
  if (HasEnded(state)) one.ended = ports_.clock.Now();
  if (Status updated = table_.Update(one, from); !updated.has_value()) {
    one.state = from;
    return updated;
  }
  ports_.changed(one.id);
  return {};
}

Status Imports::EndUploads(const ArchiveImport& one) {
  for (const std::string& id : one.uploads) RETURN_IF_ERROR(ports_.uploads.End(id));
  return {};
}

Status Imports::Decide(std::string_view id, Decision decision) {
  ASSIGN_OR_RETURN(ArchiveImport one, table_.Get(id));
  if (one.state != ImportState::kOtherAccount || decision == Decision::kNone) {
    return Fail(ErrorCode::kConflict, "there is nothing to decide about this import");
  }
  one.decision = decision;
  if (decision == Decision::kSecondAccount) {
    ASSIGN_OR_RETURN(one.account_id, SecondAccount(one));
  }
  RETURN_IF_ERROR(SetState(one, ImportState::kImporting));
  return ports_.queue.Put(
      {.kind = std::string(kJob), .subject = one.id, .due = ports_.clock.Now()});
}

// The user's account of that service and name, made when there is none.
Result<std::string> Imports::SecondAccount(const ArchiveImport& one) {
  ASSIGN_OR_RETURN(const auto own, ports_.accounts.OfOwner(one.user_id));
  for (const library::AccountRow& row : own) {
    if (row.service == one.found_service && SameName(row.username, one.found_username)) {
      return row.id;
    }
  }
  ASSIGN_OR_RETURN(const auto made, ports_.accounts.Create({.id = ports_.random.HexToken(8),
                                                            .service = one.found_service,
                                                            .username = one.found_username,
                                                            .owner = one.user_id,
                                                            .created = ports_.clock.Now()}));
  return made.id;
}

Status Imports::Cancel(std::string_view id) {
  while (true) {
    ASSIGN_OR_RETURN(ArchiveImport one, table_.Get(id));
    if (HasEnded(one.state)) return {};
    const Status done = SetState(one, ImportState::kCancelled);
    // The worker took it one state further between our reading and writing: look again.
    if (!done.has_value() && done.error().code == ErrorCode::kConflict) continue;
    RETURN_IF_ERROR(done);
    RETURN_IF_ERROR(ports_.queue.Remove(kJob, id));
    return EndUploads(one);
  }
}

Status Imports::EraseAccount(std::string_view account_id) {
  ASSIGN_OR_RETURN(const auto all, OfAccount(account_id));
  for (const ArchiveImport& one : all) RETURN_IF_ERROR(Cancel(one.id));
  ASSIGN_OR_RETURN(const auto uploads, ports_.uploads.OfAccount(account_id));
  for (const Upload& upload : uploads) RETURN_IF_ERROR(ports_.uploads.End(upload.id));
  return ports_.database.InTransaction([&]() -> Status {
    for (const std::string_view table : {"archive_import", "upload"}) {
      RETURN_IF_ERROR(ports_.database.Execute(
          fmt::format("DELETE FROM {} WHERE account_id = ?", table), sql::Args(account_id)));
    }
    return {};
  });
}

Result<imports::OpenedArchive> Imports::OpenParts(const ArchiveImport& one) const {
  std::vector<fs::path> paths;
  for (const std::string& id : one.uploads) {
    ASSIGN_OR_RETURN(const Upload upload, ports_.uploads.Get(id));
    paths.push_back(ports_.uploads.PathOf(upload));
  }
  return imports::OpenedArchive::Open(ports_.sources, paths);
}

Status Imports::Check(ArchiveImport& one) {
  ASSIGN_OR_RETURN(const auto opened, OpenParts(one));
  ASSIGN_OR_RETURN(const Claim claim, ClaimOf(opened));
  one.found_service = claim.service;
  one.found_username = claim.username;
  ASSIGN_OR_RETURN(const library::AccountRow account, ports_.accounts.Get(one.account_id));
  ASSIGN_OR_RETURN(const auto library, ports_.open_library(account.id));
  ASSIGN_OR_RETURN(const std::string profile_name, ProfileName(*library));
  const bool belongs = Belongs(claim, account, profile_name);
  return SetState(one, belongs ? ImportState::kImporting : ImportState::kOtherAccount);
}

Status Imports::Tell(const ArchiveImport& one, const jobs::Job& job,
                     const imports::Progress& progress) {
  if (stopping_) return Fail(ErrorCode::kCancelled, "the server stops");
  const auto now = std::chrono::steady_clock::now();
  bool tell = false, extend = false;
  {
    const std::lock_guard lock(mutex_);
    Live& live = live_[one.id];
    live.progress = ToProgress(progress);
    tell = now - live.told >= kTellEvery;
    if (tell) live.told = now;
    extend = now - live.leased >= kLeaseEvery;
    if (extend) live.leased = now;
  }
  if (!tell) return {};
  ports_.changed(one.id);
  if (extend) RETURN_IF_ERROR(ports_.queue.Extend(job, kLease));
  ASSIGN_OR_RETURN(const ArchiveImport present, table_.Get(one.id));
  if (present.state == ImportState::kImporting) return {};
  return Fail(ErrorCode::kCancelled, "the import was cancelled");
}

// An account without a service takes both names from its first archive; later the profile tells
// what it is called.
Status Imports::NameAccount(const ArchiveImport& one, const library::Library& library) {
  ASSIGN_OR_RETURN(const library::AccountRow account, ports_.accounts.Get(one.account_id));
  ASSIGN_OR_RETURN(std::string name, ProfileName(library));
  if (name.empty()) name = one.found_username;
  Status named;
  if (account.service.empty()) {
    named = ports_.accounts.Become(account.id, one.found_service, name);
  } else if (account.service == one.found_service && !name.empty() && name != account.username) {
    named = ports_.accounts.Rename(account.id, name);
  }
  // The owner has another account of that name: both stay what they are called.
  if (!named.has_value() && named.error().code == ErrorCode::kAlreadyExists) return {};
  return named;
}

Status Imports::TakeIn(ArchiveImport& one, const jobs::Job& job) {
  ASSIGN_OR_RETURN(const auto opened, OpenParts(one));
  ASSIGN_OR_RETURN(const auto library, ports_.open_library(one.account_id));
  ASSIGN_OR_RETURN(const auto report, imports::ImportArchive(opened, *library, ports_.clock,
                                                             [&](const imports::Progress& p) {
                                                               return Tell(one, job, p);
                                                             }));
  RETURN_IF_ERROR(NameAccount(one, *library));
  one.report = ImportReportJson(report);
  Status done = SetState(one, ImportState::kDone);
  if (!done.has_value() && done.error().code == ErrorCode::kConflict) {
    // Cancelled when it was too late: it is in, and that is said.
    one.state = ImportState::kCancelled;
    done = SetState(one, ImportState::kDone);
  }
  RETURN_IF_ERROR(done);
  ports_.new_head(one.account_id);
  return EndUploads(one);
}

Status Imports::Run(ArchiveImport& one, const jobs::Job& job) {
  if (one.state == ImportState::kWaiting) RETURN_IF_ERROR(SetState(one, ImportState::kChecking));
  if (one.state == ImportState::kChecking) RETURN_IF_ERROR(Check(one));
  if (one.state == ImportState::kImporting) RETURN_IF_ERROR(TakeIn(one, job));
  return {};
}

Status Imports::GiveUp(ArchiveImport& one, const Error& error) {
  one.error_code = CodeName(error.code);
  one.error_message = error.message;
  RETURN_IF_ERROR(SetState(one, ImportState::kFailed));
  // Where the server was at fault the same uploads may be tried again.
  const bool ours = error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kInternal;
  return ours ? ports_.uploads.GiveBack(one.uploads) : EndUploads(one);
}

jobs::Outcome Imports::Work(const jobs::Job& job) {
  const auto retry = [](const Error& error) {
    return jobs::Outcome{.next = Next::kRetry, .due = {}, .error = error.message};
  };
  auto one = table_.Get(job.subject);
  if (!one.has_value()) {
    return one.error().code == ErrorCode::kNotFound ? jobs::Outcome{} : retry(one.error());
  }
  const Status run = Run(*one, job);
  {
    const std::lock_guard lock(mutex_);
    live_.erase(job.subject);
  }
  if (run.has_value()) return {};
  const Error& error = run.error();
  if (error.code == ErrorCode::kCancelled && !stopping_) return {};
  if (stopping_) return {.next = Next::kLater, .due = ports_.clock.Now(), .error = {}};
  const auto present = table_.Get(job.subject);
  if (present.has_value() && HasEnded(present->state)) return {};  // cancelled meanwhile
  if (error.code == ErrorCode::kConflict) {
    return {.next = Next::kLater, .due = ports_.clock.Now() + kBusyWait, .error = {}};
  }
  if (error.code == ErrorCode::kUnavailable && job.attempt < kMaxAttempts) return retry(error);
  log::Warn("event=import_failed import={} code={}", one->id, CodeName(error.code));
  const Status given_up = GiveUp(*one, error);
  return given_up.has_value() ? jobs::Outcome{} : retry(given_up.error());
}

}  // namespace valise::bring
