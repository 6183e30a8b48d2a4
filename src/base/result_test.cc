#include "base/result.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace valise {
namespace {

Result<int> Half(int value) {
  if (value % 2 != 0) return Fail(ErrorCode::kInvalidArgument, "odd");
  return value / 2;
}

Result<int> Quarter(int value) {
  ASSIGN_OR_RETURN(const int half, Half(value));
  return Half(half);
}

TEST(Result, PropagatesValueAndError) {
  EXPECT_EQ(*Quarter(8), 2);
  EXPECT_EQ(Quarter(6).error().message, "odd");
  EXPECT_EQ(Quarter(7).error().Within("seven").message, "seven: odd");
}

TEST(Error, FromErrno) {
  EXPECT_EQ(ErrnoError("open", ENOENT).code, ErrorCode::kNotFound);
  EXPECT_EQ(ErrnoError("write", ENOSPC).code, ErrorCode::kUnavailable);
  EXPECT_EQ(ErrnoError("write", ENOSPC).message, "write: No space left on device");
}

TEST(Error, EveryCodeHasAStatusThatHttpKnows) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::kCancelled); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    EXPECT_GE(HttpStatus(code), 400);
    EXPECT_FALSE(CodeName(code).empty());
  }
}

}  // namespace
}  // namespace valise
