#include "bag/tag_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace valise::bag {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Parsed {
  std::string text;
  std::vector<std::string> paths;
  std::vector<std::string> problems;
  int warnings = 0;
};

Parsed Parse(std::string text, bool payload = true, const std::vector<std::string>& existing = {}) {
  Parsed parsed;
  parsed.text = std::move(text);
  const ManifestOptions options{
      .hex_size = 4,
      .payload = payload,
      .exists =
          [&](std::string_view p) { return std::ranges::find(existing, p) != existing.end(); },
      .problem =
          [&](uint64_t n, const std::string& why) {
            parsed.problems.push_back(std::to_string(n) + " " + why);
          },
      .warning = [&](uint64_t, const std::string&) { ++parsed.warnings; }};
  const auto lines = *ParseManifest(parsed.text, options);
  for (const ManifestLine& line : lines) parsed.paths.emplace_back(line.path);
  return parsed;
}

TEST(Lines, EveryLineEndCounts) {
  std::vector<std::string> lines;
  ForEachLine("a\nb\rc\r\nd\n\n\re", [&](uint64_t n, std::string_view line) {
    lines.push_back(std::to_string(n) + std::string(line));
  });
  EXPECT_THAT(lines, ElementsAre("1a", "2b", "3c", "4d", "7e"));
}

TEST(Manifest, LinesOfEveryKind) {
  const Parsed parsed = Parse("aB12  data/a b .txt\r\n0000\tdata/b\r1111 *data/c\n2222 ./data/d");
  EXPECT_THAT(parsed.paths, ElementsAre("data/a b .txt", "data/b", "data/c", "data/d"));
  EXPECT_TRUE(parsed.problems.empty());
  EXPECT_EQ(parsed.warnings, 2);
}

TEST(Manifest, PercentDecoding) {
  EXPECT_THAT(Parse("aB12 data/a%0Ab%0dc%25d%20e").paths, ElementsAre("data/a\nb\rc%d%20e"));
  // Tools that leave "%" as it is: what is there decides.
  EXPECT_THAT(Parse("aB12 data/50%25.txt", true, {"data/50%25.txt"}).paths,
              ElementsAre("data/50%25.txt"));
  EXPECT_THAT(Parse("aB12 data/50%25.txt", true, {"data/50%25.txt", "data/50%.txt"}).paths,
              ElementsAre("data/50%.txt"));
}

TEST(Manifest, HostilePathsAreProblems) {
  for (const char* path : {"/etc/passwd", "../x", "data/../../x", "data/..", "~/x", "C:/x", "c:\\x",
                           "\\\\?\\x", "data\\..\\..\\x", "", "data/\xff", "x.txt"}) {
    const Parsed parsed = Parse("aB12  " + std::string(path));
    EXPECT_TRUE(parsed.paths.empty()) << path;
    ASSERT_EQ(parsed.problems.size(), 1u) << path;
    EXPECT_THAT(parsed.problems[0], HasSubstr("1 "));
  }
  EXPECT_TRUE(Parse("aB12 data/a/..b/c").problems.empty());
}

TEST(Manifest, BadChecksumsAreProblems) {
  EXPECT_EQ(Parse("aB1 data/a\naB123 data/a\nxyzw data/a\n data/a\naB12\n").problems.size(), 5u);
}

TEST(Manifest, TagManifestsNameNoPayload) {
  EXPECT_THAT(Parse("aB12 bagit.txt", false).paths, ElementsAre("bagit.txt"));
  EXPECT_EQ(Parse("aB12 data/a", false).problems.size(), 1u);
}

TEST(Declaration, VersionsAndEncodings) {
  EXPECT_TRUE(
      ParseDeclaration("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")->AtLeast1());
  EXPECT_FALSE(
      ParseDeclaration("BagIt-Version: 0.97\r\nTag-File-Character-Encoding: utf-8")->AtLeast1());
  EXPECT_EQ(ParseDeclaration("\xef\xbb\xbf"
                             "BagIt-Version: 0.93\rTag-File-Character-Encoding: UTF-8")
                ->warnings.size(),
            1u);
  EXPECT_EQ(ParseDeclaration("BagIt-Version: 2.0\nTag-File-Character-Encoding: UTF-8").error().code,
            ErrorCode::kUnsupported);
  EXPECT_EQ(
      ParseDeclaration("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-16").error().code,
      ErrorCode::kUnsupported);
  for (const char* bad :
       {"", "hello", "BagIt-Version: 1.0", "BagIt-Version: x.y\nTag-File-Character-Encoding: UTF-8",
        "Tag-File-Character-Encoding: UTF-8"}) {
    EXPECT_EQ(ParseDeclaration(bad).error().code, ErrorCode::kInvalidArgument) << bad;
  }
}

TEST(Oxum, IsFoundOnceAndInAnyCase) {
  EXPECT_EQ(*ParseOxum("A: b\npayload-oxum: 12.3\n"), (Oxum{12, 3}));
  EXPECT_EQ(*ParseOxum("A: b\n  Payload-Oxum: 1.1\n"), std::nullopt);
  EXPECT_EQ(*ParseOxum(""), std::nullopt);
  for (const char* bad :
       {"Payload-Oxum: 12", "Payload-Oxum: .", "Payload-Oxum: -1.2",
        "Payload-Oxum: 1.2\nPayload-Oxum: 1.2", "Payload-Oxum: 99999999999999999999.1"}) {
    EXPECT_FALSE(ParseOxum(bad)) << bad;
  }
}

TEST(Fetch, PathsAreTheThirdColumn) {
  EXPECT_THAT(ParseFetch("http://x/a - data/a b\nhttp://x/b 12\tdata/b%0Ac\nbroken\n"),
              ElementsAre("data/a b", "data/b\nc"));
}

}  // namespace
}  // namespace valise::bag
