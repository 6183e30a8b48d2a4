// `valise reindex`: makes the search index of accounts anew and, with --records, all that follows
// from received files.

#include <fmt/format.h>

#include <csignal>
#include <memory>

#include "base/json_writer.h"
#include "context.h"
#include "imports/read_again.h"
#include "library/index.h"
#include "output.h"
#include "registry.h"
#include "report_text.h"

namespace valise::app {
namespace {

using imports::AgainReport;
using imports::FileAgain;
using imports::ImportAgain;

// Of many files a person reads the first; --json has them all.
constexpr size_t kShownFiles = 40;

struct Options {
  std::string account;
  bool records = false;
};

volatile std::sig_atomic_t interrupted = 0;

struct Reindexed {
  library::AccountRow account;
  AgainReport again;  // with --records
};

Status OnProgress(Progress& bar, const imports::Progress& p) {
  if (interrupted != 0) {
    return Fail(ErrorCode::kCancelled, "stopped. Nothing is lost; the same command begins anew");
  }
  using Phase = imports::Progress::Phase;
  bar.Update(p.phase == Phase::kRecords   ? "Reading again"
             : p.phase == Phase::kSealing ? "Sealing"
                                          : "Making it durable",
             Progress::Unit::kItems, p.items, p.total_items);
  return {};
}

Result<Reindexed> ReindexOne(const Context& context, Desk& desk, const Options& options,
                             const library::AccountRow& account) {
  ASSIGN_OR_RETURN(const auto library,
                   library::Library::Open(*desk.accounts, context.data, account.id));
  Reindexed done{.account = account, .again = {}};
  Progress bar(context);
  if (options.records) {
    ASSIGN_OR_RETURN(done.again,
                     imports::ReadAgain(Sources(), *library, context.clock,
                                        [&](const auto& p) { return OnProgress(bar, p); }));
  }
  ASSIGN_OR_RETURN(const auto index, library::Index::Open(*library));
  RETURN_IF_ERROR(index->Rebuild([&](uint64_t records, uint64_t total) {
    bar.Update(fmt::format("Making @{} searchable", account.username), Progress::Unit::kItems,
               records, total);
  }));
  return done;
}

std::string FileText(const FileAgain& file) {
  if (file.fate_before != file.fate) {
    return fmt::format("{}: only kept before; {} of {} entries understood now", file.path,
                       HumanCount(file.now.understood), HumanCount(file.now.seen));
  }
  return fmt::format("{}: {} of {} entries understood before, {} of {} now", file.path,
                     HumanCount(file.before.understood), HumanCount(file.before.seen),
                     HumanCount(file.now.understood), HumanCount(file.now.seen));
}

void SayImport(const ImportAgain& import) {
  Say(fmt::format("  Import {} ({}){}", import.info.id,
                  import.info.parts.empty() ? "an archive" : import.info.parts.front(),
                  import.skipped.empty() ? "" : ": not read, " + import.skipped));
  if (!import.skipped.empty()) return;
  if (!import.changed) Say("    Read again: nothing is different.");
  for (size_t kind = 0; kind < account::kKindCount; ++kind) {
    const library::KindReport& k = import.import.kinds[kind];
    if (k.added == 0 && k.merged == 0) continue;
    Say(fmt::format("    {}: {} new, {} better than before",
                    KindCount(static_cast<account::Kind>(kind), k.found), HumanCount(k.added),
                    HumanCount(k.merged)));
  }
  size_t shown = 0;
  for (const FileAgain& file : import.files) {
    if (!file.changed()) continue;
    if (++shown <= kShownFiles) Say("    " + FileText(file));
  }
  if (shown > kShownFiles) {
    Say(fmt::format("    … and {} more; --json lists them all", shown - kShownFiles));
  }
  if (import.gone > 0) {
    Say(fmt::format("    {} not kept here: what they brought stays as it is.",
                    Plural(import.gone, "file is", "files are")));
  }
}

void SayAgain(const Reindexed& done) {
  const AgainReport& again = done.again;
  Say(fmt::format("@{}: {} read again, {} before, {} now.", done.account.username,
                  Plural(again.imports.size(), "import", "imports"),
                  Plural(again.records_before, "record", "records"),
                  HumanCount(again.records_now)));
  if (!again.lost.empty()) {
    Say(
        fmt::format("  {} could not be read any more ({} in them) and {} made again from received "
                    "files; damaged ones lie in the account's folder damaged/.",
                    Plural(again.lost.names.size(), "document", "documents"),
                    Plural(again.lost.records, "record", "records"),
                    again.lost.names.size() == 1 ? "was" : "were"));
    for (const std::string& name : again.lost.names) Say("    " + name);
  }
  if (again.records_lost > 0) {
    Say(
        fmt::format("  {} are not here any more: please report this to the makers of Valise. The "
                    "head before still has them.",
                    Plural(again.records_lost, "record", "records")));
  }
  for (const ImportAgain& import : again.imports) SayImport(import);
}

void AddCounts(JsonWriter& json, std::string_view name, account::Fate fate,
               const account::FileCounts& counts) {
  json.Name(name).BeginObject().Member("fate", account::FateName(fate));
  json.Member("seen", counts.seen).Member("understood", counts.understood).EndObject();
}

void AddImportJson(JsonWriter& json, const ImportAgain& import) {
  json.BeginObject().Member("import", import.info.id);
  json.Member("generation_before", import.info.generation).Member("generation", import.generation);
  if (!import.skipped.empty()) json.Member("skipped", import.skipped);
  json.Member("changed", import.changed).Name("records").BeginObject();
  for (size_t kind = 0; kind < account::kKindCount; ++kind) {
    const library::KindReport& k = import.import.kinds[kind];
    if (k.found == 0 && k.absent == 0) continue;
    json.Name(account::KindName(static_cast<account::Kind>(kind))).BeginObject();
    json.Member("found", k.found).Member("new", k.added).Member("merged", k.merged);
    json.Member("already", k.already).Member("absent", k.absent);
    json.Member("forgotten", k.forgotten).EndObject();
  }
  json.EndObject().Name("files").BeginArray();
  for (const FileAgain& file : import.files) {
    json.BeginObject().Member("path", file.path).Member("changed", file.changed());
    AddCounts(json, "before", file.fate_before, file.before);
    AddCounts(json, "now", file.fate, file.now);
    json.EndObject();
  }
  json.EndArray().Member("files_gone", import.gone).Member("issues", import.issues.size());
  json.EndObject();
}

void AddJson(JsonWriter& json, const Reindexed& done) {
  json.BeginObject().Member("account", done.account.id).Member("username", done.account.username);
  json.Member("records_before", done.again.records_before);
  json.Member("records_now", done.again.records_now);
  json.Member("records_lost", done.again.records_lost);
  json.Name("made_again").BeginArray();
  for (const std::string& name : done.again.lost.names) json.String(name);
  json.EndArray().Member("records_in_made_again", done.again.lost.records);
  json.Name("imports").BeginArray();
  for (const ImportAgain& import : done.again.imports) AddImportJson(json, import);
  json.EndArray().EndObject();
}

Status Run(Context& context, const Options& options) {
  ASSIGN_OR_RETURN(Desk desk, Desk::Open(context.data));
  const std::vector<std::string> names =
      options.account.empty() ? std::vector<std::string>{} : std::vector{options.account};
  ASSIGN_OR_RETURN(const auto accounts, FindAccounts(*desk.accounts, names));
  if (options.records) std::signal(SIGINT, [](int) { interrupted = 1; });
  JsonWriter json;
  json.BeginObject().Member("accounts", accounts.size());
  if (options.records) json.Name("read_again").BeginArray();
  for (const library::AccountRow& account : accounts) {
    ASSIGN_OR_RETURN(const Reindexed done, ReindexOne(context, desk, options, account));
    if (done.again.records_lost > 0) context.exit_code = kFailed;
    if (options.records && context.json) AddJson(json, done);
    if (options.records && !context.json) SayAgain(done);
  }
  if (options.records) json.EndArray();
  json.EndObject();
  if (context.json) {
    PrintJson(json.text());
  } else {
    Say(fmt::format("The search index of {} is new.",
                    Plural(accounts.size(), "account", "accounts")));
  }
  return {};
}

}  // namespace

void AddReindex(cli::Command& app, Context& context) {
  cli::Command command = app.AddCommand(
      "reindex", "make the search index anew; with --records also what received files say");
  command.Footer(
      "The index holds nothing of its own. With --records the received files that are kept are\n"
      "read again by this version of Valise: what it understands better is taken in, documents\n"
      "that were damaged are made again, and what services put, you edited or had forgotten stays\n"
      "as it is. Do so after an update.\n\n"
      "Examples:\n"
      "  valise reindex\n"
      "  valise reindex --account anna\n"
      "  valise reindex --records\n"
      "  valise reindex --records --json | jq '.read_again[].imports[].files[] | "
      "select(.changed)'");
  auto options = std::make_shared<Options>();
  command.AddOption("--account", options->account, "id or user name; all accounts when absent");
  command.AddFlag("--records", options->records, "read the received files again, too");
  OnRun(command, context, [&context, options] { return Run(context, *options); });
}

}  // namespace valise::app
