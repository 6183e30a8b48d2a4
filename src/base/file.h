// Files and folders by POSIX calls, with Results; writes that survive a crash.
//
// Thread safety: a File may be read at offsets from any number of threads; writes need one owner.
// Lifetime: File closes its descriptor; MappedFile unmaps.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"

namespace valise {

namespace fs = std::filesystem;

// An open descriptor. Moves, does not copy.
class File {
 public:
  File() = default;
  explicit File(int fd) : fd_(fd) {}
  ~File();
  File(File&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  File& operator=(File&& other) noexcept;

  static Result<File> OpenRead(const fs::path& path);
  // Creates (mode 0600) or truncates.
  static Result<File> Create(const fs::path& path);
  // Creates or opens for reading and writing without truncating (mode 0600).
  static Result<File> OpenWrite(const fs::path& path);
  // An unnamed file in `folder` (O_TMPFILE where the file system has it), gone when closed.
  static Result<File> Temporary(const fs::path& folder);

  bool valid() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  int Release() { return std::exchange(fd_, -1); }

  Result<uint64_t> Size() const;
  // Fills `out` from `offset` entirely. Errors: kCorrupt when the file ends before.
  Status ReadAt(uint64_t offset, MutableBytes out) const;
  // As much as there is, at most out.size(). 0 at the end.
  Result<size_t> ReadSome(uint64_t offset, MutableBytes out) const;
  Status WriteAt(uint64_t offset, Bytes bytes) const;
  // At the file's position.
  Status Append(Bytes bytes) const;
  // fdatasync.
  Status Sync() const;

 private:
  int fd_ = -1;
};

// A file mapped for reading.
class MappedFile {
 public:
  MappedFile() = default;
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
  MappedFile& operator=(MappedFile&& other) noexcept;
  static Result<MappedFile> Open(const fs::path& path);
  Bytes bytes() const { return bytes_; }

 private:
  Bytes bytes_;
};

// The whole file, refused when it is longer than `limit`. Errors: kNotFound, kLimitExceeded.
Result<std::string> ReadFile(const fs::path& path, uint64_t limit = 1ull << 30);

// Writes beside `path`, syncs, renames over it, syncs the folder: after a crash there is either the
// old file or the new one. Mode 0600.
Status WriteFileAtomically(const fs::path& path, std::string_view content);

// Removes a file. No error when there is none. Not durable before SyncFolder().
Status RemoveFile(const fs::path& path);

// Makes a folder and its parents (mode 0700 for those it makes). No error when it exists.
Status MakeFolders(const fs::path& path);
// fsync of a folder: makes names in it durable.
Status SyncFolder(const fs::path& path);
// One syncfs for the whole file system that holds `path`: cheaper than a sync for each of many
// files.
Status SyncFileSystem(const fs::path& path);

// A folder under the system's temporary folder, removed with all it holds when this goes.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// An advisory lock (flock) held on a file until this goes; survives no process death, which is the
// point.
class FileLock {
 public:
  // Errors: kConflict when another process (or another FileLock) holds it.
  static Result<FileLock> TryLock(const fs::path& path);

 private:
  explicit FileLock(File file) : file_(std::move(file)) {}
  File file_;
};

}  // namespace valise
