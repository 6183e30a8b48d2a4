#include "zip/sniff.h"

#include <algorithm>
#include <string>

#include "base/utf8.h"

namespace valise::zip {
namespace {

using std::string_view_literals::operator""sv;

struct Magic {
  size_t offset;
  std::string_view bytes;
  std::string_view name;
};

constexpr Magic kMagic[] = {
    {0, "Rar!\x1a\x07"sv, "a RAR archive"},
    {0, "7z\xbc\xaf\x27\x1c"sv, "a 7z archive"},
    {0, "\x1f\x8b"sv, "a gzip file (perhaps a .tar.gz)"},
    {0, "BZh"sv, "a bzip2 file"},
    {0,
     "\xfd"
     "7zXZ\0"sv,
     "an xz file"},
    {0, "\x28\xb5\x2f\xfd"sv, "a Zstandard file"},
    {257, "ustar"sv, "a tar archive"},
    {0, "%PDF"sv, "a PDF"},
    {0, "\xff\xd8\xff"sv, "a JPEG picture"},
    {0, "\x89PNG"sv, "a PNG picture"},
    {0, "GIF8"sv, "a GIF picture"},
    {8, "WEBP"sv, "a WebP picture"},
    {4, "ftyp"sv, "a video or picture (MP4 family)"},
    {0, "SQLite format 3\0"sv, "an SQLite database"},
    {0, "MSCF"sv, "a Windows cabinet"},
    {0, "xar!"sv, "a xar archive"},
    {0, "MZ"sv, "a Windows program"},
    {0,
     "\x7f"
     "ELF"sv,
     "a program"},
};

bool StartsWithFolded(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() &&
         std::equal(lower.begin(), lower.end(), text.begin(), [](char want, char c) {
           return want == (c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
         });
}

std::string_view DescribeText(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  if (StartsWithFolded(text, "<!doctype html") || StartsWithFolded(text, "<html")) {
    return "an HTML page (perhaps a sign-in page that was saved instead of the archive)";
  }
  if (text.starts_with("<?xml")) return "an XML file";
  if (text.starts_with('{') || text.starts_with('[')) return "a JSON file";
  return "a text file";
}

bool LooksLikeText(std::string_view text) {
  // The end may cut a code point.
  const std::string_view whole = Utf8Prefix(text, text.size() - std::min<size_t>(text.size(), 3));
  return IsUtf8(whole) && std::ranges::none_of(text, [](char c) {
           return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
         });
}

}  // namespace

std::string_view DescribeHead(Bytes head) {
  const std::string_view text = AsText(head);
  if (text.empty()) return "an empty file";
  for (const Magic& magic : kMagic) {
    if (text.size() > magic.offset && text.substr(magic.offset).starts_with(magic.bytes)) {
      return magic.name;
    }
  }
  if (text.find_first_not_of('\0') == text.npos)
    return "a file of zero bytes (a download that failed)";
  return LooksLikeText(text) ? DescribeText(text) : "a file of unknown kind";
}

}  // namespace valise::zip
