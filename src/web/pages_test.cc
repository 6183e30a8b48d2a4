#include "web/pages.h"

#include <gtest/gtest.h>

namespace valise::web {
namespace {

constexpr EmbeddedFile kFiles[] = {
    {"app-3610f9514b6d.js", "js"}, {"index.html", "<!doctype html>"}, {"mark.svg", "<svg/>"}};

http::Response Get(std::string path, std::string accept = "text/html,*/*",
                   std::string method = "GET") {
  http::Request request;
  request.method = std::move(method);
  request.path = std::move(path);
  request.headers.Add("Accept", std::move(accept));
  return ServePage(request, kFiles);
}

TEST(Pages, EveryAddressOfTheAppIsTheIndex) {
  for (const char* path : {"/", "/sign-in", "/accounts/1/settings", "/requests/2", "/a.b/c"}) {
    EXPECT_EQ(Get(path).headers.Get("Content-Type"), "text/html; charset=utf-8") << path;
    EXPECT_EQ(Get(path).headers.Get("Cache-Control"), "no-cache");
  }
}

TEST(Pages, AssetsWithAHashAreKeptForEver) {
  const auto script = Get("/assets/app-3610f9514b6d.js");
  EXPECT_EQ(script.status, 200);
  EXPECT_EQ(script.headers.Get("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_TRUE(script.headers.Get("Cache-Control").contains("immutable"));
  EXPECT_EQ(Get("/assets/mark.svg").headers.Get("Cache-Control"), "no-cache");
}

TEST(Pages, WhatIsNoPage) {
  EXPECT_EQ(Get("/assets/other.js").status, 404);
  EXPECT_EQ(Get("/favicon.ico").status, 404);
  EXPECT_EQ(Get("/api/v1/none").status, 404);
  EXPECT_EQ(Get("/x", "application/json").status, 404);
  EXPECT_EQ(Get("/", "text/html", "POST").status, 405);
}

TEST(Pages, TheRealOnesAreLinkedIn) {
  const EmbeddedFile* index = FindEmbedded(AppFiles(), "index.html");
  ASSERT_NE(index, nullptr);
  // A strict policy would break them.
  EXPECT_FALSE(index->content.contains("<script>"));
  EXPECT_FALSE(index->content.contains("style=\""));
}

}  // namespace
}  // namespace valise::web
