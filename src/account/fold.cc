// The definition is docs/formats/fold.md; ui/src/fold.ts follows the same text.
#include "account/fold.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <span>

#include "base/result.h"
#include "base/utf8.h"

namespace valise::account {
namespace {

constexpr size_t kMaxTokenCodePoints = 64;

struct Range {
  char32_t first;
  char32_t last;
};

// Sorted. Light marks and invisible code points (fold.md, step 3).
constexpr Range kDropped[] = {
    {0x00AD, 0x00AD}, {0x0300, 0x036F}, {0x0483, 0x0489},   {0x0591, 0x05BD},   {0x05BF, 0x05BF},
    {0x05C1, 0x05C2}, {0x05C4, 0x05C5}, {0x05C7, 0x05C7},   {0x0610, 0x061A},   {0x061C, 0x061C},
    {0x0640, 0x0640}, {0x064B, 0x065F}, {0x0670, 0x0670},   {0x06D6, 0x06DC},   {0x06DF, 0x06E4},
    {0x06E7, 0x06E8}, {0x06EA, 0x06ED}, {0x180B, 0x180F},   {0x1AB0, 0x1AFF},   {0x1DC0, 0x1DFF},
    {0x200B, 0x200F}, {0x202A, 0x202E}, {0x2060, 0x206F},   {0x20D0, 0x20FF},   {0xFE00, 0xFE0F},
    {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0x1F3FB, 0x1F3FF}, {0xE0000, 0xE0FFF},
};

// Sorted. Scripts written without spaces.
constexpr Range kUnspacedScripts[] = {
    {0x0E00, 0x0EFF}, {0x1000, 0x109F},   {0x1780, 0x17FF}, {0x3005, 0x3006}, {0x3031, 0x3035},
    {0x303B, 0x303C}, {0x3041, 0x3096},   {0x309D, 0x309F}, {0x30A1, 0x30FA}, {0x30FC, 0x30FF},
    {0x31F0, 0x31FF}, {0x3400, 0x4DBF},   {0x4E00, 0x9FFF}, {0xA9E0, 0xA9FF}, {0xAA60, 0xAA7F},
    {0xF900, 0xFAFF}, {0x20000, 0x323AF},
};

bool In(std::span<const Range> ranges, char32_t c) {
  const auto after = std::upper_bound(ranges.begin(), ranges.end(), c,
                                      [](char32_t value, Range r) { return value < r.first; });
  return after != ranges.begin() && c <= std::prev(after)->last;
}

bool IsSpace(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == ' ' || c == 0x85 || c == 0x1680 || c == 0x2028 ||
         c == 0x2029;
}

// Appends with runs of white space made one, none in front; the caller cuts one at the end.
void AppendSpaced(std::string& to, char32_t c) {
  if (!IsSpace(c)) {
    AppendUtf8(to, c);
  } else if (!to.empty() && to.back() != ' ') {
    to += ' ';
  }
}

std::string_view Spelled(char32_t lower) {
  switch (lower) {
    case U'ß':
      return "ss";
    case U'æ':
      return "ae";
    case U'œ':
      return "oe";
    case U'ø':
      return "o";
    case U'ł':
      return "l";
    case U'đ':
      return "d";
    case U'ı':
      return "i";
    case U'ς':
      return "σ";
    default:
      return {};
  }
}

using CodePoints = std::vector<utf8proc_int32_t>;

// Step 2. REQUIRES: valid UTF-8.
CodePoints Decompose(std::string_view text) {
  constexpr auto kOptions = static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT);
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const auto size = static_cast<utf8proc_ssize_t>(text.size());
  CodePoints points(text.size() + 32);
  auto count = utf8proc_decompose(bytes, size, points.data(),
                                  static_cast<utf8proc_ssize_t>(points.size()), kOptions);
  CHECK(count >= 0);
  if (static_cast<size_t>(count) > points.size()) {
    points.resize(static_cast<size_t>(count));
    count = utf8proc_decompose(bytes, size, points.data(), count, kOptions);
    CHECK(count >= 0);
  }
  points.resize(static_cast<size_t>(count));
  return points;
}

// Step 3.
CodePoints Lighten(const CodePoints& points) {
  CodePoints kept;
  kept.reserve(points.size() + 8);
  for (const utf8proc_int32_t point : points) {
    if (In(kDropped, static_cast<char32_t>(point))) continue;
    const utf8proc_int32_t lower = utf8proc_tolower(point);
    const std::string_view spelled = Spelled(static_cast<char32_t>(lower));
    if (spelled.empty()) {
      kept.push_back(lower);
      continue;
    }
    for (size_t at = 0; at < spelled.size();) {
      kept.push_back(static_cast<utf8proc_int32_t>(NextCodePoint(spelled, at)));
    }
  }
  return kept;
}

std::string FoldAscii(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  for (const char c : text) {
    AppendSpaced(folded, static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c + 32 : c));
  }
  return folded;
}

