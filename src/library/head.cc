#include "library/head.h"

#include <simdjson.h>

#include "account/json_members.h"
#include "base/json_writer.h"

namespace valise::library {
namespace {

using account::JsonMembers;
using simdjson::dom::element;

constexpr std::string_view kFormat = "valise-head-1";
constexpr std::string_view kFormatFamily = "valise-head-";
constexpr size_t kHeadLimit = 256u << 20;
constexpr size_t kRowsLimit = 64u << 20;

// ---- writing ----

void WriteSeal(JsonWriter& to, const Digest& digest, const Digest& twin, uint32_t crc,
               uint64_t size, uint64_t stored_size) {
  to.Member("digest", digest.Hex()).Member("twin", twin.Hex()).Member("crc", crc);
  to.Member("size", size).Member("stored_size", stored_size);
}

void Write(JsonWriter& to, const DocumentRow& row) {
  to.BeginObject().Member("name", row.name).Member("kind", account::KindName(row.kind));
  WriteSeal(to, row.digest, row.twin_digest, row.crc, row.size, row.stored_size);
  to.Member("records", row.records);
  if (row.conversation) to.Member("conversation", row.conversation->Hex());
  if (row.first) to.Member("first", *row.first);
  if (row.last) to.Member("last", *row.last);
  if (row.missing != 0) to.Member("missing", row.missing);
  if (row.absent != 0) to.Member("absent", row.absent);
  to.EndObject();
}

void Write(JsonWriter& to, const ListRow& row) {
  to.BeginObject().Member("name", row.name);
  WriteSeal(to, row.digest, row.twin_digest, row.crc, row.size, row.stored_size);
  to.Member("rows", row.rows).Member("bytes", row.bytes).EndObject();
}

void Write(JsonWriter& to, const ImportEntry& entry) {
  to.BeginObject().Name("info").Raw(account::ToJson(entry.info)).Name("files");
  Write(to, entry.files);
  to.EndObject();
}

void Write(JsonWriter& to, const Counts& counts) {
  to.BeginObject().Name("records").BeginObject();
  for (size_t i = 0; i < account::kKindCount; ++i) {
    if (counts.records[i] == 0) continue;
    to.Member(account::KindName(static_cast<account::Kind>(i)), counts.records[i]);
  }
  to.EndObject();
  const auto number = [&](std::string_view name, uint64_t value) {
    if (value != 0) to.Member(name, value);
  };
  number("media", counts.media);
  number("media_bytes", counts.media_bytes);
  number("photos", counts.photos);
  number("photo_bytes", counts.photo_bytes);
  number("videos", counts.videos);
  number("video_bytes", counts.video_bytes);
  to.EndObject();
}

// One row a line, so that two heads can be compared by eye.
template <typename Row>
void WriteRows(std::string& to, std::string_view name, const std::vector<Row>& rows) {
  to += ",\"";
  to += name;
  to += "\":[";
  std::string_view before = "\n";
  for (const Row& row : rows) {
    JsonWriter writer;
    Write(writer, row);
    to += before;
    to += writer.text();
    before = ",\n";
  }
  to += rows.empty() ? "]" : "\n]";
}

// ---- reading ----

void TakeSeal(JsonMembers& from, Digest& digest, Digest& twin, uint32_t& crc, uint64_t& size,
              uint64_t& stored_size) {
  from.Must().Take("digest", digest);
  from.Must().Take("twin", twin);
  from.Must().Take("crc", crc);
  from.Must().Take("size", size);
  from.Must().Take("stored_size", stored_size);
}

void TakeKind(JsonMembers& from, std::string_view name, account::Kind& to) {
  std::string text;
  from.Must().Take(name, text);
  const auto kind = account::ParseKind(text);
  if (!kind) return from.Wrong(name, "is not a kind of record");
  to = *kind;
}

Status Read(element json, DocumentRow& row) {
  JsonMembers from(json, "head: document");
  from.Must().Take("name", row.name);
  TakeKind(from, "kind", row.kind);
  TakeSeal(from, row.digest, row.twin_digest, row.crc, row.size, row.stored_size);
  from.Must().Take("records", row.records);
  from.Take("conversation", row.conversation);
  from.Take("first", row.first);
  from.Take("last", row.last);
  from.Take("missing", row.missing);
  from.Take("absent", row.absent);
  return from.Finish();
}

Status Read(element json, ListRow& row) {
  JsonMembers from(json, "head: list");
  from.Must().Take("name", row.name);
  TakeSeal(from, row.digest, row.twin_digest, row.crc, row.size, row.stored_size);
  from.Must().Take("rows", row.rows);
  from.Must().Take("bytes", row.bytes);
  return from.Finish();
}

Status Read(element json, ImportEntry& entry) {
  JsonMembers from(json, "head: import");
  if (const auto info = from.Must().Element("info")) {
    Result<account::ImportInfo> parsed = account::ParseImportInfo(simdjson::minify(*info));
    if (parsed) {
      entry.info = *std::move(parsed);
    } else {
      from.Check(Fail(ErrorCode::kCorrupt, "head: import: " + parsed.error().message));
    }
  }
  if (const auto files = from.Must().Element("files")) from.Check(Read(*files, entry.files));
  return from.Finish();
}

Status Read(element json, Counts& counts) {
  JsonMembers from(json, "head: counts");
  if (const auto records = from.Must().Element("records")) {
    JsonMembers kinds(*records, "head: counts of records");
    for (size_t i = 0; i < account::kKindCount; ++i) {
      kinds.Take(account::KindName(static_cast<account::Kind>(i)), counts.records[i]);
    }
    from.Check(kinds.Finish());
  }
  from.Take("media", counts.media);
  from.Take("media_bytes", counts.media_bytes);
  from.Take("photos", counts.photos);
  from.Take("photo_bytes", counts.photo_bytes);
  from.Take("videos", counts.videos);
  from.Take("video_bytes", counts.video_bytes);
  return from.Finish();
}

template <typename Row>
void TakeRows(JsonMembers& from, std::string_view name, std::vector<Row>& to) {
  from.Must().Each(name, [&](element json) { return Read(json, to.emplace_back()); });
}

Status Read(element json, MediumRow& row) {
  JsonMembers from(json, "media list: row");
  from.Must().Take("digest", row.digest);
  from.Must().Take("crc", row.crc);
  from.Must().Take("size", row.size);
  from.Must().Take("stored_size", row.stored_size);
  from.Take("deflated", row.deflated);
  from.Take("type", row.type);
  from.Take("time", row.time);
  from.Must().Take("name", row.name);
  from.Each("used_by", [&](element value) -> Status {
    std::string_view text;
    if (value.get_string().get(text) || !account::ParseKind(text)) {
      return Fail(ErrorCode::kCorrupt, "media list: row: \"used_by\" has what is not a kind");
    }
    row.used_by.push_back(*account::ParseKind(text));
    return {};
  });
  return from.Finish();
}

}  // namespace

std::string ToJson(const Head& head) {
  JsonWriter start;
  start.BeginObject().Member("format", kFormat).Member("service", head.service);
  start.Member("username", head.username).Member("time", head.time);
  if (head.parent) start.Member("parent", head.parent->Hex());
  std::string json = start.Take();
  WriteRows(json, "imports", head.imports);
  WriteRows(json, "documents", head.documents);
  WriteRows(json, "media", head.media);
  JsonWriter end;
  end.BeginObject();
  if (head.issues) {
    end.Name("issues");
    Write(end, *head.issues);
  }
  if (head.tombstones) {
    end.Name("tombstones");
    Write(end, *head.tombstones);
  }
  end.Name("counts");
  Write(end, head.counts);
  end.EndObject();
  json += ',';
  json += std::string_view(end.text()).substr(1);
  json += '\n';
  return json;
}

Result<Head> ParseHead(std::string_view json) {
  if (json.size() > kHeadLimit) return Fail(ErrorCode::kCorrupt, "head: it is too long");
  simdjson::dom::parser parser;
  element root;
  if (parser.parse(json.data(), json.size()).get(root)) {
    return Fail(ErrorCode::kCorrupt, "head: it is not JSON");
  }
  Head head;
  JsonMembers from(root, "head");
  std::string format;
  from.Must().Take("format", format);
  if (format != kFormat) {
    if (format.starts_with(kFormatFamily)) {
      return Fail(ErrorCode::kUnsupported,
                  "head: it was made by a newer Valise; use that version or a later one");
    }
    from.Wrong("format", "is not that of a head");
  }
  from.Must().Take("service", head.service);
  from.Must().Take("username", head.username);
  from.Must().Take("time", head.time);
  from.Take("parent", head.parent);
  TakeRows(from, "imports", head.imports);
  TakeRows(from, "documents", head.documents);
  TakeRows(from, "media", head.media);
  if (const auto issues = from.Element("issues")) from.Check(Read(*issues, head.issues.emplace()));
  if (const auto tombstones = from.Element("tombstones")) {
    from.Check(Read(*tombstones, head.tombstones.emplace()));
  }
  if (const auto counts = from.Must().Element("counts")) from.Check(Read(*counts, head.counts));
  RETURN_IF_ERROR(from.Finish());
  return head;
}

std::string ToJson(const MediumRow& row) {
  JsonWriter to;
  to.BeginObject().Member("digest", row.digest.Hex()).Member("crc", row.crc);
  to.Member("size", row.size).Member("stored_size", row.stored_size);
  if (row.deflated) to.Member("deflated", true);
  if (!row.type.empty()) to.Member("type", row.type);
  if (row.time) to.Member("time", *row.time);
  to.Member("name", row.name);
  if (!row.used_by.empty()) {
    to.Name("used_by").BeginArray();
    for (const account::Kind kind : row.used_by) to.String(account::KindName(kind));
    to.EndArray();
  }
  to.EndObject();
  return to.Take();
}

Result<std::vector<MediumRow>> ParseMediumRows(std::string_view document) {
  if (document.size() > kRowsLimit) return Fail(ErrorCode::kCorrupt, "media list: it is too long");
  simdjson::dom::parser parser;
  simdjson::dom::array rows;
  if (parser.parse(document.data(), document.size()).get_array().get(rows)) {
    return Fail(ErrorCode::kCorrupt, "media list: it is not a JSON array");
  }
  std::vector<MediumRow> media;
  media.reserve(rows.size());
  for (const element row : rows) RETURN_IF_ERROR(Read(row, media.emplace_back()));
  return media;
}

}  // namespace valise::library
