#include "library/sqlite_handle.h"

namespace valise::library {
namespace {

constexpr int kBusyMillis = 5000;

Error SqliteError(sqlite3* db, int code) {
  ErrorCode meaning = ErrorCode::kInternal;
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      meaning = ErrorCode::kUnavailable;
      break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      meaning = ErrorCode::kCorrupt;
      break;
    default:
      break;
  }
  return {meaning,
          std::string("search index: ") + (db ? sqlite3_errmsg(db) : sqlite3_errstr(code))};
}

}  // namespace

SqliteStatement& SqliteStatement::Bind(int index, int64_t value) {
  CHECK(sqlite3_bind_int64(statement_.get(), index, value) == SQLITE_OK);
  return *this;
}

SqliteStatement& SqliteStatement::Bind(int index, std::string_view text) {
  CHECK(sqlite3_bind_text64(statement_.get(), index, text.data(), text.size(), SQLITE_STATIC,
                            SQLITE_UTF8) == SQLITE_OK);
  return *this;
}

Result<bool> SqliteStatement::Step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  sqlite3* db = sqlite3_db_handle(statement_.get());
  if (code != SQLITE_DONE) {
    Error error = SqliteError(db, code);
    Reset();
    return std::unexpected(std::move(error));
  }
  Reset();
  return false;
}

void SqliteStatement::Reset() { sqlite3_reset(statement_.get()); }

std::string SqliteStatement::Text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  return text == nullptr ? std::string() : std::string(text);
}

Result<SqliteFile> SqliteFile::Open(const fs::path& path) {
  SqliteFile file;
  sqlite3* db = nullptr;
  const int code = sqlite3_open_v2(
      path.c_str(), &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  file.db_.reset(db);
  if (code != SQLITE_OK) return std::unexpected(SqliteError(db, code));
  sqlite3_busy_timeout(db, kBusyMillis);
  return file;
}

Status SqliteFile::Run(const char* statements) {
  const int code = sqlite3_exec(db_.get(), statements, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return std::unexpected(SqliteError(db_.get(), code));
  return {};
}

Result<SqliteStatement> SqliteFile::Prepare(std::string_view statement) {
  sqlite3_stmt* made = nullptr;
  const int code =
      sqlite3_prepare_v3(db_.get(), statement.data(), static_cast<int>(statement.size()),
                         SQLITE_PREPARE_PERSISTENT, &made, nullptr);
  if (code != SQLITE_OK) return std::unexpected(SqliteError(db_.get(), code));
  SqliteStatement prepared;
  prepared.statement_.reset(made);
  return prepared;
}

}  // namespace valise::library
