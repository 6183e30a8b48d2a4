// Conversations and messages, hand-written after docs/formats/instagram.md.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/instagram/test_archive.h"
#include "services/instagram/thread_id.h"

namespace valise::services::instagram {
namespace {

using account::Conversation;
using account::Message;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const std::string kThread =
    "your_instagram_activity/messages/inbox/ann_554997539236567/message_1.json";

Message One(std::string_view message) {
  const auto read = ReadText(kThread, "{\"messages\":[" + std::string(message) + "]}");
  EXPECT_THAT(read.issues, IsEmpty());
  EXPECT_EQ(read.counts.understood, 1u);
  return read.Only<Message>();
}

TEST(Threads, ConversationWithItsMessages) {
  const auto read = ReadText(kThread, R"({
    "participants": [ { "name": "Ann" }, { "name": "Ren\u00c3\u00a9" } ],
    "messages": [
      { "sender_name": "Ann", "timestamp_ms": 1637933767934,
        "content": "hi \u00f0\u009f\u0099\u0082",
        "type": "Generic", "is_unsent": false, "is_geoblocked_for_viewer": false },
      { "sender_name": "Ren\u00c3\u00a9", "timestamp_ms": 1637933700000, "content": "hello" } ],
    "title": "Ann", "is_still_participant": true, "thread_type": "Regular",
    "thread_path": "inbox/ann_osatf9tyla", "magic_words": [] })");
  const auto conversation = read.Only<Conversation>();
  EXPECT_THAT(conversation.evidence, ElementsAre("folder:554997539236567", "thread:osatf9tyla"));
  EXPECT_THAT(conversation.participants, ElementsAre("Ann", "René"));
  EXPECT_EQ(conversation.title, "Ann");
  EXPECT_EQ(conversation.folder, "inbox");
  EXPECT_EQ(conversation.is_participant, true);
  const auto messages = read.All<Message>();
  ASSERT_THAT(messages, SizeIs(2));
  EXPECT_EQ(messages[0].sender, "Ann");
  EXPECT_EQ(messages[0].text, "hi 🙂");
  EXPECT_EQ(messages[0].form, "");
  EXPECT_EQ(messages[0].time, FromMillis(1637933767934));
  EXPECT_EQ(messages[0].conversation, "folder:554997539236567");
  EXPECT_THAT(messages[0].evidence, IsEmpty());
  EXPECT_EQ(messages[0].provenance[0].index, 0u);
  EXPECT_EQ(messages[1].sender, "René");
  EXPECT_EQ(messages[1].provenance[0].index, 1u);
  EXPECT_EQ(read.counts.seen, 2u) << "participants are no entries";
  EXPECT_EQ(read.counts.understood, 2u);
  EXPECT_THAT(read.issues, IsEmpty());
}

TEST(Threads, MembersInAnyOrder) {
  const auto read = ReadText(kThread, R"({"title":"T","messages":[{"content":"a","sender_name":"S",
      "timestamp_ms":5}],"participants":[{"name":"P"}]})");
  EXPECT_EQ(read.Only<Conversation>().title, "T");
  EXPECT_THAT(read.Only<Conversation>().participants, ElementsAre("P"));
  EXPECT_EQ(read.Only<Message>().text, "a");
}

TEST(Threads, Folders) {
  const auto folder = [](std::string_view name) {
    return ReadText(
               "your_instagram_activity/messages/" + std::string(name) + "/a_12345/message_2.json",
               "{\"messages\":[]}")
        .Only<Conversation>()
        .folder;
  };
  EXPECT_EQ(folder("inbox"), "inbox");
  EXPECT_EQ(folder("message_requests"), "requests");
  EXPECT_EQ(folder("archived_threads"), "archived");
  EXPECT_EQ(folder("broadcast"), "broadcast");
  EXPECT_EQ(folder("e2ee_cutover"), "e2ee_cutover");
}

TEST(Threads, FlatFolderOf2021) {
  const auto read = ReadText(
      "messages/inbox/ann_osatf9tyla/message_1.json",
      R"({"messages":[{"sender_name":"A","timestamp_ms":1}],"thread_path":"inbox/ann_osatf9tyla"})");
  EXPECT_THAT(read.Only<Conversation>().evidence,
              ElementsAre("folder:osatf9tyla", "thread:osatf9tyla"));
}

TEST(Threads, EmptyThreadWithoutTitle) {
  const auto read = ReadText(kThread, R"({"participants":[{"name":"Me"}],"messages":[]})");
  EXPECT_EQ(read.Only<Conversation>().title, "");
  EXPECT_EQ(read.Only<Conversation>().is_participant, std::nullopt);
  EXPECT_EQ(read.counts.seen, 0u);
}

