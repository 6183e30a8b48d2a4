// Merges the reactions to a message that two sides tell (docs/formats/documents.md, "Merging").
//
// Internal to the room. Thread safety: pure function.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "account/records.h"
#include "library/merge_fields.h"

namespace valise::library {

// What one of the sides calls the sender of the message: its reactions name people likewise.
struct SenderNames {
  std::string_view ours;
  std::string_view theirs;
  std::string_view merged;  // one of the two
};

struct ReactionsMerged {
  std::vector<account::Reaction> reactions;       // ours first
  std::map<std::string, ImportDates::Date> told;  // who told them, by field
};

ReactionsMerged MergeReactions(std::vector<account::Reaction> ours,
                               std::vector<account::Reaction> theirs, const SenderNames& senders,
                               const Telling& telling);

}  // namespace valise::library
