// Reads blobs whole and says whether they are what their name says.
//
// Thread safety: a BlobChecker belongs to one thread (it keeps buffers); many may read one store.
#pragma once

#include <optional>
#include <string>

#include "base/deflate.h"
#include "library/library.h"

namespace valise::library {

class BlobChecker {
 public:
  // `blobs` must outlive it.
  explicit BlobChecker(const blob::BlobStore& blobs);

  // What is wrong with a blob, in words; nullopt: it is whole. `info` is what List() said.
  // Errors: kNotFound (it is gone), kUnavailable and others (the disk does not give it back).
  Result<std::optional<std::string>> DamageOf(const Digest& digest, const blob::BlobInfo& info);

 private:
  Status Inflate(Bytes in, bool& ended, bool& broken);

  const blob::BlobStore& blobs_;
  std::string in_, out_;
  Hasher hasher_;
  Inflater inflater_;
};

// Reads and hashes every blob that the current head does not name, and deletes those that are not
// what their name says. Nobody else may change the library meanwhile (its lock). Errors:
// kUnavailable, kCorrupt (the head).
Status DeleteDamagedBlobs(Library& library);

}  // namespace valise::library
