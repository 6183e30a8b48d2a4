#include "actions.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.h"
#include "records.h"

namespace valise::host {
namespace {

constexpr size_t kMaxTitle = 100;
constexpr size_t kMaxName = 60;
constexpr size_t kMaxBio = 300;
constexpr size_t kMaxWebsite = 200;
constexpr size_t kMaxParticipants = 20;

Status CheckText(std::string_view text, size_t limit) {
  if (text.size() > limit) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("the text is longer than {} bytes", limit));
  }
  if (!IsUtf8(text)) return Fail(ErrorCode::kInvalidArgument, "the text is not UTF-8");
  return {};
}

Status CheckSaid(std::string_view text, bool has_medium) {
  RETURN_IF_ERROR(CheckText(text, kMaxText));
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos && !has_medium) {
    return Fail(ErrorCode::kInvalidArgument, "there is nothing to send yet");
  }
  return {};
}

std::unexpected<Error> NotYours() {
  return Fail(ErrorCode::kPermissionDenied, "this belongs to somebody else");
}

Result<int64_t> Made(const Status& done, int64_t id) {
  if (!done.has_value()) return std::unexpected(done.error());
  return id;
}

std::vector<int64_t> Ids(const std::vector<Member>& members) {
  std::vector<int64_t> ids;
  for (const Member& member : members) ids.push_back(member.id);
  return ids;
}

}  // namespace

Status Actions::Do(const std::function<Status()>& work) {
  RETURN_IF_ERROR(database_.InTransaction(work));
  outbox_.Ring();
  return {};
}

Result<int64_t> Actions::AddMember(const Member& member, const Medium& picture) {
  int64_t id = 0;
  const Status done = Do([&]() -> Status {
    RETURN_IF_ERROR(AddMedium(picture));
    ASSIGN_OR_RETURN(id, database_.Insert("INSERT INTO member (username, name, bio, website,"
                                          " address, language, picture, joined_ms)"
                                          " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                                          member.username, member.name, member.bio, member.website,
                                          member.address, member.language, picture.sha256,
                                          ToMillis(member.joined)));
    return TellMember(id);
  });
  return Made(done, id);
}

Status Actions::EditProfile(int64_t member, const Profile& profile) {
  RETURN_IF_ERROR(CheckSaid(profile.name, false));
  RETURN_IF_ERROR(CheckText(profile.name, kMaxName));
  RETURN_IF_ERROR(CheckText(profile.bio, kMaxBio));
  RETURN_IF_ERROR(CheckText(profile.website, kMaxWebsite));
  const bool web =
      profile.website.starts_with("https://") || profile.website.starts_with("http://");
  if (!profile.website.empty() && !web) {
    return Fail(ErrorCode::kInvalidArgument, "a website begins with https://");
  }
  return Do([&]() -> Status {
    RETURN_IF_ERROR(AddMedium(profile.picture));
    RETURN_IF_ERROR(
        database_.Execute("UPDATE member SET name = ?, bio = ?, website = ?,"
                          " picture = CASE ? WHEN '' THEN picture ELSE ? END"
                          " WHERE id = ?",
                          profile.name, profile.bio, profile.website, profile.picture.sha256,
                          profile.picture.sha256, member));
    RETURN_IF_ERROR(TellMember(member));
    return RemoveUnused();
  });
}

Status Actions::SetLanguage(int64_t member, std::string_view language) {
  if (language != "en" && language != "fr") {
    return Fail(ErrorCode::kInvalidArgument, "the language is English or French");
  }
  return Do([&]() -> Status {
    RETURN_IF_ERROR(
        database_.Execute("UPDATE member SET language = ? WHERE id = ?", language, member));
    return TellMember(member);
  });
}

Status Actions::Follow(int64_t follower, int64_t followed, Timestamp time) {
  if (follower == followed) return Fail(ErrorCode::kInvalidArgument, "that is you");
  ASSIGN_OR_RETURN(const Member who, store_.GetMember(follower));
  ASSIGN_OR_RETURN(const Member whom, store_.GetMember(followed));
  return Do([&]() -> Status {
    ASSIGN_OR_RETURN(const int64_t made,
                     database_.Execute("INSERT OR IGNORE INTO follow VALUES (?, ?, ?)", follower,
                                       followed, ToMillis(time)));
    return made == 0 ? Status{} : TellFollow(who, whom, time);
  });
}

Status Actions::Unfollow(int64_t follower, int64_t followed) {
  return Do([&]() -> Status {
    ASSIGN_OR_RETURN(const int64_t gone,
                     database_.Execute("DELETE FROM follow WHERE follower = ? AND followed = ?",
                                       follower, followed));
    if (gone == 0) return {};
    RETURN_IF_ERROR(
        outbox_.DeleteRecord({follower}, "connection", ConnectionId("following", followed)));
    return outbox_.DeleteRecord({followed}, "connection", ConnectionId("follower", follower));
  });
}

