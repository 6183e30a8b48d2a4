// Points in time, always UTC, in milliseconds; and the clock as a port, so that tests can move it.
//
// g++ 12's <chrono> has no calendar formatting, hence the two functions for RFC 3339.
// Thread safety: plain values; every Clock may be used from any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace valise {

using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

inline Timestamp FromMillis(int64_t ms) { return Timestamp{std::chrono::milliseconds{ms}}; }
inline Timestamp FromSeconds(int64_t s) { return Timestamp{std::chrono::seconds{s}}; }
inline int64_t ToMillis(Timestamp t) { return t.time_since_epoch().count(); }
// Seconds since 1970, rounded down (also before 1970).
int64_t ToSeconds(Timestamp t);

// RFC 3339 in UTC: "2024-07-07T20:35:31Z", with milliseconds only when they are not zero
// ("2021-11-26T13:36:07.934Z"). Years 0000–9999; others are clamped.
std::string FormatTime(Timestamp t);
void AppendTime(std::string& to, Timestamp t);
// Reads RFC 3339; digits of a fraction after the third are dropped, offsets are applied.
// Errors: kInvalidArgument.
Result<Timestamp> ParseTime(std::string_view text);

struct CivilTime {
  int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, millisecond = 0;
};
CivilTime ToCivil(Timestamp t);
Timestamp FromCivil(const CivilTime& c);

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp Now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Timestamp Now() const override;
};

// The clock of a whole process: the system's. For tests only, the environment variable
// VALISE_TEST_CLOCK may name a file that holds a number of seconds by which this clock is ahead; it
// is read again and again, so that several processes move together while they run.
class ProcessClock final : public Clock {
 public:
  ProcessClock();
  Timestamp Now() const override;

 private:
  std::string offset_file_;  // empty: none
};

// Stands still until it is set.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Timestamp now) : now_ms_(ToMillis(now)) {}
  Timestamp Now() const override { return FromMillis(now_ms_.load()); }
  void Set(Timestamp now) { now_ms_ = ToMillis(now); }
  void Advance(std::chrono::milliseconds by) { now_ms_ += by.count(); }

 private:
  std::atomic<int64_t> now_ms_;
};

}  // namespace valise
