// Instagram's archives ("Download your information") as a Source: JSON, 2021 to today
// (docs/formats/instagram.md).
//
// Thread safety: as services::Source.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "services/source.h"

namespace valise::services::instagram {

class InstagramSource final : public Source {
 public:
  std::string_view service() const override { return "instagram"; }
  int Recognize(const Listing& listing) const override;
  std::optional<Error> Refuse(const Listing& listing) const override;
  Result<std::unique_ptr<ArchiveReading>> Begin(const Listing& listing,
                                                const zip::Archive& archive) const override;
};

}  // namespace valise::services::instagram
