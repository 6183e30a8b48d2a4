#include "bundle/about.h"

#include <fmt/format.h>

#include <algorithm>

#define TOML_EXCEPTIONS 0
// As in release builds everywhere: toml++ 3.3 asserts what malformed keys break before it reports
// them.
#define TOML_ASSERT(expr) static_cast<void>(0)
#include <toml++/toml.h>

#include "base/utf8.h"

namespace valise::bundle {
namespace {

constexpr std::array<std::string_view, kAboutSections> kSections = {
    "controller", "purposes", "recipients",          "transfers", "retention",
    "source",     "rights",   "automated_decisions", "authority"};
constexpr std::array<std::string_view, kAboutLanguages> kLanguages = {"en", "fr"};

std::unexpected<Error> Wrong(const toml::source_region& where, std::string_view what) {
  return Fail(ErrorCode::kInvalidArgument,
              fmt::format("the text about data, line {}: {}", where.begin.line, what));
}

bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7F;
}

Status AddText(const toml::node& node, About::Texts& to) {
  const auto* text = node.as_string();
  if (text == nullptr) return Wrong(node.source(), "a text or a list of texts is wanted");
  const std::string& value = text->get();
  if (value.empty()) return Wrong(node.source(), "a text is empty: leave its key out");
  if (value.size() > About::kMaxText) {
    return Wrong(node.source(),
                 fmt::format("a text is longer than {} bytes: make it a list", About::kMaxText));
  }
  if (!IsUtf8(value) || std::ranges::any_of(value, IsControl)) {
    return Wrong(node.source(), "a text holds control characters");
  }
  to.push_back(value);
  return {};
}

Status ReadSection(const toml::node& node, About::Texts& to) {
  const auto* list = node.as_array();
  if (list == nullptr) return AddText(node, to);
  if (list->size() > About::kMaxList) {
    return Wrong(node.source(), fmt::format("a list has more than {} texts", About::kMaxList));
  }
  for (const toml::node& text : *list) RETURN_IF_ERROR(AddText(text, to));
  return {};
}

template <size_t kCount>
Result<size_t> PlaceOf(const std::array<std::string_view, kCount>& names, const toml::key& key) {
  const auto found = std::ranges::find(names, key.str());
  if (found != names.end()) return static_cast<size_t>(found - names.begin());
  return Wrong(key.source(),
               fmt::format("`{}` is not one of {}", Utf8Prefix(ToValidUtf8(key.str()), 40),
                           fmt::join(names, ", ")));
}

Status ReadLanguage(const toml::node& node, std::array<About::Texts, kAboutSections>& to) {
  const auto* table = node.as_table();
  if (table == nullptr) return Wrong(node.source(), "a language is a table: write [en] or [fr]");
  for (const auto& [key, value] : *table) {
    ASSIGN_OR_RETURN(const size_t section, PlaceOf(kSections, key));
    RETURN_IF_ERROR(ReadSection(value, to[section]));
  }
  return {};
}

void WriteOperator(JsonWriter& to, const About& about) {
  to.BeginObject().Member("digest", about.digest->Hex()).Name("sections").BeginObject();
  for (size_t l = 0; l < kAboutLanguages; ++l) {
    to.Name(kLanguages[l]).BeginObject();
    for (size_t s = 0; s < kAboutSections; ++s) {
      const About::Texts& texts = about.sections[l][s];
      if (texts.empty()) continue;
      to.Name(kSections[s]).BeginArray();
      for (const std::string& text : texts) to.String(text);
      to.EndArray();
    }
    to.EndObject();
  }
  to.EndObject().EndObject();
}

}  // namespace

std::string_view SectionName(AboutSection section) {
  return kSections[static_cast<size_t>(section)];
}
std::string_view LanguageName(AboutLanguage language) {
  return kLanguages[static_cast<size_t>(language)];
}

Result<About> About::Parse(std::string_view toml_text) {
  if (toml_text.size() > kMaxFile) {
    return Fail(ErrorCode::kLimitExceeded,
                fmt::format("the text about data is longer than {} KiB", kMaxFile >> 10));
  }
  const toml::parse_result parsed = toml::parse(toml_text);
  if (!parsed) {
    return Wrong(parsed.error().source(), std::string(parsed.error().description()));
  }
  About about;
  for (const auto& [key, value] : parsed.table()) {
    ASSIGN_OR_RETURN(const size_t language, PlaceOf(kLanguages, key));
    RETURN_IF_ERROR(ReadLanguage(value, about.sections[language]));
  }
  about.digest = Sha256(toml_text);
  return about;
}

Result<About> About::Load(const fs::path& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMaxFile));
  return Parse(text);
}

std::string AboutJson(const About& about, const AboutFacts& facts) {
  JsonWriter to;
  to.BeginObject().Member("format", "valise-about-1").Name("account").BeginObject();
  to.Member("service", facts.service).Member("username", facts.username).EndObject();
  to.Member("as_of", facts.as_of).Name("operator");
  if (about.digest) {
    WriteOperator(to, about);
  } else {
    to.Null();
  }
  to.Name("contents").BeginArray();
  for (const AboutCategory& category : facts.contents) {
    to.BeginObject().Member("category", category.name).Member("count", category.count);
    to.Member("bytes", category.bytes);
    if (!category.where.empty()) to.Member("where", category.where);
    to.EndObject();
  }
  to.EndArray().EndObject();
  return to.Take();
}

}  // namespace valise::bundle
