// All media of an account while an import is taken in: what is in the head, what came, who shows
// it.
//
// Thread safety: none. Memory: about 80 bytes a medium.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "account/import_row.h"
#include "library/library.h"

namespace valise::library {

// Which kinds show a medium and when it was first shown.
struct MediumUse {
  uint16_t kinds = 0;               // bit by Kind
  int64_t record_time = INT64_MAX;  // ms, earliest of the records
  int64_t own_time = INT64_MAX;     // ms, earliest of the media items
  void Add(const MediumUse& other);
};

class MediaTable {
 public:
  // With the media of a head. Errors: kCorrupt, kUnavailable.
  Status Load(const Library& library, const Head& head);
  // A received medium. Returns whether it is new.
  bool Add(const account::OriginalFile& file);
  bool Has(const Digest& digest) const { return rows_.contains(digest); }
  // Says of an item what its medium is; false when it is not here. REQUIRES: it has a digest.
  bool Describe(account::MediaItem& item) const;
  // 0 when it is not here. Kinds as bits.
  uint64_t SizeOf(const Digest& digest) const;
  uint16_t KindsOf(const Digest& digest) const;
  // Returns whether it was here.
  bool Remove(const Digest& digest);
  // Which kinds show it now. REQUIRES: Has(digest).
  void SetKinds(const Digest& digest, uint16_t kinds);
  // REQUIRES: Has(digest).
  void Use(const Digest& digest, const MediumUse& use);
  // A record that shows it is of another moment (ms) than it was told to be.
  void MoveTime(const Digest& digest, int64_t was, int64_t now);

  // Seals the lists that changed; the others keep their rows of `head`.
  Result<std::vector<ListRow>> Seal(blob::BlobStore& blobs, const Head* head);
  void Count(Counts& to) const;

 private:
  struct Row {
    uint64_t size = 0;
    uint64_t stored_size = 0;
    uint32_t crc = 0;
    uint16_t type = 0;  // place in types_
    uint16_t kinds = 0;
    int64_t time = INT64_MAX;
    bool time_is_of_record = false;
    bool deflated = false;
  };
  using Named = std::vector<std::pair<const Digest*, const Row*>>;
  static std::string YearOf(const Row& row);
  uint16_t TypeNumber(const std::string& type);
  MediumRow ToRow(const Digest& digest, const Row& row, size_t digits) const;
  Status SealYear(blob::BlobStore& blobs, const std::string& year, Named rows,
                  std::vector<ListRow>& to) const;

  std::unordered_map<Digest, Row> rows_;
  std::vector<std::string> types_;
  std::set<std::string> touched_;  // years whose lists are not those of the head
};

}  // namespace valise::library
