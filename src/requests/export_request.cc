#include "requests/export_request.h"

#include <algorithm>
#include <array>

namespace valise::requests {
namespace {

using account::Kind;

constexpr std::array<std::string_view, 7> kStates = {"asked",   "snapshot",  "planned", "ready",
                                                     "expired", "cancelled", "failed"};
constexpr std::array<std::string_view, 11> kKinds = {
    "photos",      "videos", "stories", "comments", "messages", "profile",
    "connections", "likes",  "saved",   "activity", "originals"};

}  // namespace

std::string_view StateName(State state) { return kStates[static_cast<size_t>(state)]; }

std::optional<State> ParseState(std::string_view name) {
  const auto at = std::ranges::find(kStates, name);
  if (at == kStates.end()) return std::nullopt;
  return static_cast<State>(at - kStates.begin());
}

bool IsChoiceKind(std::string_view kind) { return std::ranges::find(kKinds, kind) != kKinds.end(); }

bundle::Selection ToSelection(const Choice& choice) {
  bundle::Selection selection;
  selection.from = choice.from;
  selection.until = choice.until;
  if (!choice.kinds) return selection;
  const auto has = [&](std::string_view kind) {
    return std::ranges::find(*choice.kinds, kind) != choice.kinds->end();
  };
  const auto set = [&](Kind kind, bool on) { selection.kinds[static_cast<size_t>(kind)] = on; };
  selection.photos = has("photos");
  selection.videos = has("videos");
  selection.originals = has("originals");
  set(Kind::kPost, selection.photos || selection.videos);
  set(Kind::kProfile, has("profile"));
  set(Kind::kStory, has("stories"));
  set(Kind::kComment, has("comments"));
  set(Kind::kConversation, has("messages"));
  set(Kind::kMessage, has("messages"));
  set(Kind::kConnection, has("connections"));
  set(Kind::kLike, has("likes"));
  set(Kind::kSaved, has("saved"));
  set(Kind::kActivity, has("activity"));
  return selection;
}

}  // namespace valise::requests
