#include "auth/services.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.h"
#include "base/utf8.h"

namespace valise::auth {
namespace {

constexpr sql::Migration kMigrations[] = {
    {1,
     "CREATE TABLE service (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, url TEXT NOT NULL,"
     " public_key TEXT NOT NULL, created_ms BIGINT NOT NULL);"
     "CREATE TABLE service_token (token_sha256 TEXT PRIMARY KEY, service_id TEXT NOT NULL,"
     " scopes INTEGER NOT NULL, created_ms BIGINT NOT NULL);"
     "CREATE INDEX service_token_service ON service_token (service_id);"
     "CREATE TABLE service_account (service_id TEXT NOT NULL, external_id TEXT NOT NULL,"
     " account_id TEXT NOT NULL UNIQUE, user_id TEXT NOT NULL, created_ms BIGINT NOT NULL,"
     " PRIMARY KEY (service_id, external_id));"
     "CREATE TABLE service_cursor (service_id TEXT NOT NULL, stream TEXT NOT NULL,"
     " cursor TEXT NOT NULL, updated_ms BIGINT NOT NULL, PRIMARY KEY (service_id, stream));"},
    {2, "ALTER TABLE service_cursor ADD COLUMN refused TEXT NOT NULL DEFAULT '';"},
};

constexpr std::string_view kColumns = "id, name, url, public_key, created_ms";
constexpr size_t kIdBytes = 8;
constexpr size_t kTokenBytes = 32;
constexpr size_t kKeyBytes = 32;

struct ScopeName {
  Scope scope;
  std::string_view name;
};
constexpr ScopeName kScopes[] = {{Scope::kIngest, "ingest"}, {Scope::kRead, "read"}};

Service FromRow(const sql::Row& row) {
  return {.id = row.Text(0),
          .name = row.Text(1),
          .url = row.Text(2),
          .public_key = row.Text(3),
          .created = FromMillis(row.Int(4))};
}

ServiceAccount AccountFromRow(const sql::Row& row) {
  return {.external_id = row.Text(0), .account_id = row.Text(1), .user_id = row.Text(2)};
}

Status CheckName(std::string_view name) {
  const bool plain = std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
  if (plain && !name.empty() && name.size() <= kMaxServiceName) return {};
  return Fail(ErrorCode::kInvalidArgument,
              fmt::format("a service's name has 1 to {} characters of a-z, 0-9, '-' and '.'",
                          kMaxServiceName));
}

Result<std::string> CheckUrl(std::string_view url) {
  const bool web = url.starts_with("https://") || url.starts_with("http://");
  const bool plain = std::ranges::all_of(url, [](char c) { return c > 0x20 && c < 0x7F; });
  while (url.ends_with('/')) url.remove_suffix(1);
  const size_t colon = url.find("://");  // gone when nothing but slashes followed it
  if (web && plain && url.size() <= kMaxServiceUrl && colon != std::string_view::npos) {
    return std::string(url);
  }
  return Fail(ErrorCode::kInvalidArgument,
              "a service's address begins with https:// or http:// and has no spaces");
}

Status CheckKey(std::string_view public_key) {
  if (public_key.empty()) return {};
  RETURN_IF_ERROR(ParsePublicKey(public_key));
  return {};
}

Status CheckStream(std::string_view stream, std::string_view cursor) {
  if (stream.empty() || stream.size() > kMaxCursorName || !IsUtf8(stream)) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("a stream's name has 1 to {} bytes", kMaxCursorName));
  }
  if (cursor.size() > kMaxCursor || !IsUtf8(cursor)) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("a cursor has at most {} bytes of UTF-8", kMaxCursor));
  }
  return {};
}

}  // namespace

Result<uint8_t> ParseScopes(std::string_view text) {
  uint8_t scopes = 0;
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    const auto* found = std::ranges::find(kScopes, text.substr(0, comma), &ScopeName::name);
    if (found == std::end(kScopes)) {
      return Fail(ErrorCode::kInvalidArgument,
                  "scopes are \"ingest\", \"read\" or \"ingest,read\"");
    }
    scopes |= static_cast<uint8_t>(found->scope);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  if (scopes == 0) return Fail(ErrorCode::kInvalidArgument, "a token needs a scope");
  return scopes;
}

