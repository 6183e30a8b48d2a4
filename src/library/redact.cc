#include "library/redact.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <set>
#include <unordered_map>
#include <variant>

#include "base/utf8.h"

namespace valise::library {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

constexpr size_t kLongText = 16;      // bytes: shorter ones stand in many places
constexpr size_t kContainedMark = 6;  // bytes: shorter marks must be a whole value
constexpr size_t kMaxDepth = 512;
constexpr std::string_view kCut = "null";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// ---- where elements stand ----

struct Slice {
  size_t begin = 0, end = 0;
  uint32_t in_file = 0;  // how many came before it in the file, notices (strings) not counted …
  uint32_t in_list = 0;  // … and in its own list
  bool is_object = false;
};

// Finds the elements of the root list, or of the lists of the root object, by brackets and quotes
// alone.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {
    if (text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
  }

  // False: it is not whole.
  bool Run(std::vector<Slice>& to) {
    const int first = Space();
    const bool whole = first == '[' ? List(to) : first == '{' && Object(to);
    return whole && Space() < 0;
  }

 private:
  int Space() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) {
      ++at_;
    }
    return at_ < text_.size() ? static_cast<unsigned char>(text_[at_]) : -1;
  }

  bool String() {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\') {
        ++at_;
      } else if (text_[at_] == '"') {
        ++at_;
        return true;
      }
    }
    return false;
  }

  bool Value() {
    const int first = Space();
    if (first == '"') return String();
    if (first != '[' && first != '{') {
      const size_t begin = at_;
      at_ = std::min(text_.find_first_of(",]} \n\r\t", at_), text_.size());
      return at_ > begin;
    }
    std::string open;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        if (!String()) return false;
        continue;
      }
      ++at_;
      if (c == '[' || c == '{') {
        if (open.size() == kMaxDepth) return false;
        open += c;
      } else if (c == ']' || c == '}') {
        if (open.empty() || (c == ']') != (open.back() == '[')) return false;
        open.pop_back();
        if (open.empty()) return true;
      }
    }
    return false;
  }

  // Calls one() where each part begins, until `close`.
  template <typename One>
  bool Parts(char close, One one) {
    ++at_;
    if (Space() == close) {
      ++at_;
      return true;
    }
    while (true) {
      if (Space() < 0 || !one()) return false;
      const int next = Space();
      ++at_;
      if (next == close) return true;
      if (next != ',') return false;
    }
  }

  bool List(std::vector<Slice>& to) {
    uint32_t in_list = 0;
    return Parts(']', [&] {
      const int first = Space();
      const size_t begin = at_;
      if (!Value()) return false;
      if (first == '"') return true;
      to.push_back({begin, at_, in_file_++, in_list++, first == '{'});
      return true;
    });
  }

  bool Object(std::vector<Slice>& to) {
    return Parts('}', [&] {
      if (Space() != '"' || !String() || Space() != ':') return false;
      ++at_;
      return Space() == '[' ? List(to) : Value();
    });
  }

  std::string_view text_;
  size_t at_ = 0;
  uint32_t in_file_ = 0;
};

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

