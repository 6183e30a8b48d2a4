#include "zip/layout.h"

#include <algorithm>
#include <limits>

#include "zip/dos_time.h"
#include "zip/format.h"

// Layout version 1: frozen. Every byte below is in docs/formats/zip-layout.md.

namespace valise::zip {
namespace {

constexpr uint16_t kMadeBy = 3 << 8 | 45;  // UNIX, version 4.5
constexpr uint16_t kVersionStored = 10;
constexpr uint16_t kVersionDeflate = 20;
constexpr uint16_t kVersionZip64 = 45;
constexpr uint32_t kRegularFile = 0100644u << 16;
constexpr size_t kTimeExtraSize = 9;
constexpr size_t kZip64LocalExtraSize = 20;

// Headers are gathered up to about this much before they are handed on.
constexpr size_t kGatherBytes = 64 * 1024;

bool Overflows(uint64_t value) { return value >= kMax32; }
bool SizesOverflow(const LayoutEntry& e) { return Overflows(e.size) || Overflows(e.stored_size); }
uint32_t Field32(uint64_t value) { return static_cast<uint32_t>(std::min(value, kMax32)); }
uint16_t Field16(uint64_t value) { return static_cast<uint16_t>(std::min(value, kMax16)); }

bool HasTimeExtra(const LayoutEntry& e) {
  return e.time_s >= 0 && e.time_s <= std::numeric_limits<int32_t>::max();
}

size_t LocalExtraSize(const LayoutEntry& e) {
  return (SizesOverflow(e) ? kZip64LocalExtraSize : 0) + (HasTimeExtra(e) ? kTimeExtraSize : 0);
}

size_t CentralExtraSize(const LayoutEntry& e, uint64_t offset) {
  const size_t fields =
      size_t{Overflows(e.size)} + size_t{Overflows(e.stored_size)} + size_t{Overflows(offset)};
  return (fields > 0 ? 4 + 8 * fields : 0) + (HasTimeExtra(e) ? kTimeExtraSize : 0);
}

uint64_t LocalHeaderSize(const LayoutEntry& e) {
  return kLocalSize + e.name.size() + LocalExtraSize(e);
}

uint64_t CentralHeaderSize(const LayoutEntry& e, uint64_t offset) {
  return kCentralSize + e.name.size() + CentralExtraSize(e, offset);
}

bool NeedsZip64End(uint64_t count, const Checkpoint& end) {
  return count >= kMax16 || Overflows(end.local_offset) || Overflows(end.central_offset);
}

uint64_t EndSize(uint64_t count, const Checkpoint& end) {
  return kEndSize + (NeedsZip64End(count, end) ? kZip64EndSize + kZip64LocatorSize : 0);
}

uint16_t VersionNeeded(const LayoutEntry& e, uint64_t offset) {
  if (SizesOverflow(e) || Overflows(offset)) return kVersionZip64;
  return e.method == Method::kDeflate ? kVersionDeflate : kVersionStored;
}

// Version needed, flags, method, time, date, CRC: the same in both headers.
void AppendCommon(std::string& to, const LayoutEntry& e, uint64_t offset) {
  const DosTime dos = ToDosTime(e.time_s);
  AppendLe(to, VersionNeeded(e, offset));
  AppendLe(to, kFlagUtf8);
  AppendLe(to, static_cast<uint16_t>(e.method));
  AppendLe(to, dos.time);
  AppendLe(to, dos.date);
  AppendLe(to, e.crc);
}

void AppendTimeExtra(std::string& to, const LayoutEntry& e) {
  if (!HasTimeExtra(e)) return;
  AppendLe(to, kExtraTime);
  AppendLe(to, uint16_t{5});
  AppendLe(to, uint8_t{1});  // only the modification time
  AppendLe(to, static_cast<int32_t>(e.time_s));
}

void AppendLocalHeader(std::string& to, const LayoutEntry& e, uint64_t offset) {
  const bool zip64 = SizesOverflow(e);
  AppendLe(to, kLocalSignature);
  AppendCommon(to, e, offset);
  AppendLe(to, zip64 ? uint32_t{kMax32} : Field32(e.stored_size));
  AppendLe(to, zip64 ? uint32_t{kMax32} : Field32(e.size));
  AppendLe(to, static_cast<uint16_t>(e.name.size()));
  AppendLe(to, static_cast<uint16_t>(LocalExtraSize(e)));
  to += e.name;
  if (zip64) {
    AppendLe(to, kExtraZip64);
    AppendLe(to, uint16_t{16});
    AppendLe(to, e.size);
    AppendLe(to, e.stored_size);
  }
  AppendTimeExtra(to, e);
}

void AppendCentralHeader(std::string& to, const LayoutEntry& e, uint64_t offset) {
  AppendLe(to, kCentralSignature);
  AppendLe(to, kMadeBy);
  AppendCommon(to, e, offset);
  AppendLe(to, Field32(e.stored_size));
  AppendLe(to, Field32(e.size));
  AppendLe(to, static_cast<uint16_t>(e.name.size()));
  const size_t extra_size = CentralExtraSize(e, offset);
  AppendLe(to, static_cast<uint16_t>(extra_size));
  AppendLe(to, uint16_t{0});  // comment
  AppendLe(to, uint16_t{0});  // disk
  AppendLe(to, uint16_t{0});  // internal attributes
  AppendLe(to, kRegularFile);
  AppendLe(to, Field32(offset));
  to += e.name;
  const size_t zip64_size = extra_size - (HasTimeExtra(e) ? kTimeExtraSize : 0);
  if (zip64_size > 0) {
    AppendLe(to, kExtraZip64);
    AppendLe(to, static_cast<uint16_t>(zip64_size - 4));
    if (Overflows(e.size)) AppendLe(to, e.size);
    if (Overflows(e.stored_size)) AppendLe(to, e.stored_size);
    if (Overflows(offset)) AppendLe(to, offset);
  }
  AppendTimeExtra(to, e);
}

void AppendEnd(std::string& to, uint64_t count, const Checkpoint& end) {
  if (NeedsZip64End(count, end)) {
    AppendLe(to, kZip64EndSignature);
    AppendLe(to, uint64_t{kZip64EndSize - 12});
    AppendLe(to, kMadeBy);
    AppendLe(to, kVersionZip64);
    AppendLe(to, uint32_t{0});
    AppendLe(to, uint32_t{0});
    AppendLe(to, count);
    AppendLe(to, count);
    AppendLe(to, end.central_offset);
    AppendLe(to, end.local_offset);
    AppendLe(to, kZip64LocatorSignature);
    AppendLe(to, uint32_t{0});
    AppendLe(to, end.local_offset + end.central_offset);
    AppendLe(to, uint32_t{1});
  }
  AppendLe(to, kEndSignature);
  AppendLe(to, uint16_t{0});
  AppendLe(to, uint16_t{0});
  AppendLe(to, Field16(count));
  AppendLe(to, Field16(count));
  AppendLe(to, Field32(end.central_offset));
  AppendLe(to, Field32(end.local_offset));
  AppendLe(to, uint16_t{0});  // comment
}

uint64_t CheckpointCount(uint64_t rows) {
  return (rows + kCheckpointEvery - 1) / kCheckpointEvery + 1;
}

// A row and where its two headers begin; Next() moves on. Costs no header bytes.
class Row {
 public:
  Row(const EntryTable& table, uint64_t index, const Checkpoint& at)
      : table_(table), index_(index), at_(at) {
    Load();
  }
  bool valid() const { return index_ < table_.count(); }
  uint64_t index() const { return index_; }
  const LayoutEntry& entry() const { return entry_; }
  const Checkpoint& at() const { return at_; }
  uint64_t body_offset() const { return at_.local_offset + LocalHeaderSize(entry_); }
  uint64_t local_end() const { return body_offset() + entry_.stored_size; }
  uint64_t central_end() const {
    return at_.central_offset + CentralHeaderSize(entry_, at_.local_offset);
  }
  void Next() {
    at_ = {.local_offset = local_end(), .central_offset = central_end()};
    ++index_;
    Load();
  }

