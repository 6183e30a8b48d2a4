#include <gtest/gtest.h>
#include <sodium.h>

#include "actions.h"
#include "form.h"
#include "hand_off_key.h"
#include "media_store.h"
#include "records.h"
#include "view.h"

namespace valise::host {
namespace {

using namespace std::string_literals;

class HostTest : public testing::Test {
 protected:
  void SetUp() override {
    database_ = *Database::Open(folder_.path() / "host.sqlite");
    outbox_ = std::make_unique<Outbox>(*database_);
    store_ = std::make_unique<Store>(*database_, clock_);
    media_ = *MediaStore::Open(folder_.path() / "media", random_);
    actions_ =
        std::make_unique<Actions>(*database_, *store_, *outbox_, *media_, "http://host.test");
    maya_ = *actions_->AddMember({.username = "maya", .name = "Maya"});
    leon_ = *actions_->AddMember({.username = "leon", .name = "Léon"});
    ines_ = *actions_->AddMember({.username = "ines", .name = "Inès"});
    const auto incoming = *media_->Begin();
    EXPECT_TRUE(incoming->Write("\xFF\xD8\xFF\xE0" + std::string(996, 'x')).has_value());
    photo_ = *incoming->Finish();
    Sent();
  }
  Timestamp Now() const { return clock_.Now(); }
  int64_t Post() { return *actions_->AddPost(maya_, "Low tide", {photo_}, Now()); }
  // The lines since the last call.
  std::vector<std::string> Sent() {
    std::vector<std::string> texts;
    const auto lines = *outbox_->After(seen_, 1000);
    for (const Outbox::Line& line : lines) {
      texts.push_back(line.text);
      seen_ = line.cursor;
    }
    return texts;
  }

