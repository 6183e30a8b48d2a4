#include "zip/dos_time.h"

#include <algorithm>
#include <chrono>

namespace valise::zip {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr int64_t kDay = 86'400;
constexpr int64_t kFirst = 315'532'800;   // 1980-01-01 00:00:00
constexpr int64_t kLast = 4'354'819'198;  // 2107-12-31 23:59:58

}  // namespace

DosTime ToDosTime(int64_t unix_seconds) {
  const int64_t t = std::clamp(unix_seconds, kFirst, kLast);
  const year_month_day date{sys_days{std::chrono::days{t / kDay}}};
  const int64_t s = t % kDay;
  return {.time = static_cast<uint16_t>(s / 3600 * 2048 + s / 60 % 60 * 32 + s % 60 / 2),
          .date = static_cast<uint16_t>((static_cast<int>(date.year()) - 1980) * 512 +
                                        static_cast<unsigned>(date.month()) * 32 +
                                        static_cast<unsigned>(date.day()))};
}

int64_t FromDosTime(DosTime dos) {
  const unsigned m = std::clamp(dos.date >> 5 & 15u, 1u, 12u);
  const unsigned d = std::max(dos.date & 31u, 1u);
  const sys_days days =
      sys_days{year{1980 + (dos.date >> 9)} / month{m} / day{1}} + std::chrono::days{d - 1};
  const int64_t hour = std::min(dos.time >> 11, 23);
  const int64_t minute = std::min(dos.time >> 5 & 63, 59);
  const int64_t second = std::min((dos.time & 31) * 2, 59);
  return days.time_since_epoch().count() * kDay + hour * 3600 + minute * 60 + second;
}

}  // namespace valise::zip
