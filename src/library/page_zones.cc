#include "library/page_zones.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "account/fold.h"
#include "base/digest.h"
#include "library/keys.h"
#include "library/spool.h"

namespace valise::library {
namespace {

using account::Kind;
using account::Record;
using account::ZoneSpan;

constexpr int64_t kMinute = 60'000;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kGrid = 15 * kMinute;  // of all zones there are
constexpr int64_t kFarthest = 14 * kHour;
// Pairs that must agree at least, and their share of all pairs: three of four.
constexpr size_t kFewest = 5;
constexpr size_t kOf = 4, kAgree = 3;
// So many pairs must speak for a change of the clock more than against it.
constexpr uint32_t kChange = 3;
constexpr size_t kMostClocks = 16;

void Add(std::string& text, std::string_view part) {
  text += '\x1f';
  text += part;
}

std::string_view WithoutQuery(std::string_view link) { return link.substr(0, link.find('?')); }

// What tells a record without evidence; empty: nothing.
struct Tell {
  std::string_view conversation;

  static std::string Names(const Record& record) {
    std::string names;
    for (const account::MediaItem* item : account::MediaOf(record))
      Add(names, BaseName(item->path));
    return names;
  }
  std::string operator()(const account::Message& r) const {
    const std::string what = account::Fold(r.text) + Names(r);
    if (what.empty()) return {};
    std::string text(conversation);
    Add(text, r.sender);
    return text + what;
  }
  std::string operator()(const account::Comment& r) const {
    if (r.text.empty()) return {};
    std::string text = r.list;
    Add(text, account::Fold(r.author));
    Add(text, r.owner);
    Add(text, account::Fold(r.text));
    return text;
  }
  std::string operator()(const account::Like& r) const { return OfLink(r.list, r.owner, r.link); }
  std::string operator()(const account::Saved& r) const {
    return OfLink(r.collection, r.owner, r.link);
  }
  std::string operator()(const account::Activity& r) const {
    return OfLink(r.list, account::Fold(r.text), r.link.empty() ? "-" : r.link);
  }
  std::string operator()(const account::Post& r) const { return Names(r); }
  std::string operator()(const account::Story& r) const { return Names(r); }
  std::string operator()(const account::Connection& r) const { return BasisOf(r).text; }
  std::string operator()(const account::Profile&) const { return {}; }
  std::string operator()(const account::Conversation&) const { return {}; }

