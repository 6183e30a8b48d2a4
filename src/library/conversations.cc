#include "library/conversations.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>

#include "account/record_json.h"
#include "library/document.h"
#include "library/keys.h"
#include "library/live.h"

namespace valise::library {
namespace {

using account::Conversation;
using account::Kind;
using account::Record;

// Messages by which a conversation is recognised: so many of its oldest, its newest and between.
constexpr size_t kSample = 256;
constexpr size_t kEnough = 3;  // equal ones that suffice
constexpr size_t kReadAtOnce = 4096;

// When and what: equal in two archives for the same message. And of which incoming conversation.
struct Trace {
  int64_t time = 0;
  uint64_t fingerprint = 0;
  size_t who = 0;
  auto operator<=>(const Trace&) const = default;
  bool IsSame(const Trace& other) const {
    return time == other.time && fingerprint == other.fingerprint;
  }
};

class Resolver {
 public:
  Resolver(const WeaveContext& context, const Documents& documents,
           std::span<const SpoolEntry> entries,
           const std::vector<std::pair<Bucket, uint64_t>>& buckets)
      : context_(context), documents_(documents), entries_(entries), buckets_(buckets) {}

  Result<ResolvedConversations> Run() {
    RETURN_IF_ERROR(LoadExisting());
    for (const std::string& hex : live_) candidates_.erase(hex);
    RETURN_IF_ERROR(MatchByEvidence());
    RETURN_IF_ERROR(NameMessagesWithoutConversation());
    RETURN_IF_ERROR(BridgeAll());
    return std::move(resolved_);
  }

 private:
  struct Unmatched {
    size_t place = 0;
    std::vector<std::string> names;  // by which messages may name it
    account::Provenance from;
  };

  Status LoadExisting() {
    for (const auto& [bucket, pieces] : documents_) {
      if (bucket.kind == Kind::kMessage) candidates_.insert(bucket.group);
      if (bucket.kind != Kind::kConversation) continue;
      for (const DocumentRow& row : pieces) {
        ASSIGN_OR_RETURN(const std::vector<Record> records, context_.library.ReadRecords(row));
        for (const Record& record : records) {
          Remember(record, *account::CommonOf(record).key);
          // Two of one service's conversations are two.
          if (context_.is_live && LiveMarkOf(record))
            live_.insert(account::CommonOf(record).key->Hex());
        }
      }
    }
    return {};
  }

  void Remember(const Record& record, const Key& key) {
    by_key_.insert(key);
    for (const uint64_t evidence : EvidenceOf(record)) by_evidence_.emplace(evidence, key);
  }

  std::optional<Key> Find(const Record& record) const {
    const auto& key = account::CommonOf(record).key;
    if (key && by_key_.contains(*key)) return *key;
    for (const uint64_t evidence : EvidenceOf(record)) {
      if (const auto found = by_evidence_.find(evidence); found != by_evidence_.end()) {
        return found->second;
      }
    }
    return std::nullopt;
  }

  Status MatchByEvidence() {
    std::string buffer;
    std::vector<size_t> lines;
    RETURN_IF_ERROR(context_.spool.ReadLines(entries_, buffer, lines));
    account::RecordParser parser;
    for (size_t i = 0; i < lines.size(); ++i) {
      ASSIGN_OR_RETURN(const Record record,
                       parser.Parse({buffer.data() + lines[i], entries_[i].length}));
      const account::Common& common = account::CommonOf(record);
      const auto found = Find(record);
      const Key key = found ? *found : common.key ? *common.key : KeyOf(BasisOf(record));
      std::vector<std::string> names = common.evidence;
      if (common.key) names.push_back(common.key->Hex());
      ASSIGN_OR_RETURN(const bool forgotten, IsForgotten(record, names));
      if (forgotten) {
        resolved_.forgotten.insert(i);
        resolved_.forgotten_names.insert(names.begin(), names.end());
        for (const std::string& name : names) resolved_.keys[name] = key.Hex();
        continue;
      }
      Remember(record, key);
      for (const std::string& name : names) resolved_.keys[name] = key.Hex();
      if (found) {
        candidates_.erase(key.Hex());
      } else {
        unmatched_.push_back({i, std::move(names), {}});
        if (!common.provenance.empty()) unmatched_.back().from = common.provenance.front();
      }
    }
    return {};
  }

