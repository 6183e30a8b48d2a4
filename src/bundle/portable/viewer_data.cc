#include "bundle/portable/viewer_data.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/html.h"

namespace valise::bundle {
namespace {

constexpr std::string_view kMarker = "<!--valise:account-->";
constexpr int kVersion = 1;

std::string Script(std::string_view name, std::string_view json) {
  return fmt::format("valise(\"{}\",{});\n", name, json);
}

void Write(JsonWriter& to, const library::DocumentRow& row) {
  to.BeginObject().Member("kind", account::KindName(row.kind)).Member("name", row.name);
  to.Member("digest", row.digest.Hex()).Member("records", row.records);
  if (row.first) to.Member("first", *row.first);
  if (row.last) to.Member("last", *row.last);
  if (row.conversation) to.Member("conversation", row.conversation->Hex());
  to.EndObject();
}

void WriteChoices(JsonWriter& to, const Selection& selection) {
  to.BeginObject();
  if (!selection.HasAllKinds()) {
    to.Name("kinds").BeginArray();
    for (size_t i = 0; i < account::kKindCount; ++i) {
      const auto kind = static_cast<account::Kind>(i);
      if (selection.Has(kind)) to.String(account::KindName(kind));
    }
    to.EndArray();
  }
  if (selection.from) to.Member("from", *selection.from);
  if (selection.until) to.Member("until", *selection.until);
  to.EndObject();
}

}  // namespace

std::string AccountJson(const Account& account, const Selection& selection, const Report& report) {
  const library::Head& head = account.head;
  JsonWriter to;
  to.BeginObject().Member("format", "valise-account-1").Member("service", head.service);
  to.Member("username", head.username).Member("as_of", head.time);
  to.Member("head", account.head_digest.Hex()).Member("complete", selection.IsComplete());
  to.Name("imports").BeginArray();
  for (const library::ImportEntry& import : head.imports) to.Raw(account::ToJson(import.info));
  to.EndArray().Name("counts");
  WriteCounts(to, report);
  to.EndObject();
  return to.Take();
}

std::string IndexScript(const Account& account, const Selection& selection,
                        const BundleIndex& index, const Report& report) {
  const library::Head& head = account.head;
  JsonWriter to;
  to.BeginObject().Member("version", kVersion).Name("account").BeginObject();
  to.Member("service", head.service).Member("username", head.username).EndObject();
  to.Member("as_of", head.time).Name("selection");
  WriteChoices(to, selection);
  to.Name("counts");
  WriteCounts(to, report);
  to.Member("media_folder", kMediaFolder).Name("documents").BeginArray();
  std::vector<const library::DocumentRow*> documents;
  for (const library::DocumentRow& row : index.documents) documents.push_back(&row);
  std::ranges::sort(documents, {}, &library::DocumentRow::name);
  for (const library::DocumentRow* row : documents) Write(to, *row);
  to.EndArray().Name("media").BeginArray();
  for (const BundleIndex::MediaList& list : index.media) {
    to.BeginObject().Member("name", list.name).Member("digest", list.digest.Hex());
    to.Member("rows", list.rows).EndObject();
  }
  to.EndArray().EndObject();
  return Script("index", to.text());
}

std::string ReportScript(std::string_view report) { return Script("report", report); }

std::string StartPage(std::string_view page, const library::Head& head) {
  std::string text(page);
  const size_t at = text.find(kMarker);
  CHECK(at != std::string::npos);
  text.replace(at, kMarker.size(),
               fmt::format("<p>@{} · {}</p>", EscapeHtml(head.username), FormatTime(head.time)));
  return text;
}

}  // namespace valise::bundle
