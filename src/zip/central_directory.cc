#include "zip/central_directory.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "zip/entry_name.h"
#include "zip/format.h"
#include "zip/sniff.h"
#include "zip/wrapped.h"

namespace valise::zip {
namespace {

constexpr uint64_t kSearchBytes = kEndSize + kMax16;  // the end record and the longest comment
constexpr size_t kWindowBytes = 1 << 20;

std::unexpected<Error> Contradiction(std::string_view what) {
  return Fail(ErrorCode::kCorrupt, fmt::format("the ZIP is damaged: {}; download it again", what));
}

Result<std::string> ReadString(const File& file, uint64_t offset, uint64_t length) {
  std::string text(length, '\0');
  RETURN_IF_ERROR(file.ReadAt(offset, std::as_writable_bytes(std::span(text))));
  return text;
}

Result<uint32_t> SignatureAt(const File& file, uint64_t offset) {
  std::byte bytes[4]{};
  ASSIGN_OR_RETURN([[maybe_unused]] const size_t read, file.ReadSome(offset, bytes));
  return LoadLe<uint32_t>(bytes);
}

// The error for a file without an end record.
Error NotAZip(const File& file, uint64_t file_size) {
  auto head = ReadString(file, 0, std::min<uint64_t>(kSniffBytes, file_size));
  if (!head) return head.error();
  if (head->starts_with("PK\x03\x04") || head->starts_with("PK\x07\x08")) {
    return {ErrorCode::kCorrupt, "the ZIP is cut off: its end is missing; download it again"};
  }
  return {ErrorCode::kInvalidArgument,
          fmt::format("this is not a ZIP: it seems to be {}", DescribeHead(AsBytes(*head)))};
}

// The end record (4.3.16) as it stands.
struct EndRecord {
  uint64_t at = 0;
  uint16_t disk = 0, directory_disk = 0;
  uint64_t count = 0, size = 0, offset = 0;
};

EndRecord ParseEnd(const char* from, uint64_t at) {
  return {.at = at,
          .disk = LoadLe<uint16_t>(from + 4),
          .directory_disk = LoadLe<uint16_t>(from + 6),
          .count = LoadLe<uint16_t>(from + 10),
          .size = LoadLe<uint32_t>(from + 12),
          .offset = LoadLe<uint32_t>(from + 16)};
}

// The last end record whose comment reaches exactly to the end; else the last one whose comment
// fits (junk follows it).
Result<EndRecord> FindEnd(const File& file, uint64_t file_size) {
  const uint64_t length = std::min(kSearchBytes, file_size);
  const uint64_t base = file_size - length;
  ASSIGN_OR_RETURN(const std::string tail, ReadString(file, base, length));
  std::optional<EndRecord> fits;
  for (size_t at = tail.rfind("PK\x05\x06"); at != tail.npos;
       at = at == 0 ? tail.npos : tail.rfind("PK\x05\x06", at - 1)) {
    if (tail.size() - at < kEndSize) continue;
    const uint64_t end = at + kEndSize + LoadLe<uint16_t>(tail.data() + at + 20);
    if (end == tail.size()) return ParseEnd(tail.data() + at, base + at);
    if (end < tail.size() && !fits) fits = ParseEnd(tail.data() + at, base + at);
  }
  if (fits) return *fits;
  return std::unexpected(NotAZip(file, file_size));
}

// Replaces the values of `end` by those of a ZIP64 end record (4.3.14), when there is a locator
// (4.3.15) before it. Returns where the ZIP64 end record begins, or none.
Result<std::optional<uint64_t>> ApplyZip64(const File& file, EndRecord& end) {
  if (end.at < kZip64LocatorSize + kZip64EndSize) return std::nullopt;
  const uint64_t locator_at = end.at - kZip64LocatorSize;
  ASSIGN_OR_RETURN(const std::string locator, ReadString(file, locator_at, kZip64LocatorSize));
  if (LoadLe<uint32_t>(locator.data()) != kZip64LocatorSignature) return std::nullopt;
  // Junk before the first header moves everything: then the record is right before its locator.
  for (const uint64_t at : {LoadLe<uint64_t>(locator.data() + 8), locator_at - kZip64EndSize}) {
    if (at > locator_at - kZip64EndSize) continue;
    ASSIGN_OR_RETURN(const std::string record, ReadString(file, at, kZip64EndSize));
    if (LoadLe<uint32_t>(record.data()) != kZip64EndSignature) continue;
    const uint64_t count = LoadLe<uint64_t>(record.data() + 32);
    const uint64_t size = LoadLe<uint64_t>(record.data() + 40);
    const uint64_t offset = LoadLe<uint64_t>(record.data() + 48);
    const auto agree = [](uint64_t narrow, uint64_t ones, uint64_t wide) {
      return narrow == ones || narrow == wide;
    };
    if (!agree(end.count, kMax16, count) || !agree(end.size, kMax32, size) ||
        !agree(end.offset, kMax32, offset)) {
      return Contradiction("its two end records disagree");
    }
    end.count = count;
    end.size = size;
    end.offset = offset;
    return at;
  }
  return Contradiction("its ZIP64 end record is missing");
}

// The directory lies right before the end records; what its declared offset falls short of that is
// junk before the first header. If there is no directory, look where the offset says.
Result<DirectoryPlace> Place(const File& file, const EndRecord& end, uint64_t end_begin,
                             bool zip64) {
  DirectoryPlace place{
      .begin = end_begin, .size = end.size, .count = end.count, .zip64 = zip64, .bias = 0};
  if (end.size > end_begin) return Contradiction("its directory is longer than the file");
  place.begin = end_begin - end.size;
  if (end.size == 0) return place;
  ASSIGN_OR_RETURN(const uint32_t signature, SignatureAt(file, place.begin));
  if (signature == kCentralSignature && end.offset <= place.begin) {
    place.bias = place.begin - end.offset;
    place.wrapped = !zip64 && place.bias > 0 && place.bias % kWrap == 0;
    if (place.wrapped) place.bias = 0;
    return place;
  }
  if (end.offset > end_begin - end.size) return Contradiction("its beginning is missing");
  place.begin = end.offset;
  ASSIGN_OR_RETURN(const uint32_t declared, SignatureAt(file, place.begin));
  if (declared != kCentralSignature)
    return Contradiction("its directory is not where it should be");
  return place;
}

// Fields of all ones are in the ZIP64 extra, in this order (4.5.3). Missing ones stay as they are,
// and will be found too large for the file.
void ApplyZip64(CentralHeader& header) {
  Bytes extra = FindExtra(header.extra, kExtraZip64);
  for (uint64_t* field : {&header.size, &header.stored_size, &header.offset}) {
    if (*field != kMax32 || extra.size() < 8) continue;
    *field = LoadLe<uint64_t>(extra.data());
    extra = extra.subspan(8);
  }
}

CentralHeader ParseHeader(const char* from, size_t name_size, size_t extra_size) {
  CentralHeader header{
      .name = {from + kCentralSize, name_size},
      .extra = AsBytes({from + kCentralSize + name_size, extra_size}),
      .made_by = LoadLe<uint16_t>(from + 4),
      .flags = LoadLe<uint16_t>(from + 8),
      .method = LoadLe<uint16_t>(from + 10),
      .modified = {.time = LoadLe<uint16_t>(from + 12), .date = LoadLe<uint16_t>(from + 14)},
      .crc = LoadLe<uint32_t>(from + 16),
      .stored_size = LoadLe<uint32_t>(from + 20),
      .size = LoadLe<uint32_t>(from + 24),
      .attributes = LoadLe<uint32_t>(from + 38),
      .offset = LoadLe<uint32_t>(from + 42)};
  ApplyZip64(header);
  return header;
}

// A window that moves over the directory, so that ten million headers take no memory.
class Window {
 public:
  Window(const File& file, const DirectoryPlace& place)
      : file_(file), at_(place.begin), end_(place.begin + place.size) {}

