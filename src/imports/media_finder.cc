#include "imports/media_finder.h"

#include "account/loose_path.h"

namespace valise::imports {

void MediaFinder::Add(std::string path, uint32_t number) {
  std::string loose = account::LoosePath(path);
  const bool differs = loose != path;
  if (!exact_.emplace(std::move(path), number).second || !differs) return;
  const auto [at, is_first] = loose_.emplace(std::move(loose), number);
  if (!is_first) at->second = kSeveral;
}

std::optional<uint32_t> MediaFinder::Find(const std::string& path) const {
  if (const auto found = exact_.find(path); found != exact_.end()) return found->second;
  const std::string loose = account::LoosePath(path);
  const auto plain = exact_.find(loose);
  const auto other = loose_.find(loose);
  if (plain != exact_.end()) {
    return other == loose_.end() ? std::optional(plain->second) : std::nullopt;
  }
  if (other == loose_.end() || other->second == kSeveral) return std::nullopt;
  return other->second;
}

}  // namespace valise::imports
