// Port: a relational database, thin enough for SQLite and PostgreSQL alike.
//
// Rooms own their tables and write their own SQL (`?` placeholders, standard types). Thread safety:
// every method may be called from any thread; statements are serialised. Durability: a committed
// transaction survives a crash.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/file.h"
#include "base/result.h"

namespace valise::sql {

using Value = std::variant<std::monostate, int64_t, double, std::string>;

// One row of an answer. Wrong column or type is our own mistake (CHECK).
class Row {
 public:
  explicit Row(std::vector<Value> values) : values_(std::move(values)) {}
  bool IsNull(size_t column) const;
  int64_t Int(size_t column) const;
  double Real(size_t column) const;
  const std::string& Text(size_t column) const;
  std::string TextOr(size_t column, std::string_view otherwise) const;

 private:
  std::vector<Value> values_;
};

// What a statement is run with. `Args(1, "a", nullptr)` makes it from plain values.
using Values = std::vector<Value>;
template <typename... Ts>
Values Args(Ts&&... values);

// One step of a room's schema; steps are applied once, in order.
struct Migration {
  int version = 0;
  std::string_view sql;  // one or more statements separated by ";"
};

class Database {
 public:
  virtual ~Database() = default;

  // Runs one statement; returns the number of changed rows.
  // Errors: kAlreadyExists (unique), kConflict (foreign key, check), kUnavailable (busy, disk
  // full), kInternal (our SQL).
  virtual Result<int64_t> Execute(std::string_view statement, const Values& values = {}) = 0;
  virtual Result<std::vector<Row>> Query(std::string_view statement, const Values& values = {}) = 0;
  // Runs `work` in one transaction: commits when it returns success, rolls back otherwise. Not to
  // be nested. Other threads wait.
  virtual Status InTransaction(const std::function<Status()>& work) = 0;
  // Brings the schema of `room` up to date. Errors: kUnsupported when the database is newer than
  // this program.
  Status Migrate(std::string_view room, std::span<const Migration> migrations);
};

// A file (made if absent, mode 0600; WAL, synchronous FULL, busy timeout 5 s), or in memory.
Result<std::unique_ptr<Database>> OpenSqlite(const fs::path& path);
Result<std::unique_ptr<Database>> OpenSqliteInMemory();

namespace internal {
inline Value ToValue(std::nullptr_t) { return std::monostate{}; }
inline Value ToValue(const char* text) { return std::string(text); }
inline Value ToValue(std::string text) { return text; }
inline Value ToValue(std::string_view text) { return std::string(text); }
inline Value ToValue(double value) { return value; }
inline Value ToValue(bool value) { return static_cast<int64_t>(value); }
template <std::integral T>
Value ToValue(T value) {
  return static_cast<int64_t>(value);
}
}  // namespace internal

template <typename... Ts>
Values Args(Ts&&... values) {
  return {internal::ToValue(std::forward<Ts>(values))...};
}

}  // namespace valise::sql
