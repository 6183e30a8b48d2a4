// Finds out which conversation of the library each conversation of an import is.
//
// Thread safety: pure functions.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "library/commit.h"
#include "library/weave.h"

namespace valise::library {

struct ResolvedConversations {
  ConversationKeys keys;  // what messages name (evidence, or a key's hex) → key in the library, hex
  std::map<size_t, Key>
      forced;  // keys for incoming conversations that evidence alone would not find
  // What messages name of which there is no record, neither in the library nor incoming.
  std::vector<std::string> without_record;
  // Conversations that are forgotten: their places, and what their messages name.
  std::set<size_t> forgotten;
  std::set<std::string, std::less<>> forgotten_names;
  PerhapsSamePairs perhaps_same;  // conversations with too little in common to be sure
};

// `entries`: the conversations of the import in order. `documents`: of the base head. `buckets`:
// all of the spool. Errors: kCorrupt, kUnavailable.
Result<ResolvedConversations> ResolveConversations(
    const WeaveContext& context, const Documents& documents, std::span<const SpoolEntry> entries,
    const std::vector<std::pair<Bucket, uint64_t>>& buckets);

}  // namespace valise::library
