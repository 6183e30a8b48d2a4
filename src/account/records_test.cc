#include "account/records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "account/record_sink.h"

namespace valise::account {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pointee;

std::vector<std::string> Paths(const Record& record) {
  std::vector<std::string> paths;
  for (const MediaItem* item : MediaOf(record)) paths.push_back(item->path);
  return paths;
}

TEST(Kind, NamesAreReadBack) {
  for (size_t i = 0; i < kKindCount; ++i) {
    const auto kind = static_cast<Kind>(i);
    EXPECT_EQ(ParseKind(KindName(kind)), kind);
    EXPECT_FALSE(KindPlural(kind).empty());
  }
  EXPECT_EQ(KindPlural(Kind::kStory), "stories");
  EXPECT_EQ(ParseKind("posts"), std::nullopt);
  EXPECT_EQ(ParseKind(""), std::nullopt);
}

TEST(Kind, IsTheVariantsOrder) {
  EXPECT_EQ(KindOf(Profile{}), Kind::kProfile);
  EXPECT_EQ(KindOf(Post{}), Kind::kPost);
  EXPECT_EQ(KindOf(Story{}), Kind::kStory);
  EXPECT_EQ(KindOf(Comment{}), Kind::kComment);
  EXPECT_EQ(KindOf(Conversation{}), Kind::kConversation);
  EXPECT_EQ(KindOf(Message{}), Kind::kMessage);
  EXPECT_EQ(KindOf(Connection{}), Kind::kConnection);
  EXPECT_EQ(KindOf(Like{}), Kind::kLike);
  EXPECT_EQ(KindOf(Saved{}), Kind::kSaved);
  EXPECT_EQ(KindOf(Activity{}), Kind::kActivity);
}

TEST(Record, CommonIsReachedThroughTheVariant) {
  Record record = Message{};
  CommonOf(record).evidence = {"a"};
  EXPECT_THAT(std::as_const(record), testing::Truly([](const Record& r) {
                return CommonOf(r).evidence == std::vector<std::string>{"a"};
              }));
}

TEST(Record, TimeOfProfileAndConversationIsNone) {
  Profile profile;
  profile.joined = FromSeconds(1);
  EXPECT_EQ(TimeOf(profile), std::nullopt);
  EXPECT_EQ(TimeOf(Conversation{}), std::nullopt);
  Saved saved;
  saved.time = FromSeconds(7);
  EXPECT_EQ(TimeOf(saved), FromSeconds(7));
}

TEST(Record, MediaIncludesSubtitlesInOrder) {
  Post post;
  post.media = {{.path = "a.mp4", .subtitles = {{.path = "a.srt"}}}, {.path = "b.jpg"}};
  EXPECT_THAT(Paths(post), ElementsAre("a.mp4", "a.srt", "b.jpg"));
  Record record = post;
  MediaOf(record)[1]->size = 5;
  EXPECT_EQ(std::get<Post>(record).media[0].subtitles[0].size, 5u);
}

TEST(Record, MediaOfEachKind) {
  Profile profile;
  profile.pictures = {{.path = "p.jpg"}};
  EXPECT_THAT(Paths(profile), ElementsAre("p.jpg"));
  Story story;
  EXPECT_THAT(Paths(story), IsEmpty());
  story.media.path = "s.jpg";
  EXPECT_THAT(Paths(story), ElementsAre("s.jpg"));
  Conversation conversation;
  conversation.picture = MediaItem{.path = "c.jpg"};
  EXPECT_THAT(Paths(conversation), ElementsAre("c.jpg"));
  Message message;
  message.media = {{.path = "m.jpg"}};
  EXPECT_THAT(Paths(message), ElementsAre("m.jpg"));
  Activity activity;
  activity.media = {{.path = "a.jpg"}};
  EXPECT_THAT(Paths(activity), ElementsAre("a.jpg"));
  EXPECT_THAT(Paths(Like{}), IsEmpty());
}

TEST(Record, MissingMediaAreFilesThatDidNotCome) {
  Post post;
  post.media = {{.digest = Sha256("a"), .path = "a.mp4", .subtitles = {{.path = "a.srt"}}},
                {.path = "b.jpg"},
                {.path = "https://example.org/c.jpg"}};
  EXPECT_EQ(MissingMediaOf(post), 2u);
  EXPECT_EQ(MissingMediaOf(Story{}), 0u);
  EXPECT_EQ(MissingMediaOf(Like{}), 0u);
}

TEST(Fate, NamesDiffer) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Fate::kRedacted); ++i) {
    names.insert(FateName(static_cast<Fate>(i)));
  }
  EXPECT_EQ(names.size(), 7u);
  EXPECT_EQ(names.count(""), 0u);
}

}  // namespace
}  // namespace valise::account
