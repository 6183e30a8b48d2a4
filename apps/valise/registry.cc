#include "registry.h"

#include <algorithm>
#include <array>
#include <memory>

#include "account/schemas.h"
#include "bundle/portable/portable_format.h"
#include "services/instagram/instagram.h"
#include "services/valise/valise.h"

namespace valise::app {

std::span<const services::Source* const> Sources() {
  static const std::array<std::unique_ptr<services::Source>, 2> owned{
      services::instagram::MakeSource(),
      services::valise::MakeSource(),
  };
  static const std::array<const services::Source*, 2> sources{owned[0].get(), owned[1].get()};
  return sources;
}

const bundle::BundleFormat* FormatNamed(std::string_view name) {
  static const bundle::PortableFormat portable(ViewerFiles(), account::Schemas());
  static const std::array<const bundle::BundleFormat*, 1> formats{&portable};
  const auto found = std::ranges::find(formats, name, &bundle::BundleFormat::name);
  return found == formats.end() ? nullptr : *found;
}

}  // namespace valise::app
