#include "zip/directory_reader.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <compare>
#include <optional>

#include "base/crc32.h"
#include "zip/central_directory.h"
#include "zip/dos_time.h"
#include "zip/entry_name.h"
#include "zip/format.h"
#include "zip/wrapped.h"

namespace valise::zip {
namespace {

constexpr uint8_t kMadeOnUnix = 3;  // 4.4.2.2
constexpr uint8_t kMadeOnMacOs = 19;
constexpr uint32_t kDosFolder = 0x10;           // external attributes of FAT
constexpr int64_t kNtfsEpoch = 11'644'473'600;  // seconds from 1601 to 1970

// What lies in the file: a local header and its data, at least this long (the local extra is not
// known yet).
struct Span {
  uint64_t begin = 0;
  uint64_t end = 0;
};

std::string_view MethodName(uint16_t method) {
  switch (method) {  // 4.4.5
    case 9:
      return "Deflate64";
    case 12:
      return "bzip2";
    case 14:
      return "LZMA";
    case 93:
      return "Zstandard";
    case 95:
      return "XZ";
    case 98:
      return "PPMd";
    case 99:
      return "AES encryption";
    default:
      return "unknown";
  }
}

uint32_t UnixMode(const CentralHeader& header) {
  const auto host = static_cast<uint8_t>(header.made_by >> 8);
  return host == kMadeOnUnix || host == kMadeOnMacOs ? header.attributes >> 16 : 0;
}

bool IsFolder(const CentralHeader& header) {
  if (header.size != 0) return false;
  return header.name.ends_with('/') || header.name.ends_with('\\') || S_ISDIR(UnixMode(header)) ||
         (UnixMode(header) == 0 && (header.attributes & kDosFolder) != 0);
}

// UT extra (signed seconds), else NTFS extra (100 ns since 1601), else DOS time.
Timestamp Modified(const CentralHeader& header) {
  const Bytes ut = FindExtra(header.extra, kExtraTime);
  if (ut.size() >= 5 && (std::to_integer<int>(ut[0]) & 1) != 0) {
    return FromSeconds(LoadLe<int32_t>(ut.data() + 1));
  }
  // u32 reserved, then tag 1, size 24, modification time, …
  const Bytes ntfs = FindExtra(header.extra, kExtraNtfs);
  if (ntfs.size() >= 16 && LoadLe<uint16_t>(ntfs.data() + 4) == 1) {
    return FromMillis(static_cast<int64_t>(LoadLe<uint64_t>(ntfs.data() + 8) / 10'000) -
                      kNtfsEpoch * 1000);
  }
  return FromSeconds(FromDosTime(header.modified));
}

// Why the entry cannot be read, whatever its name; none when it can.
std::optional<Error> Unreadable(const CentralHeader& header, const ArchiveLimits& limits) {
  if ((header.flags & (kFlagEncrypted | kFlagStrongEncryption)) != 0 || header.method == 99) {
    return Error{ErrorCode::kUnsupported,
                 "the entry is encrypted: unpack the ZIP with its password first"};
  }
  if (header.method != 0 && header.method != 8) {
    return Error{
        ErrorCode::kUnsupported,
        fmt::format("the entry is compressed by method {} ({}): pack it again with deflate",
                    header.method, MethodName(header.method))};
  }
  const uint32_t type = UnixMode(header) & S_IFMT;
  if (type == S_IFLNK) return Error{ErrorCode::kUnsupported, "the entry is a symbolic link"};
  if (type != 0 && type != S_IFREG) {
    return Error{ErrorCode::kUnsupported, "the entry is not a regular file"};
  }
  if (header.size > limits.entry_size) {
    return Error{ErrorCode::kLimitExceeded,
                 fmt::format("the entry is larger than {} bytes", limits.entry_size)};
  }
  if (header.method == 0 && header.size != header.stored_size) {
    return Error{ErrorCode::kCorrupt,
                 "the entry has two different sizes though it is not compressed"};
  }
  if (header.size / limits.ratio > header.stored_size) {
    return Error{
        ErrorCode::kLimitExceeded,
        fmt::format("the entry says that it inflates to more than {} times its size: a bomb",
                    limits.ratio)};
  }
  return std::nullopt;
}

char AsciiLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

uint64_t FoldedHash(std::string_view path) {
  uint64_t hash = 0xcbf29ce484222325;  // FNV-1a: only to sort by; equality is decided on the names
  for (const char c : path) hash = (hash ^ static_cast<uint8_t>(AsciiLower(c))) * 0x100000001b3;
  return hash;
}

std::unexpected<Error> TooMany(const ArchiveLimits& limits) {
  return Fail(ErrorCode::kLimitExceeded,
              fmt::format("the archive has more than {} entries: pack it in several ZIPs, and "
                          "import one after the other",
                          limits.entries));
}

// Reads one part into `to`.
class PartReader {
 public:
  PartReader(uint32_t part, const ArchiveLimits& limits, const DirectoryPlace& place, Directory& to)
      : part_(part), limits_(limits), place_(place), to_(to), first_(to.entries.size()) {}

  Status Take(const CentralHeader& header) {
    if (spans_.size() >= limits_.entries ||
        to_.entries.size() + to_.refused.size() >= limits_.entries) {
      return TooMany(limits_);
    }
    RETURN_IF_ERROR(AddSpan(header));
    if (IsFolder(header)) return {};
    const std::string name = DecodeName(header.name, header.extra);
    if (auto error = Unreadable(header, limits_)) return Refuse(name, *std::move(error));
    Result<std::string> path = SafePath(name, limits_.name_bytes);
    if (!path) return Refuse(name, std::move(path).error());
    if (path->ends_with('/')) {
      return Refuse(
          name, {ErrorCode::kInvalidArgument, "the entry is named as a folder but has content"});
    }
    return Add(header, *std::move(path));
  }

  // Room for as many entries as the directory can hold, at most: what it says is not believed.
  void Reserve() {
    const uint64_t count = std::min(place_.count, place_.size / kCentralSize);
    spans_.reserve(count);
    if (first_ > 0) return;  // exact room for each of many parts would move all of them each time
    to_.entries.reserve(count);
    to_.places.reserve(count);
  }

  Status Finish() {
    RETURN_IF_ERROR(FindEnds());
    RefuseDuplicates();
    return {};
  }

 private:
  Status AddSpan(const CentralHeader& header) {
    uint64_t end = 0;
    if (__builtin_add_overflow(header.offset, header.stored_size, &end) ||
        __builtin_add_overflow(end, kLocalSize + header.name.size(), &end) || end > place_.begin) {
      return Fail(
          ErrorCode::kCorrupt,
          "the ZIP is damaged: an entry reaches beyond the end of the data; download it again");
    }
    spans_.push_back({header.offset, end});
    return {};
  }

  Status Refuse(std::string_view name, Error error) {
    to_.refused.push_back({.path = ShowName(name), .part = part_, .error = std::move(error)});
    return {};
  }

  Status Add(const CentralHeader& header, std::string path) {
    if (header.size > limits_.total_size - to_.total_size) {
      return Fail(ErrorCode::kLimitExceeded,
                  fmt::format("the archive inflates to more than {} bytes", limits_.total_size));
    }
    to_.total_size += header.size;
    to_.entries.push_back({.path = std::move(path),
                           .size = header.size,
                           .stored_size = header.stored_size,
                           .method = header.method == 8 ? Method::kDeflate : Method::kStored,
                           .crc = header.crc,
                           .modified = Modified(header),
                           .part = part_});
    to_.places.push_back({.begin = header.offset,
                          .end = 0,
                          .name_crc = Crc32(AsBytes(header.name)),
                          .name_size = static_cast<uint16_t>(header.name.size())});
    return {};
  }

  // No byte may belong to two entries: overlapping is how the strongest bombs are made (Fifield
  // 2019). Here with what the directory knows; the rest (the local extra) is checked against `end`
  // when an entry is opened.
  Status FindEnds() {
    std::ranges::sort(spans_, {}, &Span::begin);
    for (size_t i = 1; i < spans_.size(); ++i) {
      if (spans_[i].begin < spans_[i - 1].end) {
        return Fail(
            ErrorCode::kCorrupt,
            "entries of the ZIP overlap: it is damaged, or a bomb; nothing was read from it");
      }
    }
    for (size_t i = first_; i < to_.places.size(); ++i) {
      const auto next = std::ranges::upper_bound(spans_, to_.places[i].begin, {}, &Span::begin);
      to_.places[i].end = next == spans_.end() ? place_.begin : next->begin;
    }
    spans_ = {};
    return {};
  }

  void RefuseDuplicates() {
    struct Name {
      uint64_t hash;
      size_t index;
    };
    std::vector<Name> names;
    names.reserve(to_.entries.size() - first_);
    for (size_t i = first_; i < to_.entries.size(); ++i) {
      names.push_back({FoldedHash(to_.entries[i].path), i});
    }
    const auto fold = [](char a, char b) { return AsciiLower(a) <=> AsciiLower(b); };
    const auto compare = [&](const Name& a, const Name& b) {
      if (a.hash != b.hash) return a.hash <=> b.hash;
      const std::string& x = to_.entries[a.index].path;
      const std::string& y = to_.entries[b.index].path;
      return std::lexicographical_compare_three_way(x.begin(), x.end(), y.begin(), y.end(), fold);
    };
    std::ranges::sort(names, [&](const Name& a, const Name& b) {
      const std::strong_ordering order = compare(a, b);
      return order < 0 || (order == 0 && a.index < b.index);
    });
    std::vector<size_t> duplicates;
    for (size_t i = 1; i < names.size(); ++i) {
      if (compare(names[i - 1], names[i]) == 0) duplicates.push_back(names[i].index);
    }
    std::ranges::sort(duplicates);
    Drop(duplicates);
  }

  // Moves the entries at `sorted` to the refused ones.
  void Drop(const std::vector<size_t>& sorted) {
    if (sorted.empty()) return;
    size_t kept = sorted.front();
    auto next = sorted.begin();
    for (size_t i = kept; i < to_.entries.size(); ++i) {
      if (next != sorted.end() && *next == i) {
        to_.total_size -= to_.entries[i].size;
        to_.refused.push_back(
            {.path = ShowName(to_.entries[i].path),
             .part = part_,
             .error = {
                 ErrorCode::kInvalidArgument,
                 "another entry of the ZIP has the same name (but for upper and lower case)"}});
        ++next;
        continue;
      }
      to_.entries[kept] = std::move(to_.entries[i]);
      to_.places[kept] = to_.places[i];
      ++kept;
    }
    to_.entries.resize(kept);
    to_.places.resize(kept);
  }

  uint32_t part_;
  const ArchiveLimits& limits_;
  const DirectoryPlace& place_;
  Directory& to_;
  size_t first_;
  std::vector<Span> spans_;
};

}  // namespace

Status ReadDirectory(const File& file, uint32_t part, const ArchiveLimits& limits, Directory& to) {
  ASSIGN_OR_RETURN(const uint64_t file_size, file.Size());
  ASSIGN_OR_RETURN(const DirectoryPlace place, FindDirectory(file, file_size));
  // Only ZIP64 counts are what they say; the others are modulo 2^16 on macOS.
  if (place.zip64 && place.count > limits.entries) return TooMany(limits);
  PartReader reader(part, limits, place, to);
  reader.Reserve();
  const auto take = [&](const CentralHeader& header) { return reader.Take(header); };
  if (place.wrapped) {
    Unwrapper unwrapper(file, place, take);
    RETURN_IF_ERROR(
        ForEachHeader(file, place, [&](const CentralHeader& h) { return unwrapper.Take(h); }));
    RETURN_IF_ERROR(unwrapper.Finish());
  } else {
    RETURN_IF_ERROR(ForEachHeader(file, place, take));
  }
  return reader.Finish();
}

}  // namespace valise::zip
