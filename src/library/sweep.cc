// Sweeping: what no head reaches is deleted from disk.
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/deflate.h"
#include "library/commit.h"
#include "library/erase.h"
#include "library/forget_records.h"
#include "library/reach.h"
#include "library/scrub.h"
#include "media/sniff.h"

namespace valise::library {
namespace {

constexpr size_t kPart = 256u << 10;
constexpr uint64_t kTextLimit = 512u << 20;
constexpr size_t kDigestHex = 2 * Digest::kSize;

// A sealed text; how long it is nobody says.
Result<std::string> ReadOpen(const blob::BlobStore& blobs, const Digest& digest,
                             const blob::BlobInfo& info) {
  std::string stored(info.stored_size, '\0');
  RETURN_IF_ERROR(blobs.ReadAt(digest, 0, std::as_writable_bytes(std::span(stored))));
  std::string text;
  std::string part(kPart, '\0');
  Inflater inflater;
  Bytes rest = AsBytes(stored);
  while (true) {
    ASSIGN_OR_RETURN(const Inflater::Step step,
                     inflater.Run(rest, std::as_writable_bytes(std::span(part))));
    text.append(part, 0, step.produced);
    rest = rest.subspan(step.consumed);
    if (step.ended) return text;
    if (step.consumed == 0 && step.produced == 0) {
      if (rest.empty()) return text;
      return Fail(ErrorCode::kCorrupt, "blob " + digest.Hex() + " is damaged");
    }
    if (text.size() > kTextLimit) {
      return Fail(ErrorCode::kLimitExceeded, "blob " + digest.Hex() + " is too long for a text");
    }
  }
}

Status RemoveFile(const fs::path& path) {
  if (::unlink(path.c_str()) == 0 || errno == ENOENT) return {};
  return std::unexpected(ErrnoError("delete a file of the account"));
}

// A journal names files that were received and not taken in yet, as they came; an index holds
// words.
Status RemoveDerived(const Library& library) {
  for (const char* name : {"import-journal", "index.sqlite", "index.sqlite-journal",
                           "index.sqlite-wal", "index.sqlite-shm", "index.sqlite.new"}) {
    RETURN_IF_ERROR(RemoveFile(library.folder() / name));
  }
  return {};
}

class Sweeper {
 public:
  Sweeper(Library& library, const SweepRoots& roots, const Erased& erased, Timestamp now)
      : library_(library), roots_(roots), erased_(erased), now_(now) {}

  Result<SweepReport> Run() {
    RETURN_IF_ERROR(FindReached());
    std::vector<std::pair<Digest, blob::BlobInfo>> unreached;
    RETURN_IF_ERROR(
        library_.blobs().List([&](const Digest& digest, const blob::BlobInfo& info) -> Status {
          if (!reached_.contains(digest)) unreached.emplace_back(digest, info);
          return {};
        }));
    for (const auto& [digest, info] : unreached) {
      ASSIGN_OR_RETURN(const bool goes, Goes(digest, info));
      if (!goes) continue;
      const Status deleted = library_.blobs().Delete(digest);
      if (!deleted && deleted.error().code != ErrorCode::kNotFound) {
        return std::unexpected(deleted.error());
      }
      ++report_.blobs;
      report_.bytes += info.stored_size;
    }
    if (!erased_.empty()) RETURN_IF_ERROR(DropSetAside());
    return report_;
  }

 private:
  Status FindReached() {
    ASSIGN_OR_RETURN(const auto current, library_.Current());
    if (current) RETURN_IF_ERROR(AddReached(library_, current->digest, current->head, reached_));
    for (const Digest& pinned : roots_.pinned) {
      if (reached_.contains(pinned)) continue;
      const auto snapshot = library_.At(pinned);
      if (!snapshot && snapshot.error().code == ErrorCode::kNotFound) continue;
      if (!snapshot) return std::unexpected(snapshot.error());
      RETURN_IF_ERROR(AddReached(library_, snapshot->digest, snapshot->head, reached_));
    }
    reached_.insert(roots_.plan_blobs.begin(), roots_.plan_blobs.end());
    return AddWaiting(library_, reached_);
  }

  // Damaged copies of what is not part of the account any more.
  Status DropSetAside() const {
    std::error_code none;
    for (const auto& file : fs::directory_iterator(library_.folder() / kDamagedFolder, none)) {
      const auto digest = Digest::Parse(file.path().filename().string().substr(0, kDigestHex));
      if (!digest || reached_.contains(*digest)) continue;
      RETURN_IF_ERROR(RemoveFile(file.path()));
    }
    return {};
  }

