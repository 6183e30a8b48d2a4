#include "blob/memory_blob_store.h"

#include <cstring>
#include <utility>
#include <vector>

namespace valise::blob {

class MemoryBlobWriter final : public BlobWriter {
 public:
  MemoryBlobWriter(MemoryBlobStore& store, Encoding encoding)
      : store_(store), encoding_(encoding) {}

  Status Write(Bytes stored) override {
    stored_.append(AsText(stored));
    return {};
  }

  Result<BlobInfo> Commit(const Digest& digest) override {
    const std::lock_guard lock(store_.mutex_);
    const auto [at, added] =
        store_.blobs_.try_emplace(digest, MemoryBlobStore::Blob{encoding_, std::move(stored_)});
    return at->second.info();
  }

 private:
  MemoryBlobStore& store_;
  Encoding encoding_;
  std::string stored_;
};

Result<std::unique_ptr<BlobWriter>> MemoryBlobStore::Begin(Encoding encoding) {
  return std::make_unique<MemoryBlobWriter>(*this, encoding);
}

Result<std::optional<BlobInfo>> MemoryBlobStore::Stat(const Digest& digest) const {
  const std::lock_guard lock(mutex_);
  const auto at = blobs_.find(digest);
  if (at == blobs_.end()) return std::optional<BlobInfo>{};
  return at->second.info();
}

Status MemoryBlobStore::ReadAt(const Digest& digest, uint64_t offset, MutableBytes out) const {
  const std::lock_guard lock(mutex_);
  const auto at = blobs_.find(digest);
  if (at == blobs_.end()) {
    return Fail(ErrorCode::kNotFound, "blob " + digest.Hex() + " is not in the store");
  }
  const std::string& stored = at->second.stored;
  if (offset > stored.size() || out.size() > stored.size() - offset) {
    return Fail(ErrorCode::kCorrupt, "blob " + digest.Hex() + " is shorter than expected");
  }
  if (!out.empty()) std::memcpy(out.data(), stored.data() + offset, out.size());
  return {};
}

Result<std::optional<Timestamp>> MemoryBlobStore::PutAt(const Digest& digest) const {
  const std::lock_guard lock(mutex_);
  if (!blobs_.contains(digest)) return std::optional<Timestamp>{};
  return std::optional(Timestamp{});
}

Status MemoryBlobStore::Renew(const Digest& digest) {
  const std::lock_guard lock(mutex_);
  if (blobs_.contains(digest)) return {};
  return Fail(ErrorCode::kNotFound, "blob " + digest.Hex() + " is not in the store");
}

Status MemoryBlobStore::Delete(const Digest& digest) {
  const std::lock_guard lock(mutex_);
  if (blobs_.erase(digest) == 0) {
    return Fail(ErrorCode::kNotFound, "blob " + digest.Hex() + " is not in the store");
  }
  return {};
}

Status MemoryBlobStore::List(
    const std::function<Status(const Digest&, const BlobInfo&)>& visit) const {
  std::vector<std::pair<Digest, BlobInfo>> found;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [digest, blob] : blobs_) found.emplace_back(digest, blob.info());
  }
  for (const auto& [digest, info] : found) RETURN_IF_ERROR(visit(digest, info));
  return {};
}

}  // namespace valise::blob
