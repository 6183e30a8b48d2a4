// What a record is found by: its tokens and scope, as docs/formats/index.md says.
//
// Thread safety: pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "account/records.h"
#include "library/index.h"

namespace valise::library {

// Tokens and scope, separated by spaces.
std::string IndexText(const account::Record& record);

// The id that a record would like to have: by its time, then by its key.
int64_t IndexId(const account::Record& record);
// The smallest id of that moment: ids of [from, until) are [FirstIdOf(from), FirstIdOf(until)).
int64_t FirstIdOf(Timestamp time);

// The query in FTS5's language; empty when it asks for everything.
std::string MatchText(const SearchQuery& query);

}  // namespace valise::library
