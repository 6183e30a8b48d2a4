#include "bundle/about.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bundle/html.h"
#include "bundle/portable/about_page.h"

namespace valise::bundle {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kText = R"(
[en]
controller = "Photos & Co, https://photos.example/privacy."
purposes = ["Showing <your> posts", "Safety"]
[fr]
purposes = "Montrer vos publications"
)";

AboutFacts Facts() {
  return {.service = "instagram",
          .username = "ann<script>",
          .as_of = ParseTime("2024-07-07T20:35:31Z").value(),
          .contents = {{"posts", 12'345, 1'234'567, "data/records/posts/"},
                       {"photos", 1, 999, "data/media/"}}};
}

std::string ErrorOf(std::string_view toml) {
  const auto about = About::Parse(toml);
  return about ? "" : about.error().message;
}

TEST(About, ReadsTextsAndLists) {
  const About about = About::Parse(kText).value();
  EXPECT_THAT(about.In(AboutLanguage::kEnglish, AboutSection::kPurposes),
              ElementsAre("Showing <your> posts", "Safety"));
  EXPECT_THAT(about.In(AboutLanguage::kFrench, AboutSection::kPurposes),
              ElementsAre("Montrer vos publications"));
  EXPECT_TRUE(about.In(AboutLanguage::kFrench, AboutSection::kSource).empty());
  EXPECT_EQ(about.digest, Sha256(kText));
}

TEST(About, RefusesWhatItDoesNotKnowAndSaysWhere) {
  EXPECT_THAT(ErrorOf("[en]\npurpose = \"x\""), HasSubstr("line 2: `purpose` is not one of"));
  EXPECT_THAT(ErrorOf("[de]\n"), HasSubstr("`de` is not one of en, fr"));
  EXPECT_THAT(ErrorOf("en = 3"), HasSubstr("write [en] or [fr]"));
  EXPECT_THAT(ErrorOf("[en]\nrights = 3"), HasSubstr("line 2: a text or a list of texts"));
  EXPECT_THAT(ErrorOf("[en]\nrights = [[\"x\"]]"), HasSubstr("a text or a list of texts"));
  EXPECT_THAT(ErrorOf("[en]\nrights = \"\""), HasSubstr("a text is empty"));
  EXPECT_THAT(ErrorOf("[en]\nrights = \"\\u0001\""), HasSubstr("control characters"));
  EXPECT_THAT(ErrorOf("[en\n"), HasSubstr("line 1"));
  EXPECT_THAT(ErrorOf("[en]\nrights = \"" + std::string(About::kMaxText + 1, 'x') + "\""),
              HasSubstr("longer than 4000 bytes"));
  EXPECT_THAT(ErrorOf(std::string(About::kMaxFile + 1, '#')), HasSubstr("longer than 64 KiB"));
  std::string many = "[en]\nrights = [";
  for (size_t i = 0; i <= About::kMaxList; ++i) many += "\"x\",";
  EXPECT_THAT(ErrorOf(many + "]"), HasSubstr("more than 50 texts"));
}

TEST(About, AMissingFileIsToldApart) {
  EXPECT_EQ(About::Load("/nowhere/about.toml").error().code, ErrorCode::kNotFound);
}

TEST(AboutPage, ShowsTheOperatorsTextEscaped) {
  const std::string page = AboutPage(About::Parse(kText).value(), Facts());
  EXPECT_THAT(page, HasSubstr("<li>Showing &lt;your&gt; posts</li>"));
  EXPECT_THAT(page, HasSubstr("Photos &amp; Co, <a href=\"https://photos.example/privacy\">"
                              "https://photos.example/privacy</a>."));
  EXPECT_THAT(page, HasSubstr("<p lang=\"en\">Photos &amp; Co"));  // in the French half
  EXPECT_THAT(page, HasSubstr("<p>Montrer vos publications</p>"));
  EXPECT_THAT(page, HasSubstr("Whoever runs this server has not told."));
  EXPECT_THAT(page, HasSubstr("@ann&lt;script&gt; on instagram, as of 2024-07-07"));
  EXPECT_THAT(page, HasSubstr(Sha256(kText).Hex()));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("not written down")));
}

TEST(AboutPage, SaysPlainlyThatThereIsNoText) {
  const std::string page = AboutPage({}, Facts());
  EXPECT_THAT(page, HasSubstr("has not written down why your data are processed"));
  EXPECT_THAT(page, HasSubstr("n’a pas écrit pourquoi"));
  EXPECT_THAT(page, HasSubstr("Where to complain"));
  EXPECT_THAT(page, HasSubstr("It decides nothing about you"));
  EXPECT_THAT(page, Not(HasSubstr("What your data are used for")));
}

TEST(AboutPage, TellsWhatStandsInTheBundle) {
  const std::string page = AboutPage({}, Facts());
  EXPECT_THAT(page, HasSubstr("<td class=\"number\">12,345</td>"));
  EXPECT_THAT(page, HasSubstr("<td class=\"number\">1.2\u00A0MB</td>"));
  EXPECT_THAT(page, HasSubstr("<td class=\"number\">12\u202f345</td>"));
  EXPECT_THAT(page, HasSubstr("<td class=\"number\">999\u00A0o</td>"));
  EXPECT_THAT(page, HasSubstr("<a href=\"data/records/posts/\"><code>"));
}

TEST(AboutJson, HoldsTextAndContents) {
  AboutFacts facts = Facts();
  facts.contents.resize(1);
  EXPECT_EQ(
      AboutJson({}, facts),
      R"({"format":"valise-about-1","account":{"service":"instagram","username":"ann<script>"},)"
      R"("as_of":"2024-07-07T20:35:31Z","operator":null,"contents":[{"category":"posts",)"
      R"("count":12345,"bytes":1234567,"where":"data/records/posts/"}]})");
  const std::string told = AboutJson(About::Parse(kText).value(), facts);
  EXPECT_THAT(told, HasSubstr(R"("fr":{"purposes":["Montrer vos publications"]})"));
}

TEST(Html, LinksAreOnlyAddresses) {
  EXPECT_EQ(EscapeHtmlWithLinks("no links"), "no links");
  EXPECT_EQ(EscapeHtmlWithLinks("https:// javascript:x"), "https:// javascript:x");
  EXPECT_EQ(EscapeHtmlWithLinks("(https://a.example/?a=1&b=2), x"),
            "(<a href=\"https://a.example/?a=1&amp;b=2\">https://a.example/?a=1&amp;b=2</a>), x");
  EXPECT_EQ(EscapeHtmlWithLinks("https://a\"onclick=\"x"),
            "<a href=\"https://a\">https://a</a>&quot;onclick=&quot;x");
}

}  // namespace
}  // namespace valise::bundle
