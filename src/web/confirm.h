// Confirm: what matters asks once more who one is: the password, or a fresh hand-off from the
// account's service.
//
// Thread safety: from any thread.
#pragma once

#include <optional>

#include "web/json_body.h"
#include "web/site.h"

namespace valise::web {

// How the caller can confirm for `account`.
struct Confirmation {
  std::optional<auth::Service> service;  // may hand the caller over for this account
  std::optional<Timestamp> until;        // the session's own hand-off stands until then
};
// REQUIRES: the caller is signed in and owns `account`. Errors: kUnavailable.
Result<Confirmation> HowToConfirm(const Site& site, const Call& call,
                                  const library::AccountRow& account);

// Looks at `password` and `hand_off` of the body and at how old the session's own hand-off is.
// Returns nullopt when the caller is who they say, otherwise the answer to give: 403 with reason
// wrong_password, wrong_hand_off or confirm_first (neither came), or 429.
// REQUIRES: the caller is signed in and owns `account`. Errors: kInvalidArgument (a member of
// another type), kUnavailable.
Result<std::optional<http::Response>> Confirm(const Site& site, const Call& call,
                                              const JsonBody& body,
                                              const library::AccountRow& account);

}  // namespace valise::web
