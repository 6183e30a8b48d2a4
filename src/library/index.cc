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
#include "library/index_writer.h"

namespace valise::library {
namespace {

constexpr std::string_view kFile = "index.sqlite";
constexpr uint32_t kMaxLimit = 1000;
constexpr size_t kMaxQueryTokens = 32;
constexpr size_t kMinPrefix = 2;  // bytes: shorter prefixes would match almost everything
constexpr uint64_t kCacheBytes = 32u << 20;

// Documents that were inflated for hits, newest use first.
class DocumentCache {
 public:
  Result<std::shared_ptr<const std::string>> Get(const Library& library, const DocumentRow& row) {
    const auto found = std::ranges::find(cached_, row.digest, &Cached::digest);
    if (found != cached_.end()) {
      cached_.splice(cached_.begin(), cached_, found);
      return cached_.front().text;
    }
    ASSIGN_OR_RETURN(std::string text, library.ReadDocument(row));
    bytes_ += text.size();
    cached_.push_front({row.digest, std::make_shared<const std::string>(std::move(text))});
    const auto newest = cached_.front().text;
    while (bytes_ > kCacheBytes && cached_.size() > 1) {
      bytes_ -= cached_.back().text->size();
      cached_.pop_back();
    }
    return newest;
  }

 private:
  struct Cached {
    Digest digest;
    std::shared_ptr<const std::string> text;
  };
  std::list<Cached> cached_;
  uint64_t bytes_ = 0;
};

std::string Quoted(std::string_view token) {
  // Tokens hold no ASCII but letters and digits, so there is nothing to escape.
  return fmt::format("\"{}\"", token);
}

// The FTS5 expression; empty: everything.
std::string Expression(const SearchQuery& query) {
  std::vector<std::string> all;
  std::vector<std::string> tokens = account::Tokens(query.text);
  if (tokens.size() > kMaxQueryTokens) tokens.resize(kMaxQueryTokens);
  for (size_t i = 0; i < tokens.size(); ++i) {
    const bool prefix = query.prefix && i + 1 == tokens.size() && tokens[i].size() >= kMinPrefix;
    all.push_back(Quoted(tokens[i]) + (prefix ? "*" : ""));
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
    "SELECT line.id, document.digest, document.size, document.kind, line.\"offset\", line.length ";
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
  mutable std::optional<SqliteStatement> by_text, all_lines;
  mutable ino_t inode = 0;  // of the file that is open: a rebuild puts another in its place
  mutable DocumentCache cache;

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
  connection.reset();
  ASSIGN_OR_RETURN(SqliteConnection opened, SqliteConnection::Open(path, true));
  const auto version = opened.QueryInt("PRAGMA user_version");
  if (!version || *version != kIndexVersion) return absent();
  RETURN_IF_ERROR(opened.Run("PRAGMA mmap_size=1073741824;"));
  ASSIGN_OR_RETURN(by_text, opened.Prepare(fmt::format("{}{}", kColumns, kByText)));
  ASSIGN_OR_RETURN(all_lines, opened.Prepare(fmt::format("{}{}", kColumns, kAllLines)));
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
      new State{library, library.folder() / kFile, {}, {}, {}, {}, {}, 0, {}})));
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
  const std::string expression = Expression(query);
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
      DocumentRow document;
      ASSIGN_OR_RETURN(document.digest, Digest::Parse(statement.Text(1)));
      document.size = static_cast<uint64_t>(statement.Int(2));
      ASSIGN_OR_RETURN(const auto text, state_->cache.Get(state_->library, document));
      const auto offset = static_cast<size_t>(statement.Int(4));
      const auto length = static_cast<size_t>(statement.Int(5));
      if (offset > text->size() || length > text->size() - offset) {
        return Fail(ErrorCode::kCorrupt, "the search index is damaged; run `reindex`");
      }
      hits.push_back({statement.Int(0), static_cast<account::Kind>(statement.Int(3)),
                      text->substr(offset, length)});
    }
  }();
  statement.Reset();
  if (!read) return std::unexpected(read.error());
  return hits;
}

}  // namespace valise::library
