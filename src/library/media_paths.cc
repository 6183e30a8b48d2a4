#include "library/media_paths.h"

#include <algorithm>
#include <tuple>

#include "account/loose_path.h"

namespace valise::library {
namespace {

// Dates may be as far from each other as the type allows.
uint64_t Between(Timestamp a, Timestamp b) {
  const auto from = static_cast<uint64_t>(ToMillis(std::min(a, b)));
  return static_cast<uint64_t>(ToMillis(std::max(a, b))) - from;
}

}  // namespace

MediaPaths::Path::Path(std::string_view unified)
    : exact(Key::Of(unified)), loose(Key::Of(account::LoosePath(unified))) {}

void MediaPaths::Add(const account::ImportInfo& info, const account::OriginalFile& file) {
  const bool is_forgotten = file.fate == account::Fate::kRedacted;
  if (!is_forgotten && (file.fate != account::Fate::kMedium || !file.digest)) return;
  const Path path(path_of_(file.path));
  places_.push_back({.path = path.exact,
                     .is_forgotten = is_forgotten,
                     .date = info.date.value_or(info.time),
                     .digest = file.digest.value_or(Digest{})});
  if (path.loose != path.exact) loose_.push_back({path.loose, path.exact});
}

void MediaPaths::Sort() {
  // What is forgotten first; of equal dates the order must not depend on that of imports.
  std::ranges::sort(places_, [](const Place& a, const Place& b) {
    return std::tuple(a.path, !a.is_forgotten, a.date, a.digest) <
           std::tuple(b.path, !b.is_forgotten, b.date, b.digest);
  });
  std::ranges::sort(loose_);
  const auto [rest, end] = std::ranges::unique(loose_);
  loose_.erase(rest, end);
}

bool MediaPaths::HasExact(const Key& path) const {
  return std::ranges::binary_search(places_, path, {}, &Place::path);
}

std::optional<Key> MediaPaths::Resolve(const Path& path) const {
  if (HasExact(path.exact)) return path.exact;
  const auto others = std::ranges::equal_range(loose_, path.loose, {}, &Loose::loose);
  const bool is_plain = HasExact(path.loose);
  if (others.size() + (is_plain ? 1 : 0) != 1) return std::nullopt;  // none is guessed
  return is_plain ? path.loose : others.front().path;
}

std::optional<MediaPaths::Found> MediaPaths::Find(std::string_view path, Timestamp date) const {
  const auto exact = Resolve(Path(path_of_(path)));
  if (!exact) return std::nullopt;
  const auto places = std::ranges::equal_range(places_, *exact, {}, &Place::path);
  if (places.front().is_forgotten) return Found{};
  const auto distance = [&](const Place& place) { return Between(place.date, date); };
  return Found{std::ranges::min_element(places, {}, distance)->digest};
}

}  // namespace valise::library
