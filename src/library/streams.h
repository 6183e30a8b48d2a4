// Which documents records are in: buckets, and the names of their pieces
// (docs/formats/documents.md).
//
// Thread safety: pure functions and plain values.
#pragma once

#include <compare>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "library/head.h"

namespace valise::library {

// The records of one kind, conversation or relation, and year: a run of documents in the order of
// time.
struct Bucket {
  account::Kind kind{};
  std::string group;  // of messages: the conversation's key, hex; of connections: the relation,
                      // made safe; else empty
  int year = 0;       // of kinds that are parted by year, kUndated for none; else 0
  static constexpr int kUndated = -1;
  auto operator<=>(const Bucket&) const = default;
};

// REQUIRES: of a message, `conversation` is what `group` shall be.
Bucket BucketOf(const account::Record& record);
// The year's part of a bucket: 0 of kinds that are not parted by year.
int YearOf(account::Kind kind, const std::optional<Timestamp>& time);
// Where a document of a head belongs. Errors: kCorrupt (a name that no kind has).
Result<Bucket> BucketOf(const DocumentRow& row);

// The folder of each conversation ("ann-1f3c09") by key, hex.
using Folders = std::map<std::string, std::string, std::less<>>;
// Folders for conversations by title: no two are the same.
Folders NameFolders(const std::map<std::string, std::string, std::less<>>& titles);
// Those that the rows of messages have now.
Folders FoldersOf(const std::vector<DocumentRow>& rows);

// "ann-marie", at most 32 characters; `otherwise` when nothing is left.
std::string Slug(std::string_view text, std::string_view otherwise);

// The name of piece `part` (1 …) of a bucket.
std::string NameOf(const Bucket& bucket, uint32_t part, const Folders& folders);

// Orders the pieces of one bucket: by time, undated first.
void SortPieces(std::vector<DocumentRow>& rows);

}  // namespace valise::library
