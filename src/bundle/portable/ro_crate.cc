#include "bundle/portable/ro_crate.h"

#include <fmt/format.h>

#include <vector>

namespace valise::bundle {
namespace {

struct Part {
  std::string id;  // relative to data/
  bool is_folder = false;
  std::string type;  // of a file: "application/json"
  std::string name;
  uint64_t size = 0;  // 0: not told
};

void WriteReference(JsonWriter& to, std::string_view member, std::string_view id) {
  to.Name(member).BeginObject().Member("@id", id).EndObject();
}

void Write(JsonWriter& to, const Part& part) {
  to.BeginObject().Member("@id", part.id).Member("@type", part.is_folder ? "Dataset" : "File");
  to.Member("name", part.name);
  if (!part.type.empty()) to.Member("encodingFormat", part.type);
  if (part.size != 0) to.Member("contentSize", std::to_string(part.size));
  to.EndObject();
}

std::vector<Part> PartsOf(const BundleIndex& index, const Selection& selection,
                          const Report& report) {
  const std::string json = "application/json";
  std::vector<Part> parts = {
      {"account.json", false, json, "Whose account this is, and as of when", 0},
      {"report.json", false, json, "What was expected, what is here, what is missing and why", 0},
      {"schema/", true, "", "JSON Schemas of the records", 0},
      {"records/", true, "", "Records, one document a kind and year", 0},
  };
  if (report.issues_total > 0) {
    parts.push_back({"issues.json", false, json, "What could not be carried, import by import", 0});
  }
  if (report.media > 0) parts.push_back({"media/", true, "", "Photos, videos and sound", 0});
  if (selection.originals && selection.IsComplete() && !report.imports.empty()) {
    parts.push_back({"originals/", true, "", "Files as they were received", 0});
  }
  if (index.documents.size() > kListedInCrate) return parts;
  for (const library::DocumentRow& row : index.documents) {
    parts.push_back({fmt::format("records/{}.json", row.name), false, json,
                     fmt::format("{} {}", row.records, account::KindPlural(row.kind)), row.size});
  }
  return parts;
}

}  // namespace

std::string RoCrateJson(const Account& account, const Selection& selection, std::string_view title,
                        const BundleIndex& index, const Report& report) {
  const library::Head& head = account.head;
  const std::vector<Part> parts = PartsOf(index, selection, report);
  JsonWriter to;
  to.BeginObject()
      .Member("@context", "https://w3id.org/ro/crate/1.1/context")
      .Name("@graph")
      .BeginArray();
  to.BeginObject().Member("@id", "ro-crate-metadata.json").Member("@type", "CreativeWork");
  WriteReference(to, "about", "./");
  WriteReference(to, "conformsTo", "https://w3id.org/ro/crate/1.1");
  to.EndObject();

  to.BeginObject().Member("@id", "./").Member("@type", "Dataset").Member("name", title);
  to.Member("description", fmt::format("What @{} shared on {}, as of {}.", head.username,
                                       head.service, FormatTime(head.time)));
  to.Member("datePublished", FormatTime(head.time).substr(0, 10));
  WriteReference(to, "license", "#rights");
  WriteReference(to, "author", "#member");
  to.Name("hasPart").BeginArray();
  for (const Part& part : parts) to.BeginObject().Member("@id", part.id).EndObject();
  to.EndArray().EndObject();

  to.BeginObject().Member("@id", "#rights").Member("@type", "CreativeWork");
  to.Member("name", "Personal data of the member");
  to.Member(
      "description",
      "Given to the member whose account it is. Messages and comments may be by other people.");
  to.EndObject();
  to.BeginObject().Member("@id", "#member").Member("@type", "Person").Member("name", head.username);
  to.EndObject();
  for (const Part& part : parts) Write(to, part);
  to.EndArray().EndObject();
  return to.Take();
}

}  // namespace valise::bundle
