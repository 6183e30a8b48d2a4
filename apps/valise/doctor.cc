// `valise doctor`: does everything that is kept here fit together?

#include "library/doctor.h"

#include <fmt/format.h>

#include <csignal>
#include <memory>
#include <set>

#include "base/json_writer.h"
#include "context.h"
#include "output.h"
#include "pinned.h"

namespace valise::app {
namespace {

using library::DoctorFinding;

constexpr size_t kShown = 100;

volatile std::sig_atomic_t interrupted = 0;

struct Named {
  std::string account;  // id, empty: of the whole library
  std::string username;
  DoctorFinding finding;
};

class Rounds {
 public:
  explicit Rounds(const Context& context) : context_(context) {}

  // Errors: the disk does not answer, or it was stopped. What is damaged is a finding.
  Status Run() {
    if (!fs::exists(context_.data)) return {};
    auto desk = Desk::Open(context_.data);
    if (!desk) return NoteDesk(desk.error());
    RETURN_IF_ERROR(ExamineDesk(*desk->database));
    ASSIGN_OR_RETURN(const auto accounts, desk->accounts->List());
    for (const library::AccountRow& account : accounts) {
      RETURN_IF_ERROR(ExamineAccount(*desk, account));
    }
    ExamineFolders(accounts);
    accounts_ = accounts.size();
    return {};
  }

  const std::vector<Named>& findings() const { return findings_; }
  size_t accounts() const { return accounts_; }

 private:
  void Note(DoctorFinding finding, const library::AccountRow* account = nullptr) {
    findings_.push_back({account != nullptr ? account->id : "",
                         account != nullptr ? account->username : "", std::move(finding)});
  }

  Status NoteDesk(const Error& error) {
    if (error.code == ErrorCode::kUnavailable) return std::unexpected(error);
    Note({"desk_damaged", "desk.sqlite", error.message,
          "Restore desk.sqlite from a backup: it knows users, accounts and requests. What the "
          "accounts hold is not in it."});
    return {};
  }

  Status ExamineDesk(sql::Database& database) {
    const auto rows = database.Query("PRAGMA integrity_check(20)");
    if (!rows) return NoteDesk(rows.error());
    for (const sql::Row& row : *rows) {
      if (row.Text(0) == "ok") continue;
      RETURN_IF_ERROR(NoteDesk({ErrorCode::kCorrupt, row.Text(0)}));
    }
    return {};
  }

  Status ExamineAccount(const Desk& desk, const library::AccountRow& account) {
    ASSIGN_OR_RETURN(const auto library,
                     library::Library::Open(*desk.accounts, context_.data, account.id));
    library::DoctorOptions options;
    ASSIGN_OR_RETURN(options.pinned, PinnedHeads(*desk.database, account.id));
    Progress bar(context_);
    options.progress = [&](uint64_t records, uint64_t total) -> Status {
      if (interrupted != 0) return Fail(ErrorCode::kCancelled, "stopped; nothing was changed");
      bar.Update(fmt::format("Looking at @{}", account.username), Progress::Unit::kItems, records,
                 total);
      return {};
    };
    ASSIGN_OR_RETURN(auto found, library::Examine(*library, options));
    for (DoctorFinding& finding : found) Note(std::move(finding), &account);
    return {};
  }

  // Folders that no account has, and files that other users of the machine may read.
  void ExamineFolders(const std::vector<library::AccountRow>& accounts) {
    std::set<std::string> known;
    for (const library::AccountRow& account : accounts) known.insert(account.id);
    std::error_code none;
    for (const auto& folder : fs::directory_iterator(context_.data / "accounts", none)) {
      const std::string name = folder.path().filename().string();
      if (known.contains(name)) continue;
      Note({"folder_without_account", "accounts/" + name,
            "it lies with the accounts, and the desk knows no account of this name",
            "If the desk was restored from an older backup, import the account's archives again. "
            "Otherwise nobody needs it any more."});
    }
    for (const char* name : {"accounts", "plans", "uploads", "desk.sqlite", "desk.sqlite-wal",
                             "desk.sqlite-shm", "signing.key"}) {
      const fs::path path = context_.data / name;
      if (!fs::exists(path)) continue;
      for (DoctorFinding& finding : library::FindOpenToOthers(path)) Note(std::move(finding));
    }
  }

  const Context& context_;
  std::vector<Named> findings_;
  size_t accounts_ = 0;
};

std::string FindingsJson(const Rounds& rounds) {
  JsonWriter json;
  json.BeginObject().Member("healthy", rounds.findings().empty());
  json.Member("accounts", rounds.accounts()).Name("findings").BeginArray();
  for (const auto& [account, username, finding] : rounds.findings()) {
    json.BeginObject();
    if (!account.empty()) json.Member("account", account).Member("username", username);
    json.Member("code", finding.code).Member("thing", finding.thing);
    json.Member("cause", finding.cause).Member("what_to_do", finding.what_to_do);
    json.Member("count", finding.count).EndObject();
  }
  json.EndArray().EndObject();
  return json.Take();
}

void SayFindings(const Rounds& rounds) {
  const auto& findings = rounds.findings();
  if (findings.empty()) {
    Say(
        fmt::format("Healthy: {}, and all that is kept fits together. `valise scrub` reads the "
                    "bytes of photos and videos, too.",
                    Plural(rounds.accounts(), "account", "accounts")));
    return;
  }
  Say(fmt::format("{}:", Plural(findings.size(), "finding", "findings")));
  for (size_t i = 0; i < std::min(findings.size(), kShown); ++i) {
    const auto& [account, username, finding] = findings[i];
    Say(fmt::format("  {}{}: {}{}", username.empty() ? "" : "@" + username + ", ", finding.thing,
                    finding.cause,
                    finding.count > 1 ? fmt::format(" ({})", HumanCount(finding.count)) : ""));
    Say(fmt::format("    What to do: {}", finding.what_to_do));
  }
  if (findings.size() > kShown) {
    Say(fmt::format("  … and {} more; --json lists them all", findings.size() - kShown));
  }
}

Status Run(Context& context) {
  std::signal(SIGINT, [](int) { interrupted = 1; });
  Rounds rounds(context);
  RETURN_IF_ERROR(rounds.Run());
  if (context.json) {
    PrintJson(FindingsJson(rounds));
  } else {
    SayFindings(rounds);
  }
  if (!rounds.findings().empty()) context.exit_code = kFailed;
  return {};
}

}  // namespace

void AddDoctor(cli::Command& app, Context& context) {
  cli::Command command =
      app.AddCommand("doctor", "check that everything that is kept here fits together");
  command.Footer(
      "The desk, and of each account: head, documents, lists, counts, keys, conversations, media,\n"
      "fates of received files, index, journals, and who may read it. Names each thing, the "
      "cause,\n"
      "and what to do; changes nothing. Exit code 1 when there is a finding.\n\n"
      "Examples:\n"
      "  valise doctor\n"
      "  valise doctor --json | jq '.findings[].code'");
  OnRun(command, context, [&context] { return Run(context); });
}

}  // namespace valise::app