std::string ScopesText(uint8_t scopes) {
  std::string text;
  for (const ScopeName& scope : kScopes) {
    if ((scopes & static_cast<uint8_t>(scope.scope)) == 0) continue;
    text += fmt::format("{}{}", text.empty() ? "" : ",", scope.name);
  }
  return text;
}

Result<std::string> ParsePublicKey(std::string_view text) {
  constexpr std::string_view kBegin = "-----BEGIN PUBLIC KEY-----";
  constexpr std::string_view kEnd = "-----END PUBLIC KEY-----";
  // SubjectPublicKeyInfo of Ed25519: everything before the key itself (RFC 8410 §4).
  constexpr std::string_view kDerHex = "302a300506032b6570032100";
  const size_t begin = text.find(kBegin);
  const bool is_pem = begin != std::string_view::npos;
  if (is_pem) text = text.substr(begin + kBegin.size(), text.find(kEnd) - begin - kBegin.size());
  std::string packed;
  std::ranges::copy_if(text, std::back_inserter(packed),
                       [](char c) { return c != '\n' && c != '\r' && c != ' ' && c != '\t'; });
  Result<std::string> bytes = FromBase64(packed);
  if (bytes.has_value() && is_pem && ToHex(AsBytes(*bytes)).starts_with(kDerHex)) {
    bytes = bytes->substr(kDerHex.size() / 2);
  }
  if (!bytes.has_value() || bytes->size() != kKeyBytes) {
    return Fail(ErrorCode::kInvalidArgument,
                "the key must be an Ed25519 public key: 32 bytes in base64, or the PEM of "
                "`openssl pkey -pubout`");
  }
  return ToBase64(AsBytes(*bytes));
}

bool IsExternalId(std::string_view id) {
  const bool plain = std::ranges::all_of(
      id, [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7F && c != '/'; });
  return !id.empty() && id.size() <= kMaxExternalId && plain && id != "." && id != ".." &&
         IsUtf8(id);
}

Result<std::unique_ptr<Services>> Services::Open(const Users::Ports& ports) {
  RETURN_IF_ERROR(ports.database.Migrate("service", kMigrations));
  return std::unique_ptr<Services>(new Services(ports));
}

Result<Service> Services::Add(std::string_view name, std::string_view url,
                              std::string_view public_key) {
  RETURN_IF_ERROR(CheckName(name));
  RETURN_IF_ERROR(CheckKey(public_key));
  Service added{.id = ports_.random.HexToken(kIdBytes),
                .name = std::string(name),
                .url = {},
                .public_key = std::string(public_key),
                .created = ports_.clock.Now()};
  ASSIGN_OR_RETURN(added.url, CheckUrl(url));
  const auto inserted = ports_.database.Execute(
      "INSERT INTO service (id, name, url, public_key, created_ms) VALUES (?, ?, ?, ?, ?)",
      sql::Args(added.id, added.name, added.url, added.public_key, ToMillis(added.created)));
  if (!inserted.has_value() && inserted.error().code == ErrorCode::kAlreadyExists) {
    return Fail(ErrorCode::kAlreadyExists, "there is a service of that name already");
  }
  RETURN_IF_ERROR(inserted);
  return added;
}

Result<Service> Services::One(std::string_view where, std::string_view value) const {
  ASSIGN_OR_RETURN(
      const auto rows,
      ports_.database.Query(fmt::format("SELECT {} FROM service WHERE {} = ?", kColumns, where),
                            sql::Args(value)));
  if (rows.empty()) {
    return Fail(ErrorCode::kNotFound, "there is no such service: `valise services list` shows all");
  }
  return FromRow(rows.front());
}

Result<Service> Services::Get(std::string_view id) const { return One("id", id); }
Result<Service> Services::FindByName(std::string_view name) const { return One("name", name); }

