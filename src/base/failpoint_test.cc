#include "base/failpoint.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "base/file.h"

namespace valise {
namespace {

// The exit code of a process in which `work` ran under these variables.
template <typename Work>
int ExitCodeOf(const char* point, const fs::path& list, Work work) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (point != nullptr) ::setenv("VALISE_FAILPOINT", point, 1);
    if (!list.empty()) ::setenv("VALISE_FAILPOINT_LIST", list.c_str(), 1);
    failpoint::Reload();
    work();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Failpoint, EndsTheProcessAtTheNthPass) {
  const auto twice = [] {
    failpoint::Pass("a");
    failpoint::Pass("b");
    failpoint::Pass("a");
  };
  EXPECT_EQ(ExitCodeOf(nullptr, {}, twice), 0);
  EXPECT_EQ(ExitCodeOf("a:1", {}, twice), failpoint::kExitCode);
  EXPECT_EQ(ExitCodeOf("a", {}, twice), failpoint::kExitCode);
  EXPECT_EQ(ExitCodeOf("a:2", {}, twice), failpoint::kExitCode);
  EXPECT_EQ(ExitCodeOf("a:3", {}, twice), 0);
  EXPECT_EQ(ExitCodeOf("c:1", {}, twice), 0);
}

TEST(Failpoint, ListsWhatIsPassed) {
  const TemporaryFolder folder;
  const fs::path list = folder.path() / "list";
  EXPECT_EQ(
      ExitCodeOf("file.rename:1", list,
                 [&] { static_cast<void>(WriteFileAtomically(folder.path() / "a", "text")); }),
      failpoint::kExitCode);
  EXPECT_EQ(*ReadFile(list), "file.sync\nfile.rename\n");
  EXPECT_EQ(*ReadFile(folder.path() / "a"), "text");
}

}  // namespace
}  // namespace valise
