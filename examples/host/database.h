// The site's own database: one SQLite file.
//
// Thread safety: every method from any thread; statements are serialised. Durability: a committed
// transaction survives a crash.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/file.h"
#include "base/result.h"

struct sqlite3;

namespace valise::host {

using Value = std::variant<int64_t, std::string>;

class Row {
 public:
  explicit Row(std::vector<Value> values) : values_(std::move(values)) {}
  int64_t Int(size_t column) const { return std::get<int64_t>(values_[column]); }
  const std::string& Text(size_t column) const { return std::get<std::string>(values_[column]); }

 private:
  std::vector<Value> values_;
};
using Rows = std::vector<Row>;

class Database {
 public:
  // Makes the file and its tables if they are absent. Errors: kUnavailable.
  static Result<std::unique_ptr<Database>> Open(const fs::path& path);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Errors: kConflict (a constraint), kUnavailable (disk, busy), kInternal (our SQL).
  template <typename... Args>
  Result<Rows> Query(std::string_view statement, const Args&... args) {
    return Run(statement, {ToValue(args)...});
  }
  // Returns how many rows changed.
  template <typename... Args>
  Result<int64_t> Execute(std::string_view statement, const Args&... args) {
    const std::lock_guard lock(mutex_);
    RETURN_IF_ERROR(Run(statement, {ToValue(args)...}));
    return Changes();
  }
  // As Execute; returns the new row's id.
  template <typename... Args>
  Result<int64_t> Insert(std::string_view statement, const Args&... args) {
    const std::lock_guard lock(mutex_);
    RETURN_IF_ERROR(Run(statement, {ToValue(args)...}));
    return LastId();
  }
  // Commits when `work` returns success, rolls back otherwise; other threads wait. One inside
  // another is part of it.
  Status InTransaction(const std::function<Status()>& work);

 private:
  explicit Database(sqlite3* connection) : connection_(connection) {}
  template <std::integral T>
  static Value ToValue(T value) {
    return static_cast<int64_t>(value);
  }
  static Value ToValue(std::string_view text) { return std::string(text); }
  Result<Rows> Run(std::string_view statement, const std::vector<Value>& values);
  Status Script(const char* statements);
  int64_t Changes() const;
  int64_t LastId() const;

  std::recursive_mutex mutex_;
  int depth_ = 0;
  sqlite3* connection_;
};

}  // namespace valise::host
