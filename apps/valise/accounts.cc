// `valise accounts`: what is kept here.

#include <fmt/format.h>

#include "base/json_writer.h"
#include "context.h"
#include "output.h"

namespace valise::app {
namespace {

using account::Kind;

uint64_t CountOf(const library::Head& head, Kind kind) {
  return head.counts.records[static_cast<size_t>(kind)];
}

void AddJson(JsonWriter& json, const library::AccountRow& row, const library::Head* head) {
  json.BeginObject().Member("id", row.id).Member("service", row.service);
  json.Member("username", row.username).Member("owner", row.owner);
  if (head != nullptr) {
    json.Member("head", row.head->Hex()).Member("as_of", head->time);
    json.Name("records").BeginObject();
    for (size_t kind = 0; kind < account::kKindCount; ++kind) {
      json.Member(account::KindName(static_cast<Kind>(kind)), head->counts.records[kind]);
    }
    json.EndObject();
    json.Member("media", head->counts.media).Member("media_bytes", head->counts.media_bytes);
    json.Member("imports", head->imports.size());
  }
  json.EndObject();
}

std::string Line(const library::AccountRow& row, const library::Head* head) {
  std::string line = fmt::format("{}  {}/{}", row.id, row.service, row.username);
  if (head == nullptr) return line + "  empty";
  return line + fmt::format("  {}, {}, {}, {}, as of {}",
                            Plural(CountOf(*head, Kind::kPost), "post", "posts"),
                            Plural(CountOf(*head, Kind::kMessage), "message", "messages"),
                            Plural(head->counts.media, "medium", "media"),
                            HumanBytes(head->counts.media_bytes), FormatTime(head->time));
}

Status Run(const Context& context) {
  ASSIGN_OR_RETURN(Desk desk, Desk::Open(context.data));
  ASSIGN_OR_RETURN(const auto rows, desk.accounts->List());
  JsonWriter json;
  json.BeginObject().Name("accounts").BeginArray();
  for (const library::AccountRow& row : rows) {
    ASSIGN_OR_RETURN(const auto library,
                     library::Library::Open(*desk.accounts, context.data, row.id));
    ASSIGN_OR_RETURN(const auto snapshot, library->Current());
    const library::Head* head = snapshot ? &snapshot->head : nullptr;
    if (context.json) {
      AddJson(json, row, head);
    } else {
      Say(Line(row, head));
    }
  }
  json.EndArray().EndObject();
  if (context.json) {
    PrintJson(json.text());
  } else if (rows.empty()) {
    Say("No account yet. `valise import ARCHIVE` makes one.");
  }
  return {};
}

}  // namespace

void AddAccounts(cli::Command& app, Context& context) {
  cli::Command command = app.AddCommand("accounts", "list the accounts that are kept here");
  command.Footer("Examples:\n  valise accounts\n  valise accounts --json");
  OnRun(command, context, [&context] { return Run(context); });
}

}  // namespace valise::app
