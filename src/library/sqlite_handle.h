// SQLite's C interface for the index, which wants its speed: handles that close themselves and
// Results.
//
// Thread safety: a SqliteFile and its statements belong to one thread at a time.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/file.h"
#include "base/result.h"

namespace valise::library {

class SqliteStatement {
 public:
  SqliteStatement& Bind(int index, int64_t value);
  // `text` must live until Step() has returned.
  SqliteStatement& Bind(int index, std::string_view text);
  // True: a row; false: done. Resets itself when done. Errors: kUnavailable (disk full, busy),
  // kInternal.
  Result<bool> Step();
  void Reset();
  int64_t Int(int column) const { return sqlite3_column_int64(statement_.get(), column); }
  std::string Text(int column) const;

 private:
  friend class SqliteFile;
  struct Finalize {
    void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class SqliteFile {
 public:
  // Makes the file if absent. Errors: kUnavailable, kCorrupt (not a database).
  static Result<SqliteFile> Open(const fs::path& path);
  Status Run(const char* statements);
  Result<SqliteStatement> Prepare(std::string_view statement);

 private:
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  };
  std::unique_ptr<sqlite3, Close> db_;
};

}  // namespace valise::library
