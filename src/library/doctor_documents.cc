// The doctor on documents: their form, what the head says of them, keys and references.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "account/record_json.h"
#include "base/crc32.h"
#include "base/parallel.h"
#include "library/doctor_state.h"
#include "library/document.h"

namespace valise::library {
namespace {

using account::Kind;
using account::Record;

// What a look at the records of a document gives.
struct Seen {
  uint64_t records = 0, missing = 0, absent = 0;
  std::optional<Timestamp> first, last;
  uint64_t without_key = 0, out_of_order = 0, strangers = 0;
  uint64_t media_unlisted = 0, provenance_unknown = 0;
  std::vector<Key> keys;
};

Digest TwinOf(const DocumentRow& row, std::string_view text) {
  Hasher hasher;
  hasher.Update(AsBytes(kTwinBegin));
  hasher.Update(AsBytes(row.digest.Hex()));
  hasher.Update(AsBytes(kTwinMiddle));
  hasher.Update(AsBytes(text));
  hasher.Update(AsBytes(kTwinEnd));
  return hasher.Finish();
}

class DocumentWard {
 public:
  DocumentWard(DoctorState& state, const DocumentRow& row) : state_(state), row_(row) {}

  Status Run() {
    const auto text = state_.library.ReadDocument(row_);
    if (!text) return state_.NoteUnread("document", row_.name, text.error(), kMakeAgain);
    const Status looked =
        ForEachLine(*text, [&](std::string_view line, uint64_t) -> Status { return Line(line); });
    if (!looked) return state_.NoteUnread("document", row_.name, looked.error(), kMakeAgain);
    RETURN_IF_ERROR(state_.CheckStored(thing(), row_.digest, row_.stored_size,
                                       blob::Encoding::kDeflateOpen, "document", kMakeAgain));
    CheckRow(*text);
    Tell("record_without_key", "records in it have no key", seen_.without_key);
    Tell("record_out_of_place", "records in it are of another kind or conversation",
         seen_.strangers);
    Tell("record_out_of_order", "records in it are not in the order of time", seen_.out_of_order);
    Tell("medium_unlisted", "media items in it are of media that no list names",
         seen_.media_unlisted);
    Tell("provenance_unknown", "records in it come from files that the head does not list",
         seen_.provenance_unknown);
    if (row_.conversation && state_.conversations_known &&
        !state_.conversations.contains(row_.conversation->Hex())) {
      state_.Note(
          {"conversation_missing", thing(),
           fmt::format("its conversation {} is not in the account", row_.conversation->Hex()),
           std::string(kMakeAgain), seen_.records});
    }
    return {};
  }

  std::vector<Key> TakeKeys() { return std::move(seen_.keys); }

 private:
  std::string thing() const { return "document " + row_.name; }

  void Tell(std::string code, std::string cause, uint64_t count) {
    if (count == 0) return;
    state_.Note({std::move(code), thing(), std::move(cause), std::string(kReport), count});
  }

  Status Line(std::string_view line) {
    ASSIGN_OR_RETURN(const Record record, parser_.Parse(line));
    ++seen_.records;
    seen_.missing += account::MissingMediaOf(record);
    const account::Common& common = account::CommonOf(record);
    seen_.absent += common.absent_since ? 1 : 0;
    if (common.key) {
      seen_.keys.push_back(*common.key);
    } else {
      ++seen_.without_key;
    }
    const auto* message = std::get_if<account::Message>(&record);
    const bool is_at_home =
        account::KindOf(record) == row_.kind &&
        (message == nullptr ||
         (row_.conversation && message->conversation == row_.conversation->Hex()));
    if (!is_at_home) ++seen_.strangers;
    Order(record);
    for (const account::MediaItem* item : account::MediaOf(record)) {
      const bool unlisted =
          item->digest && state_.media_known && !state_.media.contains(*item->digest);
      seen_.media_unlisted += unlisted ? 1 : 0;
    }
    for (const account::Provenance& from : common.provenance) {
      if (from.import.contains(':')) continue;  // of its owner's edits and of services
      const auto import = state_.imports.find(from.import);
      const bool known = import != state_.imports.end() && from.file < import->second;
      seen_.provenance_unknown += known ? 0 : 1;
    }
    return {};
  }

