// The layout of a ZIP that is never packed: every byte at any offset, computed from a table of
// entries.
//
// Layout version 1 (docs/formats/zip-layout.md): per entry a local header (APPNOTE 4.3.7) with
// known sizes and CRC, no data descriptor, UTF-8 flag, extra 0x5455 with the modification time,
// ZIP64 extra only where a value needs it; then the central directory and end records. The code of
// a version is frozen: a waiting plan must give the same bytes for ever. Thread safety: const
// methods from any thread. Lifetime: a Layout borrows its EntryTable and checkpoints.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "zip/archive.h"

namespace valise::zip {

struct LayoutEntry {
  std::string_view name;     // safe on every system (formats §0.4); borrowed from the table
  uint64_t size = 0;         // inflated
  uint64_t stored_size = 0;  // length of the body in the ZIP
  uint32_t crc = 0;
  Method method = Method::kStored;
  int64_t time_s = 0;  // Unix seconds; DOS time and 0x5455 are made from it, in UTC
};

// The entries in their order. At() must be cheap: it is called for up to kCheckpointEvery rows a
// read.
class EntryTable {
 public:
  virtual ~EntryTable() = default;
  virtual uint64_t count() const = 0;
  virtual LayoutEntry At(uint64_t index) const = 0;
};

inline constexpr uint64_t kCheckpointEvery = 256;

// Where row index*kCheckpointEvery begins: its local header's offset in the ZIP, and its central
// header's offset counted from the start of the central directory. Fixed width: it is part of the
// plan file.
struct Checkpoint {
  uint64_t local_offset = 0;
  uint64_t central_offset = 0;
};

// Checkpoints for rows 0, 256, 512 … and one final checkpoint with the end of the local part (=
// start of the central directory) and the size of the central directory.
std::vector<Checkpoint> MakeCheckpoints(const EntryTable& table);

// One run of bytes of the ZIP.
struct Piece {
  enum class Kind : uint8_t { kBytes, kBody } kind = Kind::kBytes;
  std::string_view bytes;  // kBytes: headers; valid during the visit only
  uint64_t entry = 0;      // kBody: which entry …
  ByteRange range;         // … and which bytes of its stored body
};

class Layout {
 public:
  Layout(const EntryTable& table, std::span<const Checkpoint> checkpoints);

  uint64_t size() const { return size_; }  // of the whole ZIP
  // Where entry `index`'s body begins.
  uint64_t BodyOffset(uint64_t index) const;
  // Calls `visit` for each piece that overlaps `range`, cut to it, in order. REQUIRES: range within
  // size(). Errors: those of `visit`. Work in proportion to the pieces visited (+ ≤ 256 rows),
  // memory bounded.
  Status ForEachPiece(ByteRange range, const std::function<Status(const Piece&)>& visit) const;

 private:
  const EntryTable& table_;
  std::span<const Checkpoint> checkpoints_;
  uint64_t size_ = 0;
};

}  // namespace valise::zip