 private:
  void Load() {
    if (!valid()) return;
    entry_ = table_.At(index_);
    CHECK(!entry_.name.empty() && entry_.name.size() <= kMax16);
  }

  const EntryTable& table_;
  uint64_t index_;
  Checkpoint at_;
  LayoutEntry entry_;
};

// Cuts what it is given to the wanted range and joins neighbouring header bytes.
class Gatherer {
 public:
  using Visit = std::function<Status(const Piece&)>;
  Gatherer(ByteRange wanted, const Visit& visit) : wanted_(wanted), visit_(visit) {}

  // `append` writes exactly `length` bytes of headers, which lie at `offset` of the ZIP.
  template <typename Append>
  Status Headers(uint64_t offset, uint64_t length, Append append) {
    const ByteRange cut = Cut({offset, length});
    if (cut.length == 0) return {};
    const size_t before = gathered_.size();
    append(gathered_);
    CHECK(gathered_.size() - before == length);
    gathered_.erase(before + (cut.end() - offset));
    gathered_.erase(before, cut.offset - offset);
    return gathered_.size() >= kGatherBytes ? Flush() : Status{};
  }

  Status Body(uint64_t entry, ByteRange where) {
    const ByteRange cut = Cut(where);
    if (cut.length == 0) return {};
    RETURN_IF_ERROR(Flush());
    return visit_({.kind = Piece::Kind::kBody,
                   .bytes = {},
                   .entry = entry,
                   .range = {.offset = cut.offset - where.offset, .length = cut.length}});
  }

