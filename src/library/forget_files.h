// Takes what forgotten records leave behind out of a head that is being made: media that nobody
// shows any more, and the entries of received files.
//
// Part of erasing (library/erase.h). Thread safety: belongs to one thread.
#pragma once

#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "account/import_row.h"
#include "library/forget_records.h"

namespace valise::library {

// Which kinds of records still show each of `media`, as bits; absent: none. Only documents of
// `kinds` (bits) are read; `removed` are passed over. Errors: kCorrupt, kUnavailable.
Result<std::unordered_map<Digest, uint16_t>> ShownBy(const Library& library,
                                                     const std::vector<DocumentRow>& documents,
                                                     const std::unordered_set<Digest>& media,
                                                     uint16_t kinds, const RemovedRecords& removed);

// Removes media from the lists of `head`, with tombstones: those of what.media, and those that only
// removed records showed. `documents` are those that are left. Fills media, media_bytes and
// erased.digests of `report`. Without `blobs` nothing is written.
Status RemoveMedia(const Library& library, blob::BlobStore* blobs, const ToForget& what,
                   const RemovedRecords& removed, Head& head, Tombstones& tombstones,
                   EraseReport& report);

// Takes `entries` out of one received file, and those that say the same as `alike`, which stood in
// its variants: a new blob is stored and `file` says so, or nothing is left of it. Returns whether
// it changed. Errors: kCorrupt, kUnavailable.
Result<bool> RedactFile(const blob::BlobStore& from, blob::BlobStore* blobs,
                        std::span<const EntryToCut> entries, std::span<const EntryToCut> alike,
                        account::OriginalFile& file, EraseReport& report);

// Redacts the files of one import: entries of removed records, files in erased.digests of `report`,
// and files not understood that hold a removed text. What was replaced is noted in
// report.replaced: the same bytes become the same everywhere.
Status RedactImport(const Library& library, blob::BlobStore* blobs, const RemovedRecords& removed,
                    const std::string& import, std::vector<account::OriginalFile>& files,
                    EraseReport& report);

// Redacts the received files of all imports of `head`.
Status RedactOriginals(const Library& library, blob::BlobStore* blobs,
                       const RemovedRecords& removed, Head& head, EraseReport& report);

}  // namespace valise::library
