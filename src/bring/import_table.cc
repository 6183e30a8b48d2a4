#include "bring/import_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace valise::bring {
namespace {

constexpr sql::Migration kMigrations[] = {
    {1,
     "CREATE TABLE archive_import (id TEXT PRIMARY KEY, account_id TEXT NOT NULL,"
     " user_id TEXT NOT NULL, uploads TEXT NOT NULL, state TEXT NOT NULL,"
     " found_service TEXT NOT NULL, found_username TEXT NOT NULL, decision TEXT NOT NULL,"
     " asked_ms BIGINT NOT NULL, ended_ms BIGINT, report TEXT NOT NULL,"
     " error_code TEXT NOT NULL, error_message TEXT NOT NULL);"
     "CREATE INDEX archive_import_account ON archive_import (account_id, asked_ms);"},
};

std::vector<std::string> Split(std::string_view list) {
  std::vector<std::string> parts;
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    parts.emplace_back(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return parts;
}

sql::Value OrNull(const std::optional<Timestamp>& time) {
  if (!time) return std::monostate{};
  return ToMillis(*time);
}

Result<ArchiveImport> FromRow(const sql::Row& row) {
  ArchiveImport one;
  one.id = row.Text(0);
  one.account_id = row.Text(1);
  one.user_id = row.Text(2);
  one.uploads = Split(row.Text(3));
  const auto state = ParseImportState(row.Text(4));
  const auto decision = ParseDecision(row.Text(7));
  if (!state || !decision) {
    return Fail(ErrorCode::kUnsupported, "an import is in a state of a newer Valise");
  }
  one.state = *state;
  one.found_service = row.Text(5);
  one.found_username = row.Text(6);
  one.decision = *decision;
  one.asked = FromMillis(row.Int(8));
  if (!row.IsNull(9)) one.ended = FromMillis(row.Int(9));
  one.report = row.Text(10);
  one.error_code = row.Text(11);
  one.error_message = row.Text(12);
  return one;
}

}  // namespace

Status ImportTable::Migrate() { return database_.Migrate("archive_imports", kMigrations); }

Status ImportTable::Insert(const ArchiveImport& one) {
  RETURN_IF_ERROR(database_.Execute(
      "INSERT INTO archive_import (id, account_id, user_id, uploads, state, found_service,"
      " found_username, decision, asked_ms, report, error_code, error_message)"
      " VALUES (?, ?, ?, ?, ?, '', '', '', ?, '', '', '')",
      sql::Args(one.id, one.account_id, one.user_id, fmt::format("{}", fmt::join(one.uploads, ",")),
                StateName(one.state), ToMillis(one.asked))));
  return {};
}

Result<std::vector<ArchiveImport>> ImportTable::Where(std::string_view condition,
                                                      const sql::Values& values) const {
  ASSIGN_OR_RETURN(
      const auto rows,
      database_.Query(fmt::format("SELECT id, account_id, user_id, uploads, state, found_service,"
                                  " found_username, decision, asked_ms, ended_ms, report,"
                                  " error_code, error_message FROM archive_import WHERE {}",
                                  condition),
                      values));
  std::vector<ArchiveImport> found;
  for (const sql::Row& row : rows) {
    ASSIGN_OR_RETURN(ArchiveImport one, FromRow(row));
    found.push_back(std::move(one));
  }
  return found;
}

Result<ArchiveImport> ImportTable::Get(std::string_view id) const {
  ASSIGN_OR_RETURN(auto found, Where("id = ?", sql::Args(id)));
  if (found.empty()) return Fail(ErrorCode::kNotFound, "there is no such import");
  return std::move(found.front());
}

Result<std::vector<ArchiveImport>> ImportTable::OfAccount(std::string_view account_id) const {
  return Where("account_id = ? ORDER BY asked_ms DESC, id LIMIT 100", sql::Args(account_id));
}

Result<std::vector<ArchiveImport>> ImportTable::Active() const {
  return Where("state NOT IN ('done', 'failed', 'cancelled')", {});
}

Status ImportTable::Update(const ArchiveImport& one, ImportState from) {
  ASSIGN_OR_RETURN(
      const int64_t changed,
      database_.Execute(
          "UPDATE archive_import SET account_id = ?, state = ?, found_service = ?,"
          " found_username = ?, decision = ?, ended_ms = ?, report = ?, error_code = ?,"
          " error_message = ? WHERE id = ? AND state = ?",
          {one.account_id, std::string(StateName(one.state)), one.found_service, one.found_username,
           std::string(DecisionName(one.decision)), OrNull(one.ended), one.report, one.error_code,
           one.error_message, one.id, std::string(StateName(from))}));
  if (changed == 0) return Fail(ErrorCode::kConflict, "the import has changed meanwhile");
  return {};
}

}  // namespace valise::bring
