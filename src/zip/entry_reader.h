// Reads the bytes of one entry out of a file: stored or deflated, with its size and CRC checked.
//
// Thread safety: a reader belongs to one thread; several may share the File. Lifetime: borrows the
// File.
#pragma once

#include <memory>
#include <optional>

#include "base/file.h"
#include "zip/archive.h"

namespace valise::zip {

// Where an entry's data lie and what they must be.
struct EntryData {
  uint64_t offset = 0;  // of the stored bytes in the file
  uint64_t stored_size = 0;
  uint64_t size = 0;
  Method method = Method::kStored;
  std::optional<uint32_t> crc;
};

std::unique_ptr<EntryReader> MakeEntryReader(const File& file, const EntryData& data);

// All of it at once. REQUIRES: stored_size and size fit in memory.
Result<std::string> ReadWholeEntry(const File& file, const EntryData& data);

}  // namespace valise::zip
