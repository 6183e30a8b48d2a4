// Source of our own bundles (docs/formats/portable.md), as ZIP or folder: records come with their
// keys and provenance, so that taking a bundle in again gives the account it was made from.
//
// The namespace is `own`: a `valise` inside `valise` would hide the outer one. Thread safety: what
// Source promises.
#pragma once

#include <memory>
#include <string_view>

#include "services/source.h"

namespace valise::services::own {

class ValiseSource final : public Source {
 public:
  std::string_view service() const override { return "valise"; }
  int Recognize(const Listing& listing) const override;
  Result<std::unique_ptr<ArchiveReading>> Begin(const Listing& listing,
                                                const zip::Archive& archive) const override;
};

}  // namespace valise::services::own
