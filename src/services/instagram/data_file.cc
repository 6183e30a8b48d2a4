#include "services/instagram/data_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/utf8.h"
#include "services/instagram/json_splitter.h"

namespace valise::services::instagram {
namespace {

static_assert(simdjson::SIMDJSON_PADDING <= DataFile::kPadding);
static_assert(simdjson::SIMDJSON_PADDING <= JsonSplitter::kPadding);

constexpr size_t kMaxUnknownNames = 20;
constexpr size_t kMaxNameShown = 40;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Members that only an entry has: a root object with one of them is an entry without its list.
constexpr std::array<std::string_view, 9> kEntryMembers = {"string_list_data",
                                                           "string_map_data",
                                                           "media_map_data",
                                                           "media_list_data",
                                                           "label_values",
                                                           "fbid",
                                                           "media",
                                                           "uri",
                                                           "creation_timestamp"};

bool IsEntryMember(std::string_view name) {
  return std::ranges::find(kEntryMembers, name) != kEntryMembers.end();
}

// ["You have no data in this section"]
bool IsNotice(od::value value) {
  od::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS) return false;
  for (auto&& item : array) {
    od::value first;
    od::json_type type;
    return std::move(item).get(first) == simdjson::SUCCESS &&
           first.type().get(type) == simdjson::SUCCESS && type == od::json_type::string;
  }
  return false;
}

class Run {
 public:
  Run(ElementReader& reader, Output& output) : reader_(reader), output_(output) {}

  // REQUIRES: kPadding readable bytes behind `text`.
  Status ReadWhole(std::string_view text) {
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return {};
    const JsonError error = Walk(text);
    if (error == simdjson::SUCCESS || !output_.status()) return output_.status();
    // What was delivered stays; the damaged rest is taken element by element.
    size_t given = 0;
    return ReadSlices([&](MutableBytes out) -> Result<size_t> {
      const size_t count = std::min(out.size(), text.size() - given);
      std::memcpy(out.data(), text.data() + given, count);
      given += count;
      return count;
    });
  }

  Status ReadSlices(JsonSplitter::Reader bytes) {
    JsonSplitter splitter(std::move(bytes), reader_.Deep());
    const uint64_t skip = place_;
    place_ = 0;
    while (output_.status()) {
      auto slice = splitter.Next();
      if (!slice) return std::unexpected(slice.error());
      if (slice->kind == JsonSplitter::Kind::kEnd) break;
      Deliver(*slice, skip);
    }
    return output_.status();
  }

  // Tells what could not be read.
  void ReportDamage() {
    if (broken_ > 0) {
      output_.Report(
          "invalid_json",
          fmt::format("Not valid JSON at byte {}. {} of its entries were read; the file is kept "
                      "as it came.",
                      first_broken_, output_.counts().understood),
          broken_);
    }
    if (too_large_ > 0) {
      output_.Report(
          "entry_too_large",
          fmt::format("An entry at byte {} is longer than 16 MiB and was not read; the file is "
                      "kept as it came.",
                      first_too_large_),
          too_large_);
    }
  }

 private:
  JsonError Walk(std::string_view text) {
    od::document document;
    if (const JsonError error =
            parser_.iterate(text.data(), text.size(), text.size() + DataFile::kPadding)
                .get(document)) {
      return error;
    }
    od::json_type type;
    if (const JsonError error = document.type().get(type)) return error;
    if (type == od::json_type::array) {
      od::array array;
      if (const JsonError error = document.get_array().get(array)) return error;
      return WalkArray({}, array);
    }
    od::object object;
    if (type != od::json_type::object) return simdjson::SUCCESS;
    if (const JsonError error = document.get_object().get(object)) return error;
    if (!reader_.MayBeBare()) return WalkObject(object);
    bool bare = false;
    if (const JsonError error = EachMember(object, [&](std::string_view name, od::value value) {
          bare = bare || (IsEntryMember(name) && !IsNotice(value));
          return simdjson::SUCCESS;
        })) {
      return error;
    }
    document.rewind();
    if (const JsonError error = document.get_object().get(object)) return error;
    return bare ? One({}, object) : WalkObject(object);
  }

