#include "library/redact.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <variant>

#include "base/utf8.h"
#include "library/json_slices.h"

namespace valise::library {
namespace {

using simdjson::dom::element;

constexpr size_t kLongText = 16;      // bytes: shorter ones stand in many places
constexpr size_t kContainedMark = 6;  // bytes: shorter marks must be a whole value
constexpr size_t kMaxDepth = 512;
constexpr std::string_view kCut = "null";
// Its value says what another member is of; it is the same in many entries.
constexpr std::string_view kNamingMember = "label";
// Members whose value may be somebody's own words; those of groups ("dict") are of other people.
constexpr std::array<std::string_view, 7> kWordMembers = {
    "caption", "content", "description", "share_text", "text", "title", "value"};
constexpr std::string_view kGroupMember = "dict";

// ---- is it the entry? ----

// UTF-8 that was taken for Latin-1 and encoded again, put right; empty when it is not that.
std::string FromLatin1(std::string_view text) {
  std::string bytes;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x80) {
      bytes += text[i];
    } else if ((c == 0xC2 || c == 0xC3) && i + 1 < text.size()) {
      bytes += static_cast<char>((c & 3) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3F));
    } else {
      return {};
    }
  }
  return IsUtf8(bytes) ? bytes : std::string();
}

bool SaysMark(std::string_view value, const std::vector<std::string>& marks) {
  const auto says = [&](std::string_view text) {
    return std::ranges::any_of(marks, [&](const std::string& mark) {
      return mark == text || (mark.size() >= kContainedMark && text.contains(mark));
    });
  };
  return says(value) || says(FromLatin1(value));
}

bool IsTime(uint64_t value, Timestamp time) {
  const int64_t ms = ToMillis(time);
  return ms > 0 &&
         (value == static_cast<uint64_t>(ms) || value == static_cast<uint64_t>(ms / 1000));
}

// "2019-01-02T03:04:05+00:00", as the first archives say it.
bool IsTime(std::string_view text, Timestamp time) {
  constexpr size_t kSeconds = std::string_view("2019-01-02T03:04:05").size();
  if (text.size() < kSeconds || text[10] != 'T') return false;
  const auto parsed =
      ParseTime(text.size() == kSeconds ? std::string(text) + "Z" : std::string(text));
  return parsed && ToSeconds(*parsed) == ToSeconds(time);
}

// The first archives say times as text, in files whose places are not counted as records count
// them.
enum class Times : uint8_t { kNumbers, kAlsoTexts };

bool SaysTime(element value, Timestamp time, Times times) {
  if (value.is_string()) {
    return times == Times::kAlsoTexts && IsTime(std::string_view(value), time);
  }
  uint64_t number = 0;
  return !value.get_uint64().get(number) && IsTime(number, time);
}

// Whether is(value) holds of one of the values in `value`.
template <typename Is>
bool Holds(element value, size_t depth, const Is& is) {
  if (depth > kMaxDepth) return false;
  if (value.is_array()) {
    return std::ranges::any_of(simdjson::dom::array(value),
                               [&](element one) { return Holds(one, depth + 1, is); });
  }
  if (!value.is_object()) return is(value);
  for (const auto& [name, one] : simdjson::dom::object(value)) {
    if (Holds(one, depth + 1, is)) return true;
  }
  return false;
}

bool SaysTimeOf(element value, const EntryToCut& entry, Times times) {
  return entry.time &&
         Holds(value, 0, [&](element one) { return SaysTime(one, *entry.time, times); });
}

bool SaysMarkOf(element value, const EntryToCut& entry) {
  return Holds(value, 0, [&](element one) {
    return one.is_string() && SaysMark(std::string_view(one), entry.marks);
  });
}

bool Says(element value, const EntryToCut& entry, Times times) {
  return SaysTimeOf(value, entry, times) || SaysMarkOf(value, entry);
}

// Finds the entries that are meant among the slices of a file. Borrows both.
class EntryFinder {
 public:
  EntryFinder(std::string_view json, const std::vector<Slice>& slices) : json_(json) {
    for (const Slice& slice : slices) {
      if (!slice.is_object) continue;
      objects_.push_back(&slice);
      places_[slice.in_file].push_back(&slice);
      if (slice.in_list != slice.in_file) places_[slice.in_list].push_back(&slice);
    }
  }

  // All that stand in its place and say its time or one of its marks.
  std::vector<const Slice*> Find(const EntryToCut& entry, Times times) {
    std::vector<const Slice*> found;
    const auto place = places_.find(entry.index);
    if (place == places_.end()) return found;
    for (const Slice* slice : place->second) {
      const auto value = Parse(*slice);
      if (value && Says(*value, entry, times)) found.push_back(slice);
    }
    return found;
  }

