#include "library/commit.h"

#include <algorithm>
#include <array>
#include <thread>

#include "account/record_json.h"
#include "library/document.h"
#include "library/merge.h"

namespace valise::library {

namespace {

// Bytes of a line of an original, beside its path: an estimate.
constexpr uint64_t kOriginalLine = 210;
// A seal takes seconds; one that takes longer is not waited for by those who did not mean to.
constexpr std::chrono::seconds kWaitForSeal{60};
constexpr std::chrono::milliseconds kLookAgain{20};

Result<FileLock> TryLibrary(const Library& library) {
  return FileLock::TryLock(library.folder() / "lock");
}
Result<FileLock> TrySeal(const Library& library) {
  return FileLock::TryLock(library.folder() / "seal-lock");
}

std::unexpected<Error> IsBusy() {
  return Fail(ErrorCode::kConflict,
              "another import or change of this account is running; try again when it is done");
}

}  // namespace

Result<ListRow> SealList(blob::BlobStore& blobs, std::string name, TextBuilder& text,
                         uint64_t bytes) {
  ListRow row;
  row.name = std::move(name);
  row.rows = text.lines();
  row.bytes = bytes;
  ASSIGN_OR_RETURN(const Seal seal, SealText(blobs, text.Take()));
  SetSeal(row, seal);
  return row;
}

Result<ImportEntry> SealImport(blob::BlobStore& blobs, const account::ImportInfo& info,
                               const std::vector<account::OriginalFile>& files) {
  TextBuilder text;
  uint64_t bytes = 0;
  uint64_t paths = 0;
  for (const account::OriginalFile& file : files) paths += file.path.size();
  text.Reserve(paths + files.size() * kOriginalLine);
  for (const account::OriginalFile& file : files) {
    text.Line(account::ToJson(file));
    bytes += file.size;
  }
  ASSIGN_OR_RETURN(ListRow row, SealList(blobs, "originals/" + info.id, text, bytes));
  return ImportEntry{info, std::move(row)};
}

Result<FileLock> LockLibrary(const Library& library, std::chrono::milliseconds wait) {
  const auto start = std::chrono::steady_clock::now();
  while (true) {
    Result<FileLock> lock = TryLibrary(library);
    if (lock || lock.error().code != ErrorCode::kConflict) return lock;
    const auto waited = std::chrono::steady_clock::now() - start;
    const bool is_sealing = waited < kWaitForSeal && !TrySeal(library);
    if (waited >= wait && !is_sealing) return IsBusy();
    std::this_thread::sleep_for(kLookAgain);
  }
}

Result<SealLock> LockForSeal(const Library& library, std::chrono::milliseconds wait) {
  const auto start = std::chrono::steady_clock::now();
  for (bool again = true;; again = false) {
    // Who waits for a seal looks at this lock too, for an instant: hence one more try.
    Result<FileLock> seal = TrySeal(library);
    if (!seal && seal.error().code != ErrorCode::kConflict) return std::unexpected(seal.error());
    if (seal) {
      Result<FileLock> lock = TryLibrary(library);
      if (lock) return SealLock{*std::move(lock), *std::move(seal)};
      if (lock.error().code != ErrorCode::kConflict) return std::unexpected(lock.error());
    }
    if (!again && std::chrono::steady_clock::now() - start >= wait) return IsBusy();
    seal = IsBusy();  // let go
    std::this_thread::sleep_for(kLookAgain);
  }
}

Result<Documents> ByBucket(const std::vector<DocumentRow>& rows) {
  Documents documents;
  for (const DocumentRow& row : rows) {
    ASSIGN_OR_RETURN(const Bucket bucket, BucketOf(row));
    documents[bucket].push_back(row);
  }
  for (auto& [bucket, pieces] : documents) SortPieces(pieces);
  return documents;
}

std::vector<DocumentRow> NameDocuments(const Documents& documents, const Folders& folders) {
  std::vector<DocumentRow> rows;
  for (const auto& [bucket, pieces] : documents) {
    uint32_t part = 0;
    for (const DocumentRow& piece : pieces) {
      rows.push_back(piece);
      rows.back().name = NameOf(bucket, ++part, folders);
    }
  }
  std::ranges::sort(rows, {}, &DocumentRow::name);
  return rows;
}

Result<std::map<std::string, std::string, std::less<>>> ReadTitles(const Library& library,
                                                                   const Documents& documents) {
  std::map<std::string, std::string, std::less<>> titles;
  for (const auto& [bucket, pieces] : documents) {
    if (bucket.kind == account::Kind::kMessage) titles.try_emplace(bucket.group);
    if (bucket.kind != account::Kind::kConversation) continue;
    for (const DocumentRow& row : pieces) {
      ASSIGN_OR_RETURN(const std::vector<account::Record> records, library.ReadRecords(row));
      for (const account::Record& record : records) {
        const auto* conversation = std::get_if<account::Conversation>(&record);
        if (conversation == nullptr || !conversation->key) {
          return Fail(ErrorCode::kCorrupt, "a document of conversations holds something else");
        }
        titles[conversation->key->Hex()] = conversation->title;
      }
    }
  }
  return titles;
}

Result<std::vector<DocumentRow>> DocumentsByName(const Library& library, const Documents& documents,
                                                 bool names_folders, const Head* base) {
  if (!names_folders) {
    return NameDocuments(documents, base != nullptr ? FoldersOf(base->documents) : Folders{});
  }
  ASSIGN_OR_RETURN(const auto titles, ReadTitles(library, documents));
  return NameDocuments(documents, NameFolders(titles));
}

Result<std::string> UsernameOf(const Library& library, const Head& head) {
  for (const DocumentRow& row : head.documents) {
    if (row.kind != account::Kind::kProfile) continue;
    ASSIGN_OR_RETURN(const auto records, library.ReadRecords(row));
    for (const account::Record& record : records) {
      const auto* profile = std::get_if<account::Profile>(&record);
      if (profile != nullptr && !profile->username.empty()) return profile->username;
    }
  }
  if (!head.username.empty()) return head.username;
  ASSIGN_OR_RETURN(const AccountRow row, library.accounts().Get(library.account_id()));
  return row.username;
}

bool SaysTheSame(Head a, Head b) {
  a.time = b.time = {};
  a.parent = b.parent = std::nullopt;
  return a == b;
}

void CountRecords(const std::vector<DocumentRow>& documents, Counts& to) {
  to.records = {};
  for (const DocumentRow& row : documents) {
    to.records[static_cast<size_t>(row.kind)] += row.records;
  }
}

Result<Digest> CommitHead(Library& library, const std::optional<Digest>& base, const Head& head) {
  ASSIGN_OR_RETURN(const Digest digest, PutHead(library.blobs(), head));
  RETURN_IF_ERROR(library.blobs().Sync());
  RETURN_IF_ERROR(library.accounts().SwapHead(library.account_id(), base, digest));
  return digest;
}

namespace {

struct EditedText {
  std::string text;
  uint64_t missing = 0, absent = 0;  // as of DocumentRow
};

// nullopt: the record is not in `text`.
Result<std::optional<EditedText>> EditText(std::string_view text, const account::Record& edited,
                                           Timestamp now) {
  const Key key = *account::CommonOf(edited).key;
  bool found = false;
  uint64_t missing = 0, absent = 0;
  TextBuilder builder;
  account::RecordParser parser;
  RETURN_IF_ERROR(ForEachLine(text, [&](std::string_view line, uint64_t) -> Status {
    ASSIGN_OR_RETURN(const account::Record record, parser.Parse(line));
    const account::Common& old = account::CommonOf(record);
    if (found || old.key != key) {
      builder.Line(line);
      missing += account::MissingMediaOf(record);
      absent += old.absent_since ? 1 : 0;
      return {};
    }
    found = true;
    if (account::TimeOf(record) != account::TimeOf(edited)) {
      return Fail(ErrorCode::kInvalidArgument, "the time of a record cannot be changed");
    }
    account::Record next = edited;
    account::Common& common = account::CommonOf(next);
    common.evidence = old.evidence;
    common.provenance = old.provenance;
    common.told.clear();  // the owner told all of it now
    common.absent_since.reset();
    common.provenance.push_back({.import = EditImport(now), .file = 0, .index = 0});
    std::ranges::sort(common.provenance, {}, [](const account::Provenance& p) {
      return std::tie(p.import, p.file, p.index);
    });
    builder.Line(account::ToJson(next));
    missing += account::MissingMediaOf(next);
    return {};
  }));
  if (!found) return std::optional<EditedText>{};
  return EditedText{builder.Take(), missing, absent};
}

}  // namespace

Status Library::Replace(const account::Record& record, const Clock& clock) {
  CHECK(account::CommonOf(record).key.has_value());
  ASSIGN_OR_RETURN(const FileLock lock, LockLibrary(*this));
  ASSIGN_OR_RETURN(const std::optional<Snapshot> current, Current());
  const account::Kind kind = account::KindOf(record);
  if (!current) return Fail(ErrorCode::kNotFound, "the account has nothing yet");
  Head head = current->head;
  for (DocumentRow& row : head.documents) {
    if (row.kind != kind) continue;
    ASSIGN_OR_RETURN(const std::string text, ReadDocument(row));
    ASSIGN_OR_RETURN(const std::optional<EditedText> edited, EditText(text, record, clock.Now()));
    if (!edited) continue;
    ASSIGN_OR_RETURN(const Seal seal, SealText(blobs(), edited->text));
    SetSeal(row, seal);
    row.missing = edited->missing;
    row.absent = edited->absent;
    head.parent = current->digest;
    head.time = clock.Now();
    if (const auto* profile = std::get_if<account::Profile>(&record)) {
      head.username = profile->username;
    }
    RETURN_IF_ERROR(CommitHead(*this, current->digest, head));
    return {};
  }
  return Fail(ErrorCode::kNotFound, "there is no such record in the account");
}

}  // namespace valise::library
