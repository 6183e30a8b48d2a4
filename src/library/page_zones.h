// Which clock pages went by (docs/formats/merging.md, "The clock of pages"): they tell times to the
// minute in no named zone. Records that are surely the same without their time tell how far that
// clock was ahead of UTC, and when it was changed.
//
// Thread safety: plain values; a PageClock belongs to one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "account/import_row.h"
#include "account/records.h"

namespace valise::library {

// What a record is but for its time, hashed; nullopt: nothing tells it from others. Of a message
// `conversation` is the key of its conversation in the library, hex.
std::optional<uint64_t> NameWithoutTime(const account::Record& record,
                                        std::string_view conversation);

// When what was told, by one archive or a library. Memory is bounded: of very many only those are
// kept whose name ends in zero bits, and so the same ones on both sides, each with all its times.
class Sightings {
 public:
  static constexpr size_t kMost = 1u << 17;
  struct One {
    uint64_t what = 0;
    int64_t time = 0;  // ms; of pages what their clock showed, as if it were UTC
    auto operator<=>(const One&) const = default;
  };

  void Add(uint64_t what, int64_t time);
  // After the last Add().
  void Sort();

  bool empty() const { return all_.empty(); }
  const std::vector<One>& all() const { return all_; }
  // Those in this minute (ms), in order. REQUIRES: sorted.
  std::span<const One> InMinute(uint64_t what, int64_t minute) const;

 private:
  std::vector<One> all_;
  uint64_t mask_ = 0;
};

struct FoundZones {
  std::vector<account::ZoneSpan> zones;  // none: nothing was found out
  int64_t until = 0;                     // ms: the last moment that was compared
};
// Compares what happened once on both sides: the times of pages and the exact ones. Few pairs, or
// pairs that do not agree, say nothing. REQUIRES: both are sorted.
FoundZones FindZones(const Sightings& pages, const Sightings& exact);

// Zones that were known, and those that were found now: these go before in their span.
std::vector<account::ZoneSpan> Joined(const std::vector<account::ZoneSpan>& known,
                                      const FoundZones& found);

// Reads the times of pages. Zones hold from their moment to the next one, the first one before it,
// too. Without zones it is UTC. Lifetime: `exact`, if there is one, outlives it.
class PageClock {
 public:
  PageClock(std::vector<account::ZoneSpan> zones, const Sightings* exact);

  struct Reading {
    int64_t time = 0;   // ms, UTC, of the minute
    int64_t place = 0;  // ms: of what was told exactly in that minute, else the same
  };
  // An hour that a clock showed twice, or that is near a change, is the one in which the same was
  // told exactly, and of which not as many were read before.
  Reading Read(const std::optional<uint64_t>& what, int64_t shown) const;
  // What the clock showed.
  int64_t Shown(int64_t time) const;
  const std::vector<account::ZoneSpan>& zones() const { return zones_; }

 private:
  int64_t BySpan(int64_t shown) const;

  std::vector<account::ZoneSpan> zones_;
  std::vector<int32_t> minutes_;  // all different ones
  const Sightings* exact_;
  mutable std::map<Sightings::One, size_t> read_;  // by name and minute, of clocks that changed
};

// Sets every time of a record that was told by pages. `shown` is how they were told, `now` how they
// are read. Returns the record's place: kNoTime of SpoolEntry when it has no time.
int64_t SetClock(account::Record& record, const std::optional<uint64_t>& what,
                 const PageClock& shown, const PageClock& now);

}  // namespace valise::library
