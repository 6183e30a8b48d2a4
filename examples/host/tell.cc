// Actions' other half: how each thing is told to Valise.
#include <fmt/format.h>

#include "actions.h"
#include "records.h"

namespace valise::host {

std::string Actions::PostLink(int64_t post) const {
  return fmt::format("{}/posts/{}", public_url_, post);
}

Status Actions::TellMember(int64_t member) {
  ASSIGN_OR_RETURN(const Member told, store_.GetMember(member));
  Medium picture;
  if (!told.picture.empty()) {
    ASSIGN_OR_RETURN(picture, store_.GetMedium(told.picture));
  }
  RETURN_IF_ERROR(outbox_.PutAccount(told));
  return outbox_.PutRecord({.members = {member},
                            .id = AccountId(member),
                            .record = ProfileRecord(told, picture),
                            .media = {picture}});
}

Status Actions::TellPost(int64_t post) {
  ASSIGN_OR_RETURN(const Post told, store_.GetPost(post, 0));
  return outbox_.PutRecord({.members = {told.author.id},
                            .id = PostId(post),
                            .record = PostRecord(told),
                            .media = told.media});
}

Status Actions::TellStory(int64_t story) {
  ASSIGN_OR_RETURN(const Story told, store_.GetStory(story));
  return outbox_.PutRecord({.members = {told.author.id},
                            .id = StoryId(story),
                            .record = StoryRecord(told),
                            .media = {told.medium}});
}

Status Actions::TellComment(const Comment& comment, const Member& owner) {
  const std::string link = PostLink(comment.post);
  RETURN_IF_ERROR(outbox_.PutRecord({.members = {comment.author.id},
                                     .id = CommentId(comment.id),
                                     .record = CommentRecord(comment, owner, link, false),
                                     .media = {}}));
  if (comment.author.id == owner.id) return {};
  return outbox_.PutRecord({.members = {owner.id},
                            .id = CommentId(comment.id),
                            .record = CommentRecord(comment, owner, link, true),
                            .media = {}});
}

Status Actions::ForgetComment(const Comment& comment, const Member& owner) {
  std::vector<int64_t> members{comment.author.id};
  if (comment.author.id != owner.id) members.push_back(owner.id);
  return outbox_.DeleteRecord(members, "comment", CommentId(comment.id));
}

Status Actions::TellLike(int64_t post, int64_t member, Timestamp time) {
  ASSIGN_OR_RETURN(const Post told, store_.GetPost(post, member));
  return outbox_.PutRecord({.members = {member},
                            .id = LikeId(post, member),
                            .record = LikeRecord(told, PostLink(post), time),
                            .media = {}});
}

Status Actions::TellFollow(const Member& follower, const Member& followed, Timestamp time) {
  RETURN_IF_ERROR(outbox_.PutRecord({.members = {follower.id},
                                     .id = ConnectionId("following", followed.id),
                                     .record = ConnectionRecord("following", followed, time),
                                     .media = {}}));
  return outbox_.PutRecord({.members = {followed.id},
                            .id = ConnectionId("follower", follower.id),
                            .record = ConnectionRecord("follower", follower, time),
                            .media = {}});
}

Status Actions::TellConversation(const Conversation& conversation) {
  std::vector<int64_t> members;
  for (const Member& member : conversation.members) members.push_back(member.id);
  return outbox_.PutRecord({.members = members,
                            .id = ConversationId(conversation.id),
                            .record = ConversationRecord(conversation),
                            .media = {}});
}

Status Actions::TellMessage(const Conversation& conversation, const Message& message) {
  std::vector<int64_t> members;
  for (const Member& member : conversation.members) members.push_back(member.id);
  return outbox_.PutRecord({.members = members,
                            .id = MessageId(message.id),
                            .record = MessageRecord(message),
                            .media = {message.medium}});
}

Status Actions::TellAll() {
  return Do([&]() -> Status {
    ASSIGN_OR_RETURN(const auto members, store_.Members());
    for (const Member& member : members) RETURN_IF_ERROR(TellMember(member.id));
    for (const Member& member : members) {
      ASSIGN_OR_RETURN(const auto posts, store_.PostsOf(member.id, member.id));
      for (const Post& post : posts) {
        RETURN_IF_ERROR(TellPost(post.id));
        ASSIGN_OR_RETURN(const auto comments, store_.CommentsOf(post.id));
        for (const Comment& comment : comments) RETURN_IF_ERROR(TellComment(comment, member));
      }
      ASSIGN_OR_RETURN(const auto stories, store_.StoriesOf(member.id));
      for (const Story& story : stories) RETURN_IF_ERROR(TellStory(story.id));
    }
    ASSIGN_OR_RETURN(const Rows likes,
                     database_.Query("SELECT post, member, time_ms FROM post_like"));
    for (const Row& row : likes) {
      RETURN_IF_ERROR(TellLike(row.Int(0), row.Int(1), FromMillis(row.Int(2))));
    }
    ASSIGN_OR_RETURN(const Rows follows,
                     database_.Query("SELECT follower, followed, time_ms FROM follow"));
    for (const Row& row : follows) {
      ASSIGN_OR_RETURN(const Member follower, store_.GetMember(row.Int(0)));
      ASSIGN_OR_RETURN(const Member followed, store_.GetMember(row.Int(1)));
      RETURN_IF_ERROR(TellFollow(follower, followed, FromMillis(row.Int(2))));
    }
    return TellConversations();
  });
}

Status Actions::TellConversations() {
  ASSIGN_OR_RETURN(const Rows conversations, database_.Query("SELECT id FROM conversation"));
  for (const Row& row : conversations) {
    ASSIGN_OR_RETURN(const Conversation conversation, store_.GetConversation(row.Int(0)));
    RETURN_IF_ERROR(TellConversation(conversation));
    ASSIGN_OR_RETURN(const Rows messages,
                     database_.Query("SELECT id FROM message WHERE conversation = ? ORDER BY id",
                                     conversation.id));
    for (const Row& one : messages) {
      ASSIGN_OR_RETURN(const Message message, store_.GetMessage(one.Int(0)));
      RETURN_IF_ERROR(TellMessage(conversation, message));
    }
  }
  return {};
}

}  // namespace valise::host
