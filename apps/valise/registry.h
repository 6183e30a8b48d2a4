// The adapters that this binary knows: one line for each service that archives are read from, one
// for each bundle format.
//
// The only place that names adapters; there is no registration by static objects. Thread safety:
// immutable after the first call, which must come from the main thread.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "base/embedded.h"
#include "base/file.h"
#include "bundle/about.h"
#include "bundle/bundle_format.h"
#include "bundle/portable/portable_format.h"
#include "services/instagram/instagram_format.h"
#include "services/source.h"

namespace valise::app {

std::span<const services::Source* const> Sources();

// The offline viewer that lies in every bundle, linked in (CMakeLists.txt).
std::span<const EmbeddedFile> ViewerFiles();

// The bundle formats; the first is the default. They belong to it.
class BundleFormats {
 public:
  // `about`: what the operator tells people about their data.
  explicit BundleFormats(bundle::About about)
      : portable_(ViewerFiles(), std::move(about)), all_{&portable_, &instagram_} {}
  BundleFormats(const BundleFormats&) = delete;
  BundleFormats& operator=(const BundleFormats&) = delete;

  bundle::Formats all() const { return all_; }

 private:
  const bundle::PortableFormat portable_;
  const services::instagram::InstagramFormat instagram_;
  const std::array<const bundle::BundleFormat*, 2> all_;
};

// The operator's text: of `given` (--about), else of <data>/about.toml, else there is none.
// Errors: kNotFound (`given` is not there), kInvalidArgument (names the line).
Result<bundle::About> LoadAbout(const fs::path& given, const fs::path& data);

}  // namespace valise::app
