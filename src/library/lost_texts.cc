#include "library/lost_texts.h"

#include <algorithm>
#include <mutex>

#include "base/parallel.h"
#include "library/document.h"

namespace valise::library {
namespace {

// Damaged or gone; all other errors are errors.
Result<bool> IsLost(const Result<std::string>& text) {
  if (text) return false;
  const ErrorCode code = text.error().code;
  if (code == ErrorCode::kCorrupt || code == ErrorCode::kNotFound) return true;
  return std::unexpected(text.error());
}

}  // namespace

Result<LostTexts> FindLostTexts(
    const Library& library, const Head& head,
    const std::function<Status(uint64_t done, uint64_t total)>& progress) {
  LostTexts lost;
  std::mutex mutex;
  uint64_t done = 0;
  const auto look = [&](const DocumentRow& row) -> Status {
    ASSIGN_OR_RETURN(const bool is_lost, IsLost(library.ReadDocument(row)));
    const std::lock_guard lock(mutex);
    if (is_lost) {
      lost.digests.insert(row.digest);
      lost.names.push_back(row.name);
      lost.records += row.records;
    }
    return progress ? progress(++done, head.documents.size()) : Status{};
  };
  RETURN_IF_ERROR(ParallelFor(CoreCount(), head.documents.size(),
                              [&](size_t, size_t i) { return look(head.documents[i]); }));
  std::vector<const ListRow*> lists;
  for (const ListRow& row : head.media) lists.push_back(&row);
  if (head.issues) lists.push_back(&*head.issues);
  for (const ListRow* row : lists) {
    ASSIGN_OR_RETURN(const bool is_lost, IsLost(library.ReadList(*row)));
    if (!is_lost) continue;
    lost.digests.insert(row->digest);
    lost.names.push_back(row->name);
  }
  std::ranges::sort(lost.names);
  return lost;
}

Result<std::vector<Key>> KeysOf(const Library& library, const Head& head) {
  std::vector<Key> keys;
  for (const DocumentRow& row : head.documents) {
    const Result<std::string> text = library.ReadDocument(row);
    ASSIGN_OR_RETURN(const bool is_lost, IsLost(text));
    if (is_lost) continue;
    RETURN_IF_ERROR(ForEachLine(*text, [&](std::string_view line, uint64_t) -> Status {
      if (!line.starts_with(kKeyBegin)) return {};
      ASSIGN_OR_RETURN(const Key key, Key::Parse(line.substr(kKeyBegin.size(), kKeyHex)));
      keys.push_back(key);
      return {};
    }));
  }
  std::ranges::sort(keys);
  return keys;
}

}  // namespace valise::library
