// Services: sites that hand their members' data over to us (tables service, service_token,
// service_account, service_cursor; docs/formats/desk.md).
//
// A service names its members' accounts by an *external id* of its own; a link says which account
// and user of ours that is. What one service has cannot be seen with another one's token. Thread
// safety: every method from any thread. Durability: as the desk's.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "auth/users.h"
#include "base/secret.h"

namespace valise::auth {

struct Service {
  std::string id;          // 16 hex digits
  std::string name;        // "host": the `service` of its accounts; unique
  std::string url;         // where its pages are, without a slash at the end
  std::string public_key;  // Ed25519, 32 bytes in base64; empty: no hand-off sign-in
  Timestamp created{};
  bool operator==(const Service&) const = default;
};

// What a token may do; a token has one or both.
enum class Scope : uint8_t {
  kIngest = 1,  // write: accounts, records, blobs
  kRead = 2,    // cursors, reconciliation, which blobs are missing
};
// "ingest,read" as a set of bits, and back. Errors: kInvalidArgument (unknown or none).
Result<uint8_t> ParseScopes(std::string_view text);
std::string ScopesText(uint8_t scopes);

// An account of a service.
struct ServiceAccount {
  std::string external_id;
  std::string account_id;
  std::string user_id;
  bool operator==(const ServiceAccount&) const = default;
};

inline constexpr size_t kMaxServiceName = 32;
inline constexpr size_t kMaxServiceUrl = 500;
inline constexpr size_t kMaxExternalId = 128;
inline constexpr size_t kMaxCursor = 512;
inline constexpr size_t kMaxCursorName = 64;
inline constexpr std::string_view kServiceTokenPrefix = "vs_";

// The key in `text` as base64 of 32 bytes: base64 as it is, or a PEM "PUBLIC KEY" as openssl writes
// it (RFC 8410). Errors: kInvalidArgument.
Result<std::string> ParsePublicKey(std::string_view text);

// 1 to 128 bytes of UTF-8 without controls, spaces and '/', so that it can stand in an address.
bool IsExternalId(std::string_view id);

class Services {
 public:
  // Brings the tables up to date. The ports must outlive this.
  static Result<std::unique_ptr<Services>> Open(const Users::Ports& ports);

  // `public_key` as ParsePublicKey gives it, or empty. Errors: kInvalidArgument, kAlreadyExists.
  Result<Service> Add(std::string_view name, std::string_view url, std::string_view public_key);
  // Errors: kNotFound.
  Result<Service> Get(std::string_view id) const;
  Result<Service> FindByName(std::string_view name) const;
  // By name.
  Result<std::vector<Service>> List() const;
  // With its tokens, links and cursors. Accounts and users stay: they are the members'.
  Status Remove(std::string_view id);
  // Errors: kNotFound, kInvalidArgument.
  Status SetKey(std::string_view id, std::string_view public_key);

  // A new token of 256 random bits, "vs_…"; only its SHA-256 is kept. Errors: kNotFound,
  // kInvalidArgument (no scope).
  Result<Secret<std::string>> NewToken(std::string_view service_id, uint8_t scopes);
  // The service of a token that may do `scope`. Errors: kUnauthenticated (no such token),
  // kPermissionDenied (it has not that scope).
  Result<Service> CheckToken(std::string_view token, Scope scope) const;
  // All tokens of the service; returns how many there were.
  Result<int64_t> RevokeTokens(std::string_view service_id);
  Result<int64_t> CountTokens(std::string_view service_id) const;

  // Errors: kAlreadyExists (that external id or that account is linked), kInvalidArgument.
  Status Link(std::string_view service_id, const ServiceAccount& account);
  Result<std::optional<ServiceAccount>> FindAccount(std::string_view service_id,
                                                    std::string_view external_id) const;
  // By external id.
  Result<std::vector<ServiceAccount>> AccountsOf(std::string_view service_id) const;
  Result<int64_t> CountAccounts(std::string_view service_id) const;
  // Which service an account came from, and as what; nullopt for others.
  struct Origin {
    Service service;
    std::string external_id;
  };
  Result<std::optional<Origin>> OriginOf(std::string_view account_id) const;
  // No error when there is no such link.
  Status Unlink(std::string_view service_id, std::string_view external_id);

  // How far a stream of that service has come.
  struct Place {
    std::optional<std::string> cursor;  // nullopt: nothing with a cursor is durable yet
    std::string refused;                // JSON of the lines refused since it was last told, or ""
    bool operator==(const Place&) const = default;
  };
  Result<Place> StreamPlace(std::string_view service_id, std::string_view stream) const;
  // May be called inside a transaction. Errors: kInvalidArgument.
  Status SetStreamPlace(std::string_view service_id, std::string_view stream, const Place& place);

 private:
  explicit Services(const Users::Ports& ports) : ports_(ports) {}
  Result<Service> One(std::string_view where, std::string_view value) const;
  Result<int64_t> Count(std::string_view table, std::string_view service_id) const;

  Users::Ports ports_;
};

}  // namespace valise::auth
