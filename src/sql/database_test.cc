#include <gtest/gtest.h>

#include "sql/database_conformance.h"

namespace valise::sql {
namespace {

struct InAFile {
  static Result<std::unique_ptr<Database>> Open(const fs::path& folder) {
    return OpenSqlite(folder / "desk.sqlite");
  }
};
struct InMemory {
  static Result<std::unique_ptr<Database>> Open(const fs::path&) { return OpenSqliteInMemory(); }
};
INSTANTIATE_TYPED_TEST_SUITE_P(File, DatabaseConformance, InAFile);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, DatabaseConformance, InMemory);

TEST(SqliteFile, IsPrivateAndKeepsWhatWasCommitted) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "desk.sqlite";
  {
    auto database = OpenSqlite(path);
    ASSERT_TRUE(database);
    ASSERT_TRUE((*database)->Execute("CREATE TABLE t (a INTEGER)"));
    ASSERT_TRUE((*database)->Execute("INSERT INTO t VALUES (7)"));
    EXPECT_EQ(fs::status(path).permissions() & fs::perms::all, fs::perms(0600));
  }
  auto database = OpenSqlite(path);
  ASSERT_TRUE(database);
  EXPECT_EQ((*database)->Query("SELECT a FROM t")->at(0).Int(0), 7);
}

TEST(SqliteFile, TwoConnectionsSeeEachOther) {
  const TemporaryFolder folder;
  auto a = OpenSqlite(folder.path() / "desk.sqlite");
  auto b = OpenSqlite(folder.path() / "desk.sqlite");
  ASSERT_TRUE(a && b);
  ASSERT_TRUE((*a)->Execute("CREATE TABLE t (a INTEGER)"));
  ASSERT_TRUE((*b)->Execute("INSERT INTO t VALUES (1)"));
  EXPECT_EQ((*a)->Query("SELECT count(*) FROM t")->at(0).Int(0), 1);
}

TEST(SqliteFile, WhatIsNotADatabaseIsNamedCorrupt) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "desk.sqlite";
  ASSERT_TRUE(WriteFileAtomically(path, std::string(4096, 'x')));
  EXPECT_EQ(OpenSqlite(path).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(OpenSqlite(folder.path() / "no" / "desk.sqlite").error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace valise::sql
