// HTML archives: blocks, and files of both families of classes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/instagram/html_block.h"
#include "services/instagram/test_archive.h"

namespace valise::services::instagram {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

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

std::string Table(std::vector<std::pair<std::string, std::string>> rows, bool nested = false) {
  std::string table = "<table style=\"table-layout: fixed;\">";
  for (const auto& [label, value] : rows) {
    const std::string parted = nested ? "<div><div>" + value + "</div></div>" : "</td><td>" + value;
    table += "<tr><td class=\"_2pin _a6_q\">" + label + parted + "</td></tr>";
  }
  return table + "</table>";
}

TEST(Html, ADayInATableIsWhatSomebodyWrote) {
  const auto profile =
      ReadText("personal_information/personal_information/personal_information.html",
               Page(Newer("", Table({{"Username", "ann"}, {"Date of birth", "2003-05-04"}}), "")))
          .Only<account::Profile>();
  EXPECT_EQ(profile.birthday, "2003-05-04");
  const auto comments = ReadText("your_instagram_activity/comments/post_comments_1.html",
                                 Page(Newer("",
                                            Table({{"Comment", "May 5, 2018 4:17 pm"},
                                                   {"Media Owner", "bob"},
                                                   {"Time", "Feb 08, 2026 1:17 pm"}}),
                                            "")));
  EXPECT_EQ(comments.Only<account::Comment>().text, "May 5, 2018 4:17 pm");
  EXPECT_EQ(comments.Only<account::Comment>().time, *ParseTime("2026-02-08T13:17:00Z"));
  const auto change = ReadText("personal_information/personal_information/profile_changes.html",
                               Page(Newer("",
                                          Table({{"Changed", "Date of birth"},
                                                 {"Previous Value", "2001-01-01"},
                                                 {"New Value", "2003-05-04"},
                                                 {"Change Date", "Feb 08, 2026 1:17 pm"}}),
                                          "")))
                          .Only<account::Activity>();
  EXPECT_EQ(change.text, "2003-05-04");
  EXPECT_EQ(change.time, *ParseTime("2026-02-08T13:17:00Z"));
}

TEST(Html, AnEmptyCellLeavesItsLabelALabel) {
  for (const bool nested : {false, true}) {
    const auto comment =
        ReadText(
            "your_instagram_activity/comments/post_comments_1.html",
            Page(Newer("",
                       "<img src=\"media/other/g.gif\">" + Table({{"Kommentar", ""},
                                                                  {"Medieninhaber", "bob"},
                                                                  {"Zeit", "Feb 08, 2026 1:17 pm"}},
                                                                 nested),
                       "")))
            .Only<account::Comment>();
    EXPECT_EQ(comment.text, "") << nested;
    EXPECT_EQ(comment.owner, "bob");
    EXPECT_THAT(comment.media, SizeIs(1));
  }
}

TEST(Html, ALinkAndItsTimeAreOneWhereverTheyStand) {
  const std::string link =
      "<a href=\"https://www.instagram.com/p/Cx/\">https://www.instagram.com/p/Cx/</a>";
  const std::string date = "Feb 08, 2026 1:17 pm";
  for (const std::string& page :
       {Newer("bob", Table({{"Saved on", "<div>" + link + "</div><div>" + date + "</div>"}}), ""),
        Newer("bob", Table({{"Saved on", link + "<div>" + date + "</div>"}}, true), ""),
        Newer("bob",
              Table({{"Saved on", "<a href=\"https://www.instagram.com/p/Cx/\">" + date + "</a>"}}),
              ""),
        Newer("bob", Table({{"URL", link}}), date),
        Newer("bob", Table({{"URL", link}, {"Saved on", date}}), "")}) {
    const auto saved = ReadText("your_instagram_activity/saved/saved_posts.html", Page(page))
                           .Only<account::Saved>();
    EXPECT_EQ(saved.owner, "bob") << page;
    EXPECT_EQ(saved.link, "https://www.instagram.com/p/Cx/") << page;
    EXPECT_EQ(saved.time, *ParseTime("2026-02-08T13:17:00Z")) << page;
  }
}

TEST(Html, ALoginHasTheTimeOfThePagesClock) {
  const auto login =
      ReadText(
          "security_and_login_information/login_and_profile_creation/login_activity.html",
          Page(Newer("2024-06-29T22:26:40+00:00",
                     Table({{"IP Address", "1.2.3.4"}, {"Time", "Jun 29, 2024 2:26 pm"}}), "")))
          .Only<account::Activity>();
  EXPECT_EQ(login.time, *ParseTime("2024-06-29T14:26:00Z"));
}

TEST(Html, DatesThatCannotBeReadAreTold) {
  const auto read = ReadText("content/posts_1.html",
                             Page(Newer("a", "<img src=\"media/a.jpg\">", "Ağu 02, 2024 4:17 ös") +
                                  Newer("b", "<img src=\"media/b.jpg\">", "Jan 02, 2024 4:17 pm")));
  EXPECT_EQ(read.counts.understood, 2u);
  ASSERT_THAT(read.issues, SizeIs(2));
  EXPECT_EQ(read.issues[0].code, "unreadable_times");
  EXPECT_EQ(read.issues[0].count, 1u);
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
