#include "zip/archive.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include "zip/folder_archive.h"
#include "zip/zip_archive.h"

namespace valise::zip {
namespace {

Result<File> OpenRegular(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // not blocked by a FIFO
  if (fd < 0) return std::unexpected(ErrnoError("open the archive"));
  File file(fd);
  struct stat info{};
  if (::fstat(fd, &info) != 0) return std::unexpected(ErrnoError("look at the archive"));
  if (S_ISDIR(info.st_mode)) {
    return Fail(ErrorCode::kInvalidArgument,
                "give either one folder or ZIP files, not a folder among several");
  }
  if (!S_ISREG(info.st_mode)) {
    return Fail(ErrorCode::kInvalidArgument, "this is neither a file nor a folder");
  }
  return file;
}

}  // namespace

Result<std::string> Archive::ReadWhole(size_t index) const {
  ASSIGN_OR_RETURN(const std::unique_ptr<EntryReader> reader, Open(index));
  std::string content(entries()[index].size, '\0');
  const MutableBytes out = std::as_writable_bytes(std::span(content));
  size_t done = 0;
  do {
    ASSIGN_OR_RETURN(const size_t read, reader->Read(out.subspan(done)));
    if (read == 0 && done < out.size()) {
      return Fail(ErrorCode::kCorrupt, "the content does not have its declared size");
    }
    done += read;
  } while (done < out.size());
  return content;
}

Result<std::unique_ptr<Archive>> OpenArchive(std::span<const fs::path> parts,
                                             const ArchiveLimits& limits) {
  if (parts.empty()) return Fail(ErrorCode::kInvalidArgument, "no archive was given");
  if (parts.size() > limits.parts) {
    return Fail(ErrorCode::kLimitExceeded,
                fmt::format("more than {} parts were given", limits.parts));
  }
  std::error_code ignored;
  if (parts.size() == 1 && fs::is_directory(parts[0], ignored)) return OpenFolder(parts[0], limits);
  std::vector<File> files;
  for (size_t i = 0; i < parts.size(); ++i) {
    auto file = OpenRegular(parts[i]);
    if (!file && parts.size() > 1) {
      return std::unexpected(file.error().Within(fmt::format("part {}", i + 1)));
    }
    if (!file) return std::unexpected(std::move(file).error());
    files.push_back(*std::move(file));
  }
  return OpenZipFiles(std::move(files), limits);
}

Result<std::string> ReadEntry(const Archive& archive, size_t index, uint64_t limit) {
  if (index >= archive.entries().size()) return Fail(ErrorCode::kNotFound, "no such entry");
  if (archive.entries()[index].size > limit) {
    return Fail(ErrorCode::kLimitExceeded, fmt::format("the entry has {} bytes, more than {}",
                                                       archive.entries()[index].size, limit));
  }
  return archive.ReadWhole(index);
}

}  // namespace valise::zip
