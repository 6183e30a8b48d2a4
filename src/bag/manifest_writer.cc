#include "bag/manifest_writer.h"

#include <fmt/format.h>

#include <algorithm>

namespace valise::bag {
namespace {

constexpr size_t kColumns = 79;  // RFC 8493 §2.2.2
constexpr std::string_view kIndent = "  ";
constexpr std::string_view kEncoded = "\r\n%";  // §2.1.3

// Columns as people count them: continuation bytes of UTF-8 take none.
size_t Columns(std::string_view text) {
  return static_cast<size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; }));
}

}  // namespace

void AppendManifestLine(std::string& to, const Digest& digest, std::string_view path) {
  CHECK(!path.empty() && path[0] != '/');
  to += digest.Hex();
  to += "  ";
  if (path.find_first_of(kEncoded) == path.npos) {
    to += path;
  } else {
    for (const char c : path) {
      if (kEncoded.find(c) == kEncoded.npos) {
        to += c;
      } else {
        to += fmt::format("%{:02X}", static_cast<uint8_t>(c));
      }
    }
  }
  to += '\n';
}

size_t ManifestLineSize(std::string_view path) {
  const auto encoded =
      std::ranges::count_if(path, [](char c) { return kEncoded.find(c) != kEncoded.npos; });
  return Digest::kSize * 2 + 2 + path.size() + 2 * static_cast<size_t>(encoded) + 1;
}

std::string PayloadOxum(uint64_t octets, uint64_t files) {
  return fmt::format("{}.{}", octets, files);
}

void AppendBagInfo(std::string& to, std::string_view label, std::string_view value) {
  CHECK(!label.empty() && label.find_first_of(":\r\n") == label.npos);
  CHECK(label.front() != ' ' && label.back() != ' ');
  to += label;
  to += ':';
  size_t column = Columns(label) + 1;
  constexpr std::string_view kBlanks = " \t\r\n";
  bool first = true;
  for (size_t at = value.find_first_not_of(kBlanks); at < value.size();) {
    const size_t end = std::min(value.find_first_of(kBlanks, at), value.size());
    const std::string_view word = value.substr(at, end - at);
    if (!first && column + 1 + Columns(word) > kColumns) {
      to += '\n';
      to += kIndent;
      column = kIndent.size();
    } else {
      to += ' ';
      ++column;
    }
    first = false;
    to += word;
    column += Columns(word);
    at = std::min(value.find_first_not_of(kBlanks, end), value.size());
  }
  if (first) to += ' ';
  to += '\n';
}

}  // namespace valise::bag
