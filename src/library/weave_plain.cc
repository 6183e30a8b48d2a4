#include "library/weave_plain.h"

#include <algorithm>

#include "library/document.h"
#include "library/document_sealer.h"
#include "library/keys.h"

namespace valise::library {
namespace {

// The lines of a task as the spool has them, to be changed in place.
class Lines {
 public:
  static Result<Lines> Read(const WeaveContext& context, const WeaveTask& task) {
    Lines lines(task);
    RETURN_IF_ERROR(context.spool.ReadLines(task.entries, lines.buffer_, lines.begins_));
    return lines;
  }

  size_t size() const { return begins_.size(); }
  std::string_view operator[](size_t i) const {
    return {buffer_.data() + begins_[i], task_->entries[i].length};
  }

  // A message names its conversation as who wrote the line knew it; it may have turned out to be
  // another.
  void NameConversation(size_t i) {
    static constexpr std::string_view kMember = "\"conversation\":\"";
    const size_t member = (*this)[i].find(kMember);
    CHECK(member != std::string_view::npos);
    std::ranges::copy(
        task_->bucket->group,
        buffer_.begin() + static_cast<ptrdiff_t>(begins_[i] + member + kMember.size()));
  }

 private:
  explicit Lines(const WeaveTask& task) : task_(&task) {}

  const WeaveTask* task_;
  std::string buffer_;
  std::vector<size_t> begins_;
};

Result<Woven> Finish(const WeaveContext& context, const WeaveTask& task,
                     std::vector<DocumentLine>& lines) {
  Woven woven;
  woven.counts.added = lines.size();
  ASSIGN_OR_RETURN(woven.rows, SealDocuments(context.library, *task.bucket, lines));
  return woven;
}

}  // namespace

bool IsPlain(const WeaveContext& context, const WeaveTask& task) {
  const auto& entries = task.entries;
  if (task.existing || entries.empty()) return false;
  if (context.tombstones != nullptr && !context.tombstones->empty()) return false;
  if (!std::ranges::none_of(entries, &SpoolEntry::needs_look)) return false;
  return context.absence == nullptr || !context.absence->MayMark(*task.bucket, entries.front().time,
                                                                 entries.back().time, context.told);
}

Result<Woven> WeaveFirstMessages(const WeaveContext& context, const WeaveTask& task) {
  ASSIGN_OR_RETURN(Lines lines, Lines::Read(context, task));
  std::vector<DocumentLine> out;
  out.reserve(lines.size());
  uint32_t n = 0;
  for (size_t i = 0; i < lines.size(); ++i) {
    lines.NameConversation(i);
    const int64_t at = task.entries[i].time;
    n = i > 0 && task.entries[i - 1].time == at ? n + 1 : 0;
    const std::string time = at == SpoolEntry::kNoTime ? std::string("-") : std::to_string(at);
    out.push_back({at, KeyOf(MessageSlot(task.bucket->group, time), n), lines[i], true, 0, false});
  }
  return Finish(context, task, out);
}

Result<Woven> WeaveNewLive(const WeaveContext& context, const WeaveTask& task) {
  ASSIGN_OR_RETURN(Lines lines, Lines::Read(context, task));
  std::vector<DocumentLine> out;
  out.reserve(lines.size());
  for (size_t i = 0; i < lines.size(); ++i) {
    CHECK(lines[i].starts_with(kKeyBegin) && lines[i].size() > kKeyExtra);
    ASSIGN_OR_RETURN(const Key key, Key::Parse(lines[i].substr(kKeyBegin.size(), kKeyHex)));
    if (task.bucket->kind == account::Kind::kMessage) lines.NameConversation(i);
    out.push_back({task.entries[i].time, key, lines[i], false, 0, false});
  }
  return Finish(context, task, out);
}

}  // namespace valise::library
