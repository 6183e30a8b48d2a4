#include "library/merge_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "library/keys.h"
#include "library/merge_reactions.h"

namespace valise::library {
namespace {

using account::MediaItem;
using Date = ImportDates::Date;

template <typename T>
bool IsEmpty(const T& value) {
  return value == T{};
}

bool SameMedium(const MediaItem& a, const MediaItem& b) {
  if (!a.source_id.empty() && a.source_id == b.source_id) return true;
  const std::string_view name = BaseName(a.path);
  return !name.empty() && name == BaseName(b.path);
}

// The bytes of a medium are one value of it.
struct Content {
  std::optional<Digest> digest;
  uint64_t size = 0;
  std::string type;
  bool operator==(const Content&) const = default;
};

// Fills in what the items of the winning list lack from those of the other. What was filled in
// stands in `told` as "media.0.text", and gives way to what is newer.
class ListFilling {
 public:
  struct Side {
    const std::vector<MediaItem>& items;
    const Tellers& tellers;
  };
  // `list`: its member's name.
  ListFilling(std::string_view list, const Tellers& winner, Side loser)
      : list_(list), winner_(winner), loser_(loser) {}

  void Fill(std::vector<MediaItem>& winner) {
    for (size_t i = 0; i < winner.size(); ++i) {
      Item(i, winner[i], nullptr, 0);
      for (size_t j = 0; j < loser_.items.size(); ++j) {
        if (SameMedium(winner[i], loser_.items[j])) Item(i, winner[i], &loser_.items[j], j);
      }
    }
  }
  // Who told what is filled in now, by field.
  const std::map<std::string, Date>& filled() const { return filled_; }

 private:
  void Item(size_t i, MediaItem& winner, const MediaItem* loser, size_t j) {
    static const MediaItem kNone;
    const MediaItem& other = loser != nullptr ? *loser : kNone;
    Content content{winner.digest, winner.size, winner.type};
    const Content theirs = other.digest ? Content{other.digest, other.size, other.type} : Content{};
    if (!winner.digest) content = {};
    if (Value("digest", i, content, theirs, j)) {
      winner.digest = content.digest;
      winner.size = content.size;
      winner.type = std::move(content.type);
    }
    Value("source_id", i, winner.source_id, other.source_id, j);
    Value("time", i, winner.time, other.time, j);
    Value("text", i, winner.text, other.text, j);
    Value("alt", i, winner.alt, other.alt, j);
    Value("place", i, winner.place, other.place, j);
    Value("subtitles", i, winner.subtitles, other.subtitles, j);
  }

  std::string Name(size_t item, std::string_view member) const {
    return fmt::format("{}.{}.{}", list_, item, member);
  }

  // Returns whether the winner's was changed.
  template <typename T>
  bool Value(std::string_view member, size_t i, T& winner, const T& loser, size_t j) {
    // Nearly always, and a name costs.
    if (IsEmpty(winner) ? IsEmpty(loser) : filled_.empty() && winner_.lists_nothing()) return false;
    const std::string name = Name(i, member);
    const Date* filled = nullptr;
    if (const auto now = filled_.find(name); now != filled_.end()) {
      filled = &now->second;
    } else {
      filled = winner_.Listed(name);
    }
    if (!IsEmpty(winner) && filled == nullptr) return false;  // the list's own
    if (IsEmpty(loser)) {
      if (!IsEmpty(winner)) filled_.try_emplace(name, *filled);
      return false;
    }
    const Date* theirs = loser_.tellers.Listed(Name(j, member));
    if (theirs == nullptr) theirs = &loser_.tellers.Of(list_);
    if (!IsEmpty(winner) && !(*filled < *theirs)) return false;
    filled_.insert_or_assign(name, *theirs);
    if (winner == loser) return false;
    winner = loser;
    return true;
  }

  const std::string_view list_;
  const Tellers& winner_;
  const Side loser_;
  std::map<std::string, Date> filled_;
};

// One merge of two records: for each field which side wins, and who told it.
class Merging {
 public:
  explicit Merging(const Telling& telling)
      : telling_(telling),
        newest_(std::max(telling.ours.newest(), telling.theirs.newest()).import) {}

