#include "bundle/portable/about_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/html.h"
#include "bundle/html.h"
#include "bundle/portable/about_words.h"

namespace valise::bundle {
namespace {

using account::Kind;

// Paper, ink and a strip of leather, as in the viewer; and plain on paper.
constexpr std::string_view kStyle = R"(
:root { color-scheme: light dark; --paper: #fbf8f3; --line: #e6dfd4; --ink: #1f1b16;
  --muted: #6b6257; --leather: #9a4b1e; --care: #8a6100; --care-wash: #f9f0da }
@media (prefers-color-scheme: dark) { :root { --paper: #171411; --line: #38312a; --ink: #f3ede4;
  --muted: #b5aa9b; --leather: #e39a63; --care: #e0b84c; --care-wash: #2f2713 } }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif }
main { max-width: 720px; margin: 0 auto; padding: 24px 16px 64px }
h1, h2 { font-family: ui-serif, Georgia, "Noto Serif", "DejaVu Serif", serif; line-height: 1.2 }
h1 { font-size: 28px; margin: 16px 0 4px }
h2 { font-size: 22px; margin: 32px 0 8px }
p, ul { margin: 8px 0; max-width: 68ch; overflow-wrap: anywhere }
p, li { white-space: pre-line }
ul { padding-left: 24px }
a { color: var(--leather) }
a:focus-visible { outline: 2px solid var(--leather); outline-offset: 2px }
.muted { color: var(--muted) }
.small { font-size: 14px }
.top { text-align: right }
.care { background: var(--care-wash); border-left: 4px solid var(--care); border-radius: 10px;
  padding: 12px 16px }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: 8px 12px 8px 0; border-bottom: 1px solid var(--line);
  vertical-align: top; font-weight: 400 }
thead th { color: var(--muted); font-size: 14px }
th.number, td.number { text-align: right; white-space: nowrap;
  font-variant-numeric: tabular-nums }
code { font: 14px ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere }
section + section { margin-top: 64px; border-top: 1px solid var(--line); padding-top: 24px }
@media print {
  :root { --paper: #fff; --ink: #000; --muted: #444; --line: #999; --leather: #000;
    --care: #000; --care-wash: #fff }
  main { max-width: none; padding: 0 }
  .top { display: none }
  h2 { break-after: avoid }
  tr, li { break-inside: avoid }
  section + section { break-before: page; border: 0; margin: 0; padding: 0 }
}
)";

bool IsFrench(AboutLanguage language) { return language == AboutLanguage::kFrench; }

// "1,234" or, with a narrow no-break space, "1 234".
std::string Grouped(uint64_t number, AboutLanguage language) {
  std::string digits = std::to_string(number);
  for (size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, IsFrench(language) ? "\u202f" : ",");
  }
  return digits;
}

std::string Size(uint64_t bytes, AboutLanguage language) {
  constexpr std::array<std::string_view, 5> kEnglish = {"B", "kB", "MB", "GB", "TB"};
  constexpr std::array<std::string_view, 5> kFrench = {"o", "ko", "Mo", "Go", "To"};
  const auto& units = IsFrench(language) ? kFrench : kEnglish;
  size_t unit = 0;
  uint64_t scale = 1;
  while (unit + 1 < units.size() && bytes / scale >= 1'000) {
    scale *= 1'000;
    ++unit;
  }
  if (unit == 0) return fmt::format("{}\u00A0{}", bytes, units[0]);
  const uint64_t tenths = bytes / (scale / 10);
  return fmt::format("{}{}{}\u00A0{}", tenths / 10, IsFrench(language) ? ',' : '.', tenths % 10,
                     units[unit]);
}

std::string NameOf(const AboutCategory& category, AboutLanguage language) {
  const auto* words = std::ranges::find(kCategoryWords, category.name, &CategoryWords::name);
  if (words == kCategoryWords.end()) return EscapeHtml(category.name);
  return std::string(IsFrench(language) ? words->french : words->english);
}

void AppendContents(std::string& to, const AboutFacts& facts, const AboutWords& words,
                    AboutLanguage language) {
  to += fmt::format("<h2>{}</h2>\n", words.contents);
  if (facts.contents.empty()) {
    to += fmt::format("<p>{}</p>\n", words.nothing);
    return;
  }
  const auto& columns = words.columns;
  to += fmt::format(
      "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\" "
      "class=\"number\">{}</th><th scope=\"col\" class=\"number\">{}</th><th scope=\"col\">{}</th>"
      "</tr></thead>\n<tbody>\n",
      columns[0], columns[1], columns[2], columns[3]);
  for (const AboutCategory& category : facts.contents) {
    const std::string where = EscapeHtml(category.where);
    to += fmt::format(
        "<tr><th scope=\"row\">{}</th><td class=\"number\">{}</td><td class=\"number\">{}</td>"
        "<td><a href=\"{}\"><code>{}</code></a></td></tr>\n",
        NameOf(category, language), Grouped(category.count, language),
        Size(category.bytes, language), where, where);
  }
  to += "</tbody></table></div>\n";
}

void AppendTexts(std::string& to, const About::Texts& texts, std::string_view attributes) {
  if (texts.size() == 1) {
    to += fmt::format("<p{}>{}</p>\n", attributes, EscapeHtmlWithLinks(texts[0]));
    return;
  }
  to += fmt::format("<ul{}>\n", attributes);
  for (const std::string& text : texts) {
    to += fmt::format("<li>{}</li>\n", EscapeHtmlWithLinks(text));
  }
  to += "</ul>\n";
}

void AppendSection(std::string& to, const About& about, AboutSection section,
                   AboutLanguage language) {
  const AboutWords& words = kAboutWords[static_cast<size_t>(language)];
  const auto place = static_cast<size_t>(section);
  const AboutLanguage other = IsFrench(language) ? AboutLanguage::kEnglish : AboutLanguage::kFrench;
  const About::Texts& own = about.In(language, section);
  const About::Texts& theirs = about.In(other, section);
  const std::string_view otherwise = words.otherwise[place];
  const bool told = !own.empty() || !theirs.empty();
  if (!told && otherwise.empty() && !about.digest) return;  // said once, at the top
  to += fmt::format("<h2>{}</h2>\n", words.sections[place]);
  if (!own.empty()) {
    AppendTexts(to, own, "");
  } else if (told) {
    AppendTexts(to, theirs, fmt::format(" lang=\"{}\"", LanguageName(other)));
  } else if (!otherwise.empty()) {
    to += fmt::format("<p>{}</p>\n", EscapeHtmlWithLinks(otherwise));
  } else {
    to += fmt::format("<p class=\"muted\">{}</p>\n", words.not_told);
  }
}

void AppendLanguage(std::string& to, const About& about, const AboutFacts& facts,
                    AboutLanguage language) {
  const AboutWords& words = kAboutWords[static_cast<size_t>(language)];
  const std::string_view id = LanguageName(language);
  const std::string_view other =
      LanguageName(IsFrench(language) ? AboutLanguage::kEnglish : AboutLanguage::kFrench);
  to += fmt::format("<section id=\"{0}\" lang=\"{0}\">\n", id);
  to += fmt::format(
      "<p class=\"top small\"><a href=\"#{0}\" hreflang=\"{0}\" lang=\"{0}\">{1}</a></p>\n", other,
      words.other_language);
  to += fmt::format("<h1>{}</h1>\n<p class=\"muted\">", words.title);
  to +=
      fmt::format(fmt::runtime(words.as_of), EscapeHtml(facts.username), EscapeHtml(facts.service),
                  FormatTime(facts.as_of).substr(0, std::string_view("YYYY-MM-DD").size()));
  to += "</p>\n";
  if (!about.digest) to += fmt::format("<p class=\"care\">{}</p>\n", words.no_text);
  AppendContents(to, facts, words, language);
  for (size_t s = 0; s < kAboutSections; ++s) {
    AppendSection(to, about, static_cast<AboutSection>(s), language);
  }
  to += fmt::format("<h2>{}</h2>\n<ul>\n", words.valise);
  for (const std::string_view point : words.does) to += fmt::format("<li>{}</li>\n", point);
  to += "</ul>\n";
  if (about.digest) {
    to += "<p class=\"muted small\">";
    to += fmt::format(fmt::runtime(words.digest), "<code>" + about.digest->Hex() + "</code>");
    to += "</p>\n";
  }
  to += "</section>\n";
}

}  // namespace

AboutFacts FactsOf(const Account& account, const BundleIndex& index, const Report& report) {
  const library::Head& head = account.head;
  AboutFacts facts{
      .service = head.service, .username = head.username, .as_of = head.time, .contents = {}};
  const auto add = [&](std::string_view name, uint64_t count, uint64_t bytes, std::string where) {
    if (count != 0) facts.contents.push_back({std::string(name), count, bytes, std::move(where)});
  };
  std::array<uint64_t, account::kKindCount> bytes{};
  for (const library::DocumentRow& row : index.documents) {
    bytes[static_cast<size_t>(row.kind)] += row.size;
  }
  for (size_t i = 0; i < account::kKindCount; ++i) {
    const auto kind = static_cast<Kind>(i);
    const bool single = kind == Kind::kProfile;
    const std::string_view name = single ? account::KindName(kind) : account::KindPlural(kind);
    const bool file = single || kind == Kind::kConversation;
    add(name, report.packed[i], bytes[i],
        fmt::format("data/records/{}{}", name, file ? ".json" : "/"));
  }
  const std::string media(kMediaFolder);
  add("photos", report.photos, report.photo_bytes, media);
  add("videos", report.videos, report.video_bytes, media);
  add("other_media", report.media - report.photos - report.videos,
      report.media_bytes - report.photo_bytes - report.video_bytes, media);
  add("originals", report.originals, report.original_bytes, "data/originals/");
  return facts;
}

std::string AboutPage(const About& about, const AboutFacts& facts) {
  std::string page =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
      "<title>About your data · À propos de vos données</title>\n<style>";
  page += kStyle;
  page += "</style>\n</head>\n<body>\n<main>\n";
  AppendLanguage(page, about, facts, AboutLanguage::kEnglish);
  AppendLanguage(page, about, facts, AboutLanguage::kFrench);
  page += "</main>\n</body>\n</html>\n";
  return page;
}

}  // namespace valise::bundle
