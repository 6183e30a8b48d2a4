#include "imports/issue_advice.h"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "base/file.h"

namespace valise::imports {
namespace {

// Codes as the sources write them: `.code = "x"`, `Report("x"`, `Report({"x"`, and constants.
std::set<std::string> CodesInSources() {
  const std::regex code(
      R"re((?:\.code = |Report\(\{?|push_back\(\{|kMissingMedia =)\s*"([a-z_]+)")re");
  const std::regex either(R"re(\? "([a-z_]+)" : "([a-z_]+)",)re");
  std::set<std::string> codes;
  for (const char* room : {"services", "imports", "library"}) {
    const fs::path folder = fs::path(VALISE_SOURCE_DIR) / "src" / room;
    for (const auto& file : fs::recursive_directory_iterator(folder)) {
      const std::string name = file.path().filename().string();
      if (name.ends_with("_test.cc") || !(name.ends_with(".cc") || name.ends_with(".h"))) continue;
      std::stringstream text;
      text << std::ifstream(file.path()).rdbuf();
      const std::string source = text.str();
      for (std::sregex_iterator at(source.begin(), source.end(), code), end; at != end; ++at) {
        codes.insert((*at)[1]);
      }
      if (!name.starts_with("store_file")) continue;
      for (std::sregex_iterator at(source.begin(), source.end(), either), end; at != end; ++at) {
        codes.insert((*at)[1]);
        codes.insert((*at)[2]);
      }
    }
  }
  return codes;
}

TEST(IssueAdvice, EveryCodeThatAReaderReportsHasWords) {
  const std::set<std::string> codes = CodesInSources();
  for (const char* must :
       {"invalid_json", "damaged_file", "unreadable_file", "missing_media", "unknown_member",
        "invalid_record", "no_key", "entry_too_large", "perhaps_same"}) {
    EXPECT_TRUE(codes.contains(must)) << must << " was not found: does this test still look right?";
  }
  for (const std::string& code : codes) EXPECT_TRUE(IsKnownIssue(code)) << code;
}

TEST(IssueAdvice, ACodeOfANewerVersionHasWordsToo) {
  EXPECT_FALSE(IsKnownIssue("from_the_future"));
  EXPECT_FALSE(WhatToDo("from_the_future").empty());
}

}  // namespace
}  // namespace valise::imports