  bool NamesForgotten(const std::string& name) const {
    if (context_.tombstones == nullptr || context_.tombstones->empty()) return false;
    const auto key = Key::Parse(name);
    return context_.tombstones->FindConversation(std::string_view(name)) != nullptr ||
           (key && context_.tombstones->FindConversation(*key) != nullptr) ||
           context_.tombstones->FindConversation(ConversationKey(name)) != nullptr;
  }

  // By its names, else by its messages: a conversation may come back under another id.
  Result<bool> IsForgotten(const Record& record, const std::vector<std::string>& names) const {
    if (context_.tombstones == nullptr || context_.tombstones->empty()) return false;
    if (context_.tombstones->FindByName(record) != nullptr) return true;
    if (std::ranges::any_of(names, [&](const auto& name) { return NamesForgotten(name); }))
      return true;
    if (Find(record)) return false;
    std::vector<const Tombstone*> with_messages;
    for (const Tombstone& one : context_.tombstones->all()) {
      if (!one.messages.empty()) with_messages.push_back(&one);
    }
    if (with_messages.empty()) return false;
    ASSIGN_OR_RETURN(const std::vector<Key> messages, HashMessages(names));
    if (messages.empty()) return false;
    return std::ranges::any_of(with_messages, [&](const Tombstone* one) {
      const auto equal = std::ranges::count_if(
          messages, [&](const Key& key) { return std::ranges::binary_search(one->messages, key); });
      return static_cast<size_t>(equal) >=
             std::min({kEnough, messages.size(), one->messages.size()});
    });
  }

  Result<std::vector<Key>> HashMessages(const std::vector<std::string>& names) const {
    std::vector<Key> hashes;
    account::RecordParser parser;
    for (const std::string& name : names) {
      for (auto at = std::ranges::lower_bound(buckets_, Bucket{Kind::kMessage, name, INT32_MIN}, {},
                                              [](const auto& one) { return one.first; });
           at != buckets_.end() && at->first.kind == Kind::kMessage && at->first.group == name;
           ++at) {
        ASSIGN_OR_RETURN(const std::vector<SpoolEntry> entries, context_.spool.Load(at->first));
        for (size_t begin = 0; begin < entries.size(); begin += kReadAtOnce) {
          const auto part =
              std::span(entries).subspan(begin, std::min(kReadAtOnce, entries.size() - begin));
          std::string buffer;
          std::vector<size_t> lines;
          RETURN_IF_ERROR(context_.spool.ReadLines(part, buffer, lines));
          for (size_t i = 0; i < lines.size(); ++i) {
            ASSIGN_OR_RETURN(const Record record,
                             parser.Parse({buffer.data() + lines[i], part[i].length}));
            if (const auto* message = std::get_if<account::Message>(&record)) {
              hashes.push_back(context_.tombstones->HashOfMessage(*message));
            }
          }
        }
      }
    }
    return hashes;
  }

