// The table archive_import at the desk (docs/formats/uploads.md): rows in and out.
//
// Thread safety, durability: the desk's.
#pragma once

#include <string_view>
#include <vector>

#include "bring/archive_import.h"
#include "sql/database.h"

namespace valise::bring {

class ImportTable {
 public:
  explicit ImportTable(sql::Database& database) : database_(database) {}
  Status Migrate();

  Status Insert(const ArchiveImport& one);
  // Errors: kNotFound.
  Result<ArchiveImport> Get(std::string_view id) const;
  // Newest first, at most 100.
  Result<std::vector<ArchiveImport>> OfAccount(std::string_view account_id) const;
  // Those that have not ended.
  Result<std::vector<ArchiveImport>> Active() const;
  // Writes all that may change, if it is still in state `from`. Errors: kConflict.
  Status Update(const ArchiveImport& one, ImportState from);

 private:
  Result<std::vector<ArchiveImport>> Where(std::string_view condition,
                                           const sql::Values& values) const;

  sql::Database& database_;
};

}  // namespace valise::bring
