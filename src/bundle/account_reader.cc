#include "bundle/account_reader.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "account/record_json.h"
#include "bundle/portable/originals.h"
#include "library/document.h"

namespace valise::bundle {
namespace {

using account::Kind;
using account::Record;
using library::DocumentRow;

// No time sorts as the oldest.
Timestamp TimeOrOldest(const std::optional<Timestamp>& time) {
  return time.value_or(Timestamp::min());
}

auto PlaceOf(const Record& record) {
  const account::Common& common = account::CommonOf(record);
  const bool read = !common.provenance.empty();
  return std::tuple(read ? std::string_view(common.provenance[0].import) : std::string_view(),
                    read ? common.provenance[0].file : 0, read ? common.provenance[0].index : 0);
}

// Documents are in the order of time, and equal times in that of keys, which says nothing.
void MakeNewestFirst(AccountReader::Records& records) {
  std::ranges::reverse(records);
  for (auto begin = records.begin(); begin != records.end();) {
    const auto time = account::TimeOf(*begin);
    const auto end = std::find_if(begin, records.end(), [&](const Record& record) {
      return account::TimeOf(record) != time;
    });
    std::sort(begin, end, [](const Record& a, const Record& b) {
      const auto a_place = PlaceOf(a);
      const auto b_place = PlaceOf(b);
      if (a_place != b_place) return a_place < b_place;
      return account::CommonOf(a).key < account::CommonOf(b).key;
    });
    begin = end;
  }
}

}  // namespace

std::vector<const DocumentRow*> AccountReader::DocumentsOf(Kind kind) const {
  std::vector<const DocumentRow*> rows;
  if (!selection_.Has(kind)) return rows;
  for (const DocumentRow& row : account_.head.documents) {
    if (row.kind == kind && MayHold(row)) rows.push_back(&row);
  }
  std::ranges::sort(rows, [](const DocumentRow* a, const DocumentRow* b) {
    const Timestamp a_time = TimeOrOldest(a->first);
    const Timestamp b_time = TimeOrOldest(b->first);
    return a_time != b_time ? a_time > b_time : a->name > b->name;
  });
  return rows;
}

// May a chosen record stand in it?
bool AccountReader::MayHold(const DocumentRow& row) const {
  if (!selection_.HasDates() || row.kind == Kind::kProfile || row.kind == Kind::kConversation) {
    return true;
  }
  return row.first && !(selection_.until && *row.first >= *selection_.until) &&
         !(selection_.from && *row.last < *selection_.from);
}

bool AccountReader::IsChosen(const Record& record) const {
  const Kind kind = account::KindOf(record);
  if (!selection_.HasDates() || kind == Kind::kProfile || kind == Kind::kConversation) return true;
  const auto time = account::TimeOf(record);
  return time && selection_.Contains(*time);
}

Result<AccountReader::Records> AccountReader::Read(const DocumentRow& row) const {
  ASSIGN_OR_RETURN(const std::string text, account_.blobs.ReadContent(row.digest, row.size));
  Records records;
  records.reserve(row.records);
  account::RecordParser parser;
  RETURN_IF_ERROR(library::ForEachLine(text, [&](std::string_view line, uint64_t) -> Status {
    Result<Record> record = parser.Parse(line);
    if (!record) {
      return Fail(ErrorCode::kCorrupt, record.error().Within("document " + row.name).message);
    }
    if (IsChosen(*record)) records.push_back(*std::move(record));
    return {};
  }));
  MakeNewestFirst(records);
  return records;
}

Status AccountReader::ForEach(Kind kind, const std::function<Status(const Record&)>& visit) const {
  for (const DocumentRow* row : DocumentsOf(kind)) {
    ASSIGN_OR_RETURN(const Records records, Read(*row));
    for (const Record& record : records) RETURN_IF_ERROR(visit(record));
  }
  return {};
}

uint64_t AccountReader::Count(Kind kind) const {
  uint64_t count = 0;
  for (const DocumentRow* row : DocumentsOf(kind)) count += row->records;
  return count;
}

Result<std::vector<AccountReader::Thread>> AccountReader::Threads() const {
  std::map<std::string, Thread> threads;
  for (const DocumentRow* row : DocumentsOf(Kind::kMessage)) {
    if (!row->conversation) {
      return Fail(ErrorCode::kCorrupt, "document " + row->name + " has no conversation");
    }
    uint64_t messages = row->records;
    const bool whole = !selection_.HasDates() ||
                       (selection_.Contains(*row->first) && selection_.Contains(*row->last));
    if (!whole) {
      ASSIGN_OR_RETURN(const Records records, Read(*row));
      messages = records.size();
    }
    if (messages == 0) continue;
    Thread& thread = threads[row->conversation->Hex()];
    thread.messages += messages;
    thread.documents.push_back({row, messages});
  }
  std::vector<Thread> sorted;
  for (auto& [conversation, thread] : threads) {
    thread.conversation = conversation;
    sorted.push_back(std::move(thread));
  }
  return sorted;
}

Result<AccountReader::Records> AccountReader::ReadMessages(const MessageDocument& document) const {
  ASSIGN_OR_RETURN(Records records, Read(*document.row));
  if (records.size() != document.messages) {
    return Fail(ErrorCode::kCorrupt,
                "document " + document.row->name + " does not hold what the head says");
  }
  return records;
}

Status AccountReader::ForEachMedium(const std::function<Status(const Medium&)>& visit) const {
  for (const library::ListRow& list : account_.head.media) {
    ASSIGN_OR_RETURN(const std::string text, account_.blobs.ReadContent(list.digest, list.size));
    ASSIGN_OR_RETURN(const auto rows, library::ParseMediumRows(text));
    for (const Medium& medium : rows) {
      if (selection_.HasMedia(medium.type)) RETURN_IF_ERROR(visit(medium));
    }
  }
  return {};
}

Result<std::vector<std::string>> AccountReader::BrokenPaths() const {
  std::vector<std::string> paths;
  for (const library::ImportEntry& import : account_.head.imports) {
    ASSIGN_OR_RETURN(ImportFiles files, ReadImportFiles(account_, import));
    for (std::string& path : files.broken) {
      for (size_t at = path.find('/'); at != std::string::npos; at = path.find('/', at + 1)) {
        std::string end = path.substr(at + 1);
        if (end.find('/') != std::string::npos) paths.push_back(std::move(end));
      }
      paths.push_back(std::move(path));
    }
  }
  return paths;
}

Result<uint64_t> AccountReader::UnreadCount() const {
  uint64_t count = 0;
  for (const library::ImportEntry& import : account_.head.imports) {
    ASSIGN_OR_RETURN(const ImportFiles files, ReadImportFiles(account_, import));
    count +=
        static_cast<uint64_t>(std::ranges::count_if(files.kept, [](const PlacedOriginal& original) {
          return original.file.fate != account::Fate::kParsed;
        }));
  }
  return count;
}

}  // namespace valise::bundle
