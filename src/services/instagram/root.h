// What a listing is: whose archive, of which generation, and below which folders it lies.
//
// Thread safety: pure functions; Roots is an immutable value.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/source.h"

namespace valise::services::instagram {

// The folders that an archive lies in: none, one ("instagram-ann-2025-01-02-Xy12/"), several
// levels, or one for each part.
class Roots {
 public:
  static Roots Find(const Listing& listing);
  // `path` without its root; as it is when it lies under none.
  std::string_view Strip(std::string_view path) const;

 private:
  std::vector<std::string> prefixes_;  // longest first, each with its "/"
};

// What the paths of an archive show, root stripped.
struct Signs {
  bool instagram = false;  // only Instagram has this
  bool facebook = false;
  bool json = false;            // at least one file that is read
  bool pages = false;           // at least one page that is read
  bool first_layout = false;    // G1: told by the names of its files alone
  bool only_media = false;      // told by the paths of its media alone
  bool only_name = false;       // told by the archive's name, of files that others may have
  bool only_threads = false;    // conversations, of Instagram or of Facebook
  std::string_view generation;  // "G1" … "G4"; "media" of a part that holds nothing else
};
Signs Look(const Listing& listing, const Roots& roots);

// The day in "instagram-ann-2025-01-02-Xy12.zip" or "ann_20200102.zip", of part names and root
// folders; the newest.
std::optional<Timestamp> DateOf(const Listing& listing);
// The day in one such name.
std::optional<Timestamp> DateInName(std::string_view name);
// The user name in "instagram-ann-2025-01-02-Xy12.zip" or "ann_20200102_part_1.zip", where all
// parts tell the same; else empty.
std::string UsernameIn(const Listing& listing);

}  // namespace valise::services::instagram
