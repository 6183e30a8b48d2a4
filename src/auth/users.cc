#include "auth/users.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.h"

namespace valise::auth {
namespace {

constexpr sql::Migration kMigrations[] = {
    {1,
     "CREATE TABLE auth_user (id TEXT PRIMARY KEY, name TEXT NOT NULL, folded TEXT NOT NULL UNIQUE,"
     " password TEXT NOT NULL, is_operator INTEGER NOT NULL, language TEXT NOT NULL,"
     " address TEXT NOT NULL, created_ms BIGINT NOT NULL);"
     "CREATE TABLE auth_session (token_sha256 TEXT PRIMARY KEY, user_id TEXT NOT NULL,"
     " created_ms BIGINT NOT NULL, seen_ms BIGINT NOT NULL);"
     "CREATE INDEX auth_session_user ON auth_session (user_id);"},
    {2, "ALTER TABLE auth_session ADD COLUMN service_id TEXT NOT NULL DEFAULT ''"},
};

constexpr std::string_view kColumns =
    "id, name, is_operator, language, address, created_ms, password <> ''";

User FromRow(const sql::Row& row) {
  return {.id = row.Text(0),
          .name = row.Text(1),
          .is_operator = row.Int(2) != 0,
          .language = row.Text(3),
          .address = row.Text(4),
          .created = FromMillis(row.Int(5)),
          .has_password = row.Int(6) != 0};
}

std::string Folded(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

Status CheckName(std::string_view name) {
  const bool plain = std::ranges::all_of(
      name, [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7F; });
  if (name.empty() || name.size() > kMaxName || !plain || !IsUtf8(name)) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("a user name has 1 to {} characters and no spaces", kMaxName));
  }
  return {};
}

Status CheckLanguage(std::string_view language) {
  if (IsLanguage(language)) return {};
  return Fail(ErrorCode::kInvalidArgument, "the language is \"en\" or \"fr\"");
}

}  // namespace

bool IsLanguage(std::string_view language) { return language == "en" || language == "fr"; }

Result<std::unique_ptr<Users>> Users::Open(const Ports& ports, PasswordCost cost) {
  RETURN_IF_ERROR(ports.database.Migrate("auth", kMigrations));
  return std::unique_ptr<Users>(new Users(ports, cost));
}

Result<User> Users::Add(const NewUser& user) {
  RETURN_IF_ERROR(CheckName(user.name));
  RETURN_IF_ERROR(CheckLanguage(user.language));
  ASSIGN_OR_RETURN(const std::string hash, hasher_.Hash(user.password));
  return Insert(user, hash);
}

Result<User> Users::AddWithoutPassword(const NewUser& user) {
  RETURN_IF_ERROR(CheckName(user.name));
  RETURN_IF_ERROR(CheckLanguage(user.language));
  return Insert(user, "");
}

Result<User> Users::Insert(const NewUser& user, const std::string& hash) {
  User added{.id = ports_.random.HexToken(8),
             .name = user.name,
             .is_operator = user.is_operator,
             .language = user.language,
             .address = user.address,
             .created = ports_.clock.Now(),
             .has_password = !hash.empty()};
  const auto inserted = ports_.database.Execute(
      "INSERT INTO auth_user (id, name, folded, password, is_operator, language, address,"
      " created_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      sql::Args(added.id, added.name, Folded(added.name), hash, added.is_operator, added.language,
                added.address, ToMillis(added.created)));
  if (!inserted.has_value() && inserted.error().code == ErrorCode::kAlreadyExists) {
    return Fail(ErrorCode::kAlreadyExists, "there is a user of that name already");
  }
  RETURN_IF_ERROR(inserted);
  return added;
}

Result<User> Users::One(std::string_view where, std::string_view value) const {
  ASSIGN_OR_RETURN(
      const auto rows,
      ports_.database.Query(fmt::format("SELECT {} FROM auth_user WHERE {} = ?", kColumns, where),
                            sql::Args(value)));
  if (rows.empty()) return Fail(ErrorCode::kNotFound, "there is no such user");
  return FromRow(rows.front());
}