  Result<bool> Goes(const Digest& digest, const blob::BlobInfo& info) const {
    if (erased_.digests.contains(digest)) return true;
    ASSIGN_OR_RETURN(const auto put, library_.blobs().PutAt(digest));
    if (!put) return false;  // another was quicker
    if (now_ - *put >= kSweepGrace) return true;
    if (erased_.empty()) return false;
    // Young: a medium that is waiting for its record, or what a plan that is just being made needs.
    if (info.encoding == blob::Encoding::kDeflateOpen) return HoldsErased(digest, info);
    return IsData(digest, info);
  }

  // Sealed text.
  Result<bool> HoldsErased(const Digest& digest, const blob::BlobInfo& info) const {
    ASSIGN_OR_RETURN(const std::string text, ReadOpen(library_.blobs(), digest, info));
    return Mentions(text, erased_);
  }

  // A received file that is no medium: nothing waits for it.
  Result<bool> IsData(const Digest& digest, const blob::BlobInfo& info) const {
    if (info.encoding == blob::Encoding::kDeflate) return true;
    std::string start(std::min<uint64_t>(media::kSniffBytes, info.stored_size), '\0');
    RETURN_IF_ERROR(library_.blobs().ReadAt(digest, 0, std::as_writable_bytes(std::span(start))));
    return media::Sniff(AsBytes(start)).empty();
  }

  Library& library_;
  const SweepRoots& roots_;
  const Erased& erased_;
  const Timestamp now_;
  std::unordered_set<Digest> reached_;
  SweepReport report_;
};

}  // namespace

bool Mentions(std::string_view json, const Erased& erased) {
  if (erased.empty()) return false;
  bool found = false;
  ForEachHexRun(json, [&](std::string_view hex) {
    if (hex.size() == 2 * Key::kSize) {
      const auto key = erased.keys.empty() ? Result<Key>(Key{}) : Key::Parse(hex);
      found = !erased.keys.empty() && key && erased.keys.contains(*key);
    } else {
      const auto digest = erased.digests.empty() ? Result<Digest>(Digest{}) : Digest::Parse(hex);
      found = !erased.digests.empty() && digest && erased.digests.contains(*digest);
    }
    return !found;
  });
  return found;
}

Result<bool> ErasedFinder::InBlob(const Digest& digest) {
  if (erased_.digests.contains(digest)) return true;
  const auto [at, is_new] = known_.try_emplace(digest, false);
  if (!is_new) return at->second;
  ASSIGN_OR_RETURN(const auto info, library_.blobs().Stat(digest));
  if (!info || info->encoding != blob::Encoding::kDeflateOpen) return false;
  ASSIGN_OR_RETURN(const std::string text, ReadOpen(library_.blobs(), digest, *info));
  return at->second = Mentions(text, erased_);
}

Result<bool> ErasedFinder::InSnapshot(const Digest& head) {
  if (erased_.empty()) return false;
  const auto snapshot = library_.At(head);
  if (!snapshot && snapshot.error().code == ErrorCode::kNotFound) return false;
  if (!snapshot) return std::unexpected(snapshot.error());
  std::vector<Digest> texts;
  for (const DocumentRow& row : snapshot->head.documents) {
    if (row.conversation && erased_.keys.contains(*row.conversation)) return true;
    texts.push_back(row.digest);
  }
  if (!erased_.digests.empty()) {
    for (const ListRow& row : snapshot->head.media) texts.push_back(row.digest);
    for (const ImportEntry& entry : snapshot->head.imports) texts.push_back(entry.files.digest);
  }
  for (const Digest& digest : texts) {
    ASSIGN_OR_RETURN(const bool holds, InBlob(digest));
    if (holds) return true;
  }
  return false;
}

Result<SweepReport> Sweep(Library& library, const SweepRoots& roots, const Erased& erased,
                          const Clock& clock) {
  ASSIGN_OR_RETURN(const SealLock lock, LockForSeal(library, {}));
  ASSIGN_OR_RETURN(const SweepReport report, Sweeper(library, roots, erased, clock.Now()).Run());
  if (!erased.empty()) RETURN_IF_ERROR(RemoveDerived(library));
  return report;
}

}  // namespace valise::library
