// Actions: everything members do. Each is one transaction that changes the site and tells Valise of
// it through the outbox.
//
// Thread safety: every method from any thread. Errors of all: kNotFound (no such thing),
// kPermissionDenied (somebody else's), kInvalidArgument (says what is wrong), kUnavailable.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "media_store.h"
#include "outbox.h"
#include "store.h"

namespace valise::host {

class Actions {
 public:
  // `public_url` stands in links of records. All outlive this.
  Actions(Database& database, const Store& store, Outbox& outbox, const MediaStore& media,
          std::string public_url)
      : database_(database),
        store_(store),
        outbox_(outbox),
        media_(media),
        public_url_(std::move(public_url)) {}

  // Returns the new thing's id. A time in the past is for those who fill the site.
  Result<int64_t> AddMember(const Member& member, const Medium& picture = {});
  struct Profile {
    std::string name, bio, website;
    Medium picture;  // without a name: as it was
  };
  Status EditProfile(int64_t member, const Profile& profile);
  Status SetLanguage(int64_t member, std::string_view language);
  Status Follow(int64_t follower, int64_t followed, Timestamp time);
  Status Unfollow(int64_t follower, int64_t followed);

  // Media lie in the store already.
  Result<int64_t> AddPost(int64_t member, std::string_view text, const std::vector<Medium>& media,
                          Timestamp time);
  Status DeletePost(int64_t member, int64_t post);
  Result<int64_t> AddStory(int64_t member, std::string_view text, const Medium& medium,
                           Timestamp time);
  Status DeleteStory(int64_t member, int64_t story);
  Result<int64_t> AddComment(int64_t member, int64_t post, std::string_view text, Timestamp time);
  // Its author may, and the author of the post.
  Status DeleteComment(int64_t member, int64_t comment);
  Status Like(int64_t member, int64_t post, Timestamp time);
  Status Unlike(int64_t member, int64_t post);

  // The conversation of these members (one of them begins it): the one they have, or a new one.
  Result<int64_t> OpenConversation(const std::vector<int64_t>& members, std::string_view title,
                                   Timestamp time);
  Result<int64_t> AddMessage(int64_t member, int64_t conversation, std::string_view text,
                             const Medium& medium, Timestamp time);
  Status DeleteMessage(int64_t member, int64_t message);

  // Tells everything again: Valise was begun anew. Idempotent.
  Status TellAll();

  // The conversation, if the member takes part in it.
  Result<Conversation> Taken(int64_t member, int64_t conversation) const;

 private:
  // In a transaction, and rings afterwards.
  Status Do(const std::function<Status()>& work);
  // A medium that something new shows.
  Status AddMedium(const Medium& medium);
  // Media that nothing shows any more are removed, their bytes too.
  Status RemoveUnused();
  Status TellMember(int64_t member);
  Status TellPost(int64_t post);
  Status TellStory(int64_t story);
  Status TellComment(const Comment& comment, const Member& owner);
  Status TellLike(int64_t post, int64_t member, Timestamp time);
  Status TellFollow(const Member& follower, const Member& followed, Timestamp time);
  Status TellConversation(const Conversation& conversation);
  Status TellMessage(const Conversation& conversation, const Message& message);
  Status TellConversations();
  Status ForgetComment(const Comment& comment, const Member& owner);
  std::string PostLink(int64_t post) const;

  Database& database_;
  const Store& store_;
  Outbox& outbox_;
  const MediaStore& media_;
  std::string public_url_;
};

}  // namespace valise::host
