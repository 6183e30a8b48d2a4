// Port: a BlobStore keeps one account's immutable byte strings under the SHA-256 of their content.
//
// Blobs are scoped to an account: nobody learns who else has a photo, and erasing an account
// deletes one prefix. A store knows nothing of records or files. A blob is stored in one encoding;
// its *content* is what the digest names, its *stored bytes* are what lies on disk and goes into a
// ZIP (DESIGN: "the stored stream is the ZIP entry"). Thread safety: every method may be called
// from any thread; a BlobWriter belongs to one. Durability: what was committed survives the process
// at once, and a crash of the machine after Sync().
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/result.h"
#include "base/time.h"

namespace valise::blob {

enum class Encoding : uint8_t {
  kIdentity = 0,
  kDeflate = 1,      // a complete raw deflate stream, as it came in a ZIP
  kDeflateOpen = 2,  // an open one (base/deflate.h): sealed documents
};

struct BlobInfo {
  Encoding encoding = Encoding::kIdentity;
  uint64_t stored_size = 0;
  bool operator==(const BlobInfo&) const = default;
};

// Receives the stored bytes of one blob. Abandoned (nothing is kept) when it goes without Commit().
class BlobWriter {
 public:
  virtual ~BlobWriter() = default;
  // Errors: kUnavailable (disk full: the message says so).
  virtual Status Write(Bytes stored) = 0;
  // Puts the blob under `digest`, which the caller has computed from the content. If the store has
  // it already the new bytes are dropped (put-if-absent) and the *existing* info is returned; save
  // that a blob kept as it is (identity) whose length is not the content's is damaged: it is
  // replaced.
  virtual Result<BlobInfo> Commit(const Digest& digest) = 0;
};

// A blob that is kept as it is has the length of its content. REQUIRES: both are of one digest.
inline bool IsCutShort(const BlobInfo& kept, const BlobInfo& fresh) {
  return kept.encoding == Encoding::kIdentity && fresh.encoding == Encoding::kIdentity &&
         kept.stored_size != fresh.stored_size;
}

class BlobStore {
 public:
  virtual ~BlobStore() = default;

  virtual Result<std::unique_ptr<BlobWriter>> Begin(Encoding encoding) = 0;
  // In one go. Returns the info of what is stored now (the existing blob's if there was one, which
  // counts as put now).
  Result<BlobInfo> Put(const Digest& digest, Encoding encoding, Bytes stored);

  // nullopt when there is no such blob. Errors: kUnavailable.
  virtual Result<std::optional<BlobInfo>> Stat(const Digest& digest) const = 0;
  // Fills `out` from stored bytes at `offset`. Errors: kNotFound, kCorrupt (shorter than asked),
  // kUnavailable.
  virtual Status ReadAt(const Digest& digest, uint64_t offset, MutableBytes out) const = 0;
  // The whole content, inflated, checked against `size` and the digest. Errors: kNotFound,
  // kCorrupt.
  Result<std::string> ReadContent(const Digest& digest, uint64_t size) const;

  // When it was last put; nullopt when there is no such blob. Stores without times answer 1970.
  virtual Result<std::optional<Timestamp>> PutAt(const Digest& digest) const = 0;
  // Counts as put now: somebody found it here and means to use it. Errors: kNotFound.
  virtual Status Renew(const Digest& digest) = 0;
  // Errors: kNotFound.
  virtual Status Delete(const Digest& digest) = 0;
  // Every blob, in no order. Stops at the first error of `visit`.
  virtual Status List(const std::function<Status(const Digest&, const BlobInfo&)>& visit) const = 0;
  // Makes everything committed so far durable (one syncfs on disk).
  virtual Status Sync() = 0;
};

// Optional capability: stores whose blobs are files of this machine, so that the kernel can send
// them.
class LocalFiles {
 public:
  virtual ~LocalFiles() = default;
  // The stored bytes as an open file; the caller owns it. Errors: kNotFound, kUnavailable.
  virtual Result<File> Open(const Digest& digest) const = 0;
  // Moves what is stored out of the store, into `folder` (of the same file system; made if absent)
  // under its name: the blob is absent then and may be put anew. What lies there already is
  // replaced. Errors: kNotFound, kUnavailable.
  virtual Status SetAside(const Digest& digest, const fs::path& folder) = 0;
};

}  // namespace valise::blob
