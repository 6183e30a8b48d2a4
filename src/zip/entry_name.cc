#include "zip/entry_name.h"

#include <fmt/format.h>

#include "base/crc32.h"
#include "base/utf8.h"
#include "zip/format.h"

namespace valise::zip {
namespace {

constexpr size_t kShownBytes = 1024;

// Code page 437, bytes 0x80–0xFF (unicode.org MAPPINGS/VENDORS/MICSFT/PC/CP437.TXT).
constexpr std::u16string_view kCp437 =
    u"ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄"
    u"▌▐▀"
    u"αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";
static_assert(kCp437.size() == 128);

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string FromCp437(std::string_view raw) {
  std::string out;
  for (const char c : raw) {
    const auto byte = static_cast<unsigned char>(c);
    AppendUtf8(out, byte < 0x80 ? char32_t{byte} : char32_t{kCp437[byte - 0x80]});
  }
  return out;
}

// Why a name cannot be a path; empty when it can.
std::string_view Unsafe(std::string_view name) {
  if (name.empty()) return "has no name";
  if (name.find('\0') != name.npos) return "has a NUL in its name";
  if (name[0] == '/' || name[0] == '\\') return "has an absolute path";
  if (name.size() > 1 && name[1] == ':' && IsLetter(name[0]))
    return "has a drive letter in its path";
  return {};
}

}  // namespace

Bytes FindExtra(Bytes extra, uint16_t id) {
  while (extra.size() >= 4) {
    const size_t size = LoadLe<uint16_t>(extra.data() + 2);
    if (size > extra.size() - 4) break;
    if (LoadLe<uint16_t>(extra.data()) == id) return extra.subspan(4, size);
    extra = extra.subspan(4 + size);
  }
  return {};
}

std::string DecodeName(std::string_view raw, Bytes extra) {
  if (IsUtf8(raw)) return std::string(raw);
  // u8 version, u32 CRC of the name in the header, the name in UTF-8.
  const Bytes unicode = FindExtra(extra, kExtraUnicodePath);
  if (unicode.size() > 5 && LoadLe<uint32_t>(unicode.data() + 1) == Crc32(AsBytes(raw))) {
    const std::string_view name = AsText(unicode.subspan(5));
    if (IsUtf8(name)) return std::string(name);
  }
  return FromCp437(raw);
}

Result<std::string> SafePath(std::string_view name, uint64_t limit) {
  if (const std::string_view why = Unsafe(name); !why.empty()) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("an entry {}", why));
  }
  if (name.size() > limit) {
    return Fail(ErrorCode::kLimitExceeded,
                fmt::format("an entry's name is longer than {} bytes", limit));
  }
  std::string path;
  path.reserve(name.size());
  for (size_t at = 0; at < name.size();) {
    const size_t slash = std::min(name.find_first_of("/\\", at), name.size());
    const std::string_view part = name.substr(at, slash - at);
    if (part == "..")
      return Fail(ErrorCode::kInvalidArgument, "an entry's path leads out by \"..\"");
    if (!part.empty() && part != ".") {
      path += part;
      if (slash < name.size()) path += '/';
    }
    at = slash + 1;
  }
  // "./C:/x": a drive letter may come to light only now.
  if (const std::string_view why = Unsafe(path); !why.empty()) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("an entry {}", why));
  }
  return path;
}

std::string ShowName(std::string_view name) {
  std::string shown = ToValidUtf8(Utf8Prefix(name, kShownBytes / 3));
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return shown;
}

}  // namespace valise::zip
