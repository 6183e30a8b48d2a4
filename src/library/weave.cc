#include "library/weave.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "account/record_json.h"
#include "library/document.h"
#include "library/document_sealer.h"
#include "library/keys.h"
#include "library/weave_plain.h"
#include "library/weave_slots.h"
#include "library/weave_strand.h"

namespace valise::library {
namespace {

using account::Record;

int64_t MillisOf(const Record& record) {
  const auto time = account::TimeOf(record);
  return time ? ToMillis(*time) : SpoolEntry::kNoTime;
}

class Weaver {
 public:
  Weaver(const WeaveContext& context, const WeaveTask& task)
      : context_(context),
        task_(task),
        forgets_(context.tombstones != nullptr && !context.tombstones->empty()) {}

  Result<Woven> Run() {
    RETURN_IF_ERROR(LoadExisting());
    RETURN_IF_ERROR(LoadIncoming());
    const bool are_ours = context_.is_live || context_.keeps_keys;
    if (existing_ > 0 && !are_ours) counts_.already += Unite(incoming_, context_.dates);
    MatchByKeyAndEvidence();
    MatchBySlots();
    AddNew();
    MarkAbsent();
    if (StaysAsItIs()) return Woven{.rows = {*task_.existing}};
    std::vector<DocumentLine> out;
    std::vector<std::string> written;
    written.reserve(strands_.size());
    for (const Strand& strand : strands_) {
      NoteShown(strand.record);
      std::string_view line = strand.line;
      if (line.empty()) line = written.emplace_back(account::ToJson(strand.record));
      out.push_back({MillisOf(strand.record), *account::CommonOf(strand.record).key, line, false,
                     account::MissingMediaOf(strand.record),
                     account::CommonOf(strand.record).absent_since.has_value()});
    }
    Woven woven{.counts = counts_,
                .dropped = std::move(dropped_),
                .forgotten = std::move(forgotten_),
                .shown = std::move(shown_),
                .perhaps_same = {}};
    if (!context_.is_live)
      woven.perhaps_same = FindPerhapsSame(strands_, existing_, context_.dates);
    ASSIGN_OR_RETURN(woven.rows, SealDocuments(context_.library, *task_.bucket, out));
    return woven;
  }

 private:
  Status LoadExisting() {
    if (!task_.existing) return {};
    ASSIGN_OR_RETURN(text_, context_.library.ReadDocument(*task_.existing));
    strands_.reserve(task_.existing->records + task_.entries.size());
    account::RecordParser parser;
    RETURN_IF_ERROR(ForEachLine(text_, [&](std::string_view line, uint64_t) -> Status {
      Result<Record> record = parser.Parse(line);
      if (!record || !account::CommonOf(*record).key) {
        return Fail(ErrorCode::kCorrupt,
                    fmt::format("document {} has a line that is no record of this program",
                                task_.existing->digest.Hex()));
      }
      const int64_t time = MillisOf(*record);
      if (time < task_.from || (time >= task_.until && task_.until != INT64_MAX)) return {};
      const Key& key = *account::CommonOf(*record).key;
      if (task_.leaving != nullptr && task_.leaving->contains(key)) return {};
      taken_.insert(key);
      strands_.push_back({*std::move(record), line});
      return {};
    }));
    existing_ = strands_.size();
    return {};
  }

  Status LoadIncoming() {
    std::string buffer;
    std::vector<size_t> lines;
    RETURN_IF_ERROR(context_.spool.ReadLines(task_.entries, buffer, lines));
    incoming_.reserve(lines.size());
    strands_.reserve(strands_.size() + lines.size());
    account::RecordParser parser;
    for (size_t i = 0; i < lines.size(); ++i) {
      const std::string_view line(buffer.data() + lines[i], task_.entries[i].length);
      ASSIGN_OR_RETURN(Record record, parser.Parse(line));
      if (auto* message = std::get_if<account::Message>(&record)) {
        message->conversation = task_.bucket->group;
      }
      if (const auto forced = task_.forced.find(i); forced != task_.forced.end()) {
        account::CommonOf(record).key = forced->second;
      }
      if (IsForgotten(record)) {
        forgotten_.push_back(std::move(record));
      } else {
        incoming_.push_back(std::move(record));
      }
    }
    return {};
  }

