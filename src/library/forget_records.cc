#include "library/forget_records.h"

#include <algorithm>
#include <set>

#include "account/record_json.h"
#include "library/document.h"

namespace valise::library {
namespace {

using account::Kind;
using account::Record;

constexpr uint64_t kMessageSample = 1024;

// Takes out of `items` what is forgotten; returns whether anything was.
bool Strip(std::vector<account::MediaItem>& items, const std::unordered_set<Digest>& media) {
  const auto is_gone = [&](const account::MediaItem& item) {
    return item.digest && media.contains(*item.digest);
  };
  size_t gone = std::erase_if(items, is_gone);
  for (account::MediaItem& item : items) gone += std::erase_if(item.subtitles, is_gone);
  return gone > 0;
}

bool Strip(account::MediaItem& item, const std::unordered_set<Digest>& media) {
  std::vector<account::MediaItem> items{item};
  if (!Strip(items, media)) return false;
  item = items.empty() ? account::MediaItem{} : std::move(items[0]);
  return true;
}

// Seals the lines that are left of a document, in their order.
class Rest {
 public:
  void Add(std::string_view line, const Record& record) {
    text_.Line(line);
    missing_ += account::MissingMediaOf(record);
    absent_ += account::CommonOf(record).absent_since ? 1 : 0;
    if (const auto time = account::TimeOf(record)) {
      if (!first_) first_ = time;
      last_ = time;
    }
  }
  // nullopt: nothing is left.
  Result<std::optional<DocumentRow>> Seal(blob::BlobStore& blobs, DocumentRow row) {
    if (text_.lines() == 0) return std::optional<DocumentRow>{};
    row.records = text_.lines();
    row.first = first_;
    row.last = last_;
    row.missing = missing_;
    row.absent = absent_;
    ASSIGN_OR_RETURN(const library::Seal seal, SealText(blobs, text_.Take()));
    SetSeal(row, seal);
    return std::optional(std::move(row));
  }

 private:
  TextBuilder text_;
  uint64_t missing_ = 0, absent_ = 0;
  std::optional<Timestamp> first_, last_;
};

class Remover {
 public:
  Remover(const Library& library, blob::BlobStore* blobs, const ToForget& what,
          Tombstones& tombstones, const std::unordered_set<Key>& watched)
      : library_(library), blobs_(blobs), by_(what.by), tombstones_(tombstones), watched_(watched) {
    sought_.keys.insert(what.records.begin(), what.records.end());
    sought_.digests.insert(what.media.begin(), what.media.end());
    for (const Key& key : what.conversations) conversations_.insert(key.Hex());
  }

  Result<RemovedRecords> Run(Documents& documents) {
    // Conversations come before their messages (the order of Kind).
    for (auto at = documents.begin(); at != documents.end();) {
      auto& [bucket, pieces] = *at;
      RETURN_IF_ERROR(RunBucket(bucket, pieces));
      at = pieces.empty() ? documents.erase(at) : std::next(at);
    }
    for (auto& [hex, tombstone] : of_conversations_) tombstones_.Add(std::move(tombstone));
    return std::move(removed_);
  }

 private:
  Status RunBucket(const Bucket& bucket, std::vector<DocumentRow>& pieces) {
    if (bucket.kind == Kind::kMessage && conversations_.contains(bucket.group)) {
      return RemoveMessages(bucket, pieces);
    }
    std::vector<DocumentRow> left;
    for (DocumentRow& row : pieces) {
      ASSIGN_OR_RETURN(std::optional<DocumentRow> rest, RunDocument(row));
      if (rest) left.push_back(*std::move(rest));
    }
    pieces = std::move(left);
    return {};
  }

  bool IsSought(const Record& record) const {
    const Key& key = *account::CommonOf(record).key;
    return sought_.keys.contains(key) ||
           (account::KindOf(record) == Kind::kConversation && conversations_.contains(key.Hex()));
  }

  Result<std::optional<DocumentRow>> RunDocument(const DocumentRow& row) {
    ASSIGN_OR_RETURN(const std::string text, library_.ReadDocument(row));
    const bool may_be = row.kind == Kind::kConversation || Mentions(text, sought_);
    if (!may_be) return std::optional(row);
    Rest rest;
    bool changed = false;
    RETURN_IF_ERROR(ForEachLine(text, [&](std::string_view line, uint64_t) -> Status {
      ASSIGN_OR_RETURN(Record record, parser_.Parse(line));
      if (!account::CommonOf(record).key) {
        return Fail(ErrorCode::kCorrupt,
                    "document " + row.digest.Hex() + " has a record without key");
      }
      if (IsSought(record)) {
        changed = true;
        return Remove(record);
      }
      Record stripped = record;
      if (sought_.digests.empty() || !StripMedia(stripped, sought_.digests)) {
        rest.Add(line, record);
        return {};
      }
      changed = true;
      if (IsEmptied(stripped)) return Remove(record);
      rest.Add(account::ToJson(stripped), stripped);
      return {};
    }));
    if (!changed) return std::optional(row);
    removed_.changed = true;
    if (blobs_ == nullptr) return std::optional(row);
    return rest.Seal(*blobs_, row);
  }

  Status Remove(const Record& record) {
    const Kind kind = account::KindOf(record);
    if (kind == Kind::kProfile) {
      return Fail(ErrorCode::kInvalidArgument,
                  "the profile cannot be forgotten; edit it, or delete the account");
    }
    const Key key = *account::CommonOf(record).key;
    Tombstone tombstone = tombstones_.Of(record, by_);
    if (kind == Kind::kConversation) {
      conversations_.insert(key.Hex());
      of_conversations_[key.Hex()] = std::move(tombstone);
    } else {
      tombstones_.Add(std::move(tombstone));
    }
    removed_.Note(record, kind != Kind::kConversation);
    return {};
  }

