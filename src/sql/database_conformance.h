// What every Database adapter must pass.
//
// Use: struct MyAdapter { static Result<std::unique_ptr<Database>> Open(const fs::path& folder); };
//      INSTANTIATE_TYPED_TEST_SUITE_P(Mine, DatabaseConformance, MyAdapter);
// Thread safety: tests.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "sql/database.h"

namespace valise::sql {

template <typename Adapter>
class DatabaseConformance : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = Adapter::Open(folder_.path());
    ASSERT_TRUE(opened) << opened.error().message;
    database_ = *std::move(opened);
    Must(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE, size REAL, n BIGINT CHECK (n < "
        "100))");
    Must("CREATE TABLE child (id INTEGER PRIMARY KEY, t INTEGER NOT NULL REFERENCES t (id))");
  }
  int64_t Must(std::string_view statement, const Values& values = {}) {
    const auto changed = database_->Execute(statement, values);
    EXPECT_TRUE(changed) << changed.error().message;
    return changed.value_or(-1);
  }
  int64_t Count() {
    const auto rows = database_->Query("SELECT count(*) FROM t");
    EXPECT_TRUE(rows);
    return rows ? rows->at(0).Int(0) : -1;
  }

  TemporaryFolder folder_;
  std::unique_ptr<Database> database_;
};

TYPED_TEST_SUITE_P(DatabaseConformance);

TYPED_TEST_P(DatabaseConformance, ValuesComeBackAsTheyWere) {
  const std::string bytes("a\0b\xC3\xA9", 5);
  EXPECT_EQ(this->Must("INSERT INTO t (id, name, size, n) VALUES (?, ?, ?, ?)",
                       Args(int64_t{1} << 40, bytes, 0.5, nullptr)),
            1);
  const auto rows = this->database_->Query("SELECT id, name, size, n FROM t");
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ(rows->at(0).Int(0), int64_t{1} << 40);
  EXPECT_EQ(rows->at(0).Text(1), bytes);
  EXPECT_EQ(rows->at(0).Real(2), 0.5);
  EXPECT_TRUE(rows->at(0).IsNull(3));
  EXPECT_EQ(rows->at(0).TextOr(3, "none"), "none");
}

TYPED_TEST_P(DatabaseConformance, AnEmptyTextIsNotNull) {
  this->Must("INSERT INTO t (id, name) VALUES (1, ?)", Args(""));
  const auto rows = this->database_->Query("SELECT name FROM t");
  ASSERT_TRUE(rows);
  EXPECT_FALSE(rows->at(0).IsNull(0));
  EXPECT_EQ(rows->at(0).Text(0), "");
}

TYPED_TEST_P(DatabaseConformance, ExecuteCountsChangedRows) {
  this->Must("INSERT INTO t (id, n) VALUES (1, 1), (2, 1), (3, 2)");
  EXPECT_EQ(this->Must("UPDATE t SET n = 5 WHERE n = ?", Args(1)), 2);
  EXPECT_EQ(this->Must("DELETE FROM t WHERE n = ?", Args(77)), 0);
}

TYPED_TEST_P(DatabaseConformance, ErrorsHaveTheirCodes) {
  this->Must("INSERT INTO t (id, name) VALUES (1, 'a')");
  const auto code = [&](std::string_view statement) {
    const auto result = this->database_->Execute(statement);
    return result ? ErrorCode::kCancelled : result.error().code;
  };
  EXPECT_EQ(code("INSERT INTO t (id, name) VALUES (2, 'a')"), ErrorCode::kAlreadyExists);
  EXPECT_EQ(code("INSERT INTO t (id, name) VALUES (1, 'b')"), ErrorCode::kAlreadyExists);
  EXPECT_EQ(code("INSERT INTO t (id, n) VALUES (3, 100)"), ErrorCode::kConflict);
  EXPECT_EQ(code("INSERT INTO child (id, t) VALUES (1, 9)"), ErrorCode::kConflict);
  EXPECT_EQ(code("SELEC"), ErrorCode::kInternal);
  EXPECT_EQ(this->Count(), 1);
}

TYPED_TEST_P(DatabaseConformance, AFailedTransactionLeavesNothing) {
  const Status failed = this->database_->InTransaction([&]() -> Status {
    RETURN_IF_ERROR(this->database_->Execute("INSERT INTO t (id) VALUES (1)"));
    return Fail(ErrorCode::kCancelled, "enough");
  });
  EXPECT_EQ(failed.error().code, ErrorCode::kCancelled);
  EXPECT_EQ(this->Count(), 0);
  EXPECT_TRUE(this->database_->InTransaction([&]() -> Status {
    RETURN_IF_ERROR(this->database_->Execute("INSERT INTO t (id) VALUES (1)"));
    return {};
  }));
  EXPECT_EQ(this->Count(), 1);
}

TYPED_TEST_P(DatabaseConformance, TransactionsOfThreadsDoNotMix) {
  this->Must("INSERT INTO t (id, size) VALUES (1, 0)");
  std::atomic<int> failures = 0;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 25; ++i) {
          const Status status = this->database_->InTransaction([&]() -> Status {
            ASSIGN_OR_RETURN(const auto rows, this->database_->Query("SELECT size FROM t"));
            RETURN_IF_ERROR(
                this->database_->Execute("UPDATE t SET size = ?", Args(rows[0].Real(0) + 1)));
            return {};
          });
          if (!status) ++failures;
        }
      });
    }
  }
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(this->database_->Query("SELECT size FROM t")->at(0).Real(0), 100.0);
}

TYPED_TEST_P(DatabaseConformance, MigrationsRunOnceAndInOrder) {
  const Migration first{1, "CREATE TABLE m (a INTEGER); INSERT INTO m VALUES (1);\n"};
  const Migration second{2, "ALTER TABLE m ADD COLUMN b INTEGER; UPDATE m SET b = a + 1"};
  const std::vector<Migration> old{first};
  const std::vector<Migration> both{first, second};
  ASSERT_TRUE(this->database_->Migrate("room", old));
  ASSERT_TRUE(this->database_->Migrate("room", both));
  ASSERT_TRUE(this->database_->Migrate("room", both));
  const auto rows = this->database_->Query("SELECT a, b FROM m");
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_EQ(rows->at(0).Int(1), 2);
  EXPECT_EQ(this->database_->Migrate("room", old).error().code, ErrorCode::kUnsupported);
}

TYPED_TEST_P(DatabaseConformance, AFailedMigrationLeavesTheOldSchema) {
  const std::vector<Migration> bad{{1, "CREATE TABLE half (a INTEGER); CREATE TABL nonsense"}};
  EXPECT_FALSE(this->database_->Migrate("room", bad));
  EXPECT_FALSE(this->database_->Query("SELECT a FROM half"));
  const std::vector<Migration> good{{1, "CREATE TABLE half (a INTEGER)"}};
  EXPECT_TRUE(this->database_->Migrate("room", good));
}

REGISTER_TYPED_TEST_SUITE_P(DatabaseConformance, ValuesComeBackAsTheyWere, AnEmptyTextIsNotNull,
                            ExecuteCountsChangedRows, ErrorsHaveTheirCodes,
                            AFailedTransactionLeavesNothing, TransactionsOfThreadsDoNotMix,
                            MigrationsRunOnceAndInOrder, AFailedMigrationLeavesTheOldSchema);

}  // namespace valise::sql
