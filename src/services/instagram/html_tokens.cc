#include "services/instagram/html_tokens.h"

#include <algorithm>

#include "base/utf8.h"
#include "services/instagram/text.h"

namespace valise::services::instagram {
namespace {

constexpr size_t kMaxEntity = 12;

bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return lower;
}

std::string Plain(std::string_view text) { return UnescapedHtml(ToValidUtf8(text)); }

// Takes one attribute off the front of `rest`; false at the end.
bool NextAttribute(std::string_view& rest, std::string& name, std::string_view& value) {
  const auto skip = [&] {
    while (!rest.empty() && (IsSpace(rest[0]) || rest[0] == '/')) rest.remove_prefix(1);
  };
  skip();
  if (rest.empty()) return false;
  size_t end = rest.find_first_of("= \n\t\r\f/", 1);
  name = Lower(rest.substr(0, end));
  rest.remove_prefix(std::min(end, rest.size()));
  value = {};
  size_t equals = 0;
  while (equals < rest.size() && IsSpace(rest[equals])) ++equals;
  if (equals == rest.size() || rest[equals] != '=') return true;
  rest.remove_prefix(equals + 1);
  while (!rest.empty() && IsSpace(rest[0])) rest.remove_prefix(1);
  const bool quoted = rest.starts_with('"') || rest.starts_with('\'');
  end = quoted ? rest.find(rest[0], 1) : rest.find_first_of(" \n\t\r\f");
  value = rest.substr(quoted ? 1 : 0, quoted && end != std::string_view::npos ? end - 1 : end);
  rest.remove_prefix(std::min(end == std::string_view::npos ? end : end + 1, rest.size()));
  return true;
}

// `tag` is what stands between < and >.
HtmlToken ParseTag(std::string_view tag) {
  HtmlToken token;
  token.kind = tag.starts_with('/') ? HtmlToken::Kind::kClose : HtmlToken::Kind::kOpen;
  if (tag.starts_with('/')) tag.remove_prefix(1);
  const size_t end = tag.find_first_of(" \n\t\r\f/");
  token.name = Lower(tag.substr(0, end));
  tag.remove_prefix(std::min(end, tag.size()));
  std::string name;
  std::string_view value;
  while (token.kind == HtmlToken::Kind::kOpen && NextAttribute(tag, name, value)) {
    if (name == "class") token.css = Plain(value);
    if (name == "href" || name == "src") token.link = Plain(value);
  }
  return token;
}

}  // namespace

Status HtmlTokens::Fill() {
  buffer_.erase(0, at_);
  at_ = 0;
  const size_t before = buffer_.size();
  buffer_.resize(before + chunk_);
  const Result<size_t> got =
      reader_({reinterpret_cast<std::byte*>(buffer_.data()) + before, chunk_});
  buffer_.resize(before + (got ? *got : 0));
  if (!got) return std::unexpected(got.error());
  finished_ = *got == 0;
  return {};
}

// Are `count` bytes there? False at the end of the page.
Result<bool> HtmlTokens::Has(size_t count) {
  while (Rest().size() < count && !finished_) RETURN_IF_ERROR(Fill());
  return Rest().size() >= count;
}

// The place of the tag's >, not one inside quotes; npos when there is none in reach.
Result<size_t> HtmlTokens::EndOfTag() {
  char quote = 0;
  for (size_t i = 1; i < kMaxTag; ++i) {
    ASSIGN_OR_RETURN(const bool has, Has(i + 1));
    if (!has) break;
    const char c = Rest()[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '>') {
      return i;
    } else if ((c == '"' || c == '\'') && Rest()[i - 1] == '=') {
      quote = c;
    }
  }
  return std::string_view::npos;
}

Status HtmlTokens::SkipPast(std::string_view end) {
  while (true) {
    const size_t found = Rest().find(end);
    if (found != std::string_view::npos) {
      at_ += found + end.size();
      return {};
    }
    if (finished_) {
      at_ = buffer_.size();
      return {};
    }
    at_ = buffer_.size() - std::min(end.size(), Rest().size());
    RETURN_IF_ERROR(Fill());
  }
}

HtmlToken HtmlTokens::TakeText(size_t length) {
  HtmlToken token{.kind = HtmlToken::Kind::kText};
  token.text = Plain(Rest().substr(0, length));
  at_ += length;
  return token;
}

// Text up to the next tag, or as much as one token holds; an entity is not parted.
Result<HtmlToken> HtmlTokens::ReadText(bool has_angle) {
  size_t end = has_angle ? 1 : 0;
  while (true) {
    end = std::min(Rest().find('<', end), Rest().size());
    if (end < Rest().size() || finished_ || Rest().size() > kMaxText) break;
    RETURN_IF_ERROR(Fill());
  }
  end = std::min(end, kMaxText);
  const bool cut = end == Rest().size() ? !finished_ : Rest()[end] != '<';
  if (cut) {
    const size_t entity = Rest().substr(0, end).rfind('&');
    if (entity != std::string_view::npos && entity > 0 && end - entity < kMaxEntity) end = entity;
    while (end > 1 && (static_cast<unsigned char>(Rest()[end]) & 0xC0) == 0x80) --end;
  }
  return TakeText(end);
}

Result<HtmlToken> HtmlTokens::Next() {
  while (true) {
    ASSIGN_OR_RETURN(const bool more, Has(1));
    if (!more) return HtmlToken{};
    if (!skipping_.empty()) {
      RETURN_IF_ERROR(SkipPast("</" + skipping_));
      skipping_.clear();
      RETURN_IF_ERROR(SkipPast(">"));
      continue;
    }
    if (Rest()[0] != '<') return ReadText(false);
    ASSIGN_OR_RETURN(const bool has_two, Has(2));
    if (!has_two) return ReadText(true);
    ASSIGN_OR_RETURN(const bool has_four, Has(4));
    if (has_four && Rest().starts_with("<!--")) {
      at_ += 4;
      RETURN_IF_ERROR(SkipPast("-->"));
      continue;
    }
    const char first = Rest()[1];
    if (first == '!' || first == '?') {
      RETURN_IF_ERROR(SkipPast(">"));
      continue;
    }
    if (!IsLetter(first) && first != '/') return ReadText(true);
    ASSIGN_OR_RETURN(const size_t end, EndOfTag());
    if (end == std::string_view::npos) return TakeText(std::min(Rest().size(), kMaxTag));
    HtmlToken token = ParseTag(Rest().substr(1, end - 1));
    at_ += end + 1;
    if (token.kind == HtmlToken::Kind::kOpen && (token.name == "script" || token.name == "style")) {
      skipping_ = token.name;
      continue;
    }
    return token;
  }
}

}  // namespace valise::services::instagram
