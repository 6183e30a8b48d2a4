// The table upload at the desk (docs/formats/uploads.md): rows in and out.
//
// Thread safety, durability: the desk's.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "sql/database.h"

namespace valise::bring {

struct Upload {
  std::string id;  // 32 hex digits
  std::string account_id;
  std::string user_id;
  std::string name;     // a file name without folders
  uint64_t length = 0;  // announced
  uint64_t offset = 0;  // so much of it is durable
  enum class State : uint8_t { kOpen, kTaken, kEnded } state = State::kOpen;
  Timestamp created{};
  Timestamp expires{};

  bool complete() const { return offset == length; }
};

class UploadTable {
 public:
  explicit UploadTable(sql::Database& database) : database_(database) {}
  Status Migrate();

  Status Insert(const Upload& upload);
  // Errors: kNotFound.
  Result<Upload> Get(std::string_view id) const;
  // Newest first; ended ones are left out.
  Result<std::vector<Upload>> OfAccount(std::string_view account_id) const;
  Result<std::vector<Upload>> OfUser(std::string_view user_id) const;
  // All that have not ended.
  Result<std::vector<Upload>> All() const;

  // Errors: kGone (it has ended meanwhile).
  Status SetOffset(std::string_view id, uint64_t offset, Timestamp expires);
  // Only from state `from`. Errors: kConflict.
  Status SetState(std::string_view id, Upload::State from, Upload::State to, Timestamp expires);
  // Ended ones that expired before `before`.
  Status DeleteEnded(Timestamp before);

 private:
  Result<std::vector<Upload>> Where(std::string_view condition, const sql::Values& values) const;

  sql::Database& database_;
};

}  // namespace valise::bring
