#include "library/index.h"

#include <algorithm>
#include <chrono>
#include <list>
#include <mutex>
#include <set>
#include <thread>
#include <unordered_map>

#include "library/index_tokens.h"
#include "library/index_writer.h"

namespace valise::library {
namespace {

constexpr const char* kFileName = "index.sqlite";
constexpr const char* kNewFileName = "index.sqlite.new";
constexpr int kVersion = 1;
constexpr size_t kCachedDocuments = 8;
constexpr auto kLockWait = std::chrono::seconds{60};

constexpr const char* kFastWriting =
    "pragma journal_mode=off; pragma synchronous=off; pragma secure_delete=off; pragma "
    "cache_size=-65536;"
    "pragma temp_store=memory;";

using OnProgress = std::function<void(uint64_t done, uint64_t total)>;

uint64_t RecordsIn(const std::vector<DocumentRow>& documents) {
  uint64_t records = 0;
  for (const DocumentRow& document : documents) records += document.records;
  return records;
}

Result<FileLock> WaitForLock(const fs::path& path) {
  const auto deadline = std::chrono::steady_clock::now() + kLockWait;
  for (;;) {
    auto lock = FileLock::TryLock(path);
    if (lock.has_value() || lock.error().code != ErrorCode::kConflict ||
        std::chrono::steady_clock::now() > deadline) {
      return lock;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
}

Result<int64_t> OneNumber(SqliteFile& file, std::string_view query) {
  ASSIGN_OR_RETURN(SqliteStatement statement, file.Prepare(query));
  ASSIGN_OR_RETURN(const bool row, statement.Step());
  return row ? statement.Int(0) : 0;
}

Status SetHead(SqliteFile& file, const std::string& head) {
  RETURN_IF_ERROR(file.Run("delete from meta"));
  ASSIGN_OR_RETURN(SqliteStatement statement, file.Prepare("insert into meta(head) values(?)"));
  RETURN_IF_ERROR(statement.Bind(1, head).Step());
  return {};
}

}  // namespace

struct Index::State {
  const Library& library;
  std::mutex mutex;  // guards all below
  std::optional<SqliteFile> file;
  std::list<std::pair<std::string, std::string>> cache;  // digest → JSON, newest use first

  explicit State(const Library& l) : library(l) {}
  fs::path Path(const char* name) const { return library.folder() / name; }
  Status Reopen();
  Result<std::string> Head();
  Result<std::string> Line(const DocumentRow& document, int64_t at, int64_t length);
  Status RebuildAs(const Library::Snapshot& snapshot, const OnProgress& progress);
  Status Change(const Library::Snapshot& snapshot, const OnProgress& progress);
};

Index::Index(std::unique_ptr<State> state) : state_(std::move(state)) {}
Index::~Index() = default;

// A file that is not of this version, or damaged, is as good as none.
Status Index::State::Reopen() {
  file.reset();
  const fs::path path = Path(kFileName);
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return {};
  auto opened = SqliteFile::Open(path);
  if (opened.has_value()) {
    const auto version = OneNumber(*opened, "pragma user_version");
    if (version.has_value() && *version == kVersion) {
      file = std::move(*opened);
      return {};
    }
    if (!version.has_value() && version.error().code == ErrorCode::kUnavailable) {
      return std::unexpected(version.error());
    }
  }
  return {};
}

Result<std::string> Index::State::Head() {
  if (!file) return std::string();
  ASSIGN_OR_RETURN(SqliteStatement statement, file->Prepare("select head from meta"));
  ASSIGN_OR_RETURN(const bool row, statement.Step());
  return row ? statement.Text(0) : std::string();
}

Result<std::unique_ptr<Index>> Index::Open(const Library& library) {
  auto state = std::make_unique<State>(library);
  RETURN_IF_ERROR(state->Reopen());
  return std::unique_ptr<Index>(new Index(std::move(state)));
}

Status Index::State::RebuildAs(const Library::Snapshot& snapshot, const OnProgress& progress) {
  const fs::path beside = Path(kNewFileName);
  std::error_code ignored;
  fs::remove(beside, ignored);
  {
    ASSIGN_OR_RETURN(SqliteFile made, SqliteFile::Open(beside));
    RETURN_IF_ERROR(made.Run(kFastWriting));
    RETURN_IF_ERROR(MakeIndexTables(made));
    RETURN_IF_ERROR(made.Run("begin"));
    ASSIGN_OR_RETURN(IndexWriter writer, IndexWriter::Make(made, library));
    const uint64_t total = RecordsIn(snapshot.head.documents);
    uint64_t done = 0;
    RETURN_IF_ERROR(writer.Add(snapshot.head.documents,
                               [&](uint64_t records) { progress(done += records, total); }));
    RETURN_IF_ERROR(SetHead(made, snapshot.digest.Hex()));
    RETURN_IF_ERROR(made.Run("commit"));
    RETURN_IF_ERROR(made.Run("pragma user_version=1"));
  }
  const std::lock_guard lock(mutex);
  file.reset();
  if (::rename(beside.c_str(), Path(kFileName).c_str()) != 0) {
    return std::unexpected(ErrnoError("rename the search index"));
  }
  cache.clear();
  return Reopen();
}

// Only what differs between the head of the index and the wanted one.
Status Index::State::Change(const Library::Snapshot& snapshot, const OnProgress& progress) {
  ASSIGN_OR_RETURN(const std::string old_hex, Head());
  ASSIGN_OR_RETURN(const Digest old_digest, Digest::Parse(old_hex));
  ASSIGN_OR_RETURN(const Library::Snapshot old, library.At(old_digest));
  std::set<Digest> before, after;
  for (const DocumentRow& document : old.head.documents) before.insert(document.digest);
  for (const DocumentRow& document : snapshot.head.documents) after.insert(document.digest);
  std::vector<DocumentRow> added, removed;
  for (const DocumentRow& document : snapshot.head.documents) {
    if (!before.contains(document.digest)) added.push_back(document);
  }
  for (const DocumentRow& document : old.head.documents) {
    if (!after.contains(document.digest)) removed.push_back(document);
  }
  if (RecordsIn(added) * 2 > RecordsIn(snapshot.head.documents)) {
    return Fail(ErrorCode::kNotFound, "most of the account is new");
  }
  ASSIGN_OR_RETURN(SqliteFile writing, SqliteFile::Open(Path(kFileName)));
  RETURN_IF_ERROR(writing.Run("pragma secure_delete=off; begin immediate"));
  ASSIGN_OR_RETURN(IndexWriter writer, IndexWriter::Make(writing, library));
  for (const DocumentRow& document : removed) RETURN_IF_ERROR(writer.Remove(document));
  uint64_t done = 0;
  RETURN_IF_ERROR(
      writer.Add(added, [&](uint64_t records) { progress(done += records, RecordsIn(added)); }));
  RETURN_IF_ERROR(SetHead(writing, snapshot.digest.Hex()));
  return writing.Run("commit");
}

Status Index::Update(const OnProgress& progress) {
  ASSIGN_OR_RETURN(const auto lock, WaitForLock(state_->Path("index.lock")));
  ASSIGN_OR_RETURN(const auto snapshot, state_->library.Current());
  if (!snapshot) return {};
  {
    const std::lock_guard guard(state_->mutex);
    RETURN_IF_ERROR(state_->Reopen());  // another process may have renamed a new one
    const auto head = state_->Head();
    if (head.has_value() && *head == snapshot->digest.Hex()) return {};
  }
  const Status changed = state_->Change(*snapshot, progress);
  if (changed.has_value() || changed.error().code == ErrorCode::kUnavailable) return changed;
  return state_->RebuildAs(*snapshot, progress);
}

Status Index::Rebuild(const OnProgress& progress) {
  ASSIGN_OR_RETURN(const auto lock, WaitForLock(state_->Path("index.lock")));
  ASSIGN_OR_RETURN(const auto snapshot, state_->library.Current());
  if (!snapshot) return {};
  return state_->RebuildAs(*snapshot, progress);
}

Result<std::string> Index::State::Line(const DocumentRow& document, int64_t at, int64_t length) {
  const std::string name = document.digest.Hex();
  const auto found = std::ranges::find(cache, name, &std::pair<std::string, std::string>::first);
  if (found == cache.end()) {
    ASSIGN_OR_RETURN(std::string json, library.ReadDocument(document));
    cache.emplace_front(name, std::move(json));
    if (cache.size() > kCachedDocuments) cache.pop_back();
  } else {
    cache.splice(cache.begin(), cache, found);
  }
  const std::string& json = cache.front().second;
  if (at < 0 || length < 0 || static_cast<uint64_t>(at + length) > json.size()) {
    return Fail(ErrorCode::kCorrupt,
                "the search index does not fit the account: run `valise reindex`");
  }
  return json.substr(static_cast<size_t>(at), static_cast<size_t>(length));
}

Result<std::vector<SearchHit>> Index::Search(const SearchQuery& query) const {
  const std::lock_guard guard(state_->mutex);
  if (!state_->file) {
    return Fail(ErrorCode::kUnavailable, "the account is not searchable yet: run `valise reindex`");
  }
  const std::string match = MatchText(query);
  // Words that fold to nothing ("!!!") find nothing.
  if (match.empty() && !query.text.empty()) return std::vector<SearchHit>{};
  const std::string from_where =
      match.empty() ? "rec where rec.id" : "word where word match ?4 and word.rowid";
  const std::string id = match.empty() ? "rec.id" : "word.rowid";
  ASSIGN_OR_RETURN(SqliteStatement ids,
                   state_->file->Prepare("select " + id + " from " + from_where +
                                         " between ?1 and ?2 order by " + id + " desc limit ?3"));
  const int64_t last = query.until ? FirstIdOf(*query.until) - 1 : INT64_MAX;
  ids.Bind(1, query.from ? FirstIdOf(*query.from) : 0);
  ids.Bind(2, query.before ? std::min(last, *query.before - 1) : last);
  ids.Bind(3, int64_t{query.limit});
  if (!match.empty()) ids.Bind(4, match);
  ASSIGN_OR_RETURN(SqliteStatement place,
                   state_->file->Prepare(
                       "select at,length,digest,size,stored_size,crc,kind from rec join doc on "
                       "doc.id=rec.doc where rec.id=?"));
  std::vector<SearchHit> hits;
  for (;;) {
    ASSIGN_OR_RETURN(const bool row, ids.Step());
    if (!row) return hits;
    SearchHit hit{.id = ids.Int(0)};
    ASSIGN_OR_RETURN(const bool placed, place.Bind(1, hit.id).Step());
    if (!placed)
      return Fail(ErrorCode::kCorrupt, "the search index is damaged: run `valise reindex`");
    DocumentRow document;
    ASSIGN_OR_RETURN(document.digest, Digest::Parse(place.Text(2)));
    document.size = static_cast<uint64_t>(place.Int(3));
    document.stored_size = static_cast<uint64_t>(place.Int(4));
    document.crc = static_cast<uint32_t>(place.Int(5));
    hit.kind = static_cast<account::Kind>(place.Int(6));
    ASSIGN_OR_RETURN(hit.json, state_->Line(document, place.Int(0), place.Int(1)));
    place.Reset();
    hits.push_back(std::move(hit));
  }
}

}  // namespace valise::library
