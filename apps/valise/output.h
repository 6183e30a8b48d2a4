// How the commands speak: sizes, numbers, errors, a progress bar. Words go to stderr or, without
// --json, results to stdout.
//
// Thread safety: Progress may be told from any thread; the rest belongs to the main thread.
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"
#include "context.h"

namespace valise::app {

// "11.4 GB", "300 kB", "17 bytes" (decimal units, as shops sell them).
std::string HumanBytes(uint64_t bytes);
// "38,204".
std::string HumanCount(uint64_t count);
// "1 file", "3 files".
std::string Plural(uint64_t count, std::string_view one, std::string_view many);

// A sentence on stderr; with --json also {"error":{"code","message"}} on stdout.
void PrintError(const Context& context, const Error& error);
// A result's JSON object, one line on stdout.
void PrintJson(std::string_view json);
// A line on stdout.
void Say(std::string_view line);

// A progress line on stderr when that is a terminal: what, a bar, amounts, rate, time left.
// Otherwise silent.
class Progress {
 public:
  explicit Progress(const Context& context);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  enum class Unit { kBytes, kItems };
  // Redraws at most ten times a second. `extra` stands behind the amounts ("412 of 10,000 files").
  void Update(std::string_view what, Unit unit, uint64_t done, uint64_t total,
              std::string_view extra = {});
  // Wipes the line.
  void Clear();

 private:
  bool enabled_;
  std::mutex mutex_;
  std::string phase_;
  std::chrono::steady_clock::time_point phase_start_{};
  std::chrono::steady_clock::time_point drawn_{};
  bool on_screen_ = false;
};

}  // namespace valise::app
