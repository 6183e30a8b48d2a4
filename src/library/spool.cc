#include "library/spool.h"

#include <algorithm>
#include <tuple>

namespace valise::library {
namespace {

constexpr size_t kBufferBytes = 256u << 10;
// Lines that lie this near to each other are read in one go.
constexpr uint64_t kGap = 16u << 10;
constexpr uint64_t kReadAtOnce = 4u << 20;

// Before the lines of a run stand the heads of its records: time, index, length with the highest
// bit for needs_look.
constexpr size_t kHeadBytes = 16;
constexpr uint32_t kLookBit = 1u << 31;

auto InOrder(const SpoolEntry& e) { return std::tie(e.time, e.file, e.index); }

}  // namespace

Result<std::unique_ptr<Spool>> Spool::Make(const fs::path& folder) {
  ASSIGN_OR_RETURN(File file, File::Temporary(folder));
  return std::unique_ptr<Spool>(new Spool(std::move(file)));
}

std::vector<std::pair<Bucket, uint64_t>> Spool::Buckets() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::pair<Bucket, uint64_t>> buckets;
  for (const auto& [bucket, place] : places_) buckets.emplace_back(bucket, place.records);
  return buckets;
}

Result<std::vector<SpoolEntry>> Spool::Load(const Bucket& bucket) const {
  std::vector<Run> runs;
  std::vector<SpoolEntry> entries;
  {
    const std::lock_guard lock(mutex_);
    const auto found = places_.find(bucket);
    if (found == places_.end()) return entries;
    runs = found->second.runs;
    entries.reserve(found->second.records);
  }
  std::string heads;
  for (const Run& run : runs) {
    heads.resize(run.records * kHeadBytes);
    RETURN_IF_ERROR(file_.ReadAt(run.offset, std::as_writable_bytes(std::span(heads))));
    uint64_t line = run.offset + heads.size();
    for (const char* head = heads.data(); head != heads.data() + heads.size(); head += kHeadBytes) {
      const auto length = LoadLe<uint32_t>(head + 12);
      entries.push_back({.time = LoadLe<int64_t>(head),
                         .offset = line,
                         .length = length & ~kLookBit,
                         .file = run.file,
                         .index = LoadLe<uint32_t>(head + 8),
                         .needs_look = (length & kLookBit) != 0});
      line += length & ~kLookBit;
    }
  }
  // Archives list the newest first: turned round, most are sorted.
  if (entries.size() > 1 && entries.front().time > entries.back().time) {
    std::ranges::reverse(entries);
  }
  const auto less = [](const SpoolEntry& a, const SpoolEntry& b) {
    return InOrder(a) < InOrder(b);
  };
  if (!std::ranges::is_sorted(entries, less)) std::ranges::sort(entries, less);
  return entries;
}

Status Spool::ReadLines(std::span<const SpoolEntry> entries, std::string& buffer,
                        std::vector<size_t>& lines) const {
  std::vector<uint32_t> order(entries.size());
  for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, {}, [&](uint32_t i) { return entries[i].offset; });
  lines.resize(entries.size());
  for (size_t begin = 0; begin < order.size();) {
    const uint64_t from = entries[order[begin]].offset;
    uint64_t to = from;
    size_t end = begin;
    for (; end < order.size(); ++end) {
      const SpoolEntry& entry = entries[order[end]];
      if (end > begin && (entry.offset > to + kGap || entry.offset - from > kReadAtOnce)) break;
      to = entry.offset + entry.length;
    }
    const size_t at = buffer.size();
    buffer.resize(at + (to - from));
    RETURN_IF_ERROR(file_.ReadAt(from, std::as_writable_bytes(std::span(buffer).subspan(at))));
    for (; begin < end; ++begin) lines[order[begin]] = at + (entries[order[begin]].offset - from);
  }
  return {};
}

Status SpoolWriter::Add(const Bucket& bucket, int64_t time, uint32_t index, bool needs_look,
                        std::string_view line) {
  if (line.size() >= kLookBit) return Fail(ErrorCode::kLimitExceeded, "a record is too long");
  if (latest_ == buffers_.end() || latest_->first != bucket) {
    latest_ = buffers_.try_emplace(bucket).first;
  }
  Buffer& buffer = latest_->second;
  AppendLe(buffer.heads, time);
  AppendLe(buffer.heads, index);
  AppendLe(buffer.heads,
           static_cast<uint32_t>(line.size()) | (needs_look ? kLookBit : uint32_t{0}));
  buffer.lines += line;
  ++buffer.records;
  buffered_ += kHeadBytes + line.size();
  return buffered_ < kBufferBytes ? Status{} : Flush();
}

Status SpoolWriter::Flush() {
  for (auto& [bucket, buffer] : buffers_) {
    if (buffer.records == 0) continue;
    const uint64_t size = buffer.heads.size() + buffer.lines.size();
    const uint64_t offset = spool_.end_.fetch_add(size);
    RETURN_IF_ERROR(spool_.file_.WriteAt(offset, AsBytes(buffer.heads)));
    RETURN_IF_ERROR(spool_.file_.WriteAt(offset + buffer.heads.size(), AsBytes(buffer.lines)));
    const std::lock_guard lock(spool_.mutex_);
    Spool::Place& place = spool_.places_[bucket];
    place.runs.push_back({offset, buffer.records, file_, buffer.lines.size()});
    place.records += buffer.records;
    buffer.heads.clear();
    buffer.lines.clear();
    buffer.records = 0;
  }
  buffered_ = 0;
  return {};
}

}  // namespace valise::library