bool Says(element value, const EntryToCut& entry, size_t depth) {
  if (depth > kMaxDepth) return false;
  switch (value.type()) {
    case element_type::ARRAY:
      return std::ranges::any_of(simdjson::dom::array(value),
                                 [&](element one) { return Says(one, entry, depth + 1); });
    case element_type::OBJECT:
      for (const auto& [name, one] : simdjson::dom::object(value)) {
        if (Says(one, entry, depth + 1)) return true;
      }
      return false;
    case element_type::INT64:
    case element_type::UINT64: {
      uint64_t number = 0;
      return entry.time && !value.get_uint64().get(number) && IsTime(number, *entry.time);
    }
    case element_type::STRING:
      return SaysMark(std::string_view(value), entry.marks);
    default:
      return false;
  }
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

// `text` as JSON escapes it beyond ASCII: by code point, or by byte of its UTF-8.
std::string Escaped(std::string_view text, bool by_byte) {
  std::string to;
  for (size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x80) {
      switch (c) {
        case '"':
          to += "\\\"";
          break;
        case '\\':
          to += "\\\\";
          break;
        case '\n':
          to += "\\n";
          break;
        default:
          to += text[i];
      }
      ++i;
      continue;
    }
    const size_t length = by_byte || c < 0xC0 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    uint32_t point = length == 1 ? c : c & (0xFFu >> (length + 1));
    for (size_t k = 1; k < length && i + k < text.size(); ++k) {
      point = point << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3F);
    }
    if (point >= 0x10000) {
      to += fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + ((point - 0x10000) >> 10),
                        0xDC00 + ((point - 0x10000) & 0x3FF));
    } else {
      to += fmt::format("\\u{:04x}", point);
    }
    i += length;
  }
  return to;
}

std::string AsHtml(std::string_view text) {
  std::string to;
  for (const char c : text) {
    switch (c) {
      case '&':
        to += "&amp;";
        break;
      case '<':
        to += "&lt;";
        break;
      case '>':
        to += "&gt;";
        break;
      case '"':
        to += "&quot;";
        break;
      case '\'':
        to += "&#039;";
        break;
      default:
        to += c;
    }
  }
  return to;
}

}  // namespace

EntryToCut EntryOf(const account::Record& record, uint32_t index, bool with_marks) {
  EntryToCut entry{.index = index, .time = account::TimeOf(record), .marks = {}};
  if (!with_marks) return entry;
  entry.marks = std::visit(MarksOf{}, record);
  for (const account::MediaItem* item : account::MediaOf(record)) AddItem(entry.marks, *item);
  std::erase(entry.marks, "");
  return entry;
}

std::vector<std::string> LongTextsOf(const account::Record& record) {
  std::vector<std::string> texts = std::visit(MarksOf{}, record);
  for (const account::MediaItem* item : account::MediaOf(record)) texts.push_back(item->text);
  std::erase_if(texts, [](const std::string& text) {
    // Of links there are many, and they say little.
    return text.size() < kLongText || text.starts_with("https://") || text.starts_with("http://");
  });
  return texts;
}

std::optional<std::string> CutEntries(std::string_view json, std::span<const EntryToCut> entries) {
  std::vector<Slice> slices;
  if (!Scanner(json).Run(slices)) return std::nullopt;
  std::unordered_map<uint32_t, std::vector<const Slice*>> places;
  for (const Slice& slice : slices) {
    if (!slice.is_object) continue;
    places[slice.in_file].push_back(&slice);
    if (slice.in_list != slice.in_file) places[slice.in_list].push_back(&slice);
  }
  simdjson::dom::parser parser;
  std::set<std::pair<size_t, size_t>> cuts;
  for (const EntryToCut& entry : entries) {
    const Slice* found = nullptr;
    for (const Slice* slice : places[entry.index]) {
      element value;
      if (parser.parse(json.data() + slice->begin, slice->end - slice->begin).get(value)) continue;
      if (!Says(value, entry, 0)) continue;
      if (found != nullptr) return std::nullopt;  // either could be meant
      found = slice;
    }
    if (found == nullptr) return std::nullopt;
    cuts.emplace(found->begin, found->end);
  }
  const auto objects = std::ranges::count_if(slices, &Slice::is_object);
  if (static_cast<size_t>(objects) == cuts.size()) return std::nullopt;
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

bool HoldsText(std::string_view file, std::span<const std::string> texts) {
  return std::ranges::any_of(texts, [&](const std::string& text) {
    return file.contains(text) || file.contains(Escaped(text, false)) ||
           file.contains(Escaped(text, true)) || file.contains(AsHtml(text));
  });
}

}  // namespace valise::library
