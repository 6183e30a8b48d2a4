// The bytes of a plan file: header and row, as they lie on disk (docs/formats/plan.md). Frozen with
// version 1.
//
// Thread safety: plain values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/digest.h"
#include "zip/layout.h"

namespace valise::bundle {

inline constexpr std::string_view kPlanMagic = "VALPLAN1";
inline constexpr uint32_t kLayoutVersion = 1;
inline constexpr uint64_t kMaxRows = 10'000'000;
inline constexpr uint64_t kMaxStoredSize = 1ull << 42;
inline constexpr uint64_t kMaxName = 1'024;
inline constexpr uint64_t kMaxFileName = 255;
inline constexpr uint64_t kMaxNames = 0xFFFFFFFF;
inline constexpr uint64_t kMaxWrapper = 65'535;

struct PlanHeader {
  std::array<char, 8> magic{};
  uint32_t layout_version = 0;
  uint32_t file_name_size = 0;
  uint64_t rows = 0;
  uint64_t inline_size = 0;
  uint64_t names_size = 0;
  uint64_t zip_size = 0;
  Digest inline_digest;
  Digest rows_digest;
  Digest checkpoints_digest;
  Digest names_digest;
  std::array<std::byte, 80> zeros{};
};
static_assert(sizeof(PlanHeader) == 256 && offsetof(PlanHeader, inline_digest) == 48 &&
              offsetof(PlanHeader, zeros) == 176);

enum class BodyKind : uint8_t { kInline = 0, kBlob = 1 };

struct PlanRow {
  Digest blob;
  uint64_t size = 0;
  uint64_t stored_size = 0;
  int64_t time_s = 0;
  uint64_t inline_offset = 0;
  uint32_t crc = 0;
  uint32_t name_offset = 0;
  uint16_t name_size = 0;
  uint16_t prefix_size = 0;
  uint16_t suffix_size = 0;
  uint8_t method = 0;
  uint8_t body = 0;
};
static_assert(sizeof(PlanRow) == 80 && alignof(PlanRow) == 8 && offsetof(PlanRow, crc) == 64 &&
              offsetof(PlanRow, body) == 79);
static_assert(sizeof(zip::Checkpoint) == 16);

// The row as the ZIP layout sees it. REQUIRES: the name lies in `names`.
inline zip::LayoutEntry ToLayoutEntry(const PlanRow& row, std::string_view names) {
  return {.name = names.substr(row.name_offset, row.name_size),
          .size = row.size,
          .stored_size = row.stored_size,
          .crc = row.crc,
          .method = static_cast<zip::Method>(row.method),
          .time_s = row.time_s};
}

inline uint64_t CheckpointCount(uint64_t rows) {
  return (rows + zip::kCheckpointEvery - 1) / zip::kCheckpointEvery + 1;
}
inline uint64_t PaddedTo8(uint64_t size) { return (size + 7) & ~uint64_t{7}; }

// Where each section begins, counted from the start of the file; `end` is the file's size.
struct PlanSections {
  uint64_t inline_at = sizeof(PlanHeader);
  uint64_t rows_at = 0;
  uint64_t checkpoints_at = 0;
  uint64_t names_at = 0;
  uint64_t end = 0;
};
// REQUIRES: the sizes are small enough not to overflow (rows ≤ kMaxRows, others < 2^48).
inline PlanSections SectionsOf(uint64_t rows, uint64_t inline_size, uint64_t names_size) {
  PlanSections at;
  at.rows_at = at.inline_at + PaddedTo8(inline_size);
  at.checkpoints_at = at.rows_at + rows * sizeof(PlanRow);
  at.names_at = at.checkpoints_at + CheckpointCount(rows) * sizeof(zip::Checkpoint);
  at.end = at.names_at + names_size;
  return at;
}

}  // namespace valise::bundle
