#include "blob/disk_blob_store.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "base/failpoint.h"

namespace valise::blob {
namespace {

constexpr std::array<std::string_view, 3> kSuffixes = {"", ".deflate", ".open"};
constexpr uint64_t kHandOver = 1u << 20;  // bytes after which the disk is asked to begin writing

// "<2 hex>/<64 hex><suffix>" in a fixed buffer: names are made for every access.
class BlobName {
 public:
  BlobName(const Digest& digest, Encoding encoding) {
    static constexpr char kHex[] = "0123456789abcdef";
    char* to = text_ + 3;
    for (const std::byte byte : digest.bytes) {
      *to++ = kHex[static_cast<unsigned>(byte) >> 4];
      *to++ = kHex[static_cast<unsigned>(byte) & 15];
    }
    text_[0] = text_[3];
    text_[1] = text_[4];
    text_[2] = '/';
    const std::string_view suffix = kSuffixes[static_cast<size_t>(encoding)];
    std::ranges::copy(suffix, to);
    to[suffix.size()] = '\0';
  }
  const char* c_str() const { return text_; }
  std::string folder() const { return {text_, 2}; }

 private:
  char text_[3 + 2 * Digest::kSize + 8 + 1];
};

constexpr std::array kEncodings = {Encoding::kIdentity, Encoding::kDeflate, Encoding::kDeflateOpen};

Error BlobError(std::string_view doing, int errno_value) {
  if (errno_value == ENOSPC || errno_value == EDQUOT || errno_value == EFBIG) {
    return {ErrorCode::kUnavailable,
            fmt::format("{}: the disk is full; make room and try again", doing)};
  }
  return ErrnoError(doing, errno_value);
}

Error NotThere(const Digest& digest) {
  return {ErrorCode::kNotFound, fmt::format("blob {} is not in the store", digest.Hex())};
}

struct Found {
  Encoding encoding;
  uint64_t size;
  Timestamp put;
};

Timestamp ModifiedAt(const struct stat& info) {
  return FromMillis(int64_t{info.st_mtim.tv_sec} * 1000 + info.st_mtim.tv_nsec / 1'000'000);
}

Result<std::optional<Found>> Find(int root, const Digest& digest) {
  for (const Encoding encoding : kEncodings) {
    struct stat info{};
    const BlobName name(digest, encoding);
    if (::fstatat(root, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0) {
      return Found{encoding, static_cast<uint64_t>(info.st_size), ModifiedAt(info)};
    }
    if (errno != ENOENT) return std::unexpected(BlobError("look for a blob", errno));
  }
  return std::optional<Found>{};
}

// What a file name in a fan-out folder says; nullopt for names that are not of blobs.
std::optional<std::pair<Digest, Encoding>> ParseName(std::string_view name) {
  if (name.size() < 2 * Digest::kSize) return std::nullopt;
  const std::string_view hex = name.substr(0, 2 * Digest::kSize);
  const std::string_view suffix = name.substr(hex.size());
  const auto at = std::ranges::find(kSuffixes, suffix);
  if (at == kSuffixes.end()) return std::nullopt;
  const Result<Digest> digest = Digest::Parse(hex);
  if (!digest || digest->Hex() != hex) return std::nullopt;
  return std::pair{*digest, kEncodings[static_cast<size_t>(at - kSuffixes.begin())]};
}

struct CloseFolder {
  void operator()(DIR* folder) const { ::closedir(folder); }
};
using Folder = std::unique_ptr<DIR, CloseFolder>;

Result<Folder> OpenFolder(int root, const char* name) {
  const int fd = ::openat(root, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return std::unexpected(BlobError("open a folder of blobs", errno));
  DIR* folder = ::fdopendir(fd);
  if (folder == nullptr) {
    ::close(fd);
    return std::unexpected(BlobError("open a folder of blobs", errno));
  }
  return Folder(folder);
}

// Reading writes nothing: else the first read of each file would write when that was. Only its
// owner may ask for it.
int OpenQuietly(int root, const char* name) {
  const int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW;
  const int fd = ::openat(root, name, flags | O_NOATIME);
  return fd >= 0 || errno != EPERM ? fd : ::openat(root, name, flags);
}

}  // namespace

// Holds the bytes in a file that has no name yet (or an "incoming-" name) until Commit().
class DiskBlobWriter final : public BlobWriter {
 public:
  DiskBlobWriter(DiskBlobStore& store, Encoding encoding, File file, std::string named)
      : store_(store), encoding_(encoding), file_(std::move(file)), named_(std::move(named)) {}

  ~DiskBlobWriter() override {
    if (!named_.empty()) ::unlinkat(store_.root_.fd(), named_.c_str(), 0);
  }

  Status Write(Bytes stored) override {
    while (!stored.empty()) {
      const size_t part = std::min<size_t>(stored.size(), kHandOver);
      const ssize_t n = ::write(file_.fd(), stored.data(), part);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return std::unexpected(BlobError("write a blob", errno));
      stored = stored.subspan(static_cast<size_t>(n));
      written_ += static_cast<uint64_t>(n);
      if (written_ - handed_over_ >= kHandOver) HandOver();
    }
    return {};
  }

  Result<BlobInfo> Commit(const Digest& digest) override {
    HandOver();
    const std::lock_guard lock(store_.StripeOf(digest));
    ASSIGN_OR_RETURN(const std::optional<Found> existing, Find(store_.root_.fd(), digest));
    if (existing && IsCutShort({existing->encoding, existing->size}, {encoding_, written_})) {
      return Replace(digest);
    }
    if (existing) {
      const BlobName there(digest, existing->encoding);
      // Only a hint to the sweep; a blob that cannot be renewed is there all the same.
      ::utimensat(store_.root_.fd(), there.c_str(), nullptr, AT_SYMLINK_NOFOLLOW);
      return BlobInfo{existing->encoding, existing->size};
    }
    const BlobName name(digest, encoding_);
    int error = Link(name.c_str());
    if (error == ENOENT) {  // the first blob of its folder
      if (::mkdirat(store_.root_.fd(), name.folder().c_str(), 0700) != 0 && errno != EEXIST) {
        return std::unexpected(BlobError("make a folder of blobs", errno));
      }
      error = Link(name.c_str());
    }
    // EEXIST: another process linked it between our look and now.
    if (error != 0 && error != EEXIST) {
      return std::unexpected(BlobError("give a blob its name", error));
    }
    failpoint::Pass("blob.link");
    return BlobInfo{encoding_, written_};
  }

 private:
  // Puts the new bytes in the place of damaged ones, in one step.
  Result<BlobInfo> Replace(const Digest& digest) {
    const int root = store_.root_.fd();
    const std::string beside = "incoming-" + digest.Hex();
    ::unlinkat(root, beside.c_str(), 0);  // of a crash
    if (const int error = Link(beside.c_str()); error != 0) {
      return std::unexpected(BlobError("give a blob its name", error));
    }
    if (::renameat(root, beside.c_str(), root, BlobName(digest, encoding_).c_str()) != 0) {
      return std::unexpected(BlobError("replace a damaged blob", errno));
    }
    return BlobInfo{encoding_, written_};
  }

  // Returns an errno, 0 when linked.
  int Link(const char* name) {
    const int root = store_.root_.fd();
    if (!named_.empty()) {
      return ::linkat(root, named_.c_str(), root, name, 0) == 0 ? 0 : errno;
    }
    const std::string self = fmt::format("/proc/self/fd/{}", file_.fd());
    return ::linkat(AT_FDCWD, self.c_str(), root, name, AT_SYMLINK_FOLLOW) == 0 ? 0 : errno;
  }

  // Lets the disk begin with what is written, so that Sync() has little left. Only a hint: errors
  // come with Sync().
  void HandOver() {
    if (written_ == handed_over_) return;
    ::sync_file_range(file_.fd(), static_cast<off_t>(handed_over_),
                      static_cast<off_t>(written_ - handed_over_), SYNC_FILE_RANGE_WRITE);
    handed_over_ = written_;
  }

  DiskBlobStore& store_;
  const Encoding encoding_;
  const File file_;
  const std::string named_;  // relative to the root; empty for an unnamed file
  uint64_t written_ = 0;
  uint64_t handed_over_ = 0;
};

Result<std::unique_ptr<DiskBlobStore>> DiskBlobStore::Open(const fs::path& folder,
                                                           Incoming incoming) {
  RETURN_IF_ERROR(MakeFolders(folder));
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return std::unexpected(BlobError("open the folder of blobs", errno));
  return std::unique_ptr<DiskBlobStore>(new DiskBlobStore(folder, File(fd), incoming));
}

Result<std::unique_ptr<BlobWriter>> DiskBlobStore::Begin(Encoding encoding) {
  if (incoming_ == Incoming::kUnnamed) {
    const int fd = ::openat(root_.fd(), ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0) return std::make_unique<DiskBlobWriter>(*this, encoding, File(fd), "");
    if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL) {
      return std::unexpected(BlobError("begin a blob", errno));
    }
  }
  std::string path = (folder_ / "incoming-XXXXXX").string();
  const int fd = ::mkostemp(path.data(), O_CLOEXEC);
  if (fd < 0) return std::unexpected(BlobError("begin a blob", errno));
  return std::make_unique<DiskBlobWriter>(*this, encoding, File(fd),
                                          fs::path(path).filename().string());
}

Result<std::optional<BlobInfo>> DiskBlobStore::Stat(const Digest& digest) const {
  ASSIGN_OR_RETURN(const std::optional<Found> found, Find(root_.fd(), digest));
  if (!found) return std::optional<BlobInfo>{};
  return BlobInfo{found->encoding, found->size};
}

Result<File> DiskBlobStore::Open(const Digest& digest) const {
  for (const Encoding encoding : kEncodings) {
    const int fd = OpenQuietly(root_.fd(), BlobName(digest, encoding).c_str());
    if (fd >= 0) return File(fd);
    if (errno != ENOENT) return std::unexpected(BlobError("open a blob", errno));
  }
  return std::unexpected(NotThere(digest));
}

Status DiskBlobStore::ReadAt(const Digest& digest, uint64_t offset, MutableBytes out) const {
  ASSIGN_OR_RETURN(const File file, Open(digest));
  const Status read = file.ReadAt(offset, out);
  if (read) return {};
  if (read.error().code != ErrorCode::kCorrupt) return read;
  return Fail(ErrorCode::kCorrupt, fmt::format("blob {} is shorter than expected", digest.Hex()));
}

Result<std::optional<Timestamp>> DiskBlobStore::PutAt(const Digest& digest) const {
  ASSIGN_OR_RETURN(const std::optional<Found> found, Find(root_.fd(), digest));
  if (!found) return std::optional<Timestamp>{};
  return std::optional(found->put);
}

Status DiskBlobStore::Renew(const Digest& digest) {
  for (const Encoding encoding : kEncodings) {
    const BlobName name(digest, encoding);
    if (::utimensat(root_.fd(), name.c_str(), nullptr, AT_SYMLINK_NOFOLLOW) == 0) return {};
    if (errno != ENOENT) return std::unexpected(BlobError("renew a blob", errno));
  }
  return std::unexpected(NotThere(digest));
}

Status DiskBlobStore::Delete(const Digest& digest) {
  const std::lock_guard lock(StripeOf(digest));
  bool deleted = false;
  for (const Encoding encoding : kEncodings) {
    if (::unlinkat(root_.fd(), BlobName(digest, encoding).c_str(), 0) == 0) {
      deleted = true;
    } else if (errno != ENOENT) {
      return std::unexpected(BlobError("delete a blob", errno));
    }
  }
  if (!deleted) return std::unexpected(NotThere(digest));
  return {};
}

Status DiskBlobStore::SetAside(const Digest& digest, const fs::path& folder) {
  RETURN_IF_ERROR(MakeFolders(folder));
  const File to(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!to.valid()) return std::unexpected(BlobError("open the folder of damaged blobs", errno));
  const std::lock_guard lock(StripeOf(digest));
  bool moved = false;
  for (const Encoding encoding : kEncodings) {
    const BlobName name(digest, encoding);
    const char* const file = name.c_str() + name.folder().size() + 1;
    if (::renameat(root_.fd(), name.c_str(), to.fd(), file) == 0) {
      moved = true;
    } else if (errno != ENOENT) {
      return std::unexpected(BlobError("set a damaged blob aside", errno));
    }
  }
  if (!moved) return std::unexpected(NotThere(digest));
  return {};
}

Status DiskBlobStore::List(
    const std::function<Status(const Digest&, const BlobInfo&)>& visit) const {
  for (unsigned prefix = 0; prefix < 256; ++prefix) {
    Result<Folder> folder = OpenFolder(root_.fd(), fmt::format("{:02x}", prefix).c_str());
    if (!folder && folder.error().code == ErrorCode::kNotFound) continue;
    if (!folder) return std::unexpected(folder.error());
    while (const dirent* entry = ::readdir(folder->get())) {
      const auto parsed = ParseName(entry->d_name);
      if (!parsed || static_cast<unsigned>(parsed->first.bytes[0]) != prefix) continue;
      struct stat info{};
      if (::fstatat(::dirfd(folder->get()), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
        continue;  // deleted while we were looking
      }
      RETURN_IF_ERROR(
          visit(parsed->first, BlobInfo{parsed->second, static_cast<uint64_t>(info.st_size)}));
    }
  }
  return {};
}

Status DiskBlobStore::Sync() {
  if (::syncfs(root_.fd()) != 0) return std::unexpected(BlobError("sync the blobs", errno));
  failpoint::Pass("blobs.sync");
  return {};
}

}  // namespace valise::blob
