// For tests of merging: archives of the years from 2020 on, and records as they tell them.
//
// Thread safety: pure functions.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "account/record_json.h"
#include "library/merge.h"

namespace valise::library {

inline std::string ImportOf(size_t archive) { return fmt::format("{:016x}", 0xa0 + archive); }

// Archive n is of January of the year 2020 + n.
inline ImportDates Dates(size_t archives, std::vector<size_t> coarse = {}) {
  ImportDates dates;
  for (size_t i = 0; i < archives; ++i) {
    account::ImportInfo info;
    info.id = ImportOf(i);
    info.date = *ParseTime(fmt::format("{}-01-01T00:00:00Z", 2020 + i));
    info.coarse_times = std::ranges::find(coarse, i) != coarse.end();
    dates.Add(info);
  }
  return dates;
}

template <typename T>
account::Record In(size_t archive, T record) {
  record.provenance = {{ImportOf(archive), 1, 0}};
  return record;
}

// Records as the archives tell them, taken in in an order.
inline account::Record TakeIn(const std::vector<account::Record>& told,
                              const std::vector<size_t>& order, const ImportDates& dates) {
  account::Record record = told[order[0]];
  for (size_t i = 1; i < order.size(); ++i) Merge(record, told[order[i]], dates);
  return record;
}

// As text, in which no order of lists that are united shows.
inline std::string Plain(account::Record record) {
  std::ranges::sort(account::CommonOf(record).evidence);
  if (auto* message = std::get_if<account::Message>(&record)) {
    std::ranges::sort(message->reactions, {}, [](const auto& r) { return r.reaction + r.actor; });
  }
  return account::ToJson(record);
}

// Every order of the archives gives the same record.
inline void ExpectNoOrderMatters(const std::vector<account::Record>& told,
                                 const ImportDates& dates) {
  std::vector<size_t> order(told.size());
  std::iota(order.begin(), order.end(), 0);
  const std::string expected = Plain(TakeIn(told, order, dates));
  do {
    ASSERT_EQ(Plain(TakeIn(told, order, dates)), expected)
        << "in the order " << testing::PrintToString(order);
  } while (std::ranges::next_permutation(order).found);
}

}  // namespace valise::library
