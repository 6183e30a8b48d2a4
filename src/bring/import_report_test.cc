#include "bring/import_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "imports/issue_advice.h"

namespace valise::bring {
namespace {

using account::Fate;
using ::testing::HasSubstr;
using ::testing::Not;

imports::FileReport File(Fate fate, std::string category, uint64_t size) {
  imports::FileReport report;
  report.file.path = "a/b.json";
  report.file.fate = fate;
  report.file.category = std::move(category);
  report.file.size = size;
  return report;
}

TEST(ImportReport, EveryIssueSaysWhatToDo) {
  imports::ArchiveReport report;
  report.issues = {{.code = "damaged_file", .path = "a.json", .message = "cut off", .count = 2},
                   {.code = "of_a_newer_version", .path = "", .message = "odd", .count = 1}};
  const std::string json = ImportReportJson(report);
  EXPECT_THAT(
      json,
      HasSubstr(
          R"("code":"damaged_file","path":"a.json","message":"cut off","count":2,"what_to_do":")" +
          std::string(imports::WhatToDo("damaged_file")) + "\""));
  EXPECT_THAT(json, HasSubstr(R"("message":"odd","count":1,"what_to_do":")" +
                              std::string(imports::WhatToDo("of_a_newer_version")) + "\""));
  EXPECT_THAT(json, HasSubstr(R"("issues_total":3)"));
}

TEST(ImportReport, MoreIssuesThanAreKeptAreCounted) {
  imports::ArchiveReport report;
  report.issues.assign(kMaxIssues, {.code = "x", .path = "p", .message = "m", .count = 1});
  report.issues.push_back({.code = "x", .path = "the last", .message = "m", .count = 7});
  const std::string json = ImportReportJson(report);
  EXPECT_THAT(json, Not(HasSubstr("the last")));
  EXPECT_THAT(json, HasSubstr(R"("issues_total":507)"));
}

TEST(ImportReport, FilesThatAreOnlyKeptAreCountedByWhatTheyAreAbout) {
  imports::ArchiveReport report;
  report.files = {File(Fate::kKept, "ads", 10), File(Fate::kKept, "", 3),
                  File(Fate::kKept, "ads", 20), File(Fate::kParsed, "security", 40)};
  const std::string json = ImportReportJson(report);
  EXPECT_THAT(json, HasSubstr(R"("kept":[{"category":"ads","files":2,"bytes":30},)"
                              R"({"category":"other","files":1,"bytes":3}])"));
  EXPECT_THAT(json, HasSubstr(R"("received":4,"parsed":1,"medium":0,"kept":3)"));
}

TEST(ImportReport, NothingKeptIsNoCategory) {
  EXPECT_THAT(ImportReportJson({}), HasSubstr(R"("kept":[])"));
}

}  // namespace
}  // namespace valise::bring