  // A whole conversation's.
  Status RemoveMessages(const Bucket& bucket, std::vector<DocumentRow>& pieces) {
    ASSIGN_OR_RETURN(const Key key, Key::Parse(bucket.group));
    Tombstone& tombstone = of_conversations_[bucket.group];
    if (!tombstone.kind) tombstone = tombstones_.OfKey(Kind::kConversation, key, by_);
    removed_.erased.keys.insert(key);
    uint64_t number = 0;
    uint64_t total = 0;
    for (const DocumentRow& row : pieces) total += row.records;
    const uint64_t step = std::max<uint64_t>(1, total / kMessageSample);
    for (const DocumentRow& row : pieces) {
      ASSIGN_OR_RETURN(const std::string text, library_.ReadDocument(row));
      RETURN_IF_ERROR(ForEachLine(text, [&](std::string_view line, uint64_t) -> Status {
        ASSIGN_OR_RETURN(const Record record, parser_.Parse(line));
        const auto* message = std::get_if<account::Message>(&record);
        if (message == nullptr) return Fail(ErrorCode::kCorrupt, "a message is something else");
        if (number++ % step == 0) {
          tombstone.messages.push_back(tombstones_.HashOfMessage(*message));
        }
        removed_.Note(record, false);
        if (message->key && watched_.contains(*message->key)) {
          removed_.watched.insert(*message->key);
        }
        return {};
      }));
    }
    removed_.changed = true;
    if (blobs_ != nullptr) pieces.clear();
    return {};
  }

  const Library& library_;
  blob::BlobStore* const blobs_;
  const Tombstone::By by_;
  Tombstones& tombstones_;
  const std::unordered_set<Key>& watched_;
  Erased sought_;
  std::set<std::string, std::less<>> conversations_;   // keys, hex
  std::map<std::string, Tombstone> of_conversations_;  // by key, hex
  account::RecordParser parser_;
  RemovedRecords removed_;
};

}  // namespace

bool StripMedia(Record& record, const std::unordered_set<Digest>& media) {
  return std::visit(
      [&](auto& r) {
        if constexpr (requires { r.pictures; }) {
          return Strip(r.pictures, media);
        } else if constexpr (requires { r.picture; }) {
          if (!r.picture || !Strip(*r.picture, media)) return false;
          if (*r.picture == account::MediaItem{}) r.picture.reset();
          return true;
        } else if constexpr (requires { r.media; }) {
          return Strip(r.media, media);
        } else {
          return false;
        }
      },
      record);
}

bool IsEmptied(const Record& record) {
  if (const auto* post = std::get_if<account::Post>(&record)) {
    return post->media.empty() && post->text.empty();
  }
  if (const auto* story = std::get_if<account::Story>(&record)) {
    return story->media == account::MediaItem{} && story->text.empty();
  }
  if (const auto* message = std::get_if<account::Message>(&record)) {
    return message->media.empty() && message->text.empty() && !message->share &&
           message->reactions.empty() && !message->call_seconds;
  }
  return false;
}

bool RemovedRecords::Has(const Record& record) const {
  if (erased.keys.contains(*account::CommonOf(record).key)) return true;
  const auto* message = std::get_if<account::Message>(&record);
  if (message == nullptr) return false;
  const auto conversation = Key::Parse(message->conversation);
  return conversation && erased.keys.contains(*conversation);
}

void RemovedRecords::Note(const Record& record, bool with_marks) {
  const account::Common& common = account::CommonOf(record);
  const Kind kind = account::KindOf(record);
  ++counts[static_cast<size_t>(kind)];
  // Messages of a conversation that goes are known by the conversation.
  if (common.key && (kind != Kind::kMessage || with_marks)) erased.keys.insert(*common.key);
  for (const account::MediaItem* item : account::MediaOf(record)) {
    if (item->digest) shown.insert(*item->digest);
  }
  // A conversation has no entry of its own: it goes with its messages.
  if (kind != Kind::kConversation) {
    const bool is_of_thread = kind == Kind::kMessage && !with_marks;
    for (const account::Provenance& from : common.provenance) {
      entries[{from.import, from.file}].push_back(EntryOf(record, from.index, with_marks));
      if (is_of_thread) threads.emplace(from.import, from.file);
    }
  }
  for (std::string& text : LongTextsOf(record)) AddText(std::move(text));
}

void RemovedRecords::AddText(std::string text) {
  if (texts.size() >= kMaxTexts || std::ranges::find(texts, text) != texts.end()) return;
  texts.push_back(std::move(text));
}

void DropSpans(const RemovedRecords& removed, Head& head) {
  for (ImportEntry& entry : head.imports) {
    std::erase_if(entry.info.spans, [&](const account::ListSpan& span) {
      if (span.kind != Kind::kMessage) return false;
      const auto conversation = Key::Parse(span.list);
      return conversation && removed.erased.keys.contains(*conversation);
    });
  }
}

Result<RemovedRecords> RemoveRecords(const Library& library, blob::BlobStore* blobs,
                                     const ToForget& what, Documents& documents,
                                     Tombstones& tombstones,
                                     const std::unordered_set<Key>& watched) {
  return Remover(library, blobs, what, tombstones, watched).Run(documents);
}

}  // namespace valise::library