  JsonError WalkObject(od::object object) {
    return EachMember(object, [&](std::string_view name, od::value value) {
      od::json_type type;
      if (const JsonError error = value.type().get(type)) return error;
      if (type != od::json_type::array) {
        if (const JsonError error = reader_.Member(name, value)) return error;
        ++place_;
        return simdjson::SUCCESS;
      }
      od::array array;
      if (const JsonError error = value.get_array().get(array)) return error;
      return WalkArray(name, array);
    });
  }

  JsonError WalkArray(std::string_view member, od::array array) {
    for (auto&& item : array) {
      od::value value;
      if (const JsonError error = std::move(item).get(value)) return error;
      od::json_type type;
      if (const JsonError error = value.type().get(type)) return error;
      if (const JsonError error = Any(member, type, value)) return error;
      if (!output_.status()) return simdjson::SUCCESS;
    }
    return simdjson::SUCCESS;
  }

  // An element, of a document or a value.
  template <typename Value>
  JsonError Any(std::string_view member, od::json_type type, Value& value) {
    if (type == od::json_type::object) {
      od::object object;
      if (const JsonError error = value.get_object().get(object)) return error;
      if (member.empty() && reader_.Deep()) return Entry(object);
      return One(member, object);
    }
    if (type == od::json_type::array) {
      od::array array;
      if (const JsonError error = value.get_array().get(array)) return error;
      return One(member, array);
    }
    if (type == od::json_type::string) {
      std::string_view text;
      if (const JsonError error = value.get_string().get(text)) return error;
      reader_.Text(member, text);  // or a notice ("You have no data in this section")
      ++place_;
      return simdjson::SUCCESS;
    }
    std::string_view raw;
    if constexpr (std::is_same_v<Value, od::document>) {
      if (const JsonError error = value.raw_json_token().get(raw)) return error;
    } else {
      raw = value.raw_json_token();
    }
    ++place_;
    if (type == od::json_type::null) {
      if (reader_.Counts(member)) output_.CountNull();
      return simdjson::SUCCESS;
    }
    if (!reader_.Scalar(member, raw) && reader_.Counts(member)) output_.CountEntry(false);
    return simdjson::SUCCESS;
  }

  template <typename Composite>
  JsonError One(std::string_view member, Composite composite) {
    bool understood = false;
    const auto index = static_cast<uint32_t>(output_.counts().seen);
    JsonError error = simdjson::SUCCESS;
    if constexpr (std::is_same_v<Composite, od::array>) {
      error = reader_.Row(member, composite, index, understood);
    } else {
      error = reader_.Element(member, composite, index, understood);
    }
    if (error != simdjson::SUCCESS) return error;
    ++place_;
    if (reader_.Counts(member)) output_.CountEntry(understood);
    return simdjson::SUCCESS;
  }

  JsonError Entry(od::object object) {
    if (const JsonError error = WalkObject(object)) return error;
    reader_.EndEntry();
    ++place_;
    return simdjson::SUCCESS;
  }

  void Deliver(const JsonSplitter::Slice& slice, uint64_t skip) {
    switch (slice.kind) {
      case JsonSplitter::Kind::kElement:
        if (place_ < skip) {
          ++place_;
        } else if (IsEntryMember(slice.member) || DeliverElement(slice) != simdjson::SUCCESS) {
          ++place_;
          if (reader_.Counts(slice.member)) output_.CountEntry(false);
          Damaged(slice.offset);
        }
        return;
      case JsonSplitter::Kind::kMember:
        if (place_ >= skip && DeliverMember(slice) != simdjson::SUCCESS) Damaged(slice.offset);
        ++place_;
        return;
      case JsonSplitter::Kind::kEntryEnd:
        if (place_ >= skip) reader_.EndEntry();
        ++place_;
        return;
      case JsonSplitter::Kind::kTooLarge:
        if (too_large_++ == 0) first_too_large_ = slice.offset;
        ++place_;
        output_.CountEntry(false);
        return;
      case JsonSplitter::Kind::kBroken:
        Damaged(slice.offset);
        return;
      case JsonSplitter::Kind::kEnd:
        return;
    }
  }