 private:
  static std::string OfLink(std::string_view list, std::string_view whose, std::string_view link) {
    if (link.empty()) return {};
    std::string text(list);
    Add(text, whose);
    Add(text, WithoutQuery(link));
    return text;
  }
};

int64_t MinuteOf(int64_t ms) { return ms - ((ms % kMinute) + kMinute) % kMinute; }

// How far the clock was ahead, on the grid; nullopt: no clock is.
std::optional<int64_t> Ahead(int64_t shown, int64_t exact) {
  const int64_t ahead = shown + kMinute / 2 - exact;  // what is shown was rounded down
  if (ahead > kFarthest + kMinute || ahead < -kFarthest - kMinute) return std::nullopt;
  const int64_t shifted = ahead + kFarthest + kGrid + kGrid / 2;  // is positive
  const int64_t rounded = shifted / kGrid * kGrid - kFarthest - kGrid;
  if (ahead - rounded > kMinute || rounded - ahead > kMinute) return std::nullopt;
  return rounded / kMinute;
}

struct Vote {
  int64_t time = 0;  // exact
  int32_t minutes = 0;
};

// The end of those of one name.
size_t EndOf(const std::vector<Sightings::One>& all, size_t begin) {
  size_t end = begin;
  while (end < all.size() && all[end].what == all[begin].what) ++end;
  return end;
}

std::vector<Vote> VotesOf(const Sightings& pages, const Sightings& exact) {
  const auto& left = pages.all();
  const auto& right = exact.all();
  std::vector<Vote> votes;
  for (size_t l = 0, r = 0; l < left.size() && r < right.size();) {
    const size_t after_l = EndOf(left, l);
    if (left[l].what > right[r].what) {
      r = EndOf(right, r);
      continue;
    }
    if (left[l].what == right[r].what) {
      const size_t after_r = EndOf(right, r);
      const bool once = after_l - l == 1 && after_r - r == 1;
      const auto ahead = once ? Ahead(left[l].time, right[r].time) : std::nullopt;
      if (ahead) votes.push_back({right[r].time, static_cast<int32_t>(*ahead)});
      r = after_r;
    }
    l = after_l;
  }
  std::ranges::sort(votes, [](const Vote& a, const Vote& b) {
    return a.time != b.time ? a.time < b.time : a.minutes < b.minutes;
  });
  return votes;
}

// The offsets that most votes speak for.
std::vector<int32_t> ClocksOf(const std::vector<Vote>& votes) {
  std::map<int32_t, size_t> count;
  for (const Vote& vote : votes) ++count[vote.minutes];
  std::vector<std::pair<size_t, int32_t>> order;
  for (const auto& [minutes, times] : count) order.emplace_back(times, minutes);
  std::ranges::sort(order, std::greater{});
  std::vector<int32_t> clocks;
  for (const auto& [times, minutes] : order) {
    if (times > kChange && clocks.size() < kMostClocks) clocks.push_back(minutes);
  }
  return clocks;
}

// For each vote the clock (its place) that was in use: the fewest votes against it, each change
// being worth kChange of them.
std::vector<uint8_t> ClockOfEach(const std::vector<Vote>& votes,
                                 const std::vector<int32_t>& clocks) {
  using Row = std::array<uint8_t, kMostClocks>;
  std::vector<Row> before(votes.size());  // of each clock: which one was in use before
  std::array<uint32_t, kMostClocks> cost{};
  for (size_t i = 0; i < votes.size(); ++i) {
    const auto best = static_cast<size_t>(
        std::min_element(cost.begin(), cost.begin() + static_cast<ptrdiff_t>(clocks.size())) -
        cost.begin());
    const uint32_t changed = cost[best] + kChange;
    for (size_t c = 0; c < clocks.size(); ++c) {
      const bool changes = i > 0 && changed < cost[c];
      before[i][c] = static_cast<uint8_t>(changes ? best : c);
      cost[c] = (changes ? changed : cost[c]) + (votes[i].minutes == clocks[c] ? 0 : 1);
    }
  }
  std::vector<uint8_t> used(votes.size());
  auto at = static_cast<uint8_t>(
      std::min_element(cost.begin(), cost.begin() + static_cast<ptrdiff_t>(clocks.size())) -
      cost.begin());
  for (size_t i = votes.size(); i-- > 0;) {
    used[i] = at;
    at = before[i][at];
  }
  return used;
}

// Clocks are changed at full hours.
int64_t ChangeBetween(int64_t before, int64_t after) {
  const int64_t hour = after - ((after % kHour) + kHour) % kHour;
  return hour > before ? hour : after;
}

}  // namespace

std::optional<uint64_t> NameWithoutTime(const Record& record, std::string_view conversation) {
  const account::Common& common = account::CommonOf(record);
  std::string what(account::KindName(account::KindOf(record)));
  if (!common.evidence.empty() && account::KindOf(record) != Kind::kMessage) {
    Add(what, "evidence");
    Add(what, common.evidence.front());
    return Fingerprint(what);
  }
  const std::string told = std::visit(Tell{conversation}, record);
  if (told.empty()) return std::nullopt;
  Add(what, told);
  return Fingerprint(what);
}

void Sightings::Add(uint64_t what, int64_t time) {
  if ((what & mask_) != 0) return;
  all_.push_back({what, time});
  while (all_.size() > kMost && mask_ != UINT64_MAX) {
    mask_ = mask_ << 1 | 1;
    std::erase_if(all_, [&](const One& one) { return (one.what & mask_) != 0; });
  }
}

void Sightings::Sort() { std::ranges::sort(all_); }

std::span<const Sightings::One> Sightings::InMinute(uint64_t what, int64_t minute) const {
  const auto begin = std::ranges::lower_bound(all_, One{what, minute});
  const auto end = std::ranges::lower_bound(begin, all_.end(), One{what, minute + kMinute});
  return {begin, end};
}

FoundZones FindZones(const Sightings& pages, const Sightings& exact) {
  const std::vector<Vote> votes = VotesOf(pages, exact);
  const std::vector<int32_t> clocks = ClocksOf(votes);
  if (clocks.empty()) return {};
  const std::vector<uint8_t> used = ClockOfEach(votes, clocks);
  size_t agree = 0;
  FoundZones found{.zones = {}, .until = votes.back().time};
  for (size_t i = 0; i < votes.size(); ++i) {
    const int32_t minutes = clocks[used[i]];
    agree += votes[i].minutes == minutes ? 1 : 0;
    if (i > 0 && used[i] == used[i - 1]) continue;
    const int64_t from = i == 0 ? votes[i].time : ChangeBetween(votes[i - 1].time, votes[i].time);
    found.zones.push_back({FromMillis(from), minutes});
  }
  if (agree < kFewest || agree * kOf < votes.size() * kAgree) return {};
  return found;
}

std::vector<ZoneSpan> Joined(const std::vector<ZoneSpan>& known, const FoundZones& found) {
  if (found.zones.empty()) return known;
  std::vector<ZoneSpan> all;
  const auto add = [&](const ZoneSpan& zone) {
    if (all.empty() || all.back().minutes != zone.minutes) all.push_back(zone);
  };
  for (const ZoneSpan& zone : known) {
    if (zone.from < found.zones.front().from) add(zone);
  }
  for (const ZoneSpan& zone : found.zones) add(zone);
  for (const ZoneSpan& zone : known) {
    if (ToMillis(zone.from) > found.until) add(zone);
  }
  return all;
}

PageClock::PageClock(std::vector<ZoneSpan> zones, const Sightings* exact)
    : zones_(std::move(zones)), exact_(exact) {
  for (const ZoneSpan& zone : zones_) minutes_.push_back(zone.minutes);
  std::ranges::sort(minutes_);
  minutes_.erase(std::unique(minutes_.begin(), minutes_.end()), minutes_.end());
}

int64_t PageClock::Shown(int64_t time) const {
  if (zones_.empty()) return time;
  const auto after = std::ranges::upper_bound(zones_, FromMillis(time), {},
                                              [](const ZoneSpan& z) { return z.from; });
  const ZoneSpan& zone = after == zones_.begin() ? *after : *(after - 1);
  return time + zone.minutes * kMinute;
}

int64_t PageClock::BySpan(int64_t shown) const {
  for (size_t i = zones_.size(); i-- > 0;) {
    const int64_t time = shown - zones_[i].minutes * kMinute;
    if (i == 0 || time >= ToMillis(zones_[i].from)) return time;
  }
  return shown;
}

PageClock::Reading PageClock::Read(const std::optional<uint64_t>& what, int64_t shown) const {
  const int64_t time = BySpan(shown);
  if (!what || exact_ == nullptr) return {time, time};
  std::optional<Reading> first;
  const auto fits = [&](int64_t at) -> std::optional<Reading> {
    const auto exact = exact_->InMinute(*what, MinuteOf(at));
    if (exact.empty()) return std::nullopt;
    if (!first) first = Reading{at, exact[0].time};
    if (minutes_.size() > 1 && ++read_[{*what, MinuteOf(at)}] > exact.size()) return std::nullopt;
    return Reading{at, exact[0].time};
  };
  if (const auto reading = fits(time)) return *reading;
  for (const int32_t minutes : minutes_) {
    const int64_t other = shown - minutes * kMinute;
    const auto reading = other == time ? std::nullopt : fits(other);
    if (reading) return *reading;
  }
  return first.value_or(Reading{time, time});
}

int64_t SetClock(Record& record, const std::optional<uint64_t>& what, const PageClock& shown,
                 const PageClock& now) {
  const auto time = account::TimeOf(record);
  PageClock::Reading own{};
  if (time) own = now.Read(what, shown.Shown(ToMillis(*time)));
  const auto set = [&](std::optional<Timestamp>& one) {
    if (!one) return;
    const bool same = one == time;
    one = FromMillis(same ? own.time : now.Read({}, shown.Shown(ToMillis(*one))).time);
  };
  for (account::MediaItem* item : account::MediaOf(record)) set(item->time);
  if (auto* profile = std::get_if<account::Profile>(&record)) set(profile->joined);
  if (auto* message = std::get_if<account::Message>(&record)) {
    for (account::Reaction& reaction : message->reactions) set(reaction.time);
  }
  if (!time) return SpoolEntry::kNoTime;
  std::visit(
      [&](auto& one) {
        if constexpr (requires { one.time; }) one.time = FromMillis(own.time);
      },
      record);
  return own.place;
}

}  // namespace valise::library
