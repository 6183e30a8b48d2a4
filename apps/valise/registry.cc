#include "registry.h"

#include <algorithm>
#include <array>

#include "bundle/portable/portable_format.h"
#include "services/instagram/instagram_format.h"
#include "services/instagram/instagram_source.h"
#include "services/valise/valise_source.h"

namespace valise::app {

std::span<const services::Source* const> Sources() {
  static const services::instagram::InstagramSource instagram;
  static const services::own::ValiseSource bundles;
  static const std::array<const services::Source*, 2> sources{&instagram, &bundles};
  return sources;
}

const bundle::BundleFormat* FormatNamed(std::string_view name) {
  static const bundle::PortableFormat portable(ViewerFiles());
  static const services::instagram::InstagramFormat instagram;
  static const std::array<const bundle::BundleFormat*, 2> formats{&portable, &instagram};
  const auto found = std::ranges::find(formats, name, &bundle::BundleFormat::name);
  return found == formats.end() ? nullptr : *found;
}

}  // namespace valise::app
