#include "services/instagram/categories.h"

#include <gtest/gtest.h>

#include <map>

#include "services/instagram/test_archive.h"

namespace valise::services::instagram {
namespace {

// What each file of a list is about.
using Cases = std::map<std::string, std::string>;

Cases Told(const Cases& cases) {
  Cases told;
  for (const auto& [path, category] : cases) told.emplace(path, CategoryOf(path));
  return told;
}

TEST(Category, OfTheFirstLayout) {
  const Cases cases = {
      {"seen_content.json", "ads"},
      {"information_about_you.json", "inferred"},
      {"account_history.json", "security"},
      {"devices.json", "security"},
      {"settings.json", "settings"},
      {"shopping.json", "shopping"},
      {"checkout.json", "shopping"},
      {"contacts.json", "contacts"},
      {"uploaded_contacts.json", "contacts"},
      {"autofill.json", "profile"},
      {"profile.json", "profile"},
      {"connections.json", "connections"},
      {"messages.json", "messages"},
      {"media.json", "posts"},
      {"guides.json", "posts"},
      {"comments.json", "activity"},
      {"likes.json", "activity"},
      {"saved.json", "activity"},
      {"searches.json", "activity"},
      {"stories_activities.json", "activity"},
      {"events.json", "activity"},
      {"fundraisers.json", "monetization"},
  };
  EXPECT_EQ(Told(cases), cases);
}

TEST(Category, OfFlatFolders) {
  const Cases cases = {
      {"ads_and_content/ads_viewed.json", "ads"},
      {"ads_and_content/posts_viewed.json", "seen"},
      {"ads_and_content/suggested_accounts_viewed.json", "seen"},
      {"ads_and_content/accounts_you're_not_interested_in.json", "seen"},
      {"ads_and_topics/ads_clicked.json", "ads"},
      {"ads_and_topics/videos_watched.json", "seen"},
      {"ads_and_topics/music_heard_in_stories.json", "seen"},
      {"ads_and_businesses/information_you've_submitted_to_advertisers.json", "ads"},
      {"information_about_you/ads_interests.json", "inferred"},
      {"information_about_you/possible_emails.json", "inferred"},
      {"information_about_you/account_based_in.json", "location"},
      {"your_topics/your_reels_sentiments.json", "inferred"},
      {"login_and_account_creation/logout_activity.json", "security"},
      {"device_information/camera_information.json", "security"},
      {"contacts/synced_contacts.json", "contacts"},
      {"autofill_information/autofill_information.json", "profile"},
      {"account_information/personal_information.json", "profile"},
      {"monetization/eligibility.json", "monetization"},
      {"monetization/no-data.txt", "monetization"},
      {"shopping/recently_viewed_items.json", "shopping"},
      {"comments_settings/comments_allowed_from.json", "settings"},
      {"past_instagram_insights/profiles_reached.json", "activity"},
      {"apps_and_websites/expired_pps.json", "apps_and_websites"},
      {"messages/secret_conversations.json", "messages"},
      {"story_sticker_interactions/polls.json", "activity"},
      {"followers_and_following/surprise.json", "connections"},
      {"content/surprise.json", "posts"},
  };
  EXPECT_EQ(Told(cases), cases);
}

TEST(Category, OfSections) {
  const Cases cases = {
      {"ads_information/ads_and_topics/ads_viewed.json", "ads"},
      {"ads_information/ads_and_topics/posts_viewed.json", "seen"},
      {"ads_information/ads_and_topics/in-app_message.json", "ads"},
      {"ads_information/ads_and_topics/profiles_you_re_not_interested_in.json", "seen"},
      {"ads_information/instagram_ads_and_businesses/subscription_for_no_ads.json", "ads"},
      {"ads_information/surprise.json", "ads"},
      {"personal_information/information_about_you/profile_based_in.json", "location"},
      {"personal_information/information_about_you/locations_of_interest.json", "location"},
      {"personal_information/information_about_you/possible_emails.json", "inferred"},
      {"personal_information/personal_information/surprise.json", "profile"},
      {"personal_information/autofill_information/autofill_information.json", "profile"},
      {"personal_information/device_information/surprise.json", "security"},
      {"security_and_login_information/login_and_profile_creation/surprise.json", "security"},
      {"preferences/your_topics/recommended_topics.json", "inferred"},
      {"preferences/surprise/surprise.json", "settings"},
      {"logged_information/policy_updates_and_permissions/notices.json", "settings"},
      {"logged_information/surprise.json", "activity"},
      {"apps_and_websites_off_of_instagram/apps_and_websites/"
       "your_activity_off_meta_technologies.json",
       "apps_and_websites"},
      {"connections/contacts/surprise.json", "contacts"},
      {"connections/followers_and_following/surprise.json", "connections"},
      {"your_instagram_activity/messages/ai_conversations.json", "messages"},
      {"your_instagram_activity/threads/threads_viewed.json", "threads"},
      {"your_instagram_activity/threads/personal_information.json", "threads"},
      {"your_instagram_activity/shopping/surprise.json", "shopping"},
      {"your_instagram_activity/monetization/no-data.txt", "monetization"},
      {"your_instagram_activity/story_interactions/stories_viewed.json", "seen"},
      {"your_instagram_activity/surprise.json", "activity"},
      {"media/posts/202401/notes.json", "posts"},
  };
  EXPECT_EQ(Told(cases), cases);
}

TEST(Category, OfPages) {
  const Cases cases = {
      {"index.html", "pages"},
      {"start_here.html", "pages"},
      {"ads_information/ads_and_topics/ads_viewed.html", "ads"},
      {"ads_and_topics/posts_viewed.html", "seen"},
  };
  EXPECT_EQ(Told(cases), cases);
}

TEST(Category, APageBesideItsJsonIsAPage) {
  const MemoryArchive archive({"x/your_instagram_activity/media/posts_1.json",
                               "x/your_instagram_activity/media/posts_1.html",
                               "x/ads_information/ads_and_topics/ads_viewed.html"});
  const auto reading = InstagramSource().Begin(archive.listing(), archive);
  ASSERT_TRUE(reading);
  EXPECT_EQ((*reading)->CategoryOf("your_instagram_activity/media/posts_1.html"), "pages");
  EXPECT_EQ((*reading)->CategoryOf("ads_information/ads_and_topics/ads_viewed.html"), "ads");
}

TEST(Category, NamesThatPeopleChooseTellNothing) {
  EXPECT_EQ(CategoryOf("messages/inbox/ads_and_topics/posts_viewed.json"), "messages");
  EXPECT_EQ(CategoryOf("your_instagram_activity/messages/shopping/posts_viewed.json"), "messages");
  EXPECT_EQ(CategoryOf("media/posts/ads_information.json"), "posts");
}

TEST(Category, WhatNothingTellsOfIsOther) {
  for (const std::string_view path :
       {"", "/", "//", ".json", "surprise.json", "ads_information", "ads_information.json",
        "shopping.txt", "surprise/ads_and_topics/x.json", "/ads_information/x.json",
        "your_facebook_activity/posts/your_posts_1.json", "../ads_information/x.json"}) {
    EXPECT_EQ(CategoryOf(path), "other") << path;
  }
}

}  // namespace
}  // namespace valise::services::instagram
