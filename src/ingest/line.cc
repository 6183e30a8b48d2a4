#include "ingest/line.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

#include "account/html_text.h"
#include "account/record_json.h"
#include "base/utf8.h"
#include "ingest/line_splitter.h"

namespace valise::ingest {
namespace {

namespace od = simdjson::ondemand;
using account::Kind;
using account::Record;
using library::Change;

constexpr size_t kMaxNameShown = 64;
constexpr size_t kMaxCursorBytes = 512;
constexpr size_t kMaxUsername = 64;
constexpr size_t kMaxDisplayName = 256;

Status Refuse(std::string message) { return Fail(ErrorCode::kInvalidArgument, std::move(message)); }

bool IsPlain(std::string_view text) {
  return std::ranges::none_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

// The members of a line as they stand, by the names of docs/formats/ingest.md.
enum Member : uint8_t {
  kCursor,
  kOp,
  kAccountId,
  kAccounts,
  kId,
  kVersion,
  kKind,
  kRecord,
  kTextFormat,
  kUsername,
  kName,
  kLanguage,
  kAddress,
  kMembers,
};
constexpr std::string_view kNames[kMembers] = {
    "cursor", "op",          "account",  "accounts", "id",       "version", "kind",
    "record", "text_format", "username", "name",     "language", "address"};

constexpr uint32_t Bit(Member member) { return uint32_t{1} << member; }
constexpr uint32_t kOfPut = Bit(kId) | Bit(kVersion) | Bit(kRecord) | Bit(kTextFormat);
constexpr uint32_t kOfWords = Bit(kUsername) | Bit(kName) | Bit(kLanguage) | Bit(kAddress);
constexpr uint32_t kOfWhom = Bit(kAccountId) | Bit(kAccounts);
constexpr uint32_t kAlways = Bit(kCursor) | Bit(kOp);

struct Fields {
  std::string text[kMembers];  // of strings
  std::vector<std::string> accounts;
  std::string_view record;  // raw
  uint32_t seen = 0;
  bool Has(Member member) const { return (seen & Bit(member)) != 0; }
};

Status TakeAccounts(od::value value, std::vector<std::string>& to) {
  od::array array;
  if (value.get_array().get(array)) return Refuse("\"accounts\" must be a list of strings");
  for (auto&& item : array) {
    std::string_view one;
    if (std::move(item).get_string().get(one)) {
      return Refuse("\"accounts\" must be a list of strings");
    }
    if (to.size() == kMaxAccounts) {
      return Fail(ErrorCode::kLimitExceeded,
                  fmt::format("a line names at most {} accounts", kMaxAccounts));
    }
    to.emplace_back(one);
  }
  return {};
}

Status TakeField(std::string_view name, od::value value, Fields& to) {
  const auto* found = std::ranges::find(kNames, name);
  if (found == std::end(kNames)) {
    return Refuse(fmt::format("unknown member \"{}\"", Utf8Prefix(name, kMaxNameShown)));
  }
  const auto member = static_cast<Member>(found - kNames);
  if (to.Has(member)) return Refuse(fmt::format("member \"{}\" stands twice", name));
  to.seen |= Bit(member);
  if (member == kAccounts) return TakeAccounts(value, to.accounts);
  if (member == kRecord) {
    od::object object;
    if (value.get_object().get(object) || object.raw_json().get(to.record)) {
      return Refuse("\"record\" must be an object");
    }
    return {};
  }
  std::string_view text;
  if (value.get_string().get(text)) {
    return Refuse(fmt::format("member \"{}\" must be a string", kNames[member]));
  }
  to.text[member].assign(text);
  return {};
}

Status CheckMembers(const Fields& fields, uint32_t must, uint32_t may) {
  for (uint8_t i = 0; i < kMembers; ++i) {
    const auto member = static_cast<Member>(i);
    if ((must & Bit(member)) != 0 && !fields.Has(member)) {
      return Refuse(fmt::format("member \"{}\" is missing", kNames[i]));
    }
    if (((must | may) & Bit(member)) == 0 && fields.Has(member)) {
      return Refuse(fmt::format("member \"{}\" does not belong here", kNames[i]));
    }
  }
  return {};
}

Status CheckWhom(Fields& fields) {
  if (fields.Has(kAccountId) == fields.Has(kAccounts)) {
    return Refuse("a line has either \"account\" or \"accounts\"");
  }
  if (fields.Has(kAccountId)) fields.accounts.push_back(std::move(fields.text[kAccountId]));
  if (fields.accounts.empty()) return Refuse("\"accounts\" is empty");
  // An account named twice is one.
  std::ranges::sort(fields.accounts);
  const auto twice = std::ranges::unique(fields.accounts);
  fields.accounts.erase(twice.begin(), twice.end());
  return {};
}

Result<AccountWords> TakeWords(Fields& fields) {
  AccountWords words{.username = std::move(fields.text[kUsername]),
                     .name = std::move(fields.text[kName]),
                     .language = {},
                     .address = {}};
  const bool is_plain = std::ranges::all_of(
      words.username, [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7F; });
  if (words.username.empty() || words.username.size() > kMaxUsername || !is_plain) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("\"username\" has 1 to {} bytes and no spaces", kMaxUsername));
  }
  if (words.name.size() > kMaxDisplayName || !IsPlain(words.name)) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("\"name\" has at most {} bytes and no controls", kMaxDisplayName));
  }
  if (fields.Has(kLanguage)) words.language = std::move(fields.text[kLanguage]);
  if (fields.Has(kAddress)) words.address = std::move(fields.text[kAddress]);
  if (words.language && *words.language != "en" && *words.language != "fr") {
    return Fail(ErrorCode::kInvalidArgument, R"("language" is "en" or "fr")");
  }
  return words;
}

