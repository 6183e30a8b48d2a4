#include "bundle/plan.h"

#include <cstring>
#include <vector>

#include "bundle/transfer.h"

namespace valise::bundle {
namespace {

constexpr uint64_t kMaxSection = 1ull << 46;
constexpr uint64_t kMaxSize = 1ull << 52;      // of one entry, inflated
constexpr uint64_t kMaxZipSize = 1ull << 60;   // of all bodies
constexpr uint64_t kCopyInKernel = 64u << 10;  // smaller blob ranges are read and gathered
constexpr uint64_t kGather = 1u << 20;
constexpr uint64_t kProgressEvery = 16u << 20;

Status Damaged(std::string_view what) {
  return Fail(ErrorCode::kCorrupt,
              "the plan is damaged (" + std::string(what) + "): ask for a new download");
}

bool Within(uint64_t offset, uint64_t length, uint64_t size) {
  return offset <= size && length <= size - offset;
}

std::string_view Section(Bytes file, uint64_t offset, uint64_t size) {
  return AsText(file.subspan(offset, size));
}

}  // namespace

Result<std::unique_ptr<Plan>> Plan::Open(const fs::path& path) {
  ASSIGN_OR_RETURN(MappedFile file, MappedFile::Open(path));
  auto plan = std::unique_ptr<Plan>(new Plan(std::move(file)));
  RETURN_IF_ERROR(plan->Load());
  return plan;
}

Status Plan::Load() {
  const Bytes bytes = file_.bytes();
  if (bytes.size() < sizeof header_) return Damaged("cut off");
  std::memcpy(&header_, bytes.data(), sizeof header_);
  if (std::string_view(header_.magic.data(), header_.magic.size()) != kPlanMagic) {
    return Damaged("not a plan");
  }
  if (header_.layout_version != kLayoutVersion) {
    return Fail(ErrorCode::kUnsupported,
                "the plan was made by a newer Valise: ask for a new download");
  }
  if (header_.rows == 0 || header_.rows > kMaxRows || header_.inline_size > kMaxSection ||
      header_.names_size > kMaxNames || header_.file_name_size == 0 ||
      header_.file_name_size > kMaxFileName || header_.file_name_size > header_.names_size) {
    return Damaged("sizes");
  }
  const PlanSections at = SectionsOf(header_.rows, header_.inline_size, header_.names_size);
  if (at.end != bytes.size()) return Damaged("length");

  count_ = header_.rows;
  inline_ = Section(bytes, at.inline_at, header_.inline_size);
  names_ = Section(bytes, at.names_at, header_.names_size);
  file_name_ = names_.substr(names_.size() - header_.file_name_size);
  rows_ = reinterpret_cast<const PlanRow*>(bytes.data() + at.rows_at);
  checkpoints_ = {reinterpret_cast<const zip::Checkpoint*>(bytes.data() + at.checkpoints_at),
                  CheckpointCount(count_)};
  RETURN_IF_ERROR(CheckRows());
  RETURN_IF_ERROR(CheckCheckpoints());
  layout_ = std::make_unique<zip::Layout>(*this, checkpoints_);
  if (layout_->size() != header_.zip_size) return Damaged("size of the ZIP");
  etag_ = Sha256(bytes.first(sizeof header_)).Hex();
  return {};
}

Status Plan::CheckRows() const {
  const uint64_t names_end = names_.size() - file_name_.size();
  uint64_t total = 0;
  for (uint64_t i = 0; i < count_; ++i) {
    const PlanRow& row = rows_[i];
    if (row.name_size == 0 || row.name_size > kMaxName ||
        !Within(row.name_offset, row.name_size, names_end)) {
      return Damaged("a name");
    }
    const bool stored = row.method == static_cast<uint8_t>(zip::Method::kStored);
    if (!stored && row.method != static_cast<uint8_t>(zip::Method::kDeflate)) {
      return Damaged("a method");
    }
    if (row.stored_size > kMaxStoredSize || row.size > kMaxSize ||
        (stored && row.size != row.stored_size)) {
      return Damaged("a size");
    }
    const uint64_t wrapper = uint64_t{row.prefix_size} + row.suffix_size;
    const bool in_blob = row.body == static_cast<uint8_t>(BodyKind::kBlob);
    if (!in_blob && (row.body != static_cast<uint8_t>(BodyKind::kInline) || wrapper != 0)) {
      return Damaged("a body");
    }
    if (wrapper > row.stored_size ||
        !Within(row.inline_offset, in_blob ? wrapper : row.stored_size, inline_.size())) {
      return Damaged("a body");
    }
    total += row.stored_size;
    if (total > kMaxZipSize) return Damaged("a size");
  }
  return {};
}

Status Plan::CheckCheckpoints() const {
  const std::vector<zip::Checkpoint> expected = zip::MakeCheckpoints(*this);
  if (expected.size() != checkpoints_.size() ||
      std::memcmp(expected.data(), checkpoints_.data(), checkpoints_.size_bytes()) != 0) {
    return Damaged("checkpoints");
  }
  return {};
}

Status Plan::CheckDigests() const {
  const PlanSections at = SectionsOf(header_.rows, header_.inline_size, header_.names_size);
  const auto rows = file_.bytes().subspan(at.rows_at, at.checkpoints_at - at.rows_at);
  if (Sha256(inline_) != header_.inline_digest || Sha256(rows) != header_.rows_digest ||
      Sha256(std::as_bytes(checkpoints_)) != header_.checkpoints_digest ||
      Sha256(names_) != header_.names_digest) {
    return Damaged("a digest");
  }
  return {};
}

zip::LayoutEntry Plan::At(uint64_t index) const { return ToLayoutEntry(rows_[index], names_); }

Plan::Body Plan::BodyAt(uint64_t index) const {
  const PlanRow& row = rows_[index];
  Body body;
  if (row.body == static_cast<uint8_t>(BodyKind::kInline)) {
    body.bytes = inline_.substr(row.inline_offset, row.stored_size);
    return body;
  }
  body.in_blob = true;
  body.blob = row.blob;
  body.blob_size = row.stored_size - row.prefix_size - row.suffix_size;
  body.prefix = inline_.substr(row.inline_offset, row.prefix_size);
  body.suffix = inline_.substr(row.inline_offset + row.prefix_size, row.suffix_size);
  return body;
}

namespace {

// Gives `visit` the part of [at, at + length) of a body that `range` wants; `make` turns it into a
// piece.
template <typename Make>
Status VisitPart(ByteRange range, uint64_t at, uint64_t length,
                 const std::function<Status(const BodyPiece&)>& visit, Make make) {
  const uint64_t begin = std::max(range.offset, at);
  const uint64_t end = std::min(range.end(), at + length);
  if (begin >= end) return {};
  return visit(make(ByteRange{begin - at, end - begin}));
}

Status VisitBody(const Plan::Body& body, ByteRange range,
                 const std::function<Status(const BodyPiece&)>& visit) {
  const auto text = [](std::string_view whole) {
    return [whole](ByteRange part) {
      BodyPiece piece;
      piece.bytes = whole.substr(part.offset, part.length);
      return piece;
    };
  };
  if (!body.in_blob) return VisitPart(range, 0, body.bytes.size(), visit, text(body.bytes));
  RETURN_IF_ERROR(VisitPart(range, 0, body.prefix.size(), visit, text(body.prefix)));
  RETURN_IF_ERROR(VisitPart(range, body.prefix.size(), body.blob_size, visit, [&](ByteRange part) {
    BodyPiece piece;
    piece.kind = BodyPiece::Kind::kBlob;
    piece.blob = body.blob;
    piece.range = part;
    return piece;
  }));
  return VisitPart(range, body.prefix.size() + body.blob_size, body.suffix.size(), visit,
                   text(body.suffix));
}

}  // namespace

Status Plan::ForEachPiece(ByteRange range,
                          const std::function<Status(const BodyPiece&)>& visit) const {
  return layout_->ForEachPiece(range, [&](const zip::Piece& piece) -> Status {
    if (piece.kind == zip::Piece::Kind::kBody) {
      return VisitBody(BodyAt(piece.entry), piece.range, visit);
    }
    BodyPiece bytes;
    bytes.bytes = piece.bytes;
    return visit(bytes);
  });
}

Status Plan::ForEachBlob(const std::function<Status(const Digest&)>& visit) const {
  for (uint64_t i = 0; i < count_; ++i) {
    if (rows_[i].body == static_cast<uint8_t>(BodyKind::kBlob))
      RETURN_IF_ERROR(visit(rows_[i].blob));
  }
  return {};
}

Result<std::string> ReadRange(const Plan& plan, const blob::BlobStore& blobs, ByteRange range) {
  std::string out;
  out.reserve(range.length);
  RETURN_IF_ERROR(plan.ForEachPiece(range, [&](const BodyPiece& piece) -> Status {
    if (piece.kind == BodyPiece::Kind::kBytes) {
      out.append(piece.bytes);
      return {};
    }
    const size_t before = out.size();
    out.resize(before + piece.range.length);
    return blobs.ReadAt(piece.blob, piece.range.offset,
                        std::as_writable_bytes(std::span(out).subspan(before)));
  }));
  return out;
}

namespace {

// Gathers small pieces, so that a ZIP of many small files is written in large blocks.
class ZipFileWriter {
 public:
  ZipFileWriter(const blob::BlobStore& blobs, const blob::LocalFiles* local, const File& to,
                const std::function<Status(uint64_t)>& progress)
      : blobs_(blobs), local_(local), to_(to), progress_(progress) {
    gathered_.reserve(2 * kGather);
  }

