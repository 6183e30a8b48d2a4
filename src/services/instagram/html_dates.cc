#include "services/instagram/html_dates.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "account/fold.h"

namespace valise::services::instagram {
namespace {

constexpr size_t kMaxDate = 64;
constexpr size_t kMinPrefix = 3;

// Folded names of the months; a word is one when it is a prefix of at least three letters.
struct Month {
  int month;
  std::string_view names;  // separated by spaces
};
constexpr std::array<Month, 12> kMonths = {{
    {1, "january janvier gennaio enero januar januari janeiro janner styczen"},
    {2, "february fevrier febbraio febrero februar februari fevereiro luty"},
    {3, "march mars marzo marz maart mrt marco marzec"},
    {4, "april avril aprile abril kwiecien"},
    {5, "may mai maggio mayo mei maio maj"},
    {6, "june juin giugno junio juni junho czerwiec"},
    {7, "july juillet luglio julio juli julho lipiec"},
    {8, "august aout agosto augustus augusti sierpien"},
    {9, "september septembre settembre septiembre setembro setiembre wrzesien"},
    {10, "october octobre ottobre octubre oktober outubro pazdziernik"},
    {11, "november novembre noviembre novembro listopad"},
    {12, "december decembre dicembre diciembre dezember dezembro grudzien"},
}};

// Words between the parts of a date.
constexpr std::array<std::string_view, 12> kFiller = {"de", "del", "at",   "a",   "um", "om",
                                                      "la", "las", "alle", "ore", "as", "uhr"};

// The month that a folded word names; 0: none. Where a prefix fits two months ("jui"), the word is
// too short.
int MonthOf(std::string_view word) {
  if (word.size() < kMinPrefix) return 0;
  int found = 0;
  for (const Month& month : kMonths) {
    std::string_view names = month.names;
    while (!names.empty()) {
      const std::string_view name = names.substr(0, names.find(' '));
      names.remove_prefix(std::min(name.size() + 1, names.size()));
      if (name == word) return month.month;
      if (!name.starts_with(word)) continue;
      if (found != 0 && found != month.month) return 0;
      found = month.month;
    }
  }
  return found;
}

struct Parts {
  std::vector<int> numbers;  // that are no time of day
  std::vector<size_t> digits;
  int month = 0;
  int hour = -1, minute = 0, second = 0;
  int half = 0;  // 1: am, 2: pm
  bool wrong = false;
};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsHigh(char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; }
bool IsWordByte(char c) { return (c >= 'a' && c <= 'z') || IsHigh(c); }

// Canadian French: "16 h 17" is 16:17.
void SkipHourSign(std::string_view& rest) {
  std::string_view after = rest;
  while (after.starts_with(' ')) after.remove_prefix(1);
  if (!after.starts_with('h')) return;
  after.remove_prefix(1);
  while (after.starts_with(' ')) after.remove_prefix(1);
  if (!after.empty() && IsDigit(after[0])) rest = after;
}

// "16:17", "16:17:05", "16 h 17" or a plain number.
void TakeNumber(std::string_view& rest, Parts& to) {
  const auto number = [&] {
    int value = 0;
    size_t length = 0;
    while (!rest.empty() && IsDigit(rest[0]) && length < 4) {
      value = value * 10 + (rest[0] - '0');
      rest.remove_prefix(1);
      ++length;
    }
    return std::pair(value, length);
  };
  const auto [value, length] = number();
  const size_t before = rest.size();
  SkipHourSign(rest);
  const bool by_sign = rest.size() < before;
  const bool is_time = by_sign || (rest.size() > 1 && rest[0] == ':' && IsDigit(rest[1]));
  if (!is_time) {
    to.numbers.push_back(value);
    to.digits.push_back(length);
    return;
  }
  if (to.hour >= 0) to.wrong = true;
  to.hour = value;
  if (!by_sign) rest.remove_prefix(1);
  to.minute = number().first;
  if (rest.size() > 1 && rest[0] == ':' && IsDigit(rest[1])) {
    rest.remove_prefix(1);
    to.second = number().first;
  }
}

void TakeWord(std::string_view word, Parts& to) {
  if (word == "am" || word == "上午" || word == "午前") {
    to.half = 1;
  } else if (word == "pm" || word == "下午" || word == "午後") {
    to.half = 2;
  } else if (word == "年" || word == "月" || word == "日" ||
             std::ranges::find(kFiller, word) != kFiller.end()) {
    return;
  } else if (const int month = MonthOf(word); month != 0 && to.month == 0) {
    to.month = month;
  } else {
    to.wrong = true;
  }
}

// The folded text without the dots of abbreviations ("p.m." → "pm").
std::string Prepared(std::string_view text) {
  std::string folded = account::Fold(text);
  std::string plain;
  for (size_t i = 0; i < folded.size(); ++i) {
    const bool after_word = i > 0 && IsWordByte(folded[i - 1]);
    if (folded[i] == '.' && after_word) {
      // "p. m." too
      const bool half = folded.compare(i, 3, ". m") == 0;
      if (half) ++i;
      continue;
    }
    plain += folded[i];
  }
  return plain;
}

Parts Split(std::string_view rest) {
  Parts parts;
  while (!rest.empty() && !parts.wrong) {
    if (IsDigit(rest[0])) {
      TakeNumber(rest, parts);
    } else if (IsWordByte(rest[0])) {
      size_t end = 0;
      while (end < rest.size() && IsWordByte(rest[end])) ++end;
      TakeWord(rest.substr(0, end), parts);
      rest.remove_prefix(end);
    } else {
      rest.remove_prefix(1);
    }
  }
  return parts;
}

bool SetDay(const Parts& parts, CivilTime& to) {
  const auto is_year = [&](size_t i) { return parts.digits[i] == 4; };
  const std::vector<int>& n = parts.numbers;
  if (parts.month != 0 && n.size() == 2 && is_year(0) != is_year(1)) {
    to.year = is_year(0) ? n[0] : n[1];
    to.day = is_year(0) ? n[1] : n[0];
    to.month = parts.month;
  } else if (parts.month == 0 && n.size() == 3 && is_year(0)) {
    to.year = n[0];
    to.month = n[1];
    to.day = n[2];
  } else {
    return false;
  }
  return to.year >= 2000 && to.month >= 1 && to.month <= 12 && to.day >= 1 && to.day <= 31;
}

std::optional<Timestamp> Parse(std::string_view text, bool with_hour) {
  if (text.size() < 8 || text.size() > kMaxDate) return std::nullopt;
  const Parts parts = Split(Prepared(text));
  CivilTime civil;
  if (parts.wrong || !SetDay(parts, civil)) return std::nullopt;
  if (with_hour && parts.hour < 0) return std::nullopt;
  if (parts.hour >= 0) {
    civil.hour = parts.half == 0 ? parts.hour : parts.hour % 12 + (parts.half == 2 ? 12 : 0);
    civil.minute = parts.minute;
    civil.second = parts.second;
  }
  if (civil.hour > 23 || civil.minute > 59 || civil.second > 59) return std::nullopt;
  return FromCivil(civil);
}

}  // namespace

std::optional<Timestamp> ParseShownDate(std::string_view text) { return Parse(text, false); }

std::optional<Timestamp> ParseShownMoment(std::string_view text) { return Parse(text, true); }

}  // namespace valise::services::instagram
