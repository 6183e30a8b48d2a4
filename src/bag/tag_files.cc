#include "bag/tag_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/utf8.h"

namespace valise::bag {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kPayloadFolder = "data/";

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsHex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::string_view Trim(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

bool SameFolded(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

template <typename T>
bool ParseNumber(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return !text.empty() && error == std::errc{} && end == text.data() + text.size();
}

// "Label: value" split at the colon and trimmed.
struct Tag {
  std::string_view label, value;
};
std::optional<Tag> SplitTag(std::string_view line) {
  const size_t colon = line.find(':');
  if (colon == line.npos) return std::nullopt;
  return Tag{Trim(line.substr(0, colon)), Trim(line.substr(colon + 1))};
}

// What "%0A", "%0D", "%25" at the beginning of `text` stand for; 0 for none of them.
char Encoded(std::string_view text) {
  if (text.size() < 3 || text[0] != '%') return 0;
  if (text[1] == '2' && text[2] == '5') return '%';
  if (text[1] != '0') return 0;
  if (text[2] == 'A' || text[2] == 'a') return '\n';
  return text[2] == 'D' || text[2] == 'd' ? '\r' : '\0';
}

// Percent-decodes [path, path + size) in place; returns the new size.
size_t DecodeInPlace(char* path, size_t size) {
  size_t to = 0;
  for (size_t at = 0; at < size; ++at) {
    const char decoded = Encoded({path + at, size - at});
    path[to++] = decoded != 0 ? decoded : path[at];
    if (decoded != 0) at += 2;
  }
  return to;
}

class ManifestParser {
 public:
  ManifestParser(std::string& text, const ManifestOptions& options)
      : text_(text), options_(options) {}

  Result<std::vector<ManifestLine>> Run() {
    ForEachLine(text_, [&](uint64_t number, std::string_view line) {
      if (lines_.size() <= kMaxManifestLines) Take(number, line);
    });
    if (lines_.size() > kMaxManifestLines) {
      return Fail(ErrorCode::kLimitExceeded,
                  fmt::format("the manifest has more than {} lines", kMaxManifestLines));
    }
    return std::move(lines_);
  }

 private:
  void Take(uint64_t number, std::string_view line) {
    if (number == 1 && line.starts_with("\xef\xbb\xbf")) {
      line.remove_prefix(3);
      options_.warning(number, "begins with a byte order mark");
    }
    const size_t hex_size = std::min(line.find_first_of(kBlanks), line.size());
    const std::string_view hex = line.substr(0, hex_size);
    if (hex_size != options_.hex_size || !std::ranges::all_of(hex, IsHex)) {
      return options_.problem(number, "does not begin with a checksum of the manifest's algorithm");
    }
    line.remove_prefix(std::min(line.find_first_not_of(kBlanks, hex_size), line.size()));
    if (line.starts_with('*')) {
      line.remove_prefix(1);
      options_.warning(number, "has the mark \"*\" of md5sum before its path");
    }
    if (line.starts_with("./")) {
      line.remove_prefix(2);
      options_.warning(number, "has a path that begins with \"./\"");
    }
    const std::string_view path = Decode(line);
    if (const Status status = CheckBagPath(path); !status) {
      return options_.problem(number, status.error().message);
    }
    if (options_.payload != path.starts_with(kPayloadFolder)) {
      return options_.problem(number, options_.payload ? "names a file outside data/"
                                                       : "names a payload file in a tag manifest");
    }
    lines_.push_back({.path = path, .hex = hex, .number = number});
  }

  std::string_view Decode(std::string_view raw) {
    if (raw.find('%') == raw.npos) return raw;
    std::string decoded(raw);
    decoded.resize(DecodeInPlace(decoded.data(), decoded.size()));
    if (decoded == raw || (!options_.exists(decoded) && options_.exists(raw))) return raw;
    char* in_text = text_.data() + (raw.data() - text_.data());
    std::ranges::copy(decoded, in_text);
    return {in_text, decoded.size()};
  }

  std::string& text_;
  const ManifestOptions& options_;
  std::vector<ManifestLine> lines_;
};

}  // namespace

void ForEachLine(std::string_view text,
                 const std::function<void(uint64_t number, std::string_view line)>& visit) {
  uint64_t number = 1;
  for (size_t at = 0; at < text.size(); ++number) {
    const size_t end = std::min(text.find_first_of("\r\n", at), text.size());
    const bool two = text.substr(end).starts_with("\r\n");
    const std::string_view line = text.substr(at, end - at);
    at = end + (two ? 2 : 1);
    if (!line.empty()) visit(number, line);
  }
}

Result<Declaration> ParseDeclaration(std::string_view text) {
  Declaration declaration;
  if (text.starts_with("\xef\xbb\xbf")) {
    text.remove_prefix(3);
    declaration.warnings.emplace_back("bagit.txt begins with a byte order mark");
  }
  std::string_view version, encoding;
  ForEachLine(text, [&](uint64_t, std::string_view line) {
    const std::optional<Tag> tag = SplitTag(line);
    if (tag && SameFolded(tag->label, "BagIt-Version")) version = tag->value;
    if (tag && SameFolded(tag->label, "Tag-File-Character-Encoding")) encoding = tag->value;
  });
  const size_t dot = std::min(version.find('.'), version.size());
  if (dot == version.size() || !ParseNumber(version.substr(0, dot), declaration.major) ||
      !ParseNumber(version.substr(dot + 1), declaration.minor)) {
    return Fail(ErrorCode::kInvalidArgument,
                "bagit.txt does not give a version (BagIt-Version: 1.0)");
  }
  if (declaration.major > 1 || declaration.major < 0) {
    return Fail(ErrorCode::kUnsupported,
                fmt::format("BagIt version {}.{} is not known to this program", declaration.major,
                            declaration.minor));
  }
  if (encoding.empty()) {
    return Fail(ErrorCode::kInvalidArgument,
                "bagit.txt does not give an encoding (Tag-File-Character-Encoding: UTF-8)");
  }
  if (!SameFolded(encoding, "UTF-8") && !SameFolded(encoding, "US-ASCII")) {
    return Fail(ErrorCode::kUnsupported, "the bag's tag files are not in UTF-8");
  }
  return declaration;
}

Result<std::optional<Oxum>> ParseOxum(std::string_view bag_info) {
  std::optional<Oxum> found;
  bool twice = false;
  bool malformed = false;
  ForEachLine(bag_info, [&](uint64_t, std::string_view line) {
    if (kBlanks.find(line[0]) != kBlanks.npos) return;  // goes on with the line before
    const std::optional<Tag> tag = SplitTag(line);
    if (!tag || !SameFolded(tag->label, "Payload-Oxum")) return;
    twice |= found.has_value();
    found.emplace();
    const size_t dot = std::min(tag->value.find('.'), tag->value.size());
    malformed |= dot == tag->value.size() ||
                 !ParseNumber(tag->value.substr(0, dot), found->octets) ||
                 !ParseNumber(tag->value.substr(dot + 1), found->files);
  });
  if (twice) return Fail(ErrorCode::kInvalidArgument, "bag-info.txt has two Payload-Oxum");
  if (malformed)
    return Fail(ErrorCode::kInvalidArgument,
                "Payload-Oxum of bag-info.txt is not <octets>.<files>");
  return found;
}

std::vector<std::string> ParseFetch(std::string_view text) {
  std::vector<std::string> paths;
  ForEachLine(text, [&](uint64_t, std::string_view line) {
    for (int column = 0; column < 2; ++column) {
      line.remove_prefix(std::min(line.find_first_of(kBlanks), line.size()));
      line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
    }
    if (line.empty() || paths.size() >= kMaxManifestLines) return;
    std::string path(line);
    path.resize(DecodeInPlace(path.data(), path.size()));
    paths.push_back(std::move(path));
  });
  return paths;
}

Status CheckBagPath(std::string_view path) {
  const auto refuse = [](std::string_view why) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("names a path that {}", why));
  };
  if (path.empty()) return refuse("is empty");
  if (path[0] == '/' || path[0] == '\\') return refuse("is absolute");
  if (path[0] == '~') return refuse("begins with \"~\"");
  if (path.size() > 1 && path[1] == ':' && IsLetter(path[0])) return refuse("has a drive letter");
  if (path.find('\0') != path.npos || !IsUtf8(path)) return refuse("is not UTF-8 text");
  for (size_t at = 0; at <= path.size();) {
    const size_t slash = std::min(path.find_first_of("/\\", at), path.size());
    if (path.substr(at, slash - at) == "..") return refuse("leads out by \"..\"");
    at = slash + 1;
  }
  return {};
}

Result<std::vector<ManifestLine>> ParseManifest(std::string& text, const ManifestOptions& options) {
  return ManifestParser(text, options).Run();
}

}  // namespace valise::bag
