#include "bundle/portable/missing.h"

#include "account/record_json.h"
#include "library/document.h"

namespace valise::bundle {

void BrokenFiles::Add(std::string_view path) {
  paths_.emplace(path);
  for (size_t at = path.find('/'); at != std::string_view::npos; at = path.find('/', at + 1)) {
    const std::string_view end = path.substr(at + 1);
    if (end.find('/') != std::string_view::npos) paths_.emplace(end);
  }
}

Status MissingMedia::Count(const ChosenDocument& document, Report& report) const {
  report.missing_count += document.row.missing;
  const bool full = report.missing.size() >= kNamedInReport;
  if (document.row.missing == 0 || (full && broken_.empty())) return {};
  if (!document.cut.empty()) return CountText(document.cut, report);
  ASSIGN_OR_RETURN(const std::string text,
                   account_.blobs.ReadContent(document.row.digest, document.row.size));
  return CountText(text, report);
}

Status MissingMedia::CountText(std::string_view text, Report& report) const {
  account::RecordParser parser;
  return library::ForEachLine(text, [&](std::string_view line, uint64_t) -> Status {
    ASSIGN_OR_RETURN(const account::Record record, parser.Parse(line));
    for (const account::MediaItem* item : account::MediaOf(record)) {
      if (!account::IsMissing(*item)) continue;
      const bool damaged = broken_.Contains(item->path);
      report.damaged_count += damaged ? 1 : 0;
      if (report.missing.size() >= kNamedInReport) continue;
      report.missing.push_back(
          {item->path, account::KindOf(record), account::TimeOf(record), damaged});
    }
    return {};
  });
}

}  // namespace valise::bundle