  Status Write(const BodyPiece& piece) {
    if (piece.kind == BodyPiece::Kind::kBytes) {
      gathered_.append(piece.bytes);
    } else if (local_ != nullptr && piece.range.length > kCopyInKernel) {
      RETURN_IF_ERROR(Flush());
      ASSIGN_OR_RETURN(const File from, local_->Open(piece.blob));
      RETURN_IF_ERROR(CopyToPosition(from, piece.range, to_));
      return Advance(piece.range.length);
    } else {
      RETURN_IF_ERROR(Gather(piece));
    }
    return gathered_.size() < kGather ? Status{} : Flush();
  }

  Status Finish() {
    RETURN_IF_ERROR(Flush());
    return progress_ ? progress_(done_) : Status{};
  }

 private:
  Status Gather(const BodyPiece& piece) {
    for (uint64_t at = 0; at < piece.range.length;) {
      const uint64_t part = std::min(kGather, piece.range.length - at);
      const size_t before = gathered_.size();
      gathered_.resize(before + part);
      RETURN_IF_ERROR(blobs_.ReadAt(piece.blob, piece.range.offset + at,
                                    std::as_writable_bytes(std::span(gathered_).subspan(before))));
      at += part;
      if (gathered_.size() >= kGather) RETURN_IF_ERROR(Flush());
    }
    return {};
  }

  Status Flush() {
    RETURN_IF_ERROR(to_.Append(AsBytes(gathered_)));
    const uint64_t written = gathered_.size();
    gathered_.clear();
    return Advance(written);
  }

  Status Advance(uint64_t written) {
    done_ += written;
    if (!progress_ || done_ - told_ < kProgressEvery) return {};
    told_ = done_;
    return progress_(done_);
  }

  const blob::BlobStore& blobs_;
  const blob::LocalFiles* local_;
  const File& to_;
  const std::function<Status(uint64_t)>& progress_;
  std::string gathered_;
  uint64_t done_ = 0;
  uint64_t told_ = 0;
};

}  // namespace

Status WritePlan(const Plan& plan, const blob::BlobStore& blobs, const blob::LocalFiles* local,
                 const File& to, const std::function<Status(uint64_t done)>& progress) {
  ZipFileWriter writer(blobs, local, to, progress);
  RETURN_IF_ERROR(plan.ForEachPiece({0, plan.size()},
                                    [&](const BodyPiece& piece) { return writer.Write(piece); }));
  return writer.Finish();
}

}  // namespace valise::bundle
