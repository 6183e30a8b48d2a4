// The folders of conversations in an Instagram-shaped archive: readable, unique, ending in the id
// by which readers know a conversation again.
//
// Thread safety: none.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "account/records.h"

namespace valise::services::instagram {

struct ThreadName {
  std::string section;      // "inbox", "message_requests", …
  std::string folder;       // "ann_17842…"
  std::string thread_path;  // "inbox/ann_17842…"; empty: not to be told
};

class ThreadNames {
 public:
  // `key`: of the conversation, hex.
  ThreadName NameOf(std::string_view key, const account::Conversation& conversation);

 private:
  std::set<std::string> taken_;  // in lower case
};

}  // namespace valise::services::instagram
