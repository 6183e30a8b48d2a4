// A BlobStore in memory, for tests of other rooms.
//
// Thread safety: as the port says. Durability: none; Sync() does nothing.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "blob/blob_store.h"

namespace valise::blob {

class MemoryBlobStore final : public BlobStore {
 public:
  Result<std::unique_ptr<BlobWriter>> Begin(Encoding encoding) override;
  Result<std::optional<BlobInfo>> Stat(const Digest& digest) const override;
  Status ReadAt(const Digest& digest, uint64_t offset, MutableBytes out) const override;
  Result<std::optional<Timestamp>> PutAt(const Digest& digest) const override;
  Status Renew(const Digest& digest) override;
  Status Delete(const Digest& digest) override;
  Status List(const std::function<Status(const Digest&, const BlobInfo&)>& visit) const override;
  Status Sync() override { return {}; }

 private:
  friend class MemoryBlobWriter;
  struct Blob {
    Encoding encoding;
    std::string stored;
    BlobInfo info() const { return {encoding, stored.size()}; }
  };

  mutable std::mutex mutex_;
  std::map<Digest, Blob> blobs_;
};

}  // namespace valise::blob
