#include "library/index.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <list>
#include <map>
#include <mutex>
#include <unordered_map>

#include "account/fold.h"
#include "base/deflate.h"
#include "base/failpoint.h"
#include "library/document.h"
#include "library/index_writer.h"

namespace valise::library {
namespace {

constexpr std::string_view kFile = "index.sqlite";
constexpr uint32_t kMaxLimit = 1000;
constexpr size_t kMaxQueryTokens = 32;
constexpr size_t kMinPrefix = 2;  // bytes: shorter prefixes would match almost everything
constexpr size_t kCachedChunks = 256;
constexpr size_t kMaxPrefixWords = 100;  // the most frequent ones
constexpr int64_t kManyRows = 20'000;
constexpr std::string_view kWords =
    "SELECT term, count FROM term WHERE term >= ?1 AND term < ?2 ORDER BY count DESC LIMIT ?3";

// Where a line stands.
struct LinePlace {
  Digest digest;
  uint64_t size = 0;   // of the document
  std::string chunks;  // ChunkEnds()
  uint64_t offset = 0;
  uint64_t length = 0;
};

std::unexpected<Error> Damaged() {
  return Fail(ErrorCode::kCorrupt, "the search index is damaged; it is made anew by `reindex`");
}

// Reads lines of documents, a chunk at a time; keeps the chunks that were used last.
class LineReader {
 public:
  Result<std::string> Read(const Library& library, const LinePlace& place) {
    if (place.length == 0 || place.offset + place.length > place.size) return Damaged();
    std::string line;
    if (place.chunks.empty()) {
      ASSIGN_OR_RETURN(const std::string text,
                       library.blobs().ReadContent(place.digest, place.size));
      line = text.substr(place.offset, place.length);
    } else {
      const uint64_t last = (place.offset + place.length - 1) / kChunk;
      for (uint64_t chunk = place.offset / kChunk; chunk <= last; ++chunk) {
        ASSIGN_OR_RETURN(const std::string* text, Chunk(library, place, chunk));
        const uint64_t begin = std::max(place.offset, chunk * kChunk) - chunk * kChunk;
        line.append(*text, begin, place.length - line.size());
      }
    }
    if (line.size() != place.length || !line.starts_with('{') || !line.ends_with('}')) {
      return Damaged();
    }
    return line;
  }

 private:
  // Lives until the next call.
  Result<const std::string*> Chunk(const Library& library, const LinePlace& place, uint64_t chunk) {
    const auto key = std::pair(place.digest, chunk);
    const auto found = std::ranges::find(cached_, key, &Cached::key);
    if (found != cached_.end()) {
      cached_.splice(cached_.begin(), cached_, found);
      return &cached_.front().text;
    }
    if ((chunk + 1) * sizeof(uint32_t) > place.chunks.size()) return Damaged();
    const char* const ends = place.chunks.data() + chunk * sizeof(uint32_t);
    const uint32_t begin = chunk == 0 ? 0 : LoadLe<uint32_t>(ends - sizeof(uint32_t));
    const uint32_t end = LoadLe<uint32_t>(ends);
    if (end < begin) return Damaged();
    std::string stored(end - begin, '\0');
    RETURN_IF_ERROR(
        library.blobs().ReadAt(place.digest, begin, std::as_writable_bytes(std::span(stored))));
    const uint64_t size = std::min(kChunk, place.size - chunk * kChunk);
    ASSIGN_OR_RETURN(std::string text, InflateOpenExact(AsBytes(stored), size));
    if (cached_.size() >= kCachedChunks) cached_.pop_back();
    cached_.push_front({key, std::move(text)});
    return &cached_.front().text;
  }

