#include "registry.h"

#include <array>

#include "services/instagram/instagram_source.h"
#include "services/valise/valise_source.h"

namespace valise::app {

std::span<const services::Source* const> Sources() {
  static const services::instagram::InstagramSource instagram;
  static const services::own::ValiseSource bundles;
  static const std::array<const services::Source*, 2> sources{&instagram, &bundles};
  return sources;
}

Result<bundle::About> LoadAbout(const fs::path& given, const fs::path& data) {
  const fs::path path = given.empty() ? data / "about.toml" : given;
  auto about = bundle::About::Load(path);
  if (about.has_value()) return about;
  if (given.empty() && about.error().code == ErrorCode::kNotFound) return bundle::About{};
  return std::unexpected(about.error().Within(path.filename().string()));
}

}  // namespace valise::app