  FieldsMerged Take() {
    std::ranges::sort(merged_.told, {}, &account::Told::field);
    return std::move(merged_);
  }

  void operator()(account::Profile& into, account::Profile& from) {
    Field("username", into.username, from.username);
    Field("name", into.name, from.name);
    Field("bio", into.bio, from.bio);
    Field("website", into.website, from.website);
    Field("email", into.email, from.email);
    Field("phone", into.phone, from.phone);
    Field("gender", into.gender, from.gender);
    Field("birthday", into.birthday, from.birthday);
    Field("private", into.is_private, from.is_private);
    Field("joined", into.joined, from.joined);
    Media("pictures", into.pictures, from.pictures, HasMoreOrNewer(into.pictures, from.pictures));
  }
  void operator()(account::Post& into, account::Post& from) {
    Field("form", into.form, from.form);
    Field("text", into.text, from.text);
    Media("media", into.media, from.media);
    Field("place", into.place, from.place);
    Field("like_count", into.like_count, from.like_count);
    Field("comment_count", into.comment_count, from.comment_count);
  }
  void operator()(account::Story& into, account::Story& from) {
    Field("text", into.text, from.text);
    std::vector<MediaItem> ours{std::move(into.media)};
    std::vector<MediaItem> theirs{std::move(from.media)};
    if (IsEmpty(ours[0])) ours.clear();
    if (IsEmpty(theirs[0])) theirs.clear();
    Media("media", ours, theirs);
    into.media = ours.empty() ? MediaItem{} : std::move(ours[0]);
    Field("place", into.place, from.place);
    Field("like_count", into.like_count, from.like_count);
    Field("comment_count", into.comment_count, from.comment_count);
  }
  void operator()(account::Comment& into, account::Comment& from) {
    Field("owner", into.owner, from.owner);
    Field("text", into.text, from.text);
    Field("link", into.link, from.link);
    Media("media", into.media, from.media);
    Field("author", into.author, from.author);
    Field("on", into.on, from.on);
    Field("like_count", into.like_count, from.like_count);
  }
  void operator()(account::Conversation& into, account::Conversation& from) {
    Field("title", into.title, from.title);
    Field("folder", into.folder, from.folder);
    Field("participants", into.participants, from.participants);
    Field("participant", into.is_participant, from.is_participant);
    std::vector<MediaItem> ours;
    std::vector<MediaItem> theirs;
    if (into.picture) ours.push_back(*into.picture);
    if (from.picture) theirs.push_back(*from.picture);
    Media("picture", ours, theirs);
    if (!ours.empty()) into.picture = std::move(ours[0]);
  }
  void operator()(account::Message& into, account::Message& from) {
    const std::string ours = into.sender;
    const std::string theirs = from.sender;
    Field("sender", into.sender, from.sender);
    Field("form", into.form, from.form);
    Field("text", into.text, from.text);
    Media("media", into.media, from.media);
    Field("share", into.share, from.share);
    Reactions(into.reactions, from.reactions,
              {.ours = ours, .theirs = theirs, .merged = into.sender});
    Field("call_seconds", into.call_seconds, from.call_seconds);
    if (from.is_unsent && !into.is_unsent) into.is_unsent = merged_.learnt = true;
  }
  void operator()(account::Connection& into, account::Connection& from) {
    Field("username", into.username, from.username);
    Field("link", into.link, from.link);
  }
  void operator()(account::Like& into, account::Like& from) {
    Field("owner", into.owner, from.owner);
    Field("link", into.link, from.link);
    Field("text", into.text, from.text);
  }
  void operator()(account::Saved& into, account::Saved& from) {
    Field("collection", into.collection, from.collection);
    Field("owner", into.owner, from.owner);
    Field("link", into.link, from.link);
    Field("text", into.text, from.text);
  }
  void operator()(account::Activity& into, account::Activity& from) {
    Field("text", into.text, from.text);
    Field("link", into.link, from.link);
    Field("details", into.details, from.details);
    Media("media", into.media, from.media);
  }

