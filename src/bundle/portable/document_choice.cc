#include "bundle/portable/document_choice.h"

#include <algorithm>

#include "account/record_json.h"

namespace valise::bundle {
namespace {

using account::Kind;
using library::DocumentRow;

library::Seal SealOf(const DocumentRow& row) {
  return {.digest = row.digest,
          .twin_digest = row.twin_digest,
          .crc = row.crc,
          .size = row.size,
          .stored_size = row.stored_size};
}

ChosenDocument Whole(const DocumentRow& row) {
  return {.row = row, .text = {.seal = SealOf(row), .open = {}}, .cut = {}};
}

// Widens [first, last] to hold `time`.
void Span(DocumentRow& row, const std::optional<Timestamp>& time) {
  if (!time) return;
  if (!row.first || *time < *row.first) row.first = time;
  if (!row.last || *time > *row.last) row.last = time;
}

}  // namespace

Status DocumentChooser::ForEach(const std::function<Status(const ChosenDocument&)>& visit) {
  if (selection_.HasDates()) shown_media_.emplace();
  // Which conversations go in is known only when their messages are.
  for (const bool conversations : {false, true}) {
    for (const DocumentRow& row : account_.head.documents) {
      if ((row.kind == Kind::kConversation) != conversations) continue;
      ASSIGN_OR_RETURN(const std::optional<ChosenDocument> chosen, Choose(row));
      if (chosen) RETURN_IF_ERROR(visit(*chosen));
    }
  }
  return {};
}

Result<std::optional<ChosenDocument>> DocumentChooser::Choose(const DocumentRow& row) {
  if (!selection_.Has(row.kind)) return std::optional<ChosenDocument>{};
  if (!selection_.HasDates()) return Whole(row);

  const bool timeless = row.kind == Kind::kProfile || row.kind == Kind::kConversation;
  const bool outside =
      !timeless && (!row.first || (selection_.until && *row.first >= *selection_.until) ||
                    (selection_.from && *row.last < *selection_.from));
  if (outside) return std::optional<ChosenDocument>{};
  ASSIGN_OR_RETURN(const std::string text, account_.blobs.ReadContent(row.digest, row.size));
  if (!IsWhollyInside(row)) return Cut(row, text);
  NoteMedia(text);
  if (row.conversation) conversations_.insert(row.conversation->Hex());
  return Whole(row);
}

bool DocumentChooser::IsWhollyInside(const DocumentRow& row) const {
  switch (row.kind) {
    case Kind::kProfile:
      return true;
    case Kind::kConversation:
    case Kind::kConnection:  // a document holds those with and those without time
      return false;
    case Kind::kPost:
    case Kind::kStory:
    case Kind::kComment:
    case Kind::kMessage:
    case Kind::kLike:
    case Kind::kSaved:
    case Kind::kActivity:
      break;
  }
  return selection_.Contains(*row.first) && selection_.Contains(*row.last);
}

Result<std::optional<ChosenDocument>> DocumentChooser::Cut(const DocumentRow& row,
                                                           std::string_view text) {
  ChosenDocument cut{.row = row, .text = {}, .cut = {}};
  cut.row.records = 0;
  cut.row.missing = 0;
  cut.row.absent = 0;
  cut.row.first = cut.row.last = std::nullopt;
  account::RecordParser parser;
  library::TextBuilder builder;
  RETURN_IF_ERROR(library::ForEachLine(text, [&](std::string_view line, uint64_t) -> Status {
    Result<account::Record> record = parser.Parse(line);
    if (!record)
      return Fail(ErrorCode::kCorrupt, record.error().Within("document " + row.name).message);
    const std::optional<Timestamp> time = account::TimeOf(*record);
    const std::optional<Key>& key = account::CommonOf(*record).key;
    const bool inside = row.kind == Kind::kConversation ? key && conversations_.contains(key->Hex())
                                                        : time && selection_.Contains(*time);
    if (!inside) return {};
    builder.Line(line);
    ++cut.row.records;
    cut.row.missing += account::MissingMediaOf(*record);
    cut.row.absent += account::CommonOf(*record).absent_since ? 1 : 0;
    Span(cut.row, time);
    return {};
  }));
  if (cut.row.records == 0) return std::optional<ChosenDocument>{};
  if (row.conversation) conversations_.insert(row.conversation->Hex());
  cut.cut = builder.Take();
  NoteMedia(cut.cut);
  cut.text = SealForPlan(cut.cut);
  cut.row.digest = cut.text.seal.digest;
  return cut;
}

// Records are canonical JSON: a quote inside a string is escaped, so these bytes are always the
// member of a media item.
void DocumentChooser::NoteMedia(std::string_view text) {
  static constexpr std::string_view kMember = "\"digest\":\"";
  constexpr size_t kHex = 2 * Digest::kSize;
  for (size_t at = text.find(kMember); at != std::string_view::npos; at = text.find(kMember, at)) {
    at += kMember.size();
    const Result<Digest> digest = Digest::Parse(text.substr(at, kHex));
    if (digest) shown_media_->insert(*digest);
  }
}

}  // namespace valise::bundle
