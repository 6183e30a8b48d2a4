#include "requests/request_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace valise::requests {
namespace {

constexpr sql::Migration kMigrations[] = {
    {1,
     "CREATE TABLE export_request (id TEXT PRIMARY KEY, account_id TEXT NOT NULL,"
     " account_name TEXT NOT NULL, user_id TEXT NOT NULL, state TEXT NOT NULL,"
     " address TEXT NOT NULL, language TEXT NOT NULL, kinds TEXT, from_ms BIGINT, until_ms BIGINT,"
     " asked_ms BIGINT NOT NULL, head TEXT, as_of_ms BIGINT, ready_ms BIGINT, ends_ms BIGINT,"
     " downloaded_ms BIGINT, size BIGINT, file_name TEXT NOT NULL, etag TEXT NOT NULL,"
     " contents TEXT NOT NULL, missing BIGINT NOT NULL, error_code TEXT NOT NULL,"
     " error_message TEXT NOT NULL);"
     "CREATE INDEX export_request_account ON export_request (account_id, asked_ms);"
     "CREATE TABLE export_link (token_sha256 TEXT PRIMARY KEY, request_id TEXT NOT NULL,"
     " created_ms BIGINT NOT NULL, revoked INTEGER NOT NULL);"
     "CREATE INDEX export_link_request ON export_link (request_id, created_ms);"},
    {2, "ALTER TABLE export_request ADD COLUMN damaged BIGINT NOT NULL DEFAULT 0;"},
    {3, "ALTER TABLE export_request ADD COLUMN format TEXT NOT NULL DEFAULT 'portable';"},
};

constexpr std::string_view kColumns =
    "id, account_id, account_name, user_id, state, address, language, kinds, from_ms, until_ms,"
    " asked_ms, head, as_of_ms, ready_ms, ends_ms, downloaded_ms, size, file_name, etag, contents,"
    " missing, error_code, error_message, damaged, format";

std::optional<Timestamp> TimeAt(const sql::Row& row, size_t column) {
  if (row.IsNull(column)) return std::nullopt;
  return FromMillis(row.Int(column));
}

sql::Value OrNull(const std::optional<Timestamp>& time) {
  if (!time) return std::monostate{};
  return ToMillis(*time);
}

std::vector<std::string> Split(std::string_view list) {
  std::vector<std::string> parts;
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    parts.emplace_back(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return parts;
}

Result<ExportRequest> FromRow(const sql::Row& row) {
  ExportRequest r;
  r.id = row.Text(0);
  r.account_id = row.Text(1);
  r.account_name = row.Text(2);
  r.user_id = row.Text(3);
  const auto state = ParseState(row.Text(4));
  if (!state) return Fail(ErrorCode::kUnsupported, "a request is in a state of a newer Valise");
  r.state = *state;
  r.address = row.Text(5);
  r.language = row.Text(6);
  if (!row.IsNull(7)) r.choice.kinds = Split(row.Text(7));
  r.choice.from = TimeAt(row, 8);
  r.choice.until = TimeAt(row, 9);
  r.asked = FromMillis(row.Int(10));
  if (!row.IsNull(11)) {
    ASSIGN_OR_RETURN(r.head, Digest::Parse(row.Text(11)));
  }
  r.as_of = TimeAt(row, 12);
  r.ready = TimeAt(row, 13);
  r.ends = TimeAt(row, 14);
  r.downloaded = TimeAt(row, 15);
  if (!row.IsNull(16)) r.size = static_cast<uint64_t>(row.Int(16));
  r.file_name = row.Text(17);
  r.etag = row.Text(18);
  r.contents = row.Text(19);
  r.missing = static_cast<uint64_t>(row.Int(20));
  r.error_code = row.Text(21);
  r.error_message = row.Text(22);
  r.damaged = static_cast<uint64_t>(row.Int(23));
  r.choice.format = row.Text(24);
  return r;
}

}  // namespace

std::span<const sql::Migration> RequestMigrations() { return kMigrations; }

Status RequestTable::Insert(const ExportRequest& r) {
  sql::Value kinds;
  if (r.choice.kinds) kinds = fmt::format("{}", fmt::join(*r.choice.kinds, ","));
  RETURN_IF_ERROR(database_.Execute(
      "INSERT INTO export_request (id, account_id, account_name, user_id, state, address, language,"
      " kinds, from_ms, until_ms, asked_ms, file_name, etag, contents, missing, error_code,"
      " error_message, format) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', '', 0, '', '', ?)",
      {r.id, r.account_id, r.account_name, r.user_id, std::string(StateName(r.state)), r.address,
       r.language, kinds, OrNull(r.choice.from), OrNull(r.choice.until), ToMillis(r.asked),
       r.choice.format}));
  return {};
}

Result<std::vector<ExportRequest>> RequestTable::Where(std::string_view condition,
                                                       std::string_view value) const {
  ASSIGN_OR_RETURN(
      const auto rows,
      database_.Query(fmt::format("SELECT {} FROM export_request WHERE {}", kColumns, condition),
                      sql::Args(value)));
  std::vector<ExportRequest> requests;
  for (const sql::Row& row : rows) {
    ASSIGN_OR_RETURN(ExportRequest request, FromRow(row));
    requests.push_back(std::move(request));
  }
  return requests;
}

Result<ExportRequest> RequestTable::Get(std::string_view id) const {
  ASSIGN_OR_RETURN(auto found, Where("id = ?", id));
  if (found.empty()) return Fail(ErrorCode::kNotFound, "there is no such request");
  return std::move(found.front());
}

Result<std::vector<ExportRequest>> RequestTable::OfAccount(std::string_view account_id) const {
  return Where("account_id = ? ORDER BY asked_ms DESC, id LIMIT 100", account_id);
}

Result<std::vector<ExportRequest>> RequestTable::Pinning(std::string_view account_id) const {
  return Where(
      "account_id = ? AND head IS NOT NULL AND state IN ('snapshot', 'planned', 'ready') ORDER BY "
      "id",
      account_id);
}

Status RequestTable::Update(const ExportRequest& r, State from) {
  sql::Value head, size;
  if (r.head) head = r.head->Hex();
  if (r.size) size = static_cast<int64_t>(*r.size);
  ASSIGN_OR_RETURN(
      const int64_t changed,
      database_.Execute(
          "UPDATE export_request SET state = ?, head = ?, as_of_ms = ?, ready_ms = ?, ends_ms = ?,"
          " size = ?, file_name = ?, etag = ?, contents = ?, missing = ?, error_code = ?,"
          " error_message = ?, damaged = ? WHERE id = ? AND state = ?",
          {std::string(StateName(r.state)), head, OrNull(r.as_of), OrNull(r.ready), OrNull(r.ends),
           size, r.file_name, r.etag, r.contents, static_cast<int64_t>(r.missing), r.error_code,
           r.error_message, static_cast<int64_t>(r.damaged), r.id, std::string(StateName(from))}));
  if (changed == 0) return Fail(ErrorCode::kConflict, "the request has changed meanwhile");
  return {};
}

Status RequestTable::Delete(std::string_view id) {
  RETURN_IF_ERROR(database_.Execute("DELETE FROM export_request WHERE id = ?", sql::Args(id)));
  return {};
}

Status RequestTable::SetDownloaded(std::string_view id, Timestamp time) {
  RETURN_IF_ERROR(database_.Execute(
      "UPDATE export_request SET downloaded_ms = ? WHERE id = ? AND downloaded_ms IS NULL",
      sql::Args(ToMillis(time), id)));
  return {};
}

}  // namespace valise::requests
