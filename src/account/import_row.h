// What is kept of one import: what came, when, and what became of each file.
//
// Thread safety: plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account/record_sink.h"
#include "account/records.h"
#include "base/digest.h"
#include "base/result.h"
#include "base/time.h"

namespace valise::account {

// What an import told of one list: the times of its oldest and newest record
// (docs/formats/merging.md, "What a newer archive no longer has").
struct ListSpan {
  Kind kind = Kind::kPost;
  std::string list;  // a post's form, a connection's relation, a conversation's key, …
  Timestamp first{};
  Timestamp last{};
  bool operator==(const ListSpan&) const = default;
};

// From this moment on the clocks of pages were so many minutes ahead of UTC.
struct ZoneSpan {
  Timestamp from{};
  int32_t minutes = 0;
  bool operator==(const ZoneSpan&) const = default;
};

struct ImportInfo {
  std::string
      id;  // first 16 hex digits of SHA-256 over the sorted lines "<digest> <relative path>\n"
  std::string service;             // "instagram"
  std::string generation;          // "instagram G3b"
  std::optional<Timestamp> date;   // of the archive
  Timestamp time{};                // when it was taken in
  std::vector<std::string> parts;  // file names as given
  // Its times are rounded down to minutes (pages): what it says gives way to what others say.
  bool coarse_times = false;
  std::vector<ZoneSpan> zones;  // of coarse times: what was found out about them, in order
  std::vector<ListSpan> spans;  // by (kind, list)
  bool operator==(const ImportInfo&) const = default;
};

// One received file; its place in the list (sorted by path) is Provenance.file.
struct OriginalFile {
  std::string path;  // relative to the archive's root
  Fate fate = Fate::kKept;
  std::optional<Digest> digest;  // none when it could not be read
  uint64_t size = 0;
  uint32_t crc = 0;
  uint64_t stored_size = 0;
  bool deflated = false;  // kept as the complete deflate stream that came
  std::string type;       // sniffed, for media: "image/jpeg"
  std::string category;   // of what is only kept: "ads" (ArchiveReading::CategoryOf)
  uint64_t seen = 0;      // entries in a data file
  uint64_t understood = 0;
  uint64_t redacted = 0;  // entries that were cut out of it because they were forgotten
  bool operator==(const OriginalFile&) const = default;
};

// A line of the list of issues: what one import reported.
struct IssueRow {
  std::string import;  // its id
  Issue issue;
  bool operator==(const IssueRow&) const = default;
};

// One JSON object each, without a line end; members named and ordered as in the structs, empty and
// default ones left out (docs/formats/head.md). Errors of parsing: kCorrupt. ParseOriginalFiles
// and ParseIssueRows read a whole document ("[\n{…},\n{…}\n]\n").
std::string ToJson(const OriginalFile& file);
Result<std::vector<OriginalFile>> ParseOriginalFiles(std::string_view document);
std::string ToJson(const ImportInfo& info);
Result<ImportInfo> ParseImportInfo(std::string_view json);
std::string ToJson(const Issue& issue);
std::string ToJson(const IssueRow& row);
Result<std::vector<IssueRow>> ParseIssueRows(std::string_view document);

}  // namespace valise::account
