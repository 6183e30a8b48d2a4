// Checks any BagIt bag (RFC 8493 and drafts 0.93–0.97), in a ZIP or a folder: is every file there,
// and as it was?
//
// Files are hashed in parallel, straight out of the ZIP, whose own checksums are checked too. What
// is accepted is in docs/formats/bag.md. Thread safety: a pure function. Memory: the manifests'
// text and about 300 bytes a file (under 500 MB in all for 1,000,000 files).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "bag/signature.h"
#include "bag/tag_files.h"
#include "base/parallel.h"
#include "base/result.h"
#include "zip/archive.h"

namespace valise::bag {

struct VerifyProgress {
  uint64_t bytes = 0, total_bytes = 0;
  uint64_t files = 0, total_files = 0;
};

struct VerifyOptions {
  std::vector<PublicKey> keys;     // trusted
  bool require_signature = false;  // then only a good signature by one of `keys` is ok
  size_t workers = CoreCount();
  // Called now and then from any worker, never by two at once. An error stops the check and is
  // given back.
  std::function<Status(const VerifyProgress&)> progress;
};

// A file and what is wrong with it. The path is relative to the bag.
struct Finding {
  std::string path;
  std::string why;
  bool operator==(const Finding&) const = default;
};

enum class SignatureState {
  kAbsent,
  kGood,        // by one of the trusted keys
  kBad,         // by the key it names, but what was signed has changed; or not a signature at all
  kUnknownKey,  // by a key that is not among the trusted ones: says nothing
};
// "absent", "good", "bad", "unknown_key".
std::string_view SignatureStateName(SignatureState state);

struct SignatureReport {
  SignatureState state = SignatureState::kAbsent;
  std::string key_id;           // as minisign prints it
  std::string trusted_comment;  // only when good
};

struct OxumMismatch {
  Oxum declared, found;
};

// Valid (RFC 8493 §3) and, when it is signed by a trusted key, rightly so: `ok`. Lists are sorted
// by path.
struct Report {
  bool ok = false;
  std::string version;                  // "1.0"
  std::vector<std::string> algorithms;  // of the payload manifests that were checked
  uint64_t files_checked = 0;
  uint64_t bytes = 0;            // hashed
  std::vector<Finding> damaged;  // there, but not as it was, or cannot be read
  std::vector<Finding> missing;  // in a manifest, but not there
  std::vector<Finding> extra;    // payload that a manifest does not list
  std::vector<std::string>
      problems;  // of the bag's form: "manifest-sha256.txt, line 12: …"; at most kMaxProblems
  std::vector<std::string> warnings;  // tolerated; at most kMaxProblems
  std::vector<std::string> to_fetch;  // listed in fetch.txt and not there
  std::vector<std::string>
      unlisted;  // tag files that no tag manifest lists (the signature does not cover them)
  std::optional<OxumMismatch> oxum;
  SignatureReport signature;
};

inline constexpr size_t kMaxProblems = 10'000;

// Errors: kInvalidArgument (not a bag), kUnsupported (version, encoding), kLimitExceeded,
// kUnavailable; those of `progress`. What is wrong with the bag is in the report, not an error.
Result<Report> Verify(const zip::Archive& archive, const VerifyOptions& options);

// The same for a ZIP or a folder on disk. Errors: also those of zip::OpenArchive.
Result<Report> VerifyPath(const fs::path& path, const VerifyOptions& options);

}  // namespace valise::bag
