#include <gtest/gtest.h>

#include "auth/services.h"
#include "auth/test_service.h"
#include "web/test_site.h"

namespace valise::web {
namespace {

// Anna's account came from the service `host`, which can hand her over.
class HandOffApiTest : public AppTest {
 protected:
  void SetUp() override {
    AppTest::SetUp();
    services_ = *auth::Services::Open({*database_, clock_, random_});
    const auth::Service host = *services_->Add("host", "http://host.test", host_.public_key());
    anna_id_ = database_->Query("SELECT id FROM auth_user WHERE name = 'anna'")->at(0).Text(0);
    ASSERT_TRUE(services_->Link(host.id, {"x1", account_, anna_id_}).has_value());
  }
  std::string Token(std::string next = "") {
    return host_.Token({.jti = random_.Token(), .iat = clock_.Now(), .next = std::move(next)});
  }
  http::TestAnswer Go(Visitor& visitor, std::string_view token) {
    return visitor.Call("GET", fmt::format("/hand-off?token={}", token), "",
                        "Accept: text/html\r\n");
  }
  Visitor HandedOver(std::string next = "") {
    Visitor visitor(app_->port());
    EXPECT_EQ(Go(visitor, Token(std::move(next))).status, 303);
    visitor.Call("GET", "/api/v1/session");
    return visitor;
  }
  http::TestAnswer Ask(Visitor& visitor, std::string_view more = "") {
    return visitor.Call(
        "POST", Path("/requests"),
        fmt::format(R"({{"address":"someone@example.test","language":"fr"{}}})", more));
  }