// ---- records ----

struct PlainText {
  static void Convert(std::string& text) {
    if (!text.empty()) text = account::HtmlToText(text);
  }
  void operator()(account::Profile& r) const { Convert(r.bio); }
  void operator()(account::Post& r) const { Convert(r.text); }
  void operator()(account::Story& r) const { Convert(r.text); }
  void operator()(account::Comment& r) const { Convert(r.text); }
  void operator()(account::Conversation& r) const { Convert(r.title); }
  void operator()(account::Message& r) const {
    Convert(r.text);
    if (r.share) Convert(r.share->text);
  }
  void operator()(account::Connection&) const {}
  void operator()(account::Like& r) const { Convert(r.text); }
  void operator()(account::Saved& r) const { Convert(r.text); }
  void operator()(account::Activity& r) const { Convert(r.text); }
};

void MakePlain(Record& record) {
  std::visit(PlainText{}, record);
  for (account::MediaItem* item : account::MediaOf(record)) PlainText::Convert(item->text);
}

Status CheckRecord(const Record& record) {
  const account::Common& common = account::CommonOf(record);
  if (common.key || !common.evidence.empty() || !common.provenance.empty() ||
      !common.told.empty() || common.absent_since) {
    return Refuse(
        "record: \"key\", \"evidence\", \"provenance\", \"told\" and \"absent_since\" are given by "
        "Valise");
  }
  if (const auto* message = std::get_if<account::Message>(&record)) {
    if (!CheckRecordId(message->conversation).has_value()) {
      return Refuse("record: a message needs the id of its \"conversation\"");
    }
  }
  return {};
}

Result<Change> TakePut(Fields& fields, account::RecordParser& records) {
  RETURN_IF_ERROR(CheckRecordId(fields.text[kId]));
  if (fields.text[kVersion].size() > kMaxVersion || !IsPlain(fields.text[kVersion])) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("\"version\" has at most {} bytes and no controls", kMaxVersion));
  }
  const std::string& format = fields.text[kTextFormat];
  if (!format.empty() && format != "plain" && format != "html") {
    return Fail(ErrorCode::kUnsupported, R"("text_format" is "plain" or "html")");
  }
  ASSIGN_OR_RETURN(Record record, records.Parse(fields.record));
  RETURN_IF_ERROR(CheckRecord(record));
  if (format == "html") MakePlain(record);
  const Kind kind = account::KindOf(record);
  return Change{.what = Change::What::kPut,
                .kind = kind,
                .id = std::move(fields.text[kId]),
                .record = std::move(record),
                .version = std::move(fields.text[kVersion])};
}

Result<Line> TakeLine(Fields& fields, account::RecordParser& records) {
  Line line;
  const std::string& op = fields.text[kOp];
  if (op == "put") {
    RETURN_IF_ERROR(
        CheckMembers(fields, Bit(kOp) | Bit(kId) | Bit(kRecord), kAlways | kOfPut | kOfWhom));
    RETURN_IF_ERROR(CheckWhom(fields));
    ASSIGN_OR_RETURN(line.change, TakePut(fields, records));
  } else if (op == "delete") {
    RETURN_IF_ERROR(CheckMembers(fields, Bit(kOp) | Bit(kId) | Bit(kKind), kAlways | kOfWhom));
    RETURN_IF_ERROR(CheckWhom(fields));
    line.op = Line::Op::kDelete;
    const auto kind = account::ParseKind(fields.text[kKind]);
    if (!kind) return Fail(ErrorCode::kInvalidArgument, "\"kind\" is of no record");
    ASSIGN_OR_RETURN(line.change, DeleteOf(*kind, fields.text[kId]));
  } else if (op == "account") {
    RETURN_IF_ERROR(
        CheckMembers(fields, Bit(kOp) | Bit(kAccountId) | Bit(kUsername), kAlways | kOfWords));
    RETURN_IF_ERROR(CheckWhom(fields));
    line.op = Line::Op::kAccount;
    ASSIGN_OR_RETURN(line.words, TakeWords(fields));
  } else if (op == "erase_account") {
    RETURN_IF_ERROR(CheckMembers(fields, Bit(kOp) | Bit(kAccountId), kAlways));
    RETURN_IF_ERROR(CheckWhom(fields));
    line.op = Line::Op::kEraseAccount;
  } else {
    RETURN_IF_ERROR(CheckMembers(fields, Bit(kOp), ~uint32_t{0}));
    return Fail(ErrorCode::kUnsupported,
                fmt::format("unknown op \"{}\"", Utf8Prefix(op, kMaxNameShown)));
  }
  line.accounts = std::move(fields.accounts);
  return line;
}

}  // namespace