Result<User> Users::Get(std::string_view id) const { return One("id", id); }
Result<User> Users::FindByName(std::string_view name) const { return One("folded", Folded(name)); }

Result<std::vector<User>> Users::List() const {
  ASSIGN_OR_RETURN(const auto rows, ports_.database.Query(fmt::format(
                                        "SELECT {} FROM auth_user ORDER BY folded", kColumns)));
  std::vector<User> users;
  for (const sql::Row& row : rows) users.push_back(FromRow(row));
  return users;
}

Status Users::Change(std::string_view column, std::string_view id, sql::Value value) {
  ASSIGN_OR_RETURN(
      const int64_t changed,
      ports_.database.Execute(fmt::format("UPDATE auth_user SET {} = ? WHERE id = ?", column),
                              {std::move(value), std::string(id)}));
  if (changed == 0) return Fail(ErrorCode::kNotFound, "there is no such user");
  return {};
}

Status Users::SetPassword(std::string_view id, const Secret<std::string>& password) {
  ASSIGN_OR_RETURN(const std::string hash, hasher_.Hash(password));
  return ports_.database.InTransaction([&]() -> Status {
    RETURN_IF_ERROR(Change("password", id, hash));
    RETURN_IF_ERROR(
        ports_.database.Execute("DELETE FROM auth_session WHERE user_id = ?", sql::Args(id)));
    return {};
  });
}

Result<bool> Users::HasPassword(std::string_view id) const {
  ASSIGN_OR_RETURN(const auto rows,
                   ports_.database.Query("SELECT 1 FROM auth_user WHERE id = ? AND password <> ''",
                                         sql::Args(id)));
  return !rows.empty();
}

Status Users::SetOperator(std::string_view id, bool is_operator) {
  return Change("is_operator", id, static_cast<int64_t>(is_operator));
}

Status Users::SetLanguage(std::string_view id, std::string_view language) {
  RETURN_IF_ERROR(CheckLanguage(language));
  return Change("language", id, std::string(language));
}

Status Users::SetAddress(std::string_view id, std::string_view address) {
  return Change("address", id, std::string(address));
}

Status Users::Rename(std::string_view id, std::string_view name) {
  RETURN_IF_ERROR(CheckName(name));
  const auto changed = ports_.database.Execute(
      "UPDATE auth_user SET name = ?, folded = ? WHERE id = ?", sql::Args(name, Folded(name), id));
  if (!changed.has_value() && changed.error().code == ErrorCode::kAlreadyExists) {
    return Fail(ErrorCode::kAlreadyExists, "there is a user of that name already");
  }
  RETURN_IF_ERROR(changed);
  if (*changed == 0) return Fail(ErrorCode::kNotFound, "there is no such user");
  return {};
}

Status Users::Remove(std::string_view id) {
  return ports_.database.InTransaction([&]() -> Status {
    RETURN_IF_ERROR(
        ports_.database.Execute("DELETE FROM auth_session WHERE user_id = ?", sql::Args(id)));
    RETURN_IF_ERROR(ports_.database.Execute("DELETE FROM auth_user WHERE id = ?", sql::Args(id)));
    return {};
  });
}

Result<User> Users::CheckPassword(std::string_view name,
                                  const Secret<std::string>& password) const {
  ASSIGN_OR_RETURN(const auto rows,
                   ports_.database.Query("SELECT id, password FROM auth_user WHERE folded = ?",
                                         sql::Args(Folded(name))));
  const std::string hash = rows.empty() ? std::string() : rows.front().Text(1);
  if (!hasher_.Matches(password, hash)) {
    return Fail(ErrorCode::kUnauthenticated, "the name or the password is wrong");
  }
  return Get(rows.front().Text(0));
}

}  // namespace valise::auth
