// Writes documents into an index file (docs/formats/index.md).
//
// Internal to the room. Thread safety: one writer a file. Reading and folding documents runs beside
// the writing.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "library/library.h"
#include "library/sqlite.h"

namespace valise::library {

inline constexpr int64_t kIndexVersion = 2;
// Before scope tokens: U+E000.
inline constexpr std::string_view kScope = "\xEE\x80\x80";
inline constexpr size_t kScopeHex = 16;

// The smallest id of a moment.
int64_t IndexIdOf(Timestamp time);

// Makes the tables in an empty file.
Status CreateIndexTables(SqliteConnection& connection);

using IndexProgress = std::function<void(uint64_t done, uint64_t total)>;

// Reads `rows` and adds their records. REQUIRES: none of them is there.
Status AddDocuments(SqliteConnection& connection, const Library& library,
                    const std::vector<DocumentRow>& rows, const IndexProgress& progress);

}  // namespace valise::library