Result<std::vector<Service>> Services::List() const {
  ASSIGN_OR_RETURN(const auto rows, ports_.database.Query(fmt::format(
                                        "SELECT {} FROM service ORDER BY name", kColumns)));
  std::vector<Service> services;
  for (const sql::Row& row : rows) services.push_back(FromRow(row));
  return services;
}

Status Services::Remove(std::string_view id) {
  RETURN_IF_ERROR(Get(id));
  return ports_.database.InTransaction([&]() -> Status {
    for (const std::string_view table : {"service_token", "service_account", "service_cursor"}) {
      RETURN_IF_ERROR(ports_.database.Execute(
          fmt::format("DELETE FROM {} WHERE service_id = ?", table), sql::Args(id)));
    }
    RETURN_IF_ERROR(ports_.database.Execute("DELETE FROM service WHERE id = ?", sql::Args(id)));
    return {};
  });
}

Status Services::SetKey(std::string_view id, std::string_view public_key) {
  RETURN_IF_ERROR(CheckKey(public_key));
  ASSIGN_OR_RETURN(const int64_t changed,
                   ports_.database.Execute("UPDATE service SET public_key = ? WHERE id = ?",
                                           sql::Args(public_key, id)));
  if (changed == 0) return Fail(ErrorCode::kNotFound, "there is no such service");
  return {};
}

Result<Secret<std::string>> Services::NewToken(std::string_view service_id, uint8_t scopes) {
  if (ScopesText(scopes).empty()) return Fail(ErrorCode::kInvalidArgument, "a token needs a scope");
  RETURN_IF_ERROR(Get(service_id));
  std::string token = fmt::format("{}{}", kServiceTokenPrefix, ports_.random.Token(kTokenBytes));
  RETURN_IF_ERROR(ports_.database.Execute(
      "INSERT INTO service_token (token_sha256, service_id, scopes, created_ms)"
      " VALUES (?, ?, ?, ?)",
      sql::Args(Sha256(token).Hex(), service_id, scopes, ToMillis(ports_.clock.Now()))));
  return Secret(std::move(token));
}

Result<Service> Services::CheckToken(std::string_view token, Scope scope) const {
  constexpr size_t kMaxToken = 100;
  const auto wrong = [] {
    return Fail(ErrorCode::kUnauthenticated,
                "the service token is wrong or was revoked: `valise services token` makes one");
  };
  if (!token.starts_with(kServiceTokenPrefix) || token.size() > kMaxToken) return wrong();
  // Looking up a hash tells nothing of the token; the row is compared without leaking either.
  const std::string hash = Sha256(token).Hex();
  ASSIGN_OR_RETURN(const auto rows,
                   ports_.database.Query("SELECT s.id, s.name, s.url, s.public_key, s.created_ms,"
                                         " t.scopes, t.token_sha256 FROM service_token t"
                                         " JOIN service s ON s.id = t.service_id"
                                         " WHERE t.token_sha256 = ?",
                                         sql::Args(hash)));
  if (rows.empty() || !ConstantTimeEqual(rows[0].Text(6), hash)) return wrong();
  if ((rows[0].Int(5) & static_cast<int64_t>(scope)) == 0) {
    return Fail(ErrorCode::kPermissionDenied, "this service token has not the scope for that");
  }
  return FromRow(rows[0]);
}

Result<int64_t> Services::RevokeTokens(std::string_view service_id) {
  return ports_.database.Execute("DELETE FROM service_token WHERE service_id = ?",
                                 sql::Args(service_id));
}

Result<int64_t> Services::Count(std::string_view table, std::string_view service_id) const {
  ASSIGN_OR_RETURN(
      const auto rows,
      ports_.database.Query(fmt::format("SELECT COUNT(*) FROM {} WHERE service_id = ?", table),
                            sql::Args(service_id)));
  return rows[0].Int(0);
}

Result<int64_t> Services::CountTokens(std::string_view service_id) const {
  return Count("service_token", service_id);
}
Result<int64_t> Services::CountAccounts(std::string_view service_id) const {
  return Count("service_account", service_id);
}

