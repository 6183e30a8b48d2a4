// HTML archives: tokens, dates, blocks, and files of both families of classes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "services/instagram/html_block.h"
#include "services/instagram/html_dates.h"
#include "services/instagram/test_archive.h"

namespace valise::services::instagram {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

HtmlTokens::Reader Chunks(std::string_view text, size_t chunk) {
  return [text, chunk, at = size_t{0}](MutableBytes out) mutable -> Result<size_t> {
    const size_t count = std::min({chunk, out.size(), text.size() - at});
    std::memcpy(out.data(), text.data() + at, count);
    at += count;
    return count;
  };
}

std::vector<std::string> Tokens(std::string_view text, size_t chunk = 1 << 16) {
  HtmlTokens tokens(Chunks(text, chunk), chunk);
  std::vector<std::string> all;
  while (all.size() < 1000) {
    const HtmlToken token = *tokens.Next();
    if (token.kind == HtmlToken::Kind::kEnd) break;
    if (token.kind == HtmlToken::Kind::kText) {
      if (!all.empty() && all.back().starts_with("'")) {
        all.back() += token.text;  // texts may come in pieces
      } else {
        all.push_back("'" + token.text);
      }
      continue;
    }
    all.push_back((token.kind == HtmlToken::Kind::kClose ? "/" : "") + token.name +
                  (token.css.empty() ? "" : "." + token.css) +
                  (token.link.empty() ? "" : "@" + token.link));
  }
  return all;
}

TEST(HtmlTokens, TagsTextsAndEntities) {
  for (const size_t chunk : {size_t{1}, size_t{7}, size_t{1} << 16}) {
    EXPECT_THAT(Tokens("<!DOCTYPE html><html><body CLASS='a b'><!-- <p> --><A "
                       "Href=\"x?a=1&amp;b=2\" >it&#039;s "
                       "&quot;on&quot; &#064;x</A><br/><img src=y.jpg></body>",
                       chunk),
                ElementsAre("html", "body.a b", "a@x?a=1&b=2", "'it's \"on\" @x", "/a", "br",
                            "img@y.jpg", "/body"))
        << chunk;
  }
}

TEST(HtmlTokens, ScriptsAndStylesAreLeftOut) {
  EXPECT_THAT(Tokens("a<script>if (1<2) x('</p>')</script>b<style>p{}</style>c"),
              ElementsAre("'abc"));
}

TEST(HtmlTokens, WhatIsNoTagIsText) {
  EXPECT_THAT(Tokens("1 < 2 <3 &foo; &"), ElementsAre("'1 < 2 <3 &foo; &"));
  EXPECT_THAT(Tokens("<a title=\"x>y\">z</a"), ElementsAre("a", "'z</a"));
  EXPECT_THAT(Tokens("<!-- never ends"), IsEmpty());
  EXPECT_THAT(Tokens("<script>never ends"), IsEmpty());
}

TEST(HtmlTokens, LongTextsAndTagsAreBounded) {
  const std::string text(300'000, 'x');
  EXPECT_THAT(Tokens("<p>" + text), ElementsAre("p", "'" + text));
  const auto tokens = Tokens("<p " + std::string(100'000, 'y') + ">z");
  ASSERT_THAT(tokens, SizeIs(1)) << "a tag longer than any is text";
  std::string open;
  for (int i = 0; i < 500'000; ++i) open += "<a";
  EXPECT_THAT(Tokens(open), ElementsAre("'" + open)) << "and quickly";
}

TEST(HtmlTokens, MalformedBytesAreReplaced) {
  EXPECT_THAT(Tokens("a\xFF"
                     "b"),
              ElementsAre("'a\uFFFDb"));
  EXPECT_THAT(Tokens("été", 1), ElementsAre("'été")) << "a letter is not parted";
}

std::optional<std::string> Date(std::string_view text) {
  const auto time = ParseShownDate(text);
  return time ? std::optional(FormatTime(*time)) : std::nullopt;
}

TEST(ShownDate, OfEachLanguage) {
  EXPECT_EQ(Date("Jan 02, 2026 4:17 pm"), "2026-01-02T16:17:00Z");
  EXPECT_EQ(Date("Jan 2, 2026, 12:05 AM"), "2026-01-02T00:05:00Z");
  EXPECT_EQ(Date("Dec 31, 2021, 12:30 PM"), "2021-12-31T12:30:00Z");
  EXPECT_EQ(Date("févr. 08, 2026 1:17 pm"), "2026-02-08T13:17:00Z");
  EXPECT_EQ(Date("8 juil. 2024 à 16:17"), "2024-07-08T16:17:00Z");
  EXPECT_EQ(Date("02 gen 2026, 16:17:05"), "2026-01-02T16:17:05Z");
  EXPECT_EQ(Date("2 de agosto de 2023 9:05 p. m."), "2023-08-02T21:05:00Z");
  EXPECT_EQ(Date("02. März 2023 09:05 Uhr"), "2023-03-02T09:05:00Z");
  EXPECT_EQ(Date("mrt 02, 2023 9:05 a.m."), "2023-03-02T09:05:00Z");
  EXPECT_EQ(Date("2 de dez. de 2022 21:05"), "2022-12-02T21:05:00Z");
  EXPECT_EQ(Date("2026年1月2日 16:17"), "2026-01-02T16:17:00Z");
  EXPECT_EQ(Date("Feb 08, 2026"), "2026-02-08T00:00:00Z");
}

TEST(ShownDate, OtherTextIsNoDate) {
  for (const std::string_view text :
       {"", "hello", "See you Jan 02, 2026 4:17 pm", "Jan 02", "2026", "Jan 45, 2026", "25:61",
        "02/01/2026 16:17", "jui 02, 2026", "Jan 02, 2026 25:00", "12 monkeys 2026",
        "Jan 02, 2026 4:17 5:18"}) {
    EXPECT_EQ(Date(text), std::nullopt) << text;
  }
}

std::string Page(std::string_view blocks) {
  return "<html><head><title>Ann B</title><style>.x{}</style></head><body><div class=\"_4t5n\" "
         "role=\"main\">" +
         std::string(blocks) + "</div></body></html>";
}
std::string Newer(std::string_view heading, std::string_view body, std::string_view date) {
  return "<div class=\"pam _3-95 _2ph- _a6-g uiBoxWhite noborder\"><h2 class=\"_3-95 _2pim _a6-h "
         "_a6-i\">" +
         std::string(heading) + "</h2><div class=\"_3-95 _a6-p\">" + std::string(body) +
         "</div><div class=\"_3-94 _a6-o\">" + std::string(date) + "</div></div>";
}
std::string Older(std::string_view heading, std::string_view body, std::string_view date) {
  return "<div class=\"pam _3-95 _2pi0 _2lej uiBoxWhite noborder\"><div class=\"_3-96 _2pio _2lek "
         "_2lel\">" +
         std::string(heading) + "</div><div class=\"_3-96 _2let\">" + std::string(body) +
         "</div><div class=\"_3-94 _2lem\">" + std::string(date) + "</div></div>";
}

TEST(Html, PostsOfBothFamilies) {
  constexpr std::string_view kBody =
      "<div><a target=\"_blank\" href=\"media/posts/202407/a_18040222816930131.jpg\"><img "
      "src=\"media/posts/202407/a_18040222816930131.jpg\" class=\"_a6_o _3-96\"/></a><div><table "
      "style=\"table-layout: fixed;\"><tr><td class=\"_2pin _a6_q\">Latitude</td><td>48.5</td></tr>"
      "<tr><td>Longitude</td><td>-4.5</td></tr></table></div></div><div><img "
      "src=\"../../media/posts/202407/b.jpg\"></div>";
  for (const std::string& page : {Page(Newer("It&#039;s s\u00fcnny", kBody,
                                             "Jul 07, 2024 "
                                             "8:35 pm")),
                                  Page(Older("It&#039;s s\u00fcnny", kBody,
                                             "Jul 07, 2024, "
                                             "8:35 PM"))}) {
    const auto read = ReadText("your_instagram_activity/media/posts_2.html", page);
    const auto post = read.Only<account::Post>();
    EXPECT_EQ(post.text, "It's s\u00fcnny");
    EXPECT_EQ(post.time, *ParseTime("2024-07-07T20:35:00Z"));
    EXPECT_THAT(post.evidence, ElementsAre("media:18040222816930131"));
    ASSERT_THAT(post.media, SizeIs(2));
    EXPECT_EQ(post.media[0].place->latitude, 48.5);
    EXPECT_EQ(post.media[1].path, "media/posts/202407/b.jpg");
    EXPECT_EQ(read.counts.understood, 1u);
    ASSERT_THAT(read.issues, SizeIs(1));
    EXPECT_EQ(read.issues[0].code, "coarse_times");
  }
}

TEST(Html, WhatAPlayerSaysIsNoText) {
  const std::string page = Page(
      Newer("",
            "<div><video src=\"media/posts/202407/v_18040222816930131.mp4\" controls=\"1\"><a "
            "href=\"media/posts/202407/v_18040222816930131.mp4\"><div>Click for video:</div></a>"
            "</video></div>",
            "Jul 07, 2024 8:35 pm"));
  const auto post =
      ReadText("your_instagram_activity/media/posts_2.html", page).Only<account::Post>();
  EXPECT_EQ(post.text, "");
  ASSERT_THAT(post.media, SizeIs(1));
  EXPECT_EQ(post.media[0].path, "media/posts/202407/v_18040222816930131.mp4");
}

TEST(Html, StoriesAndProfilePhotos) {
  const std::string page =
      Page(Newer("hi", "<img src=\"media/stories/202401/s.jpg\">", "Jan 02, 2024 4:17 pm"));
  EXPECT_EQ(ReadText("content/stories.html", page).Only<account::Story>().text, "hi");
  EXPECT_THAT(ReadText("content/profile_photos.html", page).Only<account::Profile>().pictures,
              SizeIs(1));
}

TEST(Html, Conversation) {
  const auto read = ReadText(
      "your_instagram_activity/messages/inbox/annb_12345/message_1.html",
      Page(Newer("Ann B",
                 "<div><div></div><div>See you &lt;3<br/>tomorrow</div><div></div><div>"
                 "</div><div><ul "
                 "class=\"_a6-q\"><li><span>❤️Me Too</span></li><li>😂Émilie</li></ul></div></div>",
                 "Jan 02, 2026 4:17 pm") +
           Newer("Me",
                 "<div><div>look</div><div><a href=\"https://www.instagram.com/p/Cx/\">"
                 "https://www.instagram.com/p/Cx/</a></div><div><a "
                 "href=\"your_instagram_activity/messages/inbox/annb_12345/photos/1.jpg\">"
                 "<img "
                 "src=\"your_instagram_activity/messages/inbox/annb_12345/photos/1.jpg\"/></a></"
                 "div></div>",
                 "Jan 02, 2026 4:16 pm") +
           Newer("Me", "", "Jan 02, 2026 4:15 pm")));
  const auto messages = read.All<account::Message>();
  ASSERT_THAT(messages, SizeIs(3));
  EXPECT_EQ(messages[0].sender, "Ann B");
  EXPECT_EQ(messages[0].text, "See you <3\ntomorrow");
  EXPECT_EQ(messages[0].time, *ParseTime("2026-01-02T16:17:00Z"));
  EXPECT_THAT(messages[0].reactions, ElementsAre(account::Reaction{"Me Too", "❤️", std::nullopt},
                                                 account::Reaction{"Émilie", "😂", std::nullopt}));
  EXPECT_EQ(messages[1].text, "look");
  EXPECT_EQ(messages[1].share->link, "https://www.instagram.com/p/Cx/");
  ASSERT_THAT(messages[1].media, SizeIs(1));
  EXPECT_EQ(messages[2].text, "");
  const auto conversation = read.Only<account::Conversation>();
  EXPECT_EQ(conversation.title, "Ann B");
  EXPECT_THAT(conversation.evidence, ElementsAre("folder:12345"));
  EXPECT_EQ(read.counts.seen, 3u);
}

TEST(Html, FollowersAndFollowing) {
  const auto follower =
      ReadText("connections/followers_and_following/followers_1.html",
               Page(Newer("",
                          "<div><div><a target=\"_blank\" href=\"https://www.instagram.com/bob\">"
                          "bob</a></div>"
                          "<div>Feb 08, 2026 1:17 pm</div></div>",
                          "")))
          .Only<account::Connection>();
  EXPECT_EQ(follower.username, "bob");
  EXPECT_EQ(follower.relation, "follower");
  EXPECT_EQ(follower.link, "https://www.instagram.com/bob");
  EXPECT_EQ(follower.time, *ParseTime("2026-02-08T13:17:00Z"));
  const auto following =
      ReadText("connections/followers_and_following/following.html",
               Page(Newer("cat.x",
                          "<div><div><a href=\"https://www.instagram.com/_u/cat.x\">"
                          "https://www.instagram.com/_u/cat.x"
                          "</a></div><div>févr. 08, 2026 1:17 pm</div></div>",
                          "")))
          .Only<account::Connection>();
  EXPECT_EQ(following.username, "cat.x");
  EXPECT_EQ(following.time, *ParseTime("2026-02-08T13:17:00Z"));
}

TEST(Html, LikesSavedAndSearches) {
  const std::string page =
      Page(Newer("bob",
                 "<div><div><a href=\"https://www.instagram.com/p/Cx/\">👍</a></div><div>Feb 08, "
                 "2026 1:17 pm</div></div>",
                 ""));
  const auto like =
      ReadText("your_instagram_activity/likes/liked_posts.html", page).Only<account::Like>();
  EXPECT_EQ(like.owner, "bob");
  EXPECT_EQ(like.link, "https://www.instagram.com/p/Cx/");
  EXPECT_EQ(like.time, *ParseTime("2026-02-08T13:17:00Z"));
  const auto saved =
      ReadText("your_instagram_activity/saved/saved_posts.html", page).Only<account::Saved>();
  EXPECT_THAT(saved.evidence, ElementsAre("post:Cx"));
  const auto search =
      ReadText("logged_information/recent_searches/word_or_phrase_searches.html",
               Page(Newer("",
                          "<table><tr><td>Recherche</td><td>mer</td></tr><tr><td>Heure</td><td>"
                          "févr. 08, 2026 1:17 pm</td></tr></table>",
                          "")))
          .Only<account::Activity>();
  EXPECT_EQ(search.text, "mer");
  EXPECT_EQ(search.time, *ParseTime("2026-02-08T13:17:00Z"));
}

TEST(Html, CommentsAndProfileAreTables) {
  const auto comment =
      ReadText("your_instagram_activity/comments/post_comments_1.html",
               Page(Newer("",
                          "<table style=\"table-layout: fixed;\"><tr><td colspan=\"2\" "
                          "class=\"_2pin _a6_q\">Comment<div><div>so "
                          "&amp; so</div></div></td></tr><tr><td colspan=\"2\">Media Owner<div>"
                          "<div>bob</div></div></td></tr>"
                          "<tr><td>Time</td><td>Feb 08, 2026 1:17 pm</td></tr></table>",
                          "")))
          .Only<account::Comment>();
  EXPECT_EQ(comment.text, "so & so");
  EXPECT_EQ(comment.owner, "bob");
  EXPECT_EQ(comment.time, *ParseTime("2026-02-08T13:17:00Z"));
  const auto profile =
      ReadText("personal_information/personal_information/personal_information.html",
               Page(Newer("",
                          "<table><tr><td>Username</td><td>ann.b</td></tr><tr><td>Bio</td><td>"
                          "hills<br>and "
                          "dales</td></tr></table>",
                          "")))
          .Only<account::Profile>();
  EXPECT_EQ(profile.username, "ann.b");
  EXPECT_EQ(profile.bio, "hills\nand dales");
}

TEST(Html, AnEntryOfAMixedArchiveIsReadFromItsJsonOnly) {
  const auto read = ReadText("content/stories.html",
                             Page(Newer("hi",
                                        "<img "
                                        "src=\"media/stories/202401/s.jpg\">",
                                        "")),
                             {"content/stories.json"});
  EXPECT_THAT(read.records, IsEmpty());
}

TEST(Html, DamagedPagesGiveWhatTheyHave) {
  const std::string page = Page(Newer("a", "<img src=\"media/a.jpg\">", "Jan 02, 2024 4:17 pm") +
                                Newer("b", "<img src=\"media/b.jpg\">", "Jan 02, 2024 4:17 pm"));
  for (size_t length = 0; length <= page.size(); length += 3) {
    const auto read = ReadText("content/posts_1.html", page.substr(0, length));
    EXPECT_FALSE(read.error);
    EXPECT_LE(read.All<account::Post>().size(), 2u);
  }
  EXPECT_THAT(ReadText("content/posts_1.html", "{\"json\":1}").records, IsEmpty());
  EXPECT_THAT(ReadText("content/posts_1.html", "</div></div></table><td>").records, IsEmpty());
  std::string deep = "<div class=\"uiBoxWhite noborder\">";
  for (int i = 0; i < 100'000; ++i) deep += "<div>";
  EXPECT_FALSE(ReadText("content/posts_1.html", deep).error);
}

TEST(Html, ABlockLongerThanAnyIsLeftOut) {
  const auto read = ReadText("content/posts_1.html",
                             Page(Newer(std::string(HtmlBlocks::kMaxBytes + 1, 'x'), "", "") +
                                  Newer("b", "<img src=\"media/b.jpg\">", "Jan 02, 2024 4:17 pm")));
  EXPECT_EQ(read.Only<account::Post>().text, "b");
  EXPECT_EQ(read.counts.seen, 2u);
  EXPECT_EQ(read.issues.at(0).code, "entry_too_large");
}

}  // namespace
}  // namespace valise::services::instagram
