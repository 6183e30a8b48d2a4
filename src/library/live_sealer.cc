#include "library/live_sealer.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "account/record_json.h"
#include "library/conversations.h"
#include "library/forget_files.h"
#include "library/forget_tellings.h"
#include "library/keys.h"
#include "library/live_batch.h"
#include "library/live_find.h"
#include "library/live_media.h"
#include "library/weave_buckets.h"

namespace valise::library {
namespace {

using account::Kind;
using account::Record;

// As many entries are in memory at once, save that a bucket is never parted.
constexpr uint64_t kWaveEntries = 250'000;
// Spooled records come from: the journal, the library (media that came), conversations made here.
constexpr uint32_t kFromJournal = 0;
constexpr uint32_t kFromLibrary = 1;
constexpr uint32_t kMadeHere = 2;
// A conversation that no record tells of has at most so many names in its title.
constexpr size_t kMaxSenders = 3;
constexpr size_t kLookForSenders = 200;

std::optional<Timestamp> TimeOf(int64_t ms) {
  return ms == SpoolEntry::kNoTime ? std::nullopt : std::optional(FromMillis(ms));
}

int64_t MillisOf(const Record& record) {
  const auto time = account::TimeOf(record);
  return time ? ToMillis(*time) : SpoolEntry::kNoTime;
}

}  // namespace

struct LiveSealer::State {
  State(Library& to, const Clock& by, std::span<const fs::path> from)
      : library(to), clock(by), paths(from) {}

  Library& library;
  const Clock& clock;
  const std::span<const fs::path> paths;

  std::optional<Library::Snapshot> base;
  Head head;
  Documents documents;
  std::optional<LiveBatch> batch;
  LiveFound found;
  std::unique_ptr<Spool> spool;
  std::optional<LiveMedia> media;
  ImportDates dates;  // what is live is not weighed by date
  Absence absence;
  LeavingByBucket leaving;
  Tombstones tombstones{""};
  RemovedRecords removed;
  Erased erased;
  std::map<Bucket, std::vector<Bucket>> buckets;  // final ones, and those of the spool
  BucketsWoven woven;
  Live::Sealed sealed;
  uint64_t spooled = 0;

  const Head* BaseHead() const { return base ? &base->head : nullptr; }
  WeaveContext Context() const {
    return {
        .library = library, .spool = *spool, .dates = dates, .is_live = true, .absence = &absence};
  }

