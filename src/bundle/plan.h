// A plan: a ZIP that can be read at any byte without having been packed (docs/formats/plan.md).
//
// Thread safety: immutable; const methods from any thread. Lifetime: memory-mapped; views given out
// live as long as the Plan. Open() believes nothing that the file says.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/result.h"
#include "blob/blob_store.h"
#include "bundle/plan_format.h"
#include "zip/layout.h"

namespace valise::bundle {

// One run of bytes of the ZIP: either bytes at hand, or a range of a blob's stored bytes.
struct BodyPiece {
  enum class Kind : uint8_t { kBytes, kBlob } kind = Kind::kBytes;
  std::string_view bytes;  // kBytes: valid during the visit only
  Digest blob;             // kBlob
  ByteRange range;         // kBlob: which of its stored bytes
};

class Plan final : public zip::EntryTable {
 public:
  // Errors: kNotFound, kCorrupt (says what is wrong), kUnsupported (a layout version that is not
  // known).
  static Result<std::unique_ptr<Plan>> Open(const fs::path& path);

  uint64_t size() const { return layout_->size(); }  // of the ZIP
  const std::string& etag() const { return etag_; }  // 64 hex digits, without quotes
  std::string_view file_name() const { return file_name_; }

  uint64_t count() const override { return count_; }
  zip::LayoutEntry At(uint64_t index) const override;

  // Where the bytes of entry `index` come from; `blob` only when `in_blob`.
  struct Body {
    bool in_blob = false;
    Digest blob;
    uint64_t blob_size = 0;
    std::string_view bytes;   // inline: the whole body
    std::string_view prefix;  // of a blob
    std::string_view suffix;
  };
  Body BodyAt(uint64_t index) const;

  // Calls `visit` for each piece that overlaps `range`, cut to it, in order. REQUIRES: range within
  // size(). Errors: those of `visit`. Allocates only to gather header bytes.
  Status ForEachPiece(ByteRange range, const std::function<Status(const BodyPiece&)>& visit) const;

  // The digest of every blob that the ZIP needs, in the order of the entries; a blob may come more
  // than once.
  Status ForEachBlob(const std::function<Status(const Digest&)>& visit) const;

  // Checks the digests of the sections. Errors: kCorrupt.
  Status CheckDigests() const;

 private:
  explicit Plan(MappedFile file) : file_(std::move(file)) {}
  Status Load();
  Status CheckRows() const;
  Status CheckCheckpoints() const;
  const PlanRow& RowAt(uint64_t index) const { return rows_[index]; }

  MappedFile file_;
  PlanHeader header_;
  uint64_t count_ = 0;
  const PlanRow* rows_ = nullptr;
  std::span<const zip::Checkpoint> checkpoints_;
  std::string_view inline_;
  std::string_view names_;
  std::string_view file_name_;
  std::string etag_;
  std::unique_ptr<zip::Layout> layout_;
};

// The bytes of `range`, read from `blobs`. REQUIRES: range within plan.size(); it is held in
// memory. Errors: kNotFound or kCorrupt (a blob is gone or damaged), kUnavailable.
Result<std::string> ReadRange(const Plan& plan, const blob::BlobStore& blobs, ByteRange range);

// Writes the whole ZIP to `to`, from its position on. Blobs that are files of this machine (`local`
// may be nullptr) are copied in the kernel. `progress` is called with the bytes written so far,
// about every 16 MiB; an error from it stops.
Status WritePlan(const Plan& plan, const blob::BlobStore& blobs, const blob::LocalFiles* local,
                 const File& to, const std::function<Status(uint64_t done)>& progress);

}  // namespace valise::bundle
