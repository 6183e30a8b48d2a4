// Activity: searches, logins, devices and the other lists that have no kind of their own.
//
// Thread safety: pure functions.
#pragma once

#include <string>

#include "account/records.h"
#include "services/instagram/envelope.h"
#include "services/instagram/json.h"

namespace valise::services::instagram {

// The text of a value of any type; a list or an object as its JSON.
JsonError ReadScalar(od::value value, std::string& to);

// An object of plain members: the first that is a time becomes the time, all others details. The
// text is that of a user agent, where there is one, else the first text.
JsonError ReadFlat(od::object entry, account::Activity& to);

// All that fields tell, but the time that is the activity's own, becomes details of `to`.
void AddDetails(std::vector<Field>& fields, const std::optional<Timestamp>& own,
                account::Activity& to);

}  // namespace valise::services::instagram
