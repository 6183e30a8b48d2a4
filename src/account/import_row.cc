#include "account/import_row.h"

#include <simdjson.h>

#include <array>

#include "account/json_members.h"
#include "base/json_writer.h"

namespace valise::account {
namespace {

using simdjson::dom::element;

constexpr size_t kDocumentLimit = 1u << 30;
constexpr int64_t kMaxZoneMinutes = 24 * 60;
constexpr std::array kFates = {Fate::kParsed, Fate::kMedium, Fate::kKept,    Fate::kDuplicate,
                               Fate::kJunk,   Fate::kBroken, Fate::kRedacted};

// Leaves out what is empty or zero.
template <typename T>
void Write(JsonWriter& to, std::string_view name, const T& value) {
  if (value != T{}) to.Member(name, value);
}

Status Read(element json, OriginalFile& file) {
  JsonMembers from(json, "list of originals");
  from.Must().Take("path", file.path);
  std::string fate;
  from.Must().Take("fate", fate);
  const auto* known = std::find_if(kFates.begin(), kFates.end(),
                                   [&](Fate candidate) { return FateName(candidate) == fate; });
  if (known == kFates.end()) {
    from.Wrong("fate", "is not one that is known here");
  } else {
    file.fate = *known;
  }
  from.Take("digest", file.digest);
  from.Take("size", file.size);
  from.Take("crc", file.crc);
  from.Take("stored_size", file.stored_size);
  from.Take("deflated", file.deflated);
  from.Take("type", file.type);
  from.Take("category", file.category);
  from.Take("seen", file.seen);
  from.Take("understood", file.understood);
  from.Take("redacted", file.redacted);
  return from.Finish();
}

Status Read(element json, ZoneSpan& zone) {
  JsonMembers from(json, "import: zones");
  from.Must().Take("from", zone.from);
  const auto minutes = from.Must().Element("minutes");
  int64_t wide = 0;
  if (!minutes || minutes->get_int64().get(wide) || std::abs(wide) > kMaxZoneMinutes) {
    from.Wrong("minutes", "is not a distance from UTC");
  }
  zone.minutes = static_cast<int32_t>(wide);
  return from.Finish();
}

Status Read(element json, ListSpan& span) {
  JsonMembers from(json, "import: spans");
  std::string kind;
  from.Must().Take("kind", kind);
  if (const auto known = ParseKind(kind)) {
    span.kind = *known;
  } else {
    from.Wrong("kind", "is not one that is known here");
  }
  from.Take("list", span.list);
  from.Must().Take("first", span.first);
  from.Must().Take("last", span.last);
  return from.Finish();
}

void WriteZones(JsonWriter& to, const std::vector<ZoneSpan>& zones) {
  if (zones.empty()) return;
  to.Name("zones").BeginArray();
  for (const ZoneSpan& zone : zones) {
    to.BeginObject().Member("from", zone.from).Member("minutes", zone.minutes).EndObject();
  }
  to.EndArray();
}

void WriteSpans(JsonWriter& to, const std::vector<ListSpan>& spans) {
  if (spans.empty()) return;
  to.Name("spans").BeginArray();
  for (const ListSpan& span : spans) {
    to.BeginObject().Member("kind", KindName(span.kind));
    Write(to, "list", span.list);
    to.Member("first", span.first).Member("last", span.last).EndObject();
  }
  to.EndArray();
}

void WriteMembers(JsonWriter& to, const Issue& issue) {
  Write(to, "code", issue.code);
  Write(to, "path", issue.path);
  Write(to, "message", issue.message);
  to.Member("count", issue.count);
}

Status Read(element json, IssueRow& row) {
  JsonMembers from(json, "list of issues");
  from.Must().Take("import", row.import);
  from.Must().Take("code", row.issue.code);
  from.Take("path", row.issue.path);
  from.Take("message", row.issue.message);
  from.Take("count", row.issue.count);
  return from.Finish();
}

}  // namespace

std::string ToJson(const OriginalFile& file) {
  JsonWriter to;
  to.BeginObject().Member("path", file.path).Member("fate", FateName(file.fate));
  if (file.digest) to.Member("digest", file.digest->Hex());
  Write(to, "size", file.size);
  Write(to, "crc", file.crc);
  Write(to, "stored_size", file.stored_size);
  Write(to, "deflated", file.deflated);
  Write(to, "type", file.type);
  Write(to, "category", file.category);
  Write(to, "seen", file.seen);
  Write(to, "understood", file.understood);
  Write(to, "redacted", file.redacted);
  to.EndObject();
  return to.Take();
}

Result<std::vector<OriginalFile>> ParseOriginalFiles(std::string_view document) {
  simdjson::dom::parser parser(kDocumentLimit);
  simdjson::dom::array rows;
  if (parser.parse(document.data(), document.size()).get_array().get(rows)) {
    return Fail(ErrorCode::kCorrupt, "list of originals: it is not a JSON array");
  }
  std::vector<OriginalFile> files;
  files.reserve(rows.size());
  for (const element row : rows) RETURN_IF_ERROR(Read(row, files.emplace_back()));
  return files;
}

std::string ToJson(const ImportInfo& info) {
  JsonWriter to;
  to.BeginObject();
  Write(to, "id", info.id);
  Write(to, "service", info.service);
  Write(to, "generation", info.generation);
  if (info.date) to.Member("date", *info.date);
  to.Member("time", info.time);
  if (!info.parts.empty()) {
    to.Name("parts").BeginArray();
    for (const std::string& part : info.parts) to.String(part);
    to.EndArray();
  }
  if (info.coarse_times) to.Member("coarse_times", true);
  WriteZones(to, info.zones);
  WriteSpans(to, info.spans);
  to.EndObject();
  return to.Take();
}

Result<ImportInfo> ParseImportInfo(std::string_view json) {
  simdjson::dom::parser parser(kDocumentLimit);
  element root;
  if (parser.parse(json.data(), json.size()).get(root)) {
    return Fail(ErrorCode::kCorrupt, "import: it is not JSON");
  }
  ImportInfo info;
  JsonMembers from(root, "import");
  from.Take("id", info.id);
  from.Take("service", info.service);
  from.Take("generation", info.generation);
  from.Take("date", info.date);
  from.Must().Take("time", info.time);
  from.Each("parts", [&](element part) -> Status {
    std::string_view text;
    if (part.get_string().get(text)) {
      return Fail(ErrorCode::kCorrupt, "import: \"parts\" has what is not a string");
    }
    info.parts.emplace_back(text);
    return {};
  });
  from.Take("coarse_times", info.coarse_times);
  from.Each("zones", [&](element zone) { return Read(zone, info.zones.emplace_back()); });
  from.Each("spans", [&](element span) { return Read(span, info.spans.emplace_back()); });
  RETURN_IF_ERROR(from.Finish());
  return info;
}

std::string ToJson(const Issue& issue) {
  JsonWriter to;
  to.BeginObject();
  WriteMembers(to, issue);
  to.EndObject();
  return to.Take();
}

std::string ToJson(const IssueRow& row) {
  JsonWriter to;
  to.BeginObject().Member("import", row.import);
  WriteMembers(to, row.issue);
  to.EndObject();
  return to.Take();
}

Result<std::vector<IssueRow>> ParseIssueRows(std::string_view document) {
  simdjson::dom::parser parser(kDocumentLimit);
  simdjson::dom::array rows;
  if (parser.parse(document.data(), document.size()).get_array().get(rows)) {
    return Fail(ErrorCode::kCorrupt, "list of issues: it is not a JSON array");
  }
  std::vector<IssueRow> issues;
  issues.reserve(rows.size());
  for (const element row : rows) RETURN_IF_ERROR(Read(row, issues.emplace_back()));
  return issues;
}

}  // namespace valise::account
