// The doctor: looks through everything an account keeps, and says what does not fit together.
//
// It reads every document and list, but not the bytes of media: that is what Scrub() does. It
// changes nothing. Thread safety: one examination of an account at a time. Lifetime: plain values.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "library/library.h"

namespace valise::library {

struct DoctorFinding {
  std::string code;        // stable: "document_damaged" (docs/guides/cli.md)
  std::string thing;       // which one: "document posts/2024"
  std::string cause;       // what is wrong with it, in words
  std::string what_to_do;  // in sentences
  uint64_t count = 1;      // how many of its parts are like that
  bool operator==(const DoctorFinding&) const = default;
};

struct DoctorOptions {
  std::vector<Digest> pinned;  // older snapshots that downloads hold
  // Called from several threads; an error (kCancelled) stops the examination.
  std::function<Status(uint64_t records, uint64_t total)> progress;
  static constexpr size_t kMaxFindings = 10'000;  // no more are gathered
};

// Empty: all fits together. What is damaged is a finding, not an error. Errors: kUnavailable,
// kCancelled.
Result<std::vector<DoctorFinding>> Examine(const Library& library, const DoctorOptions& options);

// Whether files and folders under `folder` may be read or written by other users of the machine:
// one finding at most, that names the first and counts all. Links are not followed.
std::vector<DoctorFinding> FindOpenToOthers(const fs::path& folder);

}  // namespace valise::library
