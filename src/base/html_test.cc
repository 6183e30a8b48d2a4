#include "base/html.h"

#include <gtest/gtest.h>

namespace valise {
namespace {

TEST(Html, WhatHasAMeaningBecomesAReference) {
  EXPECT_EQ(EscapeHtml(""), "");
  EXPECT_EQ(EscapeHtml("Lake, at six \xF0\x9F\x8C\x8A"), "Lake, at six \xF0\x9F\x8C\x8A");
  EXPECT_EQ(EscapeHtml("<img src=\"x\" onerror='a&b'>"),
            "&lt;img src=&quot;x&quot; onerror=&#39;a&amp;b&#39;&gt;");
  EXPECT_EQ(EscapeHtml("&lt;"), "&amp;lt;");
  EXPECT_EQ(EscapeHtml(std::string_view("\0<", 2)), std::string("\0&lt;", 5));
}

}  // namespace
}  // namespace valise
