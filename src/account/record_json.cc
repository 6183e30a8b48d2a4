#include "account/record_json.h"

#include <array>
#include <charconv>
#include <cmath>

#include "account/record_members.h"
#include "base/json_writer.h"

namespace valise::account {
namespace {

constexpr char kHex[] = "0123456789abcdef";

template <typename Number>
void AppendNumber(std::string& to, Number number) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  to.append(text.data(), end);
}

template <size_t kSize>
void AppendHexString(std::string& to, const std::array<std::byte, kSize>& bytes) {
  to += '"';
  for (const std::byte b : bytes) {
    to += kHex[static_cast<unsigned>(b) >> 4];
    to += kHex[static_cast<unsigned>(b) & 15];
  }
  to += '"';
}

// Visits members and appends those that are not absent.
class Writer {
 public:
  explicit Writer(std::string& to, bool subtitle = false) : to_(to), subtitle_(subtitle) {
    to_ += '{';
  }
  void Close() { to_ += '}'; }

  void Name(std::string_view name) {
    to_ += empty_ ? "\"" : ",\"";
    to_ += name;
    to_ += "\":";
    empty_ = false;
  }

  void operator()(std::string_view name, const std::string& value) {
    if (value.empty()) return;
    Name(name);
    AppendJsonString(to_, value);
  }
  void operator()(std::string_view name, uint64_t value) {
    if (value == 0) return;
    Name(name);
    AppendNumber(to_, value);
  }
  void operator()(std::string_view name, bool value) {
    if (!value) return;
    Name(name);
    to_ += "true";
  }
  void operator()(std::string_view name, const std::optional<double>& value) {
    if (!value || !std::isfinite(*value)) return;
    Name(name);
    Value(*value);
  }
  void operator()(std::string_view name, const MediaItem& value) {
    if (value == MediaItem{}) return;
    Name(name);
    Value(value);
  }
  template <typename T>
  void operator()(std::string_view name, const std::optional<T>& value) {
    if (!value) return;
    Name(name);
    Value(*value);
  }
  template <typename T>
  void operator()(std::string_view name, const std::vector<T>& list) {
    if constexpr (std::is_same_v<T, MediaItem>) {
      if (subtitle_) return;
    }
    if (list.empty()) return;
    Name(name);
    char before = '[';
    for (const T& value : list) {
      to_ += before;
      before = ',';
      if constexpr (std::is_same_v<T, MediaItem>) {
        Part(value, name == "subtitles");
      } else {
        Value(value);
      }
    }
    to_ += ']';
  }

 private:
  template <typename T>
  void Part(const T& value, bool subtitle = false) {
    Writer inner(to_, subtitle);
    Members(value, inner);
    inner.Close();
  }
  void Value(const std::string& value) { AppendJsonString(to_, value); }
  void Value(bool value) { to_ += value ? "true" : "false"; }
  void Value(uint32_t value) { AppendNumber(to_, value); }
  void Value(double value) { AppendNumber(to_, value); }
  void Value(const Digest& value) { AppendHexString(to_, value.bytes); }
  void Value(Timestamp value) {
    to_ += '"';
    AppendTime(to_, value);
    to_ += '"';
  }
  void Value(const Provenance& value) {
    to_ += '[';
    AppendJsonString(to_, value.import);
    to_ += ',';
    AppendNumber(to_, value.file);
    to_ += ',';
    AppendNumber(to_, value.index);
    to_ += ']';
  }
  void Value(const Told& value) {
    to_ += '[';
    AppendJsonString(to_, value.field);
    to_ += ',';
    AppendJsonString(to_, value.import);
    to_ += ']';
  }
  void Value(const MediaItem& value) { Part(value); }
  void Value(const Place& value) { Part(value); }
  void Value(const Share& value) { Part(value); }
  void Value(const Reaction& value) { Part(value); }
  void Value(const Detail& value) { Part(value); }

  std::string& to_;
  bool empty_ = true;
  const bool subtitle_;  // one level of subtitles is written, no more
};

}  // namespace

void AppendJson(std::string& to, const Record& record) {
  const Common& common = CommonOf(record);
  Writer writer(to);
  if (common.key) {
    writer.Name("key");
    AppendHexString(to, common.key->bytes);
  }
  writer.Name("kind");
  to += '"';
  to += KindName(KindOf(record));
  to += '"';
  Members(common, writer);
  std::visit([&](const auto& r) { Members(r, writer); }, record);
  writer.Close();
}

std::string ToJson(const Record& record) {
  std::string text;
  AppendJson(text, record);
  return text;
}

}  // namespace valise::account