Status CheckRecordId(std::string_view id) {
  if (!id.empty() && id.size() <= kMaxRecordId && IsPlain(id) && IsUtf8(id)) return {};
  return Refuse(
      fmt::format("a record's \"id\" has 1 to {} bytes of UTF-8 without controls", kMaxRecordId));
}

Result<Change> DeleteOf(Kind kind, std::string_view id) {
  RETURN_IF_ERROR(CheckRecordId(id));
  if (kind == Kind::kProfile) {
    return Fail(ErrorCode::kInvalidArgument,
                "a profile is not deleted: put an emptier one, or delete the account");
  }
  return Change{.what = Change::What::kDelete,
                .kind = kind,
                .id = std::string(id),
                .record = {},
                .version = {}};
}

struct LineParser::State {
  od::parser parser;
  account::RecordParser records;
  std::string padded;
  Fields fields;

  // Fills `fields` from one object.
  Status Read(std::string_view text) {
    fields = {};
    if (text.size() > kMaxLine) {
      return Fail(ErrorCode::kLimitExceeded, fmt::format("longer than {} bytes", kMaxLine));
    }
    padded.assign(text);
    padded.append(simdjson::SIMDJSON_PADDING, ' ');
    od::document document;
    od::object object;
    if (parser.iterate(padded.data(), text.size(), padded.size()).get(document) ||
        document.get_object().get(object)) {
      return Refuse("not a JSON object");
    }
    for (auto&& item : object) {
      od::field field;
      std::string_view name;
      if (std::move(item).get(field) || field.unescaped_key().get(name)) {
        return Refuse("not valid JSON");
      }
      RETURN_IF_ERROR(TakeField(name, field.value(), fields));
    }
    const char* rest = nullptr;  // OUT_OF_BOUNDS: nothing is left
    if (document.current_location().get(rest) != simdjson::OUT_OF_BOUNDS) {
      return Refuse("something follows the object");
    }
    return {};
  }
};

LineParser::LineParser() : state_(std::make_unique<State>()) {}
LineParser::~LineParser() = default;
LineParser::LineParser(LineParser&&) noexcept = default;
LineParser& LineParser::operator=(LineParser&&) noexcept = default;

ParsedLine LineParser::Parse(std::string_view text) {
  ParsedLine parsed{.cursor = {}, .line = Line{}};
  Fields& fields = state_->fields;
  const Status read = state_->Read(text);
  if (fields.Has(kCursor) && !fields.text[kCursor].empty() &&
      fields.text[kCursor].size() <= kMaxCursorBytes) {
    parsed.cursor = std::move(fields.text[kCursor]);
  }
  if (!read.has_value()) {
    parsed.line = std::unexpected(read.error());
  } else if (fields.Has(kCursor) && !parsed.cursor) {
    parsed.line = Fail(ErrorCode::kInvalidArgument,
                       fmt::format("\"cursor\" has 1 to {} bytes", kMaxCursorBytes));
  } else {
    parsed.line = TakeLine(fields, state_->records);
  }
  return parsed;
}

Result<Change> LineParser::ParsePut(Kind kind, std::string_view id, std::string_view body) {
  RETURN_IF_ERROR(state_->Read(body));
  Fields& fields = state_->fields;
  RETURN_IF_ERROR(CheckMembers(fields, Bit(kRecord), Bit(kVersion) | Bit(kTextFormat)));
  fields.text[kId] = id;
  ASSIGN_OR_RETURN(Change change, TakePut(fields, state_->records));
  if (change.kind != kind) {
    return Fail(ErrorCode::kInvalidArgument, "record: its \"kind\" is not that of the address");
  }
  return change;
}

Result<AccountWords> LineParser::ParseAccount(std::string_view body) {
  RETURN_IF_ERROR(state_->Read(body));
  RETURN_IF_ERROR(CheckMembers(state_->fields, Bit(kUsername), kOfWords));
  return TakeWords(state_->fields);
}

}  // namespace valise::ingest
