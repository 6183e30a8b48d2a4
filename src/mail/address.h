// Mail addresses, read strictly: what is accepted can stand in a header and an SMTP command as it
// is.
//
// Thread safety: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace valise::mail {

// An addr-spec of dot-atoms (RFC 5322 §3.4.1): no quotes, comments, spaces or controls; ASCII;
// local part at most 64, whole at most 254 bytes (RFC 5321 §4.5.3.1). Returned as given. Errors:
// kInvalidArgument.
Result<std::string> ParseAddress(std::string_view text);

}  // namespace valise::mail
