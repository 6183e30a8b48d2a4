// An archive that somebody has unpacked: a folder, walked once when it is opened.
//
// Thread safety: immutable after opening. Lifetime: readers own their file descriptors but must not
// outlive the archive.
#pragma once

#include <memory>

#include "base/file.h"
#include "zip/archive.h"

namespace valise::zip {

// Entries are sorted by path. Symbolic links are not followed: they, special files, and names that
// are not UTF-8 or not safe are refused entries. A file that changes its size after the walk is
// kCorrupt when read. Errors: kNotFound, kUnavailable, kLimitExceeded.
Result<std::unique_ptr<Archive>> OpenFolder(const fs::path& root, const ArchiveLimits& limits);

}  // namespace valise::zip