  struct Cached {
    std::pair<Digest, uint64_t> key;
    std::string text;
  };
  std::list<Cached> cached_;
};

std::string Quoted(std::string_view token) {
  // Tokens hold no ASCII but letters and digits, so there is nothing to escape.
  return fmt::format("\"{}\"", token);
}

// The words that begin with `prefix`, as an expression. FTS5 itself gathers all rows of a prefix
// before it gives the first one; a choice of whole words begins with the newest row at once.
Result<std::string> PrefixExpression(SqliteStatement& words, const std::string& prefix) {
  const std::string until = prefix + "\xFF";  // no UTF-8 has this byte
  words.Bind(1, prefix).Bind(2, until).Bind(3, int64_t{kMaxPrefixWords} + 1);
  std::vector<std::string> found;
  int64_t rows = 0;
  const Status read = [&]() -> Status {
    while (true) {
      ASSIGN_OR_RETURN(const bool row, words.Step());
      if (!row) return {};
      found.push_back(Quoted(words.Text(0)));
      rows += words.Int(1);
    }
  }();
  words.Reset();
  if (!read) return std::unexpected(read.error());
  // Where rows are few, FTS5 gathers them quickly; where they are many, rare words are not missed
  // among the newest.
  if (found.empty() || (found.size() > kMaxPrefixWords && rows < kManyRows)) {
    return Quoted(prefix) + "*";
  }
  return fmt::format("({})", fmt::join(found, " OR "));
}

// The FTS5 expression; empty: everything.
Result<std::string> Expression(const SearchQuery& query, SqliteStatement& words) {
  std::vector<std::string> all;
  std::vector<std::string> tokens = account::Tokens(query.text);
  if (tokens.size() > kMaxQueryTokens) tokens.resize(kMaxQueryTokens);
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (query.prefix && i + 1 == tokens.size() && tokens[i].size() >= kMinPrefix) {
      ASSIGN_OR_RETURN(std::string any, PrefixExpression(words, tokens[i]));
      all.push_back(std::move(any));
    } else {
      all.push_back(Quoted(tokens[i]));
    }
  }
  if (query.conversation) {
    all.push_back(
        Quoted(fmt::format("{}c{}", kScope, query.conversation->Hex().substr(0, kScopeHex))));
  }
  if (!query.kinds.empty()) {
    std::vector<std::string> kinds;
    for (const account::Kind kind : query.kinds) {
      kinds.push_back(Quoted(fmt::format("{}k{}", kScope, static_cast<int>(kind))));
    }
    all.push_back(fmt::format("({})", fmt::join(kinds, " OR ")));
  }
  return fmt::format("{}", fmt::join(all, " AND "));
}

// What is asked for only by words that no token can be made of finds nothing.
bool FindsNothing(const SearchQuery& query) {
  return query.text.find_first_not_of(" \t\r\n") != std::string::npos &&
         account::Tokens(query.text).empty();
}

constexpr std::string_view kColumns =
    "SELECT line.id, document.digest, document.size, document.kind, line.\"offset\", line.length, "
    "document.chunks ";
constexpr std::string_view kByText =
    "FROM text JOIN line ON line.id = text.rowid JOIN document ON document.id = line.document "
    "WHERE text MATCH ?4 AND text.rowid >= ?1 AND text.rowid < ?2 ORDER BY text.rowid DESC LIMIT "
    "?3";
constexpr std::string_view kAllLines =
    "FROM line JOIN document ON document.id = line.document "
    "WHERE line.id >= ?1 AND line.id < ?2 ORDER BY line.id DESC LIMIT ?3";

}  // namespace

struct Index::State {
  const Library& library;
  fs::path path;
  std::mutex writing;

  mutable std::mutex reading;
  mutable std::optional<SqliteConnection> connection;
  mutable std::optional<SqliteStatement> by_text, all_lines, words;
  mutable ino_t inode = 0;  // of the file that is open: a rebuild puts another in its place
  mutable LineReader lines;

  Status Connect() const;

  Status Rebuild(const Library::Snapshot& snapshot, const IndexProgress& progress);
  Result<bool> UpdateInPlace(const Library::Snapshot& snapshot, const IndexProgress& progress);
};

