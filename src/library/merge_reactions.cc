#include "library/merge_reactions.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace valise::library {
namespace {

using account::Reaction;
using Date = ImportDates::Date;

// Without the sign that asks for an emoji's colours (U+FE0F).
std::string Plain(std::string_view emoji) {
  constexpr std::string_view kSign = "\uFE0F";
  std::string plain(emoji);
  for (size_t at = plain.find(kSign); at != std::string::npos; at = plain.find(kSign)) {
    plain.erase(at, kSign.size());
  }
  return plain;
}

// Who told the reactions of one emoji.
std::string Field(const std::string& plain) { return "reactions." + plain; }
// The same where that archive calls the sender otherwise than the record does; his name follows.
std::string OtherNameField(const std::string& plain) { return Field(plain) + ".sender."; }

// A reaction in a list, and whether its counterpart was found.
struct Place {
  Reaction reaction;
  std::string plain;
  std::string actor;  // as this side names him, whatever the reaction takes from the other
  bool is_paired = false;
};

// The newest archive that tells reactions of one emoji, and what it calls the sender.
struct Origin {
  Date date;
  std::string_view sender;
};

// What one archive, or several that were merged, tell.
class Side {
 public:
  Side(std::vector<Reaction> reactions, std::string_view sender, std::string_view merged_sender,
       const Tellers& tellers)
      : sender_(sender), tellers_(tellers) {
    for (Reaction& one : reactions) {
      // The sender's newest name is known, whatever reactions the other side tells.
      if (!sender.empty() && one.actor == sender) one.actor = merged_sender;
      std::string plain = Plain(one.reaction);
      std::string actor = one.actor;
      places.push_back({std::move(one), std::move(plain), std::move(actor)});
    }
  }

  // Has someone this name, of those whom an archive names that calls the sender so?
  bool HasActor(const std::string& name, std::string_view sender) const {
    return std::ranges::any_of(places, [&](const Place& place) {
      return place.actor == name && OriginOf(place.plain)->sender == sender;
    });
  }
  // nullopt: it has none.
  std::optional<Origin> OriginOf(const std::string& plain) const {
    if (std::ranges::find(places, plain, &Place::plain) == places.end()) return std::nullopt;
    const std::string prefix = OtherNameField(plain);
    if (const auto* listed = tellers_.ListedUnder(prefix)) {
      return Origin{listed->second, listed->first.substr(prefix.size())};
    }
    const Date* date = tellers_.Listed(Field(plain));
    // Valise once noted one for all emojis.
    return Origin{date != nullptr ? *date : tellers_.Of("reactions"), sender_};
  }

  std::vector<Place> places;

 private:
  const std::string_view sender_;
  const Tellers& tellers_;
};

class Pairing {
 public:
  Pairing(std::vector<Reaction> ours, std::vector<Reaction> theirs, const SenderNames& senders,
          const Telling& telling)
      : sender_(senders.merged),
        telling_(telling),
        ours_(std::move(ours), senders.ours, senders.merged, telling.ours),
        theirs_(std::move(theirs), senders.theirs, senders.merged, telling.theirs) {}

  ReactionsMerged Take() {
    ReactionsMerged merged;
    std::set<std::string> emojis;
    for (const Side* side : {&ours_, &theirs_}) {
      for (const Place& place : side->places) emojis.insert(place.plain);
    }
    for (const std::string& plain : emojis) {
      const auto here = ours_.OriginOf(plain);
      const auto there = theirs_.OriginOf(plain);
      const bool newer = here && there ? telling_.IsNewer(here->date, there->date) : !here;
      if (here && there) Pair(plain, *here, *there, newer);
      const Origin& newest = newer ? *there : *here;
      const bool same_name = newest.sender == sender_;
      merged.told.emplace(same_name ? Field(plain) : OtherNameField(plain).append(newest.sender),
                          newest.date);
    }
    for (Place& place : ours_.places) merged.reactions.push_back(std::move(place.reaction));
    for (Place& place : theirs_.places) {
      if (!place.is_paired) merged.reactions.push_back(std::move(place.reaction));
    }
    return merged;
  }

 private:
  // Whose actors are equal first, so that nobody gets the moment of another one's reaction.
  // `newer`: theirs are.
  void Pair(const std::string& plain, const Origin& here, const Origin& there, bool newer) {
    for (Place& theirs : theirs_.places) {
      if (theirs.plain != plain) continue;
      const auto same = std::ranges::find_if(ours_.places, [&](const Place& ours) {
        return !ours.is_paired && ours.plain == plain && ours.actor == theirs.actor;
      });
      if (same != ours_.places.end()) Unite(*same, theirs, newer);
    }
    if (here.sender == there.sender) return;
    // Where one has user names and the other display names, equally many are the same.
    const std::vector<Place*> ours = MayBeRenamed(plain, ours_, theirs_, there);
    const std::vector<Place*> theirs = MayBeRenamed(plain, theirs_, ours_, here);
    if (ours.size() != theirs.size()) return;
    for (size_t i = 0; i < ours.size(); ++i) Unite(*ours[i], *theirs[i], newer);
  }

  // Those left over whom the other side may know by another name: neither the sender, whose names
  // are known, nor who has this name there, too.
  std::vector<Place*> MayBeRenamed(const std::string& plain, Side& side, const Side& other,
                                   const Origin& from) const {
    std::vector<Place*> found;
    for (Place& place : side.places) {
      if (place.is_paired || place.plain != plain) continue;
      const bool is_known = place.actor == sender_ || other.HasActor(place.actor, from.sender);
      if (is_known && !place.actor.empty()) continue;
      found.push_back(&place);
    }
    return found;
  }

  static void Unite(Place& ours, Place& theirs, bool newer) {
    Reaction& into = ours.reaction;
    const Reaction& from = theirs.reaction;
    ours.is_paired = theirs.is_paired = true;
    if (!from.actor.empty() && (newer || into.actor.empty())) into.actor = from.actor;
    // Which archive told these of this very person is not noted: no order decides.
    if (from.reaction.size() > into.reaction.size()) into.reaction = from.reaction;
    if (!into.time || (from.time && *from.time < *into.time)) into.time = from.time;
  }

  const std::string_view sender_;  // of the merged record
  const Telling telling_;
  Side ours_;
  Side theirs_;
};

}  // namespace

ReactionsMerged MergeReactions(std::vector<Reaction> ours, std::vector<Reaction> theirs,
                               const SenderNames& senders, const Telling& telling) {
  return Pairing(std::move(ours), std::move(theirs), senders, telling).Take();
}

}  // namespace valise::library
