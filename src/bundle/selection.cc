#include "bundle/selection.h"

namespace valise::bundle {

using account::Kind;

bool Selection::Has(Kind kind) const {
  if (kind == Kind::kConversation || kind == Kind::kMessage) {
    return kinds[static_cast<size_t>(Kind::kConversation)] ||
           kinds[static_cast<size_t>(Kind::kMessage)];
  }
  return kinds[static_cast<size_t>(kind)];
}

bool Selection::HasAllKinds() const {
  for (size_t i = 0; i < account::kKindCount; ++i) {
    if (!Has(static_cast<Kind>(i))) return false;
  }
  return true;
}

bool Selection::HasMedia(std::string_view type) const {
  if (IsPhoto(type)) return photos;
  if (IsVideo(type)) return videos;
  return true;
}

void Write(JsonWriter& to, const Selection& selection) {
  to.BeginObject().Name("kinds").BeginArray();
  for (size_t i = 0; i < account::kKindCount; ++i) {
    const auto kind = static_cast<Kind>(i);
    if (selection.Has(kind)) to.String(account::KindName(kind));
  }
  to.EndArray().Member("photos", selection.photos).Member("videos", selection.videos);
  to.Member("originals", selection.originals && selection.IsComplete());
  if (selection.from) to.Member("from", *selection.from);
  if (selection.until) to.Member("until", *selection.until);
  to.EndObject();
}

}  // namespace valise::bundle
