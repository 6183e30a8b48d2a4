#include "library/live_find.h"

#include <algorithm>
#include <mutex>

#include "account/record_json.h"
#include "base/parallel.h"
#include "library/document.h"
#include "library/live_media.h"
#include "library/spool.h"

namespace valise::library {
namespace {

using account::Kind;
using account::Record;

constexpr std::string_view kEvidence = ",\"evidence\":[";
constexpr std::string_view kIdEvidence = "\"id:";
constexpr std::string_view kWaitingPath = "\"sha256/";

int64_t MillisOf(const Record& record) {
  const auto time = account::TimeOf(record);
  return time ? ToMillis(*time) : SpoolEntry::kNoTime;
}

// The names by which a line of a document is known to a service: most have one, without parsing.
class LineNames {
 public:
  explicit LineNames(Kind kind)
      : kind_(kind), after_key_("\",\"kind\":\"" + std::string(account::KindName(kind)) + '"') {}

  // Calls visit(name) for each "id:…" of its evidence. Returns what visit returned first that was
  // not nullptr.
  template <typename Visit>
  Result<bool> Any(std::string_view line, account::RecordParser& parser, Visit visit) const {
    const size_t begin = kKeyBegin.size() + kKeyHex + after_key_.size();
    if (!line.starts_with(kKeyBegin) || line.size() < begin ||
        line.substr(kKeyBegin.size() + kKeyHex, after_key_.size()) != after_key_) {
      return Parsed(line, parser, visit);
    }
    std::string_view rest = line.substr(begin);
    if (!rest.starts_with(kEvidence)) return false;
    rest.remove_prefix(kEvidence.size());
    while (rest.starts_with('"')) {
      const size_t end = rest.find_first_of("\"\\", 1);
      if (end == std::string_view::npos || rest[end] == '\\') return Parsed(line, parser, visit);
      if (rest.starts_with(kIdEvidence) && visit(LiveName(kind_, rest.substr(1, end - 1)))) {
        return true;
      }
      rest.remove_prefix(end + 1);
      if (rest.starts_with(',')) rest.remove_prefix(1);
    }
    return false;
  }

 private:
  template <typename Visit>
  Result<bool> Parsed(std::string_view line, account::RecordParser& parser, Visit visit) const {
    ASSIGN_OR_RETURN(const Record record, parser.Parse(line));
    for (const std::string& evidence : account::CommonOf(record).evidence) {
      if (evidence.starts_with(kIdEvidence.substr(1)) && visit(LiveName(kind_, evidence))) {
        return true;
      }
    }
    return false;
  }

  const Kind kind_;
  const std::string after_key_;
};

class Finder {
 public:
  Finder(const Library& library, const Documents& documents, const LiveBatch& batch)
      : library_(library), documents_(documents), batch_(batch) {}

  Result<LiveFound> Run() {
    RETURN_IF_ERROR(FindConversations());
    FindConnectionKeys();
    std::vector<std::pair<const Bucket*, const DocumentRow*>> rows;
    for (const auto& [bucket, pieces] : documents_) {
      for (const DocumentRow& row : pieces) {
        if (IsTouched(bucket) || MayWait(row)) rows.emplace_back(&bucket, &row);
      }
    }
    RETURN_IF_ERROR(ParallelFor(CoreCount(), rows.size(), [&](size_t, size_t i) {
      return Scan(*rows[i].first, *rows[i].second);
    }));
    return std::move(found_);
  }

 private:
  // Which conversation of the library is each that the batch's messages name.
  Status FindConversations() {
    if (!batch_.Puts(Kind::kMessage) && !batch_.Deletes(Kind::kConversation)) return {};
    std::unordered_map<std::string_view, uint32_t> groups;
    for (uint32_t i = 0; i < batch_.groups().size(); ++i) groups.emplace(batch_.groups()[i], i);
    conversation_of_.resize(batch_.groups().size());
    for (const auto& [bucket, pieces] : documents_) {
      if (bucket.kind != Kind::kConversation) continue;
      for (const DocumentRow& row : pieces) {
        ASSIGN_OR_RETURN(const auto records, library_.ReadRecords(row));
        for (const Record& record : records) {
          const account::Common& common = account::CommonOf(record);
          for (const std::string& evidence : common.evidence) {
            const auto group = groups.find(evidence);
            if (group == groups.end()) continue;
            conversation_of_[group->second] = common.key->Hex();
            touched_.insert(common.key->Hex());
          }
        }
      }
    }
    return {};
  }

