#include "library/keys.h"

#include <fmt/format.h>

#include "account/fold.h"

namespace valise::library {
namespace {

using account::Kind;
using account::MediaItem;
using account::Record;

constexpr char kSeparator = '\x1f';

std::string Begin(Kind kind) {
  std::string text = "1";
  text += kSeparator;
  text += account::KindName(kind);
  return text;
}

void Add(std::string& text, std::string_view part) {
  text += kSeparator;
  text += part;
}

std::string Seconds(const std::optional<Timestamp>& time) {
  return time ? std::to_string(ToSeconds(*time)) : "-";
}

std::string UserEvidence(const account::Connection& r) {
  std::string text = Begin(Kind::kConnection);
  Add(text, "user");
  Add(text, r.relation);
  Add(text, account::Fold(r.username));
  return text;
}

// The seconds of a post's or story's slot.
std::string MediaSeconds(const Record& record) {
  for (const MediaItem* item : account::MediaOf(record)) {
    if (item->time) return Seconds(item->time);
  }
  return Seconds(account::TimeOf(record));
}

KeyBasis SlotBasis(const Record& record) {
  const Kind kind = account::KindOf(record);
  if (const auto* message = std::get_if<account::Message>(&record)) {
    return MessageSlot(message->conversation,
                       message->time ? std::to_string(ToMillis(*message->time)) : "-");
  }
  std::string text = Begin(kind);
  Add(text, "slot");
  switch (kind) {
    case Kind::kPost:
    case Kind::kStory:
      Add(text, MediaSeconds(record));
      break;
    case Kind::kComment:
      Add(text, std::get<account::Comment>(record).list);
      Add(text, Seconds(account::TimeOf(record)));
      // Received ones are others' and never the account's own of that second.
      if (const auto& author = std::get<account::Comment>(record).author; !author.empty()) {
        Add(text, account::Fold(author));
      }
      break;
    case Kind::kLike:
      Add(text, std::get<account::Like>(record).list);
      Add(text, Seconds(account::TimeOf(record)));
      break;
    case Kind::kSaved:
      Add(text, Seconds(account::TimeOf(record)));
      break;
    case Kind::kActivity:
      Add(text, std::get<account::Activity>(record).list);
      Add(text, Seconds(account::TimeOf(record)));
      break;
    case Kind::kProfile:
    case Kind::kConversation:
    case Kind::kMessage:
    case Kind::kConnection:
      break;
  }
  return {true, std::move(text)};
}

// What never changes of the place in which a record stands: kind, list or conversation.
std::string ParentOf(const Record& record) {
  std::string text = Begin(account::KindOf(record));
  if (const auto* message = std::get_if<account::Message>(&record)) {
    Add(text, message->conversation);
  } else if (const auto* comment = std::get_if<account::Comment>(&record)) {
    Add(text, comment->list);
    Add(text, account::Fold(comment->author));
  } else if (const auto* like = std::get_if<account::Like>(&record)) {
    Add(text, like->list);
  } else if (const auto* activity = std::get_if<account::Activity>(&record)) {
    Add(text, activity->list);
  }
  return text;
}

std::string_view WithoutQuery(std::string_view link) { return link.substr(0, link.find('?')); }

struct DistinguishLoosely {
  std::string operator()(const account::Post& r) { return account::Fold(r.text); }
  std::string operator()(const account::Story& r) { return account::Fold(r.text); }
  std::string operator()(const account::Comment& r) { return account::Fold(r.text); }
  std::string operator()(const account::Message& r) { return account::Fold(r.text); }
  std::string operator()(const account::Like& r) { return r.owner; }
  std::string operator()(const account::Saved& r) { return r.owner; }
  std::string operator()(const account::Activity& r) { return account::Fold(r.text); }
  std::string operator()(const account::Profile&) { return {}; }
  std::string operator()(const account::Conversation& r) { return account::Fold(r.title); }
  std::string operator()(const account::Connection& r) { return account::Fold(r.username); }
};

bool SameOrUnknown(std::string_view a, std::string_view b) {
  return a.empty() || b.empty() || WithoutQuery(a) == WithoutQuery(b);
}

struct Distinguish {
  std::string text;
  void operator()(const account::Profile&) {}
  void operator()(const account::Post& r) { text += account::Fold(r.text); }
  void operator()(const account::Story& r) { text += account::Fold(r.text); }
  void operator()(const account::Comment& r) {
    text += account::Fold(r.text);
    Add(text, r.owner);
  }
  void operator()(const account::Conversation& r) { text += account::Fold(r.title); }
  void operator()(const account::Message& r) {
    text += account::Fold(r.text);
    Add(text, r.form);
    if (r.share) Add(text, WithoutQuery(r.share->link));
    if (r.call_seconds) Add(text, std::to_string(*r.call_seconds));
  }
  void operator()(const account::Connection& r) { text += account::Fold(r.username); }
  void operator()(const account::Like& r) {
    text += WithoutQuery(r.link);
    Add(text, r.owner);
  }
  void operator()(const account::Saved& r) {
    text += WithoutQuery(r.link);
    Add(text, r.owner);
  }
  void operator()(const account::Activity& r) {
    text += account::Fold(r.text);
    Add(text, WithoutQuery(r.link));
  }
};

}  // namespace

KeyBasis MessageSlot(std::string_view conversation_hex, std::string_view milliseconds) {
  std::string text = Begin(Kind::kMessage);
  Add(text, "slot");
  Add(text, conversation_hex);
  Add(text, milliseconds);
  return {true, std::move(text)};
}

KeyBasis BasisOf(const Record& record) {
  if (std::holds_alternative<account::Profile>(record)) return {false, Begin(Kind::kProfile)};
  if (const auto* connection = std::get_if<account::Connection>(&record)) {
    return {false, UserEvidence(*connection)};
  }
  const account::Common& common = account::CommonOf(record);
  if (common.evidence.empty()) return SlotBasis(record);
  std::string text = Begin(account::KindOf(record));
  Add(text, "evidence");
  Add(text, common.evidence.front());
  return {false, std::move(text)};
}

Key KeyOf(const KeyBasis& basis, uint32_t n) {
  if (!basis.is_slot) return Key::Of(basis.text);
  return Key::Of(fmt::format("{}{}{}", basis.text, kSeparator, n));
}

Key EvidenceKey(Kind kind, std::string_view evidence) {
  std::string text = Begin(kind);
  Add(text, "evidence");
  Add(text, evidence);
  return Key::Of(text);
}

Key ConversationKey(std::string_view evidence) {
  return EvidenceKey(Kind::kConversation, evidence);
}

std::vector<uint64_t> EvidenceOf(const Record& record) {
  std::vector<uint64_t> evidence;
  for (const std::string& one : account::CommonOf(record).evidence) {
    evidence.push_back(Fingerprint(one));
  }
  const Kind kind = account::KindOf(record);
  if (kind == Kind::kProfile || kind == Kind::kConnection) {
    evidence.push_back(Fingerprint(BasisOf(record).text));
  }
  return evidence;
}

uint64_t SlotOf(const Record& record) { return Fingerprint(SlotBasis(record).text); }

uint64_t FingerprintOf(const Record& record) {
  Distinguish distinguish;
  std::visit(distinguish, record);
  for (const MediaItem* item : account::MediaOf(record)) {
    Add(distinguish.text, BaseName(item->path));
  }
  return Fingerprint(distinguish.text);
}

std::optional<uint64_t> MomentSlotOf(const Record& record) {
  const Kind kind = account::KindOf(record);
  const auto time = account::TimeOf(record);
  if (!time || (kind != Kind::kPost && kind != Kind::kStory)) return std::nullopt;
  std::string text = ParentOf(record);
  Add(text, "moment");
  Add(text, Seconds(time));
  return Fingerprint(text);
}

std::optional<uint64_t> MinuteSlotOf(const Record& record) {
  constexpr int64_t kMinute = 60;
  const auto time = account::TimeOf(record);
  if (!time) return std::nullopt;
  std::string text = ParentOf(record);
  Add(text, "minute");
  const int64_t seconds = ToSeconds(*time);
  Add(text, std::to_string(seconds - ((seconds % kMinute) + kMinute) % kMinute));
  return Fingerprint(text);
}

uint64_t LooseFingerprintOf(const Record& record) {
  DistinguishLoosely distinguish;
  std::string text = std::visit(distinguish, record);
  Add(text, std::to_string(account::MediaOf(record).size()));
  return Fingerprint(text);
}

bool MayBeOne(const Record& a, const Record& b) {
  if (const auto* message = std::get_if<account::Message>(&a)) {
    const auto& other = std::get<account::Message>(b);
    const auto link = [](const account::Message& m) {
      return m.share ? std::string_view(m.share->link) : std::string_view();
    };
    return message->sender == other.sender && SameOrUnknown(link(*message), link(other));
  }
  if (const auto* comment = std::get_if<account::Comment>(&a)) {
    return SameOrUnknown(comment->owner, std::get<account::Comment>(b).owner);
  }
  if (const auto* like = std::get_if<account::Like>(&a)) {
    return SameOrUnknown(like->link, std::get<account::Like>(b).link);
  }
  if (const auto* saved = std::get_if<account::Saved>(&a)) {
    return SameOrUnknown(saved->link, std::get<account::Saved>(b).link);
  }
  if (const auto* activity = std::get_if<account::Activity>(&a)) {
    return SameOrUnknown(activity->link, std::get<account::Activity>(b).link);
  }
  return true;
}

std::string_view BaseName(std::string_view path) {
  return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

}  // namespace valise::library
