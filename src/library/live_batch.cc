#include "library/live_batch.h"

#include <algorithm>

#include "library/keys.h"

namespace valise::library {
namespace {

// A head takes no more segments when there are so many frames.
constexpr uint32_t kEnoughFrames = 750'000;
// A line begins {"key":"<32 hex digits>"
constexpr size_t kKeyAt = 8;

uint64_t KeyPrefix(std::string_view line) {
  const auto key = Key::Parse(line.substr(std::min(kKeyAt, line.size()), 2 * Key::kSize));
  return key ? LoadLe<uint64_t>(key->bytes.data()) : 0;
}

// Sorts by (name, sequence) and keeps the last of each name.
template <typename T>
void KeepLast(std::vector<T>& all) {
  std::ranges::sort(all, [](const T& a, const T& b) {
    return a.name != b.name ? a.name < b.name : a.sequence < b.sequence;
  });
  size_t kept = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    if (i + 1 < all.size() && all[i + 1].name == all[i].name) continue;
    if (kept != i) all[kept] = std::move(all[i]);
    ++kept;
  }
  all.resize(kept);
}

template <typename T>
const T* FindByName(const std::vector<T>& all, uint64_t name) {
  const auto found = std::ranges::lower_bound(all, name, {}, &T::name);
  return found == all.end() || found->name != name ? nullptr : &*found;
}

}  // namespace

Result<LiveBatch> LiveBatch::Read(std::span<const fs::path> segments) {
  LiveBatch batch;
  for (const fs::path& path : segments) {
    if (batch.segments_ > 0 && batch.frames_ >= kEnoughFrames) break;
    ASSIGN_OR_RETURN(SegmentReader reader, SegmentReader::Open(path));
    while (true) {
      ASSIGN_OR_RETURN(const std::optional<LiveFrame> frame, reader.Next());
      if (!frame) break;
      batch.Note(*frame);
      ++batch.frames_;
    }
    ++batch.segments_;
  }
  batch.Settle();
  return batch;
}

void LiveBatch::Note(const LiveFrame& frame) {
  switch (frame.what) {
    case LiveFrame::What::kPut: {
      const auto [at, is_new] = group_numbers_.try_emplace(std::string(frame.group),
                                                           static_cast<uint32_t>(groups_.size()));
      if (is_new) groups_.emplace_back(frame.group);
      puts_.push_back({.name = frame.name,
                       .key = KeyPrefix(frame.line),
                       .time = frame.time,
                       .sequence = frames_,
                       .group = at->second});
      puts_of_[static_cast<size_t>(frame.kind)] = true;
      break;
    }
    case LiveFrame::What::kDelete: {
      const bool talks = frame.kind == account::Kind::kConversation;
      deletes_.push_back({.name = frame.name,
                          .sequence = frames_,
                          .kind = frame.kind,
                          .key = EvidenceKey(frame.kind, frame.evidence),
                          .evidence = std::string(talks ? frame.evidence : "")});
      deletes_of_[static_cast<size_t>(frame.kind)] = true;
      break;
    }
    case LiveFrame::What::kBlob:
      blobs_.insert(frame.digest);
      break;
  }
}

void LiveBatch::Settle() {
  KeepLast(puts_);
  KeepLast(deletes_);
  // When the conversation of a group was deleted.
  std::vector<uint32_t> deleted_at(groups_.size());
  for (const Delete& one : deletes_) {
    if (one.kind != account::Kind::kConversation) continue;
    const auto group = group_numbers_.find(one.evidence);
    if (group != group_numbers_.end()) deleted_at[group->second] = one.sequence + 1;
  }
  counts_.resize(frames_);
  std::erase_if(puts_, [&](const Put& put) {
    const Delete* const gone = FindDelete(put.name);
    if ((gone != nullptr && gone->sequence > put.sequence) ||
        put.sequence < deleted_at[put.group]) {
      return true;
    }
    counts_[put.sequence] = true;
    return false;
  });
  std::erase_if(deletes_, [&](const Delete& one) {
    return one.kind != account::Kind::kConversation && FindPut(one.name) != nullptr;
  });
}

const LiveBatch::Put* LiveBatch::FindPut(uint64_t name) const { return FindByName(puts_, name); }
const LiveBatch::Delete* LiveBatch::FindDelete(uint64_t name) const {
  return FindByName(deletes_, name);
}

Status LiveBatch::ForEachPut(
    std::span<const fs::path> segments,
    const std::function<Status(const Put& put, const LiveFrame& frame)>& visit) const {
  uint32_t sequence = 0;
  for (const fs::path& path : segments.first(segments_)) {
    ASSIGN_OR_RETURN(SegmentReader reader, SegmentReader::Open(path));
    while (sequence < frames_) {
      ASSIGN_OR_RETURN(const std::optional<LiveFrame> frame, reader.Next());
      if (!frame) break;
      if (counts_[sequence++]) RETURN_IF_ERROR(visit(*FindPut(frame->name), *frame));
    }
  }
  return {};
}

}  // namespace valise::library
