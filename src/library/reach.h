// Which blobs a head names.
//
// Thread safety: pure functions.
#pragma once

#include <unordered_set>

#include "library/library.h"

namespace valise::library {

// Adds the head itself and everything it names: documents, lists, media, received files. Errors:
// kCorrupt, kUnavailable, kNotFound (a list is gone).
Status AddReached(const Library& library, const Digest& digest, const Head& head,
                  std::unordered_set<Digest>& to);

// Adds the media of live records that wait to be sealed. Errors: kCorrupt, kUnavailable.
Status AddWaiting(const Library& library, std::unordered_set<Digest>& to);

}  // namespace valise::library