  // Messages may name a conversation that has no record in this import.
  Status NameMessagesWithoutConversation() {
    for (const auto& [bucket, records] : buckets_) {
      if (bucket.kind != Kind::kMessage || resolved_.keys.contains(bucket.group)) continue;
      if (NamesForgotten(bucket.group)) resolved_.forgotten_names.insert(bucket.group);
      const auto hex = Key::Parse(bucket.group);
      // What is of the library names it by its key.
      const bool is_ours = hex && (by_key_.contains(*hex) || candidates_.contains(bucket.group));
      if (hex && (context_.keeps_keys || (context_.is_live && is_ours))) {
        resolved_.keys[bucket.group] = hex->Hex();
      } else if (const auto found = by_evidence_.find(Fingerprint(bucket.group));
                 found != by_evidence_.end()) {
        resolved_.keys[bucket.group] = found->second.Hex();
      } else {
        resolved_.keys[bucket.group] = ConversationKey(bucket.group).Hex();
        resolved_.without_record.push_back(bucket.group);
      }
      candidates_.erase(resolved_.keys[bucket.group]);
    }
    return {};
  }

  // Some messages of each conversation that no evidence found, in order: the oldest, the newest and
  // some between, since archives of other years share either end or the middle.
  Result<std::vector<Trace>> Sample() const {
    std::vector<Trace> traces;
    account::RecordParser parser;
    for (size_t who = 0; who < unmatched_.size(); ++who) {
      ASSIGN_OR_RETURN(const std::vector<SpoolEntry> sample, SampleOf(unmatched_[who]));
      std::string buffer;
      std::vector<size_t> lines;
      RETURN_IF_ERROR(context_.spool.ReadLines(sample, buffer, lines));
      for (size_t i = 0; i < lines.size(); ++i) {
        ASSIGN_OR_RETURN(const Record record,
                         parser.Parse({buffer.data() + lines[i], sample[i].length}));
        traces.push_back({sample[i].time, FingerprintOf(record), who});
      }
    }
    std::ranges::sort(traces);
    return traces;
  }

  Result<std::vector<SpoolEntry>> SampleOf(const Unmatched& one) const {
    std::vector<SpoolEntry> all;
    for (const auto& [bucket, records] : buckets_) {
      if (bucket.kind != Kind::kMessage) continue;
      if (std::ranges::find(one.names, bucket.group) == one.names.end()) continue;
      ASSIGN_OR_RETURN(const std::vector<SpoolEntry> some, context_.spool.Load(bucket));
      all.insert(all.end(), some.begin(), some.end());
    }
    std::erase_if(all, [](const SpoolEntry& e) { return e.time == SpoolEntry::kNoTime; });
    if (all.size() <= 3 * kSample) return all;
    std::vector<SpoolEntry> sample(all.begin(), all.begin() + kSample);
    const size_t step = (all.size() - 2 * kSample) / kSample;
    for (size_t i = kSample; i < all.size() - kSample; i += step) sample.push_back(all[i]);
    sample.insert(sample.end(), all.end() - kSample, all.end());
    return sample;
  }

  struct Equal {
    size_t messages = 0;
    int64_t time = 0;  // of one of them
  };

  // How many of the sample of each stand in the messages of conversation `hex`, and how many
  // messages that has.
  Result<uint64_t> CountEqual(const std::string& hex, const std::vector<Trace>& traces,
                              std::vector<Equal>& equal) const {
    uint64_t messages = 0;
    for (auto at = documents_.lower_bound(Bucket{Kind::kMessage, hex, INT32_MIN});
         at != documents_.end() && at->first.kind == Kind::kMessage && at->first.group == hex;
         ++at) {
      for (const DocumentRow& row : at->second) {
        messages += row.records;
        if (!row.first || ToMillis(*row.last) < traces.front().time ||
            ToMillis(*row.first) > traces.back().time) {
          continue;
        }
        ASSIGN_OR_RETURN(const std::vector<Record> records, context_.library.ReadRecords(row));
        for (const Record& record : records) {
          const auto time = account::TimeOf(record);
          if (!time) continue;
          const Trace wanted{ToMillis(*time), FingerprintOf(record), 0};
          for (auto trace = std::ranges::lower_bound(traces, wanted);
               trace != traces.end() && trace->IsSame(wanted); ++trace) {
            ++equal[trace->who].messages;
            equal[trace->who].time = trace->time;
          }
        }
      }
    }
    return messages;
  }

