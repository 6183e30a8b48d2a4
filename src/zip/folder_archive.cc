#include "zip/folder_archive.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>

#include "base/utf8.h"
#include "zip/entry_name.h"
#include "zip/entry_reader.h"

namespace valise::zip {
namespace {

constexpr size_t kMaxDepth = 128;

// A reader that owns its file.
class FileReader final : public EntryReader {
 public:
  FileReader(File file, uint64_t size)
      : file_(std::move(file)),
        reader_(MakeEntryReader(file_, {.offset = 0,
                                        .stored_size = size,
                                        .size = size,
                                        .method = Method::kStored,
                                        .crc = std::nullopt})) {}
  Result<size_t> Read(MutableBytes out) override { return reader_->Read(out); }
  void OnStored(std::function<Status(Bytes)> stored) override {
    reader_->OnStored(std::move(stored));
  }

 private:
  File file_;
  std::unique_ptr<EntryReader> reader_;
};

class FolderArchive final : public Archive {
 public:
  FolderArchive(fs::path root, std::vector<ArchiveEntry> entries, std::vector<RefusedEntry> refused)
      : root_(std::move(root)), entries_(std::move(entries)), refused_(std::move(refused)) {}

  std::span<const ArchiveEntry> entries() const override { return entries_; }
  std::span<const RefusedEntry> refused() const override { return refused_; }

  Result<std::unique_ptr<EntryReader>> Open(size_t index) const override {
    if (index >= entries_.size()) return Fail(ErrorCode::kNotFound, "no such entry");
    const fs::path path = root_ / entries_[index].path;
    // Not blocked by a FIFO, nor led elsewhere by a link, that has taken the file's place since the
    // walk.
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) return std::unexpected(ErrnoError("open a file of the folder"));
    File file(fd);
    struct stat info{};
    if (::fstat(fd, &info) != 0) return std::unexpected(ErrnoError("look at a file of the folder"));
    if (!S_ISREG(info.st_mode) || static_cast<uint64_t>(info.st_size) != entries_[index].size) {
      return Fail(ErrorCode::kCorrupt, "the file has changed since the folder was opened");
    }
    return std::make_unique<FileReader>(std::move(file), entries_[index].size);
  }

 private:
  fs::path root_;
  std::vector<ArchiveEntry> entries_;
  std::vector<RefusedEntry> refused_;
};

class Walk {
 public:
  Walk(fs::path root, const ArchiveLimits& limits) : root_(std::move(root)), limits_(limits) {}

  Status Run() {
    RETURN_IF_ERROR(List(""));
    while (!folders_.empty()) {
      const std::string folder = std::move(folders_.back());
      folders_.pop_back();
      RETURN_IF_ERROR(List(folder));
    }
    std::ranges::sort(entries, {}, &ArchiveEntry::path);
    std::ranges::sort(refused, {}, &RefusedEntry::path);
    return {};
  }

  std::vector<ArchiveEntry> entries;
  std::vector<RefusedEntry> refused;

 private:
  // `folder` is relative to the root: "" or "a/b/".
  Status List(const std::string& folder) {
    struct Close {
      void operator()(DIR* d) const { ::closedir(d); }
    };
    const std::unique_ptr<DIR, Close> dir(::opendir((root_ / folder).c_str()));
    if (!dir) return std::unexpected(ErrnoError("open a folder of the archive"));
    errno = 0;
    while (const dirent* item = ::readdir(dir.get())) {
      const std::string_view name = item->d_name;
      if (name != "." && name != "..") {
        struct stat info{};
        if (::fstatat(::dirfd(dir.get()), item->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
          return std::unexpected(ErrnoError("look at a file of the archive"));
        }
        RETURN_IF_ERROR(Take(folder + std::string(name), info));
      }
      errno = 0;
    }
    if (errno != 0) return std::unexpected(ErrnoError("read a folder of the archive"));
    return {};
  }

  Status Take(std::string path, const struct stat& info) {
    if (entries.size() + refused.size() >= limits_.entries) {
      return Fail(ErrorCode::kLimitExceeded,
                  fmt::format("the folder has more than {} files", limits_.entries));
    }
    if (S_ISDIR(info.st_mode)) return Enter(std::move(path));
    const auto refuse = [&](ErrorCode code, std::string_view why) -> Status {
      refused.push_back({.path = ShowName(path), .part = 0, .error = {code, std::string(why)}});
      return {};
    };
    if (S_ISLNK(info.st_mode)) return refuse(ErrorCode::kUnsupported, "it is a symbolic link");
    if (!S_ISREG(info.st_mode)) return refuse(ErrorCode::kUnsupported, "it is not a regular file");
    if (!IsUtf8(path))
      return refuse(ErrorCode::kInvalidArgument, "its name is not UTF-8: rename it");
    const Result<std::string> safe = SafePath(path, limits_.name_bytes);
    if (!safe) return refuse(safe.error().code, safe.error().message);
    if (*safe != path)
      return refuse(ErrorCode::kInvalidArgument, "its name has a \"\\\": rename it");
    const auto size = static_cast<uint64_t>(info.st_size);
    if (size > limits_.entry_size) return refuse(ErrorCode::kLimitExceeded, "it is too large");
    total_ += size;
    if (total_ > limits_.total_size) {
      return Fail(ErrorCode::kLimitExceeded,
                  fmt::format("the folder holds more than {} bytes", limits_.total_size));
    }
    entries.push_back(
        {.path = std::move(path),
         .size = size,
         .stored_size = size,
         .method = Method::kStored,
         .crc = std::nullopt,
         .modified = FromMillis(info.st_mtim.tv_sec * 1000 + info.st_mtim.tv_nsec / 1'000'000),
         .part = 0});
    return {};
  }

  Status Enter(std::string path) {
    if (static_cast<size_t>(std::ranges::count(path, '/')) >= kMaxDepth) {
      return Fail(ErrorCode::kLimitExceeded,
                  fmt::format("the folder is more than {} levels deep", kMaxDepth));
    }
    folders_.push_back(std::move(path) + "/");
    return {};
  }

  fs::path root_;
  const ArchiveLimits& limits_;
  std::vector<std::string> folders_;
  uint64_t total_ = 0;
};

}  // namespace

Result<std::unique_ptr<Archive>> OpenFolder(const fs::path& root, const ArchiveLimits& limits) {
  Walk walk(root, limits);
  RETURN_IF_ERROR(walk.Run());
  return std::make_unique<FolderArchive>(root, std::move(walk.entries), std::move(walk.refused));
}

}  // namespace valise::zip
