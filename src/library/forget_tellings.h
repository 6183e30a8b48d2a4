// What archives told of forgotten records and the records do not say any more.
//
// A record shows what the newest archive told of it. An older one may have told another caption and
// another encoding of the photo, and it keeps both: they stand in the entries that are going to be
// cut. Part of erasing (library/erase.h). Thread safety: belongs to one thread.
#pragma once

#include <string>
#include <vector>

#include "account/import_row.h"
#include "library/forget_records.h"

namespace valise::library {

// Reads the entries of `removed` in the received files of one import, before they are cut: the
// media that they name go to removed.shown, their words to removed.texts. Not those that an entry
// which stays says too. Of a file that was of one forgotten conversation alone all media that it
// names, and those beside it. A file that is damaged or gone tells nothing. Errors: kUnavailable.
Status NoteTellings(const Library& library, const std::string& import,
                    const std::vector<account::OriginalFile>& files, RemovedRecords& removed);

// The same of all imports of `head`. Errors: kCorrupt (a list of files), kUnavailable.
Status NoteTellings(const Library& library, const Head& head, RemovedRecords& removed);

}  // namespace valise::library
