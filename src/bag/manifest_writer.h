// The texts of a BagIt 1.0 bag (RFC 8493), made from values that the caller has; no files, no
// clock.
//
// docs/formats/bag.md says which files a bag of ours has. Thread safety: pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/digest.h"

namespace valise::bag {

// bagit.txt (RFC 8493 §2.1.1): exactly these two lines.
inline constexpr std::string_view kBagitTxt =
    "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

// One line of manifest-sha256.txt or tagmanifest-sha256.txt (§2.1.3): digest, two blanks, path; CR,
// LF and "%" of the path are percent-encoded. `path` is relative to the bag ("data/…" in a payload
// manifest), UTF-8, "/"-separated.
void AppendManifestLine(std::string& to, const Digest& digest, std::string_view path);

// The length of that line in bytes.
size_t ManifestLineSize(std::string_view path);

// "<octets>.<files>": the value of Payload-Oxum (§2.2.2).
std::string PayloadOxum(uint64_t octets, uint64_t files);

// "Label: value" of bag-info.txt (§2.2.2). Lines are folded at blanks to at most 79 columns where
// that can be done, with continuation lines indented by two blanks; line breaks in the value become
// blanks. REQUIRES: label is not empty and has no colon, blank at its ends, or line break.
void AppendBagInfo(std::string& to, std::string_view label, std::string_view value);

}  // namespace valise::bag
