// The portable bundle: a BagIt bag that reads well from disk (docs/formats/portable.md).
//
// Thread safety: immutable. Lifetime: borrows the embedded files, which live as long as the
// program.
#pragma once

#include <span>

#include "base/embedded.h"
#include "bundle/about.h"
#include "bundle/bundle_format.h"

namespace valise::bundle {

class PortableFormat final : public BundleFormat {
 public:
  // `viewer`: START-HERE.html and viewer/… as ui/ builds them (embed_ui, PART viewer).
  // REQUIRES: it has START-HERE.html with the marker of docs/formats/viewer-data.md.
  // `about`: what the operator tells people about their data.
  explicit PortableFormat(std::span<const EmbeddedFile> viewer, About about = {});

  std::string_view name() const override { return "portable"; }
  Result<PlanSummary> Plan(const Account& account, const Selection& selection, PlanWriter& writer,
                           const bag::SigningKey* key) const override;

 private:
  std::span<const EmbeddedFile> viewer_;
  About about_;
};

}  // namespace valise::bundle