// REQUIRES: `reading` is held.
Status Index::State::Connect() const {
  struct stat info{};
  const auto absent = [] {
    return Fail(ErrorCode::kUnavailable,
                "the search index is not built yet; it is made by `reindex`");
  };
  if (::stat(path.c_str(), &info) != 0) return absent();
  if (connection && info.st_ino == inode) return {};
  by_text.reset();
  all_lines.reset();
  words.reset();
  connection.reset();
  ASSIGN_OR_RETURN(SqliteConnection opened, SqliteConnection::Open(path, true));
  const auto version = opened.QueryInt("PRAGMA user_version");
  if (!version || *version != kIndexVersion) return absent();
  RETURN_IF_ERROR(opened.Run("PRAGMA mmap_size=1073741824;"));
  ASSIGN_OR_RETURN(by_text, opened.Prepare(fmt::format("{}{}", kColumns, kByText)));
  ASSIGN_OR_RETURN(all_lines, opened.Prepare(fmt::format("{}{}", kColumns, kAllLines)));
  ASSIGN_OR_RETURN(words, opened.Prepare(kWords));
  connection = std::move(opened);
  inode = info.st_ino;
  return {};
}

Status Index::State::Rebuild(const Library::Snapshot& snapshot, const IndexProgress& progress) {
  const fs::path beside = path.string() + ".new";
  for (const char* suffix : {"", "-journal", "-wal", "-shm"})
    ::unlink((beside.string() + suffix).c_str());
  {
    {
      ASSIGN_OR_RETURN(const File made, File::Create(beside));
    }  // private from its first moment
    ASSIGN_OR_RETURN(SqliteConnection connection_to, SqliteConnection::Open(beside, false));
    RETURN_IF_ERROR(connection_to.Run(
        "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA secure_delete=OFF; PRAGMA "
        "locking_mode=EXCLUSIVE; PRAGMA cache_size=-32768;"));
    RETURN_IF_ERROR(CreateIndexTables(connection_to));
    RETURN_IF_ERROR(connection_to.Run("BEGIN"));
    RETURN_IF_ERROR(AddDocuments(connection_to, library, snapshot.head.documents, progress));
    RETURN_IF_ERROR(connection_to.Run(
        fmt::format("UPDATE state SET head = '{}'; COMMIT;", snapshot.digest.Hex())));
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) {
    return std::unexpected(ErrnoError("put the search index in its place"));
  }
  failpoint::Pass("index.rename");
  return {};
}

// False: it must be rebuilt.
Result<bool> Index::State::UpdateInPlace(const Library::Snapshot& snapshot,
                                         const IndexProgress& progress) {
  if (!fs::exists(path)) return false;
  ASSIGN_OR_RETURN(SqliteConnection index, SqliteConnection::Open(path, false));
  const auto version = index.QueryInt("PRAGMA user_version");
  if (!version || *version != kIndexVersion) return false;
  ASSIGN_OR_RETURN(const int64_t same,
                   index.QueryInt(fmt::format("SELECT count(*) FROM state WHERE head = '{}'",
                                              snapshot.digest.Hex())));
  if (same == 1) return true;

  std::map<std::string, int64_t> known;
  int64_t here = 0;
  {
    ASSIGN_OR_RETURN(SqliteStatement list,
                     index.Prepare("SELECT digest, id, records FROM document"));
    while (true) {
      ASSIGN_OR_RETURN(const bool row, list.Step());
      if (!row) break;
      known[list.Text(0)] = list.Int(1);
      here += list.Int(2);
    }
  }
  std::vector<DocumentRow> added;
  for (const DocumentRow& row : snapshot.head.documents) {
    if (known.erase(row.digest.Hex()) == 0) added.push_back(row);
  }
  std::string gone;
  for (const auto& [digest, id] : known) gone += fmt::format("{}{}", gone.empty() ? "" : ",", id);
  ASSIGN_OR_RETURN(const int64_t leaving,
                   index.QueryInt(fmt::format(
                       "SELECT coalesce(sum(records), 0) FROM document WHERE id IN ({})", gone)));
  ASSIGN_OR_RETURN(const int64_t left_before, index.QueryInt("SELECT leftovers FROM state"));
  if ((leaving + left_before) * 4 > here) return false;

  RETURN_IF_ERROR(index.Run("PRAGMA synchronous=OFF; PRAGMA secure_delete=OFF; BEGIN IMMEDIATE;"));
  const Status done = [&]() -> Status {
    RETURN_IF_ERROR(index.Run(fmt::format(
        "DELETE FROM line WHERE document IN ({0}); DELETE FROM document WHERE id IN ({0});",
        gone)));
    RETURN_IF_ERROR(AddDocuments(index, library, added, progress));
    return index.Run(fmt::format("UPDATE state SET head = '{}', leftovers = {}; COMMIT;",
                                 snapshot.digest.Hex(), leaving + left_before));
  }();
  if (!done) return std::unexpected(done.error());  // closing rolls back
  return true;
}

