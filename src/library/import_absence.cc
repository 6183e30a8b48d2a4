// What an import tells of its lists, and the documents in which something may be absent by that.
#include <algorithm>
#include <set>

#include "library/import_state.h"

namespace valise::library {
namespace {

using account::Fate;
using account::Kind;
using account::OriginalFile;

std::string_view FolderOf(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

// Messages name their conversation as their archive does, or by a key that it has elsewhere.
void NameConversation(ListName& name, const ConversationKeys& keys) {
  if (name.first != Kind::kMessage) return;
  if (const auto key = keys.find(name.second); key != keys.end()) name.second = key->second;
}

bool Overlap(const DocumentRow& row, const account::ListSpan& span) {
  return row.first && *row.first <= span.last && span.first <= *row.last;
}

// Only a part of what the archive told can be told today: its bytes are not kept, or forgotten
// entries were cut out.
bool IsCut(const OriginalFile& file, bool is_read) {
  return file.redacted > 0 || file.fate == Fate::kRedacted ||
         (file.fate == Fate::kParsed && !is_read);
}

// The lists of which an archive told all that it has. A file that was not understood to its end
// takes the lists that it told out, and if it told none, or is broken, those of the files beside
// it.
Extents WholeLists(const std::map<uint32_t, ImportRun::State::FileLists>& lists,
                   const std::vector<OriginalFile>& files, std::set<ListName>& partial) {
  Extents whole;
  std::set<std::string_view> folders;
  for (const OriginalFile& file : files) {
    if (file.fate == Fate::kBroken) folders.insert(FolderOf(file.path));
  }
  const auto take_out = [&](const Extents& extents) {
    for (const auto& [name, extent] : extents) partial.insert(name);
  };
  for (const auto& [number, of_file] : lists) {
    const OriginalFile& file = files[number];
    for (const auto& [name, extent] : of_file.extents) whole[name].Add(extent);
    if (!of_file.is_partial && file.seen == file.understood) continue;
    take_out(of_file.extents);
    if (of_file.extents.empty()) folders.insert(FolderOf(file.path));
  }
  for (const auto& [number, of_file] : lists) {
    if (folders.contains(FolderOf(files[number].path))) take_out(of_file.extents);
  }
  for (const ListName& name : partial) whole.erase(name);
  return whole;
}

}  // namespace

std::vector<account::ListSpan> ImportSealer::OwnSpans(
    const ResolvedConversations& conversations) const {
  std::set<ListName> partial;
  Extents told;
  for (const auto& [name, extent] : WholeLists(state_.lists, state_.files, partial)) {
    if (name.first == Kind::kMessage && conversations.forgotten_names.contains(name.second)) {
      continue;
    }
    ListName named = name;
    NameConversation(named, conversations.keys);
    told[named].Add(extent);
  }
  std::set<ListName> named_partial;
  for (ListName name : partial) {
    NameConversation(name, conversations.keys);
    told.erase(name);
    named_partial.insert(std::move(name));
  }
  bool is_cut = false;
  for (size_t i = 0; state_.reads_again && i < state_.files.size() && !is_cut; ++i) {
    is_cut = IsCut(state_.files[i], state_.is_read[i] != 0);
  }
  if (!is_cut) return SpansOf(told);
  for (const auto& [name, extent] : ExtentsOf(state_.options.info.spans)) {
    if (!named_partial.contains(name)) told[name].Add(extent);
  }
  return SpansOf(told);
}

void ImportSealer::NoteSpans(const ResolvedConversations& conversations) {
  account::ImportInfo& own = state_.options.info;
  const auto came = [this](const std::vector<account::ListSpan>& spans) {
    came_.insert(came_.end(), spans.begin(), spans.end());
  };
  if (!state_.options.keeps_keys) {
    std::vector<account::ListSpan> spans = OwnSpans(conversations);
    came(spans);
    came(own.spans);  // of before, when it is read again
    own.spans = std::move(spans);
    absence_.Add(own);
  }
  for (auto& [id, import] : state_.earlier) {
    Extents named;
    for (const auto& [name, extent] : ExtentsOf(import.info.spans)) {
      ListName here = name;
      NameConversation(here, conversations.keys);
      named[here].Add(extent);
    }
    import.info.spans = SpansOf(named);
    came(import.info.spans);
    absence_.Add(import.info);
  }
  if (!state_.base) return;
  for (const ImportEntry& entry : state_.base->head.imports) {
    const bool is_own = !state_.options.keeps_keys && entry.info.id == own.id;
    if (!is_own) absence_.Add(entry.info);
  }
}

LeavingByBucket ImportSealer::ToLookAtAgain() const {
  LeavingByBucket again;
  for (const account::ListSpan& span : came_) {
    Bucket from{.kind = span.kind, .group = {}, .year = INT32_MIN};
    if (span.kind == Kind::kMessage) from.group = span.list;
    if (span.kind == Kind::kConnection) {
      account::Connection connection;
      connection.relation = span.list;
      from.group = BucketOf(account::Record(connection)).group;
    }
    for (auto at = documents_.lower_bound(from);
         at != documents_.end() && at->first.kind == from.kind && at->first.group == from.group;
         ++at) {
      for (const DocumentRow& row : at->second) {
        // What was woven in this import has no name yet.
        if (!row.name.empty() && Overlap(row, span)) again[at->first].documents.insert(row.digest);
      }
    }
  }
  return again;
}

}  // namespace valise::library
