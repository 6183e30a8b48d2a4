// `valise issues`: what could not be carried, import by import, and what to do about it.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>

#include "account/import_row.h"
#include "base/json_writer.h"
#include "context.h"
#include "imports/issue_advice.h"
#include "output.h"

namespace valise::app {
namespace {

// Of many a person reads the first; --json has them all.
constexpr size_t kShown = 100;

struct ImportIssues {
  const account::ImportInfo* info = nullptr;  // nullptr: of an import that the head does not list
  std::vector<account::Issue> issues;
};

struct AccountIssues {
  std::vector<ImportIssues> imports;  // newest first
  uint64_t total = 0;                 // counting equal ones
  uint64_t missing_now = 0;           // media that no import has brought up to now
};

Result<AccountIssues> ReadIssues(const library::Library& library, const library::Head& head) {
  AccountIssues found;
  for (const library::DocumentRow& row : head.documents) found.missing_now += row.missing;
  if (!head.issues) return found;
  ASSIGN_OR_RETURN(const std::string text, library.ReadList(*head.issues));
  ASSIGN_OR_RETURN(std::vector<account::IssueRow> rows, account::ParseIssueRows(text));
  std::map<std::string, std::vector<account::Issue>> by_import;
  for (account::IssueRow& row : rows) {
    found.total += row.issue.count;
    by_import[row.import].push_back(std::move(row.issue));
  }
  // The head lists them by time.
  for (auto entry = head.imports.rbegin(); entry != head.imports.rend(); ++entry) {
    const auto issues = by_import.extract(entry->info.id);
    if (!issues.empty()) found.imports.push_back({&entry->info, std::move(issues.mapped())});
  }
  for (auto& [id, issues] : by_import) found.imports.push_back({nullptr, std::move(issues)});
  for (ImportIssues& import : found.imports) {
    std::ranges::stable_sort(import.issues, {}, &account::Issue::path);
  }
  return found;
}

std::string Title(const account::ImportInfo* info) {
  if (info == nullptr) return "Of an import that is not listed any more";
  std::string title = fmt::format("Taken in {}: {}", FormatTime(info->time).substr(0, 10),
                                  info->parts.empty() ? "an archive" : info->parts.front());
  if (info->parts.size() > 1) title += fmt::format(" and {} more", info->parts.size() - 1);
  title += fmt::format(" ({}", info->generation);
  if (info->date) title += fmt::format(", of {}", FormatTime(*info->date).substr(0, 10));
  return title + ")";
}

void SayImport(const ImportIssues& import, size_t& left) {
  Say("\n" + Title(import.info));
  std::string path;
  for (const account::Issue& issue : import.issues) {
    if (left == 0) return;
    --left;
    if (issue.path != path && !issue.path.empty()) Say("  " + issue.path);
    path = issue.path;
    Say(fmt::format("    {}{}: {}", issue.code,
                    issue.count > 1 ? fmt::format(" ({} times)", HumanCount(issue.count)) : "",
                    issue.message));
    Say(fmt::format("      What to do: {}", imports::WhatToDo(issue.code)));
  }
}

void SayIssues(const library::AccountRow& account, const AccountIssues& found) {
  if (found.total == 0) {
    Say(fmt::format("@{}: no issues. Everything that came was understood and is here.",
                    account.username));
    return;
  }
  Say(fmt::format("@{}: {} of {}, newest first. Nothing of it is lost: received files are kept.",
                  account.username, Plural(found.total, "issue", "issues"),
                  Plural(found.imports.size(), "import", "imports")));
  Say(found.missing_now == 0
          ? "No photo or video is missing now: what one archive lacked came with "
            "another."
          : fmt::format("{} still missing now.",
                        Plural(found.missing_now, "photo or video is", "photos and videos are")));
  size_t left = kShown;
  size_t lines = 0;
  for (const ImportIssues& import : found.imports) {
    lines += import.issues.size();
    if (left > 0) SayImport(import, left);
  }
  if (lines > kShown) Say(fmt::format("\n… and {} more; --json lists them all", lines - kShown));
}

std::string IssuesJson(const library::AccountRow& account, const AccountIssues& found) {
  JsonWriter json;
  json.BeginObject().Member("account", account.id).Member("username", account.username);
  json.Member("issues", found.total).Member("missing_media_now", found.missing_now);
  json.Name("imports").BeginArray();
  for (const ImportIssues& import : found.imports) {
    json.BeginObject();
    if (import.info != nullptr) {
      json.Member("import", import.info->id).Member("generation", import.info->generation);
      if (import.info->date) json.Member("date", *import.info->date);
      json.Member("time", import.info->time).Name("parts").BeginArray();
      for (const std::string& part : import.info->parts) json.String(part);
      json.EndArray();
    }
    json.Name("issues").BeginArray();
    for (const account::Issue& issue : import.issues) {
      json.BeginObject().Member("code", issue.code).Member("path", issue.path);
      json.Member("message", issue.message).Member("count", issue.count);
      json.Member("what_to_do", imports::WhatToDo(issue.code)).EndObject();
    }
    json.EndArray().EndObject();
  }
  json.EndArray().EndObject();
  return json.Take();
}

Status Run(const Context& context, const std::string& name) {
  ASSIGN_OR_RETURN(Desk desk, Desk::Open(context.data));
  ASSIGN_OR_RETURN(const auto account, FindAccount(*desk.accounts, name));
  ASSIGN_OR_RETURN(const auto library,
                   library::Library::Open(*desk.accounts, context.data, account.id));
  ASSIGN_OR_RETURN(const auto snapshot, library->Current());
  AccountIssues found;
  if (snapshot) {
    ASSIGN_OR_RETURN(found, ReadIssues(*library, snapshot->head));
  }
  if (context.json) {
    PrintJson(IssuesJson(account, found));
  } else {
    SayIssues(account, found);
  }
  return {};
}

}  // namespace

void AddIssues(cli::Command& app, Context& context) {
  cli::Command command = app.AddCommand(
      "issues", "list what could not be carried when archives were taken in, and what to do");
  command.Footer(
      "By import, newest first: file, code, reason and what to do. `valise import` told the same\n"
      "when it took the archive in. The files themselves are kept as they came.\n\n"
      "Examples:\n"
      "  valise issues\n"
      "  valise issues anna\n"
      "  valise issues anna --json | jq '.imports[].issues[] | select(.code==\"missing_media\")'");
  auto name = std::make_shared<std::string>();
  command.AddOption("account", *name, "id or user name; not needed when there is only one");
  OnRun(command, context, [&context, name] { return Run(context, *name); });
}

}  // namespace valise::app