Status Actions::AddMedium(const Medium& medium) {
  if (medium.sha256.empty()) return {};
  // The same picture may just have been removed with the last thing that showed it.
  if (!fs::exists(media_.PathOf(medium.sha256))) {
    return Fail(ErrorCode::kUnavailable, "this picture was being removed; share it once more");
  }
  RETURN_IF_ERROR(database_.Execute("INSERT OR IGNORE INTO medium VALUES (?, ?, ?)", medium.sha256,
                                    medium.type, medium.size));
  return {};
}

Status Actions::RemoveUnused() {
  ASSIGN_OR_RETURN(
      const Rows rows,
      database_.Query("SELECT sha256 FROM medium x WHERE"
                      " NOT EXISTS (SELECT 1 FROM post_medium WHERE medium = sha256)"
                      " AND NOT EXISTS (SELECT 1 FROM story WHERE medium = sha256)"
                      " AND NOT EXISTS (SELECT 1 FROM message WHERE medium = sha256)"
                      " AND NOT EXISTS (SELECT 1 FROM member WHERE picture = sha256)"));
  for (const Row& row : rows) {
    RETURN_IF_ERROR(database_.Execute("DELETE FROM medium WHERE sha256 = ?", row.Text(0)));
    RETURN_IF_ERROR(media_.Remove(row.Text(0)));
  }
  return {};
}

Result<int64_t> Actions::AddPost(int64_t member, std::string_view text,
                                 const std::vector<Medium>& media, Timestamp time) {
  RETURN_IF_ERROR(CheckText(text, kMaxText));
  if (media.empty()) return Fail(ErrorCode::kInvalidArgument, "choose a photo or a video first");
  if (media.size() > kMaxMedia) {
    return Fail(ErrorCode::kInvalidArgument, fmt::format("a post holds {} at most", kMaxMedia));
  }
  int64_t id = 0;
  const Status done = Do([&]() -> Status {
    ASSIGN_OR_RETURN(
        id, database_.Insert("INSERT INTO post (member, time_ms, text) VALUES (?, ?, ?)", member,
                             ToMillis(time), text));
    for (size_t i = 0; i < media.size(); ++i) {
      RETURN_IF_ERROR(AddMedium(media[i]));
      RETURN_IF_ERROR(database_.Execute("INSERT INTO post_medium VALUES (?, ?, ?, ?)", id, i,
                                        media[i].sha256, media[i].alt));
    }
    return TellPost(id);
  });
  return Made(done, id);
}

Status Actions::DeletePost(int64_t member, int64_t post) {
  ASSIGN_OR_RETURN(const Post gone, store_.GetPost(post, member));
  if (gone.author.id != member) return NotYours();
  return Do([&]() -> Status {
    // What others said and liked goes with it, also from what they keep.
    ASSIGN_OR_RETURN(const auto comments, store_.CommentsOf(post));
    for (const Comment& comment : comments) RETURN_IF_ERROR(ForgetComment(comment, gone.author));
    ASSIGN_OR_RETURN(const auto likers, store_.LikersOf(post));
    for (const int64_t liker : likers) {
      RETURN_IF_ERROR(outbox_.DeleteRecord({liker}, "like", LikeId(post, liker)));
    }
    RETURN_IF_ERROR(outbox_.DeleteRecord({member}, "post", PostId(post)));
    RETURN_IF_ERROR(database_.Execute("DELETE FROM post WHERE id = ?", post));
    return RemoveUnused();
  });
}

Result<int64_t> Actions::AddStory(int64_t member, std::string_view text, const Medium& medium,
                                  Timestamp time) {
  RETURN_IF_ERROR(CheckText(text, kMaxText));
  if (medium.sha256.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "choose a photo or a video first");
  }
  int64_t id = 0;
  const Status done = Do([&]() -> Status {
    RETURN_IF_ERROR(AddMedium(medium));
    ASSIGN_OR_RETURN(id, database_.Insert("INSERT INTO story (member, time_ms, text, medium)"
                                          " VALUES (?, ?, ?, ?)",
                                          member, ToMillis(time), text, medium.sha256));
    return TellStory(id);
  });
  return Made(done, id);
}

Status Actions::DeleteStory(int64_t member, int64_t story) {
  ASSIGN_OR_RETURN(const Story gone, store_.GetStory(story));
  if (gone.author.id != member) return NotYours();
  return Do([&]() -> Status {
    RETURN_IF_ERROR(outbox_.DeleteRecord({member}, "story", StoryId(story)));
    RETURN_IF_ERROR(database_.Execute("DELETE FROM story WHERE id = ?", story));
    return RemoveUnused();
  });
}

Result<int64_t> Actions::AddComment(int64_t member, int64_t post, std::string_view text,
                                    Timestamp time) {
  RETURN_IF_ERROR(CheckSaid(text, false));
  ASSIGN_OR_RETURN(const Post under, store_.GetPost(post, member));
  int64_t id = 0;
  const Status done = Do([&]() -> Status {
    ASSIGN_OR_RETURN(id, database_.Insert("INSERT INTO comment (post, member, time_ms, text)"
                                          " VALUES (?, ?, ?, ?)",
                                          post, member, ToMillis(time), text));
    ASSIGN_OR_RETURN(const Comment comment, store_.GetComment(id));
    RETURN_IF_ERROR(TellComment(comment, under.author));
    return TellPost(post);
  });
  return Made(done, id);
}

