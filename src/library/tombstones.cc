#include "library/tombstones.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <set>

#include "account/json_members.h"
#include "base/json_writer.h"
#include "library/document.h"
#include "library/keys.h"
#include "library/library.h"

namespace valise::library {
namespace {

using account::Kind;
using simdjson::dom::element;

constexpr std::string_view kVersion = "tombstone-1";
constexpr std::string_view kByService = "service";
constexpr char kSeparator = '\x1f';
constexpr size_t kListLimit = 1u << 30;

bool HasSlot(Kind kind) {
  return kind != Kind::kProfile && kind != Kind::kConnection && kind != Kind::kConversation;
}

void WriteKeys(JsonWriter& to, std::string_view name, const std::vector<Key>& keys) {
  if (keys.empty()) return;
  to.Name(name).BeginArray();
  for (const Key& key : keys) to.String(key.Hex());
  to.EndArray();
}

void TakeKeys(account::JsonMembers& from, std::string_view name, std::vector<Key>& to) {
  from.Each(name, [&](element value) -> Status {
    std::string_view text;
    if (value.get_string().get(text)) {
      return Fail(ErrorCode::kCorrupt, "list of tombstones: a hash is not a string");
    }
    const auto key = Key::Parse(text);
    if (!key) return Fail(ErrorCode::kCorrupt, "list of tombstones: a hash is not one");
    to.push_back(*key);
    return {};
  });
}

Status Read(element json, Tombstone& tombstone) {
  account::JsonMembers from(json, "list of tombstones");
  std::string kind;
  std::string by;
  from.Take("kind", kind);
  from.Take("by", by);
  if (!kind.empty()) {
    tombstone.kind = account::ParseKind(kind);
    if (!tombstone.kind) from.Wrong("kind", "is not a kind of record");
  }
  if (by == kByService) {
    tombstone.by = Tombstone::By::kService;
  } else if (!by.empty()) {
    from.Wrong("by", "is not one that is known here");
  }
  TakeKeys(from, "names", tombstone.names);
  from.Take("slot", tombstone.slot);
  from.Take("fingerprint", tombstone.fingerprint);
  from.Take("moment", tombstone.moment);
  from.Take("minute", tombstone.minute);
  from.Take("has_evidence", tombstone.has_evidence);
  from.Take("unless_shown", tombstone.unless_shown);
  TakeKeys(from, "messages", tombstone.messages);
  return from.Finish();
}

void Unite(std::vector<Key>& into, const std::vector<Key>& from) {
  into.insert(into.end(), from.begin(), from.end());
  std::ranges::sort(into);
  into.erase(std::ranges::unique(into).begin(), into.end());
}

}  // namespace

std::string ToJson(const Tombstone& tombstone) {
  JsonWriter to;
  to.BeginObject();
  if (tombstone.kind) to.Member("kind", account::KindName(*tombstone.kind));
  if (tombstone.by == Tombstone::By::kService) to.Member("by", kByService);
  WriteKeys(to, "names", tombstone.names);
  if (tombstone.slot) to.Member("slot", tombstone.slot->Hex());
  if (tombstone.fingerprint) to.Member("fingerprint", tombstone.fingerprint->Hex());
  if (tombstone.moment) to.Member("moment", tombstone.moment->Hex());
  if (tombstone.minute) to.Member("minute", tombstone.minute->Hex());
  if (tombstone.has_evidence) to.Member("has_evidence", true);
  if (tombstone.unless_shown) to.Member("unless_shown", true);
  WriteKeys(to, "messages", tombstone.messages);
  to.EndObject();
  return to.Take();
}

Result<std::vector<Tombstone>> ParseTombstones(std::string_view list) {
  if (list.size() > kListLimit) {
    return Fail(ErrorCode::kCorrupt, "list of tombstones: it is too long");
  }
  simdjson::dom::parser parser;
  simdjson::dom::array rows;
  if (parser.parse(list.data(), list.size()).get_array().get(rows)) {
    return Fail(ErrorCode::kCorrupt, "list of tombstones: it is not a JSON array");
  }
  std::vector<Tombstone> tombstones;
  for (const element row : rows) RETURN_IF_ERROR(Read(row, tombstones.emplace_back()));
  return tombstones;
}

Key Tombstones::Hash(std::string_view what, std::string_view of) const {
  std::string text;
  text.reserve(kVersion.size() + account_.size() + what.size() + of.size() + 3);
  for (const std::string_view part : {kVersion, std::string_view(account_), what}) {
    text += part;
    text += kSeparator;
  }
  text += of;
  return Key::Of(text);
}

Result<Tombstones> Tombstones::Load(const Library& library, const Head& head) {
  Tombstones loaded(library.account_id());
  if (!head.tombstones) return loaded;
  ASSIGN_OR_RETURN(const std::string text, library.ReadList(*head.tombstones));
  ASSIGN_OR_RETURN(loaded.all_, ParseTombstones(text));
  loaded.Reindex();
  return loaded;
}

void Tombstones::Register(size_t at) {
  const Tombstone& tombstone = all_[at];
  for (const Key& name : tombstone.names) by_name_.insert_or_assign(name, at);
  if (tombstone.slot) by_slot_.emplace(*tombstone.slot, at);
  if (tombstone.moment) by_moment_.emplace(*tombstone.moment, at);
  if (tombstone.minute) by_minute_.emplace(*tombstone.minute, at);
  if (!tombstone.kind) has_media_ = true;
}

void Tombstones::Reindex() {
  by_name_.clear();
  by_slot_.clear();
  by_moment_.clear();
  by_minute_.clear();
  has_media_ = false;
  for (size_t i = 0; i < all_.size(); ++i) Register(i);
}

Key Tombstones::HashOfEvidence(Kind kind, std::string_view evidence) const {
  return Hash("evidence", fmt::format("{}{}{}", account::KindName(kind), kSeparator, evidence));
}

Key Tombstones::SlotOf(const account::Record& record) const {
  return Hash("slot", fmt::format("{:016x}", library::SlotOf(record)));
}

Key Tombstones::FingerprintOf(const account::Record& record) const {
  return Hash("fingerprint", fmt::format("{:016x}{}{:016x}", library::SlotOf(record), kSeparator,
                                         library::FingerprintOf(record)));
}

std::optional<Key> Tombstones::MomentOf(const account::Record& record) const {
  const auto slot = MomentSlotOf(record);
  if (!slot) return std::nullopt;
  return Hash("moment", fmt::format("{:016x}{}{:016x}", *slot, kSeparator,
                                    library::LooseFingerprintOf(record)));
}

std::optional<Key> Tombstones::MinuteOf(const account::Record& record) const {
  const auto slot = HasSlot(account::KindOf(record)) ? MinuteSlotOf(record) : std::nullopt;
  if (!slot) return std::nullopt;
  const auto* message = std::get_if<account::Message>(&record);
  return Hash("minute", fmt::format("{:016x}{}{:016x}{}{}", *slot, kSeparator,
                                    library::LooseFingerprintOf(record), kSeparator,
                                    message != nullptr ? message->sender : std::string()));
}

std::vector<Key> Tombstones::NamesOf(const account::Record& record) const {
  const account::Common& common = account::CommonOf(record);
  const Kind kind = account::KindOf(record);
  std::vector<Key> names;
  if (common.key) names.push_back(Hash("record", common.key->Hex()));
  for (const std::string& evidence : common.evidence) {
    names.push_back(HashOfEvidence(kind, evidence));
  }
  if (kind == Kind::kConnection) names.push_back(HashOfEvidence(kind, BasisOf(record).text));
  return names;
}

Tombstone Tombstones::Of(const account::Record& record, Tombstone::By by) const {
  Tombstone tombstone;
  tombstone.kind = account::KindOf(record);
  tombstone.by = by;
  Unite(tombstone.names, NamesOf(record));
  tombstone.has_evidence = !account::CommonOf(record).evidence.empty();
  if (HasSlot(*tombstone.kind)) {
    tombstone.slot = SlotOf(record);
    tombstone.fingerprint = FingerprintOf(record);
    tombstone.moment = MomentOf(record);
    tombstone.minute = MinuteOf(record);
  } else {
    tombstone.has_evidence = false;
  }
  return tombstone;
}

Tombstone Tombstones::OfEvidence(Kind kind, std::string_view evidence, Tombstone::By by) const {
  Tombstone tombstone;
  tombstone.kind = kind;
  tombstone.by = by;
  tombstone.names = {HashOfEvidence(kind, evidence)};
  return tombstone;
}

Tombstone Tombstones::OfKey(Kind kind, const Key& key, Tombstone::By by) const {
  Tombstone tombstone;
  tombstone.kind = kind;
  tombstone.by = by;
  tombstone.names = {Hash("record", key.Hex())};
  return tombstone;
}

Tombstone Tombstones::OfMedium(const Digest& digest, bool unless_shown) const {
  Tombstone tombstone;
  tombstone.names = {Hash("medium", digest.Hex())};
  tombstone.unless_shown = unless_shown;
  return tombstone;
}

Key Tombstones::HashOfMessage(const account::Message& message) const {
  const int64_t ms = message.time ? ToMillis(*message.time) : 0;
  return Hash("message",
              fmt::format("{}{}{:016x}", ms, kSeparator, library::FingerprintOf(message)));
}

void Tombstones::Add(Tombstone tombstone) {
  Unite(tombstone.names, {});  // sorted
  Unite(tombstone.messages, {});
  for (const Key& name : tombstone.names) {
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) continue;
    Tombstone& known = all_[found->second];
    Unite(known.names, tombstone.names);
    Unite(known.messages, tombstone.messages);
    // The owner's word is the stronger one.
    if (tombstone.by == Tombstone::By::kOwner) known.by = Tombstone::By::kOwner;
    known.unless_shown = known.unless_shown && tombstone.unless_shown;
    if (!known.slot) {
      known.slot = tombstone.slot;
      known.fingerprint = tombstone.fingerprint;
      known.moment = tombstone.moment;
      known.minute = tombstone.minute;
      known.has_evidence = tombstone.has_evidence;
    }
    Reindex();
    return;
  }
  all_.push_back(std::move(tombstone));
  Register(all_.size() - 1);
}

