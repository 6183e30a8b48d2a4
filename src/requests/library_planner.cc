#include "bundle/plan_writer.h"
#include "requests/planner.h"

namespace valise::requests {

Result<Planner::Snapshot> LibraryPlanner::Current(std::string_view account_id) {
  ASSIGN_OR_RETURN(const auto library, library::Library::Open(accounts_, data_, account_id));
  ASSIGN_OR_RETURN(const auto current, library->Current());
  if (!current) return Fail(ErrorCode::kNotFound, "there is nothing in this account yet");
  return Snapshot{.head = current->digest, .time = current->head.time};
}

Result<bundle::PlanSummary> LibraryPlanner::Plan(std::string_view account_id, const Digest& head,
                                                 const bundle::Selection& selection,
                                                 const fs::path& path) {
  ASSIGN_OR_RETURN(const auto library, library::Library::Open(accounts_, data_, account_id));
  ASSIGN_OR_RETURN(const auto snapshot, library->At(head));
  ASSIGN_OR_RETURN(const auto writer, bundle::PlanWriter::Create(path));
  return format_.Plan(
      {.blobs = library->blobs(), .head_digest = snapshot.digest, .head = snapshot.head}, selection,
      *writer, key_);
}

}  // namespace valise::requests