  auth::TestService host_;
  std::unique_ptr<auth::Services> services_;
  std::string anna_id_;
};

TEST_F(HandOffApiTest, SignsInAndGoesWhereTheServiceSays) {
  Visitor visitor(app_->port());
  const auto answer = Go(visitor, Token("/accounts/a/request-download"));
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(answer.headers.Get("Location"), "/accounts/a/request-download");
  EXPECT_EQ(answer.headers.Get("Cache-Control"), "no-store");
  EXPECT_EQ(answer.headers.Get("Referrer-Policy"), "no-referrer");
  EXPECT_TRUE(answer.headers.Get("Set-Cookie").contains("HttpOnly; SameSite=Lax"));
  EXPECT_EQ(Visitor::Member(visitor.Call("GET", "/api/v1/session").body, "name"), "anna");
}

TEST_F(HandOffApiTest, WithoutNextItGoesToTheAccount) {
  for (const std::string next : {"", "//evil.test/", "https://evil.test/"}) {
    Visitor visitor(app_->port());
    EXPECT_EQ(Go(visitor, Token(next)).headers.Get("Location"), "/accounts/" + account_) << next;
  }
}

TEST_F(HandOffApiTest, AServiceNeedNotKnowOurIds) {
  Visitor visitor(app_->port());
  EXPECT_EQ(Go(visitor, Token("/request-download")).headers.Get("Location"),
            Path("/request-download").substr(std::string_view("/api/v1").size()));
}

TEST_F(HandOffApiTest, ATokenWorksOnceAndALookDoesNotUseItUp) {
  const std::string token = Token();
  Visitor visitor(app_->port());
  EXPECT_EQ(visitor.Call("HEAD", "/hand-off?token=" + token).status, 204);
  EXPECT_EQ(Go(visitor, token).status, 303);
  Visitor thief(app_->port());
  const auto again = Go(thief, token);
  EXPECT_EQ(again.status, 403);
  EXPECT_EQ(again.headers.Find("Set-Cookie"), std::nullopt);
}

TEST_F(HandOffApiTest, EveryBadTokenGetsTheSamePage) {
  const auto signed_with = [&](auto change) {
    auth::TestService::Claims claims{.jti = random_.Token(), .iat = clock_.Now()};
    change(claims);
    return host_.Token(claims);
  };
  Visitor visitor(app_->port());
  const std::string page = Go(visitor, "").body;
  EXPECT_TRUE(page.contains("<html"));
  std::string altered = Token();
  altered[altered.size() / 2] = altered[altered.size() / 2] == 'A' ? 'B' : 'A';
  for (const std::string& token :
       {altered, std::string("eyJhbGciOiJub25lIn0.e30."),
        signed_with([](auto& c) { c.aud = "http://other.test"; }),
        signed_with([](auto& c) { c.iss = "nobody"; }), signed_with([](auto& c) { c.sub = "x2"; }),
        signed_with([](auto& c) { c.iat -= std::chrono::minutes{5}; }),
        signed_with([](auto& c) { c.iat += std::chrono::minutes{5}; }), std::string(5000, 'a')}) {
    const auto answer = Go(visitor, token);
    EXPECT_EQ(answer.status, 403) << token;
    EXPECT_EQ(answer.body, page) << token;
    EXPECT_EQ(answer.headers.Find("Set-Cookie"), std::nullopt) << token;
    EXPECT_FALSE(answer.headers.Get("Content-Security-Policy").contains("unsafe")) << token;
  }
}

TEST_F(HandOffApiTest, AFreshOneStandsForThePasswordForFiveMinutes) {
  Visitor anna = HandedOver();
  EXPECT_EQ(Visitor::Member(anna.Call("GET", "/api/v1/session").body, "confirmed_until"),
            FormatTime(clock_.Now() + std::chrono::minutes{5}));
  clock_.Advance(std::chrono::minutes{5} - std::chrono::seconds{1});
  EXPECT_EQ(Ask(anna).status, 201);
  clock_.Advance(std::chrono::seconds{1});
  const auto late = Ask(anna);
  EXPECT_EQ(late.status, 403);
  EXPECT_EQ(Visitor::Member(late.body, "reason"), "confirm_first");
  EXPECT_TRUE(anna.Call("GET", "/api/v1/session").body.contains(R"("confirmed_until":null)"));
}

TEST_F(HandOffApiTest, WherePasswordAndServiceAreBothWork) {
  Visitor anna = Anna();
  EXPECT_EQ(Visitor::Member(Ask(anna).body, "reason"), "confirm_first");
  EXPECT_EQ(Visitor::Member(Ask(anna, R"(,"password":"wrong")").body, "reason"), "wrong_password");
  EXPECT_EQ(Ask(anna, R"(,"password":"correct horse")").status, 201);
  const std::string token = Token();
  const auto asked = Ask(anna, fmt::format(R"(,"hand_off":"{}")", token));
  EXPECT_NE(asked.status, 403) << asked.body;
  const auto again = Ask(anna, fmt::format(R"(,"hand_off":"{}")", token));
  EXPECT_EQ(Visitor::Member(again.body, "reason"), "wrong_hand_off");
}

TEST_F(HandOffApiTest, ThePageLearnsHowOneConfirms) {
  Visitor anna = Anna();
  std::string session = anna.Call("GET", "/api/v1/session").body;
  EXPECT_EQ(Visitor::Member(session, "confirm"), "password");
  EXPECT_EQ(Visitor::Member(session, "hand_off_url"), "http://host.test/hand-off");
  EXPECT_EQ(Visitor::Member(session, "service_name"), "host");
  ASSERT_TRUE(
      database_->Execute("UPDATE auth_user SET password = '' WHERE name = 'anna'").has_value());
  session = anna.Call("GET", "/api/v1/session").body;
  EXPECT_EQ(Visitor::Member(session, "confirm"), "hand_off");
  EXPECT_EQ(Visitor::Member(Ask(anna, R"(,"password":"")").body, "reason"), "wrong_password");
}

TEST_F(HandOffApiTest, AServiceDoesNotConfirmAccountsOfAnother) {
  const auth::TestService other;
  const auth::Service service = *services_->Add("other", "http://other.test", other.public_key());
  const std::string second = accounts_
                                 ->Create({.id = "00000000000000bb",
                                           .service = "other",
                                           .username = "ann.other",
                                           .owner = anna_id_,
                                           .created = clock_.Now()})
                                 ->id;
  ASSERT_TRUE(services_->Link(service.id, {"y1", second, anna_id_}).has_value());
  Visitor anna(app_->port());
  ASSERT_EQ(Go(anna, other.Token({.iss = "other", .sub = "y1", .iat = clock_.Now()})).status, 303);
  anna.Call("GET", "/api/v1/session");
  EXPECT_EQ(Visitor::Member(Ask(anna).body, "reason"), "confirm_first");
  const std::string token = other.Token(
      {.iss = "other", .sub = "y1", .jti = "yet-another-id-of-it", .iat = clock_.Now()});
  EXPECT_EQ(Visitor::Member(Ask(anna, fmt::format(R"(,"hand_off":"{}")", token)).body, "reason"),
            "wrong_hand_off");
}

TEST_F(HandOffApiTest, OfNoServiceTheOneThatBroughtTheOwnerVouches) {
  const auth::Service host = *services_->FindByName("host");
  Visitor anna = HandedOver();
  ASSERT_TRUE(services_->Unlink(host.id, "x1").has_value());
  EXPECT_EQ(Ask(anna).status, 201);
  ASSERT_TRUE(services_->Remove(host.id).has_value());
  EXPECT_EQ(Visitor::Member(Ask(anna).body, "reason"), "confirm_first");
}

TEST_F(HandOffApiTest, ComingOverEndsTheSessionThatWasThere) {
  Visitor ben(app_->port());
  ASSERT_EQ(ben.SignIn("ben").status, 200);
  const std::string old = ben.cookie;
  ASSERT_EQ(Go(ben, Token()).status, 303);
  EXPECT_NE(ben.cookie, old);
  Visitor again(app_->port());
  again.cookie = old;
  EXPECT_TRUE(again.Call("GET", "/api/v1/session").body.contains(R"("user":null)"));
}

}  // namespace
}  // namespace valise::web
