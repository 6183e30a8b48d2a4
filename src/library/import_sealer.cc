// Commit of an import, up to the head: conversations, buckets, documents, lists.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "account/record_json.h"
#include "library/conversations.h"
#include "library/document.h"
#include "library/fill_media.h"
#include "library/forget_files.h"
#include "library/forget_tellings.h"
#include "library/import_state.h"
#include "library/import_zones.h"
#include "library/keys.h"
#include "library/weave.h"

namespace valise::library {
namespace {

using account::Kind;

// As many entries are in memory at once (32 bytes each), save that a bucket is never parted.
constexpr uint64_t kWaveEntries = 250'000;
// Records that are read at once while they are routed.
constexpr size_t kRouteAtOnce = 4096;

// Bits, as ShownBy() takes them.
constexpr uint16_t kAllKinds = (1u << account::kKindCount) - 1;

bool FoundByEvidence(Kind kind) {
  return kind == Kind::kPost || kind == Kind::kStory || kind == Kind::kConnection ||
         kind == Kind::kSaved;
}

bool InOrder(const SpoolEntry& a, const SpoolEntry& b) {
  return std::tie(a.time, a.file, a.index) < std::tie(b.time, b.file, b.index);
}

// Where a record with some evidence stands already.
struct Anchor {
  Bucket bucket;
  int64_t time = 0;
};
using Anchors = std::unordered_map<uint64_t, Anchor>;

// Evidence and, of records that bring one, the key.
std::vector<uint64_t> NamesOf(const account::Record& record) {
  std::vector<uint64_t> names = EvidenceOf(record);
  if (const auto& key = account::CommonOf(record).key) {
    names.push_back(LoadLe<uint64_t>(key->bytes.data()));
  }
  return names;
}

// The anchor of a record; a new one is made where it is.
Anchor AnchorOf(Anchors& anchors, const account::Record& record, const Anchor& here) {
  const std::vector<uint64_t> names = NamesOf(record);
  Anchor anchor = here;
  for (const uint64_t name : names) {
    if (const auto found = anchors.find(name); found != anchors.end()) {
      anchor = found->second;
      break;
    }
  }
  for (const uint64_t name : names) anchors.emplace(name, anchor);
  return anchor;
}

int64_t MillisOf(const account::Record& record) {
  const auto time = account::TimeOf(record);
  return time ? ToMillis(*time) : SpoolEntry::kNoTime;
}

}  // namespace

ImportSealer::ImportSealer(ImportRun::State& state,
                           const std::function<void(const ImportProgress&)>& progress)
    : state_(state), progress_(progress), spooled_(state.spool->Buckets()) {
  for (const auto& [bucket, records] : spooled_) total_ += records;
}

void ImportSealer::Progress(uint64_t done) {
  const std::lock_guard lock(progress_mutex_);
  done_ += done;
  if (progress_) progress_({ImportProgress::Phase::kSealing, done_, total_});
}

void ImportSealer::LoadDates() {
  if (state_.base) {
    for (const ImportEntry& entry : state_.base->head.imports) dates_.Add(entry.info);
  }
  for (const auto& [id, import] : state_.earlier) dates_.Add(import.info);
  if (!state_.options.keeps_keys) dates_.Add(state_.options.info);
}

Result<std::vector<SpoolEntry>> ImportSealer::LoadEntries(const Bucket& bucket) const {
  std::vector<SpoolEntry> entries;
  const std::vector<Bucket>& parts = buckets_.at(bucket);
  for (const Bucket& part : parts) {
    ASSIGN_OR_RETURN(std::vector<SpoolEntry> some, state_.spool->Load(part));
    if (entries.empty()) {
      entries = std::move(some);
    } else {
      entries.insert(entries.end(), some.begin(), some.end());
    }
  }
  if (parts.size() > 1) std::ranges::sort(entries, InOrder);
  return entries;
}

Status ImportSealer::SealConversations() {
  const WeaveContext context = Context();
  const Bucket conversations{.kind = Kind::kConversation, .group = {}};
  ASSIGN_OR_RETURN(std::vector<SpoolEntry> entries, state_.spool->Load(conversations));
  ASSIGN_OR_RETURN(const ResolvedConversations resolved,
                   ResolveConversations(context, documents_, entries, spooled_));
  perhaps_same_.Append(resolved.perhaps_same);
  for (const auto& [bucket, records] : spooled_) {
    if (bucket.kind == Kind::kConversation) continue;
    if (bucket.kind == Kind::kMessage && resolved.forgotten_names.contains(bucket.group)) {
      RETURN_IF_ERROR(DropMessages(bucket));
      continue;
    }
    Bucket final = bucket;
    if (bucket.kind == Kind::kMessage) final.group = resolved.keys.at(bucket.group);
    buckets_[final].push_back(bucket);
  }
  std::vector<SpoolEntry> kept;
  std::map<size_t, Key> forced;
  for (size_t i = 0; i < entries.size(); ++i) {
    if (resolved.forgotten.contains(i)) continue;
    if (const auto key = resolved.forced.find(i); key != resolved.forced.end()) {
      forced.emplace(kept.size(), key->second);
    }
    kept.push_back(entries[i]);
  }
  NoteSpans(resolved);
  state_.report.kinds[static_cast<size_t>(Kind::kConversation)].forgotten +=
      resolved.forgotten.size();
  if (kept.empty()) return {};
  buckets_[conversations].push_back(conversations);
  BucketEntries only;
  only.emplace(conversations, std::move(kept));
  return WeaveInto(only, forced);
}

// Of a conversation that is forgotten.
Status ImportSealer::DropMessages(const Bucket& bucket) {
  ASSIGN_OR_RETURN(const std::vector<SpoolEntry> entries, state_.spool->Load(bucket));
  account::RecordParser parser;
  for (size_t begin = 0; begin < entries.size(); begin += kRouteAtOnce) {
    const auto part =
        std::span(entries).subspan(begin, std::min(kRouteAtOnce, entries.size() - begin));
    std::string buffer;
    std::vector<size_t> lines;
    RETURN_IF_ERROR(state_.spool->ReadLines(part, buffer, lines));
    for (size_t i = 0; i < lines.size(); ++i) {
      ASSIGN_OR_RETURN(const account::Record record,
                       parser.Parse({buffer.data() + lines[i], part[i].length}));
      state_.dropped.Note(record, false);
    }
  }
  state_.report.kinds[static_cast<size_t>(Kind::kMessage)].forgotten += entries.size();
  Progress(entries.size());
  return {};
}

// Sends every record that is known by evidence to the document that holds it, whatever its time
// says.
Status ImportSealer::RouteByEvidence(Kind kind) {
  Anchors anchors;
  for (const auto& [bucket, pieces] : documents_) {
    if (bucket.kind != kind) continue;
    for (const DocumentRow& row : pieces) {
      ASSIGN_OR_RETURN(const auto records, state_.library.ReadRecords(row));
      for (const account::Record& record : records) {
        AnchorOf(anchors, record, {bucket, MillisOf(record)});
      }
    }
  }
  std::vector<std::pair<SpoolEntry, const Bucket*>> all;
  for (const auto& [bucket, parts] : buckets_) {
    if (bucket.kind != kind) continue;
    ASSIGN_OR_RETURN(const std::vector<SpoolEntry> entries, LoadEntries(bucket));
    for (const SpoolEntry& entry : entries) all.emplace_back(entry, &bucket);
  }
  // What was saved was saved before it was put into a collection, whose file comes first.
  const bool by_time = kind == Kind::kSaved;
  std::ranges::sort(all, [&](const auto& a, const auto& b) {
    const auto place = [&](const SpoolEntry& entry) {
      const bool untimed = by_time && entry.time == SpoolEntry::kNoTime;
      return std::tuple(untimed, by_time ? entry.time : 0, entry.file, entry.index);
    };
    return place(a.first) < place(b.first);
  });
  account::RecordParser parser;
  std::string buffer;
  std::vector<size_t> lines;
  std::vector<SpoolEntry> part;
  for (size_t begin = 0; begin < all.size(); begin += part.size()) {
    part.clear();
    for (size_t i = begin; i < std::min(all.size(), begin + kRouteAtOnce); ++i) {
      part.push_back(all[i].first);
    }
    buffer.clear();
    RETURN_IF_ERROR(state_.spool->ReadLines(part, buffer, lines));
    for (size_t i = 0; i < part.size(); ++i) {
      ASSIGN_OR_RETURN(const account::Record record,
                       parser.Parse({buffer.data() + lines[i], part[i].length}));
      const Anchor anchor = AnchorOf(anchors, record, {*all[begin + i].second, part[i].time});
      part[i].time = anchor.time;
      routed_[anchor.bucket].push_back(part[i]);
    }
  }
  for (auto& [bucket, entries] : routed_) {
    if (bucket.kind != kind) continue;
    if (by_time) {
      std::ranges::stable_sort(entries, {}, &SpoolEntry::time);  // of one anchor the oldest first
    } else {
      std::ranges::sort(entries, InOrder);
    }
  }
  std::erase_if(buckets_, [&](const auto& entry) { return entry.first.kind == kind; });
  return {};
}

WeaveContext ImportSealer::Context() const {
  return {.library = state_.library,
          .spool = *state_.spool,
          .dates = dates_,
          .keeps_keys = state_.options.keeps_keys,
          .reads_again = state_.reads_again,
          .tombstones = &state_.tombstones,
          .orphans = &state_.orphans,
          .absence = &absence_,
          .told = state_.options.info.date.value_or(state_.options.info.time)};
}

Status ImportSealer::WeaveInto(const BucketEntries& entries, const std::map<size_t, Key>& forced,
                               const LeavingByBucket& again) {
  const WeaveContext context = Context();
  BucketsWoven woven;
  RETURN_IF_ERROR(WeaveBuckets(context,
                               {.entries = entries,
                                .forced = forced,
                                .leaving = again,
                                .done = [this](uint64_t done) { Progress(done); }},
                               documents_, woven));
  for (size_t kind = 0; kind < account::kKindCount; ++kind) {
    KindReport& report = state_.report.kinds[kind];
    report.added += woven.counts[kind].added;
    report.merged += woven.counts[kind].merged;
    report.already += woven.counts[kind].already;
    report.absent += woven.counts[kind].absent;
    report.forgotten += woven.forgotten_counts[kind];
  }
  for (const account::Record& record : woven.forgotten) state_.dropped.Note(record, true);
  state_.shown_again.merge(woven.shown);
  perhaps_same_.Append(woven.perhaps_same);
  return {};
}

Status ImportSealer::WeaveAll() {
  const std::vector<std::pair<Bucket, uint64_t>>& spooled = spooled_;
  for (size_t i = 0; i < account::kKindCount; ++i) {
    const Kind kind = static_cast<Kind>(i);
    const bool came =
        std::ranges::any_of(spooled, [&](const auto& bucket) { return bucket.first.kind == kind; });
    if (came && FoundByEvidence(kind)) {
      RETURN_IF_ERROR(RouteByEvidence(kind));
      RETURN_IF_ERROR(WeaveInto(std::exchange(routed_, {}), {}));
    }
  }
  BucketEntries wave;
  uint64_t entries = 0;
  for (const auto& [bucket, parts] : buckets_) {
    if (bucket.kind == Kind::kConversation) continue;
    ASSIGN_OR_RETURN(std::vector<SpoolEntry> some, LoadEntries(bucket));
    entries += some.size();
    wave.emplace(bucket, std::move(some));
    if (entries < kWaveEntries) continue;
    RETURN_IF_ERROR(WeaveInto(std::exchange(wave, {}), {}));
    entries = 0;
  }
  RETURN_IF_ERROR(WeaveInto(wave, {}));
  return WeaveInto({}, {}, ToLookAtAgain());
}

// Media that came for the first time, and with records only that are forgotten: an older archive
// may have another encoding of a photo.
Status ImportSealer::FindOrphans(const Head& head) {
  RETURN_IF_ERROR(
      NoteTellings(state_.library, state_.options.info.id, state_.files, state_.dropped));
  for (const auto& [id, import] : state_.earlier) {
    RETURN_IF_ERROR(NoteTellings(state_.library, id, import.files, state_.dropped));
  }
  std::unordered_set<Digest> perhaps;
  for (const Digest& digest : state_.dropped.shown) {
    if (state_.added.contains(digest) && !state_.orphans.contains(digest)) perhaps.insert(digest);
  }
  ASSIGN_OR_RETURN(const auto shown,
                   ShownBy(state_.library, head.documents, perhaps, kAllKinds, {}));
  for (const Digest& digest : perhaps) {
    if (shown.contains(digest)) continue;
    state_.tombstones.Add(state_.tombstones.OfMedium(digest, true));
    state_.orphans.insert(digest);
  }
  return {};
}

// Media that only forgotten records showed go, and the entries of those records in received files.
Status ImportSealer::DropForgotten(const Head& head) {
  if (state_.tombstones.empty()) return {};
  RETURN_IF_ERROR(FindOrphans(head));
  EraseReport report;
  for (const Digest& digest : state_.orphans) {
    if (state_.shown_again.contains(digest)) {
      state_.tombstones.LiftMedium(digest);
      continue;
    }
    state_.report.media_bytes -= state_.media.SizeOf(digest);
    state_.media.Remove(digest);
    report.erased.digests.insert(digest);
    --state_.report.media_added;
    ++state_.report.media_forgotten;
  }
  blob::BlobStore& blobs = state_.library.blobs();
  RETURN_IF_ERROR(RedactImport(state_.library, &blobs, state_.dropped, state_.options.info.id,
                               state_.files, report));
  for (auto& [id, import] : state_.earlier) {
    RETURN_IF_ERROR(RedactImport(state_.library, &blobs, state_.dropped, id, import.files, report));
  }
  return {};
}

Status ImportSealer::SealFiles(Head& head) {
  blob::BlobStore& blobs = state_.library.blobs();
  RETURN_IF_ERROR(DropForgotten(head));
  for (const auto& [digest, use] : state_.uses) {
    if (state_.media.Has(digest)) state_.media.Use(digest, use);
  }
  if (!state_.orphans.empty()) {
    ASSIGN_OR_RETURN(head.tombstones, state_.tombstones.Seal(blobs));
  }
  ASSIGN_OR_RETURN(head.media,
                   state_.media.Seal(blobs, state_.base ? &state_.base->head : nullptr));
  state_.media.Count(head.counts);
  // Not needed any more, and the list of originals is long.
  state_.uses = {};
  state_.media = {};
  if (state_.reads_again) {
    std::erase_if(head.imports, [&](const ImportEntry& entry) {
      return entry.info.id == state_.options.info.id;
    });
  }
  if (!state_.options.keeps_keys) {
    ASSIGN_OR_RETURN(ImportEntry entry, SealImport(blobs, state_.options.info, state_.files));
    head.imports.push_back(std::move(entry));
  }
  for (const auto& [id, import] : state_.earlier) {
    ASSIGN_OR_RETURN(ImportEntry entry, SealImport(blobs, import.info, import.files));
    head.imports.push_back(std::move(entry));
  }
  std::ranges::sort(head.imports, [](const ImportEntry& a, const ImportEntry& b) {
    return std::tie(a.info.time, a.info.id) < std::tie(b.info.time, b.info.id);
  });
  return {};
}

Result<Head> ImportSealer::Run() {
  Head head;
  if (state_.base) head = state_.base->head;
  LoadDates();
  ASSIGN_OR_RETURN(documents_, ByBucket(head.documents));
  RETURN_IF_ERROR(SetPageTimes(state_, Context(), spooled_, documents_, head));
  RETURN_IF_ERROR(SealConversations());
  RETURN_IF_ERROR(WeaveAll());
  RETURN_IF_ERROR(FillMedia(state_, dates_, documents_));
  const bool talks = std::ranges::any_of(spooled_, [](const auto& bucket) {
    return bucket.first.kind == Kind::kMessage || bucket.first.kind == Kind::kConversation;
  });
  ASSIGN_OR_RETURN(head.documents, DocumentsByName(state_.library, documents_, talks,
                                                   state_.base ? &state_.base->head : nullptr));
  CountRecords(head.documents, head.counts);
  RETURN_IF_ERROR(SealFiles(head));
  RETURN_IF_ERROR(SealIssues(head));
  if (!state_.options.info.service.empty()) head.service = state_.options.info.service;
  ASSIGN_OR_RETURN(head.username, UsernameOf(state_.library, head));
  return head;
}

}  // namespace valise::library
