// The SQLite adapter: one connection, its use serialised by a mutex that a transaction holds from
// begin to end.
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <mutex>
#include <unordered_map>

#include "base/failpoint.h"

#include "sql/database.h"

namespace valise::sql {
namespace {

constexpr int kBusyMilliseconds = 5000;
constexpr size_t kKeptStatements = 128;

ErrorCode CodeOf(int extended) {
  switch (extended) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
      return ErrorCode::kAlreadyExists;
    default:
      break;
  }
  switch (extended & 0xFF) {
    case SQLITE_CONSTRAINT:
      return ErrorCode::kConflict;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_NOMEM:
      return ErrorCode::kUnavailable;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorCode::kCorrupt;
    default:
      return ErrorCode::kInternal;
  }
}

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

// Makes a cached statement ready for its next use, however the present one ends.
class Use {
 public:
  explicit Use(sqlite3_stmt* statement) : statement_(statement) {}
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;
  ~Use() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }

 private:
  sqlite3_stmt* statement_;
};

int Bind(sqlite3_stmt* statement, int at, const Value& value) {
  if (const auto* whole = std::get_if<int64_t>(&value)) {
    return sqlite3_bind_int64(statement, at, *whole);
  }
  if (const auto* real = std::get_if<double>(&value)) {
    return sqlite3_bind_double(statement, at, *real);
  }
  if (const auto* text = std::get_if<std::string>(&value)) {
    return sqlite3_bind_text64(statement, at, text->data(), text->size(), SQLITE_STATIC,
                               SQLITE_UTF8);
  }
  return sqlite3_bind_null(statement, at);
}

Row ReadRow(sqlite3_stmt* statement) {
  std::vector<Value> values;
  const int columns = sqlite3_column_count(statement);
  values.reserve(static_cast<size_t>(columns));
  for (int i = 0; i < columns; ++i) {
    switch (sqlite3_column_type(statement, i)) {
      case SQLITE_INTEGER:
        values.emplace_back(static_cast<int64_t>(sqlite3_column_int64(statement, i)));
        break;
      case SQLITE_FLOAT:
        values.emplace_back(sqlite3_column_double(statement, i));
        break;
      case SQLITE_NULL:
        values.emplace_back(std::monostate{});
        break;
      default:  // text and blob: both are bytes to us
        values.emplace_back(std::string(static_cast<const char*>(sqlite3_column_blob(statement, i)),
                                        static_cast<size_t>(sqlite3_column_bytes(statement, i))));
    }
  }
  return Row(std::move(values));
}

class SqliteDatabase final : public Database {
 public:
  explicit SqliteDatabase(sqlite3* connection) : connection_(connection) {}
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;
  ~SqliteDatabase() override {
    statements_.clear();
    sqlite3_close(connection_);
  }

  Result<int64_t> Execute(std::string_view statement, const Values& values) override {
    const std::lock_guard lock(mutex_);
    RETURN_IF_ERROR(Run(statement, values, nullptr));
    if (sqlite3_get_autocommit(connection_) != 0) failpoint::Pass("sql.commit");
    return static_cast<int64_t>(sqlite3_changes64(connection_));
  }

  Result<std::vector<Row>> Query(std::string_view statement, const Values& values) override {
    const std::lock_guard lock(mutex_);
    std::vector<Row> rows;
    RETURN_IF_ERROR(Run(statement, values, &rows));
    return rows;
  }

  Status InTransaction(const std::function<Status()>& work) override {
    const std::lock_guard lock(mutex_);
    CHECK(sqlite3_get_autocommit(connection_) != 0);  // not nested
    // IMMEDIATE: takes the write lock now, so that a read in the transaction is still true at its
    // writes.
    RETURN_IF_ERROR(Run("BEGIN IMMEDIATE", {}, nullptr));
    Status status = work();
    if (status.has_value()) status = Run("COMMIT", {}, nullptr);
    if (status.has_value()) failpoint::Pass("sql.commit");
    // A failed statement (disk full) may have rolled back already.
    if (!status.has_value() && sqlite3_get_autocommit(connection_) == 0) {
      RETURN_IF_ERROR(Run("ROLLBACK", {}, nullptr));
    }
    return status;
  }

 private:
  std::unexpected<Error> Failed() const {
    const int code = sqlite3_extended_errcode(connection_);
    return Fail(CodeOf(code), fmt::format("database: {}", sqlite3_errmsg(connection_)));
  }

  // REQUIRES: the mutex is held.
  Result<sqlite3_stmt*> Prepare(std::string_view text) {
    const std::string key(text);
    if (const auto found = statements_.find(key); found != statements_.end()) {
      return found->second.get();
    }
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(connection_, text.data(), static_cast<int>(text.size()),
                           SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK) {
      return Failed();
    }
    CHECK(statement != nullptr);
    if (statements_.size() >= kKeptStatements) statements_.clear();
    statements_.emplace(key, Statement(statement));
    return statement;
  }

  // REQUIRES: the mutex is held.
  Status Run(std::string_view text, const Values& values, std::vector<Row>* rows) {
    ASSIGN_OR_RETURN(sqlite3_stmt * statement, Prepare(text));
    const Use use(statement);
    CHECK(sqlite3_bind_parameter_count(statement) == static_cast<int>(values.size()));
    for (size_t i = 0; i < values.size(); ++i) {
      if (Bind(statement, static_cast<int>(i) + 1, values[i]) != SQLITE_OK) return Failed();
    }
    while (true) {
      const int code = sqlite3_step(statement);
      if (code == SQLITE_DONE) return {};
      if (code != SQLITE_ROW) return Failed();
      if (rows != nullptr) rows->push_back(ReadRow(statement));
    }
  }

  sqlite3* connection_;
  std::recursive_mutex mutex_;  // recursive: the work of a transaction runs statements
  std::unordered_map<std::string, Statement> statements_;
};

Result<std::unique_ptr<Database>> Connect(const std::string& name, std::string_view pragmas) {
  sqlite3* connection = nullptr;
  const int code = sqlite3_open_v2(
      name.c_str(), &connection,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
      nullptr);
  auto database = std::make_unique<SqliteDatabase>(connection);
  if (code != SQLITE_OK) {
    return Fail(CodeOf(code), fmt::format("open database: {}", sqlite3_errstr(code)));
  }
  sqlite3_busy_timeout(connection, kBusyMilliseconds);
  const int set = sqlite3_exec(connection, pragmas.data(), nullptr, nullptr, nullptr);
  if (set != SQLITE_OK) {
    return Fail(CodeOf(set), fmt::format("open database: {}", sqlite3_errmsg(connection)));
  }
  return database;
}

}  // namespace

Result<std::unique_ptr<Database>> OpenSqlite(const fs::path& path) {
  // Made here first, so that it is private from its first moment; SQLite gives -wal and -shm the
  // same mode.
  {
    ASSIGN_OR_RETURN(const File made, File::OpenWrite(path));
  }
  return Connect(path.string(),
                 "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                 "PRAGMA secure_delete=ON;");
}

Result<std::unique_ptr<Database>> OpenSqliteInMemory() {
  return Connect(":memory:", "PRAGMA foreign_keys=ON;");
}

}  // namespace valise::sql
