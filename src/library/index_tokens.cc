#include "library/index_tokens.h"

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>

#include "account/fold.h"

namespace valise::library {
namespace {

constexpr int kKeyBits = 20;
// 2^42 ms is the year 2109; later moments share the last one.
constexpr int64_t kLastMillis = (int64_t{1} << 42) - 1;
constexpr size_t kScopeHex = 12;

void AddWords(std::string& to, std::string_view text) {
  if (text.empty()) return;
  for (const std::string& token : account::Tokens(text)) {
    to += token;
    to += ' ';
  }
}

// The members that people would search for, whichever of them the kind has.
template <typename R>
void AddMembers(std::string& to, const R& r) {
  if constexpr (requires { r.text; }) AddWords(to, r.text);
  if constexpr (requires { r.title; }) AddWords(to, r.title);
  if constexpr (requires { r.sender; }) AddWords(to, r.sender);
  if constexpr (requires { r.owner; }) AddWords(to, r.owner);
  if constexpr (requires { r.username; }) AddWords(to, r.username);
  if constexpr (requires { r.name; }) AddWords(to, r.name);
  if constexpr (requires { r.bio; }) AddWords(to, r.bio);
  if constexpr (requires { r.collection; }) AddWords(to, r.collection);
  if constexpr (requires { r.place; }) {
    if (r.place) AddWords(to, r.place->name);
  }
  if constexpr (requires { r.participants; }) {
    for (const std::string& name : r.participants) AddWords(to, name);
  }
  if constexpr (requires { r.share; }) {
    if (r.share) {
      AddWords(to, r.share->text);
      AddWords(to, r.share->owner);
      AddWords(to, r.share->profile);
    }
  }
}

std::string Quoted(std::string_view token) { return fmt::format("\"{}\"", token); }

}  // namespace

std::string IndexText(const account::Record& record) {
  std::string text;
  std::visit([&](const auto& r) { AddMembers(text, r); }, record);
  for (const account::MediaItem* item : account::MediaOf(record)) {
    AddWords(text, item->text);
    AddWords(text, item->alt);
  }
  text += ":k";
  text += account::KindName(account::KindOf(record));
  if (const auto* message = std::get_if<account::Message>(&record)) {
    text += " :c";
    text += std::string_view(message->conversation).substr(0, kScopeHex);
  }
  return text;
}

int64_t FirstIdOf(Timestamp time) {
  return std::clamp<int64_t>(ToMillis(time), 0, kLastMillis) << kKeyBits;
}

int64_t IndexId(const account::Record& record) {
  const auto& key = account::CommonOf(record).key;
  const uint64_t low = key ? LoadLe<uint64_t>(key->bytes.data()) & ((1u << kKeyBits) - 1) : 0;
  return FirstIdOf(account::TimeOf(record).value_or(Timestamp{})) | static_cast<int64_t>(low);
}

std::string MatchText(const SearchQuery& query) {
  std::string match;
  const auto add = [&](std::string_view term) {
    if (!match.empty()) match += " AND ";
    match += term;
  };
  const std::vector<std::string> tokens = account::Tokens(query.text);
  for (size_t i = 0; i < tokens.size(); ++i) {
    const bool is_prefix = query.prefix && i + 1 == tokens.size();
    add(Quoted(tokens[i]) + (is_prefix ? "*" : ""));
  }
  if (!query.kinds.empty()) {
    std::string any;
    for (const account::Kind kind : query.kinds) {
      if (!any.empty()) any += " OR ";
      any += Quoted(fmt::format(":k{}", account::KindName(kind)));
    }
    add(fmt::format("({})", any));
  }
  if (query.conversation) {
    add(Quoted(":c" + query.conversation->Hex().substr(0, kScopeHex)));
  }
  return match;
}

}  // namespace valise::library
