#include "store.h"

#include <fmt/format.h>

#include <algorithm>

namespace valise::host {
namespace {

// The columns of a member, from the table named m, beginning at the row's column `at`.
constexpr std::string_view kMember =
    "m.id, m.username, m.name, m.bio, m.website, m.address, m.language, m.picture, m.joined_ms";

Member MemberOf(const Row& row, size_t at) {
  return {.id = row.Int(at),
          .username = row.Text(at + 1),
          .name = row.Text(at + 2),
          .bio = row.Text(at + 3),
          .website = row.Text(at + 4),
          .address = row.Text(at + 5),
          .language = row.Text(at + 6),
          .picture = row.Text(at + 7),
          .joined = FromMillis(row.Int(at + 8))};
}

template <typename T>
Result<T> One(Result<std::vector<T>> found, std::string_view what) {
  if (!found.has_value()) return std::unexpected(std::move(found).error());
  if (found->empty()) return Fail(ErrorCode::kNotFound, fmt::format("there is no such {}", what));
  return std::move(found->front());
}

std::vector<Member> MembersOf(const Rows& rows) {
  std::vector<Member> members;
  for (const Row& row : rows) members.push_back(MemberOf(row, 0));
  return members;
}

}  // namespace

Result<std::vector<Member>> Store::Members() const {
  ASSIGN_OR_RETURN(const Rows rows, database_.Query(fmt::format(
                                        "SELECT {} FROM member m ORDER BY m.name", kMember)));
  return MembersOf(rows);
}

Result<Member> Store::GetMember(int64_t id) const {
  ASSIGN_OR_RETURN(
      const Rows rows,
      database_.Query(fmt::format("SELECT {} FROM member m WHERE m.id = ?", kMember), id));
  return One(Result<std::vector<Member>>(MembersOf(rows)), "member");
}

Result<Member> Store::FindMember(std::string_view username) const {
  ASSIGN_OR_RETURN(
      const Rows rows,
      database_.Query(fmt::format("SELECT {} FROM member m WHERE m.username = ?", kMember),
                      username));
  return One(Result<std::vector<Member>>(MembersOf(rows)), "member");
}

Result<Store::Counts> Store::CountsOf(int64_t member) const {
  ASSIGN_OR_RETURN(const Rows rows,
                   database_.Query("SELECT (SELECT COUNT(*) FROM post WHERE member = ?),"
                                   " (SELECT COUNT(*) FROM follow WHERE followed = ?),"
                                   " (SELECT COUNT(*) FROM follow WHERE follower = ?)",
                                   member, member, member));
  return Counts{.posts = rows[0].Int(0), .followers = rows[0].Int(1), .following = rows[0].Int(2)};
}

Result<bool> Store::Follows(int64_t follower, int64_t followed) const {
  ASSIGN_OR_RETURN(const Rows rows,
                   database_.Query("SELECT 1 FROM follow WHERE follower = ? AND followed = ?",
                                   follower, followed));
  return !rows.empty();
}

Result<std::vector<Post>> Store::Posts(std::string_view where, int64_t argument,
                                       int64_t viewer) const {
  ASSIGN_OR_RETURN(
      const Rows rows,
      database_.Query(
          fmt::format("SELECT p.id, p.time_ms, p.text,"
                      " (SELECT COUNT(*) FROM post_like WHERE post = p.id),"
                      " (SELECT COUNT(*) FROM comment WHERE post = p.id),"
                      " EXISTS (SELECT 1 FROM post_like WHERE post = p.id AND member = ?), {}"
                      " FROM post p JOIN member m ON m.id = p.member WHERE {}",
                      kMember, where),
          viewer, argument));
  std::vector<Post> posts;
  for (const Row& row : rows) {
    posts.push_back({.id = row.Int(0),
                     .author = MemberOf(row, 6),
                     .time = FromMillis(row.Int(1)),
                     .text = row.Text(2),
                     .likes = row.Int(3),
                     .comments = row.Int(4),
                     .liked = row.Int(5) != 0});
    ASSIGN_OR_RETURN(const Rows media,
                     database_.Query("SELECT x.sha256, x.type, x.size, u.alt FROM post_medium u"
                                     " JOIN medium x ON x.sha256 = u.medium WHERE u.post = ?"
                                     " ORDER BY u.place",
                                     row.Int(0)));
    for (const Row& one : media) {
      posts.back().media.push_back({one.Text(0), one.Text(1), one.Int(2), one.Text(3)});
    }
  }
  return posts;
}

Result<std::vector<Post>> Store::Feed(int64_t viewer, int64_t before) const {
  return Posts(fmt::format("p.id < ? ORDER BY p.time_ms DESC, p.id DESC LIMIT {}", kPage),
               before > 0 ? before : INT64_MAX, viewer);
}

Result<std::vector<Post>> Store::PostsOf(int64_t member, int64_t viewer) const {
  return Posts("p.member = ? ORDER BY p.time_ms DESC, p.id DESC", member, viewer);
}

Result<Post> Store::GetPost(int64_t id, int64_t viewer) const {
  return One(Posts("p.id = ?", id, viewer), "post");
}

Result<std::vector<Comment>> Store::Comments(std::string_view where, int64_t argument) const {
  ASSIGN_OR_RETURN(const Rows rows,
                   database_.Query(fmt::format("SELECT c.id, c.post, c.time_ms, c.text, {}"
                                               " FROM comment c JOIN member m ON m.id = c.member"
                                               " WHERE {}",
                                               kMember, where),
                                   argument));
  std::vector<Comment> comments;
  for (const Row& row : rows) {
    comments.push_back({.id = row.Int(0),
                        .post = row.Int(1),
                        .author = MemberOf(row, 4),
                        .time = FromMillis(row.Int(2)),
                        .text = row.Text(3)});
  }
  return comments;
}

Result<std::vector<Comment>> Store::CommentsOf(int64_t post) const {
  return Comments("c.post = ? ORDER BY c.time_ms, c.id", post);
}

Result<Comment> Store::GetComment(int64_t id) const {
  return One(Comments("c.id = ?", id), "comment");
}

Result<std::vector<int64_t>> Store::LikersOf(int64_t post) const {
  ASSIGN_OR_RETURN(const Rows rows,
                   database_.Query("SELECT member FROM post_like WHERE post = ?", post));
  std::vector<int64_t> members;
  for (const Row& row : rows) members.push_back(row.Int(0));
  return members;
}

Result<Medium> Store::GetMedium(std::string_view sha256) const {
  ASSIGN_OR_RETURN(
      const Rows rows,
      database_.Query("SELECT sha256, type, size FROM medium WHERE sha256 = ?", sha256));
  if (rows.empty()) return Fail(ErrorCode::kNotFound, "there is no such medium");
  return Medium{
      .sha256 = rows[0].Text(0), .type = rows[0].Text(1), .size = rows[0].Int(2), .alt = {}};
}

Result<std::vector<Story>> Store::Stories(std::string_view where, int64_t argument) const {
  ASSIGN_OR_RETURN(const Rows rows,
                   database_.Query(fmt::format("SELECT s.id, s.time_ms, s.text, x.sha256, x.type,"
                                               " x.size, {} FROM story s"
                                               " JOIN member m ON m.id = s.member"
                                               " JOIN medium x ON x.sha256 = s.medium WHERE {}",
                                               kMember, where),
                                   argument));
  std::vector<Story> stories;
  for (const Row& row : rows) {
    stories.push_back({.id = row.Int(0),
                       .author = MemberOf(row, 6),
                       .time = FromMillis(row.Int(1)),
                       .text = row.Text(2),
                       .medium = {row.Text(3), row.Text(4), row.Int(5), {}}});
  }
  return stories;
}

Result<std::vector<Story>> Store::LiveStories() const {
  return Stories("s.time_ms > ? ORDER BY m.name, s.time_ms, s.id", ToMillis(Now() - kStoryLife));
}

Result<std::vector<Story>> Store::StoriesOf(int64_t member) const {
  return Stories("s.member = ? ORDER BY s.time_ms DESC, s.id DESC", member);
}

Result<Story> Store::GetStory(int64_t id) const { return One(Stories("s.id = ?", id), "story"); }

Result<std::vector<Conversation>> Store::ConversationsOf(int64_t member) const {
  ASSIGN_OR_RETURN(
      const Rows rows,
      database_.Query("SELECT c.id FROM conversation c JOIN participant p ON p.conversation = c.id"
                      " WHERE p.member = ? ORDER BY COALESCE((SELECT MAX(time_ms) FROM message"
                      " WHERE conversation = c.id), c.created_ms) DESC",
                      member));
  std::vector<Conversation> conversations;
  for (const Row& row : rows) {
    ASSIGN_OR_RETURN(Conversation one, GetConversation(row.Int(0)));
    conversations.push_back(std::move(one));
  }
  return conversations;
}

Result<Conversation> Store::GetConversation(int64_t id) const {
  ASSIGN_OR_RETURN(const Rows rows,
                   database_.Query("SELECT id, title FROM conversation WHERE id = ?", id));
  if (rows.empty()) return Fail(ErrorCode::kNotFound, "there is no such conversation");
  ASSIGN_OR_RETURN(const Rows members,
                   database_.Query(fmt::format("SELECT {} FROM participant p"
                                               " JOIN member m ON m.id = p.member"
                                               " WHERE p.conversation = ? ORDER BY m.id",
                                               kMember),
                                   id));
  return Conversation{
      .id = rows[0].Int(0), .title = rows[0].Text(1), .members = MembersOf(members)};
}

Result<std::optional<int64_t>> Store::FindConversation(const std::vector<int64_t>& members) const {
  ASSIGN_OR_RETURN(const auto conversations, ConversationsOf(members.front()));
  for (const Conversation& one : conversations) {
    if (!one.title.empty() || one.members.size() != members.size()) continue;
    const bool same = std::ranges::all_of(one.members, [&](const Member& member) {
      return std::ranges::find(members, member.id) != members.end();
    });
    if (same) return one.id;
  }
  return std::nullopt;
}

Result<std::vector<Message>> Store::Messages(std::string_view where, int64_t argument) const {
  ASSIGN_OR_RETURN(const Rows rows,
                   database_.Query(fmt::format("SELECT d.id, d.conversation, d.time_ms, d.text,"
                                               " COALESCE(x.sha256, ''), COALESCE(x.type, ''),"
                                               " COALESCE(x.size, 0), {} FROM message d"
                                               " JOIN member m ON m.id = d.member"
                                               " LEFT JOIN medium x ON x.sha256 = d.medium"
                                               " WHERE {}",
                                               kMember, where),
                                   argument));
  std::vector<Message> messages;
  for (const Row& row : rows) {
    messages.push_back({.id = row.Int(0),
                        .conversation = row.Int(1),
                        .author = MemberOf(row, 7),
                        .time = FromMillis(row.Int(2)),
                        .text = row.Text(3),
                        .medium = {row.Text(4), row.Text(5), row.Int(6), {}}});
  }
  return messages;
}

Result<std::vector<Message>> Store::MessagesOf(int64_t conversation) const {
  ASSIGN_OR_RETURN(
      auto messages,
      Messages(
          fmt::format("d.conversation = ? ORDER BY d.time_ms DESC, d.id DESC LIMIT {}", kMessages),
          conversation));
  std::ranges::reverse(messages);
  return messages;
}

Result<std::optional<Message>> Store::LastMessage(int64_t conversation) const {
  ASSIGN_OR_RETURN(
      auto messages,
      Messages("d.conversation = ? ORDER BY d.time_ms DESC, d.id DESC LIMIT 1", conversation));
  if (messages.empty()) return std::nullopt;
  return std::move(messages.front());
}

Result<Message> Store::GetMessage(int64_t id) const {
  return One(Messages("d.id = ?", id), "message");
}

Result<bool> Store::MaySee(int64_t viewer, std::string_view sha256) const {
  ASSIGN_OR_RETURN(
      const Rows rows,
      database_.Query("SELECT 1 WHERE EXISTS (SELECT 1 FROM post_medium WHERE medium = ?)"
                      " OR EXISTS (SELECT 1 FROM member WHERE picture = ?)"
                      " OR EXISTS (SELECT 1 FROM story WHERE medium = ?"
                      "            AND (member = ? OR time_ms > ?))"
                      " OR EXISTS (SELECT 1 FROM message d JOIN participant p"
                      "            ON p.conversation = d.conversation"
                      "            WHERE d.medium = ? AND p.member = ?)",
                      sha256, sha256, sha256, viewer, ToMillis(Now() - kStoryLife), sha256,
                      viewer));
  return !rows.empty();
}

}  // namespace valise::host
