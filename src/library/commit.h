// From documents to a committed head.
//
// Thread safety: one commit of an account at a time (the library's lock). Durability: CommitHead()
// returns when everything is.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "library/library.h"
#include "library/streams.h"

namespace valise::library {

// The file that is locked while somebody changes the library. Errors: kConflict, in words for
// people.
Result<FileLock> LockLibrary(const Library& library);

// The documents of a head by bucket, each bucket's in the order of time. Errors: kCorrupt.
using Documents = std::map<Bucket, std::vector<DocumentRow>>;
Result<Documents> ByBucket(const std::vector<DocumentRow>& rows);

// Names every document and lists them by name.
std::vector<DocumentRow> NameDocuments(const Documents& documents, const Folders& folders);

// The titles of all conversations, by key (hex), from their documents.
Result<std::map<std::string, std::string, std::less<>>> ReadTitles(const Library& library,
                                                                   const Documents& documents);

// Sums of the records in `documents`; media are not touched.
void CountRecords(const std::vector<DocumentRow>& documents, Counts& to);

// Stores `head`, makes everything durable and swaps it in. `base` is what it was made from.
// Errors: kConflict (the account was changed meanwhile), kUnavailable.
Result<Digest> CommitHead(Library& library, const std::optional<Digest>& base, const Head& head);

}  // namespace valise::library
