// Which older snapshots of an account are held by downloads.
//
// Thread safety: pure function over the desk.
#pragma once

#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/result.h"
#include "sql/database.h"

namespace valise::app {

// Heads that requests pin: those that wait or are ready. Errors: kUnavailable.
Result<std::vector<Digest>> PinnedHeads(sql::Database& database, std::string_view account_id);

}  // namespace valise::app
