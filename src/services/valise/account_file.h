// Reads data/account.json of a bundle (docs/formats/portable.md).
//
// Thread safety: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "account/import_row.h"
#include "base/result.h"

namespace valise::services::own {

struct AccountFile {
  std::string service;
  std::string username;
  Timestamp as_of{};
  std::vector<account::ImportInfo> imports;
};

// Errors: kCorrupt; kUnsupported (made by a newer Valise).
Result<AccountFile> ParseAccountFile(std::string_view json);

// renamed.json: pairs of path as received and place below files/. Errors: kCorrupt.
struct Renamed {
  std::string path;
  std::string place;
};
Result<std::vector<Renamed>> ParseRenamed(std::string_view json);

}  // namespace valise::services::own
