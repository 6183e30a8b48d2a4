// The sink of one file: resolves media, writes canonical lines into the spool.
#include <fmt/format.h>

#include <algorithm>

#include "account/record_json.h"
#include "library/import_state.h"
#include "library/keys.h"
#include "library/media_paths.h"

namespace valise::library {
namespace {

using account::Kind;
using account::Record;

constexpr size_t kMaxIssuesOfAFile = 1000;
constexpr size_t kMaxIssuesOfAnImport = 100'000;

class ImportSink final : public account::RecordSink {
 public:
  ImportSink(ImportRun::State& state, uint32_t number, ImportRun::FindMedia find)
      : state_(state),
        number_(number),
        find_(std::move(find)),
        // What a bundle's imports told comes with them; pages tell times too coarsely.
        tells_lists_(!state.options.keeps_keys && !state.options.info.coarse_times),
        writer_(*state.spool, number) {}

  ~ImportSink() override {
    const Status flushed = writer_.Flush();
    const std::lock_guard lock(state_.mutex);
    if (!flushed && !state_.error) state_.error = flushed.error();
    for (const auto& [digest, use] : uses_) state_.uses[digest].Add(use);
    for (size_t i = 0; i < account::kKindCount; ++i) {
      state_.report.kinds[i].found += kinds_[i].found;
      state_.report.kinds[i].forgotten += kinds_[i].forgotten;
    }
    state_.missing.insert(state_.missing.end(), missing_.begin(), missing_.end());
    for (const Record& record : dropped_) state_.dropped.Note(record, true);
    NoteLists();
    for (std::string& line : issues_) {
      if (state_.issues.size() < kMaxIssuesOfAnImport) state_.issues.push_back(std::move(line));
    }
  }

  Status Put(Record record) override {
    account::Common& common = account::CommonOf(record);
    const Kind kind = account::KindOf(record);
    if (state_.options.keeps_keys) {
      if (!IsWhole(record)) return {};
    } else {
      common.key.reset();
      common.absent_since.reset();  // follows from what imports tell
      if (common.provenance.empty()) {
        common.provenance.push_back({.import = {}, .file = 0, .index = put_});
      }
      common.provenance.front().import = state_.options.info.id;
      common.provenance.front().file = number_;
    }
    const uint32_t index = state_.options.keeps_keys ? put_ : common.provenance.front().index;
    ++put_;
    ++kinds_[static_cast<size_t>(kind)].found;
    const auto time = account::TimeOf(record);
    if (tells_lists_) tally_.Add(record);
    const bool has_missing = ResolveMedia(record, kind, time);
    if (Forgets(record, kind)) return {};
    const Bucket bucket = BucketOf(record);
    if (auto* message = std::get_if<account::Message>(&record)) NameConversation(*message);
    line_.clear();
    account::AppendJson(line_, record);
    return writer_.Add(bucket, time ? ToMillis(*time) : SpoolEntry::kNoTime, index,
                       !common.evidence.empty() || has_missing, line_);
  }

  void Report(account::Issue issue) override {
    is_partial_ = is_partial_ || LosesRecords(issue);
    if (issues_.size() >= kMaxIssuesOfAFile) return;
    issues_.push_back(account::ToJson(account::IssueRow{state_.options.info.id, std::move(issue)}));
  }

 private:
  // Whether what is reported may be that records are not told.
  static bool LosesRecords(const account::Issue& issue) {
    return issue.code != "missing_media" && issue.code != "unknown_member";
  }

  // REQUIRES: the state's mutex is held.
  void NoteLists() {
    if (!tells_lists_ || (tally_.extents().empty() && !is_partial_)) return;
    ImportRun::State::FileLists& of_file = state_.lists[number_];
    for (const auto& [name, extent] : tally_.extents()) of_file.extents[name].Add(extent);
    of_file.is_partial = of_file.is_partial || is_partial_;
  }