  struct Bridge {
    Equal equal;
    size_t who = 0;
    std::string hex;
  };
  static void SortByMost(std::vector<Bridge>& bridges) {
    std::ranges::sort(bridges, [](const Bridge& a, const Bridge& b) {
      return a.equal.messages != b.equal.messages ? a.equal.messages > b.equal.messages
                                                  : std::tie(a.who, a.hex) < std::tie(b.who, b.hex);
    });
  }

  // Of those that are still two: each with the one with which it has the most in common.
  Status NotePerhapsSame(std::vector<Bridge>& too_few, const std::vector<bool>& bridged) {
    SortByMost(too_few);
    std::vector<bool> noted = bridged;
    for (const Bridge& bridge : too_few) {
      const Unmatched& one = unmatched_[bridge.who];
      if (noted[bridge.who] || candidates_.erase(bridge.hex) == 0) continue;
      noted[bridge.who] = true;
      ASSIGN_OR_RETURN(const Key here, Key::Parse(bridge.hex));
      ASSIGN_OR_RETURN(const Key came, Key::Parse(resolved_.keys.at(one.names.front())));
      resolved_.perhaps_same.Add({.why = PerhapsSame::Why::kConversation,
                                  .kind = Kind::kConversation,
                                  .time = FromMillis(bridge.equal.time),
                                  .here = here,
                                  .came = came,
                                  .from = one.from});
    }
    return {};
  }

  // Those with the most messages in common first; each conversation is one other at most.
  Status BridgeAll() {
    if (candidates_.empty() || unmatched_.empty()) return {};
    ASSIGN_OR_RETURN(const std::vector<Trace> traces, Sample());
    if (traces.empty()) return {};
    std::vector<size_t> sampled(unmatched_.size());
    for (const Trace& trace : traces) ++sampled[trace.who];
    std::vector<Bridge> bridges, too_few;
    for (const std::string& hex : candidates_) {
      std::vector<Equal> equal(unmatched_.size());
      ASSIGN_OR_RETURN(const uint64_t messages, CountEqual(hex, traces, equal));
      for (size_t who = 0; who < equal.size(); ++who) {
        const size_t enough = std::min({kEnough, sampled[who], static_cast<size_t>(messages)});
        if (equal[who].messages == 0) continue;
        (equal[who].messages >= enough ? bridges : too_few).push_back({equal[who], who, hex});
      }
    }
    SortByMost(bridges);
    std::vector<bool> bridged(unmatched_.size());
    for (const Bridge& bridge : bridges) {
      if (bridged[bridge.who] || candidates_.erase(bridge.hex) == 0) continue;
      bridged[bridge.who] = true;
      const Unmatched& one = unmatched_[bridge.who];
      ASSIGN_OR_RETURN(const Key key, Key::Parse(bridge.hex));
      for (const std::string& name : one.names) resolved_.keys[name] = bridge.hex;
      resolved_.forced[one.place] = key;
    }
    return NotePerhapsSame(too_few, bridged);
  }

  const WeaveContext& context_;
  const Documents& documents_;
  const std::span<const SpoolEntry> entries_;
  const std::vector<std::pair<Bucket, uint64_t>>& buckets_;
  std::set<Key> by_key_;
  std::unordered_map<uint64_t, Key> by_evidence_;
  std::set<std::string> candidates_;  // conversations of the library that this import has not named
  std::set<std::string> live_;        // those that a service put
  std::vector<Unmatched> unmatched_;
  ResolvedConversations resolved_;
};

}  // namespace

Result<ResolvedConversations> ResolveConversations(
    const WeaveContext& context, const Documents& documents, std::span<const SpoolEntry> entries,
    const std::vector<std::pair<Bucket, uint64_t>>& buckets) {
  return Resolver(context, documents, entries, buckets).Run();
}

}  // namespace valise::library
