#include "library/index_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>
#include <unordered_map>

#include "account/fold.h"
#include "account/record_json.h"
#include "library/document.h"

namespace valise::library {
namespace {

constexpr int64_t kIdShift = 10;
constexpr int64_t kIdOffset = int64_t{1} << 35;  // seconds; makes ids of years 0–9999 positive
static_assert(1 << kIdShift > 1000, "milliseconds fit below the seconds");

// Rows that are folded, sorted and inserted at once: FTS5 writes its buffer out whenever a row id
// is lower than the one before.
constexpr uint64_t kBatchRecords = 150'000;

struct IndexLine {
  int64_t id = 0;
  uint32_t document = 0;  // place among the rows of the call
  uint32_t offset = 0;
  uint32_t length = 0;
  uint32_t text = 0;  // place in the batch's text
  uint32_t text_length = 0;
};

struct Batch {
  std::vector<std::pair<uint32_t, std::string>> chunks;  // by document: where its chunks end
  std::vector<IndexLine> lines;
  std::string text;
  std::unordered_map<std::string, int64_t> terms;  // with how often they occur
};

class Folder {
 public:
  explicit Folder(Batch& to) : to_(to.text), terms_(to.terms) {}

  void operator()(const account::Profile& r) {
    Add(r.username);
    Add(r.name);
    Add(r.bio);
    Media(r.pictures);
  }
  void operator()(const account::Post& r) {
    Add(r.text);
    Media(r.media);
    Place(r.place);
  }
  void operator()(const account::Story& r) {
    Add(r.text);
    Medium(r.media);
    Place(r.place);
  }
  void operator()(const account::Comment& r) {
    Add(r.text);
    Add(r.owner);
    Media(r.media);
  }
  void operator()(const account::Conversation& r) {
    Add(r.title);
    for (const std::string& name : r.participants) Add(name);
  }
  void operator()(const account::Message& r) {
    Add(r.sender);
    Add(r.text);
    if (r.share) {
      Add(r.share->text);
      Add(r.share->owner);
      Add(r.share->profile);
    }
    Media(r.media);
    Scope('c', std::string_view(r.conversation).substr(0, kScopeHex));
  }
  void operator()(const account::Connection& r) { Add(r.username); }
  void operator()(const account::Like& r) {
    Add(r.owner);
    Add(r.text);
  }
  void operator()(const account::Saved& r) {
    Add(r.collection);
    Add(r.owner);
    Add(r.text);
  }
  void operator()(const account::Activity& r) {
    Add(r.text);
    for (const account::Detail& detail : r.details) Add(detail.value);
    Media(r.media);
  }

  void Scope(char what, std::string_view value) {
    to_ += kScope;
    to_ += what;
    to_ += value;
    to_ += ' ';
  }

 private:
  void Add(std::string_view text) {
    if (text.empty()) return;
    for (const std::string& token : account::Tokens(text)) {
      to_ += token;
      to_ += ' ';
      ++terms_[token];
    }
  }
  void Place(const std::optional<account::Place>& place) {
    if (place) Add(place->name);
  }
  void Medium(const account::MediaItem& item) {
    Add(item.text);
    Add(item.alt);
    Place(item.place);
  }
  void Media(const std::vector<account::MediaItem>& items) {
    for (const account::MediaItem& item : items) Medium(item);
  }

