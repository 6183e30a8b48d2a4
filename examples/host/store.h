// Store: what the site has, read from its database.
//
// Thread safety: every method from any thread. Nothing here asks who may see what: the pages do.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "database.h"
#include "model.h"

namespace valise::host {

class Store {
 public:
  Store(Database& database, const Clock& clock) : database_(database), clock_(clock) {}

  Timestamp Now() const { return clock_.Now(); }

  // Members. Errors of all below: kNotFound (no such thing), kUnavailable.
  Result<std::vector<Member>> Members() const;
  Result<Member> GetMember(int64_t id) const;
  Result<Member> FindMember(std::string_view username) const;
  struct Counts {
    int64_t posts = 0, followers = 0, following = 0;
  };
  Result<Counts> CountsOf(int64_t member) const;
  Result<bool> Follows(int64_t follower, int64_t followed) const;

  // Posts, newest first; `viewer` is who looks. `before`: posts with a smaller id only.
  static constexpr int64_t kPage = 20;
  Result<std::vector<Post>> Feed(int64_t viewer, int64_t before) const;
  Result<std::vector<Post>> PostsOf(int64_t member, int64_t viewer) const;
  Result<Post> GetPost(int64_t id, int64_t viewer) const;
  Result<std::vector<Comment>> CommentsOf(int64_t post) const;
  Result<Comment> GetComment(int64_t id) const;
  Result<std::vector<int64_t>> LikersOf(int64_t post) const;
  Result<Medium> GetMedium(std::string_view sha256) const;

  // Stories of the last 24 hours, the oldest first, by author; or all of one member's, newest
  // first.
  Result<std::vector<Story>> LiveStories() const;
  Result<std::vector<Story>> StoriesOf(int64_t member) const;
  Result<Story> GetStory(int64_t id) const;

  // Conversations of a member, the last spoken in first.
  Result<std::vector<Conversation>> ConversationsOf(int64_t member) const;
  Result<Conversation> GetConversation(int64_t id) const;
  // The one between exactly these members, without a title of its own.
  Result<std::optional<int64_t>> FindConversation(const std::vector<int64_t>& members) const;
  // Oldest first; the newest kMessages of them.
  static constexpr int64_t kMessages = 200;
  Result<std::vector<Message>> MessagesOf(int64_t conversation) const;
  Result<std::optional<Message>> LastMessage(int64_t conversation) const;
  Result<Message> GetMessage(int64_t id) const;

  // May `viewer` see this medium: does it stand in a post, a story that lives or is theirs, a
  // message to them, somebody's picture?
  Result<bool> MaySee(int64_t viewer, std::string_view sha256) const;

 private:
  Result<std::vector<Post>> Posts(std::string_view where, int64_t argument, int64_t viewer) const;
  Result<std::vector<Story>> Stories(std::string_view where, int64_t argument) const;
  Result<std::vector<Message>> Messages(std::string_view where, int64_t argument) const;
  Result<std::vector<Comment>> Comments(std::string_view where, int64_t argument) const;

  Database& database_;
  const Clock& clock_;
};

}  // namespace valise::host
