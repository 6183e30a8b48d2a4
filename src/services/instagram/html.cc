#include "services/instagram/html.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_writer.h"
#include "services/instagram/html_block.h"
#include "services/instagram/html_dates.h"
#include "services/instagram/labels.h"
#include "services/instagram/links.h"

namespace valise::services::instagram {
namespace {

// Emoji and the signs that go with them come before the name of who reacted.
constexpr char32_t kFirstEmoji = 0x2000;
constexpr char32_t kFirstCjk = 0x3000, kAfterHangul = 0xE000;

std::string_view EmojiBefore(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (length < 3 || at + length > text.size()) break;
    char32_t code_point = lead & (length == 4 ? 0x07 : 0x0F);
    for (size_t i = 1; i < length; ++i) {
      code_point = code_point << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3F);
    }
    if (code_point < kFirstEmoji || (code_point >= kFirstCjk && code_point < kAfterHangul)) break;
    at += length;
  }
  return text.substr(0, at);
}

std::optional<Timestamp> DateOfBlock(const HtmlBlock& block) { return ParseShownDate(block.date); }

void AddTime(JsonWriter& to, std::string_view name, const std::optional<Timestamp>& time) {
  if (time) to.Member(name, ToSeconds(*time));
}

bool IsNumber(std::string_view text) {
  return !text.empty() && text.find_first_not_of("-0123456789.") == std::string_view::npos &&
         text.find_first_of("0123456789") != std::string_view::npos && text.back() != '.' &&
         text[0] != '.';
}

void AddMedium(JsonWriter& to, const HtmlMedium& medium, const std::optional<Timestamp>& time) {
  to.BeginObject().Member("uri", medium.path);
  AddTime(to, "creation_timestamp", time);
  if (IsNumber(medium.latitude) && IsNumber(medium.longitude)) {
    to.Name("media_metadata").BeginObject().Name("photo_metadata").BeginObject();
    to.Name("exif_data").BeginArray().BeginObject();
    to.Name("latitude").Raw(medium.latitude).Name("longitude").Raw(medium.longitude);
    to.EndObject().EndArray().EndObject().EndObject();
  }
  to.EndObject();
}

void AddMedia(JsonWriter& to, std::string_view name, const HtmlBlock& block,
              const std::optional<Timestamp>& time) {
  if (block.media.empty()) return;
  to.Name(name).BeginArray();
  for (const HtmlMedium& medium : block.media) AddMedium(to, medium, time);
  to.EndArray();
}

// The texts of the body, a line each.
std::string Lines(const HtmlBlock& block) {
  std::string lines;
  for (const HtmlText& text : block.texts) {
    if (text.text.empty() || text.text == text.link) continue;
    if (!lines.empty()) lines += '\n';
    lines += text.text;
  }
  return lines;
}

// The date of the block, else the first text of its body that is one.
std::optional<Timestamp> AnyDate(const HtmlBlock& block) {
  std::optional<Timestamp> date = DateOfBlock(block);
  for (const HtmlText& text : block.texts) {
    if (!date) date = ParseShownMoment(text.text);
  }
  return date;
}

std::string PostJson(const HtmlBlock& block) {
  const std::optional<Timestamp> time = AnyDate(block);
  JsonWriter to;
  to.BeginObject();
  AddMedia(to, "media", block, time);
  to.Member("title", block.heading.empty() ? Lines(block) : block.heading);
  AddTime(to, "creation_timestamp", time);
  to.EndObject();
  return to.Take();
}

