#include "zip/layout.h"

#include <gtest/gtest.h>

#include <chrono>
#include <random>

#include "base/deflate.h"
#include "zip/dos_time.h"
#include "zip/test_layout.h"

namespace valise::zip {
namespace {

std::string U16(uint64_t v) { return {char(v & 255), char(v >> 8 & 255)}; }
std::string U32(uint64_t v) { return U16(v & 0xFFFF) + U16(v >> 16 & 0xFFFF); }
std::string U64(uint64_t v) { return U32(v & 0xFFFFFFFF) + U32(v >> 32); }

// docs/formats/zip-layout.md, written down once more in the plainest way, with no regard for speed.
// Rows without a body (huge ones) count in the offsets only.
struct PlainZip {
  std::string local, central, end;
  std::vector<uint64_t> body_offsets;
  uint64_t size = 0;
};

PlainZip Serialize(const VectorTable& table) {
  PlainZip zip;
  uint64_t offset = 0;
  const auto big = [](uint64_t v) { return v >= 0xFFFFFFFF; };
  const auto field = [&](uint64_t v) { return U32(big(v) ? 0xFFFFFFFF : v); };
  for (uint64_t i = 0; i < table.count(); ++i) {
    const LayoutEntry e = table.At(i);
    const bool both = big(e.size) || big(e.stored_size);
    const DosTime dos = ToDosTime(e.time_s);
    const int version = both || big(offset) ? 45 : e.method == Method::kDeflate ? 20 : 10;
    const std::string common = U16(version) + U16(0x800) +
                               U16(e.method == Method::kDeflate ? 8 : 0) + U16(dos.time) +
                               U16(dos.date) + U32(e.crc);
    std::string time;
    if (e.time_s >= 0 && e.time_s < 1ll << 31) time = U16(0x5455) + U16(5) + '\x01' + U32(e.time_s);
    const std::string local_extra =
        (both ? U16(1) + U16(16) + U64(e.size) + U64(e.stored_size) : "") + time;
    std::string fields;
    if (big(e.size)) fields += U64(e.size);
    if (big(e.stored_size)) fields += U64(e.stored_size);
    if (big(offset)) fields += U64(offset);
    const std::string central_extra =
        (fields.empty() ? "" : U16(1) + U16(fields.size()) + fields) + time;
    const std::string header =
        "PK\x03\x04" + common + (both ? U64(~0ull) : field(e.stored_size) + field(e.size)) +
        U16(e.name.size()) + U16(local_extra.size()) + std::string(e.name) + local_extra;
    zip.local += header + table.rows[i].body;
    zip.central += "PK\x01\x02" + U16(0x032D) + common + field(e.stored_size) + field(e.size) +
                   U16(e.name.size()) + U16(central_extra.size()) + U16(0) + U16(0) + U16(0) +
                   U32(0x81A40000) + field(offset) + std::string(e.name) + central_extra;
    zip.body_offsets.push_back(offset + header.size());
    offset += header.size() + e.stored_size;
  }
  const uint64_t n = table.count();
  const uint64_t cd = zip.central.size();
  if (n >= 65535 || big(offset) || big(cd)) {
    zip.end = "PK\x06\x06" + U64(44) + U16(0x032D) + U16(45) + U32(0) + U32(0) + U64(n) + U64(n) +
              U64(cd) + U64(offset) + "PK\x06\x07" + U32(0) + U64(offset + cd) + U32(1);
  }
  const std::string n16 = U16(n >= 65535 ? 65535 : n);
  zip.end += "PK\x05\x06" + U16(0) + U16(0) + n16 + n16 + field(cd) + field(offset) + U16(0);
  zip.size = offset + cd + zip.end.size();
  return zip;
}

VectorTable RandomTable(std::mt19937& random, size_t rows) {
  VectorTable table;
  for (size_t i = 0; i < rows; ++i) {
    std::string name = "data/" + std::to_string(i) + std::string(random() % 40, 'n') + "-é😀.jpg";
    std::string body(random() % 5 == 0 ? 0 : random() % 300, '\0');
    for (char& c : body) c = static_cast<char>(random());
    const int64_t times[] = {1'563'107'696, -1, 0, 2'147'483'647, 2'147'483'648, 5'000'000'000};
    table.Add(std::move(name), std::move(body), times[random() % 6]);
    if (random() % 3 == 0) {
      auto& row = table.rows.back();
      row.body = DeflateComplete(AsBytes(row.body));
      row.entry.stored_size = row.body.size();
      row.entry.method = Method::kDeflate;
    }
  }
  return table;
}

TEST(ZipLayout, EqualsAPlainSerializer) {
  std::mt19937 random(1);
  for (const size_t rows : {0, 1, 2, 255, 256, 257, 700}) {
    const VectorTable table = RandomTable(random, rows);
    const PlainZip plain = Serialize(table);
    EXPECT_EQ(WholeZip(table), plain.local + plain.central + plain.end) << rows;
  }
}

TEST(ZipLayout, EveryRangeIsTheSliceOfTheWhole) {
  std::mt19937 random(2);
  const VectorTable table = RandomTable(random, 9);
  const std::vector<Checkpoint> checkpoints = MakeCheckpoints(table);
  const Layout layout(table, checkpoints);
  const std::string whole = WholeZip(table);
  for (uint64_t begin = 0; begin <= whole.size(); ++begin) {
    for (uint64_t length = 0; begin + length <= whole.size(); length += 1 + length / 3) {
      ASSERT_EQ(ReadRange(layout, table, {begin, length}), whole.substr(begin, length))
          << begin << "+" << length;
    }
  }
}

TEST(ZipLayout, RangesAcrossCheckpointsAndCentralDirectory) {
  std::mt19937 random(3);
  const VectorTable table = RandomTable(random, 1500);
  const std::vector<Checkpoint> checkpoints = MakeCheckpoints(table);
  const Layout layout(table, checkpoints);
  const std::string whole = WholeZip(table);
  ASSERT_EQ(whole.size(), layout.size());
  for (int i = 0; i < 500; ++i) {
    const uint64_t begin = random() % whole.size();
    const uint64_t length = random() % std::min<uint64_t>(whole.size() - begin + 1, 200'000);
    ASSERT_EQ(ReadRange(layout, table, {begin, length}), whole.substr(begin, length));
  }
  for (const Checkpoint& c : checkpoints) {
    for (const uint64_t at : {c.local_offset, checkpoints.back().local_offset + c.central_offset}) {
      ASSERT_EQ(ReadRange(layout, table, {at - (at > 0), 3}), whole.substr(at - (at > 0), 3));
    }
  }
}

TEST(ZipLayout, BodyOffsets) {
  std::mt19937 random(4);
  const VectorTable table = RandomTable(random, 600);
  const std::vector<Checkpoint> checkpoints = MakeCheckpoints(table);
  const Layout layout(table, checkpoints);
  const PlainZip plain = Serialize(table);
  for (uint64_t i = 0; i < table.count(); ++i)
    EXPECT_EQ(layout.BodyOffset(i), plain.body_offsets[i]);
}

// Headers only: bodies are left out of both sides, so that sizes can be huge.
void ExpectSameHeaders(const VectorTable& table) {
  const std::vector<Checkpoint> checkpoints = MakeCheckpoints(table);
  const Layout layout(table, checkpoints);
  std::string headers;
  uint64_t bodies = 0;
  ASSERT_TRUE(layout.ForEachPiece({0, layout.size()}, [&](const Piece& piece) -> Status {
    if (piece.kind == Piece::Kind::kBytes) headers += piece.bytes;
    bodies += piece.range.length;
    return {};
  }));
  const PlainZip plain = Serialize(table);
  EXPECT_EQ(headers, plain.local + plain.central + plain.end);
  EXPECT_EQ(layout.size(), plain.size);
  EXPECT_EQ(headers.size() + bodies, layout.size());
}

TEST(ZipLayout, Zip64SizeBorders) {
  for (const uint64_t size : {0xFFFFFFFEull, 0xFFFFFFFFull, 0x100000000ull, 1ull << 42}) {
    VectorTable stored;
    stored.AddSized("a", size, size);
    stored.AddSized("b", 1, 1);
    ExpectSameHeaders(stored);
    VectorTable deflated;  // only the inflated size overflows
    deflated.AddSized("a", size, 12345, Method::kDeflate);
    deflated.AddSized("b", 12345, 12399, Method::kDeflate);
    ExpectSameHeaders(deflated);
  }
}

TEST(ZipLayout, Zip64OffsetBorders) {
  // A first entry such that the second header lies just before, at and after the border.
  for (const uint64_t second : {0xFFFFFFFEull, 0xFFFFFFFFull, 0x100000000ull}) {
    VectorTable table;
    const uint64_t first_header = 30 + 1 + 9;
    table.AddSized("a", second - first_header, second - first_header);
    table.AddSized("b", 7, 7);
    ASSERT_EQ(MakeCheckpoints(table).back().local_offset, second + first_header + 7);
    ExpectSameHeaders(table);
  }
  // The central directory itself at the border, without any entry that overflows.
  for (const uint64_t directory : {0xFFFFFFFEull, 0xFFFFFFFFull}) {
    VectorTable table;
    table.AddSized("a", directory - 40, directory - 40);
    ASSERT_EQ(MakeCheckpoints(table).back().local_offset, directory);
    ExpectSameHeaders(table);
  }
}

TEST(ZipLayout, Zip64CountBorders) {
  VectorTable table;
  for (int i = 0; i < 65'534; ++i) table.Add("a", "");
  for (; table.count() <= 65'536; table.Add("a", "")) {
    const uint64_t n = table.count();
    const uint64_t local = n * 40;
    const uint64_t central = n * 56;
    std::string end;
    if (n >= 65'535) {
      end = "PK\x06\x06" + U64(44) + U16(0x032D) + U16(45) + U64(0) + U64(n) + U64(n) +
            U64(central) + U64(local) + "PK\x06\x07" + U32(0) + U64(local + central) + U32(1);
    }
    const std::string n16 = U16(n >= 65'535 ? 65'535 : n);
    end += "PK\x05\x06" + U32(0) + n16 + n16 + U32(central) + U32(local) + U16(0);
    const std::vector<Checkpoint> checkpoints = MakeCheckpoints(table);
    const Layout layout(table, checkpoints);
    ASSERT_EQ(layout.size(), local + central + end.size()) << n;
    EXPECT_EQ(ReadRange(layout, table, {local + central, end.size()}), end) << n;
  }
}

TEST(ZipLayout, NeighbouringHeadersComeInOnePiece) {
  VectorTable table;
  for (int i = 0; i < 100; ++i) table.Add(std::to_string(i), "");
  table.Add("last", "body");
  const std::vector<Checkpoint> checkpoints = MakeCheckpoints(table);
  const Layout layout(table, checkpoints);
  int pieces = 0;
  ASSERT_TRUE(layout.ForEachPiece({0, layout.size()}, [&](const Piece&) -> Status {
    ++pieces;
    return {};
  }));
  EXPECT_EQ(pieces, 3);  // all local headers, the body, the central directory with the end
}

TEST(ZipLayout, TheVisitorsErrorStopsTheVisit) {
  VectorTable table;
  for (int i = 0; i < 5; ++i) table.Add(std::to_string(i), "body");
  const std::vector<Checkpoint> checkpoints = MakeCheckpoints(table);
  const Layout layout(table, checkpoints);
  int pieces = 0;
  const Status status = layout.ForEachPiece({0, layout.size()}, [&](const Piece&) -> Status {
    if (++pieces == 4) return Fail(ErrorCode::kCancelled, "enough");
    return {};
  });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(pieces, 4);
}

// Rows made by arithmetic: a million of them cost no memory.
class ManyRows final : public EntryTable {
 public:
  uint64_t count() const override { return 1'000'000; }
  LayoutEntry At(uint64_t index) const override {
    const uint64_t size = index % 1000 == 0 ? 5ull << 30 : 300'000;
    return {
        .name = "data/media/photo.jpg", .size = size, .stored_size = size, .time_s = 1'600'000'000};
  }
};

TEST(ZipLayout, AMillionEntriesAreReachedAtOnce) {
  const ManyRows table;
  const std::vector<Checkpoint> checkpoints = MakeCheckpoints(table);
  const Layout layout(table, checkpoints);
  std::mt19937_64 random(5);
  const auto begin = std::chrono::steady_clock::now();
  constexpr int kReads = 1000;
  uint64_t seen = 0;
  for (int i = 0; i < kReads; ++i) {
    const ByteRange range{random() % (layout.size() - 1000), 1000};
    ASSERT_TRUE(layout.ForEachPiece(range, [&](const Piece& p) -> Status {
      seen += p.bytes.size() + p.range.length;
      return {};
    }));
  }
  EXPECT_EQ(seen, kReads * 1000u);
  const auto each = (std::chrono::steady_clock::now() - begin) / kReads;
  EXPECT_LT(each,
            std::chrono::milliseconds(1));  // 10 µs optimised; generous for -O0 and a busy machine
}

}  // namespace
}  // namespace valise::zip