  bool IsForgotten(const Record& record) const {
    if (!forgets_) return false;
    const Tombstones& all = *context_.tombstones;
    if (all.FindByName(record) != nullptr) return true;
    if (context_.is_live || context_.keeps_keys) return false;
    return all.FindLoosely(record, context_.dates.IsCoarse(record)) != nullptr;
  }

  void NoteShown(const Record& record) {
    if (context_.orphans == nullptr || context_.orphans->empty()) return;
    for (const account::MediaItem* item : account::MediaOf(record)) {
      if (item->digest && context_.orphans->contains(*item->digest)) shown_.insert(*item->digest);
    }
  }

  void MergeInto(size_t strand, Record record) {
    Strand& into = strands_[strand];
    const bool fresh = strand >= existing_;
    OfOneImport tie = OfOneImport::kFirst;
    if (context_.reads_again && !fresh) tie = TieOf(into.record);
    // Of several entries of an import that are one record the first goes before the others.
    if (tie == OfOneImport::kReadAgain && into.paired) tie = OfOneImport::kFirst;
    into.paired = true;
    if (context_.is_live) {
      OverruleStrand(into, std::move(record));
      return;
    }
    for (const uint64_t evidence : EvidenceOf(record)) by_evidence_.emplace(evidence, strand);
    if (Merge(into.record, std::move(record), context_.dates, tie)) {
      // A record that this import itself brought is not counted twice.
      ++(fresh ? counts_.already : counts_.merged);
    } else {
      ++counts_.already;
    }
    into.line = {};
  }

  void OverruleStrand(Strand& into, Record record) {
    std::vector<Digest> shown;
    for (const account::MediaItem* item : account::MediaOf(into.record)) {
      if (item->digest) shown.push_back(*item->digest);
    }
    if (!Overrule(into.record, std::move(record))) {
      ++counts_.already;
      return;
    }
    ++counts_.merged;
    into.line = {};
    for (const account::MediaItem* item : account::MediaOf(into.record)) {
      if (item->digest) std::erase(shown, *item->digest);
    }
    std::ranges::move(shown, std::back_inserter(dropped_));
  }

  void Remember(size_t strand) {
    const Record& record = strands_[strand].record;
    by_key_.emplace(*account::CommonOf(record).key, strand);
    for (const uint64_t evidence : EvidenceOf(record)) by_evidence_.emplace(evidence, strand);
  }

  std::optional<size_t> Find(const Record& record) const {
    if (const auto& key = account::CommonOf(record).key) {
      if (const auto found = by_key_.find(*key); found != by_key_.end()) return found->second;
    }
    for (const uint64_t evidence : EvidenceOf(record)) {
      if (const auto found = by_evidence_.find(evidence); found != by_evidence_.end()) {
        return found->second;
      }
    }
    return std::nullopt;
  }

  // Rules 1 and 2.
  void MatchByKeyAndEvidence() {
    for (size_t i = 0; i < existing_; ++i) Remember(i);
    std::vector<Record> rest;
    for (Record& record : incoming_) {
      if (const auto found = Find(record)) {
        MergeInto(*found, std::move(record));
        continue;
      }
      if (existing_ > 0 || forgets_) {
        rest.push_back(std::move(record));  // the library's slots are tried first
      } else {
        Insert(std::move(record));
      }
    }
    incoming_ = std::move(rest);
  }

  // Two records with evidence of which none is shared are two.
  bool MayPair(size_t strand, const Record& record) const {
    return account::CommonOf(strands_[strand].record).evidence.empty() ||
           account::CommonOf(record).evidence.empty();
  }

