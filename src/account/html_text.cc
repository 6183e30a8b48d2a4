#include "account/html_text.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "account/html_references.h"
#include "base/utf8.h"

namespace valise::account {
namespace {

constexpr size_t kMaxReference = 32;  // "&thetasym;" and numbers are much shorter

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsNameEnd(char c) { return IsSpace(c) || c == '/' || c == '>'; }
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool SameName(std::string_view a, std::string_view lower) {
  return std::ranges::equal(a, lower, {}, Lower);
}
template <size_t kSize>
bool IsOneOf(std::string_view name, const std::array<std::string_view, kSize>& names) {
  return std::ranges::any_of(names, [&](std::string_view one) { return SameName(name, one); });
}

constexpr std::array<std::string_view, 2> kParagraphs = {"p", "blockquote"};
constexpr std::array<std::string_view, 16> kBlocks = {
    "div", "li", "ul", "ol", "tr", "table", "h1",      "h2",
    "h3",  "h4", "h5", "h6", "hr", "pre",   "section", "article"};
constexpr std::array<std::string_view, 4> kUnread = {"script", "style", "template", "title"};

// Text with its white space folded: breaks wait until something follows them.
class Folded {
 public:
  void Space() { space_ = true; }
  void Break(size_t lines) { breaks_ = std::max(breaks_, lines); }
  void ExtraBreak() { breaks_ = std::min<size_t>(breaks_ + 1, 2); }
  void Add(std::string_view text) {
    if (!text_.empty() && breaks_ > 0) {
      text_.append(breaks_, '\n');
    } else if (!text_.empty() && space_) {
      text_ += ' ';
    }
    breaks_ = 0;
    space_ = false;
    text_ += text;
  }
  std::string Take() { return std::move(text_); }

 private:
  std::string text_;
  size_t breaks_ = 0;
  bool space_ = false;
};

// The character that "#39", "#x27" or "amp" stands for; 0: none.
char32_t Resolve(std::string_view name) {
  if (!name.starts_with('#')) {
    const auto* found = std::ranges::lower_bound(kHtmlReferences, name, {}, &HtmlReference::name);
    return found != std::end(kHtmlReferences) && found->name == name ? found->character : 0;
  }
  name.remove_prefix(1);
  const bool is_hex = name.starts_with('x') || name.starts_with('X');
  if (is_hex) name.remove_prefix(1);
  uint32_t value = 0;
  const auto [end, error] =
      std::from_chars(name.data(), name.data() + name.size(), value, is_hex ? 16 : 10);
  if (error != std::errc() || end != name.data() + name.size()) return 0;
  const bool is_surrogate = value >= 0xD800 && value <= 0xDFFF;
  const bool is_control = value < 0x20 && value != '\n' && value != '\t';
  return value > 0x10FFFF || is_surrogate || is_control ? 0 : value;
}

class Reader {
 public:
  explicit Reader(std::string_view html) : rest_(html) {}

  std::string Run() {
    while (!rest_.empty()) {
      if (rest_.front() == '<' && IsMarkup()) {
        Markup();
      } else if (rest_.front() == '&') {
        Reference();
      } else if (IsSpace(rest_.front())) {
        to_.Space();
        rest_.remove_prefix(1);
      } else {
        Word();
      }
    }
    return to_.Take();
  }

 private:
  // "a < b" is text.
  bool IsMarkup() const {
    if (rest_.size() < 2) return false;
    const char next = rest_[1];
    return IsLetter(next) || next == '/' || next == '!' || next == '?';
  }

  void Word() {
    const auto end = std::find_if(rest_.begin() + 1, rest_.end(),
                                  [](char c) { return c == '<' || c == '&' || IsSpace(c); });
    const auto length = static_cast<size_t>(end - rest_.begin());
    to_.Add(rest_.substr(0, length));
    rest_.remove_prefix(length);
  }

  void Reference() {
    const size_t end = rest_.substr(0, kMaxReference).find(';');
    const char32_t character =
        end == std::string_view::npos ? 0 : Resolve(rest_.substr(1, end - 1));
    if (character == 0) {
      to_.Add("&");
      rest_.remove_prefix(1);
      return;
    }
    rest_.remove_prefix(end + 1);
    if (character < 0x80 && IsSpace(static_cast<char>(character))) return to_.Space();
    std::string text;
    AppendUtf8(text, character);
    to_.Add(text);
  }

  void Markup() {
    if (rest_.starts_with("<!--")) return SkipPast("-->");
    if (rest_[1] == '!' || rest_[1] == '?') return SkipPast(">");
    const bool closes = rest_[1] == '/';
    rest_.remove_prefix(closes ? 2 : 1);
    const auto name_end =
        static_cast<size_t>(std::ranges::find_if(rest_, IsNameEnd) - rest_.begin());
    const std::string_view name = rest_.substr(0, name_end);
    rest_.remove_prefix(name_end);
    SkipAttributes();
    if (!closes && IsOneOf(name, kUnread)) return SkipElement(name);
    if (SameName(name, "br")) return to_.ExtraBreak();
    if (IsOneOf(name, kParagraphs)) return to_.Break(2);
    if (IsOneOf(name, kBlocks)) to_.Break(1);
  }

  // Up to and with the '>' that stands in no quotes.
  void SkipAttributes() {
    char quote = 0;
    for (size_t i = 0; i < rest_.size(); ++i) {
      const char c = rest_[i];
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '>') {
        rest_.remove_prefix(i + 1);
        return;
      }
    }
    rest_ = {};
  }

  void SkipPast(std::string_view end) {
    const size_t found = rest_.find(end);
    rest_.remove_prefix(found == std::string_view::npos ? rest_.size() : found + end.size());
  }

  // What is in it is not text for people.
  void SkipElement(std::string_view name) {
    while (!rest_.empty()) {
      SkipPast("</");
      if (rest_.size() < name.size() ||
          !std::ranges::equal(rest_.substr(0, name.size()), name, {}, Lower, Lower)) {
        continue;
      }
      return SkipPast(">");
    }
  }

  std::string_view rest_;
  Folded to_;
};

}  // namespace

std::string HtmlToText(std::string_view html) { return Reader(html).Run(); }

}  // namespace valise::account
