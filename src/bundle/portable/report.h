// The report of a bundle: what was expected, what is here, what is missing and why
// (docs/formats/report.md).
//
// Thread safety: plain values and pure functions.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account/import_row.h"
#include "account/kept_files.h"
#include "account/record_sink.h"
#include "bundle/bundle_format.h"
#include "bundle/selection.h"

namespace valise::bundle {

inline constexpr size_t kFateCount = 7;
inline constexpr size_t kNamedInReport = 1'000;  // missing files, issues

// What became of the files of one import.
struct FileTally {
  uint64_t received = 0;
  std::array<uint64_t, kFateCount> fates{};
  uint64_t seen = 0;
  uint64_t understood = 0;
  account::KeptByCategory kept;
  void Add(const FileTally& other);
};

struct ImportReport {
  account::ImportInfo info;
  FileTally files;
};

struct MissingMedium {
  std::string path;      // as the archive names it
  account::Kind kind{};  // of the record that speaks of it, and its time
  std::optional<Timestamp> time;
  bool damaged = false;  // it came and could not be read; else it was not in the archive
};

struct Report {
  std::array<uint64_t, account::kKindCount> packed{};
  std::array<uint64_t, account::kKindCount>
      absent{};  // those that a newer archive has not any more
  uint64_t media = 0;
  uint64_t media_bytes = 0;
  uint64_t photos = 0;
  uint64_t videos = 0;
  uint64_t photo_bytes = 0;
  uint64_t video_bytes = 0;
  uint64_t originals = 0;  // files as received that are not media
  uint64_t original_bytes = 0;
  std::vector<ImportReport> imports;
  uint64_t missing_count = 0;          // media that the chosen records speak of and nobody brought
  uint64_t damaged_count = 0;          // those of them that came and could not be read
  std::vector<MissingMedium> missing;  // at most kNamedInReport
  std::vector<account::Issue> issues;  // at most kNamedInReport
  uint64_t issues_total = 0;
};

// Reads the issues of the head into `report`.
// Errors: kNotFound, kCorrupt, kUnavailable.
Status ReadIssues(const Account& account, Report& report);

std::string ToJson(const Report& report, const Account& account, const Selection& selection);

// "posts":n,"stories":n … "photos", "videos", "media", "media_bytes": what the bundle holds.
void WriteCounts(JsonWriter& to, const Report& report);

}  // namespace valise::bundle