  // All, in whichever place, that say its time and one of its marks; if none does, its time alone:
  // an older telling has other marks. Of an entry without a time, one of its marks.
  std::vector<const Slice*> FindAlike(const EntryToCut& entry) {
    std::vector<const Slice*> marked, timed;
    for (const Slice* slice : objects_) {
      const auto value = Parse(*slice);
      if (!value) continue;
      const bool says_time = SaysTimeOf(*value, entry, Times::kAlsoTexts);
      if (entry.time && !says_time) continue;
      if (says_time) timed.push_back(slice);
      if (SaysMarkOf(*value, entry)) marked.push_back(slice);
    }
    return marked.empty() ? timed : marked;
  }

  // Valid until the next call. nullopt: it is damaged.
  std::optional<element> Parse(const Slice& slice) {
    element value;
    if (parser_.parse(json_.data() + slice.begin, slice.end - slice.begin).get(value)) {
      return std::nullopt;
    }
    return value;
  }

 private:
  std::string_view json_;
  std::vector<const Slice*> objects_;
  std::unordered_map<uint32_t, std::vector<const Slice*>> places_;
  simdjson::dom::parser parser_;
};

// ---- what entries say ----

// Calls visit() for each string value, put right where it is UTF-8 taken for Latin-1.
template <typename Visit>
void ForEachString(element value, bool may_be_words, size_t depth, const Visit& visit) {
  if (depth > kMaxDepth) return;
  if (value.is_array()) {
    for (const element one : simdjson::dom::array(value)) {
      ForEachString(one, may_be_words, depth + 1, visit);
    }
  } else if (value.is_object()) {
    for (const auto& [name, one] : simdjson::dom::object(value)) {
      if (name == kNamingMember) continue;
      // A list or an object inside of it is what its own members say.
      const bool own =
          one.is_string()
              ? std::ranges::find(kWordMembers, name) != kWordMembers.end() && may_be_words
              : may_be_words && name != kGroupMember;
      ForEachString(one, own, depth + 1, visit);
    }
  } else if (value.is_string()) {
    const std::string_view text(value);
    std::string meant = FromLatin1(text);
    visit(meant.empty() ? std::string(text) : std::move(meant), may_be_words);
  }
}

// "Mozilla/5.0 (Linux; Android 9; …) …", "Instagram 219.0.0.12 Android (28/9; 420dpi; …)"
bool IsUserAgent(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const size_t name = text.find_first_of("/ ");
  if (name == std::string_view::npos || name + 1 >= text.size()) return false;
  if (!is_digit(text[name + 1])) return false;
  const size_t open = text.find('(', name);
  return open != std::string_view::npos &&
         text.substr(open, text.find(')', open) - open).contains(';');
}

bool IsLongText(std::string_view text) {
  // Of links there are many, and they say little.
  return text.size() >= kLongText && !text.starts_with("https://") && !text.starts_with("http://");
}

// ---- a record's texts ----

void AddItem(std::vector<std::string>& to, const account::MediaItem& item) {
  to.insert(to.end(), {item.path, item.source_id, item.text, item.alt});
}

struct MarksOf {
  std::vector<std::string> operator()(const account::Profile& r) const { return {r.username}; }
  std::vector<std::string> operator()(const account::Post& r) const { return {r.text}; }
  std::vector<std::string> operator()(const account::Story& r) const { return {r.text}; }
  std::vector<std::string> operator()(const account::Comment& r) const { return {r.text, r.link}; }
  std::vector<std::string> operator()(const account::Conversation& r) const { return {r.title}; }
  std::vector<std::string> operator()(const account::Message& r) const {
    if (!r.share) return {r.text};
    return {r.text, r.share->link, r.share->text};
  }
  std::vector<std::string> operator()(const account::Connection& r) const {
    return {r.username, r.link};
  }
  std::vector<std::string> operator()(const account::Like& r) const { return {r.link, r.text}; }
  std::vector<std::string> operator()(const account::Saved& r) const { return {r.link, r.text}; }
  std::vector<std::string> operator()(const account::Activity& r) const { return {r.text}; }
};

using Cuts = std::set<std::pair<size_t, size_t>>;  // from, to

std::string Without(std::string_view json, const Cuts& cuts) {
  std::string left;
  left.reserve(json.size());
  size_t at = 0;
  for (const auto& [begin, end] : cuts) {
    left += json.substr(at, begin - at);
    left += kCut;
    at = end;
  }
  left += json.substr(at);
  return left;
}

