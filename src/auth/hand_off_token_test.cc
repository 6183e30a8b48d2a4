#include "auth/hand_off_token.h"

#include <gtest/gtest.h>

#include "auth/test_service.h"

namespace valise::auth {
namespace {

constexpr std::string_view kHeader = R"({"alg":"EdDSA"})";
const Timestamp kNow = FromSeconds(1'720'000'000);

TEST(HandOffToken, ReadsWhatWasSigned) {
  const TestService service;
  const auto token =
      HandOffToken::Parse(service.Token({.iat = kNow, .next = "/accounts/1/request-download?a=b"}));
  ASSERT_TRUE(token.has_value()) << token.error().message;
  EXPECT_EQ(token->issuer, "host");
  EXPECT_EQ(token->subject, "x1");
  EXPECT_EQ(token->audience, "http://valise.test");
  EXPECT_EQ(token->issued, kNow);
  EXPECT_EQ(token->expires, kNow + std::chrono::seconds{60});
  EXPECT_EQ(token->id, "0123456789abcdef");
  EXPECT_EQ(token->next, "/accounts/1/request-download?a=b");
  EXPECT_TRUE(token->Verify(service.public_key()));
}

TEST(HandOffToken, OnlyTheRightKeyVerifies) {
  const TestService service, other;
  const auto token = HandOffToken::Parse(service.Token({.iat = kNow}));
  ASSERT_TRUE(token.has_value());
  EXPECT_FALSE(token->Verify(other.public_key()));
  EXPECT_FALSE(token->Verify(""));
  EXPECT_FALSE(token->Verify("not base64!"));
  EXPECT_FALSE(token->Verify("AAAA"));
  // The point of small order with which any signature of zeros would verify, were it let in.
  EXPECT_FALSE(token->Verify("AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
}

TEST(HandOffToken, EveryAlteredCharacterIsSeen) {
  const TestService service;
  const std::string good = service.Token({.iat = kNow});
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = bad[i] == 'A' ? 'B' : 'A';
    const auto token = HandOffToken::Parse(bad);
    EXPECT_FALSE(token.has_value() && token->Verify(service.public_key())) << i;
  }
}

TEST(HandOffToken, OtherAlgorithmsAreRefused) {
  const TestService service;
  const std::string claims = TestService::Text({.iat = kNow});
  for (const std::string_view header :
       {R"({"alg":"none"})", R"({"alg":"NONE"})", R"({"alg":"HS256"})", R"({"alg":"RS256"})",
        R"({"alg":"eddsa"})", R"({"alg":""})", R"({"alg":null})", R"({"alg":["EdDSA"]})", R"({})",
        R"({"typ":"JWT"})", R"({"alg":"EdDSA","alg":"none"})", R"({"alg":"EdDSA","typ":"JWE"})",
        R"({"alg":"EdDSA","crit":["exp"]})", R"({"alg":"EdDSA","jwk":{}})",
        R"({"alg":"EdDSA","jku":"http://evil.test/"})",
        R"({"alg":"EdDSA"} )"
        "x",
        R"([])", ""}) {
    EXPECT_FALSE(HandOffToken::Parse(service.Sign(header, claims)).has_value()) << header;
  }
  const std::string good = service.Sign(kHeader, claims);
  EXPECT_FALSE(HandOffToken::Parse(good.substr(0, good.rfind('.') + 1)).has_value());
}

TEST(HandOffToken, MalformedTextsAreRefused) {
  const TestService service;
  const std::string good = service.Token({.iat = kNow});
  for (const std::string& bad :
       {std::string(), std::string("."), std::string(".."), std::string("..."),
        std::string("a.b.c"), good + "=", good + ".", "." + good, good + "\n", good + " ",
        good + good, good.substr(0, good.size() - 1), std::string(kMaxHandOffToken + 1, 'a'),
        std::string(1000, '.'), std::string("\0\0.\0.\0", 7)}) {
    EXPECT_FALSE(HandOffToken::Parse(bad).has_value()) << bad;
  }
}

TEST(HandOffToken, ClaimsMustBeWhole) {
  const TestService service;
  for (
      const std::string_view claims :
      {R"({})", R"([])", R"("x")", R"({"iss":"h","sub":"x","aud":"a","iat":1,"exp":2})",
       R"({"iss":"h","sub":"x","aud":"a","iat":1,"exp":2,"jti":"short"})",
       R"({"iss":"h","sub":"","aud":"a","iat":1,"exp":2,"jti":"0123456789abcdef"})",
       R"({"iss":"h","sub":1,"aud":"a","iat":1,"exp":2,"jti":"0123456789abcdef"})",
       R"({"iss":"h","sub":"x","aud":["a"],"iat":1,"exp":2,"jti":"0123456789abcdef"})",
       R"({"iss":"h","sub":"x","aud":"a","iat":"1","exp":2,"jti":"0123456789abcdef"})",
       R"({"iss":"h","sub":"x","aud":"a","iat":1.5,"exp":2,"jti":"0123456789abcdef"})",
       R"({"iss":"h","sub":"x","aud":"a","iat":-1,"exp":2,"jti":"0123456789abcdef"})",
       R"({"iss":"h","sub":"x","aud":"a","iat":1,"exp":9223372036854775807,"jti":"0123456789abcdef"})",
       R"({"iss":"h","sub":"x","sub":"y","aud":"a","iat":1,"exp":2,"jti":"0123456789abcdef"})"}) {
    EXPECT_FALSE(HandOffToken::Parse(service.Sign(kHeader, claims)).has_value()) << claims;
  }
  const TestService::Claims long_id{.jti = std::string(kMaxTokenId + 1, 'a'), .iat = kNow};
  EXPECT_FALSE(HandOffToken::Parse(service.Token(long_id)).has_value());
}

TEST(HandOffToken, TimesMayDifferByThirtySeconds) {
  const TestService service;
  const auto token = *HandOffToken::Parse(service.Token({.iat = kNow}));
  const auto at = [&](int64_t s) {
    return token.CheckTimes(kNow + std::chrono::seconds{s}).has_value();
  };
  EXPECT_FALSE(at(-31));
  EXPECT_TRUE(at(-30));
  EXPECT_TRUE(at(0));
  EXPECT_TRUE(at(89));
  EXPECT_FALSE(at(90));
  for (const int64_t life : {61, 0, -5, 100'000'000}) {
    const auto bad = HandOffToken::Parse(service.Token({.iat = kNow, .life_s = life}));
    EXPECT_FALSE(bad.has_value() && bad->CheckTimes(kNow).has_value()) << life;
  }
}

TEST(HandOffToken, NextStaysOnThisSite) {
  for (const std::string_view good : {"/", "/a", "/a/b?c=d&e=%2F", "/requests/1#x"}) {
    EXPECT_TRUE(IsSafeNext(good)) << good;
  }
  for (const std::string_view bad : {"", "a", "//evil.test", "/\\evil.test", "\\\\evil.test",
                                     "http://evil.test", "javascript:alert(1)", "/\t/evil.test",
                                     "/a\r\nSet-Cookie: x=y", "/ a", "/\x7f", "/é", "/a\\b"}) {
    EXPECT_FALSE(IsSafeNext(bad)) << bad;
  }
  EXPECT_FALSE(IsSafeNext("/" + std::string(kMaxNext, 'a')));
  const TestService service;
  const auto token =
      HandOffToken::Parse(service.Token({.iat = kNow, .next = "https://evil.test/"}));
  ASSERT_TRUE(token.has_value());
  EXPECT_EQ(token->next, "");
}

}  // namespace
}  // namespace valise::auth
