// The waist: what a person has shared, as plain values that no service and no bundle format knows
// of.
//
// Every source makes these, the library merges and seals them, every bundle format reads them.
// Their JSON is canonical (docs/formats/records.md; schemas in src/account/schema/): UTF-8, no
// spaces, members in the order of the struct, absent members left out. Thread safety: plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/digest.h"
#include "base/time.h"

namespace valise::account {

enum class Kind : uint8_t {
  kProfile,
  kPost,
  kStory,
  kComment,
  kConversation,
  kMessage,
  kConnection,
  kLike,
  kSaved,
  kActivity,
};
inline constexpr size_t kKindCount = 10;
// "profile", "post", … and back; plural for folders: "posts".
std::string_view KindName(Kind kind);
std::string_view KindPlural(Kind kind);
std::optional<Kind> ParseKind(std::string_view name);

// Where a record was read: `import` is the import's id, `file` the number of the original in that
// import's list, `index` the place in that file. JSON: ["9f1c…",17,201].
struct Provenance {
  std::string import;
  uint32_t file = 0;
  uint32_t index = 0;
  bool operator==(const Provenance&) const = default;
};

// Who told a value, where that is not the newest import of the record's provenance. JSON:
// ["place","9f1c…"].
struct Told {
  std::string field;  // a member's name in JSON
  std::string import;
  bool operator==(const Told&) const = default;
};

struct Place {
  std::string name;
  std::optional<double> latitude;
  std::optional<double> longitude;
  bool operator==(const Place&) const = default;
};

// A photo, video or sound that belongs to a record. A source fills `path`; the import resolves it
// to digest, size and type when the archive holds the file. Without a digest it is *missing*: known
// of, not received.
struct MediaItem {
  std::optional<Digest> digest;
  uint64_t size = 0;
  std::string type;  // sniffed, "image/jpeg"; empty when missing
  std::string path;  // as the archive names it, relative to its root; or a URL that was never in
                     // the archive
  std::string source_id;  // the service's own id of the medium
  std::optional<Timestamp> time;
  std::string text;  // its own caption
  std::string alt;
  std::optional<Place> place;
  std::vector<MediaItem> subtitles;  // sidecars of a video, one level deep
  bool operator==(const MediaItem&) const = default;
};

// What all records have. `key` is given by the library; a source leaves it empty.
struct Common {
  std::optional<Key> key;
  // Strongest first: "media:18042222816930131", "folder:1234567890". In JSON as "evidence". Slots
  // are not written here.
  std::vector<std::string> evidence;
  std::vector<Provenance> provenance;
  std::vector<Told> told;  // sorted by field
  // The date of the oldest archive that is newer than all that tell of this, should have it and has
  // it not (docs/formats/merging.md).
  std::optional<Timestamp> absent_since;
  bool operator==(const Common&) const = default;
};

struct Profile : Common {
  std::string username;
  std::string name;
  std::string bio;
  std::string website;
  std::string email;
  std::string phone;
  std::string gender;
  std::string birthday;  // YYYY-MM-DD
  std::optional<bool> is_private;
  std::optional<Timestamp> joined;
  std::vector<MediaItem> pictures;  // newest first; the first is the current one
  bool operator==(const Profile&) const = default;
};

struct Post : Common {
  std::optional<Timestamp> time;
  std::string form;  // "post", "reel", "igtv", "archived", "deleted", "other"
  std::string text;
  std::vector<MediaItem> media;  // carousel order
  std::optional<Place> place;
  std::optional<uint32_t> like_count;     // received, as the service counts them
  std::optional<uint32_t> comment_count;  // the same
  bool operator==(const Post&) const = default;
};

struct Story : Common {
  std::optional<Timestamp> time;
  std::string text;
  MediaItem media;
  std::optional<Place> place;
  std::optional<uint32_t> like_count;
  std::optional<uint32_t> comment_count;
  bool operator==(const Story&) const = default;
};

// One that this account wrote or, with an author, one that it received.
struct Comment : Common {
  std::optional<Timestamp> time;
  std::string list;   // "posts", "reels", "stories", "live"
  std::string owner;  // user name of whom the commented thing belongs to
  std::string text;
  std::string link;
  std::vector<MediaItem> media;
  std::string author;  // user name of who wrote it; empty: this account
  std::string on;      // what it stands under, by the service's own id: evidence "id:<on>"
  std::optional<uint32_t> like_count;
  bool operator==(const Comment&) const = default;
};

struct Conversation : Common {
  std::string title;
  std::string folder;                     // "inbox", "requests", "archived", "broadcast"
  std::vector<std::string> participants;  // display names, as given
  std::optional<bool> is_participant;
  std::optional<MediaItem> picture;
  bool operator==(const Conversation&) const = default;
};

struct Reaction {
  std::string actor;
  std::string reaction;
  std::optional<Timestamp> time;
  bool operator==(const Reaction&) const = default;
};

struct Share {
  std::string link;
  std::string text;
  std::string owner;    // whose content it is
  std::string profile;  // user name of a shared profile
  bool operator==(const Share&) const = default;
};

struct Message : Common {
  // From a source: the strongest evidence of the conversation ("folder:123"). In the library and in
  // JSON: its key, hex.
  std::string conversation;
  std::optional<Timestamp> time;
  std::string sender;
  std::string form;  // "" for text, else "share", "call", "joined", "left", "link", "sticker",
                     // "unsent", "action"
  std::string text;
  std::vector<MediaItem> media;
  std::optional<Share> share;
  std::vector<Reaction> reactions;
  std::optional<uint32_t> call_seconds;
  bool is_unsent = false;
  bool operator==(const Message&) const = default;
};

struct Connection : Common {
  std::string relation;  // "follower", "following", "close_friend", "blocked", "request_sent",
                         // "request_received", …
  std::string username;
  std::string link;
  std::optional<Timestamp> time;
  bool operator==(const Connection&) const = default;
};

struct Like : Common {
  std::string list;  // "posts", "comments", "stories"
  std::string owner;
  std::string link;
  std::string text;  // of the liked thing, when the service tells
  std::optional<Timestamp> time;
  bool operator==(const Like&) const = default;
};

struct Saved : Common {
  std::string collection;  // empty: no collection
  std::string owner;
  std::string link;
  std::string text;
  std::optional<Timestamp> time;
  bool operator==(const Saved&) const = default;
};

// One thing that the service tells of an activity: ("IP Address", "203.0.113.7").
struct Detail {
  std::string name;  // as the service writes it, in the language of the account
  std::string value;
  bool operator==(const Detail&) const = default;
};

// Something else that this account did, or that was noted of it: a search, a login, a device.
struct Activity : Common {
  std::optional<Timestamp> time;
  std::string list;  // "profile_searches", "logins", "polls", … (docs/formats/records.md)
  std::string text;  // what was searched, whose poll it was, which device
  std::string link;
  std::vector<Detail> details;  // all that was told, in its order
  std::vector<MediaItem> media;
  bool operator==(const Activity&) const = default;
};

// In the order of Kind.
using Record = std::variant<Profile, Post, Story, Comment, Conversation, Message, Connection, Like,
                            Saved, Activity>;

inline Kind KindOf(const Record& record) { return static_cast<Kind>(record.index()); }
Common& CommonOf(Record& record);
const Common& CommonOf(const Record& record);
// The record's moment; nullopt for profile, conversation and where the service gave none.
std::optional<Timestamp> TimeOf(const Record& record);
// Every media item, subtitles included, in order, by reference.
std::vector<MediaItem*> MediaOf(Record& record);
std::vector<const MediaItem*> MediaOf(const Record& record);
// Known of, not received, and a file of an archive: a URL was never in one.
bool IsMissing(const MediaItem& item);
uint64_t MissingMediaOf(const Record& record);

}  // namespace valise::account
