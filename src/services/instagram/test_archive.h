// For tests: reads one file and gives what came of it.
//
// Thread safety: each belongs to one test.
#pragma once

#include <gtest/gtest.h>

#include "services/instagram/memory_archive.h"

namespace valise::services::instagram {

struct ReadResult : ListSink {
  // The only record of its kind.
  template <typename T>
  T Only() const {
    const std::vector<T> all = All<T>();
    EXPECT_EQ(all.size(), 1u);
    return all.empty() ? T{} : all[0];
  }

  account::FileCounts counts;
  std::optional<Error> error;
};

inline constexpr std::string_view kPostsPath = "your_instagram_activity/media/posts_1.json";

// Reads one file of an archive that holds it, a posts file and `others`.
inline void ReadInto(ReadResult& result, MemoryFile& file, std::vector<std::string> others = {}) {
  others.emplace_back(file.path());
  others.emplace_back(kPostsPath);
  const MemoryArchive archive(std::move(others));
  const auto reading = InstagramSource().Begin(archive.listing(), archive);
  ASSERT_TRUE(reading) << reading.error().message;
  const auto counts = (*reading)->ReadData(file, result);
  if (counts) {
    result.counts = *counts;
  } else {
    result.error = counts.error();
  }
}

inline ReadResult ReadText(std::string_view path, std::string_view json,
                           std::vector<std::string> others = {}) {
  ReadResult result;
  MemoryFile file{std::string(path), std::string(json)};
  ReadInto(result, file, std::move(others));
  return result;
}

}  // namespace valise::services::instagram