  Status Begin();
  Status TakeAway();
  Result<bool> MayComeBack(account::Record& record, const LiveFrame& frame);
  Status SpoolPuts();
  Status SpoolPut(SpoolWriter& writer, const LiveBatch::Put& put, const LiveFrame& frame);
  Status SpoolChanged(SpoolWriter& writer, const LiveBatch::Put& put, const LiveFrame& frame,
                      Bucket bucket);
  Status SpoolWaiting();
  Status SpoolConversation(const std::string& group, const std::string& key);
  Status WeaveConversations();
  Status WeaveRest();
  Status FinishHead();
  Status Commit(const std::function<Status(const Erased&)>& on_erase);
};

Status LiveSealer::State::Begin() {
  ASSIGN_OR_RETURN(base, library.Current());
  if (base) {
    head = base->head;
  } else {
    ASSIGN_OR_RETURN(const AccountRow row, library.accounts().Get(library.account_id()));
    head.service = row.service;
  }
  for (const ImportEntry& entry : head.imports) absence.Add(entry.info);
  ASSIGN_OR_RETURN(documents, ByBucket(head.documents));
  ASSIGN_OR_RETURN(spool, Spool::Make(library.folder()));
  ASSIGN_OR_RETURN(tombstones, Tombstones::Load(library, head));
  media.emplace(library, BaseHead(), tombstones);
  ASSIGN_OR_RETURN(batch, LiveBatch::Read(paths));
  ASSIGN_OR_RETURN(found, FindLive(library, documents, *batch));
  return {};
}

// What deletes are about, out of the documents.
Status LiveSealer::State::TakeAway() {
  for (const LiveBatch::Delete& one : batch->deletes()) erased.keys.insert(one.key);
  const ToForget what{.records = found.deleted,
                      .media = {},
                      .conversations = found.conversations,
                      .by = Tombstone::By::kService};
  if (what.empty()) return {};
  std::set<std::string> conversations;
  for (const Key& key : found.conversations) conversations.insert(key.Hex());
  Documents touched;
  std::map<std::string, Digest> before;  // by name
  for (auto& [bucket, pieces] : documents) {
    const bool all = bucket.kind == Kind::kMessage && conversations.contains(bucket.group);
    const auto left = std::stable_partition(
        pieces.begin(), pieces.end(),
        [&](const DocumentRow& row) { return !all && !found.documents.contains(row.digest); });
    if (left == pieces.end()) continue;
    for (auto row = left; row != pieces.end(); ++row) before[row->name] = row->digest;
    touched[bucket].assign(left, pieces.end());
    pieces.erase(left, pieces.end());
  }
  ASSIGN_OR_RETURN(removed, RemoveRecords(library, &library.blobs(), what, touched, tombstones));
  std::unordered_map<Digest, Digest> now;
  for (auto& [bucket, rows] : touched) {
    for (const DocumentRow& row : rows) now[before.at(row.name)] = row.digest;
    std::vector<DocumentRow>& pieces = documents[bucket];
    std::ranges::move(rows, std::back_inserter(pieces));
    SortPieces(pieces);
  }
  std::erase_if(documents, [](const auto& entry) { return entry.second.empty(); });
  for (auto& [name, moved] : found.moved) {
    if (const auto is = now.find(moved.document); is != now.end()) moved.document = is->second;
  }
  sealed.removed = std::accumulate(removed.counts.begin(), removed.counts.end(), uint64_t{0});
  return {};
}

// False: its owner has forgotten it. What the service itself deleted comes back.
Result<bool> LiveSealer::State::MayComeBack(Record& record, const LiveFrame& frame) {
  if (const Tombstone* known = tombstones.Find(record)) {
    if (known->by == Tombstone::By::kOwner) return false;
    tombstones.Lift(record);
    if (frame.kind == Kind::kMessage) {
      account::Conversation conversation;
      conversation.key = ConversationKey(frame.group);
      conversation.evidence = {std::string(frame.group)};
      tombstones.Lift(conversation);
    }
  }
  std::unordered_set<Digest> forgotten;
  for (const account::MediaItem* item : account::MediaOf(record)) {
    if (!item->digest) continue;
    if (tombstones.Find(*item->digest) == Tombstones::Medium::kForgotten) {
      forgotten.insert(*item->digest);
    } else {
      tombstones.LiftMedium(*item->digest);
    }
  }
  return forgotten.empty() || !StripMedia(record, forgotten) || !IsEmptied(record);
}

// A put whose record is not sealed as it stands in the journal.
Status LiveSealer::State::SpoolChanged(SpoolWriter& writer, const LiveBatch::Put& put,
                                       const LiveFrame& frame, Bucket bucket) {
  account::RecordParser parser;
  ASSIGN_OR_RETURN(Record record, parser.Parse(frame.line));
  uint64_t missing = 0;
  if (!tombstones.empty()) {
    ASSIGN_OR_RETURN(const bool may, MayComeBack(record, frame));
    if (!may) {
      ++sealed.refused;
      return {};
    }
  }
  if (frame.names_media) {
    ASSIGN_OR_RETURN(missing, media->Resolve(record));
  }
  if (const auto moved = found.moved.find(put.name); moved != found.moved.end()) {
    LiveFound::Moved& from = moved->second;
    Leaving& goes = leaving[from.bucket];
    goes.keys.insert(*account::CommonOf(from.record).key);
    goes.documents.insert(from.document);
    for (const account::MediaItem* item : account::MediaOf(from.record)) {
      if (item->digest) woven.dropped.insert(*item->digest);
    }
    Overrule(from.record, std::move(record));
    record = std::move(from.record);
  }
  return writer.Add(bucket, put.time, put.sequence, missing > 0, account::ToJson(record));
}

Status LiveSealer::State::SpoolPut(SpoolWriter& writer, const LiveBatch::Put& put,
                                   const LiveFrame& frame) {
  ++spooled;
  Bucket bucket{.kind = frame.kind,
                .group = std::string(frame.group),
                .year = YearOf(frame.kind, TimeOf(put.time))};
  const bool as_it_is = tombstones.empty() && !frame.names_media && !found.moved.contains(put.name);
  if (!as_it_is) return SpoolChanged(writer, put, frame, std::move(bucket));
  return writer.Add(bucket, put.time, put.sequence, false, frame.line);
}

Status LiveSealer::State::SpoolPuts() {
  SpoolWriter writer(*spool, kFromJournal);
  RETURN_IF_ERROR(batch->ForEachPut(paths, [&](const LiveBatch::Put& put, const LiveFrame& frame) {
    return SpoolPut(writer, put, frame);
  }));
  return writer.Flush();
}

// Records of the library whose media have come.
Status LiveSealer::State::SpoolWaiting() {
  SpoolWriter writer(*spool, kFromLibrary);
  uint32_t number = 0;
  for (LiveFound::Waiting& waiting : found.waiting) {
    ASSIGN_OR_RETURN(const uint64_t missing, media->Resolve(waiting.record));
    RETURN_IF_ERROR(writer.Add(waiting.bucket, MillisOf(waiting.record), number++, missing > 0,
                               account::ToJson(waiting.record)));
  }
  found.waiting.clear();
  return writer.Flush();
}

// A conversation of which only messages have come.
Status LiveSealer::State::SpoolConversation(const std::string& group, const std::string& key) {
  std::vector<SpoolEntry> some;
  for (const auto& [bucket, records] : spool->Buckets()) {
    if (bucket.kind != Kind::kMessage || bucket.group != group || !some.empty()) continue;
    ASSIGN_OR_RETURN(some, spool->Load(bucket));
  }
  some.resize(std::min(some.size(), kLookForSenders));
  std::string buffer;
  std::vector<size_t> lines;
  RETURN_IF_ERROR(spool->ReadLines(some, buffer, lines));
  std::set<std::string> senders;
  account::Conversation conversation;
  account::RecordParser parser;
  for (size_t i = 0; i < lines.size(); ++i) {
    ASSIGN_OR_RETURN(const Record record, parser.Parse({buffer.data() + lines[i], some[i].length}));
    const auto& message = std::get<account::Message>(record);
    if (conversation.provenance.empty()) conversation.provenance = message.provenance;
    if (senders.size() < kMaxSenders && !message.sender.empty()) senders.insert(message.sender);
  }
  conversation.evidence = {group};
  ASSIGN_OR_RETURN(conversation.key, Key::Parse(key));
  for (const std::string& sender : senders) {
    if (!conversation.title.empty()) conversation.title += ", ";
    conversation.title += sender;
    conversation.participants.push_back(sender);
  }
  SpoolWriter writer(*spool, kMadeHere);
  const Bucket bucket{.kind = Kind::kConversation, .group = {}};
  RETURN_IF_ERROR(writer.Add(bucket, SpoolEntry::kNoTime, static_cast<uint32_t>(spooled++), false,
                             account::ToJson(conversation)));
  return writer.Flush();
}

Status LiveSealer::State::WeaveConversations() {
  const Bucket conversations{.kind = Kind::kConversation, .group = {}};
  const auto spooled_buckets = spool->Buckets();
  ASSIGN_OR_RETURN(std::vector<SpoolEntry> entries, spool->Load(conversations));
  ASSIGN_OR_RETURN(const ResolvedConversations resolved,
                   ResolveConversations(Context(), documents, entries, spooled_buckets));
  for (const auto& [bucket, records] : spooled_buckets) {
    if (bucket.kind == Kind::kConversation) continue;
    Bucket final = bucket;
    if (bucket.kind == Kind::kMessage) final.group = resolved.keys.at(bucket.group);
    buckets[final].push_back(bucket);
  }
  // They are behind those that came, so that `forced` names the same places.
  for (const std::string& group : resolved.without_record) {
    RETURN_IF_ERROR(SpoolConversation(group, resolved.keys.at(group)));
  }
  ASSIGN_OR_RETURN(entries, spool->Load(conversations));
  if (entries.empty()) return {};
  BucketEntries only;
  only.emplace(conversations, std::move(entries));
  return WeaveBuckets(Context(),
                      {.entries = only, .forced = resolved.forced, .leaving = {}, .done = {}},
                      documents, woven);
}

Status LiveSealer::State::WeaveRest() {
  BucketEntries wave;
  uint64_t entries = 0;
  const auto weave = [&](const LeavingByBucket& goes) -> Status {
    RETURN_IF_ERROR(WeaveBuckets(
        Context(), {.entries = wave, .forced = {}, .leaving = goes, .done = {}}, documents, woven));
    wave.clear();
    entries = 0;
    return {};
  };
  for (const auto& [bucket, parts] : buckets) {
    std::vector<SpoolEntry>& of_bucket = wave[bucket];
    for (const Bucket& part : parts) {
      ASSIGN_OR_RETURN(const std::vector<SpoolEntry> some, spool->Load(part));
      of_bucket.insert(of_bucket.end(), some.begin(), some.end());
    }
    std::ranges::sort(of_bucket, {}, [](const SpoolEntry& entry) {
      return std::tie(entry.time, entry.file, entry.index);
    });
    entries += of_bucket.size();
    if (entries >= kWaveEntries) RETURN_IF_ERROR(weave(leaving));
  }
  return weave(leaving);
}

Status LiveSealer::State::FinishHead() {
  const bool talks = batch->Puts(Kind::kMessage) || batch->Puts(Kind::kConversation) ||
                     batch->Deletes(Kind::kConversation);
  ASSIGN_OR_RETURN(head.documents, DocumentsByName(library, documents, talks, BaseHead()));
  CountRecords(head.documents, head.counts);
  RETURN_IF_ERROR(media->Seal(head, woven.dropped));
  EraseReport report;
  if (removed.changed) {
    blob::BlobStore* const blobs = &library.blobs();
    DropSpans(removed, head);
    // What has come back since is in the documents: nothing there is passed over.
    Erased keys = std::exchange(removed.erased, {});
    RETURN_IF_ERROR(NoteTellings(library, head, removed));
    RETURN_IF_ERROR(RemoveMedia(library, blobs, {}, removed, head, tombstones, report));
    RETURN_IF_ERROR(RedactOriginals(library, blobs, removed, head, report));
    erased.keys.merge(keys.keys);
    erased.digests = std::move(report.erased.digests);
    for (const auto& [digest, file] : report.replaced) erased.digests.insert(digest);
  }
  ASSIGN_OR_RETURN(head.tombstones, tombstones.Seal(library.blobs()));
  if (!base || batch->Puts(Kind::kProfile)) {
    ASSIGN_OR_RETURN(head.username, UsernameOf(library, head));
  }
  return {};
}

Status LiveSealer::State::Commit(const std::function<Status(const Erased&)>& on_erase) {
  const bool tells = on_erase && base && !erased.empty();
  if (tells) RETURN_IF_ERROR(on_erase(erased));
  for (const WeaveCounts& counts : woven.counts) {
    sealed.added += counts.added;
    sealed.changed += counts.merged;
  }
  // What moved went in anew.
  sealed.added -= std::min<uint64_t>(sealed.added, found.moved.size());
  sealed.changed += found.moved.size();
  if (base ? SaysTheSame(head, base->head) : head.documents.empty()) return {};
  std::optional<Digest> from;
  if (base) from = base->digest;
  head.parent = from;
  head.time = clock.Now();
  ASSIGN_OR_RETURN(sealed.head, CommitHead(library, from, head));
  return tells ? on_erase(erased) : Status{};
}

LiveSealer::LiveSealer(Library& library, const Clock& clock, std::span<const fs::path> segments)
    : state_(std::make_unique<State>(library, clock, segments)) {}
LiveSealer::~LiveSealer() = default;

Result<LiveSealer::Outcome> LiveSealer::Run(const std::function<Status(const Erased&)>& on_erase) {
  State& state = *state_;
  RETURN_IF_ERROR(state.Begin());
  RETURN_IF_ERROR(state.TakeAway());
  RETURN_IF_ERROR(state.SpoolPuts());
  RETURN_IF_ERROR(state.SpoolWaiting());
  RETURN_IF_ERROR(state.WeaveConversations());
  RETURN_IF_ERROR(state.WeaveRest());
  RETURN_IF_ERROR(state.FinishHead());
  RETURN_IF_ERROR(state.Commit(on_erase));
  return Outcome{state.sealed, state.batch->segments()};
}

}  // namespace valise::library
