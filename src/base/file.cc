#include "base/file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "base/failpoint.h"

namespace valise {
namespace {

constexpr mode_t kPrivateFile = 0600;

Result<File> OpenWith(const fs::path& path, int flags, std::string_view doing) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC, kPrivateFile);
  if (fd < 0) return std::unexpected(ErrnoError(doing));
  return File(fd);
}

// Calls `once` (a read or a write of the rest) until `size` bytes are through.
template <typename Once>
Result<size_t> Repeat(size_t size, Once once) {
  size_t done = 0;
  while (done < size) {
    const ssize_t n = once(done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return std::unexpected(ErrnoError("file access"));
    if (n == 0) break;
    done += static_cast<size_t>(n);
  }
  return done;
}

}  // namespace

File::~File() {
  if (fd_ >= 0) ::close(fd_);
}

File& File::operator=(File&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

Result<File> File::OpenRead(const fs::path& path) { return OpenWith(path, O_RDONLY, "open file"); }
Result<File> File::Create(const fs::path& path) {
  return OpenWith(path, O_RDWR | O_CREAT | O_TRUNC, "create file");
}
Result<File> File::OpenWrite(const fs::path& path) {
  return OpenWith(path, O_RDWR | O_CREAT, "open file for writing");
}

Result<File> File::Temporary(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, kPrivateFile);
  if (fd >= 0) return File(fd);
  if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL) {
    return std::unexpected(ErrnoError("create temporary file"));
  }
  std::string name = (folder / "tmp-XXXXXX").string();
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named < 0) return std::unexpected(ErrnoError("create temporary file"));
  ::unlink(name.c_str());
  return File(named);
}

Result<uint64_t> File::Size() const {
  struct stat info{};
  if (::fstat(fd_, &info) != 0) return std::unexpected(ErrnoError("stat file"));
  return static_cast<uint64_t>(info.st_size);
}

Result<size_t> File::ReadSome(uint64_t offset, MutableBytes out) const {
  return Repeat(out.size(), [&](size_t done) {
    return ::pread(fd_, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
  });
}

Status File::ReadAt(uint64_t offset, MutableBytes out) const {
  ASSIGN_OR_RETURN(const size_t read, ReadSome(offset, out));
  if (read != out.size()) return Fail(ErrorCode::kCorrupt, "the file ends too early");
  return {};
}

Status File::WriteAt(uint64_t offset, Bytes bytes) const {
  RETURN_IF_ERROR(Repeat(bytes.size(), [&](size_t done) {
    return ::pwrite(fd_, bytes.data() + done, bytes.size() - done,
                    static_cast<off_t>(offset + done));
  }));
  return {};
}

Status File::Append(Bytes bytes) const {
  RETURN_IF_ERROR(Repeat(bytes.size(), [&](size_t done) {
    return ::write(fd_, bytes.data() + done, bytes.size() - done);
  }));
  return {};
}

Status File::Sync() const {
  if (::fdatasync(fd_) != 0) return std::unexpected(ErrnoError("sync file"));
  failpoint::Pass("file.sync");
  return {};
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

Result<MappedFile> MappedFile::Open(const fs::path& path) {
  ASSIGN_OR_RETURN(const File file, File::OpenRead(path));
  ASSIGN_OR_RETURN(const uint64_t size, file.Size());
  MappedFile mapped;
  if (size == 0) return mapped;
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.fd(), 0);
  if (address == MAP_FAILED) return std::unexpected(ErrnoError("map file"));
  mapped.bytes_ = {static_cast<const std::byte*>(address), size};
  return mapped;
}

Result<std::string> ReadFile(const fs::path& path, uint64_t limit) {
  ASSIGN_OR_RETURN(const File file, File::OpenRead(path));
  ASSIGN_OR_RETURN(const uint64_t size, file.Size());
  if (size > limit) return Fail(ErrorCode::kLimitExceeded, "the file is too long");
  std::string content(size, '\0');
  ASSIGN_OR_RETURN(const size_t read, file.ReadSome(0, std::as_writable_bytes(std::span(content))));
  content.resize(read);
  return content;
}

Status WriteFileAtomically(const fs::path& path, std::string_view content) {
  const fs::path beside = path.string() + ".new";
  {
    ASSIGN_OR_RETURN(const File file, File::Create(beside));
    RETURN_IF_ERROR(file.Append(AsBytes(content)));
    RETURN_IF_ERROR(file.Sync());
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) {
    return std::unexpected(ErrnoError("rename file"));
  }
  failpoint::Pass("file.rename");
  return SyncFolder(path.parent_path());
}

Status RemoveFile(const fs::path& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
    return std::unexpected(ErrnoError("remove file"));
  }
  failpoint::Pass("file.remove");
  return {};
}

Status MakeFolders(const fs::path& path) {
  if (path.empty() || fs::is_directory(path)) return {};
  RETURN_IF_ERROR(MakeFolders(path.parent_path()));
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return std::unexpected(ErrnoError("make folder"));
  }
  return {};
}

Status SyncFolder(const fs::path& path) {
  const fs::path folder = path.empty() ? fs::path(".") : path;
  ASSIGN_OR_RETURN(const File file, OpenWith(folder, O_RDONLY | O_DIRECTORY, "open folder"));
  if (::fsync(file.fd()) != 0) return std::unexpected(ErrnoError("sync folder"));
  failpoint::Pass("folder.sync");
  return {};
}

Status SyncFileSystem(const fs::path& path) {
  ASSIGN_OR_RETURN(const File file, OpenWith(path, O_RDONLY, "open file system"));
  if (::syncfs(file.fd()) != 0) return std::unexpected(ErrnoError("sync file system"));
  failpoint::Pass("file_system.sync");
  return {};
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (fs::temp_directory_path() / "valise-XXXXXX").string();
  CHECK(::mkdtemp(name.data()) != nullptr);
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Result<FileLock> FileLock::TryLock(const fs::path& path) {
  ASSIGN_OR_RETURN(File file, File::OpenWrite(path));
  if (::flock(file.fd(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return Fail(ErrorCode::kConflict, "another process holds the lock");
    return std::unexpected(ErrnoError("lock file"));
  }
  return FileLock(std::move(file));
}

}  // namespace valise
