#include "http/head.h"

#include <gtest/gtest.h>

namespace valise::http {
namespace {

TEST(FormatHead, StatusDateLengthAndFields) {
  Response response;
  response.headers.Add("X-A", "b");
  EXPECT_EQ(FormatHead(response,
                       {.content_length = 3, .keep_alive = false, .now = FromSeconds(784111777)}),
            "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: "
            "3\r\nConnection: close\r\n"
            "X-A: b\r\n\r\n");
}

TEST(FormatHead, NotModifiedHasNoLength) {
  Response response;
  response.status = 304;
  EXPECT_EQ(FormatHead(response, {.content_length = 0, .keep_alive = true, .now = {}})
                .find("Content-Length"),
            std::string::npos);
}

TEST(FormatHead, FieldsWithLineBreaksAreLeftOut) {
  Response response;
  response.headers.Add("Location", "/x\r\nSet-Cookie: a=1");
  EXPECT_EQ(
      FormatHead(response, {.content_length = 0, .keep_alive = true, .now = {}}).find("Set-Cookie"),
      std::string::npos);
}

TEST(Headers, NamesIgnoreCase) {
  Headers headers;
  headers.Add("Content-Type", "a");
  EXPECT_EQ(headers.Get("content-TYPE"), "a");
  headers.Set("CONTENT-type", "b");
  EXPECT_EQ(headers.all().size(), 1u);
  EXPECT_EQ(headers.Find("x"), std::nullopt);
}

}  // namespace
}  // namespace valise::http
