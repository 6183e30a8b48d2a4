// One import being taken into a library: blobs first, then records, then one new head.
//
// Nothing is visible before Commit(); after kill -9 the same import is simply run again: what is
// already stored is found in the import journal and not read twice. Memory is bounded: records are
// spooled to an unnamed file and merged group by group. Thread safety: SetFile and the sinks may be
// used from several threads (a sink from one); the rest from one.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "account/import_row.h"
#include "account/record_sink.h"
#include "library/library.h"
#include "library/lost_texts.h"

namespace valise::library {

struct KindReport {
  uint64_t found = 0;          // records the source gave
  uint64_t added = 0;          // new in the library
  uint64_t merged = 0;         // were here and learnt something
  uint64_t already = 0;        // were here, nothing new
  uint64_t missing_media = 0;  // no import has them
  uint64_t absent = 0;         // marked now: the newer archive does not have them (absence.h)
  uint64_t forgotten = 0;      // left out: their owner had them forgotten (tombstones.h)
};

// The path under which a record's MediaItem.path and a file's path are one
// (services::ArchiveReading).
using MediaPathOf = std::function<std::string(std::string_view path)>;

struct ImportReport {
  std::string import_id;
  bool already_here = false;  // this very archive had been taken in before
  std::array<KindReport, account::kKindCount> kinds{};
  uint64_t media_added = 0, media_already = 0, media_bytes = 0;
  uint64_t media_forgotten = 0;
  // Media items that were missing and of which another import has the medium, or had it already.
  uint64_t media_filled = 0;
  uint64_t perhaps_same = 0;  // new, and perhaps the same as something that was here: both are kept
  std::vector<account::Issue> issues;  // found while merging: of those
  Digest head;
};

struct ImportProgress {
  enum class Phase : uint8_t { kFiles, kRecords, kSealing, kSyncing, kIndexing } phase{};
  uint64_t done = 0;
  uint64_t total = 0;
};

class ImportRun {
 public:
  // Takes the library's lock. `paths` are the relative paths of all received files, sorted; a
  // file's number is its place. Errors: kConflict (another process imports into this account: says
  // so).
  static Result<std::unique_ptr<ImportRun>> Begin(Library& library, std::vector<std::string> paths);
  // An import that the library has, to be read again by today's readers: its files are those of its
  // list, and all is as after FilesDone(). Takes the library's lock. `lost` are taken out of the
  // account: damaged ones are set aside, and Commit() makes a head without them. Errors: kConflict;
  // kNotFound (no such import); kCorrupt (its list cannot be read).
  static Result<std::unique_ptr<ImportRun>> Again(Library& library, std::string_view import_id,
                                                  const LostTexts& lost);
  ~ImportRun();

  // By number.
  const std::vector<account::OriginalFile>& files() const;
  const account::ImportInfo& info() const;

  // What the journal of an interrupted run of these files knows of file `number` (same path, size
  // and CRC or modification time): it need not be read again.
  std::optional<account::OriginalFile> Journaled(uint32_t number, uint64_t size,
                                                 uint64_t stamp) const;
  // Says what became of file `number` and writes it to the journal. `stamp` is the ZIP's CRC or the
  // file's mtime.
  Status SetFile(uint32_t number, account::OriginalFile file, uint64_t stamp);

  // After every SetFile: fixes the import's id. Returns the report of the earlier import when the
  // library has it already. `keeps_keys`: records bring keys and provenance (our own bundles), and
  // no import of its own is added to the head.
  struct Options {
    account::ImportInfo info;  // id is filled in
    bool keeps_keys = false;
    MediaPathOf media_path = [](std::string_view path) { return std::string(path); };
  };
  Result<std::optional<ImportReport>> FilesDone(Options options);
  // After FilesDone: whether a file is a medium that its owner had forgotten.
  bool IsForgotten(uint32_t number) const;
  // Imports that a bundle carries, with their files and what they reported.
  Status AddEarlierImport(account::ImportInfo info, std::vector<account::OriginalFile> files,
                          std::vector<account::Issue> issues);

  // A sink for the records of file `number`; resolves MediaItem.path with `find` to the file's
  // number (nullopt: missing). Counts missing media and reports them as issues.
  using FindMedia = std::function<std::optional<uint32_t>(std::string_view media_path)>;
  std::unique_ptr<account::RecordSink> NewSink(uint32_t number, FindMedia find);
  // After a file was parsed.
  void SetCounts(uint32_t number, account::FileCounts counts);
  // Of an import that is read again: today's reader understands less of a file than that of then.
  void SetPartial(uint32_t number);
  // The same: it knows a file that was only kept.
  void SetParsed(uint32_t number);
  // The same: what a file that is only kept is about.
  void SetCategory(uint32_t number, std::string category);
  // The same: what today's reader calls the archive's generation.
  void SetGeneration(std::string generation);
  // The same: Options::media_path.
  void SetMediaPath(MediaPathOf media_path);

  // Merges, seals, makes everything durable, swaps the head. On error the old head stands.
  Result<ImportReport> Commit(const Clock& clock,
                              const std::function<void(const ImportProgress&)>& progress);

  struct State;  // internal to the room

 private:
  explicit ImportRun(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace valise::library
