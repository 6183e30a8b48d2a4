#include "registry.h"

#include <array>

#include "services/instagram/instagram_source.h"
#include "services/valise/valise_source.h"

namespace valise::app {

std::span<const services::Source* const> Sources() {
  static const services::instagram::InstagramSource instagram;
  static const services::own::ValiseSource valise;
  static const std::array<const services::Source*, 2> sources{&instagram, &valise};
  return sources;
}

}  // namespace valise::app
