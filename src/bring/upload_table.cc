#include "bring/upload_table.h"

#include <fmt/format.h>

namespace valise::bring {
namespace {

constexpr sql::Migration kMigrations[] = {
    {1,
     "CREATE TABLE upload (id TEXT PRIMARY KEY, account_id TEXT NOT NULL, user_id TEXT NOT NULL,"
     " name TEXT NOT NULL, length BIGINT NOT NULL, offset_bytes BIGINT NOT NULL,"
     " state TEXT NOT NULL, created_ms BIGINT NOT NULL, expires_ms BIGINT NOT NULL);"
     "CREATE INDEX upload_account ON upload (account_id);"
     "CREATE INDEX upload_user ON upload (user_id);"},
};

constexpr std::string_view kNames[] = {"open", "taken", "ended"};

std::string_view NameOf(Upload::State state) { return kNames[static_cast<size_t>(state)]; }

Upload FromRow(const sql::Row& row) {
  Upload upload{.id = row.Text(0),
                .account_id = row.Text(1),
                .user_id = row.Text(2),
                .name = row.Text(3),
                .length = static_cast<uint64_t>(row.Int(4)),
                .offset = static_cast<uint64_t>(row.Int(5)),
                .state = Upload::State::kEnded,
                .created = FromMillis(row.Int(7)),
                .expires = FromMillis(row.Int(8))};
  for (const auto state : {Upload::State::kOpen, Upload::State::kTaken}) {
    if (row.Text(6) == NameOf(state)) upload.state = state;
  }
  return upload;
}

}  // namespace

Status UploadTable::Migrate() { return database_.Migrate("uploads", kMigrations); }

Status UploadTable::Insert(const Upload& upload) {
  RETURN_IF_ERROR(database_.Execute(
      "INSERT INTO upload (id, account_id, user_id, name, length, offset_bytes, state, created_ms,"
      " expires_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      sql::Args(upload.id, upload.account_id, upload.user_id, upload.name, upload.length,
                upload.offset, NameOf(upload.state), ToMillis(upload.created),
                ToMillis(upload.expires))));
  return {};
}

Result<std::vector<Upload>> UploadTable::Where(std::string_view condition,
                                               const sql::Values& values) const {
  ASSIGN_OR_RETURN(
      const auto rows,
      database_.Query(fmt::format("SELECT id, account_id, user_id, name, length, offset_bytes,"
                                  " state, created_ms, expires_ms FROM upload WHERE {}"
                                  " ORDER BY created_ms DESC, id",
                                  condition),
                      values));
  std::vector<Upload> uploads;
  uploads.reserve(rows.size());
  for (const sql::Row& row : rows) uploads.push_back(FromRow(row));
  return uploads;
}

Result<Upload> UploadTable::Get(std::string_view id) const {
  ASSIGN_OR_RETURN(auto found, Where("id = ?", sql::Args(id)));
  if (found.empty()) return Fail(ErrorCode::kNotFound, "there is no such upload");
  return std::move(found.front());
}

Result<std::vector<Upload>> UploadTable::OfAccount(std::string_view account_id) const {
  return Where("account_id = ? AND state <> 'ended'", sql::Args(account_id));
}

Result<std::vector<Upload>> UploadTable::OfUser(std::string_view user_id) const {
  return Where("user_id = ? AND state <> 'ended'", sql::Args(user_id));
}

Result<std::vector<Upload>> UploadTable::All() const { return Where("state <> 'ended'", {}); }

Status UploadTable::SetOffset(std::string_view id, uint64_t offset, Timestamp expires) {
  ASSIGN_OR_RETURN(const int64_t changed,
                   database_.Execute("UPDATE upload SET offset_bytes = ?, expires_ms = ?"
                                     " WHERE id = ? AND state = 'open'",
                                     sql::Args(offset, ToMillis(expires), id)));
  if (changed == 0) return Fail(ErrorCode::kGone, "this upload has ended");
  return {};
}

Status UploadTable::SetState(std::string_view id, Upload::State from, Upload::State to,
                             Timestamp expires) {
  ASSIGN_OR_RETURN(
      const int64_t changed,
      database_.Execute("UPDATE upload SET state = ?, expires_ms = ? WHERE id = ? AND state = ?",
                        sql::Args(NameOf(to), ToMillis(expires), id, NameOf(from))));
  if (changed == 0) return Fail(ErrorCode::kConflict, "this upload is used elsewhere");
  return {};
}

Status UploadTable::DeleteEnded(Timestamp before) {
  RETURN_IF_ERROR(database_.Execute("DELETE FROM upload WHERE state = 'ended' AND expires_ms < ?",
                                    sql::Args(ToMillis(before))));
  return {};
}

}  // namespace valise::bring
