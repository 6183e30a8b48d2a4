#include "services/valise/originals.h"

#include "services/valise/places.h"

namespace valise::services::own {
namespace {

using account::Fate;
using account::OriginalFile;

constexpr uint64_t kListLimit = 1ull << 30;

// Files of one import by their received path.
class Places {
 public:
  static Result<Places> Read(const zip::Archive& archive, const EntryByPath& entries,
                             const std::string& folder) {
    Places places(archive, entries, folder);
    const auto renamed = entries.find(folder + "renamed.json");
    if (renamed == entries.end()) return places;
    ASSIGN_OR_RETURN(const std::string json, zip::ReadEntry(archive, renamed->second, kListLimit));
    ASSIGN_OR_RETURN(const std::vector<Renamed> rows, ParseRenamed(json));
    for (const Renamed& row : rows) places.renamed_[row.path] = row.place;
    return places;
  }

  // How `file` lies in this archive; without digest when it does not.
  void Settle(OriginalFile& file) const {
    if (!file.digest || file.fate == Fate::kMedium) return;
    const auto renamed = renamed_.find(file.path);
    const std::string& place = renamed == renamed_.end() ? file.path : renamed->second;
    const auto found = entries_.find(folder_ + "files/" + place);
    if (found == entries_.end()) {
      file.digest.reset();
      file.stored_size = 0;
      file.deflated = false;
      return;
    }
    const zip::ArchiveEntry& entry = archive_.entries()[found->second];
    file.stored_size = entry.stored_size;
    file.deflated = entry.method == zip::Method::kDeflate;
  }

 private:
  Places(const zip::Archive& archive, const EntryByPath& entries, std::string folder)
      : archive_(archive), entries_(entries), folder_(std::move(folder)) {}

  const zip::Archive& archive_;
  const EntryByPath& entries_;
  std::string folder_;
  std::unordered_map<std::string, std::string> renamed_;
};

using IssuesByImport = std::unordered_map<std::string, std::vector<account::Issue>>;

Result<IssuesByImport> ReadIssues(const zip::Archive& archive, const EntryByPath& entries,
                                  std::string_view top) {
  IssuesByImport issues;
  const auto list = entries.find(std::string(top) + std::string(kIssues));
  if (list == entries.end()) return issues;
  ASSIGN_OR_RETURN(const std::string json, zip::ReadEntry(archive, list->second, kListLimit));
  ASSIGN_OR_RETURN(std::vector<account::IssueRow> rows, account::ParseIssueRows(json));
  for (account::IssueRow& row : rows) issues[row.import].push_back(std::move(row.issue));
  return issues;
}

}  // namespace

EntryByPath IndexEntries(const zip::Archive& archive) {
  EntryByPath entries;
  entries.reserve(archive.entries().size());
  for (size_t i = 0; i < archive.entries().size(); ++i) {
    entries.emplace(archive.entries()[i].path, i);
  }
  return entries;
}

Result<std::vector<EarlierImport>> ReadEarlierImports(const zip::Archive& archive,
                                                      std::string_view top,
                                                      const AccountFile& account) {
  const EntryByPath entries = IndexEntries(archive);
  ASSIGN_OR_RETURN(IssuesByImport issues, ReadIssues(archive, entries, top));
  std::vector<EarlierImport> imports;
  for (const account::ImportInfo& info : account.imports) {
    EarlierImport import{.info = info, .files = {}, .issues = std::move(issues[info.id])};
    const std::string folder = std::string(top) + OriginalsFolder(info.id);
    const auto list = entries.find(folder + "index.json");
    if (list != entries.end()) {
      ASSIGN_OR_RETURN(const std::string json, zip::ReadEntry(archive, list->second, kListLimit));
      ASSIGN_OR_RETURN(import.files, account::ParseOriginalFiles(json));
      ASSIGN_OR_RETURN(const Places places, Places::Read(archive, entries, folder));
      for (OriginalFile& file : import.files) places.Settle(file);
    }
    imports.push_back(std::move(import));
  }
  return imports;
}

}  // namespace valise::services::own
