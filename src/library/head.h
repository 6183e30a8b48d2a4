// The head: the document that lists all documents and media of an account at one moment
// (docs/formats/head.md).
//
// A head's digest is a snapshot: everything it names is immutable. Thread safety: plain values.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account/import_row.h"
#include "account/records.h"
#include "base/digest.h"
#include "base/result.h"
#include "base/time.h"

namespace valise::library {

// A sealed document: a JSON array, one record a line ("[\n{…},\n{…}\n]\n"), kept as an open deflate
// blob. Its .js twin in a viewer is `valise("<digest hex>",` + the same bytes + `);`
// (docs/formats/documents.md).
struct DocumentRow {
  Digest digest;             // of the JSON; the blob's name
  Digest twin_digest;        // SHA-256 of the twin's text
  uint32_t crc = 0;          // of the JSON
  uint64_t size = 0;         // of the JSON
  uint64_t stored_size = 0;  // of the open deflate stream
  account::Kind kind{};
  std::string
      name;  // readable, unique in the head, safe: "posts/2024", "messages/ann-1f3c09/2021-2"
  std::optional<Key> conversation;  // of messages
  uint64_t records = 0;
  std::optional<Timestamp> first;  // earliest and latest time of its records
  std::optional<Timestamp> last;
  // Media of its records that are missing (account::IsMissing). 0 also in heads of before it was
  // counted.
  uint64_t missing = 0;
  uint64_t absent = 0;  // its records that a newer archive no longer has
  bool operator==(const DocumentRow&) const = default;
};

// One medium of the account: each content once. Media rows are lines of documents of their own
// ("media/2024"), so that the head stays small.
struct MediumRow {
  Digest digest;
  uint32_t crc = 0;
  uint64_t size = 0;
  uint64_t stored_size = 0;
  bool deflated = false;  // complete deflate stream (rare: a medium that came deflated is stored as
                          // it came only if that is smaller)
  std::string type;       // "image/jpeg"
  std::optional<Timestamp> time;
  std::string name;  // "2024/2024-07-07_20.35.31_3fa9c1d2.jpg": dated, readable, unique, safe on
                     // every system
  std::vector<account::Kind> used_by;  // kinds of the records that show it; empty: listed nowhere
  bool operator==(const MediumRow&) const = default;
};

// A sealed list of rows that is not of records: media or the files of an import. Same form and
// encoding as a document.
struct ListRow {
  Digest digest;
  Digest twin_digest;  // as of documents
  uint32_t crc = 0;
  uint64_t size = 0;
  uint64_t stored_size = 0;
  std::string name;  // "media/2024", "originals/9f1c…"
  uint64_t rows = 0;
  uint64_t bytes = 0;  // sum of the sizes of what it lists
  bool operator==(const ListRow&) const = default;
};

struct ImportEntry {
  account::ImportInfo info;
  ListRow files;  // lines: account::OriginalFile
  bool operator==(const ImportEntry&) const = default;
};

struct Counts {
  std::array<uint64_t, account::kKindCount> records{};
  uint64_t media = 0;
  uint64_t media_bytes = 0;
  uint64_t photos = 0, photo_bytes = 0, videos = 0, video_bytes = 0;
  bool operator==(const Counts&) const = default;
};

struct Head {
  std::string service;   // "instagram"
  std::string username;  // of the profile
  Timestamp time{};      // when it was committed; every date of a bundle comes from here
  std::optional<Digest> parent;
  std::vector<ImportEntry> imports;    // by time
  std::vector<DocumentRow> documents;  // by name
  std::vector<ListRow> media;          // by name
  std::optional<ListRow> issues;       // lines: account::Issue, with the import's id
  std::optional<ListRow> tombstones;   // lines: Tombstone (tombstones.h)
  Counts counts;
  bool operator==(const Head&) const = default;
};

std::string ToJson(const Head& head);
// Errors: kCorrupt (names the member), kUnsupported (made by a newer Valise).
Result<Head> ParseHead(std::string_view json);

// One line, without a line end.
std::string ToJson(const MediumRow& row);
Result<std::vector<MediumRow>> ParseMediumRows(std::string_view document);

}  // namespace valise::library
