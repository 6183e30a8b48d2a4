// Where a source puts what it read: records and issues.
//
// Thread safety: a RecordSink belongs to one thread (an import makes one for each worker).
#pragma once

#include <cstdint>
#include <string>

#include "account/records.h"
#include "base/result.h"

namespace valise::account {

// What could not be carried: data for people, not an error. Shown in reports, so `message` says
// what it means for them and what they can do; it may name the file.
struct Issue {
  std::string code;  // stable: "invalid_json", "missing_media", "unknown_member", "wrong_crc", …
  std::string path;  // of the original, may be empty
  std::string message;
  uint64_t count = 1;  // of equal issues in this file
  bool operator==(const Issue&) const = default;
};

// What became of a received file. Every file has one; they add up to the number of files.
enum class Fate : uint8_t {
  kParsed,     // its entries became records
  kMedium,     // a photo, video or sound, whether or not a record points to it
  kKept,       // kept as an original, not understood
  kDuplicate,  // the same path and bytes in another part
  kJunk,       // of an operating system or archiver: __MACOSX, .DS_Store, Thumbs.db
  kBroken,     // could not be read; what could be had is kept
  kRedacted,   // forgotten on request
};
std::string_view FateName(Fate fate);

// How a data file was read: entries seen = understood + not understood (kept in the original only).
struct FileCounts {
  uint64_t seen = 0;
  uint64_t understood = 0;
};

class RecordSink {
 public:
  virtual ~RecordSink() = default;
  // Takes one record without key. record.provenance holds one element whose `import` and `file` are
  // filled in by the import; the source sets `index`. Errors: kUnavailable (disk full), kCancelled:
  // the source stops at once and returns it.
  virtual Status Put(Record record) = 0;
  virtual void Report(Issue issue) = 0;
};

}  // namespace valise::account