  std::string& to_;
  std::unordered_map<std::string, int64_t>& terms_;
};

Status FoldDocument(const Library& library, const DocumentRow& row, uint32_t number, Batch& to) {
  ASSIGN_OR_RETURN(const std::string text, library.ReadDocument(row));
  std::string stored(row.stored_size, '\0');
  RETURN_IF_ERROR(library.blobs().ReadAt(row.digest, 0, std::as_writable_bytes(std::span(stored))));
  to.chunks.emplace_back(number, ChunkEnds(stored, row.size));
  account::RecordParser parser;
  return ForEachLine(text, [&](std::string_view line, uint64_t offset) -> Status {
    ASSIGN_OR_RETURN(const account::Record record, parser.Parse(line));
    const auto time = account::TimeOf(record);
    IndexLine& entry = to.lines.emplace_back();
    entry.id = time ? IndexIdOf(*time) : INT64_MIN;
    entry.document = number;
    entry.offset = static_cast<uint32_t>(offset);
    entry.length = static_cast<uint32_t>(line.size());
    entry.text = static_cast<uint32_t>(to.text.size());
    Folder folder(to);
    std::visit(folder, record);
    folder.Scope('k', std::to_string(static_cast<int>(row.kind)));
    entry.text_length = static_cast<uint32_t>(to.text.size() - entry.text);
    return {};
  });
}

Result<Batch> FoldBatch(const Library& library, const std::vector<DocumentRow>& rows, size_t begin,
                        size_t end) {
  Batch batch;
  for (size_t i = begin; i < end; ++i) {
    RETURN_IF_ERROR(FoldDocument(library, rows[i], static_cast<uint32_t>(i), batch));
  }
  std::ranges::stable_sort(batch.lines, {}, &IndexLine::id);
  return batch;
}

class Inserter {
 public:
  static Result<Inserter> Make(SqliteConnection& connection) {
    Inserter made;
    ASSIGN_OR_RETURN(made.line_, connection.Prepare("INSERT OR IGNORE INTO line (id, document, "
                                                    "\"offset\", length) VALUES (?, ?, ?, ?)"));
    ASSIGN_OR_RETURN(made.text_,
                     connection.Prepare("INSERT INTO text (rowid, tokens) VALUES (?, ?)"));
    ASSIGN_OR_RETURN(const int64_t lowest, connection.QueryInt("SELECT lowest FROM state"));
    ASSIGN_OR_RETURN(made.chunks_,
                     connection.Prepare("UPDATE document SET chunks = ?2 WHERE id = ?1"));
    ASSIGN_OR_RETURN(made.term_,
                     connection.Prepare("INSERT INTO term (term, count) VALUES (?, ?) ON CONFLICT "
                                        "(term) DO UPDATE SET count = count + excluded.count"));
    made.undated_ = lowest - 1;
    made.connection_ = &connection;
    return made;
  }

  Status Insert(const Batch& batch, const std::vector<int64_t>& documents) {
    for (const auto& [document, ends] : batch.chunks) {
      RETURN_IF_ERROR(chunks_.Bind(1, documents[document]).Bind(2, ends).Run());
    }
    for (const auto& [term, count] : batch.terms) {
      RETURN_IF_ERROR(term_.Bind(1, term).Bind(2, count).Run());
    }
    // Undated lines stand first; their ids fall, so they are put in from the last: ids must rise.
    const size_t undated =
        static_cast<size_t>(std::ranges::count(batch.lines, INT64_MIN, &IndexLine::id));
    undated_ -= static_cast<int64_t>(undated);
    for (size_t i = 0; i < batch.lines.size(); ++i) {
      const IndexLine& entry = batch.lines[i];
      int64_t id = i < undated ? undated_ + 1 + static_cast<int64_t>(i) : entry.id;
      // Neighbours of one millisecond follow each other; never lower than the one before.
      if (i > undated && id <= last_) id = last_ + 1;
      RETURN_IF_ERROR(InsertLine(id, documents[entry.document], entry));
      RETURN_IF_ERROR(
          text_.Bind(1, last_)
              .Bind(2, std::string_view(batch.text).substr(entry.text, entry.text_length))
              .Run());
    }
    return {};
  }

  int64_t lowest() const { return undated_; }

 private:
  // Takes the next free id.
  Status InsertLine(int64_t id, int64_t document, const IndexLine& entry) {
    while (true) {
      line_.Bind(1, id)
          .Bind(2, document)
          .Bind(3, int64_t{entry.offset})
          .Bind(4, int64_t{entry.length});
      RETURN_IF_ERROR(line_.Run());
      last_ = id++;
      if (sqlite3_changes(connection_->handle()) == 1) return {};
    }
  }

