#include "library/blob_check.h"

#include <algorithm>
#include <unordered_set>

#include "library/reach.h"

namespace valise::library {
namespace {

constexpr size_t kPart = 256u << 10;
// An open stream ends with an empty stored block (RFC 1951 §3.2.4), without which nothing can be
// put behind it.
constexpr std::string_view kOpenEnd("\x00\x00\xff\xff", 4);

}  // namespace

BlobChecker::BlobChecker(const blob::BlobStore& blobs)
    : blobs_(blobs), in_(kPart, '\0'), out_(kPart, '\0') {}

// Hashes what `in` inflates to.
Status BlobChecker::Inflate(Bytes in, bool& ended, bool& broken) {
  while (!broken) {
    const auto step = inflater_.Run(in, std::as_writable_bytes(std::span(out_)));
    if (!step && step.error().code != ErrorCode::kCorrupt) return std::unexpected(step.error());
    broken = !step.has_value();
    if (broken) return {};
    hasher_.Update(AsBytes(out_).first(step->produced));
    in = in.subspan(step->consumed);
    ended = step->ended;
    if (ended || (in.empty() && step->produced < out_.size())) break;
    broken = step->consumed == 0 && step->produced == 0;
  }
  broken = broken || !in.empty();  // bytes behind the end
  return {};
}

Result<std::optional<std::string>> BlobChecker::DamageOf(const Digest& digest,
                                                         const blob::BlobInfo& info) {
  hasher_.Finish();  // forgets what an earlier error may have left
  inflater_.Reset();
  const bool deflated = info.encoding != blob::Encoding::kIdentity;
  bool ended = false;
  bool broken = false;
  for (uint64_t at = 0; at < info.stored_size && !broken;) {
    const auto part = std::as_writable_bytes(std::span(in_))
                          .first(std::min<uint64_t>(kPart, info.stored_size - at));
    const Status read = blobs_.ReadAt(digest, at, part);
    if (!read && read.error().code == ErrorCode::kCorrupt) return "it ends too early";
    if (!read) return std::unexpected(read.error());
    at += part.size();
    if (!deflated) {
      hasher_.Update(part);
    } else if (ended) {
      broken = true;
    } else {
      RETURN_IF_ERROR(Inflate(part, ended, broken));
    }
  }
  if (broken) return "its deflate stream is damaged";
  // A bundle takes the stream as it is.
  bool fits = !deflated || ended == (info.encoding == blob::Encoding::kDeflate);
  if (info.encoding == blob::Encoding::kDeflateOpen && info.stored_size > 0) {
    std::string end(std::min<uint64_t>(info.stored_size, kOpenEnd.size()), '\0');
    RETURN_IF_ERROR(blobs_.ReadAt(digest, info.stored_size - end.size(),
                                  std::as_writable_bytes(std::span(end))));
    fits = fits && end == kOpenEnd;
  }
  if (!fits) return "its deflate stream does not end where it should";
  if (hasher_.Finish() == digest) return std::nullopt;
  return info.stored_size == 0 ? "it is empty" : "its SHA-256 differs";
}

Status DeleteDamagedBlobs(Library& library) {
  std::unordered_set<Digest> named;
  ASSIGN_OR_RETURN(const auto current, library.Current());
  if (current) RETURN_IF_ERROR(AddReached(library, current->digest, current->head, named));
  std::vector<std::pair<Digest, blob::BlobInfo>> others;
  RETURN_IF_ERROR(library.blobs().List([&](const Digest& digest, const blob::BlobInfo& info) {
    if (!named.contains(digest)) others.emplace_back(digest, info);
    return Status{};
  }));
  BlobChecker checker(library.blobs());
  for (const auto& [digest, info] : others) {
    ASSIGN_OR_RETURN(const auto damage, checker.DamageOf(digest, info));
    if (damage) RETURN_IF_ERROR(library.blobs().Delete(digest));
  }
  return {};
}

}  // namespace valise::library
