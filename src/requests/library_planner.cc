#include "bundle/plan.h"
#include "bundle/plan_writer.h"
#include "requests/planner.h"

namespace valise::requests {
namespace {

// Records that were written anew lie in the plan itself, deflated: documents that dates cut, and
// all of an Instagram-shaped archive. No blob shows what stands in them.
bool HasRecordsOfItsOwn(const bundle::Plan& plan) {
  for (uint64_t i = 0; i < plan.count(); ++i) {
    if (plan.At(i).method == zip::Method::kDeflate && !plan.BodyAt(i).in_blob) return true;
  }
  return false;
}

}  // namespace

Result<Planner::Snapshot> LibraryPlanner::Current(std::string_view account_id) {
  ASSIGN_OR_RETURN(const auto library, library::Library::Open(accounts_, data_, account_id));
  ASSIGN_OR_RETURN(const auto current, library->Current());
  if (!current) return Fail(ErrorCode::kNotFound, "there is nothing in this account yet");
  return Snapshot{.head = current->digest, .time = current->head.time};
}

Result<std::vector<bool>> LibraryPlanner::Hold(std::string_view account_id,
                                               std::span<const Held> held,
                                               const library::Erased& erased) {
  ASSIGN_OR_RETURN(const auto library, library::Library::Open(accounts_, data_, account_id));
  library::ErasedFinder finder(*library, erased);
  std::vector<bool> holds;
  for (const Held& one : held) {
    Result<std::unique_ptr<bundle::Plan>> plan = Fail(ErrorCode::kNotFound, "no plan yet");
    if (!one.plan.empty()) plan = bundle::Plan::Open(one.plan);
    if (!plan) {
      ASSIGN_OR_RETURN(const bool in_snapshot, finder.InSnapshot(one.head));
      holds.push_back(in_snapshot);
      continue;
    }
    bool found = false;
    RETURN_IF_ERROR((*plan)->ForEachBlob([&](const Digest& digest) -> Status {
      if (found) return {};
      ASSIGN_OR_RETURN(found, finder.InBlob(digest));
      return {};
    }));
    if (!found && HasRecordsOfItsOwn(**plan)) {
      ASSIGN_OR_RETURN(found, finder.InSnapshot(one.head));
    }
    holds.push_back(found);
  }
  return holds;
}

Result<bundle::PlanSummary> LibraryPlanner::Plan(std::string_view account_id, const Digest& head,
                                                 const Wanted& wanted, const fs::path& path) {
  const bundle::BundleFormat* format = bundle::FindFormat(formats_, wanted.format);
  if (format == nullptr) {
    return Fail(ErrorCode::kUnsupported, "this server does not make downloads of this format");
  }
  ASSIGN_OR_RETURN(const auto library, library::Library::Open(accounts_, data_, account_id));
  ASSIGN_OR_RETURN(const auto snapshot, library->At(head));
  ASSIGN_OR_RETURN(const auto writer, bundle::PlanWriter::Create(path));
  return format->Plan(
      {.blobs = library->blobs(), .head_digest = snapshot.digest, .head = snapshot.head},
      wanted.selection, *writer, key_);
}

}  // namespace valise::requests
