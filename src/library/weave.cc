#include "library/weave.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "account/record_json.h"
#include "library/document.h"
#include "library/keys.h"

namespace valise::library {
namespace {

using account::Record;

constexpr std::string_view kKeyBegin = "{\"key\":\"";
constexpr size_t kKeyHex = 2 * Key::kSize;
constexpr uint64_t kKeyExtra = kKeyBegin.size() + kKeyHex + 1;  // "{" becomes {"key":"…",

int64_t MillisOf(const Record& record) {
  const auto time = account::TimeOf(record);
  return time ? ToMillis(*time) : SpoolEntry::kNoTime;
}

void AppendHex(std::string& to, const Key& key) {
  static constexpr char kHex[] = "0123456789abcdef";
  for (const std::byte b : key.bytes) {
    to += kHex[static_cast<unsigned>(b) >> 4];
    to += kHex[static_cast<unsigned>(b) & 15];
  }
}

// ---- the result: lines in order, cut into documents ----

struct OutLine {
  int64_t time = 0;
  Key key;
  std::string_view line;
  bool needs_key = false;  // the line has none yet
  uint64_t missing = 0;    // media of the record that are missing
};

class Sealer {
 public:
  Sealer(Library& library, const Bucket& bucket) : library_(library), bucket_(bucket) {}

  Result<std::vector<DocumentRow>> Run(std::vector<OutLine>& lines) {
    std::ranges::sort(lines, [](const OutLine& a, const OutLine& b) {
      return a.time != b.time ? a.time < b.time : a.key < b.key;
    });
    for (size_t begin = 0; begin < lines.size();) {
      size_t end = begin;
      uint64_t bytes = 0;
      for (; end < lines.size() && lines[end].time == lines[begin].time; ++end) {
        bytes += lines[end].line.size() + kKeyExtra + TextBuilder::kLineExtra;
      }
      if (text_.lines() > 0 && text_.size() + bytes > kDocumentLimit) RETURN_IF_ERROR(Seal());
      for (; begin < end; ++begin) Append(lines[begin]);
    }
    if (text_.lines() > 0) RETURN_IF_ERROR(Seal());
    return std::move(rows_);
  }

 private:
  void Append(const OutLine& from) {
    std::string& line = text_.Line();
    if (from.needs_key) {
      line += kKeyBegin;
      AppendHex(line, from.key);
      line += "\",";
      line += from.line.substr(1);
    } else {
      line += from.line;
    }
    missing_ += from.missing;
    if (from.time == SpoolEntry::kNoTime) return;
    if (!first_) first_ = from.time;
    last_ = from.time;
  }

  Status Seal() {
    DocumentRow row;
    row.kind = bucket_.kind;
    row.records = text_.lines();
    if (bucket_.kind == account::Kind::kMessage) {
      ASSIGN_OR_RETURN(row.conversation, Key::Parse(bucket_.group));
    }
    if (first_) row.first = FromMillis(*first_);
    if (last_) row.last = FromMillis(*last_);
    row.missing = std::exchange(missing_, 0);
    const std::string text = text_.Take();
    ASSIGN_OR_RETURN(const library::Seal seal, SealText(library_.blobs(), text));
    SetSeal(row, seal);
    rows_.push_back(std::move(row));
    first_ = last_ = std::nullopt;
    return {};
  }