TEST(Threads, RepliesToABroadcastChannel) {
  const auto read = ReadText(
      "your_instagram_activity/messages/broadcast/chan_12345/replies_1.json",
      R"({"participants":[{"name":"Me"}],"replies":[{"reply_content":"h\u00c3\u00a9","original_message_sender":"Chan",
        "timestamp_ms":1700000000123}],"title":"Chan","is_still_participant":true,"thread_path":"broadcast/chan_12345"})");
  const auto reply = read.Only<Message>();
  EXPECT_EQ(reply.text, "hé");
  EXPECT_EQ(reply.form, "share");
  EXPECT_EQ(reply.share->owner, "Chan");
  EXPECT_EQ(reply.conversation, "folder:12345");
  EXPECT_EQ(read.Only<Conversation>().folder, "broadcast");
  EXPECT_EQ(read.counts.understood, 1u);
  EXPECT_THAT(read.issues, IsEmpty());
}

TEST(Threads, ReportedConversations) {
  const auto read = ReadText(
      "messages/reported_conversations.json",
      R"({"ig_reported_conversations":[{"timestamp":1600000000,"is_reporter":true,"reportee":{"name":"Bad"},
        "messages":[{"sender_name":"Bad","timestamp_ms":1599999999000,"content":"buy"}]},{}]})");
  const auto conversation = read.Only<Conversation>();
  EXPECT_EQ(conversation.title, "Bad");
  EXPECT_EQ(conversation.folder, "reported");
  EXPECT_THAT(conversation.evidence, ElementsAre("report:1600000000"));
  EXPECT_EQ(read.Only<Message>().conversation, "report:1600000000");
  EXPECT_EQ(read.Only<Message>().text, "buy");
  EXPECT_EQ(read.counts.seen, 2u);
  EXPECT_EQ(read.counts.understood, 1u);
}

TEST(Threads, GroupPicture) {
  const auto conversation =
      ReadText(kThread, R"({"messages":[],"joinable_mode":{"mode":1,"link":""},
      "image":{"uri":"your_instagram_activity/messages/photos/1.jpg","creation_timestamp":7}})")
          .Only<Conversation>();
  ASSERT_TRUE(conversation.picture);
  EXPECT_EQ(conversation.picture->path, "your_instagram_activity/messages/photos/1.jpg");
  EXPECT_EQ(conversation.picture->time, FromSeconds(7));
}

TEST(Messages, OnlySenderAndTime) {
  const auto message = One(R"({"sender_name":"Instagram User","timestamp_ms":1637933767934})");
  EXPECT_EQ(message.sender, "Instagram User");
  EXPECT_EQ(message.text, "");
}

TEST(Messages, MediaOfEveryKind) {
  const auto message = One(R"({"sender_name":"A","timestamp_ms":1,
      "photos":[{"uri":"p.jpg","creation_timestamp":2},{"uri":"q.jpg"}],"videos":[{"uri":"v.mp4"}],
      "audio_files":[{"uri":"a.m4a"}],"gifs":[{"uri":"https://media.giphy.com/g.gif"}],
      "files":[{"uri":"messages/inbox/x/files/f.pdf"}]})");
  std::vector<std::string> paths;
  for (const auto& item : message.media) paths.push_back(item.path);
  EXPECT_THAT(paths, ElementsAre("p.jpg", "q.jpg", "v.mp4", "a.m4a",
                                 "https://media.giphy.com/g.gif", "messages/inbox/x/files/f.pdf"));
  EXPECT_EQ(message.media[0].time, FromSeconds(2));
}

TEST(Messages, PlaceholderTextIsKept) {
  EXPECT_EQ(One(R"({"sender_name":"A","timestamp_ms":1,"content":"A sent an attachment."})").text,
            "A sent an attachment.");
  EXPECT_EQ(One(R"({"sender_name":"A","timestamp_ms":1,"content":"Liked a message"})").form, "");
  EXPECT_EQ(One(R"({"sender_name":"A","timestamp_ms":1,
      "content":"Reacted \u00e2\u009d\u00a4 to your message "})")
                .text,
            "Reacted ❤ to your message ");
}

TEST(Messages, ReactionsMangledHexAndRepeated) {
  const auto message = One(R"({"sender_name":"A","timestamp_ms":1,"content":"x","reactions":[
      {"reaction":"\u00e2\u009d\u00a4","actor":"Ren\u00c3\u00a9"},{"reaction":"e29da4efb88f","actor":"B"},
      {"reaction":"\u00e2\u009d\u00a4","actor":"Ren\u00c3\u00a9"},{"reaction":"x","actor":"C","timestamp":9}]})");
  ASSERT_THAT(message.reactions, SizeIs(3));
  EXPECT_EQ(message.reactions[0], (account::Reaction{.actor = "René", .reaction = "❤"}));
  EXPECT_EQ(message.reactions[1].reaction, "❤️");
  EXPECT_EQ(message.reactions[2].time, FromSeconds(9));
}

