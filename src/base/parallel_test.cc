#include "base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

namespace valise {
namespace {

TEST(ParallelFor, CallsEveryIndexOnce) {
  std::vector<std::atomic<int>> seen(1000);
  ASSERT_TRUE(ParallelFor(4, seen.size(), [&](size_t worker, size_t index) -> Status {
    EXPECT_LT(worker, 4u);
    ++seen[index];
    return {};
  }));
  for (const auto& count : seen) EXPECT_EQ(count, 1);
}

TEST(ParallelFor, ReturnsTheFirstErrorAndStops) {
  std::atomic<int> calls = 0;
  const Status status = ParallelFor(1, 100, [&](size_t, size_t index) -> Status {
    ++calls;
    if (index == 3) return Fail(ErrorCode::kCorrupt, "three");
    return {};
  });
  EXPECT_EQ(status.error().message, "three");
  EXPECT_EQ(calls, 4);
}

}  // namespace
}  // namespace valise
