#include "blob/blob_store_conformance.h"
#include "blob/disk_blob_store.h"
#include "blob/memory_blob_store.h"

namespace valise::blob {
namespace {

class Memory {
 public:
  BlobStore& store() { return store_; }

 private:
  MemoryBlobStore store_;
};

template <DiskBlobStore::Incoming kIncoming>
class Disk {
 public:
  BlobStore& store() { return *store_; }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<DiskBlobStore> store_ =
      DiskBlobStore::Open(folder_.path() / "blobs", kIncoming).value();
};

using Stores = ::testing::Types<Memory, Disk<DiskBlobStore::Incoming::kUnnamed>,
                                Disk<DiskBlobStore::Incoming::kNamed>>;
INSTANTIATE_TYPED_TEST_SUITE_P(All, BlobStoreConformance, Stores);

}  // namespace
}  // namespace valise::blob
