// Tombstones: what an account has forgotten, so that nothing brings it back
// (docs/formats/tombstones.md).
//
// They say nothing of what was deleted: keys, evidence and digests are hashed together with the
// account's id. Thread safety: const methods from any thread. Lifetime: plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "account/records.h"
#include "blob/blob_store.h"
#include "library/head.h"

namespace valise::library {

// One thing that was forgotten: a record (a conversation with all its messages), or a medium.
struct Tombstone {
  enum class By : uint8_t {
    kOwner,    // for ever
    kService,  // until the service itself puts it again
  };
  std::optional<account::Kind> kind;  // of a record; none: a medium
  By by = By::kOwner;
  std::vector<Key> names;          // hashed: the key and each evidence; of a medium its digest
  std::optional<Key> slot;         // hashed: where a record without evidence would be found again …
  std::optional<Key> fingerprint;  // … and what tells it from others there
  // Hashed, with what hardly changes of a record from one generation of archives to the next: of a
  // post or story its own second; of all that have slots the minute, which is what pages tell.
  std::optional<Key> moment, minute;
  bool has_evidence = false;  // two records with evidence of which none is shared are two
  bool unless_shown = false;  // of a medium: only as long as no record shows it
  // Of a conversation: some of its messages, by which it is known under another id. Sorted.
  std::vector<Key> messages;
  bool operator==(const Tombstone&) const = default;
};

// One JSON object, without a line end.
std::string ToJson(const Tombstone& tombstone);
// A whole list. Errors: kCorrupt.
Result<std::vector<Tombstone>> ParseTombstones(std::string_view list);

class Library;

class Tombstones {
 public:
  explicit Tombstones(std::string_view account_id) : account_(account_id) {}
  // Those of a head. Errors: kCorrupt, kUnavailable.
  static Result<Tombstones> Load(const Library& library, const Head& head);

  bool empty() const { return all_.empty(); }
  const std::vector<Tombstone>& all() const { return all_; }

  // Tombstones of what is being forgotten; they are not added.
  Tombstone Of(const account::Record& record, Tombstone::By by) const;
  // Of a record that is only known by the service's id ("id:<id>"): a delete before its create.
  Tombstone OfEvidence(account::Kind kind, std::string_view evidence, Tombstone::By by) const;
  // Of a record of which only the key is known.
  Tombstone OfKey(account::Kind kind, const Key& key, Tombstone::By by) const;
  Tombstone OfMedium(const Digest& digest, bool unless_shown) const;
  // As it stands in Tombstone::messages.
  Key HashOfMessage(const account::Message& message) const;

  // Adds; what is known already is united with it.
  void Add(Tombstone tombstone);
  // A service puts this record again: its own tombstones of it go. Returns whether any did.
  bool Lift(const account::Record& record);
  // A record shows this medium again: its tombstone goes if it was only forgotten with the last
  // record that showed it.
  bool LiftMedium(const Digest& digest);

  // The tombstone of a record: one of its names is known, or its slot and fingerprint are. Of a
  // message also that of its conversation, when `conversation` is the key's hex. nullptr: none.
  const Tombstone* Find(const account::Record& record) const;
  const Tombstone* FindByName(const account::Record& record) const;
  // That of a post or story of the same second or, if `is_coarse`, of a record of the same minute,
  // and of the same text; unless both have evidence, which would have told.
  const Tombstone* FindLoosely(const account::Record& record, bool is_coarse) const;
  const Tombstone* FindConversation(const Key& key) const;
  // The tombstone of a conversation of which messages name only the evidence.
  const Tombstone* FindConversation(std::string_view evidence) const;
  bool HoldsKey(const Key& key) const { return by_name_.contains(Hash("record", key.Hex())); }
  // Tombstones that stand in the slot of `record` and have no shared name: candidates for the slot
  // rule of docs/formats/documents.md.
  std::vector<const Tombstone*> InSlotOf(const account::Record& record) const;
  Key FingerprintOf(const account::Record& record) const;

  enum class Medium : uint8_t { kKnown, kUnlessShown, kForgotten };
  // kKnown: not forgotten.
  Medium Find(const Digest& digest) const;
  bool has_media() const { return has_media_; }

  // The list as it stands in a head; nullopt when there are none. Errors: those of the store.
  Result<std::optional<ListRow>> Seal(blob::BlobStore& blobs) const;

 private:
  Key Hash(std::string_view what, std::string_view of) const;
  Key HashOfEvidence(account::Kind kind, std::string_view evidence) const;
  Key SlotOf(const account::Record& record) const;
  std::optional<Key> MomentOf(const account::Record& record) const;
  std::optional<Key> MinuteOf(const account::Record& record) const;
  std::vector<Key> NamesOf(const account::Record& record) const;
  void Register(size_t at);
  void Reindex();

  std::string account_;
  std::vector<Tombstone> all_;
  std::unordered_map<Key, size_t> by_name_;
  std::unordered_multimap<Key, size_t> by_slot_;
  std::unordered_multimap<Key, size_t> by_moment_, by_minute_;
  bool has_media_ = false;
};

}  // namespace valise::library
