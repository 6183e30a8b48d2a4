// What a member chose to have in a bundle.
//
// Thread safety: plain values.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "account/records.h"
#include "base/json_writer.h"
#include "base/time.h"

namespace valise::bundle {

struct Selection {
  std::array<bool, account::kKindCount> kinds = {true, true, true, true, true,
                                                 true, true, true, true, true};
  bool photos = true;
  bool videos = true;
  bool originals = true;  // honoured only when everything else is chosen: originals cannot be cut
  std::optional<Timestamp> from;  // half-open; absent: all time
  std::optional<Timestamp> until;
  bool operator==(const Selection&) const = default;

  // Conversations and messages go together: either switch stands for both.
  bool Has(account::Kind kind) const;
  bool HasDates() const { return from.has_value() || until.has_value(); }
  bool HasAllKinds() const;
  // Everything but, perhaps, the originals.
  bool IsComplete() const { return HasAllKinds() && photos && videos && !HasDates(); }
  bool Contains(Timestamp time) const {
    return (!from || time >= *from) && (!until || time < *until);
  }
  // By type: "image/jpeg".
  bool HasMedia(std::string_view type) const;
};

inline bool IsPhoto(std::string_view type) { return type.starts_with("image/"); }
inline bool IsVideo(std::string_view type) { return type.starts_with("video/"); }

// As an object (docs/formats/report.md).
void Write(JsonWriter& to, const Selection& selection);

}  // namespace valise::bundle
