#include <gtest/gtest.h>

#include "auth/sessions.h"
#include "auth/sign_in.h"
#include "auth/users.h"
#include "base/digest.h"

namespace valise::auth {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr PasswordCost kCheap{.operations = 1, .memory = 8192};
Secret<std::string> Password(std::string text) { return Secret<std::string>(std::move(text)); }

class AuthTest : public testing::Test {
 protected:
  void SetUp() override {
    database_ = *sql::OpenSqliteInMemory();
    users_ = *Users::Open({*database_, clock_, random_}, kCheap);
    sessions_ = std::make_unique<Sessions>(Users::Ports{*database_, clock_, random_});
    sign_in_ = std::make_unique<SignIn>(*users_, *sessions_, clock_);
  }
  User AddAnna() {
    return *users_->Add(
        {.name = "Anna", .password = Password("correct horse"), .is_operator = true});
  }
  ManualClock clock_{FromSeconds(1'700'000'000)};
  SystemRandom random_;
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<Users> users_;
  std::unique_ptr<Sessions> sessions_;
  std::unique_ptr<SignIn> sign_in_;
};

TEST_F(AuthTest, AddedUsersAreFoundWithoutRegardToCase) {
  const User anna = AddAnna();
  EXPECT_EQ(*users_->Get(anna.id), anna);
  EXPECT_EQ(*users_->FindByName("ANNA"), anna);
  EXPECT_EQ(users_->Add({.name = "anna", .password = Password("another one")}).error().code,
            ErrorCode::kAlreadyExists);
  EXPECT_EQ(users_->List()->size(), 1u);
  EXPECT_EQ(users_->Get("nobody").error().code, ErrorCode::kNotFound);
}

TEST_F(AuthTest, BadNamesPasswordsAndLanguagesAreRefused) {
  for (const auto& name : {std::string(), std::string("a b"), std::string("a\nb"),
                           std::string(kMaxName + 1, 'a'), std::string("\xff")}) {
    EXPECT_EQ(users_->Add({.name = name, .password = Password("long enough")}).error().code,
              ErrorCode::kInvalidArgument);
  }
  EXPECT_FALSE(users_->Add({.name = "a", .password = Password("short")}).has_value());
  EXPECT_FALSE(users_->Add({.name = "a", .password = Password(std::string(kMaxPassword + 1, 'x'))})
                   .has_value());
  EXPECT_FALSE(users_->Add({.name = "a", .password = Password("long enough"), .language = "de"})
                   .has_value());
}

TEST_F(AuthTest, PasswordsAreNotKeptAsTheyAre) {
  AddAnna();
  const auto rows = *database_->Query("SELECT password FROM auth_user");
  EXPECT_TRUE(rows[0].Text(0).starts_with("$argon2id$"));
}

TEST_F(AuthTest, ANewPasswordEndsAllSessions) {
  const User anna = AddAnna();
  const auto entered = sign_in_->Enter("anna", Password("correct horse"), "::1");
  ASSERT_TRUE(entered.has_value());
  ASSERT_TRUE(users_->SetPassword(anna.id, Password("battery staple")).has_value());
  EXPECT_EQ(*sessions_->Find(entered->token), std::nullopt);
  EXPECT_FALSE(users_->CheckPassword("anna", Password("correct horse")).has_value());
  EXPECT_TRUE(users_->CheckPassword("anna", Password("battery staple")).has_value());
}

TEST_F(AuthTest, LanguageAndOperatorCanBeChanged) {
  const User anna = AddAnna();
  ASSERT_TRUE(users_->SetLanguage(anna.id, "fr").has_value());
  ASSERT_TRUE(users_->SetOperator(anna.id, false).has_value());
  ASSERT_TRUE(users_->SetAddress(anna.id, "anna@example.test").has_value());
  EXPECT_EQ(users_->Get(anna.id)->language, "fr");
  EXPECT_FALSE(users_->Get(anna.id)->is_operator);
  EXPECT_EQ(users_->Get(anna.id)->address, "anna@example.test");
  EXPECT_EQ(users_->SetLanguage("nobody", "fr").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(users_->SetLanguage(anna.id, "x").error().code, ErrorCode::kInvalidArgument);
}

TEST_F(AuthTest, NoPasswordIsRightForAUserWithoutOne) {
  const User member = *users_->AddWithoutPassword({.name = "bea@host", .address = "b@host.test"});
  EXPECT_FALSE(member.has_password);
  EXPECT_EQ(*users_->Get(member.id), member);
  EXPECT_FALSE(users_->CheckPassword("bea@host", Password("")).has_value());
  ASSERT_TRUE(users_->SetPassword(member.id, Password("correct horse")).has_value());
  EXPECT_TRUE(users_->CheckPassword("bea@host", Password("correct horse"))->has_password);
}

TEST_F(AuthTest, UsersAreRenamedAndRemoved) {
  const User anna = AddAnna();
  const User bea = *users_->AddWithoutPassword({.name = "bea@host"});
  EXPECT_EQ(users_->Rename(bea.id, "ANNA").error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(users_->Rename(bea.id, "a b").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(users_->Rename("nobody", "x").error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(users_->Rename(bea.id, "Beatrix@host").has_value());
  EXPECT_EQ(users_->FindByName("beatrix@HOST")->id, bea.id);
  const std::string token = *sessions_->Begin(bea.id);
  ASSERT_TRUE(users_->Remove(bea.id).has_value());
  EXPECT_EQ(*sessions_->Find(token), std::nullopt);
  EXPECT_FALSE(users_->Get(bea.id).has_value());
  EXPECT_TRUE(users_->Get(anna.id).has_value());
}

TEST_F(AuthTest, OnlyTheHashOfASessionIsKept) {
  const std::string token = *sessions_->Begin("u1");
  EXPECT_EQ(token.size(), 43u);
  const auto rows = *database_->Query("SELECT token_sha256 FROM auth_session");
  EXPECT_EQ(rows[0].Text(0), Sha256(token).Hex());
  EXPECT_EQ(*sessions_->Find(token), "u1");
  EXPECT_EQ(*sessions_->Find(token + "x"), std::nullopt);
  EXPECT_EQ(*sessions_->Find(""), std::nullopt);
  ASSERT_TRUE(sessions_->End(token).has_value());
  EXPECT_EQ(*sessions_->Find(token), std::nullopt);
}

TEST_F(AuthTest, SessionsEndWhenIdleAndAtTheLatestAfterSixtyDays) {
  const std::string idle = *sessions_->Begin("u1");
  const std::string used = *sessions_->Begin("u1");
  for (int day = 0; day < 59; ++day) {
    clock_.Advance(hours{24});
    EXPECT_EQ(*sessions_->Find(used), "u1") << day;
  }
  EXPECT_EQ(*sessions_->Find(idle), std::nullopt);
  clock_.Advance(hours{24});
  EXPECT_EQ(*sessions_->Find(used), std::nullopt);
}

TEST_F(AuthTest, SweepDeletesWhatHasExpired) {
  static_cast<void>(sessions_->Begin("u1"));
  clock_.Advance(hours{24 * 15});
  static_cast<void>(sessions_->Begin("u1"));
  ASSERT_TRUE(sessions_->Sweep().has_value());
  EXPECT_EQ(database_->Query("SELECT 1 FROM auth_session")->size(), 1u);
}

TEST_F(AuthTest, CsrfTokensBelongToTheirSession) {
  EXPECT_TRUE(Sessions::CsrfMatches("a", Sessions::CsrfToken("a")));
  EXPECT_FALSE(Sessions::CsrfMatches("b", Sessions::CsrfToken("a")));
  EXPECT_FALSE(Sessions::CsrfMatches("a", ""));
}

TEST_F(AuthTest, WrongPasswordsAreSlowedDownByName) {
  AddAnna();
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(sign_in_->Enter("anna", Password("wrong"), "::1").error().code,
              ErrorCode::kUnauthenticated);
  }
  EXPECT_EQ(sign_in_->Enter("anna", Password("correct horse"), "::2").error().code,
            ErrorCode::kRateLimited);
  EXPECT_EQ(sign_in_->Wait("anna", "::2"), 10);
  clock_.Advance(seconds{10});
  EXPECT_TRUE(sign_in_->Enter("anna", Password("correct horse"), "::2").has_value());
  EXPECT_EQ(sign_in_->Wait("anna", "::2"), 0);
}

TEST_F(AuthTest, WrongNamesAreSlowedDownByAddress) {
  for (int i = 0; i < 20; ++i) {
    static_cast<void>(sign_in_->Enter("name" + std::to_string(i), Password("wrong"), "::1"));
  }
  EXPECT_GT(sign_in_->Wait("other", "::1"), 0);
  EXPECT_EQ(sign_in_->Wait("other", "::2"), 0);
}

TEST(TryLimiter, WaitsDoubleUpToTheLongestAndAreForgotten) {
  ManualClock clock(FromSeconds(0));
  TryLimiter limiter(clock,
                     {.free_tries = 1, .first_wait = seconds{1}, .longest_wait = seconds{5}});
  for (const int wait : {1, 2, 4, 5, 5}) {
    limiter.Failed("k");
    EXPECT_EQ(limiter.Wait("k"), seconds{wait});
    clock.Advance(seconds{wait});
  }
  clock.Advance(hours{2});
  limiter.Failed("k");
  EXPECT_EQ(limiter.Wait("k"), seconds{1});
}

TEST(TryLimiter, MemoryIsBounded) {
  ManualClock clock(FromSeconds(0));
  TryLimiter limiter(clock, {.free_tries = 1, .max_keys = 10});
  for (int i = 0; i < 1000; ++i) limiter.Failed(std::to_string(i));
  limiter.Failed("last");
  EXPECT_GT(limiter.Wait("last"), seconds{0});
}

}  // namespace
}  // namespace valise::auth
