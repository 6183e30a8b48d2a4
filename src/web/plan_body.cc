#include "web/plan_body.h"

#include <algorithm>

namespace valise::web {
namespace {

constexpr uint64_t kRead = 64 * 1024;

}  // namespace

Status PlanBody::ForEachPiece(ByteRange range, const Visit& visit) {
  return plan_->plan->ForEachPiece(range, [&](const bundle::BodyPiece& piece) -> Status {
    if (plan_->is_cut) {
      file_ = File();
      return Fail(ErrorCode::kGone, "something in this download was erased");
    }
    if (piece.kind == bundle::BodyPiece::Kind::kBlob)
      return VisitBlob(piece.blob, piece.range, visit);
    return visit({.bytes = piece.bytes, .fd = -1, .offset = 0, .length = piece.bytes.size()});
  });
}

Status PlanBody::VisitBlob(const Digest& blob, ByteRange range, const Visit& visit) {
  if (const blob::LocalFiles* files = library_->local_files()) {
    if (!file_.valid() || last_ != blob) {
      ASSIGN_OR_RETURN(file_, files->Open(blob));
      last_ = blob;
    }
    return visit({.bytes = {}, .fd = file_.fd(), .offset = range.offset, .length = range.length});
  }
  for (uint64_t done = 0; done < range.length;) {
    const uint64_t length = std::min(kRead, range.length - done);
    buffer_.resize(length);
    RETURN_IF_ERROR(library_->blobs().ReadAt(
        blob, range.offset + done, {reinterpret_cast<std::byte*>(buffer_.data()), buffer_.size()}));
    RETURN_IF_ERROR(visit({.bytes = buffer_, .fd = -1, .offset = 0, .length = length}));
    done += length;
  }
  return {};
}

}  // namespace valise::web
