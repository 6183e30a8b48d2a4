// Copies bytes between files, in the kernel where it can.
//
// Thread safety: reads at offsets, so the source may be shared; the destination needs one owner.
#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/file.h"
#include "base/result.h"

namespace valise::bundle {

// Copies `range` of `from` to `to` at `offset` (copy_file_range; by hand where the file systems
// cannot). Errors: kCorrupt (`from` ends too early), kUnavailable (disk full: the message says so).
Status CopyBetweenFiles(const File& from, ByteRange range, const File& to, uint64_t offset);

// The same to `to`'s position, which may be a pipe.
Status CopyToPosition(const File& from, ByteRange range, const File& to);

}  // namespace valise::bundle
