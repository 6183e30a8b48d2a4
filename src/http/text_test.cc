#include "http/text.h"

#include <gtest/gtest.h>

namespace valise::http {
namespace {

TEST(ParseTarget, PathAndQueryAreDecoded) {
  const auto target = ParseTarget("/d/a%20b/%C3%A9?q=caf%C3%A9+noir&empty=&flag&x=1%3D2");
  ASSERT_TRUE(target.has_value());
  EXPECT_EQ(target->path, "/d/a b/é");
  ASSERT_EQ(target->query.size(), 4u);
  EXPECT_EQ(target->query[0], (std::pair<std::string, std::string>("q", "café noir")));
  EXPECT_EQ(target->query[1], (std::pair<std::string, std::string>("empty", "")));
  EXPECT_EQ(target->query[2], (std::pair<std::string, std::string>("flag", "")));
  EXPECT_EQ(target->query[3], (std::pair<std::string, std::string>("x", "1=2")));
}

TEST(ParseTarget, HostileTargetsAreRefused) {
  for (const char* target :
       {"", "*", "http://x/", "a", "/..", "/a/../b", "/a/./b", "/%2e%2e/x", "/a%00b", "/%", "/%4",
        "/%zz", "/%ff", "/a%0ab", "/a\\b", "/x?%f", "/x?a=%ff"}) {
    EXPECT_FALSE(ParseTarget(target).has_value()) << target;
  }
  EXPECT_FALSE(ParseTarget("/" + std::string(kMaxTarget, 'a')).has_value());
  std::string many = "/x?";
  for (size_t i = 0; i <= kMaxQueryItems; ++i) many += "a=1&";
  EXPECT_EQ(ParseTarget(many).error().code, ErrorCode::kLimitExceeded);
}

TEST(ParseTarget, DotsInsideNamesAreFine) {
  EXPECT_TRUE(ParseTarget("/a/..b/c.../...").has_value());
  EXPECT_TRUE(ParseTarget("/").has_value());
}

TEST(PercentEncode, RoundTrip) {
  const std::string text = "a b/é%?&+~-_.\"";
  EXPECT_EQ(PercentEncode(text), "a%20b%2F%C3%A9%25%3F%26%2B~-_.%22");
  EXPECT_EQ(*PercentDecode(PercentEncode(text), false), text);
}

TEST(FindCookie, AmongOthers) {
  EXPECT_EQ(FindCookie("a=1; valise_session=tok=en ;b=2", "valise_session"), "tok=en");
  EXPECT_EQ(FindCookie("xvalise_session=1", "valise_session"), std::nullopt);
  EXPECT_EQ(FindCookie("a=1; a=2", "a"), "1");
  EXPECT_EQ(FindCookie(";;=;a", "a"), std::nullopt);
  EXPECT_EQ(FindCookie("", "a"), std::nullopt);
}

TEST(HttpDate, ExampleOfRfc9110) {
  const Timestamp time = FromSeconds(784111777);
  EXPECT_EQ(HttpDate(time), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(ParseHttpDate("Sun, 06 Nov 1994 08:49:37 GMT"), time);
  EXPECT_EQ(HttpDate(FromSeconds(-1)), "Wed, 31 Dec 1969 23:59:59 GMT");
  EXPECT_EQ(HttpDate(FromSeconds(1709164800)), "Thu, 29 Feb 2024 00:00:00 GMT");
}

TEST(HttpDate, WhatIsNoDateIsRefused) {
  for (const char* text : {"", "Sun, 06 Nov 1994 08:49:37", "Mon, 06 Nov 1994 08:49:37 GMT",
                           "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
                           "Sun, 06 Nov -994 08:49:37 GMT", "Sun, 06 Xyz 1994 08:49:37 GMT"}) {
    EXPECT_EQ(ParseHttpDate(text), std::nullopt) << text;
  }
}

TEST(AttachmentDisposition, NamesOutsideAsciiComeTwice) {
  EXPECT_EQ(AttachmentDisposition("été \"1\".zip"),
            "attachment; filename=\"__t__ _1_.zip\"; filename*=UTF-8''%C3%A9t%C3%A9%20%221%22.zip");
}

}  // namespace
}  // namespace valise::http