std::string MessageJson(const HtmlBlock& block) {
  JsonWriter to;
  to.BeginObject().Member("sender_name", block.heading);
  if (const auto time = DateOfBlock(block)) to.Member("timestamp_ms", ToMillis(*time));
  if (const std::string lines = Lines(block); !lines.empty()) to.Member("content", lines);
  AddMedia(to, "photos", block, std::nullopt);
  for (const HtmlText& text : block.texts) {
    if (text.link.empty()) continue;
    to.Name("share").BeginObject().Member("link", text.link).EndObject();
    break;
  }
  if (!block.reactions.empty()) {
    to.Name("reactions").BeginArray();
    for (const std::string& reaction : block.reactions) {
      const std::string_view emoji = EmojiBefore(reaction);
      std::string_view actor = std::string_view(reaction).substr(emoji.size());
      while (actor.starts_with(' ')) actor.remove_prefix(1);
      to.BeginObject().Member("reaction", emoji).Member("actor", actor).EndObject();
    }
    to.EndArray();
  }
  to.EndObject();
  return to.Take();
}

// When a row of a table says something happened; what somebody wrote stays a text.
std::optional<Timestamp> TimeOf(const HtmlField& field) {
  if (!field.date.empty()) return ParseShownMoment(field.date);
  if (IsOneOf(field.label, kCommentLabels) || IsOneOf(field.label, kCaptionLabels)) return {};
  return ParseShownMoment(field.value);
}

// Tables: {"string_map_data": {label: {"value", "href"} | {"timestamp"}}}.
void AddMap(JsonWriter& to, const HtmlBlock& block) {
  bool has_time = false;
  to.Name("string_map_data").BeginObject();
  for (const HtmlField& field : block.fields) {
    const auto time = TimeOf(field);
    const bool only_time = time && field.date.empty();
    to.Name(field.label).BeginObject();
    if (!only_time) to.Member("value", field.value).Member("href", field.link);
    AddTime(to, "timestamp", time);
    has_time = has_time || time.has_value();
    to.EndObject();
  }
  if (const auto time = has_time ? std::nullopt : AnyDate(block)) {
    to.Name("").BeginObject();
    AddTime(to, "timestamp", time);
    to.EndObject();
  }
  to.EndObject();
}

// Else: {"string_list_data": [{"href", "value", "timestamp"}]}, a date belongs to the text before
// it.
void AddList(JsonWriter& to, const HtmlBlock& block) {
  const std::optional<Timestamp> own = DateOfBlock(block);
  to.Name("string_list_data").BeginArray();
  bool any = false;
  for (size_t i = 0; i < block.texts.size(); ++i) {
    const HtmlText& text = block.texts[i];
    if (text.link.empty() && ParseShownMoment(text.text)) continue;
    const bool dated = i + 1 < block.texts.size();
    std::optional<Timestamp> time =
        dated ? ParseShownMoment(block.texts[i + 1].text) : std::nullopt;
    if (!time) time = own;
    to.BeginObject().Member("href", text.link);
    to.Member("value", IsUrl(text.text) ? std::string_view{} : std::string_view(text.text));
    AddTime(to, "timestamp", time);
    to.EndObject();
    any = true;
  }
  if (const auto time = any ? std::nullopt : AnyDate(block)) {
    to.BeginObject();
    AddTime(to, "timestamp", time);
    to.EndObject();
  }
  to.EndArray();
}

// Has it a time on the page's clock?
bool IsDated(const HtmlBlock& block) {
  return AnyDate(block) || std::ranges::any_of(block.fields, [](const HtmlField& field) {
           return TimeOf(field).has_value();
         });
}

std::string ListJson(const HtmlBlock& block) {
  JsonWriter to;
  to.BeginObject();
  // The heading of a login is its exact moment. The entry's time must be of the page's clock, as
  // all others are: they are put right together.
  if (!IsoOrNone(block.heading) || !IsDated(block)) to.Member("title", block.heading);
  AddMedia(to, "media_list_data", block, DateOfBlock(block));
  if (block.fields.empty()) {
    AddList(to, block);
  } else {
    AddMap(to, block);
  }
  to.EndObject();
  return to.Take();
}

