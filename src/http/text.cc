#include "http/text.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "base/utf8.h"

namespace valise::http {
namespace {

constexpr std::array<std::string_view, 7> kDays = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool IsUnreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

// A path that no later layer can read differently from how it looks.
Status CheckPath(std::string_view path) {
  for (const char c : path) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '\\') {
      return Fail(ErrorCode::kInvalidArgument, "the address holds a control character");
    }
  }
  if (!IsUtf8(path)) return Fail(ErrorCode::kInvalidArgument, "the address is not UTF-8");
  for (size_t at = 0; at < path.size();) {
    const size_t end = std::min(path.find('/', at + 1), path.size());
    const std::string_view segment = path.substr(at + 1, end - at - 1);
    if (segment == "." || segment == "..") {
      return Fail(ErrorCode::kInvalidArgument, "the address holds a dot segment");
    }
    at = end;
  }
  return {};
}

std::optional<int> Number(std::string_view digits) {
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || value < 0)
    return std::nullopt;
  return value;
}

}  // namespace

Result<std::string> PercentDecode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      const int high = i + 2 < text.size() ? HexValue(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? HexValue(text[i + 2]) : -1;
      if (high < 0 || low < 0) return Fail(ErrorCode::kInvalidArgument, "bad % escape");
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return out;
}

std::string PercentEncode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (IsUnreserved(c)) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

Result<Target> ParseTarget(std::string_view target) {
  if (target.size() > kMaxTarget) return Fail(ErrorCode::kLimitExceeded, "the address is too long");
  if (!target.starts_with('/')) {
    return Fail(ErrorCode::kInvalidArgument, "the address does not begin with /");
  }
  Target out;
  const size_t question = std::min(target.find('?'), target.size());
  ASSIGN_OR_RETURN(out.path, PercentDecode(target.substr(0, question), false));
  RETURN_IF_ERROR(CheckPath(out.path));
  if (question == target.size()) return out;
  std::string_view rest = target.substr(question + 1);
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view item = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (item.empty()) continue;
    if (out.query.size() == kMaxQueryItems) {
      return Fail(ErrorCode::kLimitExceeded, "the address has too many parameters");
    }
    const size_t equals = std::min(item.find('='), item.size());
    ASSIGN_OR_RETURN(std::string name, PercentDecode(item.substr(0, equals), true));
    ASSIGN_OR_RETURN(std::string value,
                     PercentDecode(item.substr(std::min(equals + 1, item.size())), true));
    if (!IsUtf8(name) || !IsUtf8(value)) {
      return Fail(ErrorCode::kInvalidArgument, "a parameter is not UTF-8");
    }
    out.query.emplace_back(std::move(name), std::move(value));
  }
  return out;
}

std::optional<std::string_view> FindCookie(std::string_view cookie_header, std::string_view name) {
  while (!cookie_header.empty()) {
    const size_t end = std::min(cookie_header.find(';'), cookie_header.size());
    std::string_view pair = cookie_header.substr(0, end);
    cookie_header.remove_prefix(std::min(end + 1, cookie_header.size()));
    while (pair.starts_with(' ') || pair.starts_with('\t')) pair.remove_prefix(1);
    while (pair.ends_with(' ') || pair.ends_with('\t')) pair.remove_suffix(1);
    const size_t equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name) {
      return pair.substr(equals + 1);
    }
  }
  return std::nullopt;
}

std::string HttpDate(Timestamp time) {
  const CivilTime c = ToCivil(time);
  const int64_t days = (ToSeconds(time) - (ToSeconds(time) % 86400 + 86400) % 86400) / 86400;
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                     kDays[static_cast<size_t>((days % 7 + 7) % 7)], c.day,
                     kMonths[static_cast<size_t>(c.month - 1)], c.year, c.hour, c.minute, c.second);
}

std::optional<Timestamp> ParseHttpDate(std::string_view text) {
  // "Sun, 06 Nov 1994 08:49:37 GMT"
  if (text.size() != 29 || text.substr(3, 2) != ", " || text[7] != ' ' || text[11] != ' ' ||
      text[16] != ' ' || text[19] != ':' || text[22] != ':' || text.substr(25) != " GMT") {
    return std::nullopt;
  }
  const auto day = Number(text.substr(5, 2)), year = Number(text.substr(12, 4));
  const auto hour = Number(text.substr(17, 2)), minute = Number(text.substr(20, 2));
  const auto second = Number(text.substr(23, 2));
  int month = 0;
  for (int i = 0; i < 12; ++i) {
    if (kMonths[static_cast<size_t>(i)] == text.substr(8, 3)) month = i + 1;
  }
  if (!day || !year || !hour || !minute || !second || month == 0) return std::nullopt;
  const Timestamp time = FromCivil({.year = *year,
                                    .month = month,
                                    .day = *day,
                                    .hour = *hour,
                                    .minute = *minute,
                                    .second = *second,
                                    .millisecond = 0});
  // The same text must come out again: refuses 31 Feb, 25:00 and a wrong weekday.
  if (HttpDate(time) != text) return std::nullopt;
  return time;
}

std::string AttachmentDisposition(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    const bool safe = c >= 0x20 && c < 0x7F && c != '"' && c != '\\' && c != '%';
    plain += safe ? c : '_';
  }
  return fmt::format("attachment; filename=\"{}\"; filename*=UTF-8''{}", plain,
                     PercentEncode(name));
}

}  // namespace valise::http