Status Actions::DeleteComment(int64_t member, int64_t comment) {
  ASSIGN_OR_RETURN(const Comment gone, store_.GetComment(comment));
  ASSIGN_OR_RETURN(const Post under, store_.GetPost(gone.post, member));
  if (gone.author.id != member && under.author.id != member) return NotYours();
  return Do([&]() -> Status {
    RETURN_IF_ERROR(ForgetComment(gone, under.author));
    RETURN_IF_ERROR(database_.Execute("DELETE FROM comment WHERE id = ?", comment));
    return TellPost(gone.post);
  });
}

Status Actions::Like(int64_t member, int64_t post, Timestamp time) {
  RETURN_IF_ERROR(store_.GetPost(post, member));
  return Do([&]() -> Status {
    ASSIGN_OR_RETURN(const int64_t made,
                     database_.Execute("INSERT OR IGNORE INTO post_like VALUES (?, ?, ?)", post,
                                       member, ToMillis(time)));
    if (made == 0) return {};
    RETURN_IF_ERROR(TellLike(post, member, time));
    return TellPost(post);
  });
}

Status Actions::Unlike(int64_t member, int64_t post) {
  return Do([&]() -> Status {
    ASSIGN_OR_RETURN(
        const int64_t gone,
        database_.Execute("DELETE FROM post_like WHERE post = ? AND member = ?", post, member));
    if (gone == 0) return {};
    RETURN_IF_ERROR(outbox_.DeleteRecord({member}, "like", LikeId(post, member)));
    return TellPost(post);
  });
}

Result<int64_t> Actions::OpenConversation(const std::vector<int64_t>& members,
                                          std::string_view title, Timestamp time) {
  RETURN_IF_ERROR(CheckText(title, kMaxTitle));
  std::vector<int64_t> all = members;
  std::ranges::sort(all);
  const auto twice = std::ranges::unique(all);
  all.erase(twice.begin(), twice.end());
  if (all.size() < 2) return Fail(ErrorCode::kInvalidArgument, "choose somebody to write to");
  if (all.size() > kMaxParticipants) {
    return Fail(ErrorCode::kInvalidArgument, "that is more than a conversation holds");
  }
  if (title.empty()) {
    ASSIGN_OR_RETURN(const auto had, store_.FindConversation(all));
    if (had) return *had;
  }
  int64_t id = 0;
  const Status done = Do([&]() -> Status {
    ASSIGN_OR_RETURN(
        id, database_.Insert("INSERT INTO conversation (title, created_ms) VALUES (?, ?)", title,
                             ToMillis(time)));
    for (const int64_t member : all) {
      RETURN_IF_ERROR(store_.GetMember(member));
      RETURN_IF_ERROR(database_.Execute("INSERT INTO participant VALUES (?, ?)", id, member));
    }
    ASSIGN_OR_RETURN(const Conversation conversation, store_.GetConversation(id));
    return TellConversation(conversation);
  });
  return Made(done, id);
}

Result<int64_t> Actions::AddMessage(int64_t member, int64_t conversation, std::string_view text,
                                    const Medium& medium, Timestamp time) {
  RETURN_IF_ERROR(CheckSaid(text, !medium.sha256.empty()));
  ASSIGN_OR_RETURN(const Conversation in, Taken(member, conversation));
  int64_t id = 0;
  const Status done = Do([&]() -> Status {
    RETURN_IF_ERROR(AddMedium(medium));
    ASSIGN_OR_RETURN(id,
                     database_.Insert("INSERT INTO message (conversation, member, time_ms, text,"
                                      " medium) VALUES (?, ?, ?, ?, ?)",
                                      conversation, member, ToMillis(time), text, medium.sha256));
    ASSIGN_OR_RETURN(const Message message, store_.GetMessage(id));
    return TellMessage(in, message);
  });
  return Made(done, id);
}

Status Actions::DeleteMessage(int64_t member, int64_t message) {
  ASSIGN_OR_RETURN(const Message gone, store_.GetMessage(message));
  if (gone.author.id != member) return NotYours();
  ASSIGN_OR_RETURN(const Conversation in, store_.GetConversation(gone.conversation));
  return Do([&]() -> Status {
    RETURN_IF_ERROR(outbox_.DeleteRecord(Ids(in.members), "message", MessageId(message)));
    RETURN_IF_ERROR(database_.Execute("DELETE FROM message WHERE id = ?", message));
    return RemoveUnused();
  });
}

Result<Conversation> Actions::Taken(int64_t member, int64_t conversation) const {
  ASSIGN_OR_RETURN(Conversation found, store_.GetConversation(conversation));
  if (std::ranges::find(found.members, member, &Member::id) == found.members.end()) {
    return Fail(ErrorCode::kNotFound, "there is no such conversation");
  }
  return found;
}

}  // namespace valise::host
