#include "library/import_zones.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "account/record_json.h"
#include "base/parallel.h"
#include "library/conversations.h"
#include "library/move_records.h"
#include "library/page_zones.h"

namespace valise::library {
namespace {

using account::Kind;
using account::Record;

constexpr size_t kReadAtOnce = 4096;
constexpr size_t kMostImports = 16;  // of pages, whose times are looked at when exact ones come

bool HasMoment(Kind kind) { return kind != Kind::kProfile && kind != Kind::kConversation; }

// The records of a bucket of the spool, in its order.
Status ForEachSpooled(const Spool& spool, const Bucket& bucket,
                      const std::function<Status(const SpoolEntry&, Record&)>& visit) {
  ASSIGN_OR_RETURN(const std::vector<SpoolEntry> entries, spool.Load(bucket));
  account::RecordParser parser;
  std::string buffer;
  std::vector<size_t> lines;
  for (size_t begin = 0; begin < entries.size(); begin += kReadAtOnce) {
    const auto part =
        std::span(entries).subspan(begin, std::min(kReadAtOnce, entries.size() - begin));
    buffer.clear();
    RETURN_IF_ERROR(spool.ReadLines(part, buffer, lines));
    for (size_t i = 0; i < part.size(); ++i) {
      ASSIGN_OR_RETURN(Record record, parser.Parse({buffer.data() + lines[i], part[i].length}));
      RETURN_IF_ERROR(visit(part[i], record));
    }
  }
  return {};
}

class PageTimes {
 public:
  PageTimes(ImportRun::State& state, const WeaveContext& context,
            std::vector<std::pair<Bucket, uint64_t>>& buckets, Documents& documents, Head& head)
      : state_(state),
        context_(context),
        buckets_(buckets),
        documents_(documents),
        head_(head),
        info_(state.options.info) {}

  Status Run() {
    if (!info_.coarse_times && Earlier().empty()) return {};
    RETURN_IF_ERROR(Resolve());
    return info_.coarse_times ? OfThisImport() : OfEarlierImports();
  }

 private:
  using Told = std::vector<std::pair<size_t, Sightings::One>>;

  // Imports of pages that the library has, the newest first.
  std::vector<ImportEntry*> Earlier() const {
    std::vector<ImportEntry*> earlier;
    for (ImportEntry& entry : head_.imports) {
      if (entry.info.coarse_times && entry.info.id != info_.id) earlier.push_back(&entry);
    }
    std::ranges::reverse(earlier);
    if (earlier.size() > kMostImports) earlier.resize(kMostImports);
    return earlier;
  }

  // Which conversations of the library are those of the import, and where both tell something.
  Status Resolve() {
    const Bucket conversations{.kind = Kind::kConversation, .group = {}};
    ASSIGN_OR_RETURN(const std::vector<SpoolEntry> entries, state_.spool->Load(conversations));
    ASSIGN_OR_RETURN(ResolvedConversations resolved,
                     ResolveConversations(context_, documents_, entries, buckets_));
    keys_ = std::move(resolved.keys);
    std::set<std::pair<Kind, std::string>> ours;
    for (const auto& [bucket, pieces] : documents_) ours.emplace(bucket.kind, bucket.group);
    for (const auto& [bucket, records] : buckets_) {
      if (HasMoment(bucket.kind) && ours.contains({bucket.kind, GroupOf(bucket)})) {
        shared_.emplace(bucket.kind, GroupOf(bucket));
      }
    }
    return {};
  }

  // In the library.
  std::string GroupOf(const Bucket& bucket) const {
    if (bucket.kind != Kind::kMessage) return bucket.group;
    const auto found = keys_.find(bucket.group);
    return found == keys_.end() ? bucket.group : found->second;
  }

  void Note(const Told& told, std::vector<Sightings>& to) {
    const std::lock_guard lock(mutex_);
    for (const auto& [which, one] : told) to[which].Add(one.what, one.time);
  }

  // `pick` says to which of `to` a record belongs, if to any.
  Status SeeLibrary(const std::function<std::optional<size_t>(const Record&)>& pick,
                    std::vector<Sightings>& to) {
    std::vector<std::pair<const Bucket*, const DocumentRow*>> rows;
    for (const auto& [bucket, pieces] : documents_) {
      if (!shared_.contains({bucket.kind, bucket.group})) continue;
      for (const DocumentRow& row : pieces) rows.emplace_back(&bucket, &row);
    }
    RETURN_IF_ERROR(ParallelFor(CoreCount(), rows.size(), [&](size_t, size_t i) -> Status {
      ASSIGN_OR_RETURN(const auto records, state_.library.ReadRecords(*rows[i].second));
      Told told;
      for (const Record& record : records) {
        const auto time = account::TimeOf(record);
        const auto which = time ? pick(record) : std::nullopt;
        if (!which) continue;
        const auto what = NameWithoutTime(record, rows[i].first->group);
        if (what) told.emplace_back(*which, Sightings::One{*what, ToMillis(*time)});
      }
      Note(told, to);
      return {};
    }));
    for (Sightings& one : to) one.Sort();
    return {};
  }

  Result<Sightings> SeeSpool() {
    std::vector<Sightings> to(1);
    RETURN_IF_ERROR(ParallelFor(CoreCount(), buckets_.size(), [&](size_t, size_t i) {
      return SeeBucket(buckets_[i].first, to);
    }));
    to[0].Sort();
    return std::move(to[0]);
  }

