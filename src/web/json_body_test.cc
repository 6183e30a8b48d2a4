#include "web/json_body.h"

#include <gtest/gtest.h>

namespace valise::web {
namespace {

Result<JsonBody> Parse(std::string body, std::string type = "application/json; charset=utf-8") {
  http::Request request;
  request.headers.Add("Content-Type", std::move(type));
  request.body = std::move(body);
  return JsonBody::Parse(request);
}

TEST(JsonBody, MembersByType) {
  const auto body = Parse(R"({"a":"x","n":null,"l":["p","q"],"t":"2024-07-07T20:35:31Z","i":1})");
  ASSERT_TRUE(body.has_value());
  EXPECT_EQ(*body->String("a"), "x");
  EXPECT_EQ(*body->OptionalString("n"), std::nullopt);
  EXPECT_EQ(*body->OptionalString("absent"), std::nullopt);
  EXPECT_EQ((*body->OptionalStrings("l"))->size(), 2u);
  EXPECT_EQ(*body->OptionalTime("t"), ParseTime("2024-07-07T20:35:31Z").value());
  for (const auto& error : {body->String("i").error(), body->String("absent").error()}) {
    EXPECT_EQ(error.code, ErrorCode::kInvalidArgument);
  }
  EXPECT_FALSE(body->OptionalStrings("a").has_value());
  EXPECT_FALSE(body->OptionalTime("a").has_value());
}

TEST(JsonBody, WhatIsNoObjectIsRefused) {
  for (const char* text : {"", "{", "[]", "\"x\"", "{\"a\":\xff\"}", "{}{}"}) {
    EXPECT_EQ(Parse(text).error().code, ErrorCode::kInvalidArgument) << text;
  }
  EXPECT_FALSE(Parse(std::string(60'000, '[')).has_value());
  EXPECT_EQ(Parse("{}", "text/plain").error().code, ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace valise::web
