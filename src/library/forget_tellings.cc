#include "library/forget_tellings.h"

#include <algorithm>
#include <unordered_map>

#include "account/loose_path.h"

namespace valise::library {
namespace {

using account::Fate;
using account::OriginalFile;

// Longer strings are no paths.
constexpr size_t kMaxPath = 4096;

bool IsDamage(const Error& error) {
  return error.code == ErrorCode::kNotFound || error.code == ErrorCode::kCorrupt;
}

std::string_view NameOf(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string_view FolderOf(std::string_view path) { return path.substr(0, path.rfind('/') + 1); }

// Whether `whole` is `end`, or ends with it and `end` has a folder: one file name alone may be that
// of many files.
bool EndsWithPath(std::string_view whole, std::string_view end) {
  if (!whole.ends_with(end)) return false;
  if (whole.size() == end.size()) return true;
  return end.contains('/') && whole[whole.size() - end.size() - 1] == '/';
}

// The media of one import by what entries call them.
class ReceivedMedia {
 public:
  explicit ReceivedMedia(const std::vector<OriginalFile>& files) {
    for (const OriginalFile& file : files) {
      if (file.fate != Fate::kMedium || !file.digest) continue;
      std::string loose = account::LoosePath(file.path);
      std::string name(NameOf(loose));
      by_name_.emplace(std::move(name), Medium{std::move(loose), &file});
    }
  }

  // The file of this path; else the only one whose path differs by leading folders, as services
  // leave them out, and by what systems confuse. nullopt: none, or several could be meant.
  std::optional<Digest> Find(std::string_view path) const {
    if (path.empty() || path.size() > kMaxPath || by_name_.empty()) return std::nullopt;
    const std::string loose = account::LoosePath(WithoutStart(path));
    std::optional<Digest> found;
    bool several = false;
    const auto [begin, end] = by_name_.equal_range(std::string(NameOf(loose)));
    for (auto at = begin; at != end; ++at) {
      const auto& [medium_path, file] = at->second;
      if (file->path == path) return file->digest;
      if (!EndsWithPath(medium_path, loose) && !EndsWithPath(loose, medium_path)) continue;
      several = several || (found && found != file->digest);
      found = file->digest;
    }
    return several ? std::nullopt : found;
  }

 private:
  struct Medium {
    std::string loose;
    const OriginalFile* file = nullptr;
  };

  static std::string WithoutStart(std::string_view path) {
    std::string unified(path);
    std::ranges::replace(unified, '\\', '/');
    const size_t start = unified.starts_with("./") ? 2 : unified.starts_with('/') ? 1 : 0;
    return unified.substr(start);
  }

  std::unordered_multimap<std::string, Medium> by_name_;
};

// The tellings of one import.
class Tellings {
 public:
  Tellings(const Library& library, const std::string& import,
           const std::vector<OriginalFile>& files, RemovedRecords& removed)
      : library_(library), import_(import), files_(files), removed_(removed), media_(files) {}

  Status Note(uint32_t number, std::span<const EntryToCut> entries) {
    if (number >= files_.size()) return {};  // what a bundle says of its imports
    const OriginalFile& file = files_[number];
    const bool is_thread = IsThreadAlone(number, file, entries);
    if (is_thread) NoteFolder(FolderOf(file.path));
    if (!file.digest || file.size > kCutLimit) return {};
    const auto text = library_.blobs().ReadContent(*file.digest, file.size);
    if (!text) return IsDamage(text.error()) ? Status{} : std::unexpected(text.error());
    for (Said& said : SaidOnlyBy(*text, entries)) {
      if (!NoteMedium(said.text) && said.may_be_words) removed_.AddText(std::move(said.text));
    }
    if (!is_thread) return {};
    for (const std::string& said : StringsOf(*text)) NoteMedium(said);
    return {};
  }

 private:
  bool NoteMedium(std::string_view path) {
    const auto digest = media_.Find(path);
    if (digest) removed_.shown.insert(*digest);
    return digest.has_value();
  }

  // Does a file hold messages of forgotten conversations and nothing else?
  bool IsThreadAlone(uint32_t number, const OriginalFile& file,
                     std::span<const EntryToCut> entries) const {
    return removed_.threads.contains({import_, number}) &&
           CountPlaces(entries) + file.redacted >= file.understood;
  }

  // The media beside a conversation's file, unless another file that was understood is there: the
  // folder may be of several conversations.
  void NoteFolder(std::string_view folder) {
    if (folder.empty()) return;
    const auto first = std::ranges::lower_bound(files_, folder, {}, &OriginalFile::path);
    auto last = first;
    for (; last != files_.end() && last->path.starts_with(folder); ++last) {
      const auto number = static_cast<uint32_t>(last - files_.begin());
      if (last->fate == Fate::kParsed && !removed_.threads.contains({import_, number})) return;
    }
    for (auto file = first; file != last; ++file) {
      if (file->fate == Fate::kMedium && file->digest) removed_.shown.insert(*file->digest);
    }
  }

  const Library& library_;
  const std::string& import_;
  const std::vector<OriginalFile>& files_;
  RemovedRecords& removed_;
  const ReceivedMedia media_;
};

bool IsToldBy(const std::string& import, const RemovedRecords& removed) {
  const auto first = removed.entries.lower_bound({import, 0});
  return first != removed.entries.end() && first->first.first == import;
}

}  // namespace

Status NoteTellings(const Library& library, const std::string& import,
                    const std::vector<OriginalFile>& files, RemovedRecords& removed) {
  if (!IsToldBy(import, removed)) return {};
  Tellings tellings(library, import, files, removed);
  for (auto at = removed.entries.lower_bound({import, 0});
       at != removed.entries.end() && at->first.first == import; ++at) {
    RETURN_IF_ERROR(tellings.Note(at->first.second, at->second));
  }
  return {};
}

Status NoteTellings(const Library& library, const Head& head, RemovedRecords& removed) {
  for (const ImportEntry& entry : head.imports) {
    if (!IsToldBy(entry.info.id, removed)) continue;
    ASSIGN_OR_RETURN(const std::string list, library.ReadList(entry.files));
    ASSIGN_OR_RETURN(const std::vector<OriginalFile> files, account::ParseOriginalFiles(list));
    RETURN_IF_ERROR(NoteTellings(library, entry.info.id, files, removed));
  }
  return {};
}

}  // namespace valise::library
