#include "library/reach.h"

#include "account/import_row.h"

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

}  // namespace valise::library