  JsonError DeliverElement(const JsonSplitter::Slice& slice) {
    od::document document;
    const std::string_view json = slice.json;
    if (const JsonError error =
            parser_.iterate(json.data(), json.size(), json.size() + JsonSplitter::kPadding)
                .get(document)) {
      return error;
    }
    od::json_type type;
    if (const JsonError error = document.type().get(type)) return error;
    return Any(slice.member, type, document);
  }

  JsonError DeliverMember(const JsonSplitter::Slice& slice) {
    // A document cannot be a scalar value, hence the object around it.
    std::string wrapped = fmt::format("{{\"v\":{}}}", slice.json);
    const size_t length = wrapped.size();
    wrapped.append(simdjson::SIMDJSON_PADDING, ' ');
    od::document document;
    od::object object;
    if (const JsonError error =
            parser_.iterate(wrapped.data(), length, wrapped.size()).get(document)) {
      return error;
    }
    if (const JsonError error = document.get_object().get(object)) return error;
    return EachMember(object, [&](std::string_view, od::value value) {
      return reader_.Member(slice.member, value);
    });
  }

  void Damaged(uint64_t offset) {
    if (broken_++ == 0) first_broken_ = offset;
  }

  ElementReader& reader_;
  Output& output_;
  od::parser parser_;
  uint64_t place_ = 0;  // elements of all lists and members so far, counted or not
  uint64_t broken_ = 0;
  uint64_t first_broken_ = 0;
  uint64_t too_large_ = 0;
  uint64_t first_too_large_ = 0;
};

bool StopsImport(const Error& error) {
  return error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kCancelled;
}

}  // namespace

void Output::Report(std::string_view code, std::string message, uint64_t count) {
  constexpr std::array kDamage = {"invalid_json", "damaged_file", "entry_too_large"};
  tells_damage_ = tells_damage_ || std::ranges::find(kDamage, code) != kDamage.end();
  sink_.Report({std::string(code), std::string(path_), std::move(message), count});
}

void Output::ReportRest() {
  if (tells_damage_ || counts_.understood + nulls_ >= counts_.seen) return;
  Report("not_understood",
         "Entries of a kind that this version does not know stand only in the original file.",
         counts_.seen - counts_.understood - nulls_);
}

void Output::Unknown(std::string_view member) {
  const auto found = unknown_.find(member);
  if (found != unknown_.end()) {
    ++found->second;
  } else if (unknown_.size() < kMaxUnknownNames) {
    unknown_.emplace(std::string(member), 1);
  }
}

void Output::ReportUnknown() {
  for (const auto& [name, count] : unknown_) {
    Report("unknown_member",
           fmt::format("\"{}\" is not known to this version and stands only in the original file.",
                       Utf8Prefix(name, kMaxNameShown)),
           count);
  }
}

Result<account::FileCounts> ReadDataFile(DataFile& file, ElementReader& reader, Output& output) {
  Run run(reader, output);
  Status read;
  if (file.size() <= DataFile::kWholeFileLimit) {
    const Result<std::string_view> text = file.Whole();
    read = text ? run.ReadWhole(*text) : Status(std::unexpected(text.error()));
  } else {
    read = run.ReadSlices([&](MutableBytes out) { return file.Read(out); });
  }
  if (!output.status()) return std::unexpected(output.status().error());
  if (!read && StopsImport(read.error())) return std::unexpected(read.error());
  if (!read) {
    output.Report("damaged_file",
                  fmt::format("The file could not be read to its end ({}). {} of its "
                              "entries were read.",
                              read.error().message, output.counts().understood));
  }
  reader.Finish();
  run.ReportDamage();
  output.ReportUnknown();
  output.ReportRest();
  if (!output.status()) return std::unexpected(output.status().error());
  return output.counts();
}

}  // namespace valise::services::instagram
