#include "database.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include "schema.h"

namespace valise::host {
namespace {

ErrorCode CodeOf(int code) {
  switch (code & 0xFF) {
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
    default:
      return ErrorCode::kInternal;
  }
}

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

Value ColumnOf(sqlite3_stmt* statement, int column) {
  if (sqlite3_column_type(statement, column) == SQLITE_INTEGER) {
    return static_cast<int64_t>(sqlite3_column_int64(statement, column));
  }
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
  const auto size = static_cast<size_t>(sqlite3_column_bytes(statement, column));
  return bytes == nullptr ? std::string() : std::string(bytes, size);
}

}  // namespace

Result<std::unique_ptr<Database>> Database::Open(const fs::path& path) {
  sqlite3* connection = nullptr;
  const int opened =
      sqlite3_open_v2(path.c_str(), &connection,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX, nullptr);
  std::unique_ptr<Database> database(new Database(connection));
  if (opened != SQLITE_OK) return Fail(ErrorCode::kUnavailable, "the database cannot be opened");
  sqlite3_busy_timeout(connection, 5000);
  RETURN_IF_ERROR(database->Script(
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"));
  RETURN_IF_ERROR(database->Script(kSchema));
  return database;
}

Database::~Database() { sqlite3_close_v2(connection_); }

Status Database::Script(const char* statements) {
  const int code = sqlite3_exec(connection_, statements, nullptr, nullptr, nullptr);
  if (code == SQLITE_OK) return {};
  return Fail(CodeOf(code), fmt::format("database: {}", sqlite3_errmsg(connection_)));
}

Result<Rows> Database::Run(std::string_view text, const std::vector<Value>& values) {
  const std::lock_guard lock(mutex_);
  const auto failed = [&](int code) {
    return Fail(CodeOf(code), fmt::format("database: {}", sqlite3_errmsg(connection_)));
  };
  sqlite3_stmt* made = nullptr;
  int code =
      sqlite3_prepare_v2(connection_, text.data(), static_cast<int>(text.size()), &made, nullptr);
  if (code != SQLITE_OK) return failed(code);
  const Statement statement(made);
  int at = 0;
  for (const Value& value : values) {
    ++at;
    if (const auto* number = std::get_if<int64_t>(&value)) {
      sqlite3_bind_int64(made, at, *number);
    } else {
      const auto& bytes = std::get<std::string>(value);
      sqlite3_bind_text64(made, at, bytes.data(), bytes.size(), SQLITE_STATIC, SQLITE_UTF8);
    }
  }
  Rows rows;
  while ((code = sqlite3_step(made)) == SQLITE_ROW) {
    std::vector<Value> columns;
    for (int i = 0; i < sqlite3_column_count(made); ++i) columns.push_back(ColumnOf(made, i));
    rows.emplace_back(std::move(columns));
  }
  if (code != SQLITE_DONE) return failed(code);
  return rows;
}

int64_t Database::Changes() const { return sqlite3_changes64(connection_); }
int64_t Database::LastId() const { return sqlite3_last_insert_rowid(connection_); }

Status Database::InTransaction(const std::function<Status()>& work) {
  const std::lock_guard lock(mutex_);
  if (depth_ > 0) return work();
  RETURN_IF_ERROR(Script("BEGIN IMMEDIATE"));
  ++depth_;
  Status status = work();
  --depth_;
  if (status.has_value()) status = Script("COMMIT");
  if (!status.has_value()) static_cast<void>(Script("ROLLBACK"));
  return status;
}

}  // namespace valise::host
