#include "bundle/portable/originals.h"

#include "bundle/portable/safe_name.h"
#include "library/document.h"

namespace valise::bundle {
namespace {

using account::Fate;
using account::OriginalFile;

// Lists are canonical JSON: these bytes are never inside a string, where quotes are escaped.
constexpr std::string_view kMedium = "\"fate\":\"medium\"";

void Count(FileTally& tally, const OriginalFile& file) {
  ++tally.fates[static_cast<size_t>(file.fate)];
  tally.seen += file.seen;
  tally.understood += file.understood;
  account::Count(tally.kept, file);
}

bool LiesInTheBundle(const OriginalFile& file) {
  return file.digest && (file.fate == Fate::kParsed || file.fate == Fate::kKept ||
                         file.fate == Fate::kBroken || file.fate == Fate::kRedacted);
}

}  // namespace

Result<ImportFiles> ReadImportFiles(const Account& account, const library::ImportEntry& import) {
  const library::ListRow& list = import.files;
  ASSIGN_OR_RETURN(const std::string text, account.blobs.ReadContent(list.digest, list.size));
  ImportFiles files;
  // Most files are media, of which only the number is wanted here: they are not parsed.
  library::TextBuilder others;
  std::vector<uint32_t> numbers;
  RETURN_IF_ERROR(library::ForEachLine(text, [&](std::string_view line, uint64_t) -> Status {
    const auto number = static_cast<uint32_t>(files.tally.received++);
    if (line.find(kMedium) != std::string_view::npos) {
      ++files.tally.fates[static_cast<size_t>(Fate::kMedium)];
      return {};
    }
    others.Line(line);
    numbers.push_back(number);
    return {};
  }));
  ASSIGN_OR_RETURN(std::vector<OriginalFile> parsed, account::ParseOriginalFiles(others.Take()));
  PlaceMaker places;
  for (size_t i = 0; i < parsed.size(); ++i) {
    Count(files.tally, parsed[i]);
    if (parsed[i].fate == Fate::kBroken) files.broken.push_back(parsed[i].path);
    if (!LiesInTheBundle(parsed[i])) continue;
    std::string place = places.PlaceOf(parsed[i].path, numbers[i]);
    files.kept.push_back({std::move(parsed[i]), std::move(place)});
  }
  return files;
}

std::string RenamedJson(const std::vector<PlacedOriginal>& kept) {
  library::TextBuilder builder;
  for (const PlacedOriginal& original : kept) {
    if (original.place == original.file.path) continue;
    JsonWriter line;
    line.BeginObject()
        .Member("path", original.file.path)
        .Member("place", original.place)
        .EndObject();
    builder.Line(line.text());
  }
  return builder.lines() == 0 ? std::string() : builder.Take();
}

}  // namespace valise::bundle
