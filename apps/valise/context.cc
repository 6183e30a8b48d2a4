#include "context.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "output.h"

namespace valise::app {

int ExitCodeOf(const Error& error) {
  switch (error.code) {
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kCorrupt:
    case ErrorCode::kUnsupported:
    case ErrorCode::kLimitExceeded:
    case ErrorCode::kAlreadyExists:
    case ErrorCode::kUnauthenticated:
    case ErrorCode::kPermissionDenied:
    case ErrorCode::kGone:
      return kBadInput;
    case ErrorCode::kNotFound:
      return kNotFound;
    case ErrorCode::kConflict:
      return kBusy;
    case ErrorCode::kUnavailable:
    case ErrorCode::kRateLimited:
    case ErrorCode::kCancelled:
      return kUnavailable;
    case ErrorCode::kInternal:
      return kFailed;
  }
  return kFailed;
}

fs::path Context::DefaultData() {
  if (const char* xdg = std::getenv("XDG_DATA_HOME"); xdg != nullptr && *xdg != '\0') {
    return fs::path(xdg) / "valise";
  }
  const char* home = std::getenv("HOME");
  return fs::path(home != nullptr ? home : ".") / ".local/share/valise";
}

Result<Desk> Desk::Open(const fs::path& data) {
  RETURN_IF_ERROR(MakeFolders(data));
  Desk desk;
  ASSIGN_OR_RETURN(desk.database, sql::OpenSqlite(data / "desk.sqlite"));
  ASSIGN_OR_RETURN(desk.accounts, library::Accounts::Open(*desk.database));
  return desk;
}

Result<library::AccountRow> FindAccount(const library::Accounts& accounts, std::string_view name) {
  ASSIGN_OR_RETURN(const auto rows, accounts.List());
  std::vector<const library::AccountRow*> found;
  for (const library::AccountRow& row : rows) {
    if (name.empty() || row.id == name || row.username == name ||
        fmt::format("{}/{}", row.service, row.username) == name) {
      found.push_back(&row);
    }
  }
  if (found.size() == 1) return *found.front();
  if (found.empty()) {
    return Fail(ErrorCode::kNotFound,
                name.empty() ? "there is no account yet: import an archive first"
                             : "there is no such account: `valise accounts` lists them");
  }
  return Fail(ErrorCode::kInvalidArgument,
              "several accounts match: choose one with --account and its id (`valise accounts`)");
}

Result<std::vector<library::AccountRow>> FindAccounts(const library::Accounts& accounts,
                                                      const std::vector<std::string>& names) {
  if (names.empty()) return accounts.List();
  std::vector<library::AccountRow> found;
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(library::AccountRow row, FindAccount(accounts, name));
    if (std::ranges::find(found, row.id, &library::AccountRow::id) != found.end()) continue;
    found.push_back(std::move(row));
  }
  return found;
}

Result<std::optional<Timestamp>> ParseDay(const std::string& text) {
  if (text.empty()) return std::optional<Timestamp>{};
  ASSIGN_OR_RETURN(const Timestamp time, ParseTime(text.size() == 10 ? text + "T00:00:00Z" : text));
  return std::optional(time);
}

void OnRun(cli::Command& command, Context& context, std::function<Status()> work) {
  command.OnRun([&context, work = std::move(work)] {
    if (const Status status = work(); !status.has_value()) {
      PrintError(context, status.error());
      context.exit_code = ExitCodeOf(status.error());
    }
  });
}

}  // namespace valise::app
