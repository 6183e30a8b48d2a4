// The end of weaving: lines of a bucket in order, cut into documents and sealed.
//
// Internal to the room. Thread safety: may run on several threads at once, each with lines of its
// own.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "library/library.h"
#include "library/streams.h"

namespace valise::library {

// A record as it is going to stand in a document. Borrows its line.
struct DocumentLine {
  int64_t time = 0;  // ms; SpoolEntry::kNoTime
  Key key;
  std::string_view line;
  bool needs_key = false;  // the line has none yet
  uint64_t missing = 0;    // media of the record that are missing
  bool is_absent = false;  // the record is marked so
};

// Sorts `lines` by time and key and seals them into documents of about kDocumentLimit; lines of one
// time are never parted. Rows are in order of time. Errors: kUnavailable.
Result<std::vector<DocumentRow>> SealDocuments(Library& library, const Bucket& bucket,
                                               std::vector<DocumentLine>& lines);

}  // namespace valise::library
