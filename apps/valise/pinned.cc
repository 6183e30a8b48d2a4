#include "pinned.h"

#include "requests/request_table.h"

namespace valise::app {

Result<std::vector<Digest>> PinnedHeads(sql::Database& database, std::string_view account_id) {
  RETURN_IF_ERROR(database.Migrate("requests", requests::RequestMigrations()));
  ASSIGN_OR_RETURN(const auto pinning, requests::RequestTable(database).Pinning(account_id));
  std::vector<Digest> heads;
  for (const requests::ExportRequest& request : pinning) {
    if (request.head) heads.push_back(*request.head);
  }
  return heads;
}

}  // namespace valise::app
