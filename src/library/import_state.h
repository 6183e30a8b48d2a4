// What an ImportRun knows while it runs. Internal to the room.
//
// Thread safety: `files` is written by SetFile (each number once) until FilesDone, then only read;
// what sinks report goes through `mutex`.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "library/absence.h"
#include "library/commit.h"
#include "library/conversations.h"
#include "library/forget_records.h"
#include "library/import_run.h"
#include "library/journal.h"
#include "library/media_table.h"
#include "library/merge.h"
#include "library/spool.h"
#include "library/tombstones.h"
#include "library/weave_buckets.h"

namespace valise::library {

struct ImportRun::State {
  explicit State(Library& of, FileLock held) : library(of), lock(std::move(held)) {}

  Library& library;
  FileLock lock;
  std::optional<Library::Snapshot> base;
  std::unique_ptr<Journal> journal;
  std::unique_ptr<Spool> spool;

  std::vector<account::OriginalFile> files;
  std::vector<uint8_t> is_set;
  Options options;
  bool files_done = false;
  bool reads_again = false;      // an import that the library has
  std::vector<uint8_t> is_read;  // by number: of an import that is read again
  bool is_mending = false;       // `base` lacks what the committed head still names
  struct Earlier {
    account::ImportInfo info;
    std::vector<account::OriginalFile> files;
    std::vector<account::Issue> issues;
  };
  std::map<std::string, Earlier> earlier;  // by id
  MediaTable media;
  ImportReport report;

  Tombstones tombstones{""};
  // Files of this import with forgotten bytes, by number, and those digests.
  std::unordered_map<uint32_t, Digest> forgotten_files;
  std::unordered_set<Digest> forgotten_media;
  // Media that went with the last record that showed them: they stay away unless a record shows
  // them again.
  std::unordered_set<Digest> orphans;
  std::unordered_set<Digest> shown_again;
  std::unordered_set<Digest> added;  // media that no import had; empty without tombstones
  // What is stored of this import; what no head names in the end is deleted. Empty without
  // tombstones.
  std::unordered_set<Digest> received;

  std::mutex mutex;
  std::optional<Error> error;       // the first of a sink's end
  std::vector<std::string> issues;  // lines
  std::unordered_map<Digest, MediumUse> uses;
  // A medium that a record names and this import lacks.
  struct MissingMedium {
    Key path, loose;  // MediaPaths::Path
    uint32_t file = 0;
    account::Kind kind{};
  };
  std::vector<MissingMedium> missing;
  // By import and path of a file: how many media its records lack as they stand, and no import has.
  // Of each file that a missing_media issue is about, where that can be told (FillMedia).
  using StillMissing = std::map<std::pair<std::string, std::string>, uint64_t>;
  StillMissing still_missing;
  RemovedRecords dropped;  // that came and are forgotten
  // What each file told of its lists, by number; messages by what they name their conversation.
  struct FileLists {
    Extents extents;
    bool is_partial = false;  // it reported something that it could not tell
  };
  std::map<uint32_t, FileLists> lists;

  bool HasImport(std::string_view id) const;
  // Says which files are forgotten. After the import's id is known.
  void ForgetFiles();
  // This archive is here already. Can the list of its files not be read any more? Then it is taken
  // out of `base`, and the archive is to be taken in as if it were new.
  Result<bool> LostItsList();
  // Files that were damaged or gone and have come again may be stored otherwise than the head says
  // (the archive was unzipped meanwhile): puts that right in a new head. Returns the head.
  Result<Digest> RefitLists();
  // Says of redacted files that their media are forgotten, as if they had come just now.
  void NoteRedacted();
  // Takes `lost` out of `base`. Errors: kUnavailable.
  Status TakeOut(const LostTexts& lost);
  // Deletes what was stored and is not part of `head`.
  Status DropUnreached(const Digest& head);
};

// The sink of one file.
std::unique_ptr<account::RecordSink> MakeSink(ImportRun::State& state, uint32_t number,
                                              ImportRun::FindMedia find);

// Everything of Commit() after which only the head is missing.
class ImportSealer {
 public:
  ImportSealer(ImportRun::State& state, const std::function<void(const ImportProgress&)>& progress);
  // The new head, without time and parent. Fills the report.
  Result<Head> Run();

 private:
  void LoadDates();
  Status SealConversations();
  Status RouteByEvidence(account::Kind kind);
  Result<std::vector<SpoolEntry>> LoadEntries(const Bucket& bucket) const;
  Status WeaveAll();
  WeaveContext Context() const;
  Status WeaveInto(const BucketEntries& entries, const std::map<size_t, Key>& forced,
                   const LeavingByBucket& again = {});
  // Says what lists the imports that came told, and which records may be absent by that.
  void NoteSpans(const ResolvedConversations& conversations);
  // Of this import: as it is told today, and as it was told before.
  std::vector<account::ListSpan> OwnSpans(const ResolvedConversations& conversations) const;
  // Documents that nothing came for, and whose records may be marked otherwise now.
  LeavingByBucket ToLookAtAgain() const;
  Status SealFiles(Head& head);
  Status FindOrphans(const Head& head);
  Status DropForgotten(const Head& head);
  Status DropMessages(const Bucket& bucket);
  Result<std::set<std::string>> IssuesThatStay(const ListRow& row) const;
  Status SealIssues(Head& head);
  void AddPerhapsSame(const Head& head, std::set<std::string>& lines);
  std::string PathOf(const account::Provenance& from) const;
  void Progress(uint64_t done);

  ImportRun::State& state_;
  const std::function<void(const ImportProgress&)>& progress_;
  ImportDates dates_;
  Absence absence_;
  std::vector<account::ListSpan>
      came_;  // of lists that the library did not know, or knew otherwise
  Documents documents_;
  std::vector<std::pair<Bucket, uint64_t>> spooled_;
  // Final buckets and those of the spool that make them up.
  std::map<Bucket, std::vector<Bucket>> buckets_;
  PerhapsSamePairs perhaps_same_;
  BucketEntries routed_;  // of kinds that are found by evidence
  uint64_t total_ = 0;
  std::mutex progress_mutex_;
  uint64_t done_ = 0;
};

}  // namespace valise::library
