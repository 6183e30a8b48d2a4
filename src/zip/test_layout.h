// For tests: a table of entries in memory, and a ZIP made from it by Layout with bodies given by a
// function.
//
// Thread safety: plain values.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/crc32.h"
#include "zip/layout.h"

namespace valise::zip {

class VectorTable final : public EntryTable {
 public:
  struct Row {
    std::string name;
    LayoutEntry entry;  // its name is set by At
    std::string body;   // as stored; empty in tests of sizes only
  };

  // A stored entry of `body`.
  void Add(std::string name, std::string body, int64_t time_s = 1'563'107'696) {
    const LayoutEntry entry{.name = {},
                            .size = body.size(),
                            .stored_size = body.size(),
                            .crc = Crc32(AsBytes(body)),
                            .method = Method::kStored,
                            .time_s = time_s};
    rows.push_back({std::move(name), entry, std::move(body)});
  }
  // An entry of which only the sizes matter.
  void AddSized(std::string name, uint64_t size, uint64_t stored_size,
                Method method = Method::kStored) {
    const LayoutEntry entry{.name = {},
                            .size = size,
                            .stored_size = stored_size,
                            .crc = 0x12345678,
                            .method = method,
                            .time_s = 1'563'107'696};
    rows.push_back({std::move(name), entry, {}});
  }

  uint64_t count() const override { return rows.size(); }
  LayoutEntry At(uint64_t index) const override {
    LayoutEntry entry = rows[index].entry;
    entry.name = rows[index].name;
    return entry;
  }

  std::vector<Row> rows;
};

// The bytes of `range`, bodies from the table.
inline std::string ReadRange(const Layout& layout, const VectorTable& table, ByteRange range) {
  std::string out;
  const Status status = layout.ForEachPiece(range, [&](const Piece& piece) -> Status {
    if (piece.kind == Piece::Kind::kBytes) {
      out += piece.bytes;
    } else {
      out += table.rows[piece.entry].body.substr(piece.range.offset, piece.range.length);
    }
    return {};
  });
  EXPECT_TRUE(status.has_value());
  EXPECT_EQ(out.size(), range.length);
  return out;
}

inline std::string WholeZip(const VectorTable& table) {
  const std::vector<Checkpoint> checkpoints = MakeCheckpoints(table);
  const Layout layout(table, checkpoints);
  return ReadRange(layout, table, {0, layout.size()});
}

}  // namespace valise::zip
