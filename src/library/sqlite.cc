#include "library/sqlite.h"

#include <fmt/format.h>

namespace valise::library {
namespace {

constexpr int kBusyMilliseconds = 5000;

Error IndexError(int code, const char* message) {
  switch (code & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {ErrorCode::kCorrupt, fmt::format("the search index is damaged: {}", message)};
    case SQLITE_CANTOPEN:
      return {ErrorCode::kNotFound, "there is no search index yet"};
    case SQLITE_ERROR:
      return {ErrorCode::kInternal, fmt::format("search index: {}", message)};
    default:
      return {ErrorCode::kUnavailable, fmt::format("search index: {}", message)};
  }
}

}  // namespace

Result<bool> SqliteStatement::Step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return std::unexpected(IndexError(code, sqlite3_errmsg(sqlite3_db_handle(statement_.get()))));
}

Status SqliteStatement::Run() {
  const Result<bool> row = Step();
  Reset();
  if (!row) return std::unexpected(row.error());
  return {};
}

std::string SqliteStatement::Text(int column) {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  return {static_cast<const char*>(bytes),
          static_cast<size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

Result<SqliteConnection> SqliteConnection::Open(const fs::path& path, bool read_only) {
  sqlite3* raw = nullptr;
  const int mode = read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int code = sqlite3_open_v2(path.c_str(), &raw, mode | SQLITE_OPEN_NOMUTEX, nullptr);
  SqliteConnection connection;
  connection.connection_.reset(raw);
  if (code != SQLITE_OK) return std::unexpected(IndexError(code, sqlite3_errstr(code)));
  sqlite3_busy_timeout(raw, kBusyMilliseconds);
  return connection;
}

Status SqliteConnection::Run(const std::string& statements) {
  const int code = sqlite3_exec(handle(), statements.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return std::unexpected(IndexError(code, sqlite3_errmsg(handle())));
  return {};
}

Result<SqliteStatement> SqliteConnection::Prepare(std::string_view statement) {
  sqlite3_stmt* raw = nullptr;
  const int code =
      sqlite3_prepare_v3(handle(), statement.data(), static_cast<int>(statement.size()),
                         SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  if (code != SQLITE_OK) return std::unexpected(IndexError(code, sqlite3_errmsg(handle())));
  return SqliteStatement(raw);
}

Result<int64_t> SqliteConnection::QueryInt(std::string_view statement) {
  ASSIGN_OR_RETURN(SqliteStatement prepared, Prepare(statement));
  ASSIGN_OR_RETURN(const bool row, prepared.Step());
  return row ? prepared.Int(0) : 0;
}

}  // namespace valise::library
