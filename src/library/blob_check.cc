#include "library/blob_check.h"

#include <algorithm>
#include <unordered_set>

#include "account/import_row.h"
#include "base/deflate.h"

namespace valise::library {
namespace {

constexpr size_t kPart = 256u << 10;

Result<std::unordered_set<Digest>> NamedBlobs(const Library& library) {
  std::unordered_set<Digest> named;
  ASSIGN_OR_RETURN(const auto current, library.Current());
  if (!current) return named;
  const Head& head = current->head;
  named.insert(current->digest);
  for (const DocumentRow& row : head.documents) named.insert(row.digest);
  for (const ListRow& row : head.media) {
    named.insert(row.digest);
    ASSIGN_OR_RETURN(const std::string text, library.ReadList(row));
    ASSIGN_OR_RETURN(const std::vector<MediumRow> media, ParseMediumRows(text));
    for (const MediumRow& medium : media) named.insert(medium.digest);
  }
  for (const ImportEntry& entry : head.imports) {
    named.insert(entry.files.digest);
    ASSIGN_OR_RETURN(const std::string text, library.ReadList(entry.files));
    ASSIGN_OR_RETURN(const auto files, account::ParseOriginalFiles(text));
    for (const account::OriginalFile& file : files) {
      if (file.digest) named.insert(*file.digest);
    }
  }
  if (head.issues) named.insert(head.issues->digest);
  return named;
}

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
  ASSIGN_OR_RETURN(const std::unordered_set<Digest> named, NamedBlobs(library));
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