  // Rules 3 to 7.
  void MatchBySlots() {
    if (!HasSlots(task_.bucket->kind)) return;
    MatchIn(Round::kSlot);
    const account::Kind kind = task_.bucket->kind;
    if (kind == account::Kind::kPost || kind == account::Kind::kStory) MatchIn(Round::kMoment);
    if (context_.dates.has_coarse()) MatchIn(Round::kMinute);
  }

  void MatchIn(Round round) {
    if (incoming_.empty()) return;
    Slots free;  // strands of the library
    for (size_t i = 0; i < existing_; ++i) {
      if (!strands_[i].paired) free.Add(round, strands_[i].record, i);
    }
    Slots came;
    for (size_t i = 0; i < incoming_.size(); ++i) came.Add(round, incoming_[i], i);
    std::vector<bool> done(incoming_.size());
    for (const uint64_t slot : came.order) {
      const std::vector<size_t>& places = came.places[slot];
      const auto same = free.places.find(slot);
      if (same != free.places.end()) PairSlot(round, same->second, places, done);
      if (forgets_ && round == Round::kSlot) DropInSlot(places, done);
    }
    std::vector<Record> rest;
    for (size_t i = 0; i < incoming_.size(); ++i) {
      if (!done[i]) rest.push_back(std::move(incoming_[i]));
    }
    incoming_ = std::move(rest);
  }

  bool MayPair(Round round, size_t strand, const Record& record) const {
    if (!MayPair(strand, record)) return false;
    if (round != Round::kMinute) return true;
    const Record& ours = strands_[strand].record;
    return context_.dates.IsCoarse(ours) != context_.dates.IsCoarse(record) &&
           MayBeOne(ours, record);
  }

  void PairSlot(Round round, std::vector<size_t>& free, const std::vector<size_t>& came,
                std::vector<bool>& done) {
    std::ranges::stable_sort(free, {}, [&](size_t i) {
      const auto& provenance = account::CommonOf(strands_[i].record).provenance;
      return provenance.empty() ? std::pair<uint32_t, uint32_t>{}
                                : std::pair{provenance.front().file, provenance.front().index};
    });
    std::vector<size_t> left = came;
    PairEqual(round, FingerprintOf, free, left, done);
    // Without a time a slot is no hint of anything: only equal fingerprints pair.
    if (left.empty() || !account::TimeOf(incoming_[left[0]])) return;
    PairEqual(round, LooseFingerprintOf, free, left, done);
    if (left.size() != free.size() || round == Round::kMinute) return;
    for (size_t i = 0; i < left.size(); ++i) {
      if (!MayPair(free[i], incoming_[left[i]])) continue;
      MergeInto(free[i], std::move(incoming_[left[i]]));
      done[left[i]] = true;
    }
  }

  template <typename Print>
  void PairEqual(Round round, Print print_of, std::vector<size_t>& free, std::vector<size_t>& left,
                 std::vector<bool>& done) {
    std::erase_if(left, [&](size_t i) {
      if (free.empty()) return false;
      const uint64_t print = print_of(incoming_[i]);
      const auto equal = std::ranges::find_if(free, [&](size_t f) {
        return MayPair(round, f, incoming_[i]) && print_of(strands_[f].record) == print;
      });
      if (equal == free.end()) return false;
      MergeInto(*equal, std::move(incoming_[i]));
      done[i] = true;
      free.erase(equal);
      return true;
    });
  }