std::string FoldWide(std::string_view text) {
  CodePoints points = Lighten(Decompose(text));
  const auto count =
      utf8proc_normalize_utf32(points.data(), static_cast<utf8proc_ssize_t>(points.size()),
                               static_cast<utf8proc_option_t>(UTF8PROC_COMPOSE | UTF8PROC_STABLE));
  CHECK(count >= 0);
  std::string folded;
  folded.reserve(text.size());
  for (const auto point : std::span(points).first(static_cast<size_t>(count))) {
    AppendSpaced(folded, static_cast<char32_t>(point));
  }
  return folded;
}

enum class Class { kSeparator, kWord, kMark, kUnspaced, kEmoji, kRegional };

Class ClassOf(char32_t c) {
  if (c < 0x80) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    return word ? Class::kWord : Class::kSeparator;
  }
  if (c >= 0x1F1E6 && c <= 0x1F1FF) return Class::kRegional;
  const utf8proc_property_t* property = utf8proc_get_property(static_cast<utf8proc_int32_t>(c));
  if (property->boundclass == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC) return Class::kEmoji;
  const auto category = static_cast<utf8proc_category_t>(property->category);
  if (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) {
    return In(kUnspacedScripts, c) ? Class::kUnspaced : Class::kWord;
  }
  if (category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME) return Class::kMark;
  const bool number = category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO;
  return number ? Class::kWord : Class::kSeparator;
}

// Takes folded text code point by code point and makes tokens.
class Tokenizer {
 public:
  void Take(Class kind, std::string_view bytes) {
    switch (kind) {
      case Class::kSeparator:
        return End();
      case Class::kWord:
        if (!units_.empty()) End();
        return Extend(bytes);
      case Class::kMark:
        if (!units_.empty()) {
          units_.back() += bytes;
        } else if (!word_.empty()) {
          Extend(bytes);
        }
        return;
      case Class::kUnspaced:
        if (!word_.empty()) End();
        units_.emplace_back(bytes);
        return;
      case Class::kEmoji:
        End();
        tokens_.emplace_back(bytes);
        return;
      case Class::kRegional:
        return Regional(bytes);
    }
  }

  std::vector<std::string> Finish() {
    End();
    return std::move(tokens_);
  }

 private:
  void Extend(std::string_view bytes) {
    if (++word_length_ <= kMaxTokenCodePoints) word_ += bytes;
  }
  void Regional(std::string_view bytes) {
    const bool second = half_flag_;
    End();
    if (second) {
      tokens_.back() += bytes;
    } else {
      tokens_.emplace_back(bytes);
    }
    half_flag_ = !second;
  }
  void End() {
    half_flag_ = false;
    if (!word_.empty()) tokens_.push_back(std::move(word_));
    word_.clear();
    word_length_ = 0;
    if (units_.size() == 1) tokens_.push_back(Cut(units_[0]));
    for (size_t i = 1; i < units_.size(); ++i) tokens_.push_back(Cut(units_[i - 1] + units_[i]));
    units_.clear();
  }
  static std::string Cut(std::string text) {
    size_t at = 0;
    for (size_t n = 0; n < kMaxTokenCodePoints && at < text.size(); ++n) NextCodePoint(text, at);
    text.resize(at);
    return text;
  }

  std::vector<std::string> tokens_;
  std::string word_;
  size_t word_length_ = 0;
  std::vector<std::string> units_;
  bool half_flag_ = false;  // the last token is a single regional indicator
};

}  // namespace

std::string Fold(std::string_view text) {
  const bool ascii = std::all_of(text.begin(), text.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  std::string folded;
  if (ascii) {
    folded = FoldAscii(text);
  } else if (IsUtf8(text)) {
    folded = FoldWide(text);
  } else {
    folded = FoldWide(ToValidUtf8(text));
  }
  if (!folded.empty() && folded.back() == ' ') folded.pop_back();
  return folded;
}

std::vector<std::string> Tokens(std::string_view text) {
  const std::string folded = Fold(text);
  const std::string_view view = folded;
  Tokenizer tokenizer;
  for (size_t at = 0; at < view.size();) {
    const size_t begin = at;
    const char32_t c = NextCodePoint(view, at);
    tokenizer.Take(ClassOf(c), view.substr(begin, at - begin));
  }
  return tokenizer.Finish();
}

}  // namespace valise::account
