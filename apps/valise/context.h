// What every subcommand has: the data folder, how to speak, the clock. And how a subcommand is
// made.
//
// Thread safety: belongs to the main thread. Lifetime: lives as long as the program.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/command_line.h"
#include "base/file.h"
#include "base/random.h"
#include "base/result.h"
#include "base/time.h"
#include "library/library.h"
#include "sql/database.h"

namespace valise::app {

// Exit codes (docs/guides/cli.md).
enum ExitCode : int {
  kDone = 0,         // also when issues were found and reported
  kFailed = 1,       // our own mistake, or what was checked is not whole
  kUsage = 2,        // wrong options
  kBadInput = 3,     // the given archive, bundle or value cannot be used
  kNotFound = 4,     // no such account, user, file
  kBusy = 5,         // another process holds it
  kUnavailable = 6,  // disk full, network down: try again
};
int ExitCodeOf(const Error& error);

struct Context {
  fs::path data;      // --data DIR
  bool json = false;  // --json: one object on stdout, words on stderr
  bool quiet = false;
  ProcessClock clock;
  SystemRandom random;
  int exit_code = kDone;

  // The default: $XDG_DATA_HOME/valise, else ~/.local/share/valise.
  static fs::path DefaultData();
};

// The desk of a data folder: its database and the accounts in it. Makes the folder if absent.
struct Desk {
  std::unique_ptr<sql::Database> database;
  std::unique_ptr<library::Accounts> accounts;
  static Result<Desk> Open(const fs::path& data);
};

// The account that `name` means: an id, a user name or "service/user name"; when empty, the only
// account there is. Errors: kNotFound, kInvalidArgument (several match: lists how to tell them
// apart).
Result<library::AccountRow> FindAccount(const library::Accounts& accounts, std::string_view name);

// The accounts that `names` mean, each once; all of them when `names` is empty. Errors: as
// FindAccount.
Result<std::vector<library::AccountRow>> FindAccounts(const library::Accounts& accounts,
                                                      const std::vector<std::string>& names);

// A day ("2024-07-07": its beginning in UTC) or a full RFC 3339 time; nothing when `text` is empty.
// Errors: kInvalidArgument.
Result<std::optional<Timestamp>> ParseDay(const std::string& text);

// Runs `work` when the subcommand was chosen; prints its error in a sentence and sets the exit
// code.
void OnRun(cli::Command& command, Context& context, std::function<Status()> work);

// Every subcommand, one file each.
void AddInspect(cli::Command& app, Context& context);
void AddImport(cli::Command& app, Context& context);
void AddExport(cli::Command& app, Context& context);
void AddSearch(cli::Command& app, Context& context);
void AddForget(cli::Command& app, Context& context);
void AddDoctor(cli::Command& app, Context& context);
void AddIssues(cli::Command& app, Context& context);
void AddReindex(cli::Command& app, Context& context);
void AddScrub(cli::Command& app, Context& context);
void AddVerify(cli::Command& app, Context& context);
void AddAccounts(cli::Command& app, Context& context);
void AddServe(cli::Command& app, Context& context);
void AddUsers(cli::Command& app, Context& context);
void AddServices(cli::Command& app, Context& context);

}  // namespace valise::app
