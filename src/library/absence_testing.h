// For tests of absence: archives of posts and messages of which later ones lack some.
//
// Thread safety: tests.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "library/absence.h"
#include "library/testing.h"

namespace valise::library {

inline constexpr std::string_view k2022 = "2022-01-01T00:00:00Z";
inline constexpr std::string_view k2023 = "2023-01-01T00:00:00Z";
inline constexpr std::string_view k2024 = "2024-01-01T00:00:00Z";

inline Timestamp At(std::string_view time) { return *ParseTime(time); }

inline account::Post PostOf(int month, std::string form = "post") {
  account::Post post =
      TestPost(fmt::format("media:{}{}", form, month),
               fmt::format("2020-{:02}-01T12:00:00Z", month), fmt::format("month {}", month));
  post.form = std::move(form);
  return post;
}

inline std::vector<account::Record> Posts(std::initializer_list<int> months) {
  std::vector<account::Record> posts;
  for (const int month : months) posts.emplace_back(PostOf(month));
  return posts;
}

inline TestArchive Archive(std::string_view date, std::vector<account::Record> records) {
  TestArchive archive;
  archive.date = date;
  archive.data = {{"content/list.json", std::move(records)}};
  return archive;
}

inline uint64_t AbsentIn(const ImportReport& report, account::Kind kind) {
  return report.kinds[static_cast<size_t>(kind)].absent;
}

// The texts of the records of a kind that are marked, with the year since when.
template <typename T>
std::vector<std::string> Marked(TestLibrary& library) {
  std::vector<std::string> marked;
  for (const T& record : library.Records<T>()) {
    if (!record.absent_since) continue;
    std::string name;
    if constexpr (requires { record.text; }) {
      name = record.text;
    } else {
      name = record.username;
    }
    marked.push_back(name + " " + FormatTime(*record.absent_since).substr(0, 4));
  }
  return marked;
}

inline std::vector<account::Record> Talk(std::initializer_list<int> days) {
  std::vector<account::Record> records{TestConversation("folder:1", "Ann")};
  for (const int day : days) {
    const Timestamp time = At(fmt::format("2021-03-{:02}T08:00:00Z", day));
    records.emplace_back(TestMessage("folder:1", ToMillis(time), fmt::format("day {}", day)));
  }
  return records;
}

// Takes an archive in, of which `spoil` may say something.
template <typename Spoil>
ImportReport ImportSpoilt(TestLibrary& library, const TestArchive& archive, Spoil spoil) {
  std::optional<ImportReport> already;
  auto run = library.Begin(archive, &already);
  EXPECT_TRUE(run.has_value());
  spoil(**run);
  const auto report = (*run)->Commit(library.clock(), {});
  EXPECT_TRUE(report.has_value());
  return *report;
}

}  // namespace valise::library
