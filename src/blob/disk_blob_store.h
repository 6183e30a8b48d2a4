// A BlobStore whose blobs are files: <folder>/<first 2 hex>/<64 hex>[.deflate|.open] (docs/formats/blobs.md).
//
// Thread safety, durability: as the port says. Writing goes to an unnamed file that is linked when it is whole, so that a
// crash leaves no half blob.
#pragma once

#include <memory>

#include "blob/blob_store.h"

namespace valise::blob {

class DiskBlobStore final : public BlobStore, public LocalFiles {
 public:
  // Makes the folders if they are absent. Errors: kPermissionDenied, kUnavailable.
  static Result<std::unique_ptr<DiskBlobStore>> Open(const fs::path& folder);

  Result<std::unique_ptr<BlobWriter>> Begin(Encoding encoding) override;
  Result<std::optional<BlobInfo>> Stat(const Digest& digest) const override;
  Status ReadAt(const Digest& digest, uint64_t offset, MutableBytes out) const override;
  Status Delete(const Digest& digest) override;
  Status List(const std::function<Status(const Digest&, const BlobInfo&)>& visit) const override;
  Status Sync() override;
  Result<File> Open(const Digest& digest) const override;

 private:
  explicit DiskBlobStore(fs::path folder) : folder_(std::move(folder)) {}
  fs::path folder_;
};

}  // namespace valise::blob