  // Does a record of a bundle bring what ours have?
  bool IsWhole(const Record& record) {
    const auto* message = std::get_if<account::Message>(&record);
    if (account::CommonOf(record).key &&
        (message == nullptr || Key::Parse(message->conversation).has_value())) {
      return true;
    }
    Report(
        {.code = "no_key",
         .path = state_.files[number_].path,
         .message = "A record of the bundle has no key; it was left out. It stays in the bundle.",
         .count = 1});
    return false;
  }

  // Until conversations are resolved a line holds the key that the conversation would have as a new
  // one.
  void NameConversation(account::Message& message) {
    if (state_.options.keeps_keys) return;
    if (message.conversation != conversation_ || conversation_hex_.empty()) {
      conversation_ = message.conversation;
      conversation_hex_ = ConversationKey(conversation_).Hex();
    }
    message.conversation = conversation_hex_;
  }

  // Returns whether one of them is missing.
  bool ResolveMedia(Record& record, Kind kind, const std::optional<Timestamp>& time) {
    bool has_missing = false;
    for (account::MediaItem* item : account::MediaOf(record)) {
      Resolve(*item);
      if (item->digest && state_.forgotten_media.contains(*item->digest)) continue;
      if (account::IsMissing(*item)) {
        has_missing = true;
        const MediaPaths::Path path(state_.options.media_path(item->path));
        missing_.push_back({path.exact, path.loose, number_, kind});
      }
      if (!item->digest) continue;
      MediumUse use{.kinds = static_cast<uint16_t>(1u << static_cast<unsigned>(kind))};
      if (time) use.record_time = ToMillis(*time);
      if (item->time) use.own_time = ToMillis(*item->time);
      uses_[*item->digest].Add(use);
    }
    return has_missing;
  }

  // Takes forgotten media out of the record. Returns whether all of it is forgotten; what can only
  // be told beside other records is told when they are woven.
  bool Forgets(Record& record, Kind kind) {
    if (state_.forgotten_media.empty()) return false;
    Record stripped = record;
    if (!StripMedia(stripped, state_.forgotten_media)) return false;
    // It may have been forgotten before its medium was: as it came.
    if (state_.tombstones.Find(record) == nullptr && !IsEmptied(stripped)) {
      record = std::move(stripped);
      return false;
    }
    ++kinds_[static_cast<size_t>(kind)].forgotten;
    dropped_.push_back(std::move(record));
    return true;
  }

  void Resolve(account::MediaItem& item) const {
    if (item.digest && state_.media.Has(*item.digest)) return;  // of a bundle, with its medium
    if (item.digest && state_.forgotten_media.contains(*item.digest)) return;
    item.digest.reset();
    item.size = 0;
    item.type.clear();
    if (item.path.empty() || !find_) return;
    const std::optional<uint32_t> number = find_(item.path);
    if (!number || *number >= state_.files.size()) return;
    if (const auto gone = state_.forgotten_files.find(*number);
        gone != state_.forgotten_files.end()) {
      item.digest = gone->second;
      return;
    }
    const account::OriginalFile& file = state_.files[*number];
    if (file.fate != account::Fate::kMedium || !file.digest) return;
    item.digest = file.digest;
    item.size = file.size;
    item.type = file.type;
  }

  ImportRun::State& state_;
  const uint32_t number_;
  const ImportRun::FindMedia find_;
  const bool tells_lists_;
  SpoolWriter writer_;
  std::string line_;
  std::string conversation_, conversation_hex_;
  uint32_t put_ = 0;
  std::vector<ImportRun::State::MissingMedium> missing_;
  std::array<KindReport, account::kKindCount> kinds_{};
  std::unordered_map<Digest, MediumUse> uses_;
  std::vector<std::string> issues_;
  std::vector<Record> dropped_;
  ListTally tally_;
  bool is_partial_ = false;
};

}  // namespace

std::unique_ptr<account::RecordSink> MakeSink(ImportRun::State& state, uint32_t number,
                                              ImportRun::FindMedia find) {
  return std::make_unique<ImportSink>(state, number, std::move(find));
}

}  // namespace valise::library
