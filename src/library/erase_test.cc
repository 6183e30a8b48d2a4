// Forgetting, to the last byte on disk.
#include "library/erase.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "base/deflate.h"
#include "library/index.h"
#include "library/testing.h"

namespace valise::library {
namespace {

using account::Kind;

constexpr std::string_view kSecret = "the lighthouse nobody may hear of";
constexpr int64_t kNoon2023 = 1'690'000'000'000;

TestArchive Sample() {
  TestArchive archive;
  account::Post secret = TestPost("media:1", "2023-05-01T10:00:00Z", std::string(kSecret));
  secret.media = {TestItem("media/secret.jpg"), TestItem("media/shared.jpg")};
  account::Post kept = TestPost("", "2023-06-01T10:00:00Z", "a day at the sea");
  kept.media = {TestItem("media/shared.jpg")};
  archive.data["posts.json"] = {secret, kept};
  archive.data["talk.json"] = {TestConversation("folder:1", "Ann and Bo"),
                               TestMessage("folder:1", kNoon2023, "good morning"),
                               TestMessage("folder:1", kNoon2023 + 1000, std::string(kSecret)),
                               TestMessage("folder:1", kNoon2023 + 2000, "good night")};
  archive.data["other.json"] = {TestConversation("folder:2", "Cleo"),
                                TestMessage("folder:2", kNoon2023, "salut"),
                                TestMessage("folder:2", kNoon2023 + 1, "ça va")};
  archive.media = {{"media/secret.jpg", "\xFF\xD8\xFFsecret photo"},
                   {"media/shared.jpg", "\xFF\xD8\xFFshared photo"}};
  return archive;
}

// Every file below a folder, as it is and inflated, holds `text` nowhere.
void ExpectNowhere(const fs::path& folder, std::string_view text) {
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    EXPECT_FALSE(bytes.contains(text)) << text << " in " << entry.path();
    std::string inflated(4u << 20, '\0');
    Inflater inflater;
    const auto step = inflater.Run(AsBytes(bytes), std::as_writable_bytes(std::span(inflated)));
    EXPECT_FALSE(step && inflated.contains(text)) << text << " in " << entry.path() << ", inflated";
  }
}

template <typename T>
Key KeyWithText(TestLibrary& library, std::string_view text) {
  for (const T& record : library.Records<T>()) {
    if (record.text == text) return *record.key;
  }
  ADD_FAILURE() << "no record with " << text;
  return {};
}

EraseReport Forget(TestLibrary& library, const ToForget& what) {
  auto report = Erase(*library, what, library.clock());
  if (!report) {
    ADD_FAILURE() << report.error().message;
    return {};
  }
  const auto swept = Sweep(*library, {}, report->erased, library.clock());
  EXPECT_TRUE(swept) << swept.error().message;
  return *std::move(report);
}

TEST(Erase, ARecordLeavesNoTrace) {
  TestLibrary library;
  library.Import(Sample());
  const auto index = Index::Open(*library).value();
  ASSERT_TRUE(index->Update([](uint64_t, uint64_t) {}));
  const ToForget what{.records = {KeyWithText<account::Post>(library, kSecret),
                                  KeyWithText<account::Message>(library, kSecret)}};
  const EraseReport looked = Look(*library, what).value();
  const EraseReport report = Forget(library, what);
  EXPECT_EQ(looked.records, report.records);
  EXPECT_EQ(looked.media, report.media);
  EXPECT_EQ(looked.erased.keys, report.erased.keys);
  EXPECT_EQ(looked.erased.digests, report.erased.digests);
  EXPECT_EQ(report.records[static_cast<size_t>(Kind::kPost)], 1u);
  EXPECT_EQ(report.records[static_cast<size_t>(Kind::kMessage)], 1u);
  EXPECT_EQ(report.media, 1u) << "the shared photo stays";
  EXPECT_EQ(report.originals_cut, 2u);
  ExpectNowhere(library.folder(), kSecret);
  ExpectNowhere(library.folder(), "secret photo");

  EXPECT_EQ(library.Records<account::Post>().size(), 1u);
  EXPECT_EQ(library.Records<account::Message>().size(), 4u);
  const Head head = library.CurrentHead();
  EXPECT_EQ(head.counts.media, 1u);
  EXPECT_EQ(head.counts.records[static_cast<size_t>(Kind::kMessage)], 4u);
  ASSERT_TRUE(head.tombstones.has_value());
  const auto list = library->ReadList(head.imports.at(0).files).value();
  const auto files = account::ParseOriginalFiles(list).value();
  for (const auto& file : files) {
    if (file.path == "media/secret.jpg") {
      EXPECT_EQ(file.fate, account::Fate::kRedacted);
      EXPECT_FALSE(file.digest.has_value());
    } else if (file.digest) {
      EXPECT_TRUE(library->blobs().ReadContent(*file.digest, file.size)) << file.path;
    }
    if (file.path == "talk.json") {
      EXPECT_EQ(file.redacted, 1u);
      const auto text = library->blobs().ReadContent(*file.digest, file.size).value();
      EXPECT_TRUE(text.contains("good morning"));
      EXPECT_TRUE(text.contains("null"));
    }
  }
  ASSERT_TRUE(index->Update([](uint64_t, uint64_t) {}));
  EXPECT_TRUE(index->Search({.text = "lighthouse"}).value().empty());
  EXPECT_EQ(index->Search({.text = "sea"}).value().size(), 1u);
}

TEST(Erase, ErasingAgainChangesNothing) {
  TestLibrary library;
  library.Import(Sample());
  const ToForget what{.records = {KeyWithText<account::Post>(library, kSecret)}};
  Forget(library, what);
  const auto head = library->Current().value()->digest;
  EXPECT_EQ(Forget(library, what).head, std::nullopt);
  EXPECT_EQ(library->Current().value()->digest, head);
}

TEST(Erase, TheSameArchiveDoesNotReviveIt) {
  TestLibrary library;
  library.Import(Sample());
  Forget(library, {.records = {KeyWithText<account::Post>(library, kSecret),
                               KeyWithText<account::Message>(library, kSecret)}});
  EXPECT_TRUE(library.Import(Sample()).already_here);
  ExpectNowhere(library.folder(), kSecret);
  ExpectNowhere(library.folder(), "secret photo");
}

TEST(Erase, ALaterArchiveDoesNotReviveIt) {
  TestLibrary library;
  library.Import(Sample());
  Forget(library, {.records = {KeyWithText<account::Post>(library, kSecret),
                               KeyWithText<account::Message>(library, kSecret)}});
  TestArchive later = Sample();
  later.date = "2025-01-01T00:00:00Z";
  later.data["posts.json"].push_back(TestPost("media:3", "2025-01-01T00:00:00Z", "new"));
  const ImportReport report = library.Import(later);
  EXPECT_FALSE(report.already_here);
  EXPECT_EQ(report.kinds[static_cast<size_t>(Kind::kPost)].forgotten, 1u);
  EXPECT_EQ(report.kinds[static_cast<size_t>(Kind::kMessage)].forgotten, 1u);
  EXPECT_EQ(report.media_forgotten, 1u);
  EXPECT_EQ(library.Records<account::Post>().size(), 2u);
  EXPECT_EQ(library.Records<account::Message>().size(), 4u);
  EXPECT_EQ(library.CurrentHead().counts.media, 1u);
  ExpectNowhere(library.folder(), kSecret);
  ExpectNowhere(library.folder(), "secret photo");
}

// One post of two archives, each with its own caption and encoding of the photo, and another.
TestArchive Telling(std::string date, const std::string& name) {
  TestArchive archive{.date = std::move(date)};
  account::Post post = TestPost("media:1", "2020-05-01T10:00:00Z", name + " words of that day");
  post.media = {TestItem("media/" + name + ".jpg")};
  post.media[0].source_id = "17900000000000001";
  account::Post kept = TestPost("media:2", "2020-06-01T10:00:00Z", "a day at the sea");
  kept.media = {TestItem("media/kept.jpg")};
  archive.data["posts.json"] = {post, kept};
  archive.media = {{"media/" + name + ".jpg", "\xFF\xD8\xFF" + name + " photo"},
                   {"media/kept.jpg", "\xFF\xD8\xFFkept photo"}};
  return archive;
}

TEST(Erase, WhatAnOlderArchiveToldOfItGoesToo) {
  TestLibrary library;
  library.Import(Telling("2021-01-01T00:00:00Z", "older"));
  library.Import(Telling("2024-01-01T00:00:00Z", "newer"));
  ASSERT_EQ(library.Records<account::Post>().size(), 2u);
  const ToForget what{.records = {KeyWithText<account::Post>(library, "newer words of that day")}};
  const EraseReport looked = Look(*library, what).value();
  const EraseReport report = Forget(library, what);
  EXPECT_EQ(looked.erased.digests, report.erased.digests);
  EXPECT_EQ(report.media, 2u);
  for (const char* gone : {"older words", "newer words", "older photo", "newer photo"}) {
    ExpectNowhere(library.folder(), gone);
  }
  EXPECT_EQ(library.Records<account::Post>().size(), 1u);
  EXPECT_EQ(library.CurrentHead().counts.media, 1u);
}

TEST(Erase, AnOlderArchiveThatComesLaterBringsNoMediumBack) {
  TestLibrary library;
  library.Import(Telling("2024-01-01T00:00:00Z", "newer"));
  Forget(library, {.records = {KeyWithText<account::Post>(library, "newer words of that day")}});
  const ImportReport report = library.Import(Telling("2021-01-01T00:00:00Z", "older"));
  EXPECT_EQ(report.kinds[static_cast<size_t>(Kind::kPost)].forgotten, 1u);
  EXPECT_EQ(report.media_forgotten, 1u);
  EXPECT_EQ(report.media_added, 0u);
  EXPECT_EQ(report.media_bytes, 0u);
  ExpectNowhere(library.folder(), "older photo");
  ExpectNowhere(library.folder(), "older words");
  EXPECT_EQ(library.CurrentHead().counts.media, 1u);

  // Another post that shows it brings it back.
  TestArchive later{.date = "2025-01-01T00:00:00Z"};
  account::Post post = TestPost("media:9", "2025-01-01T00:00:00Z", "once more");
  post.media = {TestItem("media/older.jpg")};
  later.data["posts.json"] = {post};
  later.media = {{"media/older.jpg", "\xFF\xD8\xFFolder photo"}};
  EXPECT_EQ(library.Import(later).media_added, 1u);
  EXPECT_EQ(library.CurrentHead().counts.media, 2u);
}

TEST(Erase, WhatAnotherRecordShowsStaysThoughTheForgottenOneShowedIt) {
  TestLibrary library;
  library.Import(Telling("2024-01-01T00:00:00Z", "newer"));
  Forget(library, {.records = {KeyWithText<account::Post>(library, "newer words of that day")}});
  TestArchive older = Telling("2021-01-01T00:00:00Z", "older");
  account::Post other = TestPost("media:3", "2020-07-01T10:00:00Z", "the same picture");
  other.media = {TestItem("media/older.jpg")};
  older.data["posts.json"].push_back(other);
  const ImportReport report = library.Import(older);
  EXPECT_EQ(report.media_forgotten, 0u);
  EXPECT_EQ(library.CurrentHead().counts.media, 2u);
}

TEST(Erase, WhatLiesBesideAConversationGoesWithIt) {
  TestLibrary library;
  TestArchive archive;
  archive.data["talks.json"] = {TestConversation("folder:1", "Ann and Bo"),
                                TestConversation("folder:2", "Cleo")};
  archive.data["messages/x/message_1.json"] = {TestMessage("folder:1", kNoon2023, "good morning"),
                                               TestMessage("folder:1", kNoon2023 + 1, "bye")};
  archive.data["messages/y/message_1.json"] = {TestMessage("folder:2", kNoon2023, "salut"),
                                               TestMessage("folder:2", kNoon2023 + 1, "ciao")};
  archive.media = {{"messages/x/photos/1.jpg", "\xFF\xD8\xFFnobody names it"},
                   {"messages/y/photos/1.jpg", "\xFF\xD8\xFFnor this one"}};
  library.Import(archive);
  const auto conversations = library.Records<account::Conversation>();
  const auto talk = std::ranges::find(conversations, "Ann and Bo", &account::Conversation::title);
  ASSERT_NE(talk, conversations.end());
  EXPECT_EQ(Forget(library, {.conversations = {*talk->key}}).media, 1u);
  ExpectNowhere(library.folder(), "nobody names it");
  EXPECT_EQ(library.CurrentHead().counts.media, 1u);
}

TEST(Erase, AMediumAloneLeavesTheRecordsThatShowedIt) {
  TestLibrary library;
  library.Import(Sample());
  const Digest medium = Sha256("\xFF\xD8\xFFshared photo");
  const EraseReport report = Forget(library, {.media = {medium}});
  EXPECT_EQ(report.media, 1u);
  const auto posts = library.Records<account::Post>();
  ASSERT_EQ(posts.size(), 2u);
  EXPECT_EQ(posts[0].media.size(), 1u);
  EXPECT_TRUE(posts[1].media.empty());
  ExpectNowhere(library.folder(), "shared photo");
  TestArchive later = Sample();
  later.date = "2025-01-01T00:00:00Z";
  EXPECT_EQ(library.Import(later).media_forgotten, 1u);
  for (const account::Post& post : library.Records<account::Post>()) {
    for (const account::MediaItem& item : post.media) EXPECT_NE(item.path, "media/shared.jpg");
  }
  EXPECT_EQ(library.Records<account::Post>().size(), 2u);
  ExpectNowhere(library.folder(), "shared photo");
}

TEST(Erase, ARecordOfWhichNothingIsLeftGoesWithItsMedium) {
  TestLibrary library;
  TestArchive archive;
  account::Story story;
  story.time = *ParseTime("2023-05-01T10:00:00Z");
  story.media = TestItem("media/story.jpg");
  archive.data["stories.json"] = {story};
  archive.media = {{"media/story.jpg", "\xFF\xD8\xFFstory"}};
  library.Import(archive);
  Forget(library, {.media = {Sha256("\xFF\xD8\xFFstory")}});
  EXPECT_TRUE(library.Records<account::Story>().empty());
  EXPECT_EQ(library.CurrentHead().counts.media, 0u);
}

TEST(Erase, AConversationGoesWithItsMessages) {
  TestLibrary library;
  library.Import(Sample());
  const auto conversations = library.Records<account::Conversation>();
  const auto talk = std::ranges::find(conversations, "Ann and Bo", &account::Conversation::title);
  ASSERT_NE(talk, conversations.end());
  const EraseReport report = Forget(library, {.conversations = {*talk->key}});
  EXPECT_EQ(report.records[static_cast<size_t>(Kind::kMessage)], 3u);
  EXPECT_EQ(report.records[static_cast<size_t>(Kind::kConversation)], 1u);
  ExpectNowhere(library.folder(), "good morning");
  ExpectNowhere(library.folder(), "Ann and Bo");
  ExpectNowhere(library.folder(), "ann-and-bo");
  EXPECT_EQ(library.Records<account::Message>().size(), 2u);

  // Under its name …
  TestArchive later = Sample();
  later.date = "2025-01-01T00:00:00Z";
  ImportReport again = library.Import(later);
  EXPECT_EQ(again.kinds[static_cast<size_t>(Kind::kMessage)].forgotten, 3u);
  EXPECT_EQ(again.kinds[static_cast<size_t>(Kind::kConversation)].forgotten, 1u);
  EXPECT_EQ(library.Records<account::Message>().size(), 2u);
  ExpectNowhere(library.folder(), "good morning");
  // … and under another.
  later.date = "2026-01-01T00:00:00Z";
  for (account::Record& record : later.data["talk.json"]) {
    if (auto* message = std::get_if<account::Message>(&record)) message->conversation = "folder:9";
    if (auto* one = std::get_if<account::Conversation>(&record)) one->evidence = {"folder:9"};
  }
  again = library.Import(later);
  EXPECT_EQ(again.kinds[static_cast<size_t>(Kind::kMessage)].forgotten, 3u);
  EXPECT_EQ(library.Records<account::Conversation>().size(), 1u);
  ExpectNowhere(library.folder(), "good morning");
}

TEST(Erase, AnotherRecordInTheSlotOfAForgottenOneIsKept) {
  TestLibrary library;
  TestArchive archive;
  archive.data["talk.json"] = {TestConversation("folder:1", "Ann"),
                               TestMessage("folder:1", kNoon2023, std::string(kSecret)),
                               TestMessage("folder:1", kNoon2023, "at the same moment")};
  library.Import(archive);
  const Key secret = KeyWithText<account::Message>(library, kSecret);
  Forget(library, {.records = {secret}});
  archive.date = "2025-01-01T00:00:00Z";
  archive.data["talk.json"].push_back(TestMessage("folder:1", kNoon2023, "one more"));
  library.Import(archive);
  const auto messages = library.Records<account::Message>();
  ASSERT_EQ(messages.size(), 2u);
  for (const account::Message& message : messages) {
    EXPECT_NE(message.text, kSecret);
    EXPECT_NE(message.key, secret) << "a forgotten key is not given again";
  }
}

TEST(Erase, TheProfileIsEditedNotForgotten) {
  TestLibrary library;
  TestArchive archive;
  account::Profile profile;
  profile.username = "ann";
  archive.data["profile.json"] = {profile};
  library.Import(archive);
  const Key key = *library.Records<account::Profile>().at(0).key;
  EXPECT_EQ(Erase(*library, {.records = {key}}, library.clock()).error().code,
            ErrorCode::kInvalidArgument);
}

TEST(Erase, AnotherChangeGoesFirst) {
  TestLibrary library;
  library.Import(Sample());
  const auto lock = FileLock::TryLock(library->folder() / "lock").value();
  EXPECT_EQ(Erase(*library, {.media = {Sha256("x")}}, library.clock()).error().code,
            ErrorCode::kConflict);
  EXPECT_EQ(Sweep(*library, {}, {}, library.clock()).error().code, ErrorCode::kConflict);
}

TEST(ErasedFinder, FindsWhatSnapshotsHold) {
  TestLibrary library;
  library.Import(Sample());
  const Digest before = library->Current().value()->digest;
  const ToForget what{.records = {KeyWithText<account::Post>(library, kSecret)}};
  const EraseReport looked = Look(*library, what).value();
  EXPECT_TRUE(ErasedFinder(*library, looked.erased).InSnapshot(before).value());
  ASSERT_TRUE(Erase(*library, what, library.clock()));
  const Digest after = library->Current().value()->digest;
  ErasedFinder finder(*library, looked.erased);
  EXPECT_TRUE(finder.InSnapshot(before).value());
  EXPECT_FALSE(finder.InSnapshot(after).value());
  EXPECT_FALSE(finder.InSnapshot(Sha256("gone")).value());
  EXPECT_TRUE(finder.InBlob(Sha256("\xFF\xD8\xFFsecret photo")).value());
  EXPECT_FALSE(finder.InBlob(Sha256("\xFF\xD8\xFFshared photo")).value());
}

TEST(Sweep, KeepsWhatIsPinnedYoungOrInAPlan) {
  TestLibrary library;
  library.Import(Sample());
  const Digest pinned = library->Current().value()->digest;
  ASSERT_TRUE(Erase(*library, {.records = {KeyWithText<account::Message>(library, kSecret)}},
                    library.clock()));
  const std::string waiting = "\xFF\xD8\xFFwaits for its record";
  const Digest medium = Sha256(waiting);
  ASSERT_TRUE(library->blobs().Put(medium, blob::Encoding::kIdentity, AsBytes(waiting)));
  // The clock of tests is years ahead: everything is old.
  const auto kept =
      Sweep(*library, {.pinned = {pinned}, .plan_blobs = {medium}}, {}, library.clock());
  ASSERT_TRUE(kept);
  EXPECT_TRUE(library->At(pinned));
  EXPECT_TRUE(library->blobs().Stat(medium).value().has_value());
  ManualClock young(SystemClock().Now());
  EXPECT_EQ(Sweep(*library, {}, {}, young)->blobs, 0u);
  EXPECT_GT(Sweep(*library, {}, {}, library.clock())->blobs, 3u);
  EXPECT_FALSE(library->blobs().Stat(pinned).value().has_value());
  EXPECT_FALSE(library->blobs().Stat(medium).value().has_value());
  EXPECT_EQ(library.Records<account::Message>().size(), 4u);
}

TEST(Sweep, YoungTextsGoIfTheyHoldWhatIsErased) {
  TestLibrary library;
  library.Import(Sample());
  const Digest before = library->Current().value()->digest;
  const auto report = Erase(*library,
                            {.records = {KeyWithText<account::Post>(library, kSecret),
                                         KeyWithText<account::Message>(library, kSecret)}},
                            library.clock());
  ManualClock young(SystemClock().Now());
  const std::string waiting = "\xFF\xD8\xFFwaits for its record";
  ASSERT_TRUE(library->blobs().Put(Sha256(waiting), blob::Encoding::kIdentity, AsBytes(waiting)));
  ASSERT_TRUE(Sweep(*library, {}, report->erased, young));
  ExpectNowhere(library.folder(), kSecret);
  EXPECT_TRUE(library->blobs().Stat(Sha256(waiting)).value().has_value());
  EXPECT_TRUE(library->blobs().Stat(before).value().has_value()) << "a head that tells nothing";
}

TEST(Crash, AKilledErasureGoesOn) {
  TestLibrary undisturbed;
  undisturbed.Import(Sample());
  const ToForget what{.records = {KeyWithText<account::Post>(undisturbed, kSecret),
                                  KeyWithText<account::Message>(undisturbed, kSecret)}};
  const Erased erased = Look(*undisturbed, what)->erased;
  Forget(undisturbed, what);
  const auto wanted = undisturbed.CurrentHead().documents;
  for (const int microseconds : {300, 1'000, 2'000, 4'000, 8'000, 16'000}) {
    const TemporaryFolder folder;
    {
      TestLibrary library(folder.path());
      library.Import(Sample());
    }
    const pid_t child = ::fork();
    if (child == 0) {
      TestLibrary library(folder.path());
      Forget(library, what);
      ::_exit(0);
    }
    std::this_thread::sleep_for(std::chrono::microseconds(microseconds));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    TestLibrary library(folder.path());
    ASSERT_TRUE(Erase(*library, what, library.clock()));
    ASSERT_TRUE(Sweep(*library, {}, erased, library.clock()));
    EXPECT_EQ(library.CurrentHead().documents, wanted);
    ExpectNowhere(folder.path() / "accounts", kSecret);
  }
}

}  // namespace
}  // namespace valise::library
