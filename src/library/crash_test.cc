// An import killed at any moment: the old head stands, and a rerun ends with what an undisturbed
// import gives.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "library/testing.h"

namespace valise::library {
namespace {

constexpr int64_t kNoon2023 = 1'690'000'000'000;

TestArchive Sample() {
  TestArchive archive;
  for (int file = 0; file < 4; ++file) {
    std::vector<account::Record>& records = archive.data["m" + std::to_string(file) + ".json"];
    const std::string conversation = "folder:" + std::to_string(file);
    records.push_back(TestConversation(conversation, "Talk"));
    for (int i = 0; i < 500; ++i) {
      records.push_back(TestMessage(conversation, kNoon2023 + i * 1000, std::string(500, 'x')));
    }
  }
  for (int i = 0; i < 20; ++i) {
    archive.media["media/" + std::to_string(i) + ".jpg"] =
        std::string(10'000, static_cast<char>('a' + i));
  }
  return archive;
}

struct Desk {
  explicit Desk(const fs::path& folder)
      : database(*sql::OpenSqlite(folder / "desk.sqlite")), accounts(*Accounts::Open(*database)) {}
  std::unique_ptr<sql::Database> database;
  std::unique_ptr<Accounts> accounts;
};

TEST(Crash, AKilledImportLeavesTheOldHeadAndGoesOn) {
  TestLibrary undisturbed;
  undisturbed.Import(Sample());
  const auto wanted = undisturbed.CurrentHead().documents;

  for (const int microseconds : {200, 2'000, 8'000, 20'000, 50'000}) {
    const TemporaryFolder folder;
    {
      const Desk desk(folder.path());
      ASSERT_TRUE(desk.accounts->Create({.id = "00000000000000aa",
                                         .service = "instagram",
                                         .username = "ann",
                                         .owner = {},
                                         .head = {},
                                         .created = {}}));
    }
    const pid_t child = ::fork();
    if (child == 0) {
      TestLibrary library(folder.path());
      library.Import(Sample());
      ::_exit(0);
    }
    std::this_thread::sleep_for(std::chrono::microseconds(microseconds));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);

    TestLibrary library(folder.path());
    const auto current = library->Current();
    ASSERT_TRUE(current);
    if (*current) {
      EXPECT_EQ((*current)->head.documents, wanted) << "either nothing or everything";
    }
    const ImportReport report = library.Import(Sample());
    EXPECT_EQ(report.already_here, current->has_value());
    EXPECT_EQ(library.CurrentHead().documents, wanted);
    EXPECT_EQ(library.CurrentHead().media, undisturbed.CurrentHead().media);
    EXPECT_FALSE(fs::exists(library->folder() / "import-journal"));
  }
}

}  // namespace
}  // namespace valise::library
