// Parts of an archive that come one after the other, in any order.
#include "library/fill_media.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "library/document.h"
#include "library/erase.h"
#include "library/index.h"
#include "library/media_paths.h"
#include "library/testing.h"

namespace valise::library {
namespace {

using account::Kind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr int64_t kNoon2023 = 1'690'000'000'000;
constexpr std::string_view kDay = "2024-01-01T00:00:00Z";

account::Post PostWith(const std::string& path) {
  account::Post post = TestPost("media:1", "2023-07-07T20:35:31Z", "a day at the sea");
  post.media = {TestItem(path)};
  return post;
}

TestArchive Records(std::string_view date = kDay) {
  TestArchive part{.date = std::string(date)};
  part.data["posts.json"] = {PostWith("media/a.jpg")};
  return part;
}

TestArchive Media(std::map<std::string, std::string> media, std::string_view date = kDay) {
  return {.date = std::string(date), .data = {}, .media = std::move(media)};
}

uint64_t MissingIn(TestLibrary& library) {
  uint64_t missing = 0;
  for (const DocumentRow& row : library.CurrentHead().documents) missing += row.missing;
  return missing;
}

std::optional<Digest> Shown(TestLibrary& library) {
  const auto posts = library.Records<account::Post>();
  if (posts.size() != 1 || posts[0].media.size() != 1) {
    ADD_FAILURE() << "not one post with one medium";
    return std::nullopt;
  }
  return posts[0].media[0].digest;
}

// What the issues of all imports count.
uint64_t MissingReported(TestLibrary& library) {
  const Head head = library.CurrentHead();
  if (!head.issues) return 0;
  uint64_t count = 0;
  for (const account::IssueRow& row : *account::ParseIssueRows(*library->ReadList(*head.issues))) {
    count += row.issue.code == kMissingMedia ? row.issue.count : 0;
  }
  return count;
}

uint64_t MissingPosts(const ImportReport& report) {
  return report.kinds[static_cast<size_t>(Kind::kPost)].missing_media;
}

TEST(Parts, MediaFillInTheRecordsOfAnEarlierImport) {
  TestLibrary library;
  EXPECT_EQ(MissingPosts(library.Import(Records())), 1u);
  EXPECT_EQ(MissingIn(library), 1u);
  const ImportReport report = library.Import(Media({{"media/a.jpg", "AAAA"}}));
  EXPECT_EQ(report.media_filled, 1u);
  EXPECT_EQ(MissingIn(library), 0u);
  const auto item = library.Records<account::Post>().at(0).media.at(0);
  EXPECT_EQ(item.digest, Sha256("AAAA"));
  EXPECT_EQ(item.size, 4u);
  EXPECT_EQ(item.type, "image/jpeg");
  EXPECT_EQ(item.path, "media/a.jpg");
  const auto media = library->ReadMedia(library.CurrentHead());
  ASSERT_THAT(*media, SizeIs(1));
  EXPECT_THAT((*media)[0].name, testing::StartsWith("2023/2023-07-07_20.35.31_"));
  EXPECT_THAT((*media)[0].used_by, ElementsAre(Kind::kPost));
}

TEST(Parts, RecordsFindTheMediaOfAnEarlierImport) {
  TestLibrary library;
  library.Import(Media({{"media/a.jpg", "AAAA"}}));
  EXPECT_THAT((*library->ReadMedia(library.CurrentHead()))[0].name,
              testing::StartsWith("undated/"));
  const ImportReport report = library.Import(Records());
  EXPECT_EQ(report.media_filled, 1u);
  EXPECT_EQ(MissingPosts(report), 0u);
  EXPECT_EQ(Shown(library), Sha256("AAAA"));
  EXPECT_EQ(MissingIn(library), 0u);
  EXPECT_FALSE(library.CurrentHead().issues) << "nothing is missing that could be asked for";
  EXPECT_THAT((*library->ReadMedia(library.CurrentHead()))[0].name,
              testing::StartsWith("2023/2023-07-07_20.35.31_"));
}

TEST(Parts, EveryKindIsFilledIn) {
  TestLibrary library;
  TestArchive part;
  account::Story story;
  story.time = *ParseTime("2022-01-01T00:00:00Z");
  story.media = TestItem("media/story.mp4");
  story.media.subtitles = {TestItem("media/story.srt")};
  account::Profile profile;
  profile.username = "ann";
  profile.pictures = {TestItem("media/me.jpg")};
  auto message = TestMessage("folder:1", kNoon2023, "look");
  message.media = {TestItem("media/1.jpg"), TestItem("media/gone.jpg"), TestItem("https://x/2")};
  part.data = {{"story.json", {story}},
               {"profile.json", {profile}},
               {"inbox.json", {TestConversation("folder:1", "Bob"), message}}};
  library.Import(part);
  EXPECT_EQ(MissingIn(library), 5u);
  const ImportReport report = library.Import(Media({{"media/story.mp4", "S"},
                                                    {"media/story.srt", "T"},
                                                    {"media/me.jpg", "M"},
                                                    {"media/1.jpg", "1"}}));
  EXPECT_EQ(report.media_filled, 4u);
  EXPECT_EQ(MissingIn(library), 1u);
  const auto stories = library.Records<account::Story>();
  EXPECT_EQ(stories.at(0).media.digest, Sha256("S"));
  EXPECT_EQ(stories.at(0).media.subtitles.at(0).digest, Sha256("T"));
  EXPECT_EQ(library.Records<account::Profile>().at(0).pictures.at(0).digest, Sha256("M"));
  const auto shown = library.Records<account::Message>().at(0).media;
  EXPECT_EQ(shown.at(0).digest, Sha256("1"));
  EXPECT_FALSE(shown.at(1).digest);
  EXPECT_FALSE(shown.at(2).digest);
}

TEST(Parts, AnyOrderOfThreeGivesTheSame) {
  TestArchive inbox{.date = std::string(kDay)};
  for (int i = 0; i < 20; ++i) {
    auto message = TestMessage("folder:1", kNoon2023 + i, fmt::format("m{}", i));
    message.media = {TestItem(fmt::format("media/{}.jpg", i))};
    inbox.data["inbox.json"].push_back(message);
  }
  inbox.media = {{"media/a.jpg", "AAAA"}};
  std::map<std::string, std::string> photos;
  for (int i = 0; i < 15; ++i) photos[fmt::format("media/{}.jpg", i)] = fmt::format("photo {}", i);
  const std::vector<TestArchive> parts = {Records(), inbox, Media(photos)};
  std::vector<size_t> order{0, 1, 2};
  std::optional<Head> first;
  do {
    TestLibrary library;
    for (const size_t part : order) library.Import(parts[part]);
    const Head head = library.CurrentHead();
    EXPECT_EQ(MissingIn(library), 5u);
    if (!first) first = head;
    EXPECT_EQ(head.documents, first->documents);
    EXPECT_EQ(head.media, first->media);
    EXPECT_EQ(head.counts, first->counts);
    for (const TestArchive& again : parts) EXPECT_TRUE(library.Import(again).already_here);
    EXPECT_EQ(library.CurrentHead(), head);
  } while (std::ranges::next_permutation(order).found);
}

TEST(Parts, OfTwoContentsUnderOnePathTheNearestArchivesIsMeant) {
  const TestArchive old = Media({{"media/a.jpg", "2020"}}, "2020-06-01T00:00:00Z");
  const TestArchive recent = Media({{"media/a.jpg", "2025"}}, "2025-06-01T00:00:00Z");
  for (const bool old_first : {true, false}) {
    TestLibrary library;
    library.Import(old_first ? old : recent);
    library.Import(old_first ? recent : old);
    library.Import(Records("2020-07-01T00:00:00Z"));
    EXPECT_EQ(Shown(library), Sha256("2020"));
  }
}

TEST(Parts, WhatIsThereIsNeverReplaced) {
  TestLibrary library;
  TestArchive whole = Records("2020-06-01T00:00:00Z");
  whole.media["media/a.jpg"] = "2020";
  library.Import(whole);
  const auto before = library.CurrentHead().documents;
  EXPECT_EQ(library.Import(Media({{"media/a.jpg", "2025"}}, kDay)).media_filled, 0u);
  EXPECT_EQ(library.CurrentHead().documents, before);
  // Nor by a newer archive's records, which name the path again and bring nothing.
  library.Import(Records("2025-07-01T00:00:00Z"));
  EXPECT_EQ(Shown(library), Sha256("2020"));
}

TEST(Parts, AnotherFolderOrServiceIsNotMeant) {
  TestLibrary library;
  library.Import(Records());
  TestArchive elsewhere = Media({{"media/a.jpg", "E"}});
  elsewhere.service = "notes";
  EXPECT_EQ(library.Import(elsewhere).media_filled, 0u);
  EXPECT_EQ(MissingReported(library), 1u);
  EXPECT_EQ(library.Import(Media({{"other/a.jpg", "O"}, {"a.jpg", "P"}})).media_filled, 0u);
  EXPECT_EQ(MissingIn(library), 1u);
  EXPECT_EQ(MissingReported(library), 1u);
}

TEST(Parts, AnIssueCountsWhatIsStillMissing) {
  TestLibrary library;
  auto post = PostWith("media/a.jpg");
  post.media.push_back(TestItem("media/b.jpg"));
  post.media.push_back(TestItem("media/c.jpg"));
  TestArchive records{.date = std::string(kDay)};
  records.data["posts.json"] = {post};
  library.Import(records);
  EXPECT_EQ(MissingReported(library), 3u);
  library.Import(Media({{"media/a.jpg", "A"}, {"media/c.jpg", "C"}}));
  EXPECT_EQ(MissingReported(library), 1u);
  library.Import(Media({{"media/other.jpg", "O"}}));
  EXPECT_EQ(MissingReported(library), 1u);
  library.Import(Media({{"media/b.jpg", "B"}}));
  EXPECT_FALSE(library.CurrentHead().issues);
}

TEST(Parts, AnIssueGoesWithAWholeArchive) {
  TestLibrary library;
  TestArchive again = Records("2024-06-01T00:00:00Z");
  again.media = {{"media/z.jpg", "Z"}};
  library.Import(Records());
  library.Import(again);
  EXPECT_EQ(MissingReported(library), 2u) << "one of each import";
  TestArchive whole = Records("2025-01-01T00:00:00Z");
  whole.media = {{"media/a.jpg", "AAAA"}};
  library.Import(whole);
  EXPECT_FALSE(library.CurrentHead().issues);
}

TEST(Parts, NothingIsLookedForWhereANewerArchiveShowsAnotherMedium) {
  TestArchive recent{.date = "2025-01-01T00:00:00Z"};
  recent.data["posts.json"] = {PostWith("media/new.jpg")};
  recent.media = {{"media/new.jpg", "N"}};
  for (const bool recent_first : {true, false}) {
    TestLibrary library;
    library.Import(recent_first ? recent : Records());
    library.Import(recent_first ? Records() : recent);
    EXPECT_EQ(Shown(library), Sha256("N"));
    EXPECT_FALSE(library.CurrentHead().issues) << recent_first;
  }
}

TEST(Parts, IssuesOfABundleCountWhatIsMissingHere) {
  TestLibrary library;
  library.Import(Media({{"media/a.jpg", "AAAA"}}));
  auto post = PostWith("media/a.jpg");
  post.media.push_back(TestItem("media/b.jpg"));
  post.key = Key::Of("any");
  post.provenance = {{"00000000000000bb", 0, 0}};
  TestArchive bundle{.date = std::string(kDay), .keeps_keys = true};
  bundle.data["posts.json"] = {post};
  std::optional<ImportReport> already;
  auto run = library.Begin(bundle, &already);
  ASSERT_TRUE(run);
  account::OriginalFile file;
  file.path = "content/posts.json";
  const account::Issue issue{
      .code = std::string(kMissingMedia), .path = file.path, .message = "m", .count = 2};
  ASSERT_TRUE((*run)->AddEarlierImport({.id = "00000000000000bb", .service = "instagram"}, {file},
                                       {issue}));
  ASSERT_TRUE((*run)->Commit(library.clock(), {}));
  EXPECT_EQ(MissingIn(library), 1u);
  EXPECT_EQ(MissingReported(library), 1u);
}

TEST(Parts, WhatWasForgottenStaysAway) {
  TestLibrary library;
  library.Import(Media({{"media/a.jpg", "AAAA"}, {"media/b.jpg", "B"}}));
  ToForget what;
  what.media = {Sha256("AAAA")};
  ASSERT_TRUE(Erase(*library, what, library.clock()));
  const ImportReport report = library.Import(Records());
  EXPECT_EQ(report.media_filled, 0u);
  EXPECT_FALSE(Shown(library));
  EXPECT_EQ(MissingPosts(report), 0u) << "nobody shall look for it";
  // Another archive brings the same bytes, or others under their path.
  const ImportReport again = library.Import(Media({{"media/a.jpg", "AAAA"}, {"media/c.jpg", "C"}}));
  EXPECT_EQ(again.media_filled, 0u);
  EXPECT_EQ(library.Import(Media({{"media/a.jpg", "AAAB"}})).media_filled, 0u);
  EXPECT_FALSE(Shown(library));
}

TEST(Parts, ADocumentThatOutgrowsItsLimitIsParted) {
  TestLibrary library;
  TestArchive part;
  std::map<std::string, std::string> photos;
  for (int i = 0; i < 930; ++i) {
    auto post = PostWith(fmt::format("media/{}.jpg", i));
    post.evidence = {fmt::format("media:{:04}", i)};
    post.time = *post.time + std::chrono::seconds(i);
    post.text = std::string(2010, 'x');
    part.data["posts.json"].push_back(post);
    photos[fmt::format("media/{}.jpg", i)] = fmt::format("photo {}", i);
  }
  library.Import(part);
  ASSERT_THAT(library.CurrentHead().documents, SizeIs(1));
  photos.erase("media/7.jpg");
  EXPECT_EQ(library.Import(Media(photos)).media_filled, 929u);
  const Head head = library.CurrentHead();
  ASSERT_THAT(head.documents, SizeIs(2));
  EXPECT_EQ(head.documents[0].missing, 1u);
  EXPECT_EQ(head.documents[1].missing, 0u);
  EXPECT_EQ(head.documents[1].name, "posts/2023-2");
  for (const DocumentRow& row : head.documents) EXPECT_LE(row.size, kDocumentLimit);
  EXPECT_THAT(library.Records<account::Post>(), SizeIs(930));
}

TEST(Parts, ADocumentThatIsPartedKeepsCountOfWhatIsAbsent) {
  TestLibrary library;
  TestArchive old{.date = "2024-01-01T00:00:00Z"}, recent{.date = "2025-01-01T00:00:00Z"};
  std::map<std::string, std::string> photos;
  for (int i = 0; i < 915; ++i) {
    auto post = PostWith(fmt::format("media/{}.jpg", i));
    post.evidence = {fmt::format("media:{:04}", i)};
    post.time = *post.time + std::chrono::seconds(i);
    post.text = std::string(2010, 'x');
    old.data["posts.json"].push_back(post);
    if (i % 100 != 50) recent.data["posts.json"].push_back(post);
    photos[fmt::format("media/{}.jpg", i)] = fmt::format("photo {}", i);
  }
  library.Import(old);
  library.Import(recent);
  const auto absent = [&] {
    uint64_t count = 0;
    for (const DocumentRow& row : library.CurrentHead().documents) count += row.absent;
    return count;
  };
  ASSERT_THAT(library.CurrentHead().documents, SizeIs(1));
  ASSERT_EQ(absent(), 9u);
  EXPECT_EQ(library.Import(Media(photos)).media_filled, 915u);
  EXPECT_THAT(library.CurrentHead().documents, SizeIs(2));
  EXPECT_EQ(absent(), 9u);
}

TEST(Parts, ADamagedListOrDocumentDoesNotStopAnImport) {
  TestLibrary library;
  library.Import(Records());
  const Head before = library.CurrentHead();
  ASSERT_TRUE(library->blobs().Delete(before.documents[0].digest));
  EXPECT_EQ(library.Import(Media({{"media/a.jpg", "AAAA"}})).media_filled, 0u);
  EXPECT_EQ(library.CurrentHead().documents, before.documents);
  EXPECT_EQ(MissingReported(library), 1u) << "what the document lacks is not known";
  TestLibrary other;
  other.Import(Media({{"media/a.jpg", "AAAA"}}));
  ASSERT_TRUE(other->blobs().Delete(other.CurrentHead().imports[0].files.digest));
  const ImportReport report = other.Import(Records());
  EXPECT_EQ(report.media_filled, 0u);
  EXPECT_EQ(MissingPosts(report), 1u);
}

TEST(Parts, TheIndexShowsWhatWasFilledIn) {
  TestLibrary library;
  const auto index = *Index::Open(*library);
  library.Import(Records());
  ASSERT_TRUE(index->Update({}));
  const SearchQuery query{.text = "sea"};
  EXPECT_THAT(index->Search(query)->at(0).json, Not(HasSubstr("digest")));
  library.Import(Media({{"media/a.jpg", "AAAA"}}));
  ASSERT_TRUE(index->Update({}));
  ASSERT_THAT(*index->Search(query), SizeIs(1));
  EXPECT_THAT(index->Search(query)->at(0).json, HasSubstr(Sha256("AAAA").Hex()));
}

TEST(MediaPaths, UnifyPathsAndBreakTies) {
  MediaPaths paths([](std::string_view path) {
    constexpr std::string_view kSection = "section/";
    return std::string(path.starts_with(kSection) ? path.substr(kSection.size()) : path);
  });
  const auto add = [&](std::string_view date, std::string path, std::string_view content) {
    const account::ImportInfo info{.date = *ParseTime(date)};
    paths.Add(info,
              {.path = std::move(path), .fate = account::Fate::kMedium, .digest = Sha256(content)});
  };
  add("2020-01-03T00:00:00Z", "section/a.jpg", "later");
  add("2020-01-01T00:00:00Z", "a.jpg", "earlier");
  paths.Add({}, {.path = "kept.txt", .fate = account::Fate::kKept, .digest = Sha256("k")});
  paths.Sort();
  const auto find = [&](std::string_view path, Timestamp date) {
    const auto found = paths.Find(path, date);
    return found ? found->digest : std::nullopt;
  };
  EXPECT_EQ(find("a.jpg", *ParseTime("2020-01-02T00:00:00Z")), Sha256("earlier"));
  EXPECT_EQ(find("section/a.jpg", *ParseTime("2020-01-02T00:00:01Z")), Sha256("later"));
  EXPECT_EQ(find("a.jpg", Timestamp::min()), Sha256("earlier"));
  EXPECT_EQ(find("a.jpg", Timestamp::max()), Sha256("later"));
  EXPECT_FALSE(paths.Find("kept.txt", Timestamp{}));
  EXPECT_FALSE(paths.Find("b.jpg", Timestamp{}));
}

TEST(MediaPaths, AnOnlyOneMayDifferInCaseAndAccents) {
  MediaPaths paths([](std::string_view path) { return std::string(path); });
  for (const std::string path : {"A.jpg", "b.jpg", "B.jpg", "c.jpg", "e\u0301.jpg"}) {
    paths.Add({}, {.path = path, .fate = account::Fate::kMedium, .digest = Sha256(path)});
  }
  paths.Add({.date = *ParseTime(kDay)},
            {.path = "A.jpg", .fate = account::Fate::kMedium, .digest = Sha256("later")});
  paths.Sort();
  const auto find = [&](std::string_view path) {
    const auto found = paths.Find(path, Timestamp{});
    return found ? found->digest : std::nullopt;
  };
  EXPECT_EQ(find("a.jpg"), Sha256("A.jpg"));
  EXPECT_EQ(find("b.jpg"), Sha256("b.jpg"));
  EXPECT_EQ(find("b.JPG"), std::nullopt) << "there are two";
  EXPECT_EQ(find("C.JPG"), Sha256("c.jpg"));
  EXPECT_EQ(find("\u00e9.jpg"), Sha256("e\u0301.jpg"));
  EXPECT_EQ(find("e.jpg"), std::nullopt);
}

}  // namespace
}  // namespace valise::library
