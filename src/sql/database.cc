#include "sql/database.h"

#include <fmt/format.h>

#include <algorithm>

namespace valise::sql {
namespace {

// Statements are separated by ";". A schema of ours has none inside a literal or a trigger.
std::vector<std::string_view> Statements(std::string_view sql) {
  constexpr std::string_view kBlank = " \t\r\n";
  std::vector<std::string_view> statements;
  while (!sql.empty()) {
    const size_t end = std::min(sql.find(';'), sql.size());
    const std::string_view statement = sql.substr(0, end);
    if (statement.find_first_not_of(kBlank) != std::string_view::npos) {
      statements.push_back(statement);
    }
    sql.remove_prefix(std::min(end + 1, sql.size()));
  }
  return statements;
}

}  // namespace

bool Row::IsNull(size_t column) const {
  CHECK(column < values_.size());
  return std::holds_alternative<std::monostate>(values_[column]);
}

int64_t Row::Int(size_t column) const {
  CHECK(column < values_.size());
  CHECK(std::holds_alternative<int64_t>(values_[column]));
  return std::get<int64_t>(values_[column]);
}

double Row::Real(size_t column) const {
  CHECK(column < values_.size());
  // A whole number may come back as an integer (SQLite column affinity).
  if (const auto* whole = std::get_if<int64_t>(&values_[column]))
    return static_cast<double>(*whole);
  CHECK(std::holds_alternative<double>(values_[column]));
  return std::get<double>(values_[column]);
}

const std::string& Row::Text(size_t column) const {
  CHECK(column < values_.size());
  CHECK(std::holds_alternative<std::string>(values_[column]));
  return std::get<std::string>(values_[column]);
}

std::string Row::TextOr(size_t column, std::string_view otherwise) const {
  return IsNull(column) ? std::string(otherwise) : Text(column);
}

Status Database::Migrate(std::string_view room, std::span<const Migration> migrations) {
  return InTransaction([&]() -> Status {
    RETURN_IF_ERROR(
        Execute("CREATE TABLE IF NOT EXISTS schema_version (room TEXT PRIMARY KEY, version INTEGER "
                "NOT NULL)"));
    ASSIGN_OR_RETURN(const std::vector<Row> rows,
                     Query("SELECT version FROM schema_version WHERE room = ?", Args(room)));
    const int64_t here = rows.empty() ? 0 : rows[0].Int(0);
    int64_t newest = 0;
    for (const Migration& migration : migrations) {
      CHECK(migration.version > newest);
      newest = migration.version;
    }
    if (here > newest) {
      return Fail(ErrorCode::kUnsupported,
                  fmt::format("the database was made by a newer Valise ({} schema {}, this program "
                              "knows {}); use that version or a later one",
                              room, here, newest));
    }
    for (const Migration& migration : migrations) {
      if (migration.version <= here) continue;
      for (const std::string_view statement : Statements(migration.sql)) {
        RETURN_IF_ERROR(Execute(statement));
      }
    }
    if (rows.empty()) {
      RETURN_IF_ERROR(
          Execute("INSERT INTO schema_version (room, version) VALUES (?, ?)", Args(room, newest)));
    } else if (here < newest) {
      RETURN_IF_ERROR(
          Execute("UPDATE schema_version SET version = ? WHERE room = ?", Args(newest, room)));
    }
    return {};
  });
}

}  // namespace valise::sql
