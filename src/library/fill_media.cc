#include "library/fill_media.h"

#include <algorithm>
#include <deque>
#include <set>

#include "account/record_json.h"
#include "base/parallel.h"
#include "library/document.h"
#include "library/document_sealer.h"
#include "library/media_paths.h"
#include "library/tellers.h"

namespace valise::library {
namespace {

using account::Record;

// How a media item without digest begins in a line. In a text its quotes are escaped.
constexpr std::string_view kWithoutDigest = "{\"path\":\"";

bool IsDamage(const Error& error) {
  return error.code == ErrorCode::kNotFound || error.code == ErrorCode::kCorrupt;
}

// Files of which an issue says that they name missing media: their paths by import.
using LackingPaths = std::map<std::string, std::set<std::string>>;

// The imports of the service that this import is of: their ids, and where they have media.
struct Known {
  MediaPaths paths;
  std::set<std::string, std::less<>> imports;
  // The paths of files that LackingPaths has, by import and number.
  std::map<std::pair<std::string, uint32_t>, std::string> lacking;

  // The next files of an import, of which the first has `number`.
  void Add(const account::ImportInfo& info, const std::vector<account::OriginalFile>& files,
           const LackingPaths& lacking_paths, uint32_t number = 0) {
    const auto of_import = lacking_paths.find(info.id);
    for (const account::OriginalFile& file : files) {
      paths.Add(info, file);
      if (of_import != lacking_paths.end() && of_import->second.contains(file.path)) {
        lacking.emplace(std::pair(info.id, number), file.path);
      }
      ++number;
    }
  }
};

bool IsOfService(const ImportRun::State& state, const account::ImportInfo& info) {
  return info.service == state.options.info.service;
}

// Of the imports of the service that were here. Nothing where the list cannot be read.
Status AddReported(const ImportRun::State& state, LackingPaths& lacking) {
  if (!state.base || !state.base->head.issues) return {};
  const auto text = state.library.ReadList(*state.base->head.issues);
  if (!text) return IsDamage(text.error()) ? Status{} : std::unexpected(text.error());
  const auto rows = account::ParseIssueRows(*text);
  if (!rows) return {};
  std::set<std::string_view> imports;
  for (const ImportEntry& entry : state.base->head.imports) {
    if (IsOfService(state, entry.info)) imports.insert(entry.info.id);
  }
  for (const account::IssueRow& row : *rows) {
    if (row.issue.code != kMissingMedia || !imports.contains(row.import)) continue;
    lacking[row.import].insert(row.issue.path);
  }
  return {};
}

Result<LackingPaths> LoadLackingPaths(const ImportRun::State& state) {
  LackingPaths lacking;
  RETURN_IF_ERROR(AddReported(state, lacking));
  for (const auto& [id, import] : state.earlier) {
    if (!IsOfService(state, import.info)) continue;
    for (const account::Issue& issue : import.issues) {
      if (issue.code == kMissingMedia) lacking[id].insert(issue.path);
    }
  }
  if (state.options.keeps_keys) return lacking;
  std::set<uint32_t> files;
  for (const ImportRun::State::MissingMedium& one : state.missing) files.insert(one.file);
  for (const uint32_t file : files) {
    lacking[state.options.info.id].insert(state.files[file].path);
  }
  return lacking;
}

// Some files after the others: the list of an import may be long.
Status AddList(const Library& library, const ImportEntry& entry, const LackingPaths& lacking,
               Known& known) {
  ASSIGN_OR_RETURN(const std::string text, library.ReadList(entry.files));
  TextBuilder some;
  uint32_t number = 0;
  const auto add = [&]() -> Status {
    if (some.lines() == 0) return {};
    ASSIGN_OR_RETURN(const auto files, account::ParseOriginalFiles(some.Take()));
    known.Add(entry.info, files, lacking, number);
    number += static_cast<uint32_t>(files.size());
    return {};
  };
  RETURN_IF_ERROR(ForEachLine(text, [&](std::string_view line, uint64_t) -> Status {
    some.Line(line);
    return some.size() < kChunk ? Status{} : add();
  }));
  return add();
}

Result<Known> LoadKnown(const ImportRun::State& state, const LackingPaths& lacking) {
  const ImportRun::Options& options = state.options;
  Known known{.paths = MediaPaths(options.media_path), .imports = {}, .lacking = {}};
  const auto add = [&](const account::ImportInfo& info, const auto& files) {
    if (!IsOfService(state, info)) return;
    known.imports.insert(info.id);
    known.Add(info, files, lacking);
  };
  if (state.base) {
    for (const ImportEntry& entry : state.base->head.imports) {
      if (!IsOfService(state, entry.info) || entry.info.id == options.info.id) continue;
      known.imports.insert(entry.info.id);
      const Status added = AddList(state.library, entry, lacking, known);
      if (!added && !IsDamage(added.error())) return std::unexpected(added.error());
    }
  }
  for (const auto& [id, import] : state.earlier) add(import.info, import.files);
  // A bundle's own files are named as bundles name them.
  if (!options.keeps_keys) add(options.info, state.files);
  known.paths.Sort();
  return known;
}

// One document that has missing media.
class Filling {
 public:
  Filling(const ImportRun::State& state, const ImportDates& dates, const Known& known)
      : state_(state), dates_(dates), known_(known) {}

