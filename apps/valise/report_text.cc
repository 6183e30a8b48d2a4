#include "report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "account/kept_files.h"
#include "imports/issue_advice.h"
#include "output.h"

namespace valise::app {
namespace {

using account::Fate;
using account::Kind;

// Of many equal issues a person reads the first few; --json has them all.
constexpr size_t kShownIssues = 12;

// Of many files a person reads the first few; --json has them all.
constexpr size_t kShownFiles = 12;

account::KeptByCategory KeptOf(const std::vector<imports::FileReport>& files) {
  account::KeptByCategory kept;
  for (const auto& report : files) account::Count(kept, report.file);
  return kept;
}

// "ads 2 (1.4 kB), apps and websites 1 (0 bytes)".
std::string KeptText(const account::KeptByCategory& kept) {
  std::string text;
  for (const auto& [category, of] : kept) {
    std::string words = category;
    std::ranges::replace(words, '_', ' ');
    text += fmt::format("{}{} {} ({})", text.empty() ? "" : ", ", words, HumanCount(of.files),
                        HumanBytes(of.bytes));
  }
  return text;
}

// What was not understood, and what is only kept.
std::string RestText(const std::vector<imports::FileReport>& files) {
  uint64_t seen = 0, understood = 0;
  size_t partly = 0;
  std::string lines;
  for (const auto& report : files) {
    if (report.file.fate != Fate::kParsed) continue;
    seen += report.file.seen;
    understood += report.file.understood;
    if (report.file.seen == report.file.understood || ++partly > kShownFiles) continue;
    lines += fmt::format("  - {}: {} of {}\n", report.file.path, HumanCount(report.file.understood),
                         HumanCount(report.file.seen));
  }
  if (partly > kShownFiles) {
    lines += fmt::format("  … and {} more; --json lists them all\n", partly - kShownFiles);
  }
  std::string text = fmt::format("Entries understood: {} of {}{}\n{}", HumanCount(understood),
                                 HumanCount(seen), partly > 0 ? "; the rest is kept:" : "", lines);
  const std::string kept = KeptText(KeptOf(files));
  return kept.empty() ? text : text + fmt::format("Kept as they are: {}\n", kept);
}

std::string FatesText(const std::vector<imports::FileReport>& files) {
  std::map<Fate, uint64_t> fates;
  for (const auto& file : files) ++fates[file.file.fate];
  std::string text = fmt::format("{}:", Plural(files.size(), "file", "files"));
  for (const auto& [fate, count] : fates) {
    text += fmt::format(" {} {},", HumanCount(count), account::FateName(fate));
  }
  text.back() = '\n';
  return text;
}

std::string IssuesText(const std::vector<account::Issue>& issues, uint64_t missing_media) {
  if (issues.empty()) return missing_media == 0 ? "No issues.\n" : "No other issues.\n";
  uint64_t total = 0;
  for (const auto& issue : issues) total += issue.count;
  std::string text = fmt::format("{}:\n", Plural(total, "issue", "issues"));
  for (size_t i = 0; i < std::min(issues.size(), kShownIssues); ++i) {
    const account::Issue& issue = issues[i];
    text += fmt::format("  - {}{}{}\n", issue.path.empty() ? "" : issue.path + ": ", issue.message,
                        issue.count > 1 ? fmt::format(" ({} times)", HumanCount(issue.count)) : "");
  }
  if (issues.size() > kShownIssues) {
    text += fmt::format("  … and {} more; --json lists them all\n", issues.size() - kShownIssues);
  }
  return text;
}

void AddFiles(JsonWriter& json, const std::vector<imports::FileReport>& files) {
  json.Name("files").BeginArray();
  for (const auto& [file, note, generation] : files) {
    json.BeginObject().Member("path", file.path).Member("fate", account::FateName(file.fate));
    json.Member("size", file.size);
    if (file.fate == Fate::kParsed) {
      json.Member("generation", generation).Member("seen", file.seen);
      json.Member("understood", file.understood);
      json.Member("only_kept", file.seen - std::min(file.seen, file.understood));
    }
    if (!file.category.empty()) json.Member("category", file.category);
    if (!note.empty()) json.Member("note", note);
    json.EndObject();
  }
  json.EndArray();
}

// Every received file has one fate: they add up to `received`.
void AddFates(JsonWriter& json, const std::vector<imports::FileReport>& files) {
  std::map<Fate, uint64_t> fates;
  for (const auto& file : files) ++fates[file.file.fate];
  json.Name("fates").BeginObject().Member("received", files.size());
  for (const Fate fate : {Fate::kParsed, Fate::kMedium, Fate::kKept, Fate::kDuplicate, Fate::kJunk,
                          Fate::kBroken, Fate::kRedacted}) {
    json.Member(account::FateName(fate), fates[fate]);
  }
  json.EndObject().Name("kept");
  account::Write(json, KeptOf(files));
}

void AddIssues(JsonWriter& json, const std::vector<account::Issue>& issues) {
  json.Name("issues").BeginArray();
  for (const account::Issue& issue : issues) {
    json.BeginObject().Member("code", issue.code).Member("path", issue.path);
    json.Member("message", issue.message).Member("count", issue.count);
    json.Member("what_to_do", imports::WhatToDo(issue.code)).EndObject();
  }
  json.EndArray();
}

void AddArchive(JsonWriter& json, std::string_view service, std::string_view generation,
                const std::optional<Timestamp>& date) {
  json.Member("service", service).Member("generation", generation);
  if (date) json.Member("date", *date);
}

}  // namespace

std::string KindCount(Kind kind, uint64_t count) {
  return Plural(count, account::KindName(kind), account::KindPlural(kind));
}

std::string InspectionText(const imports::Inspection& inspection) {
  std::string text =
      fmt::format("{}{}\n", inspection.generation,
                  inspection.date ? ", of " + FormatTime(*inspection.date).substr(0, 10) : "");
  if (inspection.profile) text += fmt::format("Account: @{}\n", inspection.profile->username);
  for (size_t kind = 0; kind < account::kKindCount; ++kind) {
    if (inspection.records[kind] == 0) continue;
    text += fmt::format("  {}\n", KindCount(static_cast<Kind>(kind), inspection.records[kind]));
  }
  text += fmt::format("  {}, {}\n", Plural(inspection.media, "photo or video", "photos and videos"),
                      HumanBytes(inspection.media_bytes));
  if (inspection.missing_media != 0) {
    text += fmt::format("  {} that the archive names but does not hold\n",
                        Plural(inspection.missing_media, "photo or video", "photos and videos"));
  }
  return text + FatesText(inspection.files) + RestText(inspection.files) +
         IssuesText(inspection.issues, inspection.missing_media);
}

std::string InspectionJson(const imports::Inspection& inspection) {
  JsonWriter json;
  json.BeginObject();
  AddArchive(json, inspection.service, inspection.generation, inspection.date);
  if (inspection.profile) json.Member("username", inspection.profile->username);
  json.Name("records").BeginObject();
  for (size_t kind = 0; kind < account::kKindCount; ++kind) {
    json.Member(account::KindName(static_cast<Kind>(kind)), inspection.records[kind]);
  }
  json.EndObject();
  json.Name("media").BeginObject().Member("count", inspection.media);
  json.Member("bytes", inspection.media_bytes)
      .Member("missing", inspection.missing_media)
      .EndObject();
  AddFates(json, inspection.files);
  AddFiles(json, inspection.files);
  AddIssues(json, inspection.issues);
  json.EndObject();
  return json.Take();
}

std::string ReportText(const imports::ArchiveReport& report) {
  if (report.import.already_here) {
    return "This archive had been taken in before: nothing new.\n" + FatesText(report.files);
  }
  std::string text = fmt::format("Taken in: {}\n", report.generation);
  uint64_t missing = 0;
  for (size_t kind = 0; kind < account::kKindCount; ++kind) {
    const library::KindReport& k = report.import.kinds[kind];
    if (k.found == 0 && k.absent == 0) continue;
    missing += k.missing_media;
    text += fmt::format(
        "  {}: {} new, {} completed, {} already here{}{}{}\n",
        KindCount(static_cast<Kind>(kind), k.found), HumanCount(k.added), HumanCount(k.merged),
        HumanCount(k.already),
        k.absent != 0 ? fmt::format(", {} marked: a newer archive does not have {} any more",
                                    HumanCount(k.absent), k.absent == 1 ? "it" : "them")
                      : "",
        k.missing_media != 0
            ? fmt::format(", {} without their photo or video", HumanCount(k.missing_media))
            : "",
        k.forgotten != 0 ? fmt::format(", {} left out: forgotten", HumanCount(k.forgotten)) : "");
  }
  text +=
      fmt::format("  {} new, {} already here, {}\n",
                  Plural(report.import.media_added, "photo or video", "photos and videos"),
                  HumanCount(report.import.media_already), HumanBytes(report.import.media_bytes));
  if (report.import.media_filled != 0) {
    text += fmt::format("  {} filled in: named by one archive, brought by another\n",
                        Plural(report.import.media_filled, "photo or video", "photos and videos"));
  }
  if (missing != 0) {
    text += fmt::format("  {} missing: named, but in no archive yet; `valise issues` says where\n",
                        Plural(missing, "photo or video", "photos and videos"));
  }
  if (report.import.perhaps_same != 0) {
    text += fmt::format(
        "  {} perhaps the same as what was here: both are kept; `valise issues` "
        "says which\n",
        Plural(report.import.perhaps_same, "new record is", "new records are"));
  }
  return text + FatesText(report.files) + RestText(report.files) +
         IssuesText(report.issues, missing);
}

std::string ReportJson(const imports::ArchiveReport& report, std::string_view account_id) {
  JsonWriter json;
  json.BeginObject().Member("account", account_id).Member("import", report.import.import_id);
  json.Member("head", report.import.head.Hex()).Member("already_here", report.import.already_here);
  AddArchive(json, report.service, report.generation, report.date);
  json.Name("records").BeginObject();
  for (size_t kind = 0; kind < account::kKindCount; ++kind) {
    const library::KindReport& k = report.import.kinds[kind];
    json.Name(account::KindName(static_cast<Kind>(kind))).BeginObject();
    json.Member("found", k.found).Member("new", k.added).Member("merged", k.merged);
    json.Member("already", k.already).Member("absent", k.absent);
    json.Member("missing_media", k.missing_media);
    json.Member("forgotten", k.forgotten).EndObject();
  }
  json.EndObject();
  json.Name("media").BeginObject().Member("new", report.import.media_added);
  json.Member("already", report.import.media_already)
      .Member("filled_in", report.import.media_filled)
      .Member("forgotten", report.import.media_forgotten)
      .Member("bytes", report.import.media_bytes)
      .EndObject()
      .Member("perhaps_same", report.import.perhaps_same);
  AddFates(json, report.files);
  AddFiles(json, report.files);
  AddIssues(json, report.issues);
  json.EndObject();
  return json.Take();
}

}  // namespace valise::app
