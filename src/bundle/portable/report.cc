#include "bundle/portable/report.h"

namespace valise::bundle {
namespace {

using account::Fate;
using account::Kind;

constexpr std::string_view kNotInArchive = "not_in_archive";
constexpr std::string_view kDamaged = "damaged";

void Write(JsonWriter& to, const FileTally& tally) {
  to.BeginObject().Member("received", tally.received);
  for (size_t i = 0; i < kFateCount; ++i) {
    if (tally.fates[i] != 0) to.Member(account::FateName(static_cast<Fate>(i)), tally.fates[i]);
  }
  to.EndObject();
}

void Write(JsonWriter& to, const ImportReport& import) {
  const account::ImportInfo& info = import.info;
  to.BeginObject().Member("id", info.id).Member("service", info.service);
  to.Member("generation", info.generation);
  if (info.date) to.Member("date", *info.date);
  to.Member("time", info.time).Name("files");
  Write(to, import.files);
  to.Member("seen", import.files.seen).Member("understood", import.files.understood);
  to.Name("kept");
  account::Write(to, import.files.kept);
  to.EndObject();
}

void WriteMissing(JsonWriter& to, const Report& report) {
  to.BeginObject().Member("count", report.missing_count).Name("reasons").BeginArray();
  const auto reason = [&](std::string_view name, uint64_t count) {
    if (count != 0) to.BeginObject().Member("reason", name).Member("count", count).EndObject();
  };
  reason(kNotInArchive, report.missing_count - report.damaged_count);
  reason(kDamaged, report.damaged_count);
  to.EndArray().Name("files").BeginArray();
  for (const MissingMedium& medium : report.missing) {
    to.BeginObject().Member("path", medium.path).Member("kind", account::KindName(medium.kind));
    if (medium.time) to.Member("time", *medium.time);
    to.Member("reason", medium.damaged ? kDamaged : kNotInArchive).EndObject();
  }
  to.EndArray().EndObject();
}

void WriteRecords(JsonWriter& to, const Report& report, const Account& account,
                  const Selection& selection) {
  to.BeginObject();
  for (size_t i = 0; i < account::kKindCount; ++i) {
    const auto kind = static_cast<Kind>(i);
    const uint64_t expected = account.head.counts.records[i];
    if (!selection.Has(kind) || (expected == 0 && report.packed[i] == 0)) continue;
    to.Name(account::KindName(kind)).BeginObject();
    to.Member("expected", expected).Member("packed", report.packed[i]);
    if (report.absent[i] != 0) to.Member("absent", report.absent[i]);
    to.EndObject();
  }
  to.EndObject();
}

}  // namespace

void FileTally::Add(const FileTally& other) {
  received += other.received;
  for (size_t i = 0; i < kFateCount; ++i) fates[i] += other.fates[i];
  seen += other.seen;
  understood += other.understood;
  account::Count(kept, other.kept);
}

Status ReadIssues(const Account& account, Report& report) {
  if (!account.head.issues) return {};
  const library::ListRow& row = *account.head.issues;
  ASSIGN_OR_RETURN(const std::string text, account.blobs.ReadContent(row.digest, row.size));
  ASSIGN_OR_RETURN(std::vector<account::IssueRow> rows, account::ParseIssueRows(text));
  report.issues_total = rows.size();
  for (account::IssueRow& issue : rows) {
    if (report.issues.size() == kNamedInReport) break;
    report.issues.push_back(std::move(issue.issue));
  }
  return {};
}

std::string ToJson(const Report& report, const Account& account, const Selection& selection) {
  const library::Head& head = account.head;
  JsonWriter to;
  to.BeginObject().Member("format", "valise-report-1").Name("account").BeginObject();
  to.Member("service", head.service).Member("username", head.username).EndObject();
  to.Member("as_of", head.time).Member("head", account.head_digest.Hex()).Name("selection");
  Write(to, selection);
  to.Name("records");
  WriteRecords(to, report, account, selection);
  to.Name("media").BeginObject().Member("expected", head.counts.media);
  to.Member("packed", report.media).Member("bytes", report.media_bytes).EndObject();
  to.Name("missing");
  WriteMissing(to, report);
  FileTally all;
  for (const ImportReport& import : report.imports) all.Add(import.files);
  to.Name("files");
  Write(to, all);
  to.Name("kept");
  account::Write(to, all.kept);
  to.Name("imports").BeginArray();
  for (const ImportReport& import : report.imports) Write(to, import);
  to.EndArray().Name("issues").BeginArray();
  for (const account::Issue& issue : report.issues) to.Raw(account::ToJson(issue));
  to.EndArray().Member("issues_total", report.issues_total).EndObject();
  return to.Take();
}

void WriteCounts(JsonWriter& to, const Report& report) {
  to.BeginObject();
  for (size_t i = 0; i < account::kKindCount; ++i) {
    if (report.packed[i] != 0)
      to.Member(account::KindPlural(static_cast<Kind>(i)), report.packed[i]);
  }
  to.Member("photos", report.photos).Member("videos", report.videos);
  to.Member("media", report.media).Member("media_bytes", report.media_bytes).EndObject();
}

}  // namespace valise::bundle
