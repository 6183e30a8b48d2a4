#include "web/watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>

namespace valise::web {
namespace {

using std::chrono::milliseconds;
using testing::EndsWith;

std::string Sent(const http::Response& response) {
  bool ended = false;
  return std::get<std::shared_ptr<http::EventStream>>(response.body)->Take(ended);
}

bool HasEnded(const http::Response& response) {
  return std::get<std::shared_ptr<http::EventStream>>(response.body)->ended();
}

TEST(WatchTest, TellsAtOnceAndWheneverSomethingChanges) {
  requests::Watchers watchers;
  int state = 1;
  const http::Response response =
      Watch(watchers, "a", "request", [&] { return Result<std::string>(std::to_string(state)); });
  state = 2;
  watchers.Tell("a");
  watchers.Tell("b");
  EXPECT_EQ(Sent(response), "event: request\ndata: 1\n\nevent: request\ndata: 2\n\n");
}

// The change comes between the first reading and its being pushed.
TEST(WatchTest, WhatIsNewestIsToldLast) {
  requests::Watchers watchers;
  std::atomic<int> state = 1;
  std::future<void> change;
  const http::Response response = Watch(watchers, "a", "request", [&] {
    const int read = state;
    if (!change.valid()) {
      change = std::async(std::launch::async, [&] {
        state = 2;
        watchers.Tell("a");
      });
      change.wait_for(milliseconds{100});
    }
    return Result<std::string>(std::to_string(read));
  });
  change.wait();
  EXPECT_THAT(Sent(response), EndsWith("data: 2\n\n"));
}

TEST(WatchTest, AnErrorEndsItSaveThatNothingIsThere) {
  requests::Watchers watchers;
  ErrorCode code = ErrorCode::kNotFound;
  const http::Response response =
      Watch(watchers, "a", "request", [&]() -> Result<std::string> { return Fail(code, "no"); });
  EXPECT_FALSE(HasEnded(response));
  code = ErrorCode::kUnavailable;
  watchers.Tell("a");
  EXPECT_TRUE(HasEnded(response));
}

}  // namespace
}  // namespace valise::web
