#include "library/commit.h"

#include <algorithm>
#include <array>

#include "account/record_json.h"
#include "library/document.h"
#include "library/merge.h"

namespace valise::library {

Result<FileLock> LockLibrary(const Library& library) {
  Result<FileLock> lock = FileLock::TryLock(library.folder() / "lock");
  if (!lock && lock.error().code == ErrorCode::kConflict) {
    return Fail(ErrorCode::kConflict,
                "another import or change of this account is running; try again when it is done");
  }
  return lock;
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
  uint64_t missing = 0;  // as of DocumentRow
};

// nullopt: the record is not in `text`.
Result<std::optional<EditedText>> EditText(std::string_view text, const account::Record& edited,
                                           Timestamp now) {
  const Key key = *account::CommonOf(edited).key;
  bool found = false;
  uint64_t missing = 0;
  TextBuilder builder;
  account::RecordParser parser;
  RETURN_IF_ERROR(ForEachLine(text, [&](std::string_view line, uint64_t) -> Status {
    ASSIGN_OR_RETURN(const account::Record record, parser.Parse(line));
    const account::Common& old = account::CommonOf(record);
    if (found || old.key != key) {
      builder.Line(line);
      missing += account::MissingMediaOf(record);
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
    common.provenance.push_back({.import = EditImport(now), .file = 0, .index = 0});
    std::ranges::sort(common.provenance, {}, [](const account::Provenance& p) {
      return std::tie(p.import, p.file, p.index);
    });
    builder.Line(account::ToJson(next));
    missing += account::MissingMediaOf(next);
    return {};
  }));
  if (!found) return std::optional<EditedText>{};
  return EditedText{builder.Take(), missing};
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
