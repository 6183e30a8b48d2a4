// Commit of an import: the list of what could not be carried, and of what could not be told.
#include <algorithm>
#include <set>

#include "library/document.h"
#include "library/fill_media.h"
#include "library/import_state.h"

namespace valise::library {

// Of an import that is read again the issues are those of today, save those of files that were not
// read again: they could not be taken in, or their bytes are not kept. Media that were missing may
// have come.
Result<std::set<std::string>> ImportSealer::IssuesThatStay(const ListRow& row) const {
  ASSIGN_OR_RETURN(const std::string text, state_.library.ReadList(row));
  ASSIGN_OR_RETURN(std::vector<account::IssueRow> rows, account::ParseIssueRows(text));
  std::unordered_set<std::string_view> read{""};
  for (size_t number = 0; state_.reads_again && number < state_.files.size(); ++number) {
    if (state_.is_read[number] != 0) read.insert(state_.files[number].path);
  }
  std::set<std::string> lines;
  for (account::IssueRow& issue : rows) {
    if (!LeavesIssue(state_.still_missing, issue)) continue;
    const bool is_own = state_.reads_again && issue.import == state_.options.info.id;
    // Two records that were here before do not meet again.
    const bool stays = !read.contains(issue.issue.path) || issue.issue.code == kPerhapsSame;
    if (!is_own || stays) lines.insert(account::ToJson(issue));
  }
  return lines;
}

std::string ImportSealer::PathOf(const account::Provenance& from) const {
  const bool is_own = !state_.options.keeps_keys && from.import == state_.options.info.id;
  const auto earlier = state_.earlier.find(from.import);
  if (!is_own && earlier == state_.earlier.end()) return {};
  const auto& files = is_own ? state_.files : earlier->second.files;
  return from.file < files.size() ? files[from.file].path : std::string();
}

// Of the import that told what came. All are counted, also those of no import that the head lists.
void ImportSealer::AddPerhapsSame(const Head& head, std::set<std::string>& lines) {
  std::string import;
  for (const PerhapsSame& pair : perhaps_same_.listed) {
    const auto is_told = [&](const ImportEntry& entry) {
      return entry.info.id == pair.from.import;
    };
    if (std::ranges::none_of(head.imports, is_told)) continue;
    import = pair.from.import;
    state_.report.issues.push_back(IssueOf(pair, PathOf(pair.from)));
    lines.insert(account::ToJson(account::IssueRow{import, state_.report.issues.back()}));
  }
  state_.report.perhaps_same = perhaps_same_.count;
  const uint64_t rest = perhaps_same_.count - perhaps_same_.listed.size();
  if (rest == 0 || import.empty()) return;
  state_.report.issues.push_back(IssueOfTheRest(rest));
  lines.insert(account::ToJson(account::IssueRow{import, state_.report.issues.back()}));
}

Status ImportSealer::SealIssues(Head& head) {
  std::set<std::string> lines;
  for (const auto& [id, import] : state_.earlier) {
    for (const account::Issue& issue : import.issues) {
      account::IssueRow row{id, issue};
      if (LeavesIssue(state_.still_missing, row)) lines.insert(account::ToJson(row));
    }
  }
  // A bundle's own issues are of the bundle, not of an import that the head lists.
  if (!state_.options.keeps_keys) lines.insert(state_.issues.begin(), state_.issues.end());
  AddPerhapsSame(head, lines);
  if (lines.empty() && !state_.reads_again && state_.still_missing.empty()) return {};
  if (head.issues) {
    ASSIGN_OR_RETURN(std::set<std::string> stay, IssuesThatStay(*head.issues));
    lines.merge(stay);
  }
  head.issues.reset();
  if (lines.empty()) return {};
  TextBuilder text;
  for (const std::string& line : lines) text.Line(line);
  ASSIGN_OR_RETURN(head.issues, SealList(state_.library.blobs(), "issues", text, 0));
  return {};
}

}  // namespace valise::library
