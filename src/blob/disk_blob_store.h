// A BlobStore whose blobs are files: <folder>/<first 2 hex>/<64 hex>[.deflate|.open]
// (docs/formats/blobs.md).
//
// Thread safety, durability: as the port says; two stores on one folder (two processes) are safe
// too, but may then keep one blob in two encodings if they put it at the same instant. Writing goes
// to an unnamed file that is linked when it is whole, so that a crash leaves no half blob.
#pragma once

#include <array>
#include <memory>
#include <mutex>

#include "blob/blob_store.h"

namespace valise::blob {

class DiskBlobStore final : public BlobStore, public LocalFiles {
 public:
  // Where bytes lie before Commit(): in an unnamed file if the file system has them, else (or
  // always) in a named one.
  enum class Incoming : uint8_t { kUnnamed, kNamed };

  // Makes the folder if it is absent. Errors: kPermissionDenied, kUnavailable.
  static Result<std::unique_ptr<DiskBlobStore>> Open(const fs::path& folder,
                                                     Incoming incoming = Incoming::kUnnamed);

  Result<std::unique_ptr<BlobWriter>> Begin(Encoding encoding) override;
  Result<std::optional<BlobInfo>> Stat(const Digest& digest) const override;
  Status ReadAt(const Digest& digest, uint64_t offset, MutableBytes out) const override;
  // By the file's modification time.
  Result<std::optional<Timestamp>> PutAt(const Digest& digest) const override;
  Status Renew(const Digest& digest) override;
  Status Delete(const Digest& digest) override;
  Status List(const std::function<Status(const Digest&, const BlobInfo&)>& visit) const override;
  Status Sync() override;
  Result<File> Open(const Digest& digest) const override;
  Status SetAside(const Digest& digest, const fs::path& folder) override;

 private:
  friend class DiskBlobWriter;
  static constexpr size_t kStripes = 64;

  DiskBlobStore(fs::path folder, File root, Incoming incoming)
      : folder_(std::move(folder)), root_(std::move(root)), incoming_(incoming) {}
  std::mutex& StripeOf(const Digest& digest) {
    return stripes_[static_cast<size_t>(digest.bytes[0]) % kStripes];
  }

  fs::path folder_;
  File root_;  // the folder, opened: names are looked up from here
  Incoming incoming_;
  // A blob has one encoding: looking for the others and linking are one step.
  std::array<std::mutex, kStripes> stripes_;
};

}  // namespace valise::blob
