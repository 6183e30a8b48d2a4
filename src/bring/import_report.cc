#include "bring/import_report.h"

#include <array>

#include "account/kept_files.h"
#include "base/json_writer.h"
#include "imports/issue_advice.h"

namespace valise::bring {
namespace {

using account::Fate;

void AddRecords(JsonWriter& json, const library::ImportReport& import) {
  json.Name("records").BeginObject();
  for (size_t kind = 0; kind < account::kKindCount; ++kind) {
    const library::KindReport& k = import.kinds[kind];
    if (k.found == 0 && k.absent == 0) continue;
    json.Name(account::KindPlural(static_cast<account::Kind>(kind))).BeginObject();
    json.Member("found", k.found).Member("new", k.added).Member("merged", k.merged);
    json.Member("already", k.already).Member("absent", k.absent);
    json.Member("missing_media", k.missing_media).EndObject();
  }
  json.EndObject();
}

void AddFates(JsonWriter& json, const std::vector<imports::FileReport>& files) {
  constexpr size_t kFates = static_cast<size_t>(Fate::kRedacted) + 1;
  std::array<uint64_t, kFates> fates{};
  for (const auto& file : files) ++fates[static_cast<size_t>(file.file.fate)];
  json.Name("files").BeginObject().Member("received", files.size());
  for (size_t fate = 0; fate < kFates; ++fate) {
    json.Member(account::FateName(static_cast<Fate>(fate)), fates[fate]);
  }
  json.EndObject();
  account::KeptByCategory kept;
  for (const auto& file : files) account::Count(kept, file.file);
  json.Name("kept");
  account::Write(json, kept);
}

void AddIssues(JsonWriter& json, const std::vector<account::Issue>& issues) {
  uint64_t total = 0;
  json.Name("issues").BeginArray();
  for (size_t i = 0; i < issues.size(); ++i) {
    const account::Issue& issue = issues[i];
    total += issue.count;
    if (i >= kMaxIssues) continue;
    json.BeginObject().Member("code", issue.code).Member("path", issue.path);
    json.Member("message", issue.message).Member("count", issue.count);
    json.Member("what_to_do", imports::WhatToDo(issue.code)).EndObject();
  }
  json.EndArray().Member("issues_total", total);
}

}  // namespace

std::string ImportReportJson(const imports::ArchiveReport& report) {
  JsonWriter json;
  json.BeginObject().Member("service", report.service).Member("generation", report.generation);
  if (report.date) json.Member("date", *report.date);
  json.Member("already_here", report.import.already_here);
  AddRecords(json, report.import);
  json.Name("media").BeginObject().Member("new", report.import.media_added);
  json.Member("already", report.import.media_already);
  json.Member("filled_in", report.import.media_filled);
  json.Member("bytes", report.import.media_bytes).EndObject();
  json.Member("perhaps_same", report.import.perhaps_same);
  AddFates(json, report.files);
  AddIssues(json, report.issues);
  json.EndObject();
  return json.Take();
}

}  // namespace valise::bring
