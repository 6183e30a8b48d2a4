// Reads the tag files of a bag without trust: bagit.txt, bag-info.txt, fetch.txt, manifests (RFC
// 8493 §2).
//
// Thread safety: pure functions and plain values. Lifetime: lines borrow the text they were read
// from.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace valise::bag {

// LF, CR and CRLF all end a line (§2.1); empty lines are passed over. Numbers begin at 1.
void ForEachLine(std::string_view text,
                 const std::function<void(uint64_t number, std::string_view line)>& visit);

struct Declaration {
  int major = 0;
  int minor = 0;
  std::vector<std::string> warnings;
  bool AtLeast1() const { return major >= 1; }
};

// bagit.txt. Errors: kInvalidArgument (not as §2.1.1 wants it); kUnsupported (version above 1,
// another encoding than UTF-8).
Result<Declaration> ParseDeclaration(std::string_view text);

struct Oxum {
  uint64_t octets = 0;
  uint64_t files = 0;
  bool operator==(const Oxum&) const = default;
};

// Payload-Oxum of bag-info.txt; none when it is not there. Errors: kInvalidArgument (malformed, or
// two of them).
Result<std::optional<Oxum>> ParseOxum(std::string_view bag_info);

// The paths of fetch.txt ("url length path").
std::vector<std::string> ParseFetch(std::string_view text);

// A path as it may stand in a manifest. Errors: kInvalidArgument with the reason (absolute, "..",
// "~", drive letter, "\\", not UTF-8, NUL, empty).
Status CheckBagPath(std::string_view path);

// One line of a manifest.
struct ManifestLine {
  std::string_view path;  // decoded
  std::string_view hex;   // of the length that the algorithm has
  uint64_t number = 0;
};

struct ManifestOptions {
  size_t hex_size = 0;
  bool payload = true;  // paths must lie in data/ (§2.1.3), or must not (§2.2.1)
  // Is there such a file? Decides whether a "%25" of a path is an encoded "%" (1.0) or stands for
  // itself (before 1.0, and as some tools still write it).
  std::function<bool(std::string_view)> exists;
  std::function<void(uint64_t line, std::string why)> problem;  // the line is left out
  std::function<void(uint64_t line, std::string why)> warning;
};

// Reads a manifest; its paths are decoded in place, so the lines borrow `text`. In file order.
// Errors: kLimitExceeded.
Result<std::vector<ManifestLine>> ParseManifest(std::string& text, const ManifestOptions& options);

inline constexpr uint64_t kMaxManifestBytes = 1ull << 31;
inline constexpr size_t kMaxManifestLines = 20'000'000;
inline constexpr uint64_t kMaxTagFileBytes = 64ull << 20;

}  // namespace valise::bag