TEST(Messages, ShareOfAnySubset) {
  const auto full = One(R"({"sender_name":"A","timestamp_ms":1,"type":"Share","share":{
      "link":"https://www.instagram.com/p/Abc/","share_text":"Look \u00c3\u00a9",
      "original_content_owner":"zoe"}})");
  EXPECT_EQ(full.form, "share");
  EXPECT_EQ(full.share,
            (account::Share{
                .link = "https://www.instagram.com/p/Abc/", .text = "Look é", .owner = "zoe"}));
  const auto owner =
      One(R"({"sender_name":"A","timestamp_ms":1,"share":{"original_content_owner":"zoe"}})");
  EXPECT_EQ(owner.share->owner, "zoe");
  EXPECT_EQ(owner.form, "share") << "there is no type since 2023";
  const auto profile = One(R"({"sender_name":"A","timestamp_ms":1,"share":{
      "profile_share_username":"zoe","profile_share_name":"Zo\u00c3\u00ab"}})");
  EXPECT_EQ(profile.share->profile, "zoe");
  EXPECT_EQ(profile.share->text, "Zoë");
}

TEST(Messages, Forms) {
  EXPECT_EQ(One(R"({"sender_name":"A","timestamp_ms":1,"type":"Call","call_duration":65})").form,
            "call");
  const auto call = One(R"({"sender_name":"A","timestamp_ms":1,"call_duration":0})");
  EXPECT_EQ(call.form, "call");
  EXPECT_EQ(call.call_seconds, 0u);
  EXPECT_EQ(
      One(R"({"sender_name":"A","timestamp_ms":1,"type":"Subscribe","users":[{"name":"B"}]})").form,
      "joined");
  EXPECT_EQ(One(R"({"sender_name":"A","timestamp_ms":1,"type":"Unsubscribe"})").form, "left");
  EXPECT_EQ(One(R"({"sender_name":"A","timestamp_ms":1,"type":"Link"})").form, "link");
  const auto unsent =
      One(R"({"sender_name":"A","timestamp_ms":1,"type":"Share","is_unsent":true})");
  EXPECT_EQ(unsent.form, "unsent");
  EXPECT_TRUE(unsent.is_unsent);
}

TEST(Messages, Sticker) {
  const auto message =
      One(R"({"sender_name":"A","timestamp_ms":1,"sticker":{"uri":"s.png","ai_stickers":[]}})");
  EXPECT_EQ(message.form, "sticker");
  EXPECT_EQ(message.media.at(0).path, "s.png");
}

TEST(Messages, HtmlEntitiesAreTypedByPeopleAndStay) {
  EXPECT_EQ(One(R"({"sender_name":"A","timestamp_ms":1,"content":"&amp; it&#039;s"})").text,
            "&amp; it&#039;s");
}

TEST(Messages, TimesOutOfRangeAreNoTime) {
  EXPECT_EQ(One(R"({"sender_name":"A","timestamp_ms":0})").time, std::nullopt);
  EXPECT_EQ(One(R"({"sender_name":"A","timestamp_ms":-5})").time, std::nullopt);
  EXPECT_EQ(One(R"({"sender_name":"A","timestamp_ms":9223372036854775807})").time, std::nullopt);
  EXPECT_EQ(One(R"({"sender_name":"A","timestamp_ms":99999999999999999999})").time, std::nullopt);
  EXPECT_EQ(One(R"({"sender_name":"A","timestamp_ms":"1"})").time, std::nullopt);
}

TEST(Messages, NothingInItIsNotUnderstood) {
  const auto read = ReadText(kThread, R"({"messages":[{},{"sender_name":"A"}]})");
  EXPECT_EQ(read.counts.seen, 2u);
  EXPECT_EQ(read.counts.understood, 1u);
}

TEST(ThreadId, EndOfTheFolderName) {
  EXPECT_EQ(ThreadId("ann_554997539236567"), "554997539236567");
  EXPECT_EQ(ThreadId("annandbob_osatf9tyla"), "osatf9tyla");
  EXPECT_EQ(ThreadId("instagramuser_1784142"), "1784142");
  EXPECT_EQ(ThreadId("554997539236567"), "554997539236567");
  EXPECT_EQ(ThreadId("ann_smith"), "ann_smith");
  EXPECT_EQ(ThreadId("ann_1"), "ann_1");
  EXPECT_EQ(ThreadEvidence(""), "");
  EXPECT_EQ(ThreadEvidence("inbox/ann_osatf9tyla"), "thread:osatf9tyla");
}

}  // namespace
}  // namespace valise::services::instagram
