#include <gmock/gmock.h>

#include "services/instagram/test_export.h"

namespace valise::services::instagram {
namespace {

using account::Kind;
using account::MediaItem;
using account::Record;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Key;

TEST_F(InstagramFormatTest, PostsComeBack) {
  const MediaItem one = Photo("one", "18042222816930131", "2024-02-01T10:00:00Z");
  const MediaItem again = Photo("one", "18042222816930132", "2024-02-01T10:00:00Z");
  MediaItem placed = Photo("two", "", "2024-02-02T10:00:00Z");
  placed.place = account::Place{"", 45.764043, -4.835659};
  placed.text = "its own";
  std::vector<Record> posts = {
      PostOf("2024-02-01T10:00:01Z", "d\u00E9j\u00E0 \U0001F600 \"q\" \\ \n\u00C3\u00A9", {one}),
      PostOf("2024-02-02T10:00:02Z", "&amp;", {placed, again}),
      PostOf("2024-02-03T10:00:02Z", "", {placed}, "reel"),
      PostOf("2024-02-04T10:00:02Z", "a", {placed}, "archived"),
      PostOf("2024-02-05T10:00:02Z", "b", {placed, one}, "deleted"),
      PostOf("2024-02-06T10:00:02Z", "c", {one}, "other"),
      PostOf("2024-02-07T10:00:02Z", "d", {one}, "igtv"),
      PostOf("2024-02-08T10:00:02Z", "text alone", {})};
  // A text of the only medium in a post without one becomes the post's.
  std::get<account::Post>(posts[2]).media[0].text.clear();
  account_.AddDocument("posts/2024", posts);
  EXPECT_EQ(Comparable(Read(Export())), Comparable(posts));
}

TEST_F(InstagramFormatTest, ListsComeBack) {
  const Timestamp time = At("2024-02-01T10:00:00Z");
  std::vector<Record> comments = {
      account::Comment{{}, time, "posts", "bob", "nice", "https://www.instagram.com/p/x/"},
      account::Comment{{}, time, "reels", "", "https://a.example", ""},
      account::Comment{{}, time, "stories", "cy", "", ""}};
  std::vector<Record> likes = {
      account::Like{{}, "posts", "bob", "https://www.instagram.com/p/x/", "", time},
      account::Like{{}, "comments", "bob", "", "with text", time},
      account::Like{{}, "stories", "bob", "", "", {}}};
  account::Saved plain{{}, "", "bob", "https://www.instagram.com/p/a/", "", time};
  account::Saved there{{}, "Trips", "cy", "https://www.instagram.com/p/b/", "", time};
  account::Saved told{{}, "Trips", "cy", "https://www.instagram.com/p/c/", "so it says", time};
  plain.evidence = {"post:a"};
  there.evidence = {"post:b"};
  told.evidence = {"post:c"};
  std::vector<Record> saved = {plain, there, told};
  std::vector<Record> connections;
  for (const char* relation :
       {"follower", "following", "hashtag", "close_friend", "request_sent", "request_sent_earlier",
        "request_received", "unfollowed", "suggestion_removed", "blocked", "restricted", "favorite",
        "hidden_from"}) {
    connections.emplace_back(
        account::Connection{{}, relation, "bob", "https://www.instagram.com/bob", time});
  }
  account_.AddDocument("comments/2024", comments);
  account_.AddDocument("likes/2024", likes);
  account_.AddDocument("saved/2024", saved);
  account_.AddDocument("connections/x", connections);
  std::vector<Record> all;
  for (const auto& list : {comments, likes, saved, connections}) {
    all.insert(all.end(), list.begin(), list.end());
  }
  EXPECT_EQ(Comparable(Read(Export())), Comparable(all));
  EXPECT_EQ(summary_.issues, 0u);
}

TEST_F(InstagramFormatTest, TheProfileComesBack) {
  account::Profile profile;
  profile.username = "ann.example";
  profile.name = "Ann \u00C9";
  profile.bio = "line\nline";
  profile.email = "ann@example.org";
  profile.phone = "+33";
  profile.birthday = "1990-01-02";
  profile.is_private = false;
  profile.joined = At("2014-01-01T00:00:00Z");
  profile.pictures = {Photo("now", "", "2024-01-01T00:00:00Z"),
                      Photo("then", "", "2020-01-01T00:00:00Z")};
  account_.AddDocument("profile", {profile});
  account::Profile united;
  for (const Record& record : Read(Export())) {
    // The day of joining is told as an activity, too.
    if (account::KindOf(record) != Kind::kProfile) continue;
    const auto& part = std::get<account::Profile>(record);
    if (!part.username.empty()) {
      const auto pictures = united.pictures;
      const auto joined = united.joined;
      united = part;
      united.pictures = pictures;
      united.joined = joined;
    }
    if (part.joined) united.joined = part.joined;
    if (!part.pictures.empty()) united.pictures = part.pictures;
  }
  EXPECT_EQ(Comparable({united}), Comparable({profile}));
}

account::Message MessageOf(std::string conversation, int64_t ms, std::string text,
                           std::string form = "") {
  account::Message message;
  message.conversation = std::move(conversation);
  message.time = FromMillis(ms);
  message.sender = "Ann";
  message.text = std::move(text);
  message.form = std::move(form);
  return message;
}

TEST_F(InstagramFormatTest, ConversationsComeBack) {
  const valise::Key ann = valise::Key::Of("ann");
  account::Conversation conversation{{}, "Ann & L\u00E9o", "requests", {"Ann", "Me"}, true};
  conversation.key = ann;
  conversation.evidence = {"folder:17842000000000001", "thread:osatf9tyla"};
  account_.AddDocument("conversations", {conversation});
  account::Message photo = MessageOf(ann.Hex(), 1'700'000'000'123, "look");
  photo.media = {Photo("sent", "", "2024-01-01T00:00:00Z")};
  photo.reactions = {{"\u2764", "Me", At("2024-01-01T00:00:00Z")}, {"\U0001F602", "Ann", {}}};
  account::Message share = MessageOf(ann.Hex(), 1'700'000'000'124, "", "share");
  share.share = account::Share{"https://www.instagram.com/p/x/", "text", "bob", "cy"};
  account::Message call = MessageOf(ann.Hex(), 1'700'000'000'125, "", "call");
  call.call_seconds = 61;
  account::Message gone = MessageOf(ann.Hex(), 1'700'000'000'126, "", "unsent");
  gone.is_unsent = true;
  account::Message gif = MessageOf(ann.Hex(), 1'700'000'000'127, "", "sticker");
  gif.media = {{.path = "https://gifs.example/a.gif"}};
  std::vector<Record> messages = {photo, share, call, gone, gif};
  for (const char* form : {"joined", "left", "link", "action", "share", "call"}) {
    messages.emplace_back(MessageOf(ann.Hex(), 1'700'000'001'000, form, form));
  }
  account_.AddDocument("messages/ann/2023", messages, ann);
  const ArchiveFiles files = Export();
  EXPECT_THAT(files, Contains(Key("your_instagram_activity/messages/message_requests/"
                                  "annleo_17842000000000001/message_1.json")));
  std::vector<Record> all = messages;
  all.emplace_back(conversation);
  EXPECT_EQ(Comparable(Read(files)), Comparable(all));
}

TEST_F(InstagramFormatTest, TenThousandMessagesAFileNewestFirst) {
  const valise::Key ann = valise::Key::Of("ann");
  std::vector<Record> all;
  for (int document = 0; document < 3; ++document) {
    std::vector<Record> records;
    for (int i = 0; i < 7'000; ++i) {
      const int number = document * 7'000 + i;
      records.emplace_back(MessageOf(ann.Hex(), 1'000'000 + number / 2, std::to_string(number)));
      account::CommonOf(records.back()).provenance = {{"9f1c", 0, static_cast<uint32_t>(i)}};
    }
    all.insert(all.end(), records.begin(), records.end());
    account_.AddDocument("messages/ann/2024-" + std::to_string(document), records, ann);
  }
  const ArchiveFiles files = Export();
  std::vector<std::string> threads;
  for (const std::string& name : names_) {
    if (name.find("/message_") != std::string::npos) threads.push_back(name);
  }
  ASSERT_EQ(threads.size(), 3u);
  EXPECT_EQ(summary_.records[static_cast<size_t>(Kind::kMessage)], 21'000u);
  std::vector<std::string> texts;
  for (const std::string& name : threads) {
    ListSink sink;
    const MemoryArchive archive({name});
    const auto reading = InstagramSource().Begin(archive.listing(), archive).value();
    MemoryFile file{name, files.at(name)};
    ASSERT_TRUE(reading->ReadData(file, sink));
    const auto messages = sink.All<account::Message>();
    EXPECT_EQ(messages.size(), name.ends_with("_3.json") ? 1'000u : 10'000u);
    for (const auto& message : messages) texts.push_back(message.text);
  }
  // Equal times in the order in which they were read.
  EXPECT_EQ(texts[0], "20998");
  EXPECT_EQ(texts[1], "20999");
  EXPECT_EQ(texts.back(), "1");
  EXPECT_EQ(std::set<std::string>(texts.begin(), texts.end()).size(), 21'000u);
}

}  // namespace
}  // namespace valise::services::instagram
