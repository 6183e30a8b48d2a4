// Searches, logins, devices and the other lists that become activity, in each envelope.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/instagram/test_archive.h"

namespace valise::services::instagram {
namespace {

using account::Activity;
using account::Detail;
using testing::ElementsAre;
using testing::IsEmpty;

Activity OnlyOf(std::string_view path, std::string_view json) {
  const auto read = ReadText(path, json);
  EXPECT_EQ(read.counts.seen, 1u) << path;
  EXPECT_EQ(read.counts.understood, 1u) << path;
  EXPECT_THAT(read.issues, IsEmpty()) << path;
  return read.Only<Activity>();
}

TEST(Activity, SearchesAsMapsInAnyLanguage) {
  const auto english =
      OnlyOf("recent_searches/account_searches.json",
             R"({"searches_user":[{"title":"","media_map_data":{},"string_map_data":{
      "Search":{"href":"","value":"bob","timestamp":0},"Time":{"href":"","value":"",
      "timestamp":1638689473}}}]})");
  EXPECT_EQ(english.list, "profile_searches");
  EXPECT_EQ(english.text, "bob");
  EXPECT_EQ(english.time, FromSeconds(1638689473));
  EXPECT_THAT(english.details, ElementsAre(Detail{"Search", "bob"}));
  const auto french =
      OnlyOf("logged_information/recent_searches/word_or_phrase_searches.json",
             R"({"searches_keyword":[{"string_map_data":{"Recherche":{"value":"caf\u00c3\u00a9"},
      "Heure":{"timestamp":1638689473}}}]})");
  EXPECT_EQ(french.list, "word_searches");
  EXPECT_EQ(french.text, "café");
  EXPECT_EQ(french.time, FromSeconds(1638689473));
}

TEST(Activity, SearchesAsListsAndLabels) {
  const auto list = OnlyOf("logged_information/recent_searches/profile_searches.json",
                           R"({"searches_user":[{"title":"bob","string_list_data":
      [{"href":"https://www.instagram.com/bob","timestamp":1700000000}]}]})");
  EXPECT_EQ(list.text, "bob");
  EXPECT_EQ(list.link, "https://www.instagram.com/bob");
  EXPECT_THAT(list.details, IsEmpty());
  const auto label =
      OnlyOf("logged_information/recent_searches/tag_searches.json",
             R"([{"timestamp":1700000001,"media":[],"label_values":[{"label":"Zoekopdracht",
      "value":"zee"}],"fbid":"1"}])");
  EXPECT_EQ(label.text, "zee");
  EXPECT_EQ(label.time, FromSeconds(1700000001));
}

TEST(Activity, StickersInBothFolders) {
  for (const std::string path : {"story_sticker_interactions/polls.json",
                                 "your_instagram_activity/story_interactions/polls.json"}) {
    const auto poll = OnlyOf(
        path,
        R"({"story_activities_polls":[{"title":"bob","string_list_data":[{"href":"","value":"Yes",
      "timestamp":1600000000}]}]})");
    EXPECT_EQ(poll.list, "polls");
    EXPECT_EQ(poll.text, "bob");
    EXPECT_THAT(poll.details, ElementsAre(Detail{"", "Yes"}));
  }
}

TEST(Activity, LoginsShowTheDevice) {
  const auto login =
      OnlyOf("login_and_account_creation/login_activity.json",
             R"({"account_history_login_history":[{"title":"2021-12-05T07:31:13+00:00",
      "media_map_data":{},"string_map_data":{
        "Cookie Name":{"href":"","value":"*******","timestamp":0},
        "IP Address":{"href":"","value":"203.0.113.7","timestamp":0},
        "Time":{"href":"","value":"","timestamp":1638689473},
        "User Agent":{"href":"","value":"Instagram 200.0 Android","timestamp":0}}}]})");
  EXPECT_EQ(login.list, "logins");
  EXPECT_EQ(login.text, "Instagram 200.0 Android");
  EXPECT_EQ(login.time, FromSeconds(1638689473));
  EXPECT_EQ(login.details.size(), 3u);
  const auto bare =
      OnlyOf("security_and_login_information/login_and_profile_creation/logout_activity.json",
             R"({"account_history_logout_history":[{"title":"2021-12-05T07:31:13+00:00",
      "string_map_data":{}}]})");
  EXPECT_EQ(bare.time, *ParseTime("2021-12-05T07:31:13Z"));
  EXPECT_EQ(bare.text, "");
}

TEST(Activity, DevicesAndTheirOtherTimes) {
  const auto device = OnlyOf(
      "device_information/devices.json",
      R"({"devices_devices":[{"title":"","string_map_data":{"Last Login":{"timestamp":1600000000},
      "User Agent":{"value":"Mozilla/5.0 X11"},
         "First seen":{"timestamp":1500000000}
}
}]
})");
  EXPECT_EQ(device.list, "devices");
  EXPECT_EQ(device.text, "Mozilla/5.0 X11");
  EXPECT_EQ(device.time, FromSeconds(1600000000));
  EXPECT_THAT(device.details, ElementsAre(Detail{"User Agent", "Mozilla/5.0 X11"},
                                          Detail{"First seen", "2017-07-14T02:40:00Z"}));
}

