#include "bundle/html.h"

#include <fmt/format.h>

#include "base/html.h"

namespace valise::bundle {
namespace {

constexpr std::string_view kLink = "https://";
// What ends an address, and what at its end belongs to the sentence around it.
constexpr std::string_view kOutside = " \t\r\n<>\"'()[]{}|\\^`";
constexpr std::string_view kSentence = ".,;:!?";

}  // namespace

std::string EscapeHtmlWithLinks(std::string_view text) {
  std::string html;
  while (true) {
    const size_t at = text.find(kLink);
    html += EscapeHtml(text.substr(0, at));
    if (at == std::string_view::npos) return html;
    text.remove_prefix(at);
    std::string_view url = text.substr(0, text.find_first_of(kOutside));
    while (kSentence.find(url.back()) != std::string_view::npos) url.remove_suffix(1);
    const std::string safe = EscapeHtml(url);
    html += url.size() > kLink.size() ? fmt::format("<a href=\"{0}\">{0}</a>", safe) : safe;
    text.remove_prefix(url.size());
  }
}

}  // namespace valise::bundle
