// Failpoints: named moments after something became durable (a sync, a rename, a commit), at which a
// test may kill the process to show that a restart goes on.
//
// In the environment: VALISE_FAILPOINT=<name>:<n> ends the process at once when it passes <name>
// the n-th time; VALISE_FAILPOINT_LIST=<file> appends the name of each point that is passed, a
// line each. Without them a point costs one load. Thread safety: any thread.
#pragma once

#include <atomic>
#include <string_view>

namespace valise::failpoint {

// The exit code of a process that ended at its point.
inline constexpr int kExitCode = 77;

namespace internal {
enum class Mode : int { kUnknown, kOff, kOn };
extern std::atomic<Mode> mode;
void PassSlowly(std::string_view name);
}  // namespace internal

inline void Pass(std::string_view name) {
  if (internal::mode.load(std::memory_order_relaxed) != internal::Mode::kOff) {
    internal::PassSlowly(name);
  }
}

// Reads the environment anew and counts from the beginning: for a test that has forked.
void Reload();

}  // namespace valise::failpoint
