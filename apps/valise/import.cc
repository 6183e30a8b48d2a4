// `valise import`: takes an archive into an account.

#include <fmt/format.h>

#include <csignal>
#include <memory>

#include "context.h"
#include "import_account.h"
#include "imports/import_archive.h"
#include "library/index.h"
#include "output.h"
#include "registry.h"
#include "report_text.h"

namespace valise::app {
namespace {

struct Options {
  std::vector<fs::path> parts;
  WantedAccount account;
  bool no_index = false;
};

volatile std::sig_atomic_t interrupted = 0;

Status OnProgress(Progress& bar, const imports::Progress& p) {
  if (interrupted != 0) {
    return Fail(ErrorCode::kCancelled,
                "stopped. Nothing was changed; the same command goes on where it stopped");
  }
  switch (p.phase) {
    case imports::Progress::Phase::kFiles:
      bar.Update("Storing", Progress::Unit::kBytes, p.bytes, p.total_bytes,
                 fmt::format("{} of {} files", HumanCount(p.items), HumanCount(p.total_items)));
      break;
    case imports::Progress::Phase::kRecords:
      bar.Update("Reading", Progress::Unit::kItems, p.items, p.total_items);
      break;
    case imports::Progress::Phase::kSealing:
      bar.Update("Sealing", Progress::Unit::kItems, p.items, p.total_items);
      break;
    case imports::Progress::Phase::kSyncing:
      bar.Update("Making it durable", Progress::Unit::kItems, p.items, p.total_items);
      break;
  }
  return {};
}

Status Run(Context& context, const Options& options) {
  ASSIGN_OR_RETURN(const auto opened, imports::OpenedArchive::Open(Sources(), options.parts));
  ASSIGN_OR_RETURN(Desk desk, Desk::Open(context.data));
  ASSIGN_OR_RETURN(const library::AccountRow account,
                   ChooseAccount(desk, context, options.account, opened));
  ASSIGN_OR_RETURN(const auto library,
                   library::Library::Open(*desk.accounts, context.data, account.id));
  std::signal(SIGINT, [](int) { interrupted = 1; });
  Progress bar(context);
  ASSIGN_OR_RETURN(const auto report,
                   imports::ImportArchive(opened, *library, context.clock,
                                          [&](const auto& p) { return OnProgress(bar, p); }));
  if (!options.no_index) {
    ASSIGN_OR_RETURN(const auto index, library::Index::Open(*library));
    RETURN_IF_ERROR(index->Update([&](uint64_t done, uint64_t total) {
      bar.Update("Making it searchable", Progress::Unit::kItems, done, total);
    }));
  }
  bar.Clear();
  if (context.json) {
    PrintJson(ReportJson(report, account.id));
  } else {
    Say(fmt::format("@{} ({})\n{}", account.username, account.id, ReportText(report)));
  }
  return {};
}

}  // namespace

void AddImport(cli::Command& app, Context& context) {
  cli::Command command = app.AddCommand("import", "take an archive into an account");
  command.Footer(
      "Importing the same archive again adds nothing; several years' archives give the union "
      "once.\n"
      "Stopped at any moment, the same command goes on.\n\n"
      "Examples:\n"
      "  valise import instagram-me-2025-04-01-abcd.zip\n"
      "  valise import part-1.zip part-2.zip          the parts of one archive, together\n"
      "  valise import part-3.zip --account anna      or one later: it fills in what was missing\n"
      "  valise import me.zip --owner anna            and give the account to the user anna\n"
      "  valise import download-by-valise.zip         move an account here");
  auto options = std::make_shared<Options>();
  command.AddOption("archive", options->parts, "ZIP files (all parts of one archive) or a folder")
      .Required();
  command.AddOption(
      "--account", options->account.account,
      "into this account (id or user name) instead of the one that the archive names");
  command.AddOption("--owner", options->account.owner, "the user who is to own the account");
  command.AddFlag("--no-index", options->no_index,
                  "leave the search index for later (`valise reindex`)");
  OnRun(command, context, [&context, options] { return Run(context, *options); });
}

}  // namespace valise::app