 private:
  // Is what `from` tells the newer?
  bool IsNewer(std::string_view field) const {
    return telling_.IsNewer(telling_.ours.Of(field), telling_.theirs.Of(field));
  }
  // The parts of one archive are of one date, and the part with the profile may name the current
  // picture alone.
  bool HasMoreOrNewer(const std::vector<MediaItem>& into,
                      const std::vector<MediaItem>& from) const {
    const Date& here = telling_.ours.Of("pictures");
    const Date& there = telling_.theirs.Of("pictures");
    const bool of_one_date = here.import != there.import && here.time == there.time &&
                             here.is_coarse == there.is_coarse && !here.is_edit && !there.is_edit;
    const bool by_length =
        of_one_date && telling_.tie != OfOneImport::kChangedSince && into.size() != from.size();
    return by_length ? into.size() < from.size() : IsNewer("pictures");
  }
  // Was `into` changed by its owner or a service since? Then what is empty stays empty.
  bool IsClosed(const Date& there) const {
    const auto& change = telling_.ours.change();
    return telling_.tie == OfOneImport::kChangedSince || (change && !(*change < there));
  }

  void Note(std::string_view field, const Date& teller) {
    if (teller.import.empty() || teller.import == newest_) return;
    merged_.told.push_back({std::string(field), teller.import});
  }

  // Whether theirs takes the place of ours; notes who told what stands then.
  template <typename T>
  bool Wins(std::string_view field, const T& into, const T& from, bool newer) {
    const Date& here = telling_.ours.Of(field);
    const Date& there = telling_.theirs.Of(field);
    if (IsEmpty(from)) {
      if (!IsEmpty(into)) Note(field, here);
      return false;
    }
    if (into == from) {
      Note(field, std::max(here, there));
      return false;
    }
    const bool wins = IsEmpty(into) ? !IsClosed(there) : newer;
    if (wins || !IsEmpty(into)) Note(field, wins ? there : here);
    return wins;
  }

  template <typename T>
  void Field(std::string_view name, T& into, T& from) {
    if (!Wins(name, into, from, IsNewer(name))) return;
    into = std::move(from);
    merged_.learnt = true;
  }

  void Media(std::string_view name, std::vector<MediaItem>& into, std::vector<MediaItem>& from) {
    Media(name, into, from, IsNewer(name));
  }
  void Media(std::string_view name, std::vector<MediaItem>& into, std::vector<MediaItem>& from,
             bool newer) {
    const std::vector<MediaItem> before = into;
    // Of equal lists the newer one's items are its own.
    const bool equal_and_newer = into == from && newer;
    const bool theirs_win = Wins(name, into, from, newer) || equal_and_newer;
    if (into.empty() && !theirs_win) return;
    if (theirs_win) std::swap(into, from);
    const Tellers& winner = theirs_win ? telling_.theirs : telling_.ours;
    const Tellers& loser = theirs_win ? telling_.ours : telling_.theirs;
    ListFilling filling(name, winner, {from, loser});
    filling.Fill(into);
    for (const auto& [field, teller] : filling.filled()) {
      if (teller.import != winner.Of(name).import) Note(field, teller);
    }
    if (into != before) merged_.learnt = true;
  }

  void Reactions(std::vector<account::Reaction>& ours, std::vector<account::Reaction>& from,
                 const SenderNames& senders) {
    if (ours.empty() && from.empty()) return;
    const std::vector<account::Reaction> before = ours;
    ReactionsMerged merged = MergeReactions(std::move(ours), std::move(from), senders, telling_);
    ours = std::move(merged.reactions);
    if (ours != before) merged_.learnt = true;
    for (const auto& [field, teller] : merged.told) Note(field, teller);
  }

  const Telling telling_;
  const std::string newest_;  // import of both sides
  FieldsMerged merged_;
};

}  // namespace

FieldsMerged MergeFields(account::Record& into, account::Record& from, const Telling& telling) {
  Merging merging(telling);
  std::visit(
      [&](auto& record) {
        merging(record, std::get<std::remove_reference_t<decltype(record)>>(from));
      },
      into);
  return merging.Take();
}

}  // namespace valise::library
