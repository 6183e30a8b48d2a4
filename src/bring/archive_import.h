// ArchiveImport: one archive that somebody brought, from its uploads to its report.
//
// Thread safety: plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace valise::bring {

// In the order in which they come about; the last three are ends.
enum class ImportState : uint8_t {
  kWaiting,
  kChecking,
  kOtherAccount,  // the archive is somebody else's: its user decides
  kImporting,
  kDone,
  kFailed,
  kCancelled,
};
std::string_view StateName(ImportState state);
std::optional<ImportState> ParseImportState(std::string_view name);
inline bool HasEnded(ImportState state) { return state >= ImportState::kDone; }

// What is done with an archive that says it is another account's.
enum class Decision : uint8_t { kNone, kSecondAccount, kThisAccount };
std::string_view DecisionName(Decision decision);  // "", "second_account", "this_account"
std::optional<Decision> ParseDecision(std::string_view name);

struct ArchiveImport {
  std::string id;          // 16 hex digits
  std::string account_id;  // into which it goes; another one after kSecondAccount
  std::string user_id;
  std::vector<std::string> uploads;
  ImportState state = ImportState::kWaiting;
  std::string found_service;
  std::string found_username;  // as the archive says; empty: it does not
  Decision decision = Decision::kNone;
  Timestamp asked{};
  std::optional<Timestamp> ended;
  std::string report;         // JSON (docs/formats/uploads.md), of kDone
  std::string error_code;     // of kFailed
  std::string error_message;  // in words for people
};

}  // namespace valise::bring