  SqliteConnection* connection_ = nullptr;
  SqliteStatement line_, text_, chunks_, term_;
  int64_t last_ = INT64_MIN;
  int64_t undated_ = -1;  // the next id for a record without time
};

// Where batches of about kBatchRecords end.
std::vector<size_t> CutBatches(const std::vector<DocumentRow>& rows) {
  std::vector<size_t> ends;
  uint64_t records = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    records += rows[i].records;
    if (records < kBatchRecords && i + 1 < rows.size()) continue;
    ends.push_back(i + 1);
    records = 0;
  }
  return ends;
}

Result<std::vector<int64_t>> InsertDocuments(SqliteConnection& connection,
                                             const std::vector<DocumentRow>& rows) {
  ASSIGN_OR_RETURN(
      SqliteStatement insert,
      connection.Prepare("INSERT INTO document (digest, size, kind, records) VALUES (?, ?, ?, ?)"));
  std::vector<int64_t> ids;
  for (const DocumentRow& row : rows) {
    const std::string digest = row.digest.Hex();
    insert.Bind(1, digest).Bind(2, static_cast<int64_t>(row.size));
    insert.Bind(3, static_cast<int64_t>(row.kind)).Bind(4, static_cast<int64_t>(row.records));
    RETURN_IF_ERROR(insert.Run());
    ids.push_back(sqlite3_last_insert_rowid(connection.handle()));
  }
  return ids;
}

}  // namespace

int64_t IndexIdOf(Timestamp time) {
  const int64_t second = std::clamp(ToSeconds(time), -kIdOffset, (int64_t{1} << 45));
  const int64_t ms = std::clamp<int64_t>(ToMillis(time) - ToSeconds(time) * 1000, 0, 999);
  return ((second + kIdOffset) << kIdShift) + ms;
}

Status CreateIndexTables(SqliteConnection& connection) {
  return connection.Run(fmt::format(
      "CREATE TABLE state (head TEXT NOT NULL, lowest INTEGER NOT NULL, leftovers INTEGER NOT "
      "NULL);"
      "INSERT INTO state VALUES ('', 0, 0);"
      "CREATE TABLE document (id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, size INTEGER "
      "NOT "
      "NULL, kind INTEGER NOT NULL, records INTEGER NOT NULL, chunks BLOB);"
      "CREATE TABLE line (id INTEGER PRIMARY KEY, document INTEGER NOT NULL, \"offset\" INTEGER "
      "NOT "
      "NULL, length INTEGER NOT NULL);"
      "CREATE TABLE term (term TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;"
      "CREATE VIRTUAL TABLE text USING fts5(tokens, content='', columnsize=0, detail=none, "
      "tokenize='ascii');"
      "INSERT INTO text (text, rank) VALUES ('hashsize', 16777216);"
      "PRAGMA user_version={};",
      kIndexVersion));
}

Status AddDocuments(SqliteConnection& connection, const Library& library,
                    const std::vector<DocumentRow>& rows, const IndexProgress& progress) {
  ASSIGN_OR_RETURN(const std::vector<int64_t> documents, InsertDocuments(connection, rows));
  ASSIGN_OR_RETURN(Inserter inserter, Inserter::Make(connection));
  uint64_t total = 0;
  uint64_t done = 0;
  for (const DocumentRow& row : rows) total += row.records;
  const std::vector<size_t> ends = CutBatches(rows);
  const auto fold = [&](size_t batch) {
    return FoldBatch(library, rows, batch == 0 ? 0 : ends[batch - 1], ends[batch]);
  };
  std::future<Result<Batch>> next;
  for (size_t batch = 0; batch < ends.size(); ++batch) {
    // One batch is folded while the one before is inserted.
    if (batch == 0) next = std::async(std::launch::async, fold, batch);
    Result<Batch> folded = next.get();
    if (!folded) return std::unexpected(std::move(folded).error());
    if (batch + 1 < ends.size()) next = std::async(std::launch::async, fold, batch + 1);
    if (const Status inserted = inserter.Insert(*folded, documents); !inserted) {
      if (next.valid()) next.wait();
      return inserted;
    }
    done += folded->lines.size();
    if (progress) progress(done, total);
  }
  return connection.Run(fmt::format("UPDATE state SET lowest = {}", inserter.lowest()));
}

}  // namespace valise::library