  // The documents that take its place; none: nothing was filled in.
  Result<std::vector<DocumentRow>> Run(const Bucket& bucket, const DocumentRow& row) {
    ASSIGN_OR_RETURN(const std::string text, state_.library.ReadDocument(row));
    TextBuilder next;
    RETURN_IF_ERROR(ForEachLine(text, [&](std::string_view line, uint64_t) -> Status {
      if (!line.contains(kWithoutDigest)) {
        next.Line(line);
        return {};
      }
      ASSIGN_OR_RETURN(Record record, parser_.Parse(line));
      next.Line(FillRecord(record) ? account::ToJson(record) : line);
      return {};
    }));
    if (filled == 0) return std::vector<DocumentRow>{};
    if (next.size() > kDocumentLimit) return SealAnew(bucket, next.Take());
    DocumentRow sealed = row;
    sealed.missing -= std::min(sealed.missing, filled);
    ASSIGN_OR_RETURN(const Seal seal, SealText(state_.library.blobs(), next.Take()));
    SetSeal(sealed, seal);
    return std::vector<DocumentRow>{std::move(sealed)};
  }

  uint64_t filled = 0;
  std::unordered_map<Digest, MediumUse> uses;
  ImportRun::State::StillMissing still_missing;  // only files that lack something

 private:
  bool FillRecord(Record& record) {
    const account::Common& common = account::CommonOf(record);
    const bool is_of_service = std::ranges::any_of(
        common.provenance, [&](const auto& from) { return known_.imports.contains(from.import); });
    if (!is_of_service) return false;
    const Timestamp date = Tellers(common, dates_).newest().time;
    const uint64_t before = filled;
    uint64_t lacks = 0;
    for (account::MediaItem* item : account::MediaOf(record)) {
      if (!account::IsMissing(*item) || item->path.empty()) continue;
      const auto found = known_.paths.Find(item->path, date);
      if (!found) ++lacks;
      if (!found || !found->digest) continue;
      item->digest = found->digest;  // in place: its subtitles are pointed at
      if (!state_.media.Describe(*item)) {
        item->digest.reset();  // it went since
        continue;
      }
      ++filled;
      NoteUse(record, *item);
    }
    if (lacks > 0) NoteLacks(common, lacks);
    return filled > before;
  }

  // Each place that told it counts, as each was counted when it came.
  void NoteLacks(const account::Common& common, uint64_t lacks) {
    for (const account::Provenance& from : common.provenance) {
      const auto file = known_.lacking.find({from.import, from.file});
      if (file != known_.lacking.end()) still_missing[{from.import, file->second}] += lacks;
    }
  }

  void NoteUse(const Record& record, const account::MediaItem& item) {
    const auto kind = static_cast<unsigned>(account::KindOf(record));
    MediumUse use{.kinds = static_cast<uint16_t>(1u << kind)};
    if (const auto time = account::TimeOf(record)) use.record_time = ToMillis(*time);
    if (item.time) use.own_time = ToMillis(*item.time);
    uses[*item.digest].Add(use);
  }

  // It has outgrown one document.
  Result<std::vector<DocumentRow>> SealAnew(const Bucket& bucket, const std::string& text) {
    std::vector<DocumentLine> lines;
    RETURN_IF_ERROR(ForEachLine(text, [&](std::string_view line, uint64_t) -> Status {
      ASSIGN_OR_RETURN(const Record record, parser_.Parse(line));
      const auto& key = account::CommonOf(record).key;
      if (!key) return Fail(ErrorCode::kCorrupt, "a document has a record without key");
      const auto time = account::TimeOf(record);
      lines.push_back({.time = time ? ToMillis(*time) : SpoolEntry::kNoTime,
                       .key = *key,
                       .line = line,
                       .missing = account::MissingMediaOf(record),
                       .is_absent = account::CommonOf(record).absent_since.has_value()});
      return {};
    }));
    return SealDocuments(state_.library, bucket, lines);
  }

