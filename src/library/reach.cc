#include "library/reach.h"

#include "account/import_row.h"
#include "library/forget_records.h"
#include "library/live_journal.h"

namespace valise::library {

Status AddReached(const Library& library, const Digest& digest, const Head& head,
                  std::unordered_set<Digest>& to) {
  to.insert(digest);
  for (const DocumentRow& row : head.documents) to.insert(row.digest);
  for (const ListRow& row : head.media) {
    // A list that another head named too was read for that.
    if (!to.insert(row.digest).second) continue;
    ASSIGN_OR_RETURN(const std::string text, library.ReadList(row));
    ASSIGN_OR_RETURN(const std::vector<MediumRow> media, ParseMediumRows(text));
    for (const MediumRow& medium : media) to.insert(medium.digest);
  }
  for (const ImportEntry& entry : head.imports) {
    if (!to.insert(entry.files.digest).second) continue;
    ASSIGN_OR_RETURN(const std::string text, library.ReadList(entry.files));
    ASSIGN_OR_RETURN(const auto files, account::ParseOriginalFiles(text));
    for (const account::OriginalFile& file : files) {
      if (file.digest) to.insert(*file.digest);
    }
  }
  if (head.issues) to.insert(head.issues->digest);
  if (head.tombstones) to.insert(head.tombstones->digest);
  return {};
}

Status AddWaiting(const Library& library, std::unordered_set<Digest>& to) {
  const fs::path folder = library.folder() / kLiveFolder;
  ASSIGN_OR_RETURN(const std::vector<uint64_t> segments, ListSegments(folder));
  for (const uint64_t number : segments) {
    ASSIGN_OR_RETURN(SegmentReader reader, SegmentReader::Open(SegmentPath(folder, number)));
    while (true) {
      ASSIGN_OR_RETURN(const std::optional<LiveFrame> frame, reader.Next());
      if (!frame) break;
      if (!frame->names_media) continue;
      ForEachHexRun(frame->line, [&](std::string_view hex) {
        if (const auto digest = Digest::Parse(hex)) to.insert(*digest);
        return true;
      });
    }
  }
  return {};
}

}  // namespace valise::library
