// Users: who may sign in (tables auth_user, auth_session; docs/formats/desk.md).
//
// Thread safety: every method from any thread. Durability: as the desk's.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "auth/password.h"
#include "base/random.h"
#include "base/time.h"
#include "sql/database.h"

namespace valise::auth {

struct User {
  std::string id;    // 16 hex digits
  std::string name;  // as given; unique without regard to ASCII case
  bool is_operator = false;
  std::string language = "en";  // "en", "fr"
  std::string address;          // the user's own mail address, or empty
  Timestamp created{};
  bool has_password = true;  // false: signs in only by a service's hand-off
  bool operator==(const User&) const = default;
};

struct NewUser {
  std::string name;
  Secret<std::string> password;
  bool is_operator = false;
  std::string language = "en";
  std::string address;
};

inline constexpr size_t kMaxName = 256;

class Users {
 public:
  struct Ports {
    sql::Database& database;
    const Clock& clock;
    Random& random;
  };
  // Brings the tables up to date. The ports must outlive this.
  static Result<std::unique_ptr<Users>> Open(const Ports& ports, PasswordCost cost = {});

  // Errors: kInvalidArgument (name, password or language), kAlreadyExists.
  Result<User> Add(const NewUser& user);
  // A user whom a service vouches for (`user.password` is not looked at): no password is right
  // until SetPassword(). Errors: as Add.
  Result<User> AddWithoutPassword(const NewUser& user);
  // Errors: kNotFound.
  Result<User> Get(std::string_view id) const;
  Result<User> FindByName(std::string_view name) const;
  // By name.
  Result<std::vector<User>> List() const;

  // Ends the user's sessions too. Errors: kNotFound, kInvalidArgument.
  Status SetPassword(std::string_view id, const Secret<std::string>& password);
  // Has the user one? Those whom a service hands over need none.
  Result<bool> HasPassword(std::string_view id) const;
  Status SetOperator(std::string_view id, bool is_operator);
  Status SetLanguage(std::string_view id, std::string_view language);
  Status SetAddress(std::string_view id, std::string_view address);
  // Errors: kNotFound, kInvalidArgument, kAlreadyExists.
  Status Rename(std::string_view id, std::string_view name);
  // With the user's sessions. No error when there is no such user.
  Status Remove(std::string_view id);

  // The user when name and password belong together. Takes as long when there is no such name.
  // Errors: kUnauthenticated.
  Result<User> CheckPassword(std::string_view name, const Secret<std::string>& password) const;

 private:
  Users(const Ports& ports, PasswordCost cost) : ports_(ports), hasher_(cost) {}
  Result<User> One(std::string_view where, std::string_view value) const;
  Status Change(std::string_view column, std::string_view id, sql::Value value);
  Result<User> Insert(const NewUser& user, const std::string& hash);

  Ports ports_;
  PasswordHasher hasher_;
};

bool IsLanguage(std::string_view language);

}  // namespace valise::auth
