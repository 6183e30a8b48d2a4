// Finds and reads the central directory of a ZIP, the only list of its entries that we believe
// (APPNOTE 4.3.12–4.3.16).
//
// Thread safety: pure functions over a file that is read at offsets. What is visited is borrowed
// until the visitor returns.
#pragma once

#include <functional>
#include <string_view>

#include "base/bytes.h"
#include "base/file.h"
#include "base/result.h"
#include "zip/dos_time.h"

namespace valise::zip {

struct DirectoryPlace {
  uint64_t begin = 0;  // in the file
  uint64_t size = 0;
  uint64_t count = 0;    // of entries, as declared
  bool zip64 = false;    // without ZIP64, counts may be modulo 2^16 (macOS)
  uint64_t bias = 0;     // bytes before the first header that the ZIP's offsets do not count
  bool wrapped = false;  // offsets and sizes are modulo 2^32 (macOS): see zip/wrapped.h
};

// Errors: kInvalidArgument (not a ZIP; the message says what it seems to be); kCorrupt (cut off,
// contradictions); kUnsupported (one disk of a split ZIP).
Result<DirectoryPlace> FindDirectory(const File& file, uint64_t file_size);

// One central header; ZIP64 values have been put in.
struct CentralHeader {
  std::string_view name;  // raw
  Bytes extra;
  uint16_t made_by = 0;
  uint16_t flags = 0;
  uint16_t method = 0;
  DosTime modified;
  uint32_t crc = 0;
  uint64_t stored_size = 0;
  uint64_t size = 0;
  uint32_t attributes = 0;  // external
  uint64_t offset = 0;      // of the local header, in the file
};

// Visits every header in order. Errors: kCorrupt (not a directory, another count); those of
// `visit`.
Status ForEachHeader(const File& file, const DirectoryPlace& place,
                     const std::function<Status(const CentralHeader&)>& visit);

}  // namespace valise::zip
