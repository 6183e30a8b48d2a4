#include "library/blob_check.h"

#include <algorithm>
#include <unordered_set>

#include "base/deflate.h"
#include "library/reach.h"

namespace valise::library {
namespace {

constexpr size_t kPart = 256u << 10;

// Does the content hash to its name?
Result<bool> IsWhole(const blob::BlobStore& blobs, const Digest& digest,
                     const blob::BlobInfo& info) {
  std::string in(kPart, '\0');
  std::string out(kPart, '\0');
  Hasher hasher;
  Inflater inflater;
  bool ended = false;
  for (uint64_t at = 0; at < info.stored_size;) {
    const auto part = std::as_writable_bytes(std::span(in))
                          .first(std::min<uint64_t>(kPart, info.stored_size - at));
    RETURN_IF_ERROR(blobs.ReadAt(digest, at, part));
    at += part.size();
    if (info.encoding == blob::Encoding::kIdentity) {
      hasher.Update(part);
      continue;
    }
    Bytes rest = part;
    while (!ended) {
      const auto step = inflater.Run(rest, std::as_writable_bytes(std::span(out)));
      if (!step) return false;
      hasher.Update(AsBytes(out).first(step->produced));
      rest = rest.subspan(step->consumed);
      ended = step->ended;
      if (rest.empty() && step->produced < out.size()) break;
      if (step->consumed == 0 && step->produced == 0) return false;
    }
  }
  return hasher.Finish() == digest;
}

}  // namespace

Status DeleteDamagedBlobs(Library& library) {
  std::unordered_set<Digest> named;
  ASSIGN_OR_RETURN(const auto current, library.Current());
  if (current) RETURN_IF_ERROR(AddReached(library, current->digest, current->head, named));
  std::vector<std::pair<Digest, blob::BlobInfo>> others;
  RETURN_IF_ERROR(library.blobs().List([&](const Digest& digest, const blob::BlobInfo& info) {
    if (!named.contains(digest)) others.emplace_back(digest, info);
    return Status{};
  }));
  for (const auto& [digest, info] : others) {
    ASSIGN_OR_RETURN(const bool whole, IsWhole(library.blobs(), digest, info));
    if (!whole) RETURN_IF_ERROR(library.blobs().Delete(digest));
  }
  return {};
}

}  // namespace valise::library