  Status Flush() {
    if (gathered_.empty()) return {};
    const Status status =
        visit_({.kind = Piece::Kind::kBytes, .bytes = gathered_, .entry = 0, .range = {}});
    gathered_.clear();
    return status;
  }

 private:
  ByteRange Cut(ByteRange r) const {
    const uint64_t begin = std::max(r.offset, wanted_.offset);
    const uint64_t end = std::min(r.end(), wanted_.end());
    return {.offset = begin, .length = end > begin ? end - begin : 0};
  }

  ByteRange wanted_;
  const Visit& visit_;
  std::string gathered_;
};

Status VisitLocals(Row row, uint64_t stop, Gatherer& out) {
  for (; row.valid() && row.at().local_offset < stop; row.Next()) {
    const uint64_t offset = row.at().local_offset;
    RETURN_IF_ERROR(out.Headers(offset, row.body_offset() - offset, [&](std::string& to) {
      AppendLocalHeader(to, row.entry(), offset);
    }));
    RETURN_IF_ERROR(out.Body(row.index(), {row.body_offset(), row.entry().stored_size}));
  }
  return {};
}

// `directory` is where the central directory begins in the ZIP.
Status VisitCentrals(Row row, uint64_t directory, uint64_t stop, Gatherer& out) {
  for (; row.valid() && directory + row.at().central_offset < stop; row.Next()) {
    const Checkpoint at = row.at();
    RETURN_IF_ERROR(out.Headers(
        directory + at.central_offset, row.central_end() - at.central_offset,
        [&](std::string& to) { AppendCentralHeader(to, row.entry(), at.local_offset); }));
  }
  return {};
}

// The row of the last checkpoint whose `member` is not after `offset`; the final checkpoint is not
// a row.
Row RowBefore(const EntryTable& table, std::span<const Checkpoint> checkpoints,
              uint64_t Checkpoint::* member, uint64_t offset) {
  const auto rows = checkpoints.first(checkpoints.size() - 1);
  const auto after = std::ranges::upper_bound(rows, offset, {}, member);
  if (after == rows.begin()) return Row(table, 0, {});
  const auto index = static_cast<uint64_t>(after - rows.begin() - 1);
  return Row(table, index * kCheckpointEvery, rows[index]);
}

}  // namespace

std::vector<Checkpoint> MakeCheckpoints(const EntryTable& table) {
  std::vector<Checkpoint> checkpoints;
  checkpoints.reserve(CheckpointCount(table.count()));
  Row row(table, 0, {});
  for (; row.valid(); row.Next()) {
    if (row.index() % kCheckpointEvery == 0) checkpoints.push_back(row.at());
  }
  checkpoints.push_back(row.at());
  return checkpoints;
}

Layout::Layout(const EntryTable& table, std::span<const Checkpoint> checkpoints)
    : table_(table), checkpoints_(checkpoints) {
  CHECK(checkpoints.size() == CheckpointCount(table.count()));
  const Checkpoint& end = checkpoints.back();
  size_ = end.local_offset + end.central_offset + EndSize(table.count(), end);
}

uint64_t Layout::BodyOffset(uint64_t index) const {
  CHECK(index < table_.count());
  const uint64_t checkpoint = index / kCheckpointEvery;
  Row row(table_, checkpoint * kCheckpointEvery, checkpoints_[checkpoint]);
  while (row.index() < index) row.Next();
  return row.body_offset();
}

Status Layout::ForEachPiece(ByteRange range,
                            const std::function<Status(const Piece&)>& visit) const {
  CHECK(range.offset <= size_ && range.length <= size_ - range.offset);
  const Checkpoint& end = checkpoints_.back();
  const uint64_t directory = end.local_offset;
  const uint64_t directory_end = directory + end.central_offset;
  Gatherer out(range, visit);
  if (range.offset < directory) {
    Row row = RowBefore(table_, checkpoints_, &Checkpoint::local_offset, range.offset);
    RETURN_IF_ERROR(VisitLocals(row, std::min(range.end(), directory), out));
  }
  if (range.end() > directory && range.offset < directory_end) {
    const uint64_t first = range.offset - std::min(range.offset, directory);
    Row row = RowBefore(table_, checkpoints_, &Checkpoint::central_offset, first);
    RETURN_IF_ERROR(VisitCentrals(row, directory, range.end(), out));
  }
  RETURN_IF_ERROR(out.Headers(directory_end, size_ - directory_end,
                              [&](std::string& to) { AppendEnd(to, table_.count(), end); }));
  return out.Flush();
}

}  // namespace valise::zip
