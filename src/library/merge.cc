#include "library/merge.h"

#include <algorithm>
#include <unordered_map>

#include "library/keys.h"

namespace valise::library {
namespace {

using account::MediaItem;

constexpr std::string_view kEdit = "edit:";
constexpr std::string_view kLive = "live:";

// Without the sign that asks for an emoji's colours (U+FE0F).
std::string Plain(std::string_view emoji) {
  constexpr std::string_view kSign = "\uFE0F";
  std::string plain(emoji);
  for (size_t at = plain.find(kSign); at != std::string::npos; at = plain.find(kSign)) {
    plain.erase(at, kSign.size());
  }
  return plain;
}

// The exact time for a coarse one; across years a record would be in the wrong document.
bool AdoptTime(account::Record& into, const account::Record& from) {
  const auto here = account::TimeOf(into);
  const auto there = account::TimeOf(from);
  if (!here || !there || *here == *there || ToCivil(*here).year != ToCivil(*there).year) {
    return false;
  }
  std::visit(
      [&](auto& record) {
        if constexpr (requires { record.time; }) record.time = there;
      },
      into);
  return true;
}

template <typename T>
bool IsEmpty(const T& value) {
  return value == T{};
}

// One merge of two records: which side wins, and whether anything was learnt.
struct Merging {
  bool newer = false;   // `from` is of the newer archive
  bool closed = false;  // `into` was edited by its owner since: what is empty stays empty
  bool learnt = false;

  template <typename T>
  void Field(T& into, T& from) {
    if (IsEmpty(from) || into == from) return;
    if (IsEmpty(into) ? closed : !newer) return;
    into = std::move(from);
    learnt = true;
  }

  template <typename T>
  void Unite(std::vector<T>& into, std::vector<T>& from) {
    for (T& one : from) {
      if (std::ranges::find(into, one) != into.end()) continue;
      into.push_back(std::move(one));
      learnt = true;
    }
  }

  // The same reaction of the same person may have been written otherwise: with or without the sign
  // that makes a heart an emoji; and where one archive names people by user name and the other by
  // display name (`same_names` is false), equally many of one kind are the same.
  void Reactions(account::Message& into, account::Message& from, bool same_names) {
    std::vector<account::Reaction>& ours = into.reactions;
    const std::vector<account::Reaction> before = ours;
    const auto count = [](const std::vector<account::Reaction>& all, std::string_view plain) {
      return std::ranges::count_if(all, [&](const auto& r) { return Plain(r.reaction) == plain; });
    };
    std::vector<account::Reaction> others;
    for (account::Reaction& theirs : from.reactions) {
      const std::string plain = Plain(theirs.reaction);
      const bool renamed = !same_names && count(before, plain) == count(from.reactions, plain);
      size_t nth = 0;  // among those of its kind in `from`
      for (const account::Reaction& one : from.reactions) {
        if (&one == &theirs) break;
        nth += Plain(one.reaction) == plain ? 1 : 0;
      }
      const auto same = std::ranges::find_if(ours, [&](const account::Reaction& r) {
        return Plain(r.reaction) == plain && (renamed ? nth-- == 0 : r.actor == theirs.actor);
      });
      if (same == ours.end()) {
        others.push_back(theirs);
        continue;
      }
      Field(same->actor, theirs.actor);
      Field(same->reaction, theirs.reaction);
      if (!same->time) Field(same->time, theirs.time);
    }
    Unite(ours, others);
  }

  // What the loser knows of the same medium and the winner does not.
  static void Complete(MediaItem& winner, const MediaItem& loser) {
    if (!winner.digest && loser.digest) {
      winner.digest = loser.digest;
      winner.size = loser.size;
      winner.type = loser.type;
    }
    if (IsEmpty(winner.source_id)) winner.source_id = loser.source_id;
    if (IsEmpty(winner.time)) winner.time = loser.time;
    if (IsEmpty(winner.text)) winner.text = loser.text;
    if (IsEmpty(winner.alt)) winner.alt = loser.alt;
    if (IsEmpty(winner.place)) winner.place = loser.place;
    if (winner.subtitles.empty()) winner.subtitles = loser.subtitles;
  }

  static bool SameMedium(const MediaItem& a, const MediaItem& b) {
    if (!a.source_id.empty() && a.source_id == b.source_id) return true;
    const std::string_view name = BaseName(a.path);
    return !name.empty() && name == BaseName(b.path);
  }

