// Instagram's HTML archives: the same lists as pages for reading (reference: instagram-format §9).
//
// A page is a row of blocks, each with a heading, a body and a date. A block is written down as the
// entry that the JSON of the same file would hold, and read by the reader of that JSON. Thread
// safety: everything here belongs to the thread that reads the file.
#pragma once

#include "account/record_sink.h"
#include "services/instagram/data_file.h"
#include "services/instagram/files.h"

namespace valise::services::instagram {

// Reads the page `file`, which stands in for the JSON file that `rule` tells of, into `reader`.
// Errors: kUnavailable and kCancelled, of the file or the sink.
Result<account::FileCounts> ReadHtmlFile(DataFile& file, const FileRule& rule,
                                         ElementReader& reader, Output& output);

}  // namespace valise::services::instagram
