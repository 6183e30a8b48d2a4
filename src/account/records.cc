#include "account/records.h"

#include <array>
#include <type_traits>

namespace valise::account {
namespace {

struct Names {
  std::string_view one;
  std::string_view many;
};
constexpr std::array<Names, kKindCount> kNames = {{
    {"profile", "profile"},
    {"post", "posts"},
    {"story", "stories"},
    {"comment", "comments"},
    {"conversation", "conversations"},
    {"message", "messages"},
    {"connection", "connections"},
    {"like", "likes"},
    {"saved", "saved"},
    {"activity", "activity"},
}};
static_assert(std::variant_size_v<Record> == kKindCount);

template <typename List, typename Item>
void Collect(List& to, Item& item) {
  to.push_back(&item);
  for (auto& subtitle : item.subtitles) to.push_back(&subtitle);
}

template <typename Pointer, typename AnyRecord>
std::vector<Pointer> CollectMedia(AnyRecord& record) {
  std::vector<Pointer> found;
  std::visit(
      [&](auto& r) {
        using T = std::remove_cvref_t<decltype(r)>;
        if constexpr (std::is_same_v<T, Profile>) {
          for (auto& item : r.pictures) Collect(found, item);
        } else if constexpr (std::is_same_v<T, Story>) {
          if (r.media != MediaItem{}) Collect(found, r.media);
        } else if constexpr (std::is_same_v<T, Conversation>) {
          if (r.picture) Collect(found, *r.picture);
        } else if constexpr (std::is_same_v<T, Post> || std::is_same_v<T, Comment> ||
                             std::is_same_v<T, Message> || std::is_same_v<T, Activity>) {
          for (auto& item : r.media) Collect(found, item);
        }
      },
      record);
  return found;
}

}  // namespace

std::string_view KindName(Kind kind) { return kNames[static_cast<size_t>(kind)].one; }
std::string_view KindPlural(Kind kind) { return kNames[static_cast<size_t>(kind)].many; }

std::optional<Kind> ParseKind(std::string_view name) {
  for (size_t i = 0; i < kKindCount; ++i) {
    if (kNames[i].one == name) return static_cast<Kind>(i);
  }
  return std::nullopt;
}

Common& CommonOf(Record& record) {
  return std::visit([](auto& r) -> Common& { return r; }, record);
}

const Common& CommonOf(const Record& record) {
  return std::visit([](const auto& r) -> const Common& { return r; }, record);
}

std::optional<Timestamp> TimeOf(const Record& record) {
  return std::visit(
      [](const auto& r) -> std::optional<Timestamp> {
        if constexpr (requires { r.time; }) {
          return r.time;
        } else {
          return std::nullopt;
        }
      },
      record);
}

std::vector<MediaItem*> MediaOf(Record& record) { return CollectMedia<MediaItem*>(record); }
std::vector<const MediaItem*> MediaOf(const Record& record) {
  return CollectMedia<const MediaItem*>(record);
}

bool IsMissing(const MediaItem& item) {
  return !item.digest && !item.path.starts_with("https://") && !item.path.starts_with("http://");
}

uint64_t MissingMediaOf(const Record& record) {
  uint64_t missing = 0;
  for (const MediaItem* item : MediaOf(record)) missing += IsMissing(*item) ? 1 : 0;
  return missing;
}

}  // namespace valise::account
