// Archives of several years and generations: what is the same, and what is not
// (docs/formats/merging.md).
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "library/erase.h"
#include "library/testing.h"

namespace valise::library {
namespace {

using testing::ElementsAre;
using testing::SizeIs;
using testing::UnorderedElementsAre;

constexpr std::string_view kWhen = "2019-06-01T10:00:02Z";
constexpr int64_t kMillis = 1'559'383'202'000;

TestArchive Archive(std::string_view date, std::vector<account::Record> records) {
  TestArchive archive;
  archive.date = date;
  archive.data = {{"list.json", std::move(records)}};
  return archive;
}
TestArchive Pages(std::string_view date, std::vector<account::Record> records) {
  TestArchive archive = Archive(date, std::move(records));
  archive.coarse_times = true;
  return archive;
}

// A post as G1 tells it, and as later archives do: media are a little older than the post.
account::Post Early(std::string text, std::string path) {
  account::Post post = TestPost("", kWhen, std::move(text));
  post.media = {TestItem(std::move(path))};
  post.media[0].time = post.time;
  return post;
}
account::Post Later(std::string evidence, std::string text, std::string path) {
  account::Post post = Early(std::move(text), std::move(path));
  post.evidence = {std::move(evidence)};
  post.media[0].time = *post.time - std::chrono::seconds(2);
  return post;
}

// Takes the archives in, in both orders.
template <typename Check>
void BothWays(const TestArchive& a, const TestArchive& b, Check check) {
  for (const bool turned : {false, true}) {
    SCOPED_TRACE(turned ? "turned round" : "in order");
    TestLibrary library;
    library.Import(turned ? b : a);
    const ImportReport report = library.Import(turned ? a : b);
    check(library, report);
  }
}

TEST(Years, APostOfG1IsFoundByItsOwnSecond) {
  account::Post early = Early("sea", "photos/201906/abc.jpg");
  early.place = account::Place{.name = "Port-Lorne"};
  BothWays(Archive("2020-01-01T00:00:00Z", {early}),
           Archive("2021-01-01T00:00:00Z", {Later("media:1", "Sea!", "media/posts/x_1.jpg")}),
           [](TestLibrary& library, const ImportReport&) {
             const auto posts = library.Records<account::Post>();
             ASSERT_THAT(posts, SizeIs(1));
             EXPECT_EQ(posts[0].text, "Sea!");
             EXPECT_EQ(posts[0].place->name, "Port-Lorne");
             EXPECT_THAT(posts[0].evidence, ElementsAre("media:1"));
             EXPECT_EQ(posts[0].media[0].path, "media/posts/x_1.jpg");
           });
}

TEST(Years, PostsOfOneSecondPairByTheirCaptions) {
  BothWays(
      Archive("2020-01-01T00:00:00Z", {Early("one", "a"), Early("two", "b"), Early("three", "c")}),
      Archive("2021-01-01T00:00:00Z",
              {Later("media:3", "three", "z"), Later("media:1", "one", "x")}),
      [](TestLibrary& library, const ImportReport&) {
        std::map<std::string, std::vector<std::string>> found;
        for (const auto& post : library.Records<account::Post>()) found[post.text] = post.evidence;
        EXPECT_EQ(found, (std::map<std::string, std::vector<std::string>>{
                             {"one", {"media:1"}}, {"two", {}}, {"three", {"media:3"}}}));
      });
}

TEST(Years, TwoPostsWithEvidenceOfOneSecondAreTwo) {
  BothWays(Archive("2020-01-01T00:00:00Z", {Later("media:1", "sea", "a")}),
           Archive("2021-01-01T00:00:00Z", {Later("media:2", "sea", "a")}),
           [](TestLibrary& library, const ImportReport&) {
             EXPECT_THAT(library.Records<account::Post>(), SizeIs(2));
           });
}

account::Saved SavedPost(std::string evidence, std::string collection) {
  account::Saved saved;
  saved.time = *ParseTime(kWhen);
  saved.owner = "bob";
  if (!evidence.empty()) saved.evidence = {std::move(evidence)};
  saved.collection = std::move(collection);
  return saved;
}

TEST(Years, WhatIsSavedAndInACollectionTakesOnePlaceInItsSlot) {
  BothWays(Archive("2020-01-01T00:00:00Z", {SavedPost("", "")}),
           Archive("2021-01-01T00:00:00Z", {SavedPost("post:a", ""), SavedPost("post:a", "Cakes")}),
           [](TestLibrary& library, const ImportReport&) {
             const auto saved = library.Records<account::Saved>();
             ASSERT_THAT(saved, SizeIs(1));
             EXPECT_EQ(saved[0].collection, "Cakes");
             EXPECT_THAT(saved[0].evidence, ElementsAre("post:a"));
           });
}

account::Like LikeOf(std::string owner, std::string link) {
  account::Like like;
  like.list = "posts";
  like.time = *ParseTime(kWhen);
  like.owner = std::move(owner);
  like.link = std::move(link);
  return like;
}

TEST(Years, LikesOfOneSecondPairByTheirOwners) {
  BothWays(
      Archive("2020-01-01T00:00:00Z", {LikeOf("ann", ""), LikeOf("bob", "")}),
      Archive("2021-01-01T00:00:00Z", {LikeOf("bob", "https://x/b"), LikeOf("ann", "https://x/a")}),
      [](TestLibrary& library, const ImportReport& report) {
        EXPECT_EQ(report.kinds[static_cast<size_t>(account::Kind::kLike)].added, 0u);
        std::map<std::string, std::string> links;
        for (const auto& like : library.Records<account::Like>()) links[like.owner] = like.link;
        EXPECT_EQ(links, (std::map<std::string, std::string>{{"ann", "https://x/a"},
                                                             {"bob", "https://x/b"}}));
      });
}

std::vector<account::Record> Talk(int64_t offset, std::vector<account::Message> messages) {
  std::vector<account::Record> records{TestConversation("folder:1", "Ann")};
  for (account::Message& message : messages) {
    message.time = FromMillis(ToMillis(*message.time) + offset);
    records.push_back(std::move(message));
  }
  return records;
}

TEST(CoarseTimes, GiveWayToExactOnes) {
  const std::vector<account::Message> exact = {TestMessage("folder:1", kMillis + 40'250, "two"),
                                               TestMessage("folder:1", kMillis + 250, "one")};
  std::vector<account::Message> coarse = exact;
  for (auto& message : coarse) message.time = FromMillis(kMillis - 2'000);
  BothWays(Archive("2021-01-01T00:00:00Z", Talk(0, exact)),
           Pages("2024-01-01T00:00:00Z", Talk(0, coarse)),
           [](TestLibrary& library, const ImportReport& report) {
             EXPECT_EQ(report.kinds[static_cast<size_t>(account::Kind::kMessage)].added, 0u);
             const auto messages = library.Records<account::Message>();
             ASSERT_THAT(messages, SizeIs(2));
             EXPECT_EQ(messages[0].text, "one");
             EXPECT_EQ(ToMillis(*messages[0].time), kMillis + 250);
             EXPECT_EQ(ToMillis(*messages[1].time), kMillis + 40'250);
           });
}

TEST(CoarseTimes, AreNoReasonToTakeTwoForOne) {
  account::Message shared = TestMessage("folder:1", kMillis, "look");
  shared.share = account::Share{.link = "https://x/1"};
  account::Message other = shared;
  other.share->link = "https://x/2";
  other.time = FromMillis(kMillis - 2'000);
  const account::Message by_another = TestMessage("folder:1", kMillis - 2'000, "look", "Bob");
  const account::Message later = TestMessage("folder:1", kMillis + 58'000, "look");
  BothWays(Archive("2021-01-01T00:00:00Z", Talk(0, {shared})),
           Pages("2024-01-01T00:00:00Z", Talk(0, {other, by_another, later})),
           [](TestLibrary& library, const ImportReport&) {
             EXPECT_THAT(library.Records<account::Message>(), SizeIs(4));
           });
}

TEST(CoarseTimes, ExactRecordsOfOneMinuteStayApart) {
  BothWays(Archive("2021-01-01T00:00:00Z", Talk(0, {TestMessage("folder:1", kMillis, "ok")})),
           Archive("2024-01-01T00:00:00Z", Talk(1'000, {TestMessage("folder:1", kMillis, "ok")})),
           [](TestLibrary& library, const ImportReport&) {
             EXPECT_THAT(library.Records<account::Message>(), SizeIs(2));
           });
}

std::vector<account::Record> LongTalk(std::string evidence, int first, int count) {
  std::vector<account::Record> records{TestConversation(evidence, "Ann")};
  for (int i = first; i < first + count; ++i) {
    records.push_back(TestMessage(evidence, kMillis + i * 60'000, fmt::format("text {}", i)));
  }
  return records;
}

TEST(Bridges, AreFoundWhereOnlyTheEndsMeet) {
  BothWays(Archive("2020-01-01T00:00:00Z", LongTalk("users:ann,me", 0, 3)),
           Archive("2021-01-01T00:00:00Z", LongTalk("folder:9", 0, 3'000)),
           [](TestLibrary& library, const ImportReport&) {
             EXPECT_THAT(library.Records<account::Message>(), SizeIs(3'000));
             const auto conversations = library.Records<account::Conversation>();
             ASSERT_THAT(conversations, SizeIs(1));
             EXPECT_THAT(conversations[0].evidence,
                         UnorderedElementsAre("users:ann,me", "folder:9"));
           });
}

TEST(Bridges, AreNotFoundByTwoMessagesOfMany) {
  BothWays(Archive("2020-01-01T00:00:00Z", LongTalk("folder:1", 0, 10)),
           Archive("2021-01-01T00:00:00Z", LongTalk("folder:2", 8, 10)),
           [](TestLibrary& library, const ImportReport&) {
             EXPECT_THAT(library.Records<account::Conversation>(), SizeIs(2));
           });
}

TEST(Bridges, LeadToTheConversationWithTheMostInCommon) {
  auto first = LongTalk("folder:1", 0, 20);
  const auto second = LongTalk("folder:2", 100, 20);
  for (int i = 0; i < 4; ++i) {  // said to both at once
    first.push_back(
        TestMessage("folder:1", kMillis + (100 + i) * 60'000, fmt::format("text {}", 100 + i)));
  }
  first.insert(first.end(), second.begin(), second.end());
  TestLibrary library;
  library.Import(Archive("2020-01-01T00:00:00Z", first));
  library.Import(Archive("2021-01-01T00:00:00Z", LongTalk("folder:3", 100, 20)));
  for (const auto& conversation : library.Records<account::Conversation>()) {
    const bool second_one = conversation.evidence.front() == "folder:2";
    EXPECT_EQ(conversation.evidence.size(), second_one ? 2u : 1u) << conversation.evidence.front();
  }
}

TEST(Reactions, UnderAUserNameAndADisplayNameAreOne) {
  account::Message early = TestMessage("folder:1", kMillis, "hi", "bob.b");
  early.reactions = {{"ann", "\u2764", *ParseTime(kWhen)}};
  account::Message later = TestMessage("folder:1", kMillis, "hi", "Bob B");
  later.reactions = {{"Ann A", "\u2764\uFE0F", {}}, {"Cat C", "😂", {}}};
  BothWays(Archive("2020-01-01T00:00:00Z", Talk(0, {early})),
           Archive("2021-01-01T00:00:00Z", Talk(0, {later})),
           [](TestLibrary& library, const ImportReport&) {
             const auto messages = library.Records<account::Message>();
             ASSERT_THAT(messages, SizeIs(1));
             EXPECT_THAT(
                 messages[0].reactions,
                 UnorderedElementsAre(account::Reaction{"Ann A", "\u2764\uFE0F", *ParseTime(kWhen)},
                                      account::Reaction{"Cat C", "😂", {}}));
           });
}

TEST(Reactions, OfTwoPeopleAreTwo) {
  account::Message early = TestMessage("folder:1", kMillis, "hi", "Bob");
  early.reactions = {{"Ann", "😂", {}}};
  account::Message later = early;
  later.reactions = {{"Cat", "😂", {}}};
  BothWays(Archive("2020-01-01T00:00:00Z", Talk(0, {early})),
           Archive("2021-01-01T00:00:00Z", Talk(0, {later})),
           [](TestLibrary& library, const ImportReport&) {
             EXPECT_THAT(library.Records<account::Message>().at(0).reactions, SizeIs(2));
           });
}

void Forget(TestLibrary& library, const Key& key) {
  const auto report = Erase(*library, {.records = {key}}, library.clock());
  ASSERT_TRUE(report) << report.error().message;
}

TEST(Forgotten, APostStaysAwayFromG1) {
  for (const bool early_first : {false, true}) {
    TestLibrary library;
    const TestArchive early =
        Archive("2020-01-01T00:00:00Z", {Early("sea", "a"), Early("another", "b")});
    const TestArchive later = Archive(
        "2021-01-01T00:00:00Z", {Later("media:1", "sea", "x"), Later("media:2", "another", "y")});
    library.Import(early_first ? early : later);
    for (const auto& post : library.Records<account::Post>()) {
      if (post.text == "sea") Forget(library, *post.key);
    }
    library.Import(early_first ? later : early);
    const auto posts = library.Records<account::Post>();
    ASSERT_THAT(posts, SizeIs(1));
    EXPECT_EQ(posts[0].text, "another");
  }
}

TEST(Forgotten, AMessageStaysAwayFromPages) {
  TestLibrary library;
  const std::vector<account::Message> exact = {TestMessage("folder:1", kMillis + 1'250, "hush"),
                                               TestMessage("folder:1", kMillis + 250, "hi")};
  std::vector<account::Message> coarse = exact;
  for (auto& message : coarse) message.time = FromMillis(kMillis - 2'000);
  coarse.push_back(TestMessage("folder:1", kMillis - 62'000, "hush"));
  library.Import(Archive("2021-01-01T00:00:00Z", Talk(0, exact)));
  for (const auto& message : library.Records<account::Message>()) {
    if (message.text == "hush") Forget(library, *message.key);
  }
  library.Import(Pages("2024-01-01T00:00:00Z", Talk(0, coarse)));
  std::vector<int64_t> times;
  for (const auto& message : library.Records<account::Message>()) {
    if (message.text == "hush") times.push_back(ToMillis(*message.time));
  }
  EXPECT_THAT(times, ElementsAre(kMillis - 62'000)) << "what was said a minute before stays";
}

}  // namespace
}  // namespace valise::library
