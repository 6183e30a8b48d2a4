// Whose is it? An archive dropped on an account is checked against it, so that nobody's memories
// are mixed with somebody else's by mistake.
//
// Thread safety: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "imports/listing.h"
#include "library/library.h"

namespace valise::bring {

// What an archive says of the account that it was taken from.
struct Claim {
  std::string service;
  std::string username;  // empty: it does not say
};

// Errors: those of reading: kCorrupt, kUnavailable.
Result<Claim> ClaimOf(const imports::OpenedArchive& opened);

// True when the archive may go into this account without asking: the account is empty, the archive
// does not say whose it is, or it is of the same service and user name. `profile_name` is the user
// name that the account's own profile has, or empty.
bool Belongs(const Claim& claim, const library::AccountRow& account, std::string_view profile_name);

// User names are the same whatever their case.
bool SameName(std::string_view a, std::string_view b);

}  // namespace valise::bring
