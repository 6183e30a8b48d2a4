#include "library/media_table.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <set>

#include "blob/memory_blob_store.h"

namespace valise::library {
namespace {

account::OriginalFile Photo(const Digest& digest) {
  account::OriginalFile file;
  file.digest = digest;
  file.size = 10;
  file.type = "image/png";
  return file;
}

std::vector<MediumRow> Rows(blob::BlobStore& blobs, const std::vector<ListRow>& lists) {
  std::vector<MediumRow> all;
  for (const ListRow& list : lists) {
    const auto rows = ParseMediumRows(*blobs.ReadContent(list.digest, list.size));
    EXPECT_EQ(rows->size(), list.rows);
    all.insert(all.end(), rows->begin(), rows->end());
  }
  return all;
}

TEST(MediaTable, TheEarliestRecordGivesTheTimeAndTheMediumsOwnOnlyWithoutOne) {
  blob::MemoryBlobStore blobs;
  MediaTable table;
  const Digest shown = Sha256("shown");
  const Digest own = Sha256("own");
  EXPECT_TRUE(table.Add(Photo(shown)));
  EXPECT_FALSE(table.Add(Photo(shown)));
  EXPECT_TRUE(table.Add(Photo(own)));
  table.Use(shown, {.kinds = 2, .record_time = 2'000'000, .own_time = 1});
  table.Use(shown, {.kinds = 4, .record_time = 1'000'000, .own_time = 2});
  table.Use(own, {.kinds = 1, .own_time = 3'000'000});
  std::map<std::string, MediumRow> by_digest;
  for (const MediumRow& row : Rows(blobs, *table.Seal(blobs, nullptr))) {
    by_digest[row.digest.Hex()] = row;
  }
  EXPECT_EQ(by_digest[shown.Hex()].time, FromMillis(1'000'000));
  EXPECT_EQ(by_digest[shown.Hex()].used_by.size(), 2u);
  EXPECT_EQ(by_digest[own.Hex()].time, FromMillis(3'000'000));
}

TEST(MediaTable, NamesAreUniqueWhereShortDigestsAreNot) {
  // Two digests with the same first 8 hex digits, found by looking.
  std::map<std::string, int> seen;
  std::optional<std::pair<int, int>> pair;
  for (int i = 0; i < 400'000 && !pair; ++i) {
    const std::string digits = Sha256(std::to_string(i)).Hex().substr(0, 8);
    const auto [at, is_new] = seen.try_emplace(digits, i);
    if (!is_new) pair = {at->second, i};
  }
  ASSERT_TRUE(pair);
  blob::MemoryBlobStore blobs;
  MediaTable table;
  for (const int i : {pair->first, pair->second}) {
    table.Add(Photo(Sha256(std::to_string(i))));
    table.Use(Sha256(std::to_string(i)), {.kinds = 1, .record_time = 5'000});
  }
  table.Add(Photo(Sha256("other")));
  table.Use(Sha256("other"), {.kinds = 1, .record_time = 5'000});
  std::set<std::string> names;
  size_t long_names = 0;
  for (const MediumRow& row : Rows(blobs, *table.Seal(blobs, nullptr))) {
    names.insert(row.name);
    long_names +=
        row.name.size() > std::string("1970/1970-01-01_00.00.05_12345678.png").size() ? 1 : 0;
  }
  EXPECT_EQ(names.size(), 3u);
  EXPECT_EQ(long_names, 2u);
}

}  // namespace
}  // namespace valise::library