  const ImportRun::State& state_;
  const ImportDates& dates_;
  const Known& known_;
  account::RecordParser parser_;
};

// A document with missing media, and what takes its place.
struct Lacking {
  const Bucket* bucket = nullptr;
  std::vector<DocumentRow>* pieces = nullptr;
  Digest document;
  std::vector<DocumentRow> sealed;
};

std::vector<Lacking> FindLacking(Documents& documents) {
  std::vector<Lacking> all;
  for (auto& [bucket, pieces] : documents) {
    for (const DocumentRow& row : pieces) {
      if (row.missing > 0) all.push_back({&bucket, &pieces, row.digest, {}});
    }
  }
  return all;
}

void PutInPlace(Lacking& one) {
  if (one.sealed.empty()) return;
  const auto at = std::ranges::find(*one.pieces, one.document, &DocumentRow::digest);
  CHECK(at != one.pieces->end());
  const auto after = one.pieces->erase(at);
  one.pieces->insert(after, std::make_move_iterator(one.sealed.begin()),
                     std::make_move_iterator(one.sealed.end()));
}

Status Fill(ImportRun::State& state, const ImportDates& dates, const Known& known,
            std::vector<Lacking>& lacking) {
  for (const auto& [file, path] : known.lacking) state.still_missing[{file.first, path}] = 0;
  bool all_read = true;
  const Status all = ParallelFor(CoreCount(), lacking.size(), [&](size_t, size_t i) -> Status {
    Lacking& one = lacking[i];
    const auto row = std::ranges::find(*one.pieces, one.document, &DocumentRow::digest);
    Filling filling(state, dates, known);
    auto sealed = filling.Run(*one.bucket, *row);
    if (!sealed && !IsDamage(sealed.error())) return std::unexpected(sealed.error());
    const std::lock_guard lock(state.mutex);
    if (!sealed) {
      all_read = false;
      return {};
    }
    one.sealed = *std::move(sealed);
    state.report.media_filled += filling.filled;
    for (const auto& [file, count] : filling.still_missing) state.still_missing[file] += count;
    for (const auto& [digest, use] : filling.uses) {
      state.uses[digest].Add(use);
      if (state.orphans.contains(digest)) state.shown_again.insert(digest);
    }
    return {};
  });
  RETURN_IF_ERROR(all);
  for (Lacking& one : lacking) PutInPlace(one);
  // What that document lacks is not known: no issue goes by what the others say.
  if (!all_read) state.still_missing.clear();
  return {};
}

// What this import's records name and neither it nor another has. Where an older archive's record
// became one with a newer one's that shows other media, nothing is to be looked for.
void ReportMissing(ImportRun::State& state, const MediaPaths& paths) {
  std::map<uint32_t, uint64_t> by_file;
  for (const ImportRun::State::MissingMedium& one : state.missing) {
    if (paths.Has({one.path, one.loose})) continue;
    ++state.report.kinds[static_cast<size_t>(one.kind)].missing_media;
    ++by_file[one.file];
  }
  for (const auto& [file, count] : by_file) {
    account::IssueRow row{
        .import = state.options.info.id,
        .issue = {.code = std::string(kMissingMedia),
                  .path = state.files[file].path,
                  .message =
                      "Photos, videos or sounds that are named here were not in the archive. Ask "
                      "the service for a complete archive, or add the parts that are missing.",
                  .count = count}};
    if (LeavesIssue(state.still_missing, row)) state.issues.push_back(account::ToJson(row));
  }
  state.missing = {};
}

}  // namespace

bool LeavesIssue(const ImportRun::State::StillMissing& still_missing, account::IssueRow& row) {
  if (row.issue.code != kMissingMedia) return true;
  const auto still = still_missing.find({row.import, row.issue.path});
  if (still == still_missing.end()) return true;
  row.issue.count = std::min(row.issue.count, still->second);
  return row.issue.count > 0;
}

Status FillMedia(ImportRun::State& state, const ImportDates& dates, Documents& documents) {
  std::vector<Lacking> lacking = FindLacking(documents);
  const bool has_others =
      !state.earlier.empty() || (state.base && !state.base->head.imports.empty());
  // What one archive holds its own records have found.
  if (!has_others) {
    ReportMissing(state, MediaPaths(state.options.media_path));
    return {};
  }
  ASSIGN_OR_RETURN(const LackingPaths lacking_paths, LoadLackingPaths(state));
  if (lacking.empty() && state.missing.empty()) {
    for (const auto& [import, paths] : lacking_paths) {
      for (const std::string& path : paths) state.still_missing[{import, path}] = 0;
    }
    return {};
  }
  ASSIGN_OR_RETURN(const Known known, LoadKnown(state, lacking_paths));
  if (!known.paths.empty()) RETURN_IF_ERROR(Fill(state, dates, known, lacking));
  ReportMissing(state, known.paths);
  return {};
}

}  // namespace valise::library
