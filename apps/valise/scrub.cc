// `valise scrub`: reads and hashes every blob, and names those that are damaged or gone.

#include "library/scrub.h"

#include <fmt/format.h>

#include <csignal>
#include <memory>

#include "base/json_writer.h"
#include "context.h"
#include "output.h"
#include "pinned.h"

namespace valise::app {
namespace {

using library::ScrubFinding;
using library::ScrubReport;

constexpr size_t kShown = 50;
constexpr size_t kShownUses = 3;

struct Options {
  std::vector<std::string> accounts;
  bool set_aside = false;
};

volatile std::sig_atomic_t interrupted = 0;

// What a head that cannot be read says is not known.
struct Scrubbed {
  library::AccountRow account;
  std::optional<library::Head> head;
  ScrubReport report;
};

std::string UseText(const library::BlobUse& use) {
  const std::string_view what = library::BlobUseName(use.what);
  return use.name == what ? use.name : fmt::format("{} {}", what, use.name);
}

void SayFinding(const ScrubFinding& finding, const Scrubbed& of) {
  std::string line =
      fmt::format("  {} {}", library::ScrubStateName(finding.state), finding.digest.Hex());
  if (!finding.why.empty()) line += fmt::format(" ({})", finding.why);
  if (finding.is_set_aside) line += ", set aside";
  Say(line);
  for (size_t i = 0; i < std::min(finding.uses.size(), kShownUses); ++i) {
    Say("    is " + UseText(finding.uses[i]));
  }
  if (finding.uses.size() > kShownUses) {
    Say(fmt::format("    … and {} more", finding.uses.size() - kShownUses));
  }
  Say("    What to do: " + library::WhatToDo(finding, of.report, of.head ? &*of.head : nullptr));
}

void SayScrubbed(const Scrubbed& of) {
  const ScrubReport& report = of.report;
  const std::string read =
      fmt::format("{} read, {}", Plural(report.blobs, "blob", "blobs"), HumanBytes(report.bytes));
  if (report.findings.empty()) {
    Say(fmt::format("@{}: whole. {}.", of.account.username, read));
  } else {
    Say(fmt::format("@{}: NOT whole: {}. {}.", of.account.username,
                    Plural(report.findings.size(), "blob is damaged or missing",
                           "blobs are damaged or missing"),
                    read));
  }
  for (size_t i = 0; i < std::min(report.findings.size(), kShown); ++i) {
    SayFinding(report.findings[i], of);
  }
  if (report.findings.size() > kShown) {
    Say(fmt::format("  … and {} more; --json lists them all", report.findings.size() - kShown));
  }
  for (const std::string& list : report.unread_lists) {
    Say(fmt::format("  The list {} cannot be read: whether all it names is here is not known.",
                    list));
  }
  if (!report.strangers.empty()) {
    Say(fmt::format(
        "  Note: {} in the blobs' folders that {} not Valise's, such as {}; left alone.",
        Plural(report.strangers.size(), "file", "files"),
        report.strangers.size() == 1 ? "is" : "are", report.strangers.front()));
  }
}

void AddJson(JsonWriter& json, const Scrubbed& of) {
  json.BeginObject().Member("account", of.account.id).Member("username", of.account.username);
  json.Member("whole", of.report.findings.empty()).Member("blobs", of.report.blobs);
  json.Member("bytes", of.report.bytes).Name("findings").BeginArray();
  for (const ScrubFinding& finding : of.report.findings) {
    json.BeginObject().Member("state", library::ScrubStateName(finding.state));
    json.Member("digest", finding.digest.Hex()).Member("stored_size", finding.stored_size);
    json.Member("why", finding.why).Member("set_aside", finding.is_set_aside);
    json.Name("is").BeginArray();
    for (const library::BlobUse& use : finding.uses) {
      json.BeginObject().Member("what", library::BlobUseName(use.what)).Member("name", use.name);
      if (!use.import.empty()) json.Member("import", use.import);
      json.EndObject();
    }
    json.EndArray();
    json.Member("what_to_do", library::WhatToDo(finding, of.report, of.head ? &*of.head : nullptr));
    json.EndObject();
  }
  json.EndArray().Name("unread_lists").BeginArray();
  for (const std::string& list : of.report.unread_lists) json.String(list);
  json.EndArray().Name("strangers").BeginArray();
  for (const std::string& stranger : of.report.strangers) json.String(stranger);
  json.EndArray().EndObject();
}

Result<Scrubbed> ScrubOne(const Context& context, const Desk& desk, const Options& options,
                          const library::AccountRow& account) {
  ASSIGN_OR_RETURN(const auto library,
                   library::Library::Open(*desk.accounts, context.data, account.id));
  Scrubbed scrubbed{.account = account, .head = {}, .report = {}};
  if (auto snapshot = library->Current(); snapshot && *snapshot) {
    scrubbed.head = std::move((*snapshot)->head);
  }
  Progress bar(context);
  library::ScrubOptions scrub{.pinned = {}, .set_aside = options.set_aside, .progress = {}};
  ASSIGN_OR_RETURN(scrub.pinned, PinnedHeads(*desk.database, account.id));
  scrub.progress = [&](uint64_t bytes, uint64_t total) -> Status {
    if (interrupted != 0) return Fail(ErrorCode::kCancelled, "stopped; nothing was changed");
    bar.Update(fmt::format("Reading @{}", account.username), Progress::Unit::kBytes, bytes, total);
    return {};
  };
  ASSIGN_OR_RETURN(scrubbed.report, library::Scrub(*library, scrub));
  return scrubbed;
}

Status Run(Context& context, const Options& options) {
  ASSIGN_OR_RETURN(Desk desk, Desk::Open(context.data));
  ASSIGN_OR_RETURN(const auto accounts, FindAccounts(*desk.accounts, options.accounts));
  std::signal(SIGINT, [](int) { interrupted = 1; });
  JsonWriter json;
  bool whole = true;
  json.BeginObject().Name("accounts").BeginArray();
  for (const library::AccountRow& account : accounts) {
    ASSIGN_OR_RETURN(const Scrubbed scrubbed, ScrubOne(context, desk, options, account));
    whole = whole && scrubbed.report.findings.empty();
    if (context.json) {
      AddJson(json, scrubbed);
    } else {
      SayScrubbed(scrubbed);
    }
  }
  json.EndArray().Member("whole", whole).EndObject();
  if (context.json) {
    PrintJson(json.text());
  } else if (accounts.empty()) {
    Say("No account yet: there is nothing to read.");
  }
  if (!whole) context.exit_code = kFailed;
  return {};
}

}  // namespace

void AddScrub(cli::Command& app, Context& context) {
  cli::Command command = app.AddCommand(
      "scrub", "read and hash everything that is kept, and name what is damaged or gone");
  command.Footer(
      "Disks forget bits. Run it now and then (once a month): whatever it names can be brought "
      "back\n"
      "as long as the archive is somewhere. It deletes nothing. Exit code 1 when something is not "
      "whole.\n\n"
      "To mend: `valise scrub --set-aside` moves damaged blobs to damaged/ in the account's "
      "folder,\n"
      "then import the archive it names again.\n\n"
      "Examples:\n"
      "  valise scrub\n"
      "  valise scrub anna ben --json\n"
      "  valise scrub anna --set-aside && valise import instagram-anna-2025-04-01.zip");
  auto options = std::make_shared<Options>();
  command.AddOption("account", options->accounts, "ids or user names; all accounts when absent");
  command.AddFlag("--set-aside", options->set_aside,
                  "move damaged blobs out of the way, so that an import brings them anew");
  OnRun(command, context, [&context, options] { return Run(context, *options); });
}

}  // namespace valise::app
