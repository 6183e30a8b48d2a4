// Markup: HTML that is put together so that no member's text can become HTML by accident.
//
// H("<b>{}</b>", text) escapes every text it is given; only Markup goes in as it is. Thread safety:
// plain values, pure functions.
#pragma once

#include <fmt/format.h>

#include <concepts>
#include <string>
#include <string_view>
#include <utility>

#include "base/html.h"

namespace valise::host {

struct Markup {
  std::string html;
  Markup& operator+=(const Markup& more) {
    html += more.html;
    return *this;
  }
};

inline std::string Safe(std::string_view text) { return EscapeHtml(text); }
inline std::string_view Safe(const Markup& markup) { return markup.html; }
template <std::integral T>
T Safe(T number) {
  return number;
}
template <typename T>
using SafeOf = decltype(Safe(std::declval<const T&>()));

template <typename... Args>
Markup H(fmt::format_string<SafeOf<Args>...> format, const Args&... args) {
  return Markup{fmt::format(format, Safe(args)...)};
}

}  // namespace valise::host