Status Services::Link(std::string_view service_id, const ServiceAccount& account) {
  if (!IsExternalId(account.external_id)) {
    return Fail(
        ErrorCode::kInvalidArgument,
        fmt::format("an account's id has 1 to {} bytes without spaces and '/'", kMaxExternalId));
  }
  const auto inserted = ports_.database.Execute(
      "INSERT INTO service_account (service_id, external_id, account_id, user_id, created_ms)"
      " VALUES (?, ?, ?, ?, ?)",
      sql::Args(service_id, account.external_id, account.account_id, account.user_id,
                ToMillis(ports_.clock.Now())));
  if (!inserted.has_value() && inserted.error().code == ErrorCode::kAlreadyExists) {
    return Fail(ErrorCode::kAlreadyExists, "that account is linked already");
  }
  RETURN_IF_ERROR(inserted);
  return {};
}

Result<std::optional<ServiceAccount>> Services::FindAccount(std::string_view service_id,
                                                            std::string_view external_id) const {
  ASSIGN_OR_RETURN(const auto rows,
                   ports_.database.Query("SELECT external_id, account_id, user_id FROM"
                                         " service_account WHERE service_id = ? AND"
                                         " external_id = ?",
                                         sql::Args(service_id, external_id)));
  if (rows.empty()) return std::nullopt;
  return AccountFromRow(rows[0]);
}

Result<std::vector<ServiceAccount>> Services::AccountsOf(std::string_view service_id) const {
  ASSIGN_OR_RETURN(const auto rows,
                   ports_.database.Query("SELECT external_id, account_id, user_id FROM"
                                         " service_account WHERE service_id = ?"
                                         " ORDER BY external_id",
                                         sql::Args(service_id)));
  std::vector<ServiceAccount> accounts;
  for (const sql::Row& row : rows) accounts.push_back(AccountFromRow(row));
  return accounts;
}

Result<std::optional<Services::Origin>> Services::OriginOf(std::string_view account_id) const {
  ASSIGN_OR_RETURN(const auto rows,
                   ports_.database.Query("SELECT s.id, s.name, s.url, s.public_key, s.created_ms,"
                                         " a.external_id FROM service_account a"
                                         " JOIN service s ON s.id = a.service_id"
                                         " WHERE a.account_id = ?",
                                         sql::Args(account_id)));
  if (rows.empty()) return std::nullopt;
  return Origin{.service = FromRow(rows[0]), .external_id = rows[0].Text(5)};
}

Status Services::Unlink(std::string_view service_id, std::string_view external_id) {
  RETURN_IF_ERROR(ports_.database.Execute(
      "DELETE FROM service_account WHERE service_id = ? AND external_id = ?",
      sql::Args(service_id, external_id)));
  return {};
}

Result<Services::Place> Services::StreamPlace(std::string_view service_id,
                                              std::string_view stream) const {
  ASSIGN_OR_RETURN(const auto rows,
                   ports_.database.Query("SELECT cursor, refused FROM service_cursor WHERE"
                                         " service_id = ? AND stream = ?",
                                         sql::Args(service_id, stream)));
  Place place;
  if (rows.empty()) return place;
  if (!rows[0].Text(0).empty()) place.cursor = rows[0].Text(0);
  place.refused = rows[0].Text(1);
  return place;
}

Status Services::SetStreamPlace(std::string_view service_id, std::string_view stream,
                                const Place& place) {
  RETURN_IF_ERROR(CheckStream(stream, place.cursor.value_or("")));
  RETURN_IF_ERROR(ports_.database.Execute(
      "INSERT INTO service_cursor (service_id, stream, cursor, refused, updated_ms)"
      " VALUES (?, ?, ?, ?, ?) ON CONFLICT (service_id, stream) DO UPDATE SET"
      " cursor = excluded.cursor, refused = excluded.refused, updated_ms = excluded.updated_ms",
      sql::Args(service_id, stream, place.cursor.value_or(""), place.refused,
                ToMillis(ports_.clock.Now()))));
  return {};
}

}  // namespace valise::auth