  Library& library_;
  const Bucket& bucket_;
  TextBuilder text_;
  std::optional<int64_t> first_, last_;
  uint64_t missing_ = 0;
  std::vector<DocumentRow> rows_;
};

// ---- messages of a first import that have all their media: keys without parsing ----

Result<Woven> WeaveRaw(const WeaveContext& context, const WeaveTask& task) {
  std::string buffer;
  std::vector<size_t> lines;
  RETURN_IF_ERROR(context.spool.ReadLines(task.entries, buffer, lines));
  // The conversation as the sink wrote it; it may have turned out to be another.
  static constexpr std::string_view kMember = "\"conversation\":\"";
  std::vector<OutLine> out;
  out.reserve(lines.size());
  uint32_t n = 0;
  for (size_t i = 0; i < lines.size(); ++i) {
    const SpoolEntry& entry = task.entries[i];
    char* const line = buffer.data() + lines[i];
    const std::string_view view(line, entry.length);
    const size_t member = view.find(kMember);
    CHECK(member != std::string_view::npos);
    std::ranges::copy(task.bucket->group, line + member + kMember.size());
    n = i > 0 && task.entries[i - 1].time == entry.time ? n + 1 : 0;
    const std::string time =
        entry.time == SpoolEntry::kNoTime ? std::string("-") : std::to_string(entry.time);
    out.push_back({entry.time, KeyOf(MessageSlot(task.bucket->group, time), n), view, true, 0});
  }
  Woven woven;
  woven.counts.added = out.size();
  ASSIGN_OR_RETURN(woven.rows, Sealer(context.library, *task.bucket).Run(out));
  return woven;
}

// ---- new live records of a kind in which an id is a key ----

Result<Woven> WeaveLive(const WeaveContext& context, const WeaveTask& task) {
  std::string buffer;
  std::vector<size_t> lines;
  RETURN_IF_ERROR(context.spool.ReadLines(task.entries, buffer, lines));
  static constexpr std::string_view kMember = "\"conversation\":\"";
  std::vector<OutLine> out;
  out.reserve(lines.size());
  for (size_t i = 0; i < lines.size(); ++i) {
    const SpoolEntry& entry = task.entries[i];
    char* const line = buffer.data() + lines[i];
    const std::string_view view(line, entry.length);
    CHECK(view.starts_with(kKeyBegin) && view.size() > kKeyExtra);
    ASSIGN_OR_RETURN(const Key key, Key::Parse(view.substr(kKeyBegin.size(), kKeyHex)));
    if (task.bucket->kind == account::Kind::kMessage) {
      // The conversation as the journal has it; it may have turned out to be another.
      const size_t member = view.find(kMember);
      CHECK(member != std::string_view::npos);
      std::ranges::copy(task.bucket->group, line + member + kMember.size());
    }
    out.push_back({entry.time, key, view, false, 0});
  }
  Woven woven;
  woven.counts.added = out.size();
  ASSIGN_OR_RETURN(woven.rows, Sealer(context.library, *task.bucket).Run(out));
  return woven;
}

// ---- the general case ----

bool HasSlots(account::Kind kind) {
  return kind != account::Kind::kProfile && kind != account::Kind::kConnection &&
         kind != account::Kind::kConversation;
}

bool ForgetsAny(const WeaveContext& context) {
  return context.tombstones != nullptr && !context.tombstones->empty();
}

// A record at hand, of the library or of the import.
struct Strand {
  Record record;
  std::string_view line;  // as it is in the document; empty when it has to be written anew
  bool paired = false;    // an incoming one found it
};

class Weaver {
 public:
  Weaver(const WeaveContext& context, const WeaveTask& task)
      : context_(context), task_(task), forgets_(ForgetsAny(context)) {}

  Result<Woven> Run() {
    RETURN_IF_ERROR(LoadExisting());
    RETURN_IF_ERROR(LoadIncoming());
    MatchByKeyAndEvidence();
    MatchBySlot();
    AddNew();
    std::vector<OutLine> out;
    std::vector<std::string> written;
    written.reserve(strands_.size());
    for (const Strand& strand : strands_) {
      NoteShown(strand.record);
      std::string_view line = strand.line;
      if (line.empty()) line = written.emplace_back(account::ToJson(strand.record));
      out.push_back({MillisOf(strand.record), *account::CommonOf(strand.record).key, line, false,
                     account::MissingMediaOf(strand.record)});
    }
    Woven woven;
    woven.counts = counts_;
    woven.dropped = std::move(dropped_);
    woven.forgotten = std::move(forgotten_);
    woven.shown = std::move(shown_);
    ASSIGN_OR_RETURN(woven.rows, Sealer(context_.library, *task_.bucket).Run(out));
    return woven;
  }