  void Media(std::vector<MediaItem>& into, std::vector<MediaItem>& from) {
    if (into == from || from.empty() || (closed && into.empty())) return;
    const std::vector<MediaItem> before = into;
    if (into.empty() || newer) std::swap(into, from);
    for (MediaItem& winner : into) {
      for (const MediaItem& loser : from) {
        if (SameMedium(winner, loser)) Complete(winner, loser);
      }
    }
    if (into != before) learnt = true;
  }

  void operator()(account::Profile& into, account::Profile& from) {
    Field(into.username, from.username);
    Field(into.name, from.name);
    Field(into.bio, from.bio);
    Field(into.website, from.website);
    Field(into.email, from.email);
    Field(into.phone, from.phone);
    Field(into.gender, from.gender);
    Field(into.birthday, from.birthday);
    Field(into.is_private, from.is_private);
    Field(into.joined, from.joined);
    Media(into.pictures, from.pictures);
  }
  void operator()(account::Post& into, account::Post& from) {
    Field(into.form, from.form);
    Field(into.text, from.text);
    Media(into.media, from.media);
    Field(into.place, from.place);
    Field(into.like_count, from.like_count);
    Field(into.comment_count, from.comment_count);
  }
  void operator()(account::Story& into, account::Story& from) {
    Field(into.text, from.text);
    std::vector<MediaItem> ours{std::move(into.media)};
    std::vector<MediaItem> theirs{std::move(from.media)};
    if (IsEmpty(ours[0])) ours.clear();
    if (IsEmpty(theirs[0])) theirs.clear();
    Media(ours, theirs);
    into.media = ours.empty() ? MediaItem{} : std::move(ours[0]);
    Field(into.place, from.place);
    Field(into.like_count, from.like_count);
    Field(into.comment_count, from.comment_count);
  }
  void operator()(account::Comment& into, account::Comment& from) {
    Field(into.owner, from.owner);
    Field(into.text, from.text);
    Field(into.link, from.link);
    Media(into.media, from.media);
    Field(into.author, from.author);
    Field(into.on, from.on);
    Field(into.like_count, from.like_count);
  }
  void operator()(account::Conversation& into, account::Conversation& from) {
    Field(into.title, from.title);
    Field(into.folder, from.folder);
    Field(into.participants, from.participants);
    Field(into.is_participant, from.is_participant);
    std::vector<MediaItem> ours;
    std::vector<MediaItem> theirs;
    if (into.picture) ours.push_back(*into.picture);
    if (from.picture) theirs.push_back(*from.picture);
    Media(ours, theirs);
    if (!ours.empty()) into.picture = std::move(ours[0]);
  }
  void operator()(account::Message& into, account::Message& from) {
    const bool same_names = into.sender == from.sender;
    Field(into.sender, from.sender);
    Field(into.form, from.form);
    Field(into.text, from.text);
    Media(into.media, from.media);
    Field(into.share, from.share);
    Reactions(into, from, same_names);
    Field(into.call_seconds, from.call_seconds);
    if (from.is_unsent && !into.is_unsent) into.is_unsent = learnt = true;
  }
  void operator()(account::Connection& into, account::Connection& from) {
    Field(into.username, from.username);
    Field(into.link, from.link);
  }
  void operator()(account::Like& into, account::Like& from) {
    Field(into.owner, from.owner);
    Field(into.link, from.link);
    Field(into.text, from.text);
  }
  void operator()(account::Saved& into, account::Saved& from) {
    Field(into.collection, from.collection);
    Field(into.owner, from.owner);
    Field(into.link, from.link);
    Field(into.text, from.text);
  }
  void operator()(account::Activity& into, account::Activity& from) {
    Field(into.text, from.text);
    Field(into.link, from.link);
    Field(into.details, from.details);
    Media(into.media, from.media);
  }
};

void UniteProvenance(std::vector<account::Provenance>& into,
                     std::vector<account::Provenance>& from) {
  std::ranges::move(from, std::back_inserter(into));
  const auto order = [](const account::Provenance& p) {
    return std::tie(p.import, p.file, p.index);
  };
  std::ranges::sort(into, {}, order);
  into.erase(std::unique(into.begin(), into.end()), into.end());
}

}  // namespace

void ImportDates::Add(const account::ImportInfo& info) {
  times_[info.id] = info.date.value_or(info.time);
  if (info.coarse_times) coarse_.insert(info.id);
}

bool ImportDates::IsCoarse(const account::Record& record) const {
  const auto& provenance = account::CommonOf(record).provenance;
  return !provenance.empty() && std::ranges::all_of(provenance, [&](const auto& from) {
    return coarse_.contains(from.import);
  });
}

ImportDates::Date ImportDates::Newest(const std::vector<account::Provenance>& provenance) const {
  Date newest;
  for (const account::Provenance& from : provenance) {
    Date date{.import = from.import, .is_coarse = coarse_.contains(from.import)};
    if (from.import.starts_with(kEdit)) {
      date.is_edit = true;
      date.time =
          ParseTime(std::string_view(from.import).substr(kEdit.size())).value_or(Timestamp::min());
    } else if (const auto live = ParseLiveImport(from.import)) {
      date.is_edit = true;
      date.time = live->time;
    } else if (const auto found = times_.find(from.import); found != times_.end()) {
      date.time = found->second;
    }
    if (newest < date) newest = date;
  }
  return newest;
}

std::string EditImport(Timestamp time) { return std::string(kEdit) + FormatTime(time); }

std::string LiveImport(Timestamp time, std::string_view version) {
  std::string import = std::string(kLive) + FormatTime(time);
  if (!version.empty()) (import += ' ') += version;
  return import;
}

std::optional<LiveImportParts> ParseLiveImport(std::string_view import) {
  if (!import.starts_with(kLive)) return std::nullopt;
  import.remove_prefix(kLive.size());
  const size_t space = std::min(import.find(' '), import.size());
  const auto time = ParseTime(import.substr(0, space));
  if (!time) return std::nullopt;
  return LiveImportParts{*time, std::string(import.substr(std::min(space + 1, import.size())))};
}

bool Overrule(account::Record& into, account::Record from) {
  account::Common& ours = account::CommonOf(into);
  account::Common& theirs = account::CommonOf(from);
  const auto is_live = [](const account::Provenance& p) { return p.import.starts_with(kLive); };
  const auto version = [&](const account::Common& common) -> std::optional<std::string> {
    const auto mark = std::ranges::find_if(common.provenance, is_live);
    const auto parts =
        mark == common.provenance.end() ? std::nullopt : ParseLiveImport(mark->import);
    return parts ? std::optional(parts->version) : std::nullopt;
  };
  const bool same_version = version(ours) == version(theirs);
  account::Common common = ours;
  for (std::string& evidence : theirs.evidence) {
    if (std::ranges::find(common.evidence, evidence) == common.evidence.end()) {
      common.evidence.push_back(std::move(evidence));
    }
  }
  const bool same_evidence = common.evidence == ours.evidence;
  std::erase_if(common.provenance, is_live);
  UniteProvenance(common.provenance, theirs.provenance);
  theirs = ours;
  if (same_version && same_evidence && from == into) return false;
  theirs = std::move(common);
  into = std::move(from);
  return true;
}

OfOneImport TieOf(const account::Record& record) {
  const bool changed = std::ranges::any_of(
      account::CommonOf(record).provenance, [](const account::Provenance& from) {
        return from.import.starts_with(kEdit) || from.import.starts_with(kLive);
      });
  return changed ? OfOneImport::kChangedSince : OfOneImport::kReadAgain;
}

bool Merge(account::Record& into, account::Record from, const ImportDates& dates, OfOneImport tie) {
  account::Common& ours = account::CommonOf(into);
  account::Common& theirs = account::CommonOf(from);
  const ImportDates::Date here = dates.Newest(ours.provenance);
  const ImportDates::Date there = dates.Newest(theirs.provenance);
  Merging merging{.newer = here < there || (tie == OfOneImport::kReadAgain && !(there < here))};
  merging.closed = here.is_edit && !merging.newer;
  if (tie == OfOneImport::kChangedSince) merging = {.newer = false, .closed = true};
  if (dates.IsCoarse(into) && !dates.IsCoarse(from)) merging.learnt = AdoptTime(into, from);
  std::visit(
      [&](auto& record) {
        merging(record, std::get<std::remove_reference_t<decltype(record)>>(from));
      },
      into);
  merging.Unite(ours.evidence, theirs.evidence);
  UniteProvenance(ours.provenance, theirs.provenance);
  return merging.learnt;
}

size_t Unite(std::vector<account::Record>& entries, const ImportDates& dates) {
  std::unordered_map<uint64_t, size_t> known;  // places in `united` by evidence
  std::vector<account::Record> united;
  for (account::Record& entry : entries) {
    const std::vector<uint64_t> evidence = EvidenceOf(entry);
    const auto same =
        std::ranges::find_if(evidence, [&](uint64_t one) { return known.contains(one); });
    const size_t place = same == evidence.end() ? united.size() : known.at(*same);
    if (same == evidence.end()) {
      united.push_back(std::move(entry));
    } else {
      Merge(united[place], std::move(entry), dates);
    }
    for (const uint64_t one : evidence) known.emplace(one, place);
  }
  const size_t gone = entries.size() - united.size();
  entries = std::move(united);
  return gone;
}

}  // namespace valise::library
