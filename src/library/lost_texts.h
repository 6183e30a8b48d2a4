// Sealed texts of an account that cannot be read any more, and how to see that nothing else went.
//
// Thread safety: pure functions. Lifetime: plain values.
#pragma once

#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

#include "library/library.h"

namespace valise::library {

// Documents, media lists and the list of issues: what can be made again from received files.
struct LostTexts {
  std::unordered_set<Digest> digests;
  std::vector<std::string> names;  // "posts/2024", "media/2024"
  uint64_t records = 0;            // that stood in the documents
  bool empty() const { return digests.empty(); }
};
// Reads all of them. Errors: kUnavailable, those of `progress`.
Result<LostTexts> FindLostTexts(
    const Library& library, const Head& head,
    const std::function<Status(uint64_t done, uint64_t total)>& progress);

// The keys of all records of a head, sorted; documents that cannot be read are passed over. Errors:
// kUnavailable.
Result<std::vector<Key>> KeysOf(const Library& library, const Head& head);

}  // namespace valise::library
