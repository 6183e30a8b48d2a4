#include "outbox.h"

#include <fmt/format.h>

#include "base/json_writer.h"
#include "records.h"

namespace valise::host {
namespace {

// `{"cursor":"41",` is put in front when the line is sent: its number is not known before.
std::string WithoutBrace(JsonWriter& json) {
  json.EndObject();
  return json.Take().substr(1);
}

void WriteAccounts(JsonWriter& json, const std::vector<int64_t>& members) {
  json.Name("accounts").BeginArray();
  for (const int64_t member : members) json.String(AccountId(member));
  json.EndArray();
}

void WriteMember(JsonWriter& json, const Member& member) {
  json.Member("username", member.username).Member("name", member.name);
  json.Member("language", member.language);
  if (!member.address.empty()) json.Member("address", member.address);
}

}  // namespace

Status Outbox::PutAccount(const Member& member) {
  JsonWriter account;
  WriteMember(account.BeginObject(), member);
  account.EndObject();
  JsonWriter line;
  line.BeginObject().Member("op", "account").Member("account", AccountId(member.id));
  WriteMember(line, member);
  RETURN_IF_ERROR(database_.Execute("INSERT INTO outbox (account, line) VALUES (?, ?)",
                                    fmt::format("{} {}", AccountId(member.id), account.text()),
                                    WithoutBrace(line)));
  return {};
}

Status Outbox::PutRecord(const Put& put) {
  JsonWriter line;
  line.BeginObject().Member("op", "put").Member("id", put.id);
  WriteAccounts(line, put.members);
  line.Member("version", VersionOf(put.record)).Name("record").Raw(put.record);
  ASSIGN_OR_RETURN(
      const int64_t seq,
      database_.Insert("INSERT INTO outbox (account, line) VALUES ('', ?)", WithoutBrace(line)));
  for (const Medium& medium : put.media) {
    if (medium.sha256.empty()) continue;
    for (const int64_t member : put.members) {
      RETURN_IF_ERROR(database_.Execute(
          "INSERT OR IGNORE INTO outbox_blob (seq, account, medium) VALUES (?, ?, ?)", seq,
          AccountId(member), medium.sha256));
    }
  }
  return {};
}

Status Outbox::DeleteRecord(const std::vector<int64_t>& members, std::string_view kind,
                            std::string_view id) {
  JsonWriter line;
  line.BeginObject().Member("op", "delete").Member("kind", kind).Member("id", id);
  WriteAccounts(line, members);
  RETURN_IF_ERROR(
      database_.Execute("INSERT INTO outbox (account, line) VALUES ('', ?)", WithoutBrace(line)));
  return {};
}

void Outbox::Ring() {
  {
    const std::lock_guard lock(mutex_);
    rung_ = true;
  }
  bell_.notify_all();
}

void Outbox::Wait(std::chrono::milliseconds at_most) {
  std::unique_lock lock(mutex_);
  bell_.wait_for(lock, at_most, [this] { return rung_; });
  rung_ = false;
}

Result<std::vector<Outbox::Line>> Outbox::After(int64_t cursor, size_t limit) const {
  ASSIGN_OR_RETURN(const Rows rows,
                   database_.Query("SELECT seq, account, line FROM outbox WHERE seq > ?"
                                   " ORDER BY seq LIMIT ?",
                                   cursor, limit));
  std::vector<Line> lines;
  for (const Row& row : rows) lines.push_back({row.Int(0), row.Text(1), row.Text(2)});
  return lines;
}

Result<std::vector<Outbox::Blob>> Outbox::BlobsOf(int64_t first, int64_t last) const {
  ASSIGN_OR_RETURN(const Rows rows,
                   database_.Query("SELECT DISTINCT account, medium FROM outbox_blob"
                                   " WHERE seq BETWEEN ? AND ? ORDER BY account, medium",
                                   first, last));
  std::vector<Blob> blobs;
  for (const Row& row : rows) blobs.push_back({row.Text(0), row.Text(1)});
  return blobs;
}

Status Outbox::Forget(int64_t cursor) {
  RETURN_IF_ERROR(database_.Execute("DELETE FROM outbox WHERE seq <= ?", cursor));
  return {};
}

Status Outbox::Refuse(int64_t cursor, std::string_view code, std::string_view message) {
  RETURN_IF_ERROR(
      database_.Execute("INSERT OR REPLACE INTO refused (seq, line, code, message)"
                        " SELECT seq, line, ?, ? FROM outbox WHERE seq = ?",
                        code, message, cursor));
  return {};
}

Result<int64_t> Outbox::Count() const {
  ASSIGN_OR_RETURN(const Rows rows, database_.Query("SELECT COUNT(*) FROM outbox"));
  return rows[0].Int(0);
}

Result<int64_t> Outbox::CountRefused() const {
  ASSIGN_OR_RETURN(const Rows rows, database_.Query("SELECT COUNT(*) FROM refused"));
  return rows[0].Int(0);
}

Result<int64_t> Outbox::Last() const {
  ASSIGN_OR_RETURN(const Rows rows,
                   database_.Query("SELECT COALESCE((SELECT seq FROM sqlite_sequence"
                                   " WHERE name = 'outbox'), 0)"));
  return rows[0].Int(0);
}

Status Outbox::GoOnAfter(int64_t cursor) {
  return database_.InTransaction([&]() -> Status {
    RETURN_IF_ERROR(database_.Execute("DELETE FROM outbox"));
    RETURN_IF_ERROR(database_.Execute("DELETE FROM sqlite_sequence WHERE name = 'outbox'"));
    RETURN_IF_ERROR(
        database_.Execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('outbox', ?)", cursor));
    return {};
  });
}

Result<bool> Outbox::HasSent() const {
  ASSIGN_OR_RETURN(const int64_t last, Last());
  ASSIGN_OR_RETURN(const int64_t waiting, Count());
  return last > waiting;
}

}  // namespace valise::host