  TemporaryFolder folder_;
  ManualClock clock_{FromSeconds(1'720'000'000)};
  SystemRandom random_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<MediaStore> media_;
  std::unique_ptr<Outbox> outbox_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<Actions> actions_;
  int64_t maya_ = 0, leon_ = 0, ines_ = 0, seen_ = 0;
  Medium photo_;
};

TEST(Markup, TextsAreNeverMarkup) {
  EXPECT_EQ(H("<b title=\"{}\">{}</b>{}", "\"><script>"s, "a & 'b' <i>"s, Markup{"<hr>"}).html,
            "<b title=\"&quot;&gt;&lt;script&gt;\">a &amp; &#39;b&#39; &lt;i&gt;</b><hr>");
}

TEST(Form, UrlencodedFieldsAreRead) {
  const auto form = ParseForm("text=a%26b+c%0D%0Ad&member=1&member=x&member=3&flag");
  ASSERT_TRUE(form.has_value());
  EXPECT_EQ(form->Get("text"), "a&b c\nd");
  EXPECT_EQ(form->Numbers("member"), (std::vector<int64_t>{1, 0, 3}));
  EXPECT_EQ(form->Get("flag"), "");
  EXPECT_FALSE(ParseForm("a=%zz").has_value());
}

TEST(MediaStore, KeepsWhatIsAMediumUnderItsDigestAndNothingElse) {
  TemporaryFolder folder;
  SystemRandom random;
  const auto store = *MediaStore::Open(folder.path(), random);
  const std::string jpeg = "\xFF\xD8\xFF\xE0" + std::string(100, 'x');
  auto incoming = *store->Begin();
  for (const char c : jpeg) ASSERT_TRUE(incoming->Write({&c, 1}).has_value());
  const auto medium = incoming->Finish();
  ASSERT_TRUE(medium.has_value());
  EXPECT_EQ(medium->type, "image/jpeg");
  EXPECT_EQ(medium->sha256, Sha256(jpeg).Hex());
  EXPECT_EQ(*ReadFile(store->PathOf(medium->sha256)), jpeg);
  for (const std::string& other :
       {"<html><script>alert(1)</script>"s, "%PDF-1.7 not a photo at all"s, "GIF"s, ""s}) {
    auto refused = *store->Begin();
    static_cast<void>(refused->Write(other));
    EXPECT_FALSE(refused->Finish().has_value()) << other;
  }
  incoming.reset();
  EXPECT_TRUE(fs::is_empty(folder.path() / "coming"));
}

TEST(MediaStore, LargePhotosAreRefusedWhileTheyCome) {
  TemporaryFolder folder;
  SystemRandom random;
  const auto store = *MediaStore::Open(folder.path(), random);
  auto incoming = *store->Begin();
  const std::string piece = "\xFF\xD8\xFF\xE0" + std::string(1 << 20, 'x');
  Status status;
  for (int i = 0; i < 40 && status.has_value(); ++i) status = incoming->Write(piece);
  EXPECT_EQ(status.error().code, ErrorCode::kLimitExceeded);
  EXPECT_LE(incoming->size(), MediaStore::kMaxPhoto + (2 << 20));
}

TEST(HandOffKey, TokensVerifyAndTheKeyIsKept) {
  TemporaryFolder folder;
  SystemRandom random;
  const auto key = *HandOffKey::LoadOrMake(folder.path() / "key", random);
  const auto again = *HandOffKey::LoadOrMake(folder.path() / "key", random);
  EXPECT_EQ(key.public_key(), again.public_key());
  const std::string token = key.Token({.issuer = "pellicule",
                                       .subject = "m1",
                                       .audience = "http://v.test",
                                       .id = "0123456789abcdef",
                                       .next = "/a",
                                       .now = FromSeconds(1'720'000'000)});
  const size_t last = token.rfind('.'), first = token.find('.');
  const std::string open = *FromBase64(key.public_key());
  const std::string signature = *FromBase64Url(std::string_view(token).substr(last + 1));
  EXPECT_EQ(crypto_sign_verify_detached(reinterpret_cast<const unsigned char*>(signature.data()),
                                        reinterpret_cast<const unsigned char*>(token.data()), last,
                                        reinterpret_cast<const unsigned char*>(open.data())),
            0);
  EXPECT_EQ(*FromBase64Url(std::string_view(token).substr(first + 1, last - first - 1)),
            R"({"iss":"pellicule","sub":"m1","aud":"http://v.test","iat":1720000000,)"
            R"("exp":1720000060,"jti":"0123456789abcdef","next":"/a"})");
}

TEST_F(HostTest, APostIsToldWithItsBlob) {
  const int64_t post = Post();
  const auto sent = Sent();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0],
            "\"op\":\"put\",\"id\":\"" + PostId(post) + "\",\"accounts\":[\"m1\"],\"version\":\"" +
                VersionOf(PostRecord(*store_->GetPost(post, 0))) +
                "\",\"record\":{\"kind\":\"post\",\"time\":\"2024-07-03T09:46:40Z\",\"form\":"
                "\"post\",\"text\":\"Low tide\",\"media\":[{\"digest\":\"" +
                photo_.sha256 +
                "\",\"size\":1000,\"type\":\"image/jpeg\",\"time\":\"2024-07-03T09:46:40Z\"}],"
                "\"like_count\":0,\"comment_count\":0}}");
  const auto blobs = *outbox_->BlobsOf(seen_, seen_);
  ASSERT_EQ(blobs.size(), 1u);
  EXPECT_EQ(blobs[0].account, "m1");
}

TEST_F(HostTest, ACommentIsToldToBothAndCounted) {
  const int64_t post = Post();
  Sent();
  ASSERT_TRUE(actions_->AddComment(leon_, post, "<b>belle</b>", Now()).has_value());
  const auto sent = Sent();
  ASSERT_EQ(sent.size(), 3u);
  EXPECT_TRUE(sent[0].contains("\"accounts\":[\"m2\"]") && !sent[0].contains("author"));
  EXPECT_TRUE(sent[1].contains("\"accounts\":[\"m1\"]") && sent[1].contains("\"author\":\"leon\""));
  EXPECT_TRUE(sent[2].contains("\"comment_count\":1"));
  // Text is text: it is not made HTML on the way.
  EXPECT_TRUE(sent[0].contains("<b>belle</b>"));
}

TEST_F(HostTest, ADeletedPostTakesEverythingAboutItAlong) {
  const int64_t post = Post();
  ASSERT_TRUE(actions_->AddComment(leon_, post, "Oh", Now()).has_value());
  ASSERT_TRUE(actions_->Like(ines_, post, Now()).has_value());
  Sent();
  EXPECT_EQ(actions_->DeletePost(leon_, post).error().code, ErrorCode::kPermissionDenied);
  ASSERT_TRUE(actions_->DeletePost(maya_, post).has_value());
  const auto sent = Sent();
  ASSERT_EQ(sent.size(), 3u);
  EXPECT_TRUE(sent[0].contains("\"kind\":\"comment\"") &&
              sent[0].contains("\"accounts\":[\"m2\",\"m1\"]"));
  EXPECT_TRUE(sent[1].contains("\"kind\":\"like\"") && sent[1].contains("\"accounts\":[\"m3\"]"));
  EXPECT_TRUE(sent[2].contains("\"kind\":\"post\"") && sent[2].contains("\"op\":\"delete\""));
  EXPECT_EQ(store_->GetPost(post, 0).error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(*store_->MaySee(maya_, photo_.sha256));
  EXPECT_FALSE(fs::exists(media_->PathOf(photo_.sha256)));
  // Who was about to share the same picture is told, instead of a post without one.
  EXPECT_EQ(actions_->AddPost(leon_, "", {photo_}, Now()).error().code, ErrorCode::kUnavailable);
}

TEST_F(HostTest, APictureThatIsStillShownStays) {
  const int64_t post = Post();
  const int64_t story = *actions_->AddStory(maya_, "", photo_, Now());
  ASSERT_TRUE(actions_->DeletePost(maya_, post).has_value());
  EXPECT_TRUE(fs::exists(media_->PathOf(photo_.sha256)));
  ASSERT_TRUE(actions_->DeleteStory(maya_, story).has_value());
  EXPECT_FALSE(fs::exists(media_->PathOf(photo_.sha256)));
}

TEST_F(HostTest, AStoryLeavesThePageAfterADay) {
  const int64_t story = *actions_->AddStory(maya_, "Kiln", photo_, Now());
  EXPECT_EQ(store_->LiveStories()->size(), 1u);
  EXPECT_TRUE(*store_->MaySee(leon_, photo_.sha256));
  clock_.Advance(kStoryLife);
  EXPECT_EQ(store_->LiveStories()->size(), 0u);
  EXPECT_FALSE(*store_->MaySee(leon_, photo_.sha256));
  EXPECT_TRUE(*store_->MaySee(maya_, photo_.sha256));
  EXPECT_EQ(store_->StoriesOf(maya_)->front().id, story);
}

TEST_F(HostTest, MessagesAreForThoseWhoTakePartOnly) {
  const int64_t conversation = *actions_->OpenConversation({maya_, leon_}, "", Now());
  EXPECT_EQ(*actions_->OpenConversation({leon_, maya_}, "", Now()), conversation);
  const int64_t message = *actions_->AddMessage(maya_, conversation, "", photo_, Now());
  EXPECT_EQ(actions_->AddMessage(ines_, conversation, "Hi", {}, Now()).error().code,
            ErrorCode::kNotFound);
  EXPECT_TRUE(*store_->MaySee(leon_, photo_.sha256));
  EXPECT_FALSE(*store_->MaySee(ines_, photo_.sha256));
  EXPECT_EQ(actions_->DeleteMessage(leon_, message).error().code, ErrorCode::kPermissionDenied);
  Sent();
  ASSERT_TRUE(actions_->DeleteMessage(maya_, message).has_value());
  EXPECT_TRUE(Sent()[0].contains("\"accounts\":[\"m1\",\"m2\"]"));
}

TEST_F(HostTest, EmptyAndTooLongTextsAreRefused) {
  const int64_t post = Post();
  for (const std::string& text : {""s, " \n "s, std::string(kMaxText + 1, 'a'), "\xff"s}) {
    EXPECT_EQ(actions_->AddComment(leon_, post, text, Now()).error().code,
              ErrorCode::kInvalidArgument);
  }
  EXPECT_EQ(actions_->AddPost(maya_, "no picture", {}, Now()).error().code,
            ErrorCode::kInvalidArgument);
  EXPECT_EQ(
      actions_->EditProfile(maya_, {.name = "Maya", .bio = {}, .website = "javascript:alert(1)"})
          .error()
          .code,
      ErrorCode::kInvalidArgument);
}

TEST_F(HostTest, WhatFailsTellsNothing) {
  EXPECT_FALSE(actions_->Like(leon_, 999, Now()).has_value());
  EXPECT_FALSE(actions_->AddComment(leon_, 999, "Oh", Now()).has_value());
  EXPECT_FALSE(actions_->OpenConversation({maya_, 999}, "", Now()).has_value());
  EXPECT_TRUE(Sent().empty());
}

TEST_F(HostTest, TheOutboxForgetsWhatValiseHasAndGoesOnAfterAHigherCursor) {
  Post();
  EXPECT_FALSE(*outbox_->HasSent());
  ASSERT_TRUE(outbox_->Forget(3).has_value());
  EXPECT_TRUE(*outbox_->HasSent());
  ASSERT_TRUE(outbox_->GoOnAfter(5000).has_value());
  EXPECT_EQ(*outbox_->Count(), 0);
  Post();
  EXPECT_EQ(outbox_->After(0, 10)->front().cursor, 5001);
}

TEST_F(HostTest, TellingEverythingAgainSaysTheSame) {
  const int64_t post = Post();
  ASSERT_TRUE(actions_->AddComment(leon_, post, "Oh", Now()).has_value());
  ASSERT_TRUE(actions_->Follow(ines_, maya_, Now()).has_value());
  const int64_t conversation = *actions_->OpenConversation({maya_, leon_}, "", Now());
  ASSERT_TRUE(actions_->AddMessage(maya_, conversation, "Hi", {}, Now()).has_value());
  Sent();
  ASSERT_TRUE(actions_->TellAll().has_value());
  const auto once = Sent();
  ASSERT_TRUE(actions_->TellAll().has_value());
  EXPECT_EQ(Sent(), once);
  // 3 accounts and profiles, a post, 2 comments, 2 connections, a conversation, a message.
  EXPECT_EQ(once.size(), 13u);
}

}  // namespace
}  // namespace valise::host
