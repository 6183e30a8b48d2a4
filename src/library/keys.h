// What a record is known by: its key, its evidence, its slot, its fingerprint
// (docs/formats/documents.md, "Keys").
//
// Thread safety: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "account/records.h"

namespace valise::library {

// The text that is hashed into a key. A slot still lacks its n.
struct KeyBasis {
  bool is_slot = false;
  std::string text;
};
// REQUIRES: of a message, `conversation` is the key's hex.
KeyBasis BasisOf(const account::Record& record);
Key KeyOf(const KeyBasis& basis, uint32_t n = 0);

// The key a record with this strongest evidence has when it is first seen; not of profiles and
// connections.
Key EvidenceKey(account::Kind kind, std::string_view evidence);
// The key a conversation has when it is first seen with this strongest evidence.
Key ConversationKey(std::string_view evidence);
// The slot of a message; add n by KeyOf.
KeyBasis MessageSlot(std::string_view conversation_hex, std::string_view milliseconds);

// Everything by which records of this kind are found again, strongest first: their evidence; of a
// connection its relation and folded user name; of the profile that it is one. Hashed for tables in
// memory.
std::vector<uint64_t> EvidenceOf(const account::Record& record);

// The slot without its n, hashed: records of one kind with the same hash may be the same.
uint64_t SlotOf(const account::Record& record);

// Tells apart what stands in one slot.
uint64_t FingerprintOf(const account::Record& record);

// Of a post or story: the slot by its own second. An archive that tells no times of media (G1) has
// only that. nullopt: no time, or another kind.
std::optional<uint64_t> MomentSlotOf(const account::Record& record);
// The slot by minutes, for archives whose times are coarse; nullopt: no time.
std::optional<uint64_t> MinuteSlotOf(const account::Record& record);
// As FingerprintOf(), of what hardly changes from one generation of archives to the next: no names
// of files, no links.
uint64_t LooseFingerprintOf(const account::Record& record);
// May two records of one minute be one? They name the same sender or owner, and no different links.
bool MayBeOne(const account::Record& a, const account::Record& b);

// "a/b/c.jpg" → "c.jpg"
std::string_view BaseName(std::string_view path);

}  // namespace valise::library
