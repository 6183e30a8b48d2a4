#include "auth/services.h"

#include <gtest/gtest.h>

#include "base/digest.h"

namespace valise::auth {
namespace {

constexpr std::string_view kKey = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";  // RFC 8032 §7.1
constexpr std::string_view kUrl = "https://host.example";

class ServicesTest : public testing::Test {
 protected:
  void SetUp() override { services_ = *Services::Open({*database_, clock_, random_}); }
  Service AddHost() { return *services_->Add("host", kUrl, kKey); }
  std::string Token(const Service& service, std::string_view scopes) {
    return services_->NewToken(service.id, *ParseScopes(scopes))->Reveal();
  }
  ErrorCode CodeOf(std::string_view token, Scope scope) {
    return services_->CheckToken(token, scope).error().code;
  }
  ManualClock clock_{FromSeconds(1'700'000'000)};
  SystemRandom random_;
  std::unique_ptr<sql::Database> database_ = *sql::OpenSqliteInMemory();
  std::unique_ptr<Services> services_;
};

TEST_F(ServicesTest, AddedServicesAreFound) {
  const Service host = AddHost();
  EXPECT_EQ(host.id.size(), 16u);
  EXPECT_EQ(host.created, clock_.Now());
  EXPECT_EQ(*services_->Get(host.id), host);
  EXPECT_EQ(*services_->FindByName("host"), host);
  EXPECT_EQ(services_->Add("host", kUrl, "").error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(services_->FindByName("other").error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(services_->Add("album", "http://[::1]:8470/", "").has_value());
  const auto all = *services_->List();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].name, "album");
  EXPECT_EQ(all[0].url, "http://[::1]:8470");
}

TEST_F(ServicesTest, BadNamesAddressesAndKeysAreRefused) {
  for (const std::string& name : {std::string(), std::string("Host"), std::string("a/b"),
                                  std::string(kMaxServiceName + 1, 'a')}) {
    EXPECT_EQ(services_->Add(name, kUrl, "").error().code, ErrorCode::kInvalidArgument) << name;
  }
  for (const std::string& url :
       {std::string("host.example"), std::string("javascript:alert(1)"), std::string("https://"),
        std::string("https://a b"), "https://" + std::string(kMaxServiceUrl, 'a')}) {
    EXPECT_EQ(services_->Add("host", url, "").error().code, ErrorCode::kInvalidArgument) << url;
  }
  EXPECT_EQ(services_->Add("host", kUrl, "AAAA").error().code, ErrorCode::kInvalidArgument);
}

TEST_F(ServicesTest, KeysAreReadAsBase64AndAsPem) {
  constexpr std::string_view kPem =
      "-----BEGIN PUBLIC KEY-----\n"
      "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
      "-----END PUBLIC KEY-----\n";
  EXPECT_EQ(*ParsePublicKey(kPem), kKey);
  EXPECT_EQ(*ParsePublicKey(std::string(kKey) + "\n"), kKey);
  for (const std::string_view wrong : {"", "AAAA", "-----BEGIN PUBLIC KEY-----", "*"}) {
    EXPECT_EQ(ParsePublicKey(wrong).error().code, ErrorCode::kInvalidArgument) << wrong;
  }
}

TEST_F(ServicesTest, TheKeyCanBeChanged) {
  const Service host = *services_->Add("host", kUrl, "");
  ASSERT_TRUE(services_->SetKey(host.id, kKey).has_value());
  EXPECT_EQ(services_->Get(host.id)->public_key, kKey);
  EXPECT_EQ(services_->SetKey(host.id, "x").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(services_->SetKey("nobody", kKey).error().code, ErrorCode::kNotFound);
}

TEST_F(ServicesTest, OnlyTheHashOfATokenIsKept) {
  const Service host = AddHost();
  const std::string token = Token(host, "ingest");
  EXPECT_TRUE(token.starts_with("vs_"));
  EXPECT_EQ(token.size(), 3u + 43u);
  const auto rows = *database_->Query("SELECT token_sha256 FROM service_token");
  EXPECT_EQ(rows[0].Text(0), Sha256(token).Hex());
  EXPECT_EQ(*services_->CheckToken(token, Scope::kIngest), host);
}

TEST_F(ServicesTest, WrongForeignAndRevokedTokensAreRefused) {
  const Service host = AddHost();
  const Service other = *services_->Add("other", kUrl, "");
  const std::string token = Token(host, "ingest,read"), foreign = Token(other, "read");
  EXPECT_EQ(CodeOf("", Scope::kIngest), ErrorCode::kUnauthenticated);
  EXPECT_EQ(CodeOf(token + "x", Scope::kIngest), ErrorCode::kUnauthenticated);
  EXPECT_EQ(CodeOf("vs_" + std::string(200, 'x'), Scope::kIngest), ErrorCode::kUnauthenticated);
  EXPECT_EQ(services_->CheckToken(foreign, Scope::kRead)->id, other.id);
  EXPECT_EQ(*services_->CountTokens(host.id), 1);
  EXPECT_EQ(*services_->RevokeTokens(host.id), 1);
  EXPECT_EQ(CodeOf(token, Scope::kRead), ErrorCode::kUnauthenticated);
  EXPECT_TRUE(services_->CheckToken(foreign, Scope::kRead).has_value());
}

TEST_F(ServicesTest, ATokenDoesOnlyWhatItsScopesSay) {
  const Service host = AddHost();
  const std::string reader = Token(host, "read");
  EXPECT_TRUE(services_->CheckToken(reader, Scope::kRead).has_value());
  EXPECT_EQ(CodeOf(reader, Scope::kIngest), ErrorCode::kPermissionDenied);
  EXPECT_EQ(ScopesText(*ParseScopes("read,ingest")), "ingest,read");
  for (const std::string_view wrong : {"", "all", ",read", "read,,ingest"}) {
    EXPECT_FALSE(ParseScopes(wrong).has_value()) << wrong;
  }
  EXPECT_EQ(services_->NewToken(host.id, 0).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(services_->NewToken("nobody", 1).error().code, ErrorCode::kNotFound);
}

TEST_F(ServicesTest, LinksBelongToOneService) {
  const Service host = AddHost();
  const Service other = *services_->Add("other", kUrl, "");
  const ServiceAccount x1{.external_id = "x1", .account_id = "a1", .user_id = "u1"};
  ASSERT_TRUE(services_->Link(host.id, x1).has_value());
  EXPECT_EQ(**services_->FindAccount(host.id, "x1"), x1);
  EXPECT_EQ(*services_->FindAccount(other.id, "x1"), std::nullopt);
  EXPECT_EQ(services_->Link(other.id, x1).error().code, ErrorCode::kAlreadyExists);
  EXPECT_EQ(services_->Link(host.id, {.external_id = "a/b", .account_id = "a2", .user_id = "u"})
                .error()
                .code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ((*services_->OriginOf("a1"))->service, host);
  EXPECT_EQ((*services_->OriginOf("a1"))->external_id, "x1");
  EXPECT_FALSE(services_->OriginOf("a2")->has_value());
  EXPECT_EQ(services_->AccountsOf(host.id)->size(), 1u);
  EXPECT_EQ(*services_->CountAccounts(host.id), 1);
  ASSERT_TRUE(services_->Unlink(host.id, "x1").has_value());
  EXPECT_EQ(*services_->FindAccount(host.id, "x1"), std::nullopt);
}

TEST_F(ServicesTest, CursorsAreKeptByStream) {
  const Service host = AddHost();
  using Place = Services::Place;
  EXPECT_EQ(*services_->StreamPlace(host.id, "main"), Place{});
  ASSERT_TRUE(services_->SetStreamPlace(host.id, "main", {.cursor = {}, .refused = "[1]"}));
  EXPECT_EQ(*services_->StreamPlace(host.id, "main"), (Place{.cursor = {}, .refused = "[1]"}));
  ASSERT_TRUE(services_->SetStreamPlace(host.id, "main", {.cursor = "42", .refused = {}}));
  ASSERT_TRUE(services_->SetStreamPlace(host.id, "old", {.cursor = "7", .refused = {}}));
  EXPECT_EQ(services_->StreamPlace(host.id, "main")->cursor, "42");
  EXPECT_EQ(services_->StreamPlace(host.id, "old")->cursor, "7");
  EXPECT_EQ(services_->SetStreamPlace(host.id, "", {}).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(services_
                ->SetStreamPlace(host.id, "main",
                                 {.cursor = std::string(kMaxCursor + 1, 'x'), .refused = {}})
                .error()
                .code,
            ErrorCode::kInvalidArgument);
}

TEST_F(ServicesTest, RemovedWithAllThatIsTheirs) {
  const Service host = AddHost();
  const std::string token = Token(host, "ingest");
  ASSERT_TRUE(services_->Link(host.id, {.external_id = "x1", .account_id = "a1", .user_id = "u1"}));
  ASSERT_TRUE(services_->SetStreamPlace(host.id, "main", {.cursor = "41", .refused = {}}));
  ASSERT_TRUE(services_->Remove(host.id).has_value());
  EXPECT_EQ(services_->Get(host.id).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(CodeOf(token, Scope::kIngest), ErrorCode::kUnauthenticated);
  EXPECT_FALSE(services_->OriginOf("a1")->has_value());
  EXPECT_EQ(*services_->StreamPlace(host.id, "main"), Services::Place{});
  EXPECT_EQ(services_->Remove(host.id).error().code, ErrorCode::kNotFound);
}

TEST(ExternalId, HasNoSlashSpaceOrControl) {
  for (const std::string_view good : {"x1", "42", "did:plc:abc", "anna@host", "é"}) {
    EXPECT_TRUE(IsExternalId(good)) << good;
  }
  for (const std::string& bad :
       {std::string(), std::string("a/b"), std::string("a b"), std::string("a\n"),
        std::string(".."), std::string("\xff"), std::string(kMaxExternalId + 1, 'x')}) {
    EXPECT_FALSE(IsExternalId(bad)) << bad;
  }
}

}  // namespace
}  // namespace valise::auth