  // Tombstones stand in a slot as records do; what pairs with one is dropped.
  void DropInSlot(const std::vector<size_t>& came, std::vector<bool>& done) {
    std::vector<size_t> left;
    std::vector<const Tombstone*> free;
    for (const size_t i : came) {
      if (done[i]) continue;
      left.push_back(i);
      for (const Tombstone* one : context_.tombstones->InSlotOf(incoming_[i])) {
        if (std::ranges::find(free, one) == free.end()) free.push_back(one);
      }
    }
    const auto drop = [&](size_t i) {
      forgotten_.push_back(std::move(incoming_[i]));
      done[i] = true;
    };
    std::erase_if(left, [&](size_t i) {
      const Key fingerprint = context_.tombstones->FingerprintOf(incoming_[i]);
      const auto equal = std::ranges::find_if(free, [&](const Tombstone* one) {
        return one->fingerprint == fingerprint && MayPair(*one, incoming_[i]);
      });
      if (equal == free.end()) return false;
      free.erase(equal);
      drop(i);
      return true;
    });
    if (left.empty() || left.size() != free.size() || !account::TimeOf(incoming_[left[0]])) return;
    for (size_t i = 0; i < left.size(); ++i) {
      if (MayPair(*free[i], incoming_[left[i]])) drop(left[i]);
    }
  }

  static bool MayPair(const Tombstone& tombstone, const Record& record) {
    return !tombstone.has_evidence || account::CommonOf(record).evidence.empty();
  }

  void AddNew() {
    for (Record& record : incoming_) {
      if (const auto found = Find(record)) {  // twice in this import
        MergeInto(*found, std::move(record));
      } else {
        Insert(std::move(record));
      }
    }
  }

  void Insert(Record record) {
    account::Common& common = account::CommonOf(record);
    if (!common.key) {
      const KeyBasis basis = BasisOf(record);
      uint32_t& n = next_n_[Fingerprint(basis.text)];
      while (true) {
        common.key = KeyOf(basis, n++);
        // A key that was forgotten is not given to another record.
        if (basis.is_slot && forgets_ && context_.tombstones->HoldsKey(*common.key)) continue;
        // Evidence that is not found cannot be taken; a slot tries its next n.
        if (taken_.insert(*common.key).second || !basis.is_slot) break;
      }
    } else {
      taken_.insert(*common.key);
    }
    strands_.push_back({std::move(record), {}});
    Remember(strands_.size() - 1);
    ++counts_.added;
  }

  void MarkAbsent() {
    if (context_.absence == nullptr) return;
    for (size_t i = 0; i < strands_.size(); ++i) {
      std::optional<Timestamp>& mark = account::CommonOf(strands_[i].record).absent_since;
      const bool was_marked = i < existing_ && mark;
      if (!context_.absence->Mark(strands_[i].record)) continue;
      strands_[i].line = {};
      counts_.absent += mark && !was_marked ? 1 : 0;
    }
  }

  // Nothing came, nothing went, and no mark changed.
  bool StaysAsItIs() const {
    return task_.entries.empty() && task_.existing && strands_.size() == task_.existing->records &&
           std::ranges::none_of(strands_, [](const Strand& one) { return one.line.empty(); });
  }

  const WeaveContext& context_;
  const WeaveTask& task_;
  std::string text_;  // of the existing document; lines point into it
  std::vector<Strand> strands_;
  size_t existing_ = 0;  // strands before this are of the library
  std::vector<Record> incoming_;
  std::unordered_map<Key, size_t> by_key_;
  std::unordered_map<uint64_t, size_t> by_evidence_;
  std::unordered_set<Key> taken_;
  std::unordered_map<uint64_t, uint32_t> next_n_;  // by slot: where to go on
  WeaveCounts counts_;
  std::vector<Digest> dropped_;
  const bool forgets_;
  std::vector<Record> forgotten_;
  std::unordered_set<Digest> shown_;
};

}  // namespace

Result<Woven> Weave(const WeaveContext& context, const WeaveTask& task) {
  const account::Kind kind = task.bucket->kind;
  if (IsPlain(context, task)) {
    if (context.is_live && HasSlots(kind)) return WeaveNewLive(context, task);
    const bool is_first = !context.is_live && !context.keeps_keys;
    if (is_first && kind == account::Kind::kMessage) return WeaveFirstMessages(context, task);
  }
  return Weaver(context, task).Run();
}

}  // namespace valise::library
