// Scrubbing: every blob of an account is read and hashed, and what is damaged or gone is named.
//
// Nothing is deleted. Thread safety: one scrub of an account at a time; imports may run beside it.
// Durability: what is set aside is moved, not copied.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "library/names.h"

namespace valise::library {

// In the account's folder: damaged blobs that were set aside, under their names.
inline constexpr std::string_view kDamagedFolder = "damaged";

struct ScrubFinding {
  enum class State : uint8_t {
    kDamaged,     // its bytes are not what its name says
    kUnreadable,  // the disk does not give it back
    kMissing,     // named, and not here
  } state{};
  Digest digest;
  uint64_t stored_size = 0;
  std::string why;            // in words; empty of missing ones
  std::vector<BlobUse> uses;  // what names it, at most kMaxUses; none: nothing that is kept
  bool is_set_aside = false;  // moved out of the store just now
  static constexpr size_t kMaxUses = 20;
};
// "damaged", "unreadable", "missing".
std::string_view ScrubStateName(ScrubFinding::State state);

struct ScrubReport {
  uint64_t blobs = 0, bytes = 0;       // that were read
  std::vector<ScrubFinding> findings;  // by digest
  // Names in the folders of the store that are not of blobs, relative; at most kMaxStrangers. They
  // are left alone.
  std::vector<std::string> strangers;
  // Lists that could not be read: whether all that they name is here is not known.
  std::vector<std::string> unread_lists;
  static constexpr size_t kMaxStrangers = 1000;
};

struct ScrubOptions {
  std::vector<Digest> pinned;  // older snapshots that downloads hold
  bool set_aside = false;      // damaged ones, so that they can be put anew
  // Called from several threads; an error (kCancelled) stops the scrub.
  std::function<Status(uint64_t bytes, uint64_t total_bytes)> progress;
};
// Reads on all cores. A head that cannot be read is a finding, not an error. Errors: kUnavailable,
// kCancelled; kConflict (set_aside, and another change of the account is running).
Result<ScrubReport> Scrub(Library& library, const ScrubOptions& options);

// What a person can do about a finding of `report`, in sentences. `head`: the current one, nullptr
// when it cannot be read.
std::string WhatToDo(const ScrubFinding& finding, const ScrubReport& report, const Head* head);

// Moves a blob that is damaged into the account's folder of damaged blobs. Errors: those of
// LocalFiles::SetAside.
Status SetAside(Library& library, const Digest& digest);

}  // namespace valise::library
