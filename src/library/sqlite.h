// SQLite for the index: connections and statements with Results.
//
// Internal to the room; the desk uses sql/. Thread safety: a Connection and its statements belong
// to one thread at a time.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/file.h"
#include "base/result.h"

namespace valise::library {

class SqliteStatement {
 public:
  SqliteStatement() = default;
  explicit SqliteStatement(sqlite3_stmt* statement) : statement_(statement) {}

  SqliteStatement& Bind(int at, int64_t value) {
    sqlite3_bind_int64(statement_.get(), at, value);
    return *this;
  }
  // `text` must live until the statement has run.
  SqliteStatement& Bind(int at, std::string_view text) {
    sqlite3_bind_text64(statement_.get(), at, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
    return *this;
  }
  // Is there another row? Errors: kCorrupt, kUnavailable.
  Result<bool> Step();
  // Runs to its end and makes it ready for the next use.
  Status Run();
  void Reset() { sqlite3_reset(statement_.get()); }
  int64_t Int(int column) { return sqlite3_column_int64(statement_.get(), column); }
  std::string Text(int column);

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class SqliteConnection {
 public:
  // Errors: kNotFound (read only and absent), kCorrupt, kUnavailable.
  static Result<SqliteConnection> Open(const fs::path& path, bool read_only);
  // Several statements, no answer.
  Status Run(const std::string& statements);
  Result<SqliteStatement> Prepare(std::string_view statement);
  Result<int64_t> QueryInt(std::string_view statement);
  sqlite3* handle() { return connection_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* c) const { sqlite3_close_v2(c); }
  };
  std::unique_ptr<sqlite3, Close> connection_;
};

}  // namespace valise::library
