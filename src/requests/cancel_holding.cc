// Cancels the requests that hold what is being erased: erasure beats a pin.
#include "base/log.h"
#include "requests/requests.h"

namespace valise::requests {

Result<std::vector<ExportRequest>> Requests::Holding(std::string_view account_id,
                                                     const library::Erased& erased) const {
  std::vector<ExportRequest> holding;
  if (erased.empty()) return holding;
  ASSIGN_OR_RETURN(auto pinning, table_.Pinning(account_id));
  std::vector<Planner::Held> held;
  for (const ExportRequest& request : pinning) {
    const bool planned = request.state != State::kSnapshot;
    held.push_back({.head = *request.head, .plan = planned ? PlanPath(request.id) : fs::path()});
  }
  if (held.empty()) return holding;
  ASSIGN_OR_RETURN(const std::vector<bool> holds, ports_.planner.Hold(account_id, held, erased));
  for (size_t i = 0; i < pinning.size(); ++i) {
    if (holds[i]) holding.push_back(std::move(pinning[i]));
  }
  return holding;
}

Result<std::vector<std::string>> Requests::CancelHolding(std::string_view account_id,
                                                         const library::Erased& erased) {
  std::vector<std::string> cancelled;
  // No request takes a snapshot meanwhile: those that come later take the new one.
  const std::lock_guard lock(snapshots_mutex_);
  ASSIGN_OR_RETURN(const auto holding, Holding(account_id, erased));
  for (const ExportRequest& request : holding) {
    ASSIGN_OR_RETURN(const bool done, CancelErased(request.id));
    if (done) cancelled.push_back(request.id);
  }
  return cancelled;
}

// Whether it was not over already.
Result<bool> Requests::CancelErased(std::string_view id) {
  while (true) {
    ASSIGN_OR_RETURN(ExportRequest request, table_.Get(id));
    if (request.state > State::kReady) return false;
    const State from = std::exchange(request.state, State::kCancelled);
    request.error_code = kErased;
    const Status written = ports_.database.InTransaction([&]() -> Status {
      RETURN_IF_ERROR(table_.Update(request, from));
      RETURN_IF_ERROR(RevokeLinks(id));
      return ports_.outbox.Put({.id = MailId("erased", id),
                                .about = request.id,
                                .to = request.address,
                                .letter = mail::ErasedLetter({.language = request.language,
                                                              .account = request.account_name,
                                                              .server = options_.server_name,
                                                              .page_url = PageUrl(id)})});
    });
    if (written) break;
    // A worker took it one state further between our reading and writing: look again.
    if (written.error().code != ErrorCode::kConflict) return std::unexpected(written.error());
  }
  DropPlan(id);
  Cut(id);
  RETURN_IF_ERROR(ports_.queue.Remove(kMakeJob, id));
  RETURN_IF_ERROR(ports_.queue.Remove(kExpireJob, id));
  ports_.queue.Wake();
  watchers_.Tell(id);
  log::Info("event=request_cancelled request={} reason=erased", id);
  return true;
}

// Downloads that run end at the next byte.
void Requests::Cut(std::string_view id) {
  const std::lock_guard lock(plans_mutex_);
  const auto found = open_plans_.find(std::string(id));
  if (found == open_plans_.end()) return;
  if (const auto open = found->second.lock()) open->is_cut = true;
  open_plans_.erase(found);
}

Result<library::SweepRoots> Requests::Roots(std::string_view account_id) const {
  ASSIGN_OR_RETURN(const auto pinning, table_.Pinning(account_id));
  library::SweepRoots roots;
  for (const ExportRequest& request : pinning) {
    if (request.state != State::kSnapshot) {
      // Once there is a plan, only what it names is needed.
      const auto plan = bundle::Plan::Open(PlanPath(request.id));
      if (plan) {
        RETURN_IF_ERROR((*plan)->ForEachBlob([&](const Digest& digest) -> Status {
          roots.plan_blobs.insert(digest);
          return {};
        }));
        continue;
      }
      if (plan.error().code != ErrorCode::kNotFound) return std::unexpected(plan.error());
    }
    roots.pinned.push_back(*request.head);
  }
  return roots;
}

}  // namespace valise::requests
