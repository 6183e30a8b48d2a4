// From documents to a committed head.
//
// Thread safety: one commit of an account at a time (the library's lock). Durability: CommitHead()
// returns when everything is.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "account/import_row.h"
#include "library/document.h"
#include "library/library.h"
#include "library/streams.h"

namespace valise::library {

// The file that is locked while somebody changes the library. Errors: kConflict, in words for
// people.
// A seal of live records is waited for: it is short. Others as long as `wait` says.
Result<FileLock> LockLibrary(const Library& library, std::chrono::milliseconds wait = {});
// The same for a seal of live records; the second lock tells others that it is one.
struct SealLock {
  FileLock library;
  FileLock seal;
};
Result<SealLock> LockForSeal(const Library& library, std::chrono::milliseconds wait);

// The documents of a head by bucket, each bucket's in the order of time. Errors: kCorrupt.
using Documents = std::map<Bucket, std::vector<DocumentRow>>;
Result<Documents> ByBucket(const std::vector<DocumentRow>& rows);

// Names every document and lists them by name.
std::vector<DocumentRow> NameDocuments(const Documents& documents, const Folders& folders);

// The titles of all conversations, by key (hex), from their documents.
Result<std::map<std::string, std::string, std::less<>>> ReadTitles(const Library& library,
                                                                   const Documents& documents);

// Names every document; when conversations or messages changed their folders are named anew, else
// as in `base`, which may be nullptr.
Result<std::vector<DocumentRow>> DocumentsByName(const Library& library, const Documents& documents,
                                                 bool names_folders, const Head* base);

// The profile's user name, else that of the head or of the account.
Result<std::string> UsernameOf(const Library& library, const Head& head);

// Whether two heads differ in nothing but their moment.
bool SaysTheSame(Head a, Head b);

// Sums of the records in `documents`; media are not touched.
void CountRecords(const std::vector<DocumentRow>& documents, Counts& to);

// Seals a list; `bytes` is the sum of the sizes of what it lists.
Result<ListRow> SealList(blob::BlobStore& blobs, std::string name, TextBuilder& text,
                         uint64_t bytes);
// Seals the list of an import's files.
Result<ImportEntry> SealImport(blob::BlobStore& blobs, const account::ImportInfo& info,
                               const std::vector<account::OriginalFile>& files);

// Stores `head`, makes everything durable and swaps it in. `base` is what it was made from.
// Errors: kConflict (the account was changed meanwhile), kUnavailable.
Result<Digest> CommitHead(Library& library, const std::optional<Digest>& base, const Head& head);

}  // namespace valise::library
