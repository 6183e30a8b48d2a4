// An archive of ZIP files, read without trust (reference: docs/formats/zip-reading.md).
//
// Thread safety: immutable after opening; the files are read at offsets. Lifetime: owns its files.
#pragma once

#include <memory>
#include <vector>

#include "base/file.h"
#include "zip/archive.h"

namespace valise::zip {

// Reads the directories of all files. Errors: as OpenArchive.
Result<std::unique_ptr<Archive>> OpenZipFiles(std::vector<File> files, const ArchiveLimits& limits);

}  // namespace valise::zip
