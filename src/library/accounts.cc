#include <algorithm>
#include <array>

#include "base/random.h"
#include "library/library.h"

namespace valise::library {
namespace {

constexpr std::array kMigrations = {
    sql::Migration{1,
                   "CREATE TABLE account ("
                   "  id TEXT PRIMARY KEY,"
                   "  service TEXT NOT NULL,"
                   "  username TEXT NOT NULL,"
                   "  owner TEXT NOT NULL,"
                   "  head TEXT,"
                   "  created BIGINT NOT NULL,"
                   "  UNIQUE (owner, service, username));"},
};

constexpr size_t kIdBytes = 8;

Result<AccountRow> ReadAccount(const sql::Row& row) {
  AccountRow account{.id = row.Text(0),
                     .service = row.Text(1),
                     .username = row.Text(2),
                     .owner = row.Text(3),
                     .created = FromMillis(row.Int(5))};
  if (!row.IsNull(4)) {
    ASSIGN_OR_RETURN(account.head, Digest::Parse(row.Text(4)));
  }
  return account;
}

Result<std::vector<AccountRow>> ReadAccounts(const std::vector<sql::Row>& rows) {
  std::vector<AccountRow> accounts;
  for (const sql::Row& row : rows) {
    ASSIGN_OR_RETURN(AccountRow account, ReadAccount(row));
    accounts.push_back(std::move(account));
  }
  return accounts;
}

#define VALISE_ACCOUNT_COLUMNS "SELECT id, service, username, owner, head, created FROM account "
constexpr std::string_view kById = VALISE_ACCOUNT_COLUMNS "WHERE id = ?";
constexpr std::string_view kAll = VALISE_ACCOUNT_COLUMNS "ORDER BY created, id";
constexpr std::string_view kByOwner = VALISE_ACCOUNT_COLUMNS "WHERE owner = ? ORDER BY created, id";
#undef VALISE_ACCOUNT_COLUMNS

// The id is a folder's name.
bool IsId(std::string_view id) {
  return id.size() == 2 * kIdBytes && std::ranges::all_of(id, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

Status MustExist(Result<int64_t> changed) {
  if (!changed) return std::unexpected(std::move(changed).error());
  if (*changed == 0) return Fail(ErrorCode::kNotFound, "there is no such account");
  return {};
}

}  // namespace

Result<std::unique_ptr<Accounts>> Accounts::Open(sql::Database& database) {
  RETURN_IF_ERROR(database.Migrate("library", kMigrations));
  return std::unique_ptr<Accounts>(new Accounts(database));
}

Result<AccountRow> Accounts::Create(const AccountRow& row) {
  AccountRow made = row;
  if (made.id.empty()) made.id = SystemRandom().HexToken(kIdBytes);
  CHECK(IsId(made.id));
  const auto head = made.head ? sql::Value(made.head->Hex()) : sql::Value();
  sql::Values values = sql::Args(made.id, made.service, made.username, made.owner);
  values.push_back(head);
  values.emplace_back(ToMillis(made.created));
  const auto inserted = database_.Execute(
      "INSERT INTO account (id, service, username, owner, head, created) VALUES (?, ?, ?, ?, ?, ?)",
      values);
  if (!inserted && inserted.error().code == ErrorCode::kAlreadyExists) {
    return Fail(ErrorCode::kAlreadyExists, "this owner has an account of that service and name");
  }
  if (!inserted) return std::unexpected(inserted.error());
  return made;
}

Result<AccountRow> Accounts::Get(std::string_view id) const {
  ASSIGN_OR_RETURN(const std::vector<sql::Row> rows, database_.Query(kById, sql::Args(id)));
  if (rows.empty()) return Fail(ErrorCode::kNotFound, "there is no such account");
  return ReadAccount(rows[0]);
}

Result<std::vector<AccountRow>> Accounts::List() const {
  ASSIGN_OR_RETURN(const std::vector<sql::Row> rows, database_.Query(kAll));
  return ReadAccounts(rows);
}

Result<std::vector<AccountRow>> Accounts::OfOwner(std::string_view owner) const {
  ASSIGN_OR_RETURN(const std::vector<sql::Row> rows, database_.Query(kByOwner, sql::Args(owner)));
  return ReadAccounts(rows);
}

Status Accounts::SetOwner(std::string_view id, std::string_view owner) {
  return MustExist(
      database_.Execute("UPDATE account SET owner = ? WHERE id = ?", sql::Args(owner, id)));
}

Status Accounts::Rename(std::string_view id, std::string_view username) {
  return MustExist(
      database_.Execute("UPDATE account SET username = ? WHERE id = ?", sql::Args(username, id)));
}

Status Accounts::Become(std::string_view id, std::string_view service, std::string_view username) {
  return MustExist(database_.Execute("UPDATE account SET service = ?, username = ? WHERE id = ?",
                                     sql::Args(service, username, id)));
}

Status Accounts::Remove(std::string_view id) {
  RETURN_IF_ERROR(database_.Execute("DELETE FROM account WHERE id = ?", sql::Args(id)));
  return {};
}

Status Accounts::SwapHead(std::string_view id, const std::optional<Digest>& expected,
                          const Digest& next) {
  Result<int64_t> changed =
      expected ? database_.Execute("UPDATE account SET head = ? WHERE id = ? AND head = ?",
                                   sql::Args(next.Hex(), id, expected->Hex()))
               : database_.Execute("UPDATE account SET head = ? WHERE id = ? AND head IS NULL",
                                   sql::Args(next.Hex(), id));
  if (!changed) return std::unexpected(std::move(changed).error());
  if (*changed == 1) return {};
  RETURN_IF_ERROR(Get(id));
  return Fail(ErrorCode::kConflict,
              "the account was changed by somebody else meanwhile; try again");
}

}  // namespace valise::library