bool HasWords(account::Kind kind) {
  return kind == account::Kind::kPost || kind == account::Kind::kStory ||
         kind == account::Kind::kComment || kind == account::Kind::kMessage;
}

}  // namespace

EntryToCut EntryOf(const account::Record& record, uint32_t index, bool with_marks) {
  EntryToCut entry{.index = index,
                   .time = account::TimeOf(record),
                   .marks = {},
                   .has_words = HasWords(account::KindOf(record))};
  if (!with_marks) return entry;
  entry.marks = std::visit(MarksOf{}, record);
  for (const account::MediaItem* item : account::MediaOf(record)) AddItem(entry.marks, *item);
  std::erase(entry.marks, "");
  return entry;
}

size_t CountPlaces(std::span<const EntryToCut> entries) {
  std::unordered_set<uint32_t> places;
  for (const EntryToCut& entry : entries) places.insert(entry.index);
  return places.size();
}

std::vector<std::string> LongTextsOf(const account::Record& record) {
  std::vector<std::string> texts = std::visit(MarksOf{}, record);
  for (const account::MediaItem* item : account::MediaOf(record)) texts.push_back(item->text);
  std::erase_if(texts, [](const std::string& text) { return !IsLongText(text); });
  return texts;
}

bool MayBeWords(std::string_view text) {
  if (!IsLongText(text) || IsUserAgent(text)) return false;
  // Words have a space between them, letters of their own or a hash; paths, ids and dates do not.
  return text.starts_with('#') || std::ranges::any_of(text, [](char c) {
           return c == ' ' || c == '\n' || static_cast<unsigned char>(c) >= 0x80;
         });
}

std::optional<std::string> CutEntries(std::string_view json, std::span<const EntryToCut> entries) {
  const auto slices = FindSlices(json);
  if (!slices) return std::nullopt;
  EntryFinder finder(json, *slices);
  Cuts cuts;
  for (const EntryToCut& entry : entries) {
    const std::vector<const Slice*> found = finder.Find(entry, Times::kNumbers);
    if (found.size() != 1) return std::nullopt;  // not there, or several could be meant
    cuts.emplace(found[0]->begin, found[0]->end);
  }
  const auto objects = std::ranges::count_if(*slices, &Slice::is_object);
  if (static_cast<size_t>(objects) == cuts.size()) return std::nullopt;
  return Without(json, cuts);
}

std::optional<std::string> CutAlike(std::string_view json, std::span<const EntryToCut> entries,
                                    size_t& cut) {
  const auto slices = FindSlices(json);
  if (!slices) return std::nullopt;
  const auto says_nothing = [](const EntryToCut& one) { return !one.time && one.marks.empty(); };
  if (std::ranges::any_of(entries, says_nothing)) return std::nullopt;
  EntryFinder finder(json, *slices);
  Cuts cuts;
  for (const EntryToCut& entry : entries) {
    for (const Slice* slice : finder.FindAlike(entry)) cuts.emplace(slice->begin, slice->end);
  }
  cut = cuts.size();
  return Without(json, cuts);
}

std::vector<Said> SaidOnlyBy(std::string_view json, std::span<const EntryToCut> entries) {
  const auto slices = FindSlices(json);
  if (!slices) return {};
  EntryFinder finder(json, *slices);
  std::unordered_map<const Slice*, bool> theirs;  // whether their records have words
  for (const EntryToCut& entry : entries) {
    for (const Slice* slice : finder.Find(entry, Times::kAlsoTexts))
      theirs[slice] |= entry.has_words;
  }
  std::map<std::string, bool> said;
  for (const auto& [slice, has_words] : theirs) {
    const auto value = finder.Parse(*slice);
    if (!value) continue;
    ForEachString(*value, has_words, 0, [&](std::string text, bool may_be_words) {
      said[std::move(text)] |= may_be_words;
    });
  }
  for (const Slice& slice : *slices) {
    if (said.empty()) break;
    if (theirs.contains(&slice)) continue;
    const auto value = finder.Parse(slice);
    if (!value) continue;
    ForEachString(*value, false, 0, [&](const std::string& text, bool) { said.erase(text); });
  }
  std::vector<Said> all;
  for (const auto& [text, may_be_words] : said) {
    all.push_back({text, may_be_words && MayBeWords(text)});
  }
  return all;
}

std::vector<std::string> StringsOf(std::string_view json) {
  std::vector<std::string> strings;
  simdjson::dom::parser parser;
  element root;
  if (parser.parse(json.data(), json.size()).get(root)) return strings;
  ForEachString(root, false, 0,
                [&](std::string text, bool) { strings.push_back(std::move(text)); });
  return strings;
}

}  // namespace valise::library