bool Tombstones::Lift(const account::Record& record) {
  std::set<size_t> lifted;
  for (const Key& name : NamesOf(record)) {
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) continue;
    if (all_[found->second].by == Tombstone::By::kService) lifted.insert(found->second);
  }
  if (lifted.empty()) return false;
  for (auto at = lifted.rbegin(); at != lifted.rend(); ++at) {
    all_.erase(all_.begin() + static_cast<std::ptrdiff_t>(*at));
  }
  Reindex();
  return true;
}

bool Tombstones::LiftMedium(const Digest& digest) {
  const auto found = by_name_.find(Hash("medium", digest.Hex()));
  if (found == by_name_.end() || !all_[found->second].unless_shown) return false;
  all_.erase(all_.begin() + static_cast<std::ptrdiff_t>(found->second));
  Reindex();
  return true;
}

const Tombstone* Tombstones::Find(const account::Record& record) const {
  if (all_.empty()) return nullptr;
  if (const Tombstone* named = FindByName(record)) return named;
  if (const auto* message = std::get_if<account::Message>(&record)) {
    const auto key = Key::Parse(message->conversation);
    if (const Tombstone* found = key ? FindConversation(*key) : nullptr) return found;
  }
  if (by_slot_.empty() || !HasSlot(account::KindOf(record))) return nullptr;
  const Key fingerprint = FingerprintOf(record);
  for (const Tombstone* one : InSlotOf(record)) {
    if (one->fingerprint == fingerprint) return one;
  }
  return nullptr;
}

