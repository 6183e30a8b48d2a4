// What the site has, as the records that Valise takes (its docs/formats/records.md, ingest.md).
//
// Thread safety: pure functions. Nothing of Valise's own code is used: any service could do this.
#pragma once

#include <string>
#include <string_view>

#include "model.h"

namespace valise::host {

// The site's ids of things, as Valise is told them.
std::string AccountId(int64_t member);
std::string PostId(int64_t post);
std::string StoryId(int64_t story);
std::string CommentId(int64_t comment);
std::string LikeId(int64_t post, int64_t member);
std::string ConnectionId(std::string_view relation, int64_t other);
std::string ConversationId(int64_t conversation);
std::string MessageId(int64_t message);

std::string ProfileRecord(const Member& member, const Medium& picture);
std::string PostRecord(const Post& post);
std::string StoryRecord(const Story& story);
// `received`: as the author of the post has it, instead of who wrote it.
std::string CommentRecord(const Comment& comment, const Member& owner, std::string_view link,
                          bool received);
std::string LikeRecord(const Post& post, std::string_view link, Timestamp time);
// `relation`: "following" or "follower".
std::string ConnectionRecord(std::string_view relation, const Member& other, Timestamp time);
std::string ConversationRecord(const Conversation& conversation);
std::string MessageRecord(const Message& message);

// Tells two states of a record apart: some hex digits of its SHA-256.
std::string VersionOf(std::string_view record);

}  // namespace valise::host
