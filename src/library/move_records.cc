#include "library/move_records.h"

#include <set>

#include "account/record_json.h"
#include "library/weave_buckets.h"

namespace valise::library {
namespace {

using account::Kind;
using account::Record;

class Mover {
 public:
  Mover(const WeaveContext& context, std::span<const PageImport> imports, Documents& documents,
        MediaTable& media)
      : context_(context), imports_(imports), documents_(documents), media_(media) {}

  Status Run() {
    std::set<std::pair<Kind, std::string>> groups;
    for (const auto& [bucket, pieces] : documents_) groups.emplace(bucket.kind, bucket.group);
    for (const auto& [kind, group] : groups) RETURN_IF_ERROR(Move(kind, group));
    return {};
  }

 private:
  Status Move(Kind kind, const std::string& group) {
    ASSIGN_OR_RETURN(const std::unique_ptr<Spool> spool, Spool::Make(context_.library.folder()));
    SpoolWriter writer(*spool, 0);
    LeavingByBucket leaving;
    for (const auto& [bucket, pieces] : documents_) {
      if (bucket.kind != kind || bucket.group != group) continue;
      for (const DocumentRow& row : pieces) RETURN_IF_ERROR(Take(bucket, row, writer, leaving));
    }
    if (leaving.empty()) return {};
    RETURN_IF_ERROR(writer.Flush());
    BucketEntries entries;
    for (const auto& [bucket, records] : spool->Buckets()) {
      ASSIGN_OR_RETURN(entries[bucket], spool->Load(bucket));
    }
    const WeaveContext context{
        .library = context_.library, .spool = *spool, .dates = context_.dates, .keeps_keys = true};
    BucketsWoven woven;
    return WeaveBuckets(context, {.entries = entries, .forced = {}, .leaving = leaving, .done = {}},
                        documents_, woven);
  }

  // What moves of a document goes into the spool.
  Status Take(const Bucket& bucket, const DocumentRow& row, SpoolWriter& writer,
              LeavingByBucket& leaving) {
    ASSIGN_OR_RETURN(std::vector<Record> records, context_.library.ReadRecords(row));
    std::string line;
    for (Record& record : records) {
      const auto before = account::TimeOf(record);
      if (!before || !context_.dates.IsCoarse(record)) continue;
      const auto owner = OwnerOf(record, imports_);
      if (!owner || !imports_[*owner].now) continue;
      const PageImport& import = imports_[*owner];
      const int64_t place =
          SetClock(record, NameWithoutTime(record, bucket.group), import.was, *import.now);
      if (account::TimeOf(record) == before) continue;
      for (const account::MediaItem* item : account::MediaOf(record)) {
        if (item->digest) media_.MoveTime(*item->digest, ToMillis(*before), place);
      }
      Leaving& goes = leaving[bucket];
      goes.keys.insert(*account::CommonOf(record).key);
      goes.documents.insert(row.digest);
      Bucket to = bucket;
      to.year = YearOf(to.kind, account::TimeOf(record));
      line.clear();
      account::AppendJson(line, record);
      RETURN_IF_ERROR(writer.Add(to, place, moved_++, true, line));
    }
    return {};
  }

  const WeaveContext& context_;
  const std::span<const PageImport> imports_;
  Documents& documents_;
  MediaTable& media_;
  uint32_t moved_ = 0;
};

}  // namespace

std::optional<size_t> OwnerOf(const Record& record, std::span<const PageImport> imports) {
  std::optional<size_t> first;
  for (const account::Provenance& from : account::CommonOf(record).provenance) {
    for (size_t i = 0; i < imports.size(); ++i) {
      if (imports[i].id != from.import) continue;
      if (!imports[i].was.zones().empty()) return i;
      if (!first) first = i;
    }
  }
  return first;
}

Status MoveRecords(const WeaveContext& context, std::span<const PageImport> imports,
                   Documents& documents, MediaTable& media) {
  return Mover(context, imports, documents, media).Run();
}

}  // namespace valise::library
