#include "web/router.h"

#include <gtest/gtest.h>

namespace valise::web {
namespace {

Router Sample() {
  Router router;
  for (const auto& [method, pattern] :
       {std::pair{"GET", "/a/{id}"}, std::pair{"POST", "/a/{id}"},
        std::pair{"GET", "/a/{id}/b/{name}"}, std::pair{"GET", "/a"}}) {
    router.Add({method, pattern, Access::kAnyone, nullptr});
  }
  return router;
}

TEST(Router, FindsByMethodAndPattern) {
  const Router router = Sample();
  const auto found = router.Find("POST", "/a/x1");
  ASSERT_NE(found.route, nullptr);
  EXPECT_EQ(found.route->method, "POST");
  EXPECT_EQ(found.path.at("id"), "x1");
  EXPECT_EQ(router.Find("GET", "/a/x/b/y z").path.at("name"), "y z");
  EXPECT_EQ(router.Find("HEAD", "/a").route->pattern, "/a");
}

TEST(Router, WrongMethodsSayWhatIsAllowed) {
  const auto found = Sample().Find("DELETE", "/a/x");
  EXPECT_EQ(found.route, nullptr);
  EXPECT_EQ(found.allow, "GET, POST");
}

TEST(Router, NearMissesAreNotFound) {
  const Router router = Sample();
  for (const char* path :
       {"/", "", "/a/", "/a//b/x", "/b", "/a/x/", "/a/x/b", "/a/x/b/", "/a/x/b/y/z"}) {
    const auto found = router.Find("GET", path);
    EXPECT_EQ(found.route, nullptr) << path;
    EXPECT_EQ(found.allow, "") << path;
  }
}

TEST(Router, ALastPartMayTakeSlashes) {
  Router router;
  router.Add({.method = "PUT", .pattern = "/r/{kind}/{id*}", .answer = nullptr});
  EXPECT_EQ(router.Find("PUT", "/r/post/https://host.test/p/1").path.at("id"),
            "https://host.test/p/1");
  EXPECT_EQ(router.Find("PUT", "/r/post/p1").path.at("kind"), "post");
  EXPECT_EQ(router.Find("PUT", "/r/post").route, nullptr);
  EXPECT_EQ(router.Find("PUT", "/r/post/").route, nullptr);
}

}  // namespace
}  // namespace valise::web
