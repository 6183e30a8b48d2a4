// `valise forget`: takes records, media and conversations out of an account, for good.

#include <fmt/format.h>

#include <memory>
#include <thread>

#include "base/json_writer.h"
#include "context.h"
#include "output.h"
#include "server_rooms.h"

namespace valise::app {
namespace {

constexpr std::chrono::milliseconds kLookAgain{100};
constexpr std::chrono::seconds kPatience{60};

struct Options {
  std::string account;
  std::vector<std::string> records, media, conversations;
  bool dry_run = false;
  MailWords words;
};

template <typename Name>
Status Take(const std::vector<std::string>& from, std::string_view option, std::vector<Name>& to) {
  for (const std::string& text : from) {
    const auto name = Name::Parse(text);
    if (!name) {
      return Fail(
          ErrorCode::kInvalidArgument,
          fmt::format("{}: `{}` is not one; `valise search --json` gives them", option, text));
    }
    to.push_back(*name);
  }
  return {};
}

Result<library::ToForget> WhatOf(const Options& options) {
  library::ToForget what;
  RETURN_IF_ERROR(Take(options.records, "--record", what.records));
  RETURN_IF_ERROR(Take(options.media, "--medium", what.media));
  RETURN_IF_ERROR(Take(options.conversations, "--conversation", what.conversations));
  if (what.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "say what: --record, --medium or --conversation");
  }
  return what;
}

uint64_t CountRecords(const library::EraseReport& report) {
  uint64_t records = 0;
  for (const uint64_t count : report.records) records += count;
  return records;
}

void Tell(const Context& context, const library::EraseReport& report, std::string_view state,
          size_t cancelled) {
  if (context.json) {
    JsonWriter json;
    json.BeginObject().Member("state", state).Name("records").BeginObject();
    for (size_t kind = 0; kind < account::kKindCount; ++kind) {
      if (report.records[kind] == 0) continue;
      json.Member(account::KindName(static_cast<account::Kind>(kind)), report.records[kind]);
    }
    json.EndObject().Member("media", report.media).Member("media_bytes", report.media_bytes);
    json.Member("originals", report.originals_cut + report.originals_redacted);
    json.Member("cancelled_requests", cancelled).EndObject();
    PrintJson(json.text());
    return;
  }
  const bool is_preview = state == "preview";
  Say(fmt::format(
      "{} {}, {} ({}), and their places in {}.", is_preview ? "Would forget" : "Forgot",
      Plural(CountRecords(report), "record", "records"), Plural(report.media, "medium", "media"),
      HumanBytes(report.media_bytes),
      Plural(report.originals_cut + report.originals_redacted, "received file", "received files")));
  if (cancelled > 0) {
    Say(fmt::format("{} that {} some of it {} cancelled.",
                    Plural(cancelled, "download", "downloads"), cancelled == 1 ? "holds" : "hold",
                    is_preview       ? "would be"
                    : cancelled == 1 ? "was"
                                     : "were"));
  }
  if (is_preview) Say("Nothing was changed.");
}

// A server knows which downloads run, and can cut them: it does the work.
Result<requests::Eraser::Done> LetTheServerDoIt(ServerRooms& rooms, std::string_view account,
                                                const library::ToForget& what) {
  ASSIGN_OR_RETURN(requests::Eraser::Done done, rooms.eraser().Order(account, what));
  for (std::chrono::milliseconds waited{0}; waited < kPatience; waited += kLookAgain) {
    ASSIGN_OR_RETURN(const bool waits, rooms.eraser().Waits(done.order));
    if (!waits) {
      done.is_done = true;
      return done;
    }
    std::this_thread::sleep_for(kLookAgain);
  }
  return done;
}

Status Run(Context& context, const Options& options) {
  ASSIGN_OR_RETURN(const library::ToForget what, WhatOf(options));
  ASSIGN_OR_RETURN(Desk desk, Desk::Open(context.data));
  ASSIGN_OR_RETURN(const auto account, FindAccount(*desk.accounts, options.account));
  ASSIGN_OR_RETURN(const auto rooms, ServerRooms::Open(context, desk, options.words));
  if (options.dry_run) {
    ASSIGN_OR_RETURN(const auto library,
                     library::Library::Open(*desk.accounts, context.data, account.id));
    ASSIGN_OR_RETURN(const library::EraseReport report, library::Look(*library, what));
    ASSIGN_OR_RETURN(const auto holding, rooms->requests().Holding(account.id, report.erased));
    Tell(context, report, "preview", holding.size());
    return {};
  }
  auto lock = FileLock::TryLock(context.data / "serve.lock");
  if (!lock && lock.error().code != ErrorCode::kConflict) return std::unexpected(lock.error());
  ASSIGN_OR_RETURN(
      const requests::Eraser::Done done,
      lock ? rooms->eraser().Forget(account.id, what) : LetTheServerDoIt(*rooms, account.id, what));
  if (!done.is_done) {
    return Fail(ErrorCode::kConflict,
                "another change of this account is running; what is to be forgotten is noted, and "
                "goes when `valise serve` runs after it");
  }
  if (CountRecords(done.report) == 0 && done.report.media == 0) {
    return Fail(ErrorCode::kNotFound, "nothing of it is in this account");
  }
  Tell(context, done.report, "done", done.cancelled.size());
  return {};
}

}  // namespace

void AddForget(cli::Command& app, Context& context) {
  cli::Command command = app.AddCommand(
      "forget",
      "take something out for good: records, media, conversations; nothing brings it back");
  command.Footer(
      "Out of records, received files, search and disk. Downloads that wait and hold it are\n"
      "cancelled. `valise search --json` gives keys and digests.\n\n"
      "Examples:\n"
      "  valise forget anna --record 1f3c0998aa27be65c0a41c9d0e55b1d2 --dry-run\n"
      "  valise forget anna --record \"$(valise search lighthouse --json | jq -r "
      "'.hits[0].key')\"\n"
      "  valise forget anna --medium SHA256 --medium SHA256\n"
      "  valise forget anna --conversation KEY");
  auto options = std::make_shared<Options>();
  command.AddOption("account", options->account, "id or user name").Required();
  command.AddOption("--record", options->records, "key of a record").TypeName("KEY");
  command.AddOption("--medium", options->media, "SHA-256 of a photo, video or sound")
      .TypeName("SHA256");
  command.AddOption("--conversation", options->conversations, "key of a conversation")
      .TypeName("KEY");
  command.AddFlag("--dry-run", options->dry_run, "only say what would go");
  command.AddOption("--public-url", options->words.public_url,
                    "of the server, for mails about cancelled downloads");
  command.AddOption("--name", options->words.server_name, "what the server calls itself, in mails");
  command.AddOption("--mail-from", options->words.from, "sender of the mails");
  OnRun(command, context, [&context, options] { return Run(context, *options); });
}

}  // namespace valise::app
