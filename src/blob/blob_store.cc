#include "blob/blob_store.h"

#include "base/deflate.h"

namespace valise::blob {

Result<BlobInfo> BlobStore::Put(const Digest& digest, Encoding encoding, Bytes stored) {
  ASSIGN_OR_RETURN(const std::optional<BlobInfo> existing, Stat(digest));
  if (existing && !IsCutShort(*existing, {encoding, stored.size()})) {
    const Status renewed = Renew(digest);
    if (renewed) return *existing;
    // Deleted meanwhile: it is put again.
    if (renewed.error().code != ErrorCode::kNotFound) return std::unexpected(renewed.error());
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<BlobWriter> writer, Begin(encoding));
  RETURN_IF_ERROR(writer->Write(stored));
  return writer->Commit(digest);
}

Result<std::string> BlobStore::ReadContent(const Digest& digest, uint64_t size) const {
  ASSIGN_OR_RETURN(const std::optional<BlobInfo> info, Stat(digest));
  if (!info) return Fail(ErrorCode::kNotFound, "blob " + digest.Hex() + " is not in the store");
  if (info->encoding == Encoding::kIdentity && info->stored_size != size) {
    return Fail(ErrorCode::kCorrupt, "blob " + digest.Hex() + " has another size than expected");
  }
  std::string stored(info->stored_size, '\0');
  RETURN_IF_ERROR(ReadAt(digest, 0, std::as_writable_bytes(std::span(stored))));
  std::string content;
  switch (info->encoding) {
    case Encoding::kIdentity:
      content = std::move(stored);
      break;
    case Encoding::kDeflate: {
      ASSIGN_OR_RETURN(content, InflateExact(AsBytes(stored), size));
      break;
    }
    case Encoding::kDeflateOpen: {
      ASSIGN_OR_RETURN(content, InflateOpenExact(AsBytes(stored), size));
      break;
    }
  }
  if (Sha256(content) != digest) {
    return Fail(ErrorCode::kCorrupt, "blob " + digest.Hex() + " is damaged: its SHA-256 differs");
  }
  return content;
}

}  // namespace valise::blob
