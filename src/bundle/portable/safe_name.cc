#include "bundle/portable/safe_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "account/fold.h"
#include "base/utf8.h"

namespace valise::bundle {
namespace {

constexpr size_t kLongestPath = 200;
constexpr size_t kLongestExtension = 8;
constexpr std::string_view kNumbered = "_";
constexpr std::array<std::string_view, 4> kDevices = {"con", "prn", "aux", "nul"};

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// "con", "con.txt", "com1", "lpt9.log": names that Windows keeps for devices.
bool IsDevice(std::string_view segment) {
  const std::string stem = Lower(segment.substr(0, segment.find('.')));
  if (std::ranges::find(kDevices, stem) != kDevices.end()) return true;
  return stem.size() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")) &&
         stem[3] >= '0' && stem[3] <= '9';
}

bool IsSafeSegment(std::string_view segment) {
  return !segment.empty() && segment != "." && segment != ".." && segment.back() != '.' &&
         segment.back() != ' ' && !IsDevice(segment);
}

std::string Folded(std::string_view path) {
  const bool ascii =
      std::ranges::all_of(path, [](char c) { return static_cast<signed char>(c) >= 0; });
  return ascii ? Lower(path) : account::Fold(path);
}

}  // namespace

std::string TopFolder(std::string_view username, std::string_view date) {
  std::string top;
  for (const char c : username.substr(0, kLongestPath / 2)) {
    top += IsPlain(c) || c == '.' || c == '-' ? c : '_';
  }
  if (top.empty() || top.find_first_not_of('.') == std::string::npos) top = "account";
  return fmt::format("{}-{}", top, date);
}

bool IsSafePath(std::string_view path) {
  static constexpr std::string_view kForbidden = "%\\:*?\"<>|";
  if (path.empty() || path.size() > kLongestPath || !IsUtf8(path)) return false;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F || kForbidden.find(c) != std::string_view::npos) return false;
  }
  for (size_t at = 0; at <= path.size();) {
    const size_t end = std::min(path.find('/', at), path.size());
    if (!IsSafeSegment(path.substr(at, end - at))) return false;
    at = end + 1;
  }
  return true;
}

bool PlaceMaker::Take(std::string_view path) {
  const std::string folded = Folded(path);
  if (files_.contains(folded) || folders_.contains(folded)) return false;
  for (size_t at = folded.find('/'); at != std::string::npos; at = folded.find('/', at + 1)) {
    if (files_.contains(folded.substr(0, at))) return false;
  }
  for (size_t at = folded.find('/'); at != std::string::npos; at = folded.find('/', at + 1)) {
    folders_.insert(folded.substr(0, at));
  }
  files_.insert(folded);
  return true;
}

std::string PlaceMaker::PlaceOf(std::string_view path, uint32_t number) {
  const bool ours = path == kNumbered || path.starts_with("_/");
  if (!ours && IsSafePath(path) && Take(path)) return std::string(path);
  std::string place = fmt::format("{}/{}", kNumbered, number);
  const size_t dot = path.rfind('.');
  if (dot != std::string_view::npos) {
    const std::string_view extension = path.substr(dot + 1);
    if (!extension.empty() && extension.size() <= kLongestExtension &&
        std::ranges::all_of(extension, IsPlain)) {
      place += fmt::format(".{}", Lower(extension));
    }
  }
  return place;
}

}  // namespace valise::bundle
