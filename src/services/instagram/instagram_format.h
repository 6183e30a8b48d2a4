// The bundle format `instagram`: an archive shaped as Instagram's own, for the importers of other
// services (docs/formats/instagram-bundle.md).
//
// Thread safety: immutable.
#pragma once

#include "bundle/bundle_format.h"

namespace valise::services::instagram {

class InstagramFormat final : public bundle::BundleFormat {
 public:
  std::string_view name() const override { return "instagram"; }
  // The key is not used: Instagram's archives are not signed.
  Result<bundle::PlanSummary> Plan(const bundle::Account& account,
                                   const bundle::Selection& selection, bundle::PlanWriter& writer,
                                   const bag::SigningKey* key) const override;
};

}  // namespace valise::services::instagram
