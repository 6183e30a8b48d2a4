// The log: one line an event on stderr, key=value, levels error warn info debug.
//
// Only jobs, mail, web and apps log; the rooms below return Results. Never in a log: texts, names,
// tokens, addresses, file names from archives. Thread safety: from any thread.
#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace valise::log {

enum class Level { kDebug, kInfo, kWarn, kError };

// Default kInfo.
void SetLevel(Level level);
void Write(Level level, std::string_view line);

template <typename... Args>
void Info(fmt::format_string<Args...> format, Args&&... args) {
  Write(Level::kInfo, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void Warn(fmt::format_string<Args...> format, Args&&... args) {
  Write(Level::kWarn, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void Error(fmt::format_string<Args...> format, Args&&... args) {
  Write(Level::kError, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void Debug(fmt::format_string<Args...> format, Args&&... args) {
  Write(Level::kDebug, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace valise::log
