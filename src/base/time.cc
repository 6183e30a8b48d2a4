#include "base/time.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "base/file.h"

namespace valise {
namespace {

using std::chrono::days;
using std::chrono::floor;

void AppendPadded(std::string& to, int value, int width) {
  char digits[8];
  for (int i = width - 1; i >= 0; --i, value /= 10) digits[i] = static_cast<char>('0' + value % 10);
  to.append(digits, static_cast<size_t>(width));
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  bool Done() const { return at_ == text_.size(); }
  char Peek() const { return Done() ? '\0' : text_[at_]; }
  bool Take(char c) {
    if (Peek() != c) return false;
    ++at_;
    return true;
  }
  bool Digits(int width, int& value) {
    value = 0;
    for (int i = 0; i < width; ++i, ++at_) {
      if (Peek() < '0' || Peek() > '9') return false;
      value = value * 10 + (Peek() - '0');
    }
    return true;
  }
  int Fraction() {  // milliseconds; further digits are read and dropped
    int value = 0;
    int seen = 0;
    for (; Peek() >= '0' && Peek() <= '9'; ++at_, ++seen) {
      if (seen < 3) value = value * 10 + (Peek() - '0');
    }
    for (; seen < 3; ++seen) value *= 10;
    return value;
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
};

bool ScanDate(Scanner& in, CivilTime& c) {
  return in.Digits(4, c.year) && in.Take('-') && in.Digits(2, c.month) && in.Take('-') &&
         in.Digits(2, c.day) && c.month >= 1 && c.month <= 12 && c.day >= 1 && c.day <= 31;
}

bool ScanClock(Scanner& in, CivilTime& c) {
  if (!in.Digits(2, c.hour) || !in.Take(':') || !in.Digits(2, c.minute) || !in.Take(':') ||
      !in.Digits(2, c.second)) {
    return false;
  }
  if (in.Take('.')) c.millisecond = in.Fraction();
  return c.hour <= 23 && c.minute <= 59 && c.second <= 60;
}

bool ScanOffset(Scanner& in, int& minutes) {
  minutes = 0;
  if (in.Take('Z') || in.Take('z')) return true;
  const int sign = in.Take('-') ? -1 : in.Take('+') ? 1 : 0;
  int hour = 0;
  int minute = 0;
  if (sign == 0 || !in.Digits(2, hour) || !in.Take(':') || !in.Digits(2, minute)) return false;
  minutes = sign * (hour * 60 + minute);
  return hour <= 23 && minute <= 59;
}

}  // namespace

int64_t ToSeconds(Timestamp t) { return floor<std::chrono::seconds>(t).time_since_epoch().count(); }

CivilTime ToCivil(Timestamp t) {
  const auto day = floor<days>(t);
  const std::chrono::year_month_day date{day};
  const auto rest = t - day;
  CivilTime c;
  c.year = static_cast<int>(date.year());
  c.month = static_cast<int>(static_cast<unsigned>(date.month()));
  c.day = static_cast<int>(static_cast<unsigned>(date.day()));
  const auto ms = rest.count();
  c.hour = static_cast<int>(ms / 3'600'000);
  c.minute = static_cast<int>(ms / 60'000 % 60);
  c.second = static_cast<int>(ms / 1000 % 60);
  c.millisecond = static_cast<int>(ms % 1000);
  return c;
}

Timestamp FromCivil(const CivilTime& c) {
  const std::chrono::year_month_day date{std::chrono::year{c.year},
                                         std::chrono::month{static_cast<unsigned>(c.month)},
                                         std::chrono::day{static_cast<unsigned>(c.day)}};
  return Timestamp{std::chrono::sys_days{date}} + std::chrono::hours{c.hour} +
         std::chrono::minutes{c.minute} + std::chrono::seconds{c.second} +
         std::chrono::milliseconds{c.millisecond};
}

void AppendTime(std::string& to, Timestamp t) {
  static const int64_t kFirst = ToMillis(FromCivil({.year = 0}));
  static const int64_t kLast = ToMillis(FromCivil({.year = 10000})) - 1;
  const CivilTime c = ToCivil(FromMillis(std::clamp(ToMillis(t), kFirst, kLast)));
  AppendPadded(to, c.year, 4);
  to += '-';
  AppendPadded(to, c.month, 2);
  to += '-';
  AppendPadded(to, c.day, 2);
  to += 'T';
  AppendPadded(to, c.hour, 2);
  to += ':';
  AppendPadded(to, c.minute, 2);
  to += ':';
  AppendPadded(to, c.second, 2);
  if (c.millisecond != 0) {
    to += '.';
    AppendPadded(to, c.millisecond, 3);
  }
  to += 'Z';
}

std::string FormatTime(Timestamp t) {
  std::string text;
  AppendTime(text, t);
  return text;
}

Result<Timestamp> ParseTime(std::string_view text) {
  Scanner in(text);
  CivilTime c;
  int offset_minutes = 0;
  if (!ScanDate(in, c) || !(in.Take('T') || in.Take('t') || in.Take(' ')) || !ScanClock(in, c) ||
      !ScanOffset(in, offset_minutes) || !in.Done()) {
    return Fail(ErrorCode::kInvalidArgument, "not an RFC 3339 time");
  }
  return FromCivil(c) - std::chrono::minutes{offset_minutes};
}

Timestamp SystemClock::Now() const {
  return floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

ProcessClock::ProcessClock() {
  if (const char* file = std::getenv("VALISE_TEST_CLOCK"); file != nullptr) offset_file_ = file;
}

Timestamp ProcessClock::Now() const {
  const Timestamp now = SystemClock().Now();
  if (offset_file_.empty()) return now;
  int64_t seconds = 0;
  if (const auto text = ReadFile(offset_file_, 100); text.has_value()) {
    std::from_chars(text->data(), text->data() + text->size(), seconds);
  }
  return now + std::chrono::seconds{seconds};
}

}  // namespace valise
