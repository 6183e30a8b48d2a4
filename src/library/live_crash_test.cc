// Appending and sealing killed after every single sync, rename and commit: after a restart and the
// service's retry the head says what an undisturbed run says.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <map>

#include "base/failpoint.h"
#include "library/live.h"
#include "library/testing.h"

namespace valise::library {
namespace {

constexpr std::string_view kPhoto("\xFF\xD8\xFF\xE0 a photo", 12);

void MakeAccount(const fs::path& folder) {
  const auto desk = *sql::OpenSqlite(folder / "desk.sqlite");
  EXPECT_TRUE((*Accounts::Open(*desk))
                  ->Create({.id = "00000000000000aa",
                            .service = "instagram",
                            .username = "ann",
                            .owner = {},
                            .head = {},
                            .created = {}}));
}

Change Put(std::string id, account::Record record) {
  return {.what = Change::What::kPut,
          .kind = account::KindOf(record),
          .id = std::move(id),
          .record = std::move(record),
          .version = {}};
}

Change Delete(account::Kind kind, std::string id) {
  return {.what = Change::What::kDelete,
          .kind = kind,
          .id = std::move(id),
          .record = {},
          .version = {}};
}

// What a service does; the same again gives the same.
void Serve(const fs::path& folder) {
  TestLibrary library(folder);
  const auto live = *Live::Open(library->folder(), library.clock());
  account::Post post = TestPost("", "2024-05-01T10:00:00Z", "photo");
  post.media = {TestItem("a.jpg")};
  post.media[0].digest = Sha256(kPhoto);
  const std::vector<Change> first{Put("p1", post),
                                  Put("p2", TestPost("", "2024-05-02T10:00:00Z", "goes")),
                                  Put("m1", TestMessage("c1", 1'000'000, "hello")),
                                  Put("m2", TestMessage("c2", 1'000'000, "other"))};
  const auto must = [](const auto& result) { CHECK(result.has_value()); };
  must(live->Append(first));
  must(live->Sync());
  must(live->Seal(*library));
  must(library->blobs().Put(Sha256(kPhoto), blob::Encoding::kIdentity, AsBytes(kPhoto)));
  must(live->BlobArrived(Sha256(kPhoto)));
  const std::vector<Change> second{Delete(account::Kind::kPost, "p2"),
                                   Put("m1", TestMessage("c1", 2'000'000, "moved")),
                                   Delete(account::Kind::kConversation, "c2")};
  must(live->Append(second));
  must(live->Sync());
  must(live->Seal(*library));
}

Head HeadOf(const fs::path& folder) {
  TestLibrary library(folder);
  Head head = library.CurrentHead();
  head.parent.reset();
  return head;
}

int ServeInChild(const fs::path& folder, const std::string& point, const fs::path& list) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::setenv("VALISE_FAILPOINT", point.c_str(), 1);
    ::setenv("VALISE_FAILPOINT_LIST", list.c_str(), 1);
    failpoint::Reload();
    Serve(folder);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::map<std::string, int> Count(const fs::path& list) {
  std::map<std::string, int> counts;
  const std::string text = *ReadFile(list);
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at);
    ++counts[text.substr(at, end - at)];
    at = end + 1;
  }
  return counts;
}

TEST(LiveCrash, EveryPointIsSurvived) {
  const TemporaryFolder undisturbed;
  MakeAccount(undisturbed.path());
  const fs::path list = undisturbed.path() / "points";
  ASSERT_EQ(ServeInChild(undisturbed.path(), "none", list), 0);
  const Head wanted = HeadOf(undisturbed.path());
  ASSERT_EQ(wanted.counts.records[static_cast<size_t>(account::Kind::kPost)], 1u);
  ASSERT_EQ(wanted.counts.records[static_cast<size_t>(account::Kind::kMessage)], 1u);
  ASSERT_EQ(wanted.counts.photos, 1u);
  const auto points = Count(list);
  EXPECT_GE(points.size(), 6u);
  for (const auto& [name, count] : points) {
    for (int n = 1; n <= count; ++n) {
      const TemporaryFolder folder;
      MakeAccount(folder.path());
      const std::string point = name + ":" + std::to_string(n);
      ASSERT_EQ(ServeInChild(folder.path(), point, folder.path() / "points"), failpoint::kExitCode)
          << point;
      ASSERT_EQ(ServeInChild(folder.path(), "none", folder.path() / "points"), 0) << point;
      EXPECT_EQ(HeadOf(folder.path()), wanted) << point;
    }
  }
}

}  // namespace
}  // namespace valise::library