  // Connections are known by what they are, too.
  void FindConnectionKeys() {
    if (!batch_.Puts(Kind::kConnection)) return;
    for (const LiveBatch::Put& put : batch_.puts()) by_key_.emplace(put.key, &put);
  }

  bool IsTouched(const Bucket& bucket) const {
    if (batch_.Deletes(bucket.kind)) return true;
    if (!batch_.Puts(bucket.kind)) return false;
    return bucket.kind != Kind::kMessage || touched_.contains(bucket.group);
  }

  bool MayWait(const DocumentRow& row) const { return row.missing > 0 && !batch_.blobs().empty(); }

  Status Scan(const Bucket& bucket, const DocumentRow& row) {
    ASSIGN_OR_RETURN(const std::string text, library_.ReadDocument(row));
    const bool may_wait = MayWait(row) && text.contains(kWaitingPath);
    if (!may_wait && !IsTouched(bucket)) return {};
    const LineNames names(bucket.kind);
    account::RecordParser parser;
    return ForEachLine(text, [&](std::string_view line, uint64_t) -> Status {
      const LiveBatch::Put* put = nullptr;
      const LiveBatch::Delete* gone = nullptr;
      const auto is_sought = [&](uint64_t name) {
        put = batch_.FindPut(name);
        gone = batch_.FindDelete(name);
        return put != nullptr || gone != nullptr;
      };
      RETURN_IF_ERROR(names.Any(line, parser, is_sought));
      if (put == nullptr) put = FindConnection(bucket, line);
      if (gone != nullptr) RETURN_IF_ERROR(NoteDeleted(parser, line, row));
      if (put != nullptr) return NotePut(parser, line, bucket, row, *put);
      if (may_wait && gone == nullptr) return NoteWaiting(parser, line, bucket);
      return {};
    });
  }

  const LiveBatch::Put* FindConnection(const Bucket& bucket, std::string_view line) const {
    if (bucket.kind != Kind::kConnection || by_key_.empty()) return nullptr;
    const auto key = Key::Parse(line.substr(kKeyBegin.size(), kKeyHex));
    if (!key) return nullptr;
    const auto found = by_key_.find(LoadLe<uint64_t>(key->bytes.data()));
    return found == by_key_.end() ? nullptr : found->second;
  }

  Status NoteDeleted(account::RecordParser& parser, std::string_view line, const DocumentRow& row) {
    ASSIGN_OR_RETURN(const Record record, parser.Parse(line));
    const std::lock_guard lock(mutex_);
    const bool talks = row.kind == Kind::kConversation;
    (talks ? found_.conversations : found_.deleted).push_back(*account::CommonOf(record).key);
    found_.documents.insert(row.digest);
    return {};
  }

  Status NotePut(account::RecordParser& parser, std::string_view line, const Bucket& bucket,
                 const DocumentRow& row, const LiveBatch::Put& put) {
    ASSIGN_OR_RETURN(Record record, parser.Parse(line));
    const std::string& group = batch_.groups()[put.group];
    const bool same_group =
        bucket.group == (bucket.kind == Kind::kMessage ? conversation_of_[put.group] : group);
    if (same_group && MillisOf(record) == put.time) return {};
    const std::lock_guard lock(mutex_);
    found_.moved.try_emplace(put.name, LiveFound::Moved{std::move(record), bucket, row.digest});
    return {};
  }

  Status NoteWaiting(account::RecordParser& parser, std::string_view line, const Bucket& bucket) {
    if (!line.contains(kWaitingPath)) return {};
    ASSIGN_OR_RETURN(Record record, parser.Parse(line));
    const auto media = account::MediaOf(std::as_const(record));
    const bool has_come = std::ranges::any_of(media, [&](const account::MediaItem* item) {
      const auto digest = WaitsFor(*item);
      return digest && batch_.blobs().contains(*digest);
    });
    if (!has_come) return {};
    const std::lock_guard lock(mutex_);
    found_.waiting.push_back({std::move(record), bucket});
    return {};
  }

  const Library& library_;
  const Documents& documents_;
  const LiveBatch& batch_;
  std::vector<std::string> conversation_of_;  // by number of the group: key, hex
  std::unordered_set<std::string> touched_;
  std::unordered_map<uint64_t, const LiveBatch::Put*> by_key_;
  std::mutex mutex_;
  LiveFound found_;
};

}  // namespace

Result<LiveFound> FindLive(const Library& library, const Documents& documents,
                           const LiveBatch& batch) {
  if (documents.empty()) return LiveFound{};
  return Finder(library, documents, batch).Run();
}

}  // namespace valise::library
