// The table export_request at the desk (docs/formats/desk.md): rows in and out.
//
// Thread safety, durability: the desk's.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "requests/export_request.h"
#include "sql/database.h"

namespace valise::requests {

std::span<const sql::Migration> RequestMigrations();

class RequestTable {
 public:
  explicit RequestTable(sql::Database& database) : database_(database) {}

  Status Insert(const ExportRequest& request);
  // Errors: kNotFound.
  Result<ExportRequest> Get(std::string_view id) const;
  // Newest first.
  Result<std::vector<ExportRequest>> OfAccount(std::string_view account_id) const;
  // Those of an account that pin a snapshot: from taking it until they end.
  Result<std::vector<ExportRequest>> Pinning(std::string_view account_id) const;
  // Writes all that may change, if the request is still in state `from`. Errors: kConflict when it
  // is not: somebody cancelled it, or another worker was quicker.
  Status Update(const ExportRequest& request, State from);
  Status SetDownloaded(std::string_view id, Timestamp time);
  Status Delete(std::string_view id);

 private:
  Result<std::vector<ExportRequest>> Where(std::string_view condition,
                                           std::string_view value) const;

  sql::Database& database_;
};

}  // namespace valise::requests
