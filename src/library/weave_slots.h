// Which records stand in one slot, in each round of pairing (docs/formats/documents.md, "Merging").
//
// Internal to the room. Thread safety: plain values.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "library/keys.h"

namespace valise::library {

enum class Round : uint8_t {
  kSlot,    // rules 3 to 5
  kMoment,  // rule 6
  kMinute,  // rule 7
};

inline bool HasSlots(account::Kind kind) {
  return kind != account::Kind::kProfile && kind != account::Kind::kConnection &&
         kind != account::Kind::kConversation;
}

inline std::optional<uint64_t> SlotIn(Round round, const account::Record& record) {
  if (round == Round::kSlot) return SlotOf(record);
  return round == Round::kMoment ? MomentSlotOf(record) : MinuteSlotOf(record);
}

// Places of records by slot.
struct Slots {
  std::unordered_map<uint64_t, std::vector<size_t>> places;
  std::vector<uint64_t> order;  // of the slots, by their first record

  void Add(Round round, const account::Record& record, size_t place) {
    const auto slot = SlotIn(round, record);
    if (!slot) return;
    std::vector<size_t>& same = places[*slot];
    if (same.empty()) order.push_back(*slot);
    same.push_back(place);
  }
};

}  // namespace valise::library
