#include "zip/zip_archive.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/crc32.h"
#include "zip/directory_reader.h"
#include "zip/entry_reader.h"
#include "zip/format.h"

namespace valise::zip {
namespace {

// Up to here an entry is read and inflated in one go (libdeflate is about three times as quick as
// zlib).
constexpr uint64_t kWholeBytes = 64ull << 20;

std::unexpected<Error> Disagrees(std::string_view what) {
  return Fail(ErrorCode::kCorrupt,
              fmt::format("the ZIP's directory and the entry's own header disagree on {}", what));
}

// Does a size in the local header fit the directory's? All ones: it is in the ZIP64 extra; 0 with
// bit 3: it follows; modulo 2^32: of a wrapped ZIP.
bool Fits(uint32_t local, uint64_t central, bool descriptor) {
  return local == static_cast<uint32_t>(central) || local == kMax32 || (descriptor && local == 0);
}

class ZipArchive final : public Archive {
 public:
  ZipArchive(std::vector<File> files, Directory directory)
      : files_(std::move(files)), directory_(std::move(directory)) {}

  std::span<const ArchiveEntry> entries() const override { return directory_.entries; }
  std::span<const RefusedEntry> refused() const override { return directory_.refused; }

  Result<std::unique_ptr<EntryReader>> Open(size_t index) const override {
    ASSIGN_OR_RETURN(const EntryData data, Find(index));
    return MakeEntryReader(FileOf(index), data);
  }

  Result<std::string> ReadWhole(size_t index) const override {
    ASSIGN_OR_RETURN(const EntryData data, Find(index));
    if (std::max(data.size, data.stored_size) <= kWholeBytes) {
      return ReadWholeEntry(FileOf(index), data);
    }
    return Archive::ReadWhole(index);
  }

 private:
  const File& FileOf(size_t index) const { return files_[directory_.entries[index].part]; }

  // Where the entry's data lie, after its local header (4.3.7) has been compared with the
  // directory.
  Result<EntryData> Find(size_t index) const {
    if (index >= directory_.entries.size()) return Fail(ErrorCode::kNotFound, "no such entry");
    const ArchiveEntry& entry = directory_.entries[index];
    const EntryPlace& place = directory_.places[index];
    std::string header(kLocalSize + place.name_size, '\0');
    RETURN_IF_ERROR(FileOf(index).ReadAt(place.begin, std::as_writable_bytes(std::span(header))));
    RETURN_IF_ERROR(Compare(header, entry, place));
    const uint64_t offset = place.begin + header.size() + LoadLe<uint16_t>(header.data() + 28);
    if (offset > place.end || entry.stored_size > place.end - offset) {
      return Fail(ErrorCode::kCorrupt, "the entry's data reach into the next entry");
    }
    return EntryData{.offset = offset,
                     .stored_size = entry.stored_size,
                     .size = entry.size,
                     .method = entry.method,
                     .crc = entry.crc};
  }

  static Status Compare(std::string_view header, const ArchiveEntry& entry,
                        const EntryPlace& place) {
    const char* from = header.data();
    if (LoadLe<uint32_t>(from) != kLocalSignature) {
      return Fail(ErrorCode::kCorrupt, "the entry is not where the ZIP's directory says");
    }
    const auto flags = LoadLe<uint16_t>(from + 6);
    const bool descriptor = (flags & kFlagDescriptor) != 0;
    const auto crc = LoadLe<uint32_t>(from + 14);
    if ((flags & kFlagEncrypted) != 0) return Disagrees("its encryption");
    if (LoadLe<uint16_t>(from + 8) != static_cast<uint16_t>(entry.method))
      return Disagrees("its method");
    if (crc != entry.crc && !(descriptor && crc == 0)) return Disagrees("its checksum");
    if (!Fits(LoadLe<uint32_t>(from + 18), entry.stored_size, descriptor) ||
        !Fits(LoadLe<uint32_t>(from + 22), entry.size, descriptor)) {
      return Disagrees("its size");
    }
    if (LoadLe<uint16_t>(from + 26) != place.name_size ||
        Crc32(AsBytes(header.substr(kLocalSize))) != place.name_crc) {
      return Disagrees("its name");
    }
    return {};
  }

  std::vector<File> files_;
  Directory directory_;
};

}  // namespace

Result<std::unique_ptr<Archive>> OpenZipFiles(std::vector<File> files,
                                              const ArchiveLimits& limits) {
  Directory directory;
  for (size_t part = 0; part < files.size(); ++part) {
    Status status = ReadDirectory(files[part], static_cast<uint32_t>(part), limits, directory);
    if (status) continue;
    if (files.size() == 1) return std::unexpected(std::move(status).error());
    return std::unexpected(status.error().Within(fmt::format("part {}", part + 1)));
  }
  return std::make_unique<ZipArchive>(std::move(files), std::move(directory));
}

}  // namespace valise::zip
