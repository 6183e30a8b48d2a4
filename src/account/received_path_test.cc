#include "account/received_path.h"

#include <gtest/gtest.h>

namespace valise::account {
namespace {

TEST(VariantPath, ComesBack) {
  EXPECT_EQ(VariantPath("a/posts_1.json", 2), "a/posts_1.json (variant 2)");
  EXPECT_EQ(PathAsReceived("a/posts_1.json (variant 12)"), "a/posts_1.json");
  for (const std::string_view path :
       {"", "a", "a (1)", "a (variant )", "a (variant x)", "a (variant 2).json", "a (variant 2"}) {
    EXPECT_EQ(PathAsReceived(path), path);
  }
}

}  // namespace
}  // namespace valise::account
