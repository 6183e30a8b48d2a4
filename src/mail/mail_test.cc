#include <gtest/gtest.h>

#include "mail/address.h"
#include "mail/letters.h"
#include "mail/message.h"

namespace valise::mail {
namespace {

TEST(ParseAddress, OrdinaryOnesAreKeptAsTheyAre) {
  for (const char* text :
       {"a@b.test", "first.last+tag@sub.example.org", "x_y-z@localhost", "A'B@example.co"}) {
    EXPECT_EQ(ParseAddress(text).value_or(""), text);
  }
}

TEST(ParseAddress, WhatCouldChangeAHeaderIsRefused) {
  for (const std::string& text : {std::string(""),
                                  std::string("nobody"),
                                  std::string("a@"),
                                  std::string("@b"),
                                  std::string("a b@c.test"),
                                  std::string("a@b\r\nBcc: c@d.test"),
                                  std::string("a@b.test\n"),
                                  std::string("a@b.test\0", 9),
                                  std::string("<a@b.test>"),
                                  std::string("\"a\"@b.test"),
                                  std::string("a@b@c.test"),
                                  std::string("a..b@c.test"),
                                  std::string(".a@b.test"),
                                  std::string("a@b..test"),
                                  std::string("a@-b.test"),
                                  std::string("é@b.test"),
                                  std::string("a@b.test,c@d.test"),
                                  std::string("a@[127.0.0.1]"),
                                  std::string(65, 'a') + "@b.test",
                                  "a@" + std::string(300, 'b')}) {
    EXPECT_FALSE(ParseAddress(text).has_value()) << text;
  }
}

TEST(EncodeHeader, AsciiStaysAndTheRestIsEncodedInShortWords) {
  EXPECT_EQ(EncodeHeader("Your download is ready"), "Your download is ready");
  EXPECT_EQ(EncodeHeader("prêt"), "=?UTF-8?B?cHLDqnQ=?=");
  EXPECT_EQ(EncodeHeader("a\r\nBcc: x"), "a  Bcc: x");
  const std::string lines = EncodeHeader(std::string(20, 'a') + "éééééééééééééééééééééééééééééé");
  EXPECT_NE(lines.find("?=\r\n =?"), std::string::npos);
  for (size_t at = 0; at < lines.size();) {
    const size_t end = std::min(lines.find("\r\n", at), lines.size());
    EXPECT_LE(end - at, 76u);
    at = end + 2;
  }
}

TEST(QuotedPrintable, ExamplesOfRfc2045) {
  EXPECT_EQ(QuotedPrintable("a=b\nc"), "a=3Db\r\nc");
  EXPECT_EQ(QuotedPrintable("été"), "=C3=A9t=C3=A9");
  EXPECT_EQ(QuotedPrintable("end \nnext\t"), "end=20\r\nnext=09");
  EXPECT_EQ(QuotedPrintable(".\n.x"), "=2E\r\n=2Ex");
  EXPECT_EQ(QuotedPrintable("a\r\nb"), "a\r\nb");
}

TEST(QuotedPrintable, LinesAreAtMost76) {
  const std::string out = QuotedPrintable(std::string(200, 'x') + "é" + std::string(200, 'y'));
  std::string back;
  for (size_t at = 0; at < out.size();) {
    const size_t end = std::min(out.find("\r\n", at), out.size());
    EXPECT_LE(end - at, 76u);
    at = end + 2;
  }
}

TEST(Render, HeadersAreCompleteAndCannotBeInjected) {
  const std::string mail = Render({.from_name = "Valise\r\nBcc: a@b",
                                   .from = "valise@example.test",
                                   .to = "a@b.test",
                                   .subject = "x\r\nBcc: c@d",
                                   .text = "text",
                                   .html = "<p>html</p>",
                                   .id = "m1",
                                   .time = FromSeconds(784111777)});
  EXPECT_NE(mail.find("From: \"Valise  Bcc: a@b\" <valise@example.test>\r\n"), std::string::npos);
  EXPECT_NE(mail.find("To: a@b.test\r\n"), std::string::npos);
  EXPECT_NE(mail.find("Date: Sun, 06 Nov 1994 08:49:37 +0000\r\n"), std::string::npos);
  EXPECT_NE(mail.find("Message-ID: <m1@example.test>\r\n"), std::string::npos);
  EXPECT_NE(mail.find("multipart/alternative"), std::string::npos);
  EXPECT_EQ(mail.find("\r\nBcc:"), std::string::npos);
}

TEST(Letters, ReadyInBothLanguages) {
  ReadyFacts facts{.language = "en",
                   .account = "ann",
                   .server = "Valise",
                   .page_url = "https://v.test/requests/r1",
                   .as_of = *ParseTime("2018-04-24T14:05:00Z"),
                   .ends = *ParseTime("2018-04-28T14:05:00Z"),
                   .size = 11'400'000'000};
  const Letter english = ReadyLetter(facts);
  EXPECT_EQ(english.subject, "Your download is ready");
  EXPECT_NE(english.text.find("24 April 2018, 14:05 UTC"), std::string::npos);
  EXPECT_NE(english.text.find("until 28 April"), std::string::npos);
  EXPECT_NE(english.text.find("11.4 GB"), std::string::npos);
  EXPECT_NE(english.text.find("https://v.test/requests/r1\n"), std::string::npos);
  EXPECT_NE(english.html.find("href=\"https://v.test/requests/r1\""), std::string::npos);
  facts.language = "fr";
  const Letter french = ReadyLetter(facts);
  EXPECT_EQ(french.subject, "Votre téléchargement est prêt");
  EXPECT_NE(french.text.find("24 avril 2018 à 14:05"), std::string::npos);
  EXPECT_NE(french.text.find("11,4\u202FGo"), std::string::npos);
  EXPECT_NE(french.html.find("<html lang=\"fr\">"), std::string::npos);
}

TEST(Letters, NamesAreEscapedInHtml) {
  const Letter letter = NoticeLetter({.language = "en",
                                      .account = "<b>\"&",
                                      .server = "S",
                                      .address = "a@b.test",
                                      .cancel_url = "https://v.test/requests/r1?cancel=1&x"});
  EXPECT_EQ(letter.html.find("<b>"), std::string::npos);
  EXPECT_NE(letter.html.find("&lt;b&gt;&quot;&amp;"), std::string::npos);
  EXPECT_NE(letter.text.find("a@b.test"), std::string::npos);
  EXPECT_NE(FailedLetter({.language = "fr", .account = "a", .server = "s", .page_url = "u"})
                .text.find("Rien n’est perdu\u202F:"),
            std::string::npos);
}

}  // namespace
}  // namespace valise::mail
