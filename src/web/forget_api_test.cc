// Forgetting as a member does it on the page.
#include <gtest/gtest.h>

#include <thread>

#include "web/test_site.h"

namespace valise::web {
namespace {

class ForgetTest : public AppTest {
 protected:
  // The newest post.
  std::string Newest(Visitor& visitor) {
    return Visitor::Member(visitor.Call("GET", Path("/posts?limit=1")).body, "key");
  }
  http::TestAnswer Forget(Visitor& visitor, std::string_view members) {
    return visitor.Call("POST", Path("/forget"), fmt::format("{{{}}}", members));
  }
  static constexpr std::string_view kPassword = R"("password":"correct horse",)";
};

TEST_F(ForgetTest, APreviewChangesNothing) {
  Visitor anna = Anna();
  const std::string id = Ready(anna);
  const std::string key = Newest(anna);
  const auto preview = Forget(anna, fmt::format(R"("preview":true,"records":["{}"])", key));
  EXPECT_EQ(preview.status, 200) << preview.body;
  EXPECT_TRUE(preview.body.contains(R"("state":"preview","forgotten":{"records":{"post":1})"))
      << preview.body;
  EXPECT_EQ(Newest(anna), key);
  EXPECT_EQ(Visitor::Member(anna.Call("GET", "/api/v1/requests/" + id).body, "state"), "ready");
}

TEST_F(ForgetTest, AMediumGoesWithTheDownloadThatHoldsIt) {
  Visitor anna = Anna();
  const std::string id = Ready(anna);
  const std::string url = Link(anna, id);
  const auto preview = Forget(anna, fmt::format(R"("preview":true,"media":["{}"])", big_.Hex()));
  EXPECT_TRUE(preview.body.contains("\"cancelled_requests\":[\"" + id)) << preview.body;
  const auto gone = Forget(anna, fmt::format(R"({}"media":["{}"])", kPassword, big_.Hex()));
  EXPECT_EQ(gone.status, 200) << gone.body;
  EXPECT_EQ(Visitor::Member(gone.body, "state"), "done");
  EXPECT_TRUE(gone.body.contains("\"media\":1,\"media_bytes\":30000000")) << gone.body;
  EXPECT_TRUE(gone.body.contains("\"cancelled_requests\":[\"" + id)) << gone.body;
  EXPECT_EQ(anna.Call("GET", Path("/media/" + big_.Hex())).status, 404);
  Visitor anyone(app_->port());
  EXPECT_EQ(anyone.Call("GET", url).status, 410);
  const auto request = anna.Call("GET", "/api/v1/requests/" + id);
  EXPECT_EQ(Visitor::Member(request.body, "state"), "cancelled");
  EXPECT_TRUE(request.body.contains("\"reason\":\"erased\"")) << request.body;
  EXPECT_TRUE(request.body.contains("\"error\":null"));
}

TEST_F(ForgetTest, OneClickAsksForTheSameOnce) {
  Visitor anna = Anna();
  const std::string id = Ready(anna);
  const std::string again = "/api/v1/requests/" + id + "/again";
  EXPECT_EQ(anna.Call("POST", again).status, 403) << "it was not cancelled";
  Forget(anna, fmt::format(R"({}"media":["{}"])", kPassword, big_.Hex()));
  const auto asked = anna.Call("POST", again);
  EXPECT_EQ(asked.status, 201) << asked.body;
  EXPECT_TRUE(asked.body.contains("someone@example.test"));
  AwaitReady(anna, Visitor::Member(asked.body, "id"));
  const auto twice = anna.Call("POST", again);
  EXPECT_EQ(twice.status, 403) << twice.body;
  EXPECT_EQ(Visitor::Member(twice.body, "reason"), "confirm_first");
  Visitor ben(app_->port());
  ben.SignIn("ben");
  EXPECT_EQ(ben.Call("POST", again).status, 404);
}

TEST_F(ForgetTest, ADownloadThatRunsIsCut) {
  Visitor anna = Anna();
  const std::string id = Ready(anna);
  const std::string url = Link(anna, id);
  http::TestClient slow(app_->port(), 64 * 1024);
  slow.Send("GET " + url + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
  std::this_thread::sleep_for(std::chrono::milliseconds{20});
  const auto gone = Forget(anna, fmt::format(R"({}"media":["{}"])", kPassword, big_.Hex()));
  EXPECT_EQ(gone.status, 200) << gone.body;
  const auto cut = slow.Read();
  EXPECT_EQ(cut.status, 200);
  EXPECT_FALSE(cut.complete) << "what was on its way, and then nothing";
}

TEST_F(ForgetTest, OnlyItsOwnerAndOnlyConfirmed) {
  Visitor anna = Anna();
  const std::string what = fmt::format(R"("records":["{}"])", Newest(anna));
  EXPECT_EQ(Visitor::Member(Forget(anna, what).body, "reason"), "confirm_first");
  EXPECT_EQ(Forget(anna, R"("password":"wrong",)" + what).status, 403);
  Visitor ben(app_->port());
  ben.SignIn("ben");
  EXPECT_EQ(Forget(ben, std::string(kPassword) + what).status, 404);
  EXPECT_EQ(Forget(ben, R"("preview":true,)" + what).status, 404);
  Visitor nobody(app_->port());
  EXPECT_EQ(Forget(nobody, what).status, 401);
}

TEST_F(ForgetTest, WhatIsNoNameIsRefused) {
  Visitor anna = Anna();
  for (const char* what : {R"("records":["x"])", R"("records":"x")", R"("media":[1])",
                           R"("other":[])", R"("records":[])", R"("preview":1,"records":["x"])"}) {
    EXPECT_EQ(Forget(anna, what).status, 400) << what;
  }
}

}  // namespace
}  // namespace valise::web
