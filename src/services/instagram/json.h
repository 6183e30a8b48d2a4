// simdjson's on-demand reader, with the few helpers that all readers of this room share.
//
// Values are read forward, once. A value of another type than expected is passed over; broken JSON
// is an error that ends the element. Thread safety: a parser belongs to one thread.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/time.h"
#include "services/instagram/text.h"

namespace valise::services::instagram {

namespace od = simdjson::ondemand;
using JsonError = simdjson::error_code;

// An error of reading `value` as some type: success when it is merely of another one, so that it is
// passed over; an error when it is no JSON value at all (`__phonenumber`).
inline JsonError UnlessType(JsonError error, od::value value) {
  if (error == simdjson::NUMBER_OUT_OF_RANGE) return simdjson::SUCCESS;
  if (error != simdjson::INCORRECT_TYPE) return error;
  od::json_type type;
  return value.type().get(type);
}

// Calls read(name, value) for each member; stops at the first error.
template <typename Read>
JsonError EachMember(od::object object, Read&& read) {
  for (auto&& item : object) {
    od::field field;
    std::string_view name;
    if (const JsonError error = std::move(item).get(field)) return error;
    if (const JsonError error = field.unescaped_key().get(name)) return error;
    if (const JsonError error = read(name, field.value())) return error;
  }
  return simdjson::SUCCESS;
}
template <typename Read>
JsonError EachMember(od::value value, Read&& read) {
  od::object object;
  if (const JsonError error = value.get_object().get(object)) return UnlessType(error, value);
  return EachMember(object, std::forward<Read>(read));
}

// Calls read(value) for each element of an array.
template <typename Read>
JsonError EachElement(od::value value, Read&& read) {
  od::array array;
  if (const JsonError error = value.get_array().get(array)) return UnlessType(error, value);
  for (auto&& item : array) {
    od::value element;
    if (const JsonError error = std::move(item).get(element)) return error;
    if (const JsonError error = read(element)) return error;
  }
  return simdjson::SUCCESS;
}

// Text as it is, and repaired (text.h).
inline JsonError ReadRaw(od::value value, std::string& to) {
  std::string_view text;
  if (const JsonError error = value.get_string().get(text)) return UnlessType(error, value);
  to.assign(text);
  return simdjson::SUCCESS;
}
inline JsonError ReadText(od::value value, std::string& to) {
  std::string_view text;
  if (const JsonError error = value.get_string().get(text)) return UnlessType(error, value);
  AssignRepaired(to, text);
  return simdjson::SUCCESS;
}
inline JsonError ReadInt(od::value value, int64_t& to) {
  return UnlessType(value.get_int64().get(to), value);
}
inline JsonError ReadBool(od::value value, bool& to) {
  return UnlessType(value.get_bool().get(to), value);
}

// The last second of the year 9999: what times can be written.
inline constexpr int64_t kMaxSeconds = 253'402'300'799;

// 0 and less, and what no calendar holds, is "no time" (instagram-format: 0 and missing both mean
// it).
inline std::optional<Timestamp> SecondsOrNone(int64_t seconds) {
  if (seconds <= 0 || seconds > kMaxSeconds) return std::nullopt;
  return FromSeconds(seconds);
}
inline std::optional<Timestamp> MillisOrNone(int64_t ms) {
  if (ms <= 0 || ms / 1000 > kMaxSeconds) return std::nullopt;
  return FromMillis(ms);
}
// G1's times: "2020-10-20T11:52:06+00:00", in 2018 and 2019 without an offset, which was UTC.
inline std::optional<Timestamp> IsoOrNone(std::string_view text) {
  if (text.size() < std::string_view("2018-12-31T08:05:13").size()) return std::nullopt;
  auto time = ParseTime(text);
  if (!time) time = ParseTime(std::string(text) + "Z");
  return time && ToMillis(*time) > 0 ? std::optional(*time) : std::nullopt;
}
inline JsonError ReadSeconds(od::value value, std::optional<Timestamp>& to) {
  int64_t seconds = 0;
  const JsonError error = ReadInt(value, seconds);
  to = SecondsOrNone(seconds);
  return error;
}

}  // namespace valise::services::instagram