Index::Index(std::unique_ptr<State> state) : state_(std::move(state)) {}
Index::~Index() = default;

Result<std::unique_ptr<Index>> Index::Open(const Library& library) {
  return std::unique_ptr<Index>(new Index(std::unique_ptr<State>(
      new State{library, library.folder() / kFile, {}, {}, {}, {}, {}, {}, 0, {}})));
}

Status Index::Update(const std::function<void(uint64_t done, uint64_t total)>& progress) {
  const std::lock_guard lock(state_->writing);
  ASSIGN_OR_RETURN(const auto snapshot, state_->library.Current());
  if (!snapshot) return {};
  Result<bool> updated = state_->UpdateInPlace(*snapshot, progress);
  if (!updated && updated.error().code != ErrorCode::kCorrupt) {
    return std::unexpected(std::move(updated).error());
  }
  if (updated && *updated) return {};
  return state_->Rebuild(*snapshot, progress);
}

Status Index::Rebuild(const std::function<void(uint64_t done, uint64_t total)>& progress) {
  const std::lock_guard lock(state_->writing);
  ASSIGN_OR_RETURN(const auto snapshot, state_->library.Current());
  if (!snapshot) return {};
  return state_->Rebuild(*snapshot, progress);
}

Result<std::vector<SearchHit>> Index::Search(const SearchQuery& query) const {
  std::vector<SearchHit> hits;
  if (FindsNothing(query)) return hits;
  const std::lock_guard lock(state_->reading);
  RETURN_IF_ERROR(state_->Connect());
  ASSIGN_OR_RETURN(const std::string expression, Expression(query, *state_->words));
  SqliteStatement& statement = expression.empty() ? *state_->all_lines : *state_->by_text;
  const int64_t from = query.from ? IndexIdOf(*query.from) : INT64_MIN;
  int64_t until = query.until ? IndexIdOf(*query.until) : INT64_MAX;
  if (query.before) until = std::min(until, *query.before);
  statement.Bind(1, from).Bind(2, until).Bind(3, int64_t{std::min(query.limit, kMaxLimit)});
  if (!expression.empty()) statement.Bind(4, expression);
  const Status read = [&]() -> Status {
    while (true) {
      ASSIGN_OR_RETURN(const bool row, statement.Step());
      if (!row) return {};
      LinePlace place{.digest = {},
                      .size = static_cast<uint64_t>(statement.Int(2)),
                      .chunks = statement.Text(6),
                      .offset = static_cast<uint64_t>(statement.Int(4)),
                      .length = static_cast<uint64_t>(statement.Int(5))};
      ASSIGN_OR_RETURN(place.digest, Digest::Parse(statement.Text(1)));
      ASSIGN_OR_RETURN(std::string line, state_->lines.Read(state_->library, place));
      hits.push_back(
          {statement.Int(0), static_cast<account::Kind>(statement.Int(3)), std::move(line)});
    }
  }();
  statement.Reset();
  if (!read) return std::unexpected(read.error());
  return hits;
}

}  // namespace valise::library
