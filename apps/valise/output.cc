#include "output.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "base/json_writer.h"

namespace valise::app {
namespace {

using std::chrono::duration;
using std::chrono::steady_clock;

constexpr size_t kBarWidth = 24;

std::string HumanDuration(double seconds) {
  const auto s = static_cast<uint64_t>(seconds + 0.5);
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{} min {:02} s", s / 60, s % 60);
  return fmt::format("{} h {:02} min", s / 3600, s / 60 % 60);
}

size_t TerminalWidth() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

std::string HumanBytes(uint64_t bytes) {
  static constexpr std::array<std::string_view, 5> kUnits{"bytes", "kB", "MB", "GB", "TB"};
  if (bytes < 1000) return fmt::format("{} bytes", bytes);
  auto value = static_cast<double>(bytes);
  size_t unit = 0;
  while (value >= 999.5 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  return value < 10 ? fmt::format("{:.1f} {}", value, kUnits[unit])
                    : fmt::format("{:.0f} {}", value, kUnits[unit]);
}

std::string HumanCount(uint64_t count) {
  std::string digits = std::to_string(count);
  for (size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string Plural(uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", HumanCount(count), count == 1 ? one : many);
}

void PrintError(const Context& context, const Error& error) {
  fmt::print(stderr, "valise: {}\n", error.message);
  if (!context.json) return;
  JsonWriter json;
  json.BeginObject().Name("error").BeginObject();
  json.Member("code", CodeName(error.code)).Member("message", error.message);
  json.EndObject().EndObject();
  PrintJson(json.text());
}

void PrintJson(std::string_view json) { Say(json); }

void Say(std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fputc('\n', stdout);
  // Who reads may have gone (`| head`): then the rest is not wanted, and the work goes on.
  if (std::fflush(stdout) == 0 || errno == EPIPE) return;
  fmt::print(stderr, "valise: {}\n", ErrnoError("write the output").message);
  std::exit(kUnavailable);
}

Progress::Progress(const Context& context)
    : enabled_(!context.quiet && isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() { Clear(); }

void Progress::Clear() {
  const std::lock_guard lock(mutex_);
  if (on_screen_) fmt::print(stderr, "\r\x1b[K");
  on_screen_ = false;
}

void Progress::Update(std::string_view what, Unit unit, uint64_t done, uint64_t total,
                      std::string_view extra) {
  if (!enabled_) return;
  const std::lock_guard lock(mutex_);
  const auto now = steady_clock::now();
  if (phase_ != what) {
    phase_ = what;
    phase_start_ = now;
  } else if (now - drawn_ < std::chrono::milliseconds{100}) {
    return;
  }
  drawn_ = now;
  on_screen_ = true;
  const double seconds = duration<double>(now - phase_start_).count();
  const double share =
      total == 0 ? 0 : std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
  const double rate = seconds > 0.2 ? static_cast<double>(done) / seconds : 0;
  const auto amount = [&](uint64_t n) {
    return unit == Unit::kBytes ? HumanBytes(n) : HumanCount(n);
  };
  const auto filled = static_cast<size_t>(share * kBarWidth);
  std::string line = fmt::format("{} [{:#<{}}{:.<{}}] {} of {}", what, "", filled, "",
                                 kBarWidth - filled, amount(done), amount(total));
  if (!extra.empty()) line += fmt::format(", {}", extra);
  if (rate > 0) {
    line += fmt::format(", {}/s, {} left", amount(static_cast<uint64_t>(rate)),
                        HumanDuration(static_cast<double>(total - std::min(done, total)) / rate));
  }
  fmt::print(stderr, "\r{}\x1b[K", line.substr(0, TerminalWidth() - 1));
  std::fflush(stderr);
}

}  // namespace valise::app