  Status SeeBucket(const Bucket& bucket, std::vector<Sightings>& to) {
    const std::string group = GroupOf(bucket);
    if (!shared_.contains({bucket.kind, group})) return {};
    Told told;
    const auto see = [&](const SpoolEntry&, const Record& record) -> Status {
      const auto time = account::TimeOf(record);
      const auto what = time ? NameWithoutTime(record, group) : std::nullopt;
      if (what) told.emplace_back(0, Sightings::One{*what, ToMillis(*time)});
      if (told.size() >= kReadAtOnce) Note(std::exchange(told, {}), to);
      return {};
    };
    RETURN_IF_ERROR(ForEachSpooled(*state_.spool, bucket, see));
    Note(told, to);
    return {};
  }

  Status OfThisImport() {
    std::vector<Sightings> exact(1);
    RETURN_IF_ERROR(SeeLibrary(
        [&](const Record& record) {
          return context_.dates.IsCoarse(record) ? std::nullopt : std::optional<size_t>(0);
        },
        exact));
    if (info_.zones.empty()) {
      ASSIGN_OR_RETURN(const Sightings pages, SeeSpool());
      info_.zones = FindZones(pages, exact[0]).zones;
      if (state_.reads_again && !info_.zones.empty()) {
        // What it brought then stands in the library as it was shown.
        std::vector<PageImport> imports = Standing();
        imports.push_back({info_.id, PageClock({}, nullptr), PageClock(info_.zones, &exact[0])});
        RETURN_IF_ERROR(MoveRecords(context_, imports, documents_, state_.media));
      }
    }
    if (info_.zones.empty()) return {};
    return WriteSpoolAnew(PageClock(info_.zones, &exact[0]));
  }

  // Earlier imports of pages, as they stand.
  std::vector<PageImport> Standing() const {
    std::vector<PageImport> imports;
    for (const ImportEntry* entry : Earlier()) {
      imports.push_back({entry->info.id, PageClock(entry->info.zones, nullptr), {}});
    }
    return imports;
  }

  Status OfEarlierImports() {
    const std::vector<ImportEntry*> earlier = Earlier();
    std::vector<PageImport> imports = Standing();
    std::vector<Sightings> pages(imports.size());
    const auto pick = [&](const Record& record) {
      return context_.dates.IsCoarse(record) ? OwnerOf(record, imports) : std::nullopt;
    };
    RETURN_IF_ERROR(SeeLibrary(pick, pages));
    if (std::ranges::all_of(pages, &Sightings::empty)) return {};
    ASSIGN_OR_RETURN(const Sightings exact, SeeSpool());
    bool moves = false;
    for (size_t i = 0; i < imports.size(); ++i) {
      std::vector<account::ZoneSpan>& known = earlier[i]->info.zones;
      const FoundZones found = FindZones(AsShown(pages[i], imports[i].was), exact);
      std::vector<account::ZoneSpan> zones = Joined(known, found);
      if (zones == known) continue;
      imports[i].now.emplace(zones, &exact);
      known = std::move(zones);
      moves = true;
    }
    return moves ? MoveRecords(context_, imports, documents_, state_.media) : Status{};
  }

  static Sightings AsShown(const Sightings& pages, const PageClock& clock) {
    Sightings shown;
    for (const Sightings::One& one : pages.all()) shown.Add(one.what, clock.Shown(one.time));
    shown.Sort();
    return shown;
  }

  Status WriteSpoolAnew(const PageClock& clock) {
    ASSIGN_OR_RETURN(std::unique_ptr<Spool> anew, Spool::Make(state_.library.folder()));
    const PageClock shown({}, nullptr);
    state_.uses.clear();
    for (const auto& [bucket, records] : buckets_) {
      const std::string group = GroupOf(bucket);
      std::map<uint32_t, SpoolWriter> writers;  // by file
      std::string line;
      const auto write = [&, &from = bucket](const SpoolEntry& entry, Record& record) -> Status {
        const auto what = NameWithoutTime(record, group);
        const int64_t place = SetClock(record, what, shown, clock);
        Use(record, place);
        Bucket to = from;
        to.year = YearOf(to.kind, account::TimeOf(record));
        line.clear();
        account::AppendJson(line, record);
        return writers.try_emplace(entry.file, *anew, entry.file)
            .first->second.Add(to, place, entry.index, entry.needs_look, line);
      };
      RETURN_IF_ERROR(ForEachSpooled(*state_.spool, bucket, write));
      for (auto& [file, writer] : writers) RETURN_IF_ERROR(writer.Flush());
    }
    state_.spool = std::move(anew);
    buckets_ = state_.spool->Buckets();
    return {};
  }

  // What was noted of its media when it came, at its new time.
  void Use(Record& record, int64_t place) {
    for (const account::MediaItem* item : account::MediaOf(record)) {
      if (!item->digest || state_.forgotten_media.contains(*item->digest)) continue;
      MediumUse use{
          .kinds = static_cast<uint16_t>(1u << static_cast<unsigned>(account::KindOf(record)))};
      const bool same = item->time == account::TimeOf(record);
      if (place != SpoolEntry::kNoTime) use.record_time = place;
      if (item->time) use.own_time = same ? place : ToMillis(*item->time);
      state_.uses[*item->digest].Add(use);
    }
  }

  ImportRun::State& state_;
  const WeaveContext& context_;
  std::vector<std::pair<Bucket, uint64_t>>& buckets_;
  Documents& documents_;
  Head& head_;
  account::ImportInfo& info_;
  ConversationKeys keys_;
  std::set<std::pair<Kind, std::string>> shared_;
  std::mutex mutex_;
};

}  // namespace

Status SetPageTimes(ImportRun::State& state, const WeaveContext& context,
                    std::vector<std::pair<Bucket, uint64_t>>& buckets, Documents& documents,
                    Head& head) {
  if (state.options.keeps_keys || !state.base) return {};
  return PageTimes(state, context, buckets, documents, head).Run();
}

}  // namespace valise::library
