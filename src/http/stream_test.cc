#include "http/stream.h"

#include <gtest/gtest.h>

namespace valise::http {
namespace {

TEST(EventStream, WhatIsPushedIsTakenOnce) {
  EventStream stream;
  int woken = 0;
  stream.Attach([&] { ++woken; });
  EXPECT_TRUE(stream.Push("a"));
  EXPECT_TRUE(stream.Push("b"));
  bool ended = true;
  EXPECT_EQ(stream.Take(ended), "ab");
  EXPECT_FALSE(ended);
  EXPECT_EQ(stream.Take(ended), "");
  EXPECT_EQ(woken, 2);
}

TEST(EventStream, EndIsToldOnceAlsoToLateListeners) {
  EventStream stream;
  int ended = 0;
  stream.OnEnd([&] { ++ended; });
  stream.Close();
  stream.Close();
  EXPECT_EQ(ended, 1);
  EXPECT_FALSE(stream.Push("x"));
  stream.OnEnd([&] { ++ended; });
  EXPECT_EQ(ended, 2);
}

TEST(EventStream, AClientThatDoesNotReadIsDropped) {
  EventStream stream;
  const std::string big(EventStream::kMaxWaiting, 'x');
  EXPECT_TRUE(stream.Push(big));
  EXPECT_FALSE(stream.Push("y"));
  EXPECT_TRUE(stream.ended());
}

}  // namespace
}  // namespace valise::http
