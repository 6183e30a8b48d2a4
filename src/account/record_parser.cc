// RecordParser: canonical JSON back to records.
#include <fmt/format.h>
#include <simdjson.h>

#include <limits>

#include "account/record_json.h"
#include "account/record_members.h"
#include "base/utf8.h"

namespace valise::account {
namespace {

namespace od = simdjson::ondemand;

constexpr size_t kMaxRecordBytes = 64u << 20;
constexpr size_t kMaxNameShown = 64;

Status Refuse(std::string message) {
  return Fail(ErrorCode::kInvalidArgument, "record: " + std::move(message));
}

// Readers of single values; nullptr when the value was taken, else what was expected.
const char* Take(od::value value, std::string& to) {
  std::string_view text;
  if (value.get_string().get(text)) return "a string";
  to.assign(text);
  return nullptr;
}
const char* Take(od::value value, bool& to) {
  return value.get_bool().get(to) ? "true or false" : nullptr;
}
const char* Take(od::value value, uint64_t& to) {
  return value.get_uint64().get(to) ? "a whole number" : nullptr;
}
const char* Take(od::value value, uint32_t& to) {
  uint64_t wide = 0;
  if (value.get_uint64().get(wide) || wide > std::numeric_limits<uint32_t>::max()) {
    return "a whole number below 2^32";
  }
  to = static_cast<uint32_t>(wide);
  return nullptr;
}
const char* Take(od::value value, double& to) {
  return value.get_double().get(to) ? "a number" : nullptr;
}
const char* Take(od::value value, Timestamp& to) {
  std::string_view text;
  if (value.get_string().get(text)) return "a time";
  auto time = ParseTime(text);
  if (!time) return "a time as in 2024-07-07T20:35:31Z";
  to = *time;
  return nullptr;
}
const char* Take(od::value value, Digest& to) {
  std::string_view text;
  if (value.get_string().get(text)) return "a digest";
  auto digest = Digest::Parse(text);
  if (!digest) return "a digest of 64 hex digits";
  to = *digest;
  return nullptr;
}
// An array of exactly these values.
template <typename... T>
bool TakeTuple(od::value value, T&... to) {
  od::array array;
  if (value.get_array().get(array)) return false;
  size_t place = 0;
  for (auto&& item : array) {
    od::value part;
    if (std::move(item).get(part)) return false;
    size_t at = 0;
    if (!((at++ == place && Take(part, to) == nullptr) || ...)) return false;
    ++place;
  }
  return place == sizeof...(T);
}
const char* Take(od::value value, Provenance& to) {
  return TakeTuple(value, to.import, to.file, to.index) ? nullptr : "[import, file, index]";
}
const char* Take(od::value value, Told& to) {
  return TakeTuple(value, to.field, to.import) ? nullptr : "[field, import]";
}

// Visits the members of a record to find the one named as the JSON field, and reads it.
class Reader {
 public:
  Reader(std::string_view name, od::value value, bool subtitle)
      : name_(name), value_(value), subtitle_(subtitle) {}

  template <typename T>
  void operator()(std::string_view name, T& member) {
    if (found_) return;
    ++place_;
    if (name != name_) return;
    found_ = true;
    outcome_ = Read(member);
  }

  bool found() const { return found_; }
  size_t place() const { return place_; }  // 1-based, of the member found
  Status& status() { return outcome_; }

 private:
  template <typename T>
  Status Read(T& member) {
    if constexpr (requires { Members(member, *this); }) {
      return Object(value_, member, name_ == "subtitles");
    } else {
      return Check(Take(value_, member));
    }
  }
  template <typename T>
  Status Read(std::optional<T>& member) {
    return Read(member.emplace());
  }
  template <typename T>
  Status Read(std::vector<T>& list) {
    od::array array;
    if (value_.get_array().get(array)) return Check("a list");
    if constexpr (std::is_same_v<T, MediaItem>) {
      if (subtitle_) return Refuse("subtitles have no subtitles");
    }
    for (auto&& item : array) {
      if (std::move(item).get(value_)) return Check("a list");
      RETURN_IF_ERROR(Read(list.emplace_back()));
    }
    return {};
  }
  Status Check(const char* expected) const {
    if (expected == nullptr) return {};
    return Refuse(fmt::format("member \"{}\" must be {}", name_, expected));
  }

  template <typename T>
  static Status Object(od::value value, T& to, bool subtitle);

