// `valise search`: finds records of an account.

#include <fmt/format.h>

#include <memory>
#include <set>

#include "account/record_json.h"
#include "base/json_writer.h"
#include "context.h"
#include "library/index.h"
#include "output.h"

namespace valise::app {
namespace {

struct Options {
  std::string text;
  std::string account;
  std::vector<std::string> kinds;
  std::vector<std::string> records;  // keys, instead of words
  std::string from, until;
  uint32_t limit = 20;
};

constexpr size_t kShownBytes = 160;

Result<library::SearchQuery> QueryOf(const Options& options) {
  library::SearchQuery query;
  query.text = options.text;
  query.limit = options.limit;
  for (const std::string& name : options.kinds) {
    const auto kind = account::ParseKind(name);
    if (!kind) return Fail(ErrorCode::kInvalidArgument, fmt::format("there is no kind `{}`", name));
    query.kinds.push_back(*kind);
  }
  ASSIGN_OR_RETURN(query.from, ParseDay(options.from));
  ASSIGN_OR_RETURN(query.until, ParseDay(options.until));
  return query;
}

std::string TextOf(const account::Record& record) {
  return std::visit(
      [](const auto& r) -> std::string {
        if constexpr (requires { r.text; }) {
          return r.text;
        } else if constexpr (requires { r.title; }) {
          return r.title;
        } else {
          return r.username;
        }
      },
      record);
}

std::string OneLine(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return text.substr(0, kShownBytes);
}

Result<std::vector<library::SearchHit>> SearchWords(const Context& context, const Options& options,
                                                    const library::Library& library) {
  ASSIGN_OR_RETURN(const library::SearchQuery query, QueryOf(options));
  ASSIGN_OR_RETURN(const auto index, library::Index::Open(library));
  Progress bar(context);
  RETURN_IF_ERROR(index->Update([&](uint64_t done, uint64_t total) {
    bar.Update("Making it searchable", Progress::Unit::kItems, done, total);
  }));
  bar.Clear();
  return index->Search(query);
}

// The index does not know keys: all documents are read.
Result<std::vector<library::SearchHit>> FindRecords(const Options& options,
                                                    const library::Library& library) {
  std::set<Key> keys;
  for (const std::string& text : options.records) {
    ASSIGN_OR_RETURN(const Key key, Key::Parse(text));
    keys.insert(key);
  }
  std::vector<library::SearchHit> hits;
  ASSIGN_OR_RETURN(const auto snapshot, library.Current());
  if (!snapshot) return hits;
  for (const library::DocumentRow& row : snapshot->head.documents) {
    ASSIGN_OR_RETURN(const auto records, library.ReadRecords(row));
    for (const account::Record& record : records) {
      const auto& key = account::CommonOf(record).key;
      if (!key || !keys.contains(*key)) continue;
      hits.push_back({.kind = row.kind, .json = account::ToJson(record)});
    }
  }
  return hits;
}

Status Run(const Context& context, const Options& options) {
  ASSIGN_OR_RETURN(Desk desk, Desk::Open(context.data));
  ASSIGN_OR_RETURN(const auto account, FindAccount(*desk.accounts, options.account));
  ASSIGN_OR_RETURN(const auto library,
                   library::Library::Open(*desk.accounts, context.data, account.id));
  ASSIGN_OR_RETURN(const auto hits, options.records.empty()
                                        ? SearchWords(context, options, *library)
                                        : FindRecords(options, *library));
  if (context.json) {
    JsonWriter json;
    json.BeginObject().Name("hits").BeginArray();
    for (const auto& hit : hits) json.Raw(hit.json);
    json.EndArray().EndObject();
    PrintJson(json.text());
    return {};
  }
  account::RecordParser parser;
  for (const auto& hit : hits) {
    ASSIGN_OR_RETURN(const account::Record record, parser.Parse(hit.json));
    const auto time = account::TimeOf(record);
    Say(fmt::format("{:<20} {:<12} {}", time ? FormatTime(*time).substr(0, 19) : "",
                    account::KindName(hit.kind), OneLine(TextOf(record))));
  }
  if (hits.empty()) Say("Nothing found.");
  return {};
}

}  // namespace

void AddSearch(cli::Command& app, Context& context) {
  cli::Command command =
      app.AddCommand("search", "find posts, messages and the rest; newest first");
  command.Footer(
      "Accents, case and the forms of letters do not matter.\n\n"
      "Examples:\n"
      "  valise search lighthouse\n"
      "  valise search 'summer lake' --kind message --from 2021-06-01 --until 2021-09-01\n"
      "  valise search café --json | jq '.hits[].text'\n"
      "  valise search --record 1f3c09a2b4d5e6f708192a3b4c5d6e7f");
  auto options = std::make_shared<Options>();
  cli::Command what = command.AddOneOf("what");
  what.AddOption("words", options->text, "all of them must occur");
  what.AddOption("--record", options->records,
                 "records by key instead, as `valise issues` names them")
      .TypeName("KEY");
  command.AddOption("--account", options->account, "id or user name, when there are several");
  command.AddOption("--kind", options->kinds, "post, story, comment, conversation, message, …");
  command.AddOption("--from", options->from, "first day, 2024-07-07").TypeName("DAY");
  command.AddOption("--until", options->until, "day before which").TypeName("DAY");
  command.AddOption("--limit", options->limit, "how many").ShowDefault();
  OnRun(command, context, [&context, options] { return Run(context, *options); });
}

}  // namespace valise::app
