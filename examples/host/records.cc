#include "records.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "base/json_writer.h"

namespace valise::host {
namespace {

JsonWriter& Text(JsonWriter& json, std::string_view name, std::string_view text) {
  return text.empty() ? json : json.Member(name, text);
}

void WriteMedium(JsonWriter& json, const Medium& medium, Timestamp time) {
  json.BeginObject().Member("digest", medium.sha256).Member("size", medium.size);
  json.Member("type", medium.type).Member("time", time);
  Text(json, "alt", medium.alt).EndObject();
}

JsonWriter Begin(std::string_view kind) {
  JsonWriter json;
  json.BeginObject().Member("kind", kind);
  return json;
}

std::string End(JsonWriter& json) {
  json.EndObject();
  return json.Take();
}

}  // namespace

std::string AccountId(int64_t member) { return fmt::format("m{}", member); }
std::string PostId(int64_t post) { return fmt::format("p{}", post); }
std::string StoryId(int64_t story) { return fmt::format("s{}", story); }
std::string CommentId(int64_t comment) { return fmt::format("k{}", comment); }
std::string LikeId(int64_t post, int64_t member) { return fmt::format("l{}-{}", post, member); }
std::string ConnectionId(std::string_view relation, int64_t other) {
  return fmt::format("{}-m{}", relation, other);
}
std::string ConversationId(int64_t conversation) { return fmt::format("c{}", conversation); }
std::string MessageId(int64_t message) { return fmt::format("d{}", message); }

std::string ProfileRecord(const Member& member, const Medium& picture) {
  JsonWriter json = Begin("profile");
  json.Member("username", member.username);
  Text(json, "name", member.name);
  Text(json, "bio", member.bio);
  Text(json, "website", member.website);
  Text(json, "email", member.address);
  json.Member("joined", member.joined);
  if (!picture.sha256.empty()) {
    json.Name("pictures").BeginArray();
    WriteMedium(json, picture, member.joined);
    json.EndArray();
  }
  return End(json);
}

std::string PostRecord(const Post& post) {
  JsonWriter json = Begin("post");
  json.Member("time", post.time).Member("form", "post");
  Text(json, "text", post.text).Name("media").BeginArray();
  for (const Medium& medium : post.media) WriteMedium(json, medium, post.time);
  json.EndArray().Member("like_count", post.likes).Member("comment_count", post.comments);
  return End(json);
}

std::string StoryRecord(const Story& story) {
  JsonWriter json = Begin("story");
  json.Member("time", story.time);
  Text(json, "text", story.text).Name("media");
  WriteMedium(json, story.medium, story.time);
  return End(json);
}

std::string CommentRecord(const Comment& comment, const Member& owner, std::string_view link,
                          bool received) {
  JsonWriter json = Begin("comment");
  json.Member("time", comment.time).Member("list", "posts").Member("owner", owner.username);
  Text(json, "text", comment.text).Member("link", link);
  if (received) json.Member("author", comment.author.username);
  json.Member("on", PostId(comment.post));
  return End(json);
}

std::string LikeRecord(const Post& post, std::string_view link, Timestamp time) {
  JsonWriter json = Begin("like");
  json.Member("list", "posts").Member("owner", post.author.username).Member("link", link);
  Text(json, "text", post.text).Member("time", time);
  return End(json);
}

std::string ConnectionRecord(std::string_view relation, const Member& other, Timestamp time) {
  JsonWriter json = Begin("connection");
  json.Member("relation", relation).Member("username", other.username).Member("time", time);
  return End(json);
}

std::string ConversationRecord(const Conversation& conversation) {
  JsonWriter json = Begin("conversation");
  Text(json, "title", conversation.title).Member("folder", "inbox");
  json.Name("participants").BeginArray();
  for (const Member& member : conversation.members) json.String(member.name);
  json.EndArray().Member("participant", true);
  return End(json);
}

std::string MessageRecord(const Message& message) {
  JsonWriter json = Begin("message");
  json.Member("conversation", ConversationId(message.conversation)).Member("time", message.time);
  json.Member("sender", message.author.name);
  Text(json, "text", message.text);
  if (!message.medium.sha256.empty()) {
    json.Name("media").BeginArray();
    WriteMedium(json, message.medium, message.time);
    json.EndArray();
  }
  return End(json);
}

std::string VersionOf(std::string_view record) { return Sha256(record).Hex().substr(0, 16); }

}  // namespace valise::host
