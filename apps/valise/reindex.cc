// `valise reindex`: makes the search index of accounts anew.

#include <fmt/format.h>

#include <memory>

#include "base/json_writer.h"
#include "context.h"
#include "library/index.h"
#include "output.h"

namespace valise::app {
namespace {

Status RebuildOne(const Context& context, Desk& desk, const library::AccountRow& account) {
  ASSIGN_OR_RETURN(const auto library,
                   library::Library::Open(*desk.accounts, context.data, account.id));
  ASSIGN_OR_RETURN(const auto index, library::Index::Open(*library));
  Progress bar(context);
  return index->Rebuild([&](uint64_t done, uint64_t total) {
    bar.Update(fmt::format("Making @{} searchable", account.username), Progress::Unit::kItems, done,
               total);
  });
}

Status Run(const Context& context, const std::string& name) {
  ASSIGN_OR_RETURN(Desk desk, Desk::Open(context.data));
  std::vector<library::AccountRow> accounts;
  if (name.empty()) {
    ASSIGN_OR_RETURN(accounts, desk.accounts->List());
  } else {
    ASSIGN_OR_RETURN(const auto account, FindAccount(*desk.accounts, name));
    accounts.push_back(account);
  }
  for (const library::AccountRow& account : accounts) {
    RETURN_IF_ERROR(RebuildOne(context, desk, account));
  }
  if (context.json) {
    JsonWriter json;
    json.BeginObject().Member("accounts", accounts.size()).EndObject();
    PrintJson(json.text());
  } else {
    Say(fmt::format("The search index of {} is new.",
                    Plural(accounts.size(), "account", "accounts")));
  }
  return {};
}

}  // namespace

void AddReindex(CLI::App& app, Context& context) {
  auto* command =
      app.add_subcommand("reindex", "make the search index anew; it holds nothing of its own");
  command->footer("Examples:\n  valise reindex\n  valise reindex --account anna");
  auto name = std::make_shared<std::string>();
  command->add_option("--account", *name, "id or user name; all accounts when absent");
  OnRun(*command, context, [&context, name] { return Run(context, *name); });
}

}  // namespace valise::app