  bool done() const { return at_ == end_; }
  // The next `length` bytes, without moving on. Errors: kCorrupt when the directory ends before.
  Result<const char*> Peek(size_t length) {
    if (length > end_ - at_) return Contradiction("its directory ends too early");
    if (at_ < window_begin_ || at_ + length > window_begin_ + window_.size()) {
      const uint64_t wanted = std::max<uint64_t>(kWindowBytes, length);
      ASSIGN_OR_RETURN(window_, ReadString(file_, at_, std::min(wanted, end_ - at_)));
      window_begin_ = at_;
    }
    return window_.data() + (at_ - window_begin_);
  }
  void Skip(size_t length) { at_ += length; }

 private:
  const File& file_;
  uint64_t at_;
  uint64_t end_;
  uint64_t window_begin_ = 0;
  std::string window_;
};

}  // namespace

Result<DirectoryPlace> FindDirectory(const File& file, uint64_t file_size) {
  ASSIGN_OR_RETURN(EndRecord end, FindEnd(file, file_size));
  ASSIGN_OR_RETURN(const std::optional<uint64_t> zip64_at, ApplyZip64(file, end));
  const auto one_disk = [](uint16_t disk) { return disk == 0 || disk == kMax16; };
  if (!one_disk(end.disk) || !one_disk(end.directory_disk)) {
    return Fail(ErrorCode::kUnsupported,
                "this is one disk of a split ZIP: join its disks into one ZIP first");
  }
  return Place(file, end, zip64_at.value_or(end.at), zip64_at.has_value());
}

Status ForEachHeader(const File& file, const DirectoryPlace& place,
                     const std::function<Status(const CentralHeader&)>& visit) {
  Window window(file, place);
  uint64_t count = 0;
  while (!window.done()) {
    ASSIGN_OR_RETURN(const char* fixed, window.Peek(kCentralSize));
    if (LoadLe<uint32_t>(fixed) != kCentralSignature) {
      return Contradiction("its directory has bytes that are no header");
    }
    const size_t name_size = LoadLe<uint16_t>(fixed + 28);
    const size_t extra_size = LoadLe<uint16_t>(fixed + 30);
    const size_t comment_size = LoadLe<uint16_t>(fixed + 32);
    const size_t length = kCentralSize + name_size + extra_size + comment_size;
    ASSIGN_OR_RETURN(const char* from, window.Peek(length));
    CentralHeader header = ParseHeader(from, name_size, extra_size);
    // Beyond any file: found too large by the caller.
    if (__builtin_add_overflow(header.offset, place.bias, &header.offset)) header.offset = ~0ull;
    RETURN_IF_ERROR(visit(header));
    window.Skip(length);
    ++count;
  }
  const bool same = place.zip64 ? count == place.count : (count & kMax16) == place.count;
  if (!same) return Contradiction("its directory does not have as many entries as it says");
  return {};
}

}  // namespace valise::zip
