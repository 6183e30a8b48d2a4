#include "ingest/blobs.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <chrono>
#include <system_error>

#include "media/sniff.h"

namespace valise::ingest {
namespace {

// Blobs up to this are not written twice: they wait in memory for their end.
constexpr size_t kSmall = 1u << 20;
constexpr size_t kPiece = 1u << 20;
constexpr std::chrono::hours kKeepParts{24};

fs::path PartsOf(const library::Library& library) { return library.folder() / "incoming"; }

Result<uint64_t> SizeOfPart(const fs::path& path) {
  struct stat info{};
  if (::stat(path.c_str(), &info) == 0) return static_cast<uint64_t>(info.st_size);
  if (errno == ENOENT) return uint64_t{0};
  return std::unexpected(ErrnoError("look for a part of a blob"));
}

// Parts that nobody goes on with.
void DropOldParts(const fs::path& folder) {
  std::error_code error;
  const auto now = fs::file_time_type::clock::now();
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    const auto written = entry.last_write_time(error);
    if (!error && now - written > kKeepParts) fs::remove(entry.path(), error);
  }
}

bool TakeNumber(std::string_view& text, uint64_t& to) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), to);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return true;
}
bool TakeText(std::string_view& text, std::string_view expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(expected.size());
  return true;
}

Error DiskError(const Error& error) {
  return error.code == ErrorCode::kUnavailable
             ? error
             : Error{ErrorCode::kUnavailable, "keep a part of a blob: " + error.message};
}

}  // namespace

Result<ContentRange> ContentRange::Parse(std::string_view text) {
  ContentRange range;
  const bool is_read = TakeText(text, "bytes ") && TakeNumber(text, range.first) &&
                       TakeText(text, "-") && TakeNumber(text, range.last) && TakeText(text, "/") &&
                       TakeNumber(text, range.total) && text.empty();
  if (!is_read || range.first > range.last || range.last >= range.total) {
    return Fail(ErrorCode::kInvalidArgument,
                "Content-Range must be \"bytes first-last/total\", counted from 0");
  }
  if (range.total > kMaxBlob) {
    return Fail(ErrorCode::kLimitExceeded, fmt::format("a blob has at most {} bytes", kMaxBlob));
  }
  return range;
}

Result<BlobState> LookAtBlob(const library::Library& library, const Digest& digest) {
  BlobState state;
  ASSIGN_OR_RETURN(const auto info, library.blobs().Stat(digest));
  if (!info) {
    ASSIGN_OR_RETURN(state.received, SizeOfPart(PartsOf(library) / digest.Hex()));
    return state;
  }
  state.is_here = true;
  if (info->encoding != blob::Encoding::kIdentity) return state;
  state.size = info->stored_size;
  std::array<std::byte, media::kSniffBytes> first{};
  const auto some = MutableBytes(first).first(std::min<size_t>(first.size(), info->stored_size));
  RETURN_IF_ERROR(library.blobs().ReadAt(digest, 0, some));
  state.type = media::Sniff(some);
  return state;
}

Result<std::vector<Digest>> MissingBlobs(const library::Library& library,
                                         std::span<const Digest> digests) {
  std::vector<Digest> missing;
  for (const Digest& digest : digests) {
    ASSIGN_OR_RETURN(const auto info, library.blobs().Stat(digest));
    if (!info) missing.push_back(digest);
  }
  return missing;
}

Result<std::unique_ptr<BlobIntake>> BlobIntake::Begin(std::shared_ptr<library::Library> library,
                                                      const Digest& digest,
                                                      const std::optional<ContentRange>& range) {
  const fs::path folder = PartsOf(*library);
  std::unique_ptr<BlobIntake> intake(
      new BlobIntake(std::move(library), digest, folder / digest.Hex()));
  if (!range) return intake;
  intake->range_ = range;
  RETURN_IF_ERROR(intake->OpenPart());
  ASSIGN_OR_RETURN(const uint64_t received, intake->part_->Size());
  if (range->first != 0 && range->first != received) {
    return Fail(ErrorCode::kConflict,
                fmt::format("{} bytes of this blob came: go on from there", received));
  }
  intake->size_ = range->first;
  if (range->first == 0 && ::ftruncate(intake->part_->fd(), 0) != 0) {
    return std::unexpected(ErrnoError("begin a part of a blob"));
  }
  return intake;
}