std::string JsonOf(const HtmlBlock& block, Reading reading) {
  switch (reading) {
    case Reading::kPosts:
    case Reading::kStories:
    case Reading::kProfilePhotos:
      return PostJson(block);
    case Reading::kThread:
      return MessageJson(block);
    default:
      return ListJson(block);
  }
}

class PageReader {
 public:
  PageReader(const FileRule& rule, ElementReader& reader, Output& output)
      : rule_(rule), reader_(reader), output_(output) {}

  // REQUIRES: a complete block.
  void Take(const HtmlBlock& block) {
    if (block.is_cut) {
      ++cut_;
      output_.CountEntry(false);
      return;
    }
    if (!block.date.empty() && !DateOfBlock(block)) ++without_date_;
    std::string json = JsonOf(block, rule_.reading);
    od::document document;
    od::object entry;
    bool understood = false;
    const auto index = static_cast<uint32_t>(output_.counts().seen);
    const bool read = Parse(json, document, entry) &&
                      reader_.Element(member(), entry, index, understood) == simdjson::SUCCESS;
    output_.CountEntry(read && understood);
  }

  void TakeTitle(std::string_view title) {
    if (rule_.reading != Reading::kThread || title.empty()) return;
    JsonWriter to;
    to.BeginObject().Member("title", title).EndObject();
    std::string json = to.Take();
    od::document document;
    od::object object;
    if (!Parse(json, document, object)) return;
    const JsonError error = EachMember(object, [&](std::string_view name, od::value value) {
      return reader_.Member(name, value);
    });
    CHECK(error == simdjson::SUCCESS);  // we wrote it
  }

  void Report() {
    if (cut_ > 0) {
      output_.Report(
          "entry_too_large",
          "A part of the page is longer than 4 MiB and was not read; the file is kept as "
          "it came.",
          cut_);
    }
    if (without_date_ > 0) {
      output_.Report("unreadable_times",
                     "The page shows dates in a way that this version does not read; these entries "
                     "have no time.",
                     without_date_);
    }
    if (output_.counts().seen == 0) return;
    output_.Report("coarse_times",
                   "Pages tell times to the minute and in no named zone; they are taken as UTC and "
                   "may be off by hours. An archive in the format JSON knows them exactly.",
                   output_.counts().seen);
  }

 private:
  std::string_view member() const {
    return rule_.reading == Reading::kThread ? "messages" : std::string_view{};
  }
  bool Parse(std::string& json, od::document& document, od::object& object) {
    const size_t length = json.size();
    json.append(simdjson::SIMDJSON_PADDING, ' ');
    return parser_.iterate(json.data(), length, json.size()).get(document) == simdjson::SUCCESS &&
           document.get_object().get(object) == simdjson::SUCCESS;
  }

  const FileRule rule_;
  ElementReader& reader_;
  Output& output_;
  od::parser parser_;
  uint64_t cut_ = 0;
  uint64_t without_date_ = 0;
};

bool StopsImport(const Error& error) {
  return error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kCancelled;
}

}  // namespace

Result<account::FileCounts> ReadHtmlFile(DataFile& file, const FileRule& rule,
                                         ElementReader& reader, Output& output) {
  HtmlBlocks blocks([&](MutableBytes out) { return file.Read(out); });
  PageReader page(rule, reader, output);
  HtmlBlock block;
  while (output.status()) {
    const Result<bool> more = blocks.Next(block);
    if (!more && StopsImport(more.error())) return std::unexpected(more.error());
    if (!more) {
      output.Report(
          "damaged_file",
          fmt::format("The page could not be read to its end ({}). {} of its entries were "
                      "read.",
                      more.error().message, output.counts().understood));
    }
    if (!more || !*more) break;
    page.Take(block);
  }
  page.TakeTitle(blocks.title());
  if (output.status()) reader.Finish();
  page.Report();
  output.ReportUnknown();
  output.ReportRest();
  if (!output.status()) return std::unexpected(output.status().error());
  return output.counts();
}

}  // namespace valise::services::instagram
