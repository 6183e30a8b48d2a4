#include "library/index_writer.h"

#include <algorithm>
#include <future>

#include "account/record_json.h"
#include "library/index_tokens.h"

namespace valise::library {
namespace {

constexpr uint64_t kBatchBytes = 32 << 20;

// Calls `visit(offset, line)` for each record of a document's JSON ("[\n{…},\n{…}\n]\n").
template <typename Visit>
Status ForEachLine(std::string_view json, Visit visit) {
  for (size_t at = 0; at < json.size();) {
    size_t end = json.find('\n', at);
    if (end == std::string_view::npos) end = json.size();
    std::string_view line = json.substr(at, end - at);
    if (line.ends_with(',')) line.remove_suffix(1);
    if (line.starts_with('{')) RETURN_IF_ERROR(visit(at, line));
    at = end + 1;
  }
  return {};
}

// The documents of [first, result) make one batch.
size_t EndOfBatch(const std::vector<DocumentRow>& documents, size_t first) {
  uint64_t bytes = 0;
  size_t end = first;
  while (end < documents.size() && (end == first || bytes + documents[end].size <= kBatchBytes)) {
    bytes += documents[end++].size;
  }
  return end;
}

}  // namespace

Status MakeIndexTables(SqliteFile& file) {
  return file.Run(
      "create table if not exists meta(head text not null);"
      "create table if not exists doc(id integer primary key, digest text not null unique, size "
      "integer not null,"
      " stored_size integer not null, crc integer not null, kind integer not null);"
      "create table if not exists rec(id integer primary key, doc integer not null, at integer not "
      "null,"
      " length integer not null);"
      "create virtual table if not exists word using fts5(words, content='', detail=none, "
      "columnsize=0,"
      " tokenize=\"ascii tokenchars ':'\");");
}

Result<IndexWriter> IndexWriter::Make(SqliteFile& file, const Library& library) {
  IndexWriter writer(file, library);
  ASSIGN_OR_RETURN(
      writer.insert_doc_,
      file.Prepare(
          "insert into doc(digest,size,stored_size,crc,kind) values(?,?,?,?,?) returning id"));
  ASSIGN_OR_RETURN(
      writer.insert_rec_,
      file.Prepare("insert or ignore into rec(id,doc,at,length) values(?,?,?,?) returning id"));
  ASSIGN_OR_RETURN(writer.insert_word_, file.Prepare("insert into word(rowid,words) values(?,?)"));
  ASSIGN_OR_RETURN(writer.remove_word_,
                   file.Prepare("insert into word(word,rowid,words) values('delete',?,?)"));
  ASSIGN_OR_RETURN(writer.rec_of_doc_, file.Prepare("select id,at from rec where doc=?"));
  ASSIGN_OR_RETURN(writer.remove_rec_, file.Prepare("delete from rec where doc=?"));
  ASSIGN_OR_RETURN(writer.remove_doc_, file.Prepare("delete from doc where id=?"));
  ASSIGN_OR_RETURN(writer.find_doc_, file.Prepare("select id from doc where digest=?"));
  return writer;
}

Result<int64_t> IndexWriter::AddDocumentRow(const DocumentRow& document) {
  const std::string digest = document.digest.Hex();
  insert_doc_.Bind(1, digest).Bind(2, static_cast<int64_t>(document.size));
  insert_doc_.Bind(3, static_cast<int64_t>(document.stored_size)).Bind(4, int64_t{document.crc});
  insert_doc_.Bind(5, static_cast<int64_t>(document.kind));
  ASSIGN_OR_RETURN(const bool row, insert_doc_.Step());
  CHECK(row);
  const int64_t id = insert_doc_.Int(0);
  insert_doc_.Reset();
  return id;
}

Status IndexWriter::ReadInto(Batch& batch, const DocumentRow& document, int64_t doc) const {
  ASSIGN_OR_RETURN(const std::string json, library_->ReadDocument(document));
  account::RecordParser parser;
  return ForEachLine(json, [&](size_t at, std::string_view line) -> Status {
    ASSIGN_OR_RETURN(const account::Record record, parser.Parse(line));
    batch.push_back({.id = IndexId(record),
                     .doc = doc,
                     .at = static_cast<uint32_t>(at),
                     .length = static_cast<uint32_t>(line.size()),
                     .text = IndexText(record)});
    return {};
  });
}

Status IndexWriter::Insert(Batch& batch) {
  std::ranges::sort(batch, {}, &Entry::id);
  for (Entry& entry : batch) {
    for (;; ++entry.id) {  // the next free one
      insert_rec_.Bind(1, entry.id).Bind(2, entry.doc);
      insert_rec_.Bind(3, int64_t{entry.at}).Bind(4, int64_t{entry.length});
      ASSIGN_OR_RETURN(const bool inserted, insert_rec_.Step());
      if (inserted) break;
    }
    insert_rec_.Reset();
    insert_word_.Bind(1, entry.id).Bind(2, entry.text);
    RETURN_IF_ERROR(insert_word_.Step());
  }
  return {};
}

Status IndexWriter::Add(const std::vector<DocumentRow>& documents,
                        const std::function<void(uint64_t)>& on_records) {
  // While one batch is inserted here, the next is read and tokenized there.
  std::vector<int64_t> ids;
  for (const DocumentRow& document : documents) {
    ASSIGN_OR_RETURN(const int64_t id, AddDocumentRow(document));
    ids.push_back(id);
  }
  const auto read = [&](size_t first, size_t end) -> Result<Batch> {
    Batch batch;
    for (size_t i = first; i < end; ++i) RETURN_IF_ERROR(ReadInto(batch, documents[i], ids[i]));
    return batch;
  };
  size_t first = 0;
  size_t end = EndOfBatch(documents, 0);
  auto next = std::async(std::launch::async, read, first, end);
  while (first < documents.size()) {
    Result<Batch> batch = next.get();
    first = end;
    end = EndOfBatch(documents, first);
    if (first < documents.size()) next = std::async(std::launch::async, read, first, end);
    if (!batch.has_value()) return std::unexpected(batch.error());
    RETURN_IF_ERROR(Insert(*batch));
    on_records(batch->size());
  }
  return {};
}

Status IndexWriter::Remove(const DocumentRow& document) {
  const std::string digest = document.digest.Hex();
  ASSIGN_OR_RETURN(const bool found, find_doc_.Bind(1, digest).Step());
  if (!found) return {};
  const int64_t doc = find_doc_.Int(0);
  find_doc_.Reset();
  Batch batch;
  RETURN_IF_ERROR(ReadInto(batch, document, doc));
  std::ranges::sort(batch, {}, &Entry::at);
  rec_of_doc_.Bind(1, doc);
  for (;;) {
    ASSIGN_OR_RETURN(const bool row, rec_of_doc_.Step());
    if (!row) break;
    const auto at = static_cast<uint32_t>(rec_of_doc_.Int(1));
    const auto entry = std::ranges::lower_bound(batch, at, {}, &Entry::at);
    CHECK(entry != batch.end() && entry->at == at);
    remove_word_.Bind(1, rec_of_doc_.Int(0)).Bind(2, entry->text);
    RETURN_IF_ERROR(remove_word_.Step());
  }
  RETURN_IF_ERROR(remove_rec_.Bind(1, doc).Step());
  RETURN_IF_ERROR(remove_doc_.Bind(1, doc).Step());
  return {};
}

}  // namespace valise::library
