#include "auth/hand_off.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "auth/sessions.h"
#include "auth/test_service.h"

namespace valise::auth {
namespace {

class HandOffTest : public testing::Test {
 protected:
  void SetUp() override {
    const Users::Ports ports{*database_, clock_, random_};
    users_ = *Users::Open(ports, {.operations = 1, .memory = 8192});
    services_ = *Services::Open(ports);
    hand_offs_ = *HandOffs::Open(ports, *services_, "http://valise.test");
    const Service added = *services_->Add("host", "http://host.test", host_.public_key());
    ASSERT_TRUE(services_->Link(added.id, kAnna).has_value());
  }
  TestService::Claims Claims(std::string jti = "0123456789abcdef") const {
    return {.jti = std::move(jti), .iat = clock_.Now()};
  }
  bool Accepts(const TestService::Claims& claims) {
    return hand_offs_->Accept(host_.Token(claims)).has_value();
  }

  const ServiceAccount kAnna{.external_id = "x1", .account_id = "a1", .user_id = "u1"};
  ManualClock clock_{FromSeconds(1'720'000'000)};
  SystemRandom random_;
  TestService host_;
  std::unique_ptr<sql::Database> database_ = *sql::OpenSqliteInMemory();
  std::unique_ptr<Users> users_;
  std::unique_ptr<Services> services_;
  std::unique_ptr<HandOffs> hand_offs_;
};

TEST_F(HandOffTest, AGoodTokenSaysWhoComes) {
  TestService::Claims claims = Claims();
  claims.next = "/accounts/a1/request-download";
  const auto accepted = hand_offs_->Accept(host_.Token(claims));
  ASSERT_TRUE(accepted.has_value()) << accepted.error().message;
  EXPECT_EQ(accepted->account, kAnna);
  EXPECT_EQ(accepted->service.name, "host");
  EXPECT_EQ(accepted->next, claims.next);
}

TEST_F(HandOffTest, WorksOnceAlsoAfterARestart) {
  const std::string token = host_.Token(Claims());
  ASSERT_TRUE(hand_offs_->Accept(token).has_value());
  const auto again = hand_offs_->Accept(token);
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().code, ErrorCode::kUnauthenticated);
  hand_offs_ = *HandOffs::Open({*database_, clock_, random_}, *services_, "http://valise.test");
  EXPECT_FALSE(hand_offs_->Accept(token).has_value());
  EXPECT_TRUE(Accepts(Claims("another-id-of-it")));
}

TEST_F(HandOffTest, OfManyAtOnceOneIsFirst) {
  const std::string token = host_.Token(Claims());
  std::atomic<int> accepted = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { accepted += hand_offs_->Accept(token).has_value() ? 1 : 0; });
  }
  threads.clear();
  EXPECT_EQ(accepted, 1);
}

TEST_F(HandOffTest, WhatIsWrongIsRefusedAndUsesNothingUp) {
  const auto with = [&](auto change) {
    TestService::Claims claims = Claims();
    change(claims);
    return Accepts(claims);
  };
  EXPECT_FALSE(with([](auto& c) { c.iss = "nobody"; }));
  EXPECT_FALSE(with([](auto& c) { c.sub = "x2"; }));
  EXPECT_FALSE(with([](auto& c) { c.aud = "http://other.test"; }));
  EXPECT_FALSE(with([](auto& c) { c.aud = "http://valise.test/"; }));
  EXPECT_FALSE(with([](auto& c) { c.iat -= std::chrono::seconds{120}; }));
  EXPECT_FALSE(with([](auto& c) { c.iat += std::chrono::seconds{120}; }));
  EXPECT_FALSE(with([](auto& c) { c.life_s = 3600; }));
  const TestService stranger;
  EXPECT_FALSE(hand_offs_->Accept(stranger.Token(Claims())).has_value());
  EXPECT_FALSE(hand_offs_->Accept("").has_value());
  EXPECT_TRUE(database_->Query("SELECT 1 FROM hand_off_used")->empty());
  EXPECT_TRUE(Accepts(Claims()));
}

TEST_F(HandOffTest, AServiceReachesOnlyItsOwnMembers) {
  const TestService other;
  ASSERT_TRUE(services_->Add("other", "http://other.test", other.public_key()).has_value());
  TestService::Claims claims = Claims();
  claims.iss = "other";
  EXPECT_FALSE(hand_offs_->Accept(other.Token(claims)).has_value());
  claims.iss = "host";
  EXPECT_FALSE(hand_offs_->Accept(other.Token(claims)).has_value());
}

TEST_F(HandOffTest, AServiceWithoutAKeyHandsNobodyOver) {
  ASSERT_TRUE(services_->SetKey(services_->FindByName("host")->id, "").has_value());
  EXPECT_FALSE(Accepts(Claims()));
}

TEST_F(HandOffTest, UsedTokensAreForgottenOnceTheyHaveEnded) {
  const std::string token = host_.Token(Claims());
  ASSERT_TRUE(hand_offs_->Accept(token).has_value());
  clock_.Advance(std::chrono::seconds{89});
  ASSERT_TRUE(hand_offs_->Sweep().has_value());
  EXPECT_FALSE(hand_offs_->Accept(token).has_value());
  clock_.Advance(std::chrono::seconds{1});
  ASSERT_TRUE(hand_offs_->Sweep().has_value());
  EXPECT_TRUE(database_->Query("SELECT 1 FROM hand_off_used")->empty());
  EXPECT_FALSE(hand_offs_->Accept(token).has_value());
}

TEST_F(HandOffTest, SessionsRememberWhoHandedOver) {
  Sessions sessions({*database_, clock_, random_});
  const std::string plain = *sessions.Begin("u1");
  const std::string handed = *sessions.Begin("u1", "s1");
  EXPECT_EQ(*sessions.HandedOver(plain), std::nullopt);
  const auto by = *sessions.HandedOver(handed);
  ASSERT_TRUE(by.has_value());
  EXPECT_EQ(by->service_id, "s1");
  EXPECT_EQ(by->time, clock_.Now());
}

}  // namespace
}  // namespace valise::auth
