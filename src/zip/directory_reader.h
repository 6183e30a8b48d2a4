// Turns the central directory of one ZIP into entries: each is taken, refused with a reason, or a
// folder (left out).
//
// Thread safety: pure functions over a file that is read at offsets.
#pragma once

#include <vector>

#include "base/file.h"
#include "zip/archive.h"

namespace valise::zip {

// Where an entry lies in its file, and what its local header must say.
struct EntryPlace {
  uint64_t begin = 0;  // its local header
  uint64_t end = 0;    // its data end here at the latest: the next local header or the directory
  uint32_t name_crc = 0;
  uint16_t name_size = 0;  // of the raw name
};

struct Directory {
  std::vector<ArchiveEntry> entries;
  std::vector<EntryPlace> places;  // beside entries
  std::vector<RefusedEntry> refused;
  uint64_t total_size = 0;
};

// Appends the entries of `file`, part number `part`, to `to`. Two entries of one part must not have
// names that are equal but for the case of ASCII letters: the later one is refused. (Parts may
// repeat each other's names.) Errors: as OpenArchive.
Status ReadDirectory(const File& file, uint32_t part, const ArchiveLimits& limits, Directory& to);

}  // namespace valise::zip
