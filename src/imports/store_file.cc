#include "imports/store_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/crc32.h"
#include "media/sniff.h"

namespace valise::imports {
namespace {

using account::Fate;
using blob::Encoding;
using services::FileRole;

constexpr size_t kReadBytes = 1 << 20;

Fate FateOf(FileRole role) {
  switch (role) {
    case FileRole::kData:
      return Fate::kParsed;
    case FileRole::kMedium:
      return Fate::kMedium;
    case FileRole::kOther:
      return Fate::kKept;
    case FileRole::kJunk:
      return Fate::kJunk;
  }
  return Fate::kKept;
}

account::Issue BrokenIssue(const ReceivedFile& file, const Error& error) {
  return {
      .code = error.code == ErrorCode::kCorrupt ? "damaged_file" : "unreadable_file",
      .path = file.path,
      .message = fmt::format("{}. The rest of the archive was taken in; download the archive again "
                             "and import it to fill this in.",
                             error.message)};
}

bool StopsTheImport(const Error& error) {
  return error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kCancelled ||
         error.code == ErrorCode::kInternal;
}

}  // namespace

struct FileStorer::Content {
  Digest digest;
  uint32_t crc = 0;
  uint64_t size = 0;
  blob::BlobInfo info;
  std::string type;
  std::optional<Error> damage;  // reading stopped here, or the end did not check
};

FileStorer::FileStorer(const zip::Archive& archive, blob::BlobStore& store,
                       std::function<Status(uint64_t)> on_bytes)
    : archive_(archive), store_(store), on_bytes_(std::move(on_bytes)), buffer_(kReadBytes) {}

Result<FileStorer::Content> FileStorer::Copy(size_t entry, Encoding encoding) {
  Content content;
  auto reader = archive_.Open(entry);
  if (!reader.has_value()) {
    if (StopsTheImport(reader.error())) return std::unexpected(reader.error());
    content.damage = reader.error();
    return content;
  }
  ASSIGN_OR_RETURN(const auto writer, store_.Begin(encoding));
  if (encoding == Encoding::kDeflate) {
    (*reader)->OnStored([&](Bytes stored) { return writer->Write(stored); });
  }
  hasher_.Finish();  // forgets what an earlier error may have left
  for (;;) {
    const Result<size_t> read = (*reader)->Read(buffer_);
    if (!read.has_value()) {
      if (StopsTheImport(read.error())) return std::unexpected(read.error());
      content.damage = read.error();
      break;
    }
    if (*read == 0) break;
    const Bytes bytes(buffer_.data(), *read);
    if (content.size == 0) {
      content.type = media::Sniff(bytes.first(std::min(bytes.size(), media::kSniffBytes)));
    }
    hasher_.Update(bytes);
    content.crc = Crc32(content.crc, bytes);
    content.size += bytes.size();
    if (encoding == Encoding::kIdentity) RETURN_IF_ERROR(writer->Write(bytes));
    RETURN_IF_ERROR(on_bytes_(bytes.size()));
  }
  // A damaged deflate stream must not be kept as if it were whole.
  if (content.damage && encoding == Encoding::kDeflate) return content;
  content.digest = hasher_.Finish();
  ASSIGN_OR_RETURN(content.info, writer->Commit(content.digest));
  return content;
}

Result<FileStorer::Stored> FileStorer::Store(const ReceivedFile& file) {
  Stored stored;
  stored.file.path = file.path;
  stored.file.fate = FateOf(file.role);
  if (file.refused) {
    stored.file.fate = Fate::kBroken;
    stored.issue = BrokenIssue(file, *file.refused);
    return stored;
  }
  const zip::ArchiveEntry& entry = archive_.entries()[*file.entry];
  stored.file.size = entry.size;
  if (file.is_duplicate) stored.file.fate = Fate::kDuplicate;
  if (file.role == FileRole::kJunk || file.is_duplicate) return stored;

  const bool keep_deflated =
      entry.method == zip::Method::kDeflate && file.role != FileRole::kMedium;
  ASSIGN_OR_RETURN(Content content,
                   Copy(*file.entry, keep_deflated ? Encoding::kDeflate : Encoding::kIdentity));
  if (content.damage) {
    stored.file.fate = Fate::kBroken;
    stored.issue = BrokenIssue(file, *content.damage);
    // What could be read is kept inflated.
    if (keep_deflated) {
      ASSIGN_OR_RETURN(content, Copy(*file.entry, Encoding::kIdentity));
    }
    if (content.size == 0) return stored;
  }
  stored.file.digest = content.digest;
  stored.file.size = content.size;
  stored.file.crc = content.crc;
  stored.file.stored_size = content.info.stored_size;
  stored.file.deflated = content.info.encoding == Encoding::kDeflate;
  if (file.role == FileRole::kMedium) {
    stored.file.type = content.type.empty() ? media::TypeOfName(file.path) : content.type;
  }
  return stored;
}

uint64_t StampOf(const zip::ArchiveEntry& entry) {
  return entry.crc ? *entry.crc : static_cast<uint64_t>(ToMillis(entry.modified));
}

}  // namespace valise::imports
