// docs/openapi.yaml and the router name the same addresses.
#include <gtest/gtest.h>

#include <set>

#include "base/file.h"
#include "web/test_site.h"

namespace valise::web {
namespace {

// "GET /api/v1/session", … of the document: paths are indented by two, methods by four.
std::set<std::string> Documented() {
  std::set<std::string> found;
  const auto text = ReadFile(fs::path(VALISE_SOURCE_DIR) / "docs/openapi.yaml");
  EXPECT_TRUE(text.has_value());
  std::string path;
  for (size_t at = 0; at < text->size();) {
    const size_t end = std::min(text->find('\n', at), text->size());
    const std::string_view line = std::string_view(*text).substr(at, end - at);
    at = end + 1;
    if (line.starts_with("  /") && line.ends_with(":")) path = line.substr(2, line.size() - 3);
    for (const auto& [word, method] :
         {std::pair{"    get:", "GET"}, std::pair{"    post:", "POST"},
          std::pair{"    patch:", "PATCH"}, std::pair{"    put:", "PUT"},
          std::pair{"    delete:", "DELETE"}, std::pair{"    options:", "OPTIONS"}}) {
      if (line == word) found.insert(std::string(method) + " " + path);
    }
  }
  return found;
}

TEST_F(AppTest, OpenApiNamesEveryRouteAndNoOther) {
  std::set<std::string> served;
  for (const Route& route : app_->routes()) {
    std::string pattern = route.pattern;  // "{id*}" takes slashes; OpenAPI has no word for it
    if (pattern.ends_with("*}")) pattern.erase(pattern.size() - 2, 1);
    served.insert(route.method + " " + pattern);
  }
  EXPECT_EQ(served, Documented());
}

}  // namespace
}  // namespace valise::web