 private:
  Status LoadExisting() {
    if (!task_.existing) return {};
    ASSIGN_OR_RETURN(text_, context_.library.ReadDocument(*task_.existing));
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
      if (forgets_ && context_.tombstones->FindByName(record) != nullptr) {
        forgotten_.push_back(std::move(record));
      } else {
        incoming_.push_back(std::move(record));
      }
    }
    return {};
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
    into.paired = true;
    if (context_.is_live) {
      OverruleStrand(into, std::move(record));
      return;
    }
    if (Merge(into.record, std::move(record), context_.dates)) {
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

  // Rules 3 and 4, slot by slot.
  void MatchBySlot() {
    if (incoming_.empty() || !HasSlots(task_.bucket->kind)) return;
    std::unordered_map<uint64_t, std::vector<size_t>> slots;  // free strands of the library
    for (size_t i = 0; i < existing_; ++i) {
      if (!strands_[i].paired) slots[SlotOf(strands_[i].record)].push_back(i);
    }
    std::unordered_map<uint64_t, std::vector<size_t>> came;
    std::vector<uint64_t> order;
    for (size_t i = 0; i < incoming_.size(); ++i) {
      auto& same = came[SlotOf(incoming_[i])];
      if (same.empty()) order.push_back(SlotOf(incoming_[i]));
      same.push_back(i);
    }
    std::vector<bool> done(incoming_.size());
    for (const uint64_t slot : order) {
      const auto free = slots.find(slot);
      if (free != slots.end()) PairSlot(free->second, came[slot], done);
      if (forgets_) DropInSlot(came[slot], done);
    }
    std::vector<Record> rest;
    for (size_t i = 0; i < incoming_.size(); ++i) {
      if (!done[i]) rest.push_back(std::move(incoming_[i]));
    }
    incoming_ = std::move(rest);
  }

  void PairSlot(std::vector<size_t>& free, const std::vector<size_t>& came,
                std::vector<bool>& done) {
    std::ranges::stable_sort(free, {}, [&](size_t i) {
      const auto& provenance = account::CommonOf(strands_[i].record).provenance;
      return provenance.empty() ? std::pair<uint32_t, uint32_t>{}
                                : std::pair{provenance.front().file, provenance.front().index};
    });
    std::vector<size_t> left;
    for (const size_t i : came) {
      const uint64_t fingerprint = FingerprintOf(incoming_[i]);
      const auto equal = std::ranges::find_if(free, [&](size_t f) {
        return MayPair(f, incoming_[i]) && FingerprintOf(strands_[f].record) == fingerprint;
      });
      if (equal == free.end()) {
        left.push_back(i);
        continue;
      }
      MergeInto(*equal, std::move(incoming_[i]));
      done[i] = true;
      free.erase(equal);
    }
    // Without a time a slot is no hint of anything: only equal fingerprints pair.
    if (left.empty() || left.size() != free.size()) return;
    if (!account::TimeOf(incoming_[left[0]])) return;
    for (size_t i = 0; i < left.size(); ++i) {
      if (!MayPair(free[i], incoming_[left[i]])) continue;
      MergeInto(free[i], std::move(incoming_[left[i]]));
      done[left[i]] = true;
    }
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

// Does the task's span hold anything of the document?
bool Touches(const DocumentRow& row, int64_t from, int64_t until) {
  if (!row.first) return true;
  const bool may_be_undated = row.kind == account::Kind::kConnection && from == INT64_MIN;
  return may_be_undated ||
         (ToMillis(*row.last) >= from && (until == INT64_MAX || ToMillis(*row.first) < until));
}

// Cuts entries where about a document's worth has come and the time changes; calls cut(begin, end).
template <typename Cut>
void CutByBytes(std::span<const SpoolEntry> entries, Cut cut) {
  size_t begin = 0;
  uint64_t bytes = TextBuilder::kEmpty;
  for (size_t i = 0; i < entries.size();) {
    size_t end = i;
    uint64_t same = 0;
    for (; end < entries.size() && entries[end].time == entries[i].time; ++end) {
      same += entries[end].length + kKeyExtra + TextBuilder::kLineExtra;
    }
    if (i > begin && bytes + same > kDocumentLimit) {
      cut(begin, i);
      begin = i;
      bytes = TextBuilder::kEmpty;
    }
    bytes += same;
    i = end;
  }
  cut(begin, entries.size());
}

}  // namespace

Result<Woven> Weave(const WeaveContext& context, const WeaveTask& task) {
  const bool raw = task.bucket->kind == account::Kind::kMessage && !context.keeps_keys &&
                   !task.existing && !ForgetsAny(context) &&
                   std::ranges::none_of(task.entries, &SpoolEntry::needs_look);
  if (raw && !context.is_live) return WeaveRaw(context, task);
  const bool new_live = context.is_live && !task.existing && HasSlots(task.bucket->kind) &&
                        std::ranges::none_of(task.entries, &SpoolEntry::needs_look);
  if (new_live) return WeaveLive(context, task);
  return Weaver(context, task).Run();
}

std::vector<WeaveTask> PlanTasks(const Bucket& bucket, const std::vector<DocumentRow>& pieces,
                                 std::span<const SpoolEntry> entries) {
  std::vector<WeaveTask> tasks;
  size_t begin = 0;
  for (size_t piece = 0; piece < std::max<size_t>(pieces.size(), 1); ++piece) {
    // This document's share ends where the next one begins.
    size_t end = entries.size();
    if (piece + 1 < pieces.size()) {
      const auto& first = pieces[piece + 1].first;
      const int64_t next = first ? ToMillis(*first) : SpoolEntry::kNoTime;
      end = begin;
      while (end < entries.size() && entries[end].time < next) ++end;
    }
    if (begin == end) continue;
    const std::span<const SpoolEntry> share = entries.subspan(begin, end - begin);
    const size_t first_task = tasks.size();
    CutByBytes(share, [&](size_t from, size_t to) {
      WeaveTask& task = tasks.emplace_back();
      task.bucket = &bucket;
      task.entries = share.subspan(from, to - from);
      task.from = from == 0 ? INT64_MIN : share[from].time;
      task.until = to == share.size() ? INT64_MAX : share[to].time;
    });
    // The document goes to every task that its span meets; each takes the lines of its own span.
    for (size_t i = first_task; i < tasks.size() && !pieces.empty(); ++i) {
      if (Touches(pieces[piece], tasks[i].from, tasks[i].until)) tasks[i].existing = pieces[piece];
    }
    begin = end;
  }
  return tasks;
}

}  // namespace valise::library
