// The bytes of a plan's ZIP as a body that can be sent: headers from memory, media straight from
// files.
//
// It ends with an error as soon as the plan is cut. Thread safety: as BodySource: one thread at a
// time. Lifetime: keeps plan and library alive. Holds one open file at most.
#pragma once

#include <memory>
#include <string>

#include "http/body.h"
#include "library/library.h"
#include "requests/requests.h"

namespace valise::web {

class PlanBody final : public http::BodySource {
 public:
  PlanBody(std::shared_ptr<const requests::OpenedPlan> plan,
           std::shared_ptr<library::Library> library)
      : plan_(std::move(plan)), library_(std::move(library)) {}

  uint64_t size() const override { return plan_->plan->size(); }
  Status ForEachPiece(ByteRange range, const Visit& visit) override;

 private:
  Status VisitBlob(const Digest& blob, ByteRange range, const Visit& visit);

  std::shared_ptr<const requests::OpenedPlan> plan_;
  std::shared_ptr<library::Library> library_;
  // The file that was used last: a large one goes on in the next turn.
  Digest last_;
  File file_;
  std::string buffer_;  // only where blobs are not files
};

}  // namespace valise::web