Status BlobIntake::OpenPart() {
  RETURN_IF_ERROR(MakeFolders(path_.parent_path()));
  DropOldParts(path_.parent_path());
  auto lock = FileLock::TryLock(path_);
  if (!lock.has_value() && lock.error().code == ErrorCode::kConflict) {
    return Fail(ErrorCode::kConflict, "another connection is sending this blob");
  }
  if (!lock.has_value()) return std::unexpected(lock.error());
  lock_ = std::move(*lock);
  ASSIGN_OR_RETURN(part_, File::OpenWrite(path_));
  return {};
}

Status BlobIntake::Write(Bytes bytes) {
  if (range_ && bytes.size() > range_->last + 1 - size_) {
    return Fail(ErrorCode::kInvalidArgument, "more bytes came than Content-Range says");
  }
  if (bytes.size() > kMaxBlob - size_) {
    return Fail(ErrorCode::kLimitExceeded, fmt::format("a blob has at most {} bytes", kMaxBlob));
  }
  if (part_) return WritePart(bytes);
  if (small_.size() + bytes.size() <= kSmall) {
    small_ += AsText(bytes);
    size_ = small_.size();
    return {};
  }
  // It is not small: what a connection that breaks has brought is worth keeping.
  RETURN_IF_ERROR(OpenPart());
  if (::ftruncate(part_->fd(), 0) != 0) {
    return std::unexpected(ErrnoError("begin a part of a blob"));
  }
  size_ = 0;
  RETURN_IF_ERROR(WritePart(AsBytes(small_)));
  small_ = {};
  return WritePart(bytes);
}

Status BlobIntake::WritePart(Bytes bytes) {
  if (const Status written = part_->WriteAt(size_, bytes); !written.has_value()) {
    return std::unexpected(DiskError(written.error()));
  }
  size_ += bytes.size();
  return {};
}

Result<BlobState> BlobIntake::Finish() {
  if (range_ && size_ != range_->last + 1) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("fewer bytes came than Content-Range says; {} are kept", size_));
  }
  if (range_ && size_ < range_->total) {
    return BlobState{.is_here = false, .size = {}, .type = {}, .received = size_};
  }
  auto kept = part_ ? KeepPart() : KeepSmall();
  const bool is_done = kept.has_value() || kept.error().code == ErrorCode::kCorrupt;
  std::error_code ignored;
  if (is_done) fs::remove(path_, ignored);
  return kept;
}

Result<BlobState> BlobIntake::KeepSmall() {
  if (Sha256(small_) != digest_) {
    return Fail(ErrorCode::kCorrupt, "the bytes are not those of that SHA-256");
  }
  blob::BlobStore& blobs = library_->blobs();
  RETURN_IF_ERROR(blobs.Put(digest_, blob::Encoding::kIdentity, AsBytes(small_)));
  RETURN_IF_ERROR(blobs.Sync());
  return LookAtBlob(*library_, digest_);
}

Result<BlobState> BlobIntake::KeepPart() {
  blob::BlobStore& blobs = library_->blobs();
  ASSIGN_OR_RETURN(const auto writer, blobs.Begin(blob::Encoding::kIdentity));
  Hasher hasher;
  std::string piece(kPiece, '\0');
  const MutableBytes room(reinterpret_cast<std::byte*>(piece.data()), piece.size());
  for (uint64_t at = 0; at < size_;) {
    ASSIGN_OR_RETURN(const size_t n, part_->ReadSome(at, room));
    if (n == 0) return Fail(ErrorCode::kUnavailable, "a part of a blob was lost; send it again");
    hasher.Update(room.first(n));
    RETURN_IF_ERROR(writer->Write(room.first(n)));
    at += n;
  }
  if (hasher.Finish() != digest_) {
    return Fail(ErrorCode::kCorrupt, "the bytes are not those of that SHA-256");
  }
  RETURN_IF_ERROR(writer->Commit(digest_));
  RETURN_IF_ERROR(blobs.Sync());
  return LookAtBlob(*library_, digest_);
}

}  // namespace valise::ingest