const Tombstone* Tombstones::FindByName(const account::Record& record) const {
  if (all_.empty()) return nullptr;
  for (const Key& name : NamesOf(record)) {
    if (const auto found = by_name_.find(name); found != by_name_.end()) {
      return &all_[found->second];
    }
  }
  return nullptr;
}

const Tombstone* Tombstones::FindLoosely(const account::Record& record, bool is_coarse) const {
  if (by_moment_.empty() && by_minute_.empty()) return nullptr;
  const bool has_evidence = !account::CommonOf(record).evidence.empty();
  const auto find = [&](const auto& table, const std::optional<Key>& key) -> const Tombstone* {
    if (!key) return nullptr;
    const auto [begin, end] = table.equal_range(*key);
    for (auto at = begin; at != end; ++at) {
      const Tombstone& one = all_[at->second];
      if (!has_evidence || !one.has_evidence) return &one;
    }
    return nullptr;
  };
  if (const Tombstone* found = find(by_moment_, MomentOf(record))) return found;
  return is_coarse ? find(by_minute_, MinuteOf(record)) : nullptr;
}

const Tombstone* Tombstones::FindConversation(const Key& key) const {
  if (all_.empty()) return nullptr;
  const auto found = by_name_.find(Hash("record", key.Hex()));
  if (found == by_name_.end() || all_[found->second].kind != Kind::kConversation) return nullptr;
  return &all_[found->second];
}

const Tombstone* Tombstones::FindConversation(std::string_view evidence) const {
  if (all_.empty()) return nullptr;
  const auto found = by_name_.find(HashOfEvidence(Kind::kConversation, evidence));
  return found == by_name_.end() ? nullptr : &all_[found->second];
}

std::vector<const Tombstone*> Tombstones::InSlotOf(const account::Record& record) const {
  std::vector<const Tombstone*> found;
  if (by_slot_.empty() || !HasSlot(account::KindOf(record))) return found;
  const bool has_evidence = !account::CommonOf(record).evidence.empty();
  const auto [begin, end] = by_slot_.equal_range(SlotOf(record));
  for (auto at = begin; at != end; ++at) {
    const Tombstone& one = all_[at->second];
    // Two records with evidence of which none is shared are two.
    if (!has_evidence || !one.has_evidence) found.push_back(&one);
  }
  return found;
}

Tombstones::Medium Tombstones::Find(const Digest& digest) const {
  if (!has_media_) return Medium::kKnown;
  const auto found = by_name_.find(Hash("medium", digest.Hex()));
  if (found == by_name_.end()) return Medium::kKnown;
  return all_[found->second].unless_shown ? Medium::kUnlessShown : Medium::kForgotten;
}

Result<std::optional<ListRow>> Tombstones::Seal(blob::BlobStore& blobs) const {
  if (all_.empty()) return std::optional<ListRow>{};
  std::vector<std::string> lines;
  lines.reserve(all_.size());
  for (const Tombstone& tombstone : all_) lines.push_back(ToJson(tombstone));
  std::ranges::sort(lines);
  TextBuilder text;
  for (const std::string& line : lines) text.Line(line);
  ListRow row;
  row.name = "tombstones";
  row.rows = text.lines();
  ASSIGN_OR_RETURN(const library::Seal seal, SealText(blobs, text.Take()));
  SetSeal(row, seal);
  return std::optional(std::move(row));
}

}  // namespace valise::library
