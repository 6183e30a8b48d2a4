// The members of every record and part, named once, in their canonical order
// (docs/formats/records.md).
//
// Members(x, visit) calls visit(name, member) for each: the writer and the parser are both made
// from it, so they cannot disagree. Internal to the room. Thread safety: pure functions.
#pragma once

#include <concepts>
#include <type_traits>

#include "account/records.h"

namespace valise::account {

// T or const T.
template <typename T, typename Value>
concept Is = std::same_as<std::remove_const_t<T>, Value>;

template <Is<Place> T, typename Visit>
void Members(T& r, Visit&& visit) {
  visit("name", r.name);
  visit("latitude", r.latitude);
  visit("longitude", r.longitude);
}

template <Is<Reaction> T, typename Visit>
void Members(T& r, Visit&& visit) {
  visit("actor", r.actor);
  visit("reaction", r.reaction);
  visit("time", r.time);
}

template <Is<Share> T, typename Visit>
void Members(T& r, Visit&& visit) {
  visit("link", r.link);
  visit("text", r.text);
  visit("owner", r.owner);
  visit("profile", r.profile);
}

template <Is<Detail> T, typename Visit>
void Members(T& r, Visit&& visit) {
  visit("name", r.name);
  visit("value", r.value);
}

template <Is<MediaItem> T, typename Visit>
void Members(T& r, Visit&& visit) {
  visit("digest", r.digest);
  visit("size", r.size);
  visit("type", r.type);
  visit("path", r.path);
  visit("source_id", r.source_id);
  visit("time", r.time);
  visit("text", r.text);
  visit("alt", r.alt);
  visit("place", r.place);
  visit("subtitles", r.subtitles);
}

template <Is<Common> T, typename Visit>
void Members(T& r, Visit&& visit) {
  visit("evidence", r.evidence);
  visit("provenance", r.provenance);
  visit("told", r.told);
  visit("absent_since", r.absent_since);
}

template <Is<Profile> T, typename Visit>
void Members(T& r, Visit&& visit) {
  visit("username", r.username);
  visit("name", r.name);
  visit("bio", r.bio);
  visit("website", r.website);
  visit("email", r.email);
  visit("phone", r.phone);
  visit("gender", r.gender);
  visit("birthday", r.birthday);
  visit("private", r.is_private);
  visit("joined", r.joined);
  visit("pictures", r.pictures);
}

template <Is<Post> T, typename Visit>
void Members(T& r, Visit&& visit) {
  visit("time", r.time);
  visit("form", r.form);
  visit("text", r.text);
  visit("media", r.media);
  visit("place", r.place);
  visit("like_count", r.like_count);
  visit("comment_count", r.comment_count);
}

template <Is<Story> T, typename Visit>
void Members(T& r, Visit&& visit) {
  visit("time", r.time);
  visit("text", r.text);
  visit("media", r.media);
  visit("place", r.place);
  visit("like_count", r.like_count);
  visit("comment_count", r.comment_count);
}

template <Is<Comment> T, typename Visit>
void Members(T& r, Visit&& visit) {
  visit("time", r.time);
  visit("list", r.list);
  visit("owner", r.owner);
  visit("text", r.text);
  visit("link", r.link);
  visit("media", r.media);
  visit("author", r.author);
  visit("on", r.on);
  visit("like_count", r.like_count);
}

template <Is<Conversation> T, typename Visit>
void Members(T& r, Visit&& visit) {
  visit("title", r.title);
  visit("folder", r.folder);
  visit("participants", r.participants);
  visit("participant", r.is_participant);
  visit("picture", r.picture);
}

template <Is<Message> T, typename Visit>
void Members(T& r, Visit&& visit) {
  visit("conversation", r.conversation);
  visit("time", r.time);
  visit("sender", r.sender);
  visit("form", r.form);
  visit("text", r.text);
  visit("media", r.media);
  visit("share", r.share);
  visit("reactions", r.reactions);
  visit("call_seconds", r.call_seconds);
  visit("unsent", r.is_unsent);
}

template <Is<Connection> T, typename Visit>
void Members(T& r, Visit&& visit) {
  visit("relation", r.relation);
  visit("username", r.username);
  visit("link", r.link);
  visit("time", r.time);
}

template <Is<Like> T, typename Visit>
void Members(T& r, Visit&& visit) {
  visit("list", r.list);
  visit("owner", r.owner);
  visit("link", r.link);
  visit("text", r.text);
  visit("time", r.time);
}

template <Is<Saved> T, typename Visit>
void Members(T& r, Visit&& visit) {
  visit("collection", r.collection);
  visit("owner", r.owner);
  visit("link", r.link);
  visit("text", r.text);
  visit("time", r.time);
}

template <Is<Activity> T, typename Visit>
void Members(T& r, Visit&& visit) {
  visit("time", r.time);
  visit("list", r.list);
  visit("text", r.text);
  visit("link", r.link);
  visit("details", r.details);
  visit("media", r.media);
}

}  // namespace valise::account
