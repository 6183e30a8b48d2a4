// What people are told about their data (GDPR art. 15(1)): the operator's text
// (docs/formats/about-your-data.md).
//
// Thread safety: plain values and pure functions.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/file.h"
#include "base/json_writer.h"
#include "base/result.h"

namespace valise::bundle {

enum class AboutSection : uint8_t {
  kController,
  kPurposes,
  kRecipients,
  kTransfers,
  kRetention,
  kSource,
  kRights,
  kAutomatedDecisions,
  kAuthority,
};
inline constexpr size_t kAboutSections = 9;
std::string_view SectionName(AboutSection section);  // "controller", …

enum class AboutLanguage : uint8_t { kEnglish, kFrench };
inline constexpr size_t kAboutLanguages = 2;
std::string_view LanguageName(AboutLanguage language);  // "en", "fr"

struct About {
  static constexpr uint64_t kMaxFile = 64u << 10;
  static constexpr size_t kMaxText = 4'000;
  static constexpr size_t kMaxList = 50;

  // One text, or the points of a list; none: the operator did not tell.
  using Texts = std::vector<std::string>;
  std::array<std::array<Texts, kAboutSections>, kAboutLanguages> sections;
  std::optional<Digest> digest;  // of the operator's file; none: there is no text

  const Texts& In(AboutLanguage language, AboutSection section) const {
    return sections[static_cast<size_t>(language)][static_cast<size_t>(section)];
  }

  // Errors: kInvalidArgument (names the line and what is wrong), kLimitExceeded.
  static Result<About> Parse(std::string_view toml);
  // Errors: those of Parse, kNotFound.
  static Result<About> Load(const fs::path& path);
};

// What stands of one category.
struct AboutCategory {
  std::string name;  // "posts", …, "photos", "videos", "other_media", "originals"
  uint64_t count = 0;
  uint64_t bytes = 0;
  std::string where;  // in a bundle: "data/records/posts/"; else empty
};

struct AboutFacts {
  std::string service;
  std::string username;
  Timestamp as_of{};
  std::vector<AboutCategory> contents;
};

// about-your-data.json.
std::string AboutJson(const About& about, const AboutFacts& facts);

}  // namespace valise::bundle