TEST(Activity, ProfileChangesShowTheNewValue) {
  const auto change =
      OnlyOf("personal_information/personal_information/profile_changes.json",
             R"({"profile_profile_change":[{"title":"","string_map_data":{"Changed":{"value":"Bio"},
      "Previous Value":{"value":"old"},
          "New Value":{"value":"new"},"Change Date":{"timestamp":1600000000}}}]})");
  EXPECT_EQ(change.list, "profile_changes");
  EXPECT_EQ(change.text, "new");
  EXPECT_EQ(change.details.size(), 3u);
  EXPECT_EQ(change.time, FromSeconds(1600000000));
}

TEST(Activity, AProfileHasManyTimes) {
  const auto info =
      OnlyOf("account_information/account_information.json",
             R"({"profile_account_insights":[{"title":"","string_map_data":{"Contact Syncing":
      {"value":"False"},"Last Login":{"timestamp":1600000000}}}]})");
  EXPECT_EQ(info.list, "profile_information");
  EXPECT_EQ(info.time, std::nullopt);
  EXPECT_EQ(info.text, "account_information");
  EXPECT_THAT(info.details, ElementsAre(Detail{"Contact Syncing", "False"},
                                        Detail{"Last Login", "2020-09-13T12:26:40Z"}));
}

TEST(Activity, EverySettingIsNamedByItsFile) {
  const auto setting = OnlyOf(
      "preferences/settings/comments_allowed_from.json",
      R"({"settings_allow_comments_from":[{"title":"","string_map_data":{"Comments Allowed From":
      {"value":"Everyone"}}}]})");
  EXPECT_EQ(setting.list, "settings");
  EXPECT_EQ(setting.text, "comments_allowed_from");
  EXPECT_THAT(setting.details, ElementsAre(Detail{"Comments Allowed From", "Everyone"}));
  const auto consent = OnlyOf(
      "preferences/settings/consents.json",
      R"({"timestamp":0,"media":[],"label_values":[{"label":"Personalised ads","value":"No"}]})");
  EXPECT_EQ(consent.text, "consents");
}

TEST(Activity, GroupsAreNamedBeforeTheirLabels) {
  const auto note =
      OnlyOf("personal_information/personal_information/note_and_repost_interactions.json",
             R"([{"timestamp":1700000000,"media":[],"label_values":[{"title":"Author","dict":
      [{"title":"","dict":[
         {"label":"URL","value":"https://www.instagram.com/bob"},{"label":"Username",
      "value":"bob"}]}]}]}])");
  EXPECT_EQ(note.text, "bob");
  EXPECT_EQ(note.link, "https://www.instagram.com/bob");
  EXPECT_THAT(note.details, ElementsAre(Detail{"Author: URL", "https://www.instagram.com/bob"},
                                        Detail{"Author: Username", "bob"}));
}

TEST(Activity, LinksVisited) {
  const auto visit =
      OnlyOf("logged_information/link_history/link_history.json",
             R"([{"timestamp":0,"media":[],"label_values":[{"label":"Website session start time",
      "timestamp_value":1700000000},
      {"label":"Title","value":"News"},{"label":"Link","value":"https://example.org/"}]}])");
  EXPECT_EQ(visit.list, "links_visited");
  EXPECT_EQ(visit.text, "News");
  EXPECT_EQ(visit.link, "https://example.org/");
  EXPECT_EQ(visit.time, FromSeconds(1700000000));
}

TEST(Activity, InsightsHaveTheThumbnailsMoment) {
  const auto insight =
      OnlyOf("past_instagram_insights/posts.json",
             R"({"organic_insights_posts":[{"title":"","media_map_data":{"Media Thumbnail":
      {"uri":"media/other/1.jpg","creation_timestamp":1600000000}},
         "string_map_data":{"Likes":{"value":"12"},"Caption":{"value":"sea"}}}]})");
  EXPECT_EQ(insight.list, "insights_posts");
  EXPECT_EQ(insight.text, "sea");
  EXPECT_EQ(insight.time, FromSeconds(1600000000));
  ASSERT_EQ(insight.media.size(), 1u);
}

TEST(Activity, TwoFilesOfOneNameAreTwoThings) {
  const auto reels =
      OnlyOf("your_instagram_activity/subscriptions/reels.json",
             R"({"subscriptions_reels":[{"string_map_data":{"Name":{"value":"bob"}}}]})");
  EXPECT_EQ(reels.list, "subscriptions");
  EXPECT_THAT(
      ReadText("your_instagram_activity/threads/personal_information.json", "{\"a\":1}").records,
      IsEmpty());
}

TEST(Activity, EntriesWithoutAnythingAreNotUnderstood) {
  const auto read =
      ReadText("story_sticker_interactions/quizzes.json",
               R"({"story_activities_quizzes":[{"title":"","string_list_data":[]},{"x":1}]})");
  EXPECT_THAT(read.records, IsEmpty());
  EXPECT_EQ(read.counts.seen, 2u);
  EXPECT_EQ(read.counts.understood, 0u);
}

TEST(Activity, OfLabelsTheUserNameIsTheText) {
  const auto poll = ReadText("your_instagram_activity/story_interactions/polls.json",
                             R"([{"timestamp":5,"media":[],"fbid":"1","label_values":[
      {"title":"Owner","dict":[{"title":"","dict":[{"label":"URL","value":""},
      {"label":"Name","value":"Ann A"},{"label":"Username","value":"ann"}]}]}]}])")
                        .Only<account::Activity>();
  EXPECT_EQ(poll.text, "ann");
}

}  // namespace
}  // namespace valise::services::instagram