  // By (time, key), undated first.
  void Order(const Record& record) {
    const auto time = account::TimeOf(record);
    const auto key = account::CommonOf(record).key.value_or(Key{});
    const std::pair at(time.value_or(Timestamp::min()), key);
    if (last_ && at < *last_) ++seen_.out_of_order;
    last_ = at;
    if (!time) return;
    seen_.first = std::min(seen_.first.value_or(*time), *time);
    seen_.last = std::max(seen_.last.value_or(*time), *time);
  }

  void CheckRow(std::string_view text) {
    std::vector<std::string_view> wrong;
    if (seen_.records != row_.records) wrong.emplace_back("number of records");
    if (seen_.first != row_.first || seen_.last != row_.last) wrong.emplace_back("span of time");
    // Heads of before they were counted have none.
    if (row_.missing != 0 && seen_.missing != row_.missing) wrong.emplace_back("missing media");
    if (seen_.absent != row_.absent) wrong.emplace_back("absent records");
    if (Crc32(AsBytes(text)) != row_.crc) wrong.emplace_back("CRC-32");
    if (TwinOf(row_, text) != row_.twin_digest) wrong.emplace_back("digest of its twin");
    if (wrong.empty()) return;
    state_.Note({"head_disagrees", thing(),
                 fmt::format("the head says otherwise of its {}", fmt::join(wrong, ", ")),
                 std::string(kReport)});
  }

  DoctorState& state_;
  const DocumentRow& row_;
  account::RecordParser parser_;
  Seen seen_;
  std::optional<std::pair<Timestamp, Key>> last_;
};

void FindTwins(DoctorState& state, const Head& head, std::vector<std::vector<Key>> by_document) {
  std::vector<std::pair<Key, uint32_t>> all;
  for (uint32_t document = 0; document < by_document.size(); ++document) {
    for (const Key& key : by_document[document]) all.emplace_back(key, document);
    by_document[document] = {};
  }
  std::ranges::sort(all);
  for (size_t i = 1; i < all.size(); ++i) {
    if (all[i].first != all[i - 1].first) continue;
    state.Note(
        {"key_twice", "record " + all[i].first.Hex(),
         fmt::format("it stands twice: in {} and in {}", head.documents[all[i - 1].second].name,
                     head.documents[all[i].second].name),
         std::string(kReport)});
  }
}

// Without the conversations messages cannot be looked at.
Status LoadConversations(DoctorState& state, const Head& head) {
  for (const DocumentRow& row : head.documents) {
    if (row.kind != Kind::kConversation) continue;
    const auto records = state.library.ReadRecords(row);
    if (!records && records.error().code == ErrorCode::kUnavailable) {
      return std::unexpected(records.error());
    }
    state.conversations_known = state.conversations_known && records.has_value();
    if (!records) continue;
    for (const Record& record : *records) {
      const auto& key = account::CommonOf(record).key;
      if (key) state.conversations.insert(key->Hex());
    }
  }
  return {};
}

}  // namespace

Status ExamineDocuments(DoctorState& state, const Head& head) {
  RETURN_IF_ERROR(LoadConversations(state, head));
  uint64_t total = 0;
  for (const DocumentRow& row : head.documents) total += row.records;
  std::vector<std::vector<Key>> keys(head.documents.size());
  std::atomic<uint64_t> done = 0;
  const auto look = [&](size_t, size_t i) -> Status {
    DocumentWard ward(state, head.documents[i]);
    RETURN_IF_ERROR(ward.Run());
    keys[i] = ward.TakeKeys();
    done += head.documents[i].records;
    return state.options.progress ? state.options.progress(done, total) : Status{};
  };
  const Status looked = ParallelFor(CoreCount(), head.documents.size(), look);
  if (!looked) return looked;
  FindTwins(state, head, std::move(keys));
  return {};
}

}  // namespace valise::library