  std::string_view name_;
  od::value value_;
  const bool subtitle_;
  bool found_ = false;
  size_t place_ = 0;
  Status outcome_;
};

// Reads one field into `to` (and, for a record, into its common members); `seen` has a bit a
// member.
template <typename T>
Status ReadField(std::string_view name, od::value value, T& to, uint64_t& seen, bool subtitle) {
  Reader reader(name, value, subtitle);
  if constexpr (std::is_base_of_v<Common, T>) Members(static_cast<Common&>(to), reader);
  Members(to, reader);
  if (!reader.found()) {
    return Refuse(fmt::format("unknown member \"{}\"", Utf8Prefix(name, kMaxNameShown)));
  }
  RETURN_IF_ERROR(reader.status());
  const uint64_t bit = uint64_t{1} << reader.place();
  if ((seen & bit) != 0) return Refuse(fmt::format("member \"{}\" stands twice", name));
  seen |= bit;
  return {};
}

template <typename T>
Status Reader::Object(od::value value, T& to, bool subtitle) {
  od::object object;
  if (value.get_object().get(object)) return Refuse("a part must be an object");
  uint64_t seen = 0;
  for (auto&& item : object) {
    od::field field;
    std::string_view name;
    if (std::move(item).get(field) || field.unescaped_key().get(name))
      return Refuse("not valid JSON");
    RETURN_IF_ERROR(ReadField(name, field.value(), to, seen, subtitle));
  }
  return {};
}

Record Empty(Kind kind) {
  switch (kind) {
    case Kind::kProfile:
      return Profile{};
    case Kind::kPost:
      return Post{};
    case Kind::kStory:
      return Story{};
    case Kind::kComment:
      return Comment{};
    case Kind::kConversation:
      return Conversation{};
    case Kind::kMessage:
      return Message{};
    case Kind::kConnection:
      return Connection{};
    case Kind::kLike:
      return Like{};
    case Kind::kSaved:
      return Saved{};
    case Kind::kActivity:
      return Activity{};
  }
  return Profile{};
}

// The head of an object: "key" first or absent, then "kind".
struct Opening {
  std::optional<Key> key;
  std::optional<Record> record;
};

Status ReadOpening(std::string_view name, od::value value, Opening& opening) {
  std::string_view text;
  if (name == "key" && !opening.key) {
    if (value.get_string().get(text)) return Refuse("member \"key\" must be a string");
    auto key = Key::Parse(text);
    if (!key) return Refuse("member \"key\" must be 32 hex digits");
    opening.key = *key;
    return {};
  }
  if (name != "kind") return Refuse("\"kind\" must come first, or after \"key\"");
  if (value.get_string().get(text)) return Refuse("member \"kind\" must be a string");
  const std::optional<Kind> kind = ParseKind(text);
  if (!kind) return Refuse(fmt::format("unknown kind \"{}\"", Utf8Prefix(text, kMaxNameShown)));
  opening.record = Empty(*kind);
  return {};
}

Status ReadFields(od::object object, Opening& opening) {
  uint64_t seen = 0;
  for (auto&& item : object) {
    od::field field;
    std::string_view name;
    if (std::move(item).get(field) || field.unescaped_key().get(name))
      return Refuse("not valid JSON");
    if (!opening.record) {
      RETURN_IF_ERROR(ReadOpening(name, field.value(), opening));
      continue;
    }
    RETURN_IF_ERROR(std::visit(
        [&](auto& r) { return ReadField(name, field.value(), r, seen, false); }, *opening.record));
  }
  return {};
}

}  // namespace

struct RecordParser::State {
  od::parser parser;
  std::string padded;  // simdjson reads up to SIMDJSON_PADDING bytes past the end
};

RecordParser::RecordParser() : state_(std::make_unique<State>()) {}
RecordParser::~RecordParser() = default;
RecordParser::RecordParser(RecordParser&&) noexcept = default;
RecordParser& RecordParser::operator=(RecordParser&&) noexcept = default;

Result<Record> RecordParser::Parse(std::string_view line) {
  if (line.size() > kMaxRecordBytes) {
    return Fail(ErrorCode::kInvalidArgument, "record: longer than 64 MiB");
  }
  std::string& padded = state_->padded;
  padded.assign(line);
  padded.append(simdjson::SIMDJSON_PADDING, ' ');

  od::document document;
  od::object object;
  if (state_->parser.iterate(padded.data(), line.size(), padded.size()).get(document) ||
      document.get_object().get(object)) {
    return Fail(ErrorCode::kInvalidArgument, "record: not a JSON object");
  }
  Opening opening;
  RETURN_IF_ERROR(ReadFields(object, opening));
  const char* rest = nullptr;  // OUT_OF_BOUNDS: nothing is left
  if (document.current_location().get(rest) != simdjson::OUT_OF_BOUNDS) {
    return Fail(ErrorCode::kInvalidArgument, "record: something follows the object");
  }
  if (!opening.record)
    return Fail(ErrorCode::kInvalidArgument, "record: member \"kind\" is missing");
  CommonOf(*opening.record).key = opening.key;
  return std::move(*opening.record);
}

}  // namespace valise::account
