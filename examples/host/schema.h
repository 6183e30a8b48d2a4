// The tables of the site.
//
// Thread safety: a constant. Times are milliseconds since 1970; a medium is named by its SHA-256;
// '' stands for none.
#pragma once

namespace valise::host {

inline constexpr const char* kSchema = R"sql(
CREATE TABLE IF NOT EXISTS member (
  id INTEGER PRIMARY KEY, username TEXT NOT NULL UNIQUE, name TEXT NOT NULL, bio TEXT NOT NULL,
  website TEXT NOT NULL, address TEXT NOT NULL, language TEXT NOT NULL, picture TEXT NOT NULL,
  joined_ms INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS session (
  token_sha256 TEXT PRIMARY KEY, member INTEGER NOT NULL REFERENCES member,
  created_ms INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS medium (
  sha256 TEXT PRIMARY KEY, type TEXT NOT NULL, size INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS post (
  id INTEGER PRIMARY KEY AUTOINCREMENT, member INTEGER NOT NULL REFERENCES member,
  time_ms INTEGER NOT NULL, text TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS post_time ON post (time_ms);
CREATE TABLE IF NOT EXISTS post_medium (
  post INTEGER NOT NULL REFERENCES post ON DELETE CASCADE, place INTEGER NOT NULL,
  medium TEXT NOT NULL REFERENCES medium, alt TEXT NOT NULL, PRIMARY KEY (post, place));
CREATE TABLE IF NOT EXISTS story (
  id INTEGER PRIMARY KEY AUTOINCREMENT, member INTEGER NOT NULL REFERENCES member,
  time_ms INTEGER NOT NULL, text TEXT NOT NULL, medium TEXT NOT NULL REFERENCES medium);
CREATE TABLE IF NOT EXISTS comment (
  id INTEGER PRIMARY KEY AUTOINCREMENT, post INTEGER NOT NULL REFERENCES post ON DELETE CASCADE,
  member INTEGER NOT NULL REFERENCES member, time_ms INTEGER NOT NULL, text TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS comment_post ON comment (post);
CREATE TABLE IF NOT EXISTS post_like (
  post INTEGER NOT NULL REFERENCES post ON DELETE CASCADE,
  member INTEGER NOT NULL REFERENCES member, time_ms INTEGER NOT NULL,
  PRIMARY KEY (post, member));
CREATE TABLE IF NOT EXISTS follow (
  follower INTEGER NOT NULL REFERENCES member, followed INTEGER NOT NULL REFERENCES member,
  time_ms INTEGER NOT NULL, PRIMARY KEY (follower, followed));
CREATE TABLE IF NOT EXISTS conversation (
  id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, created_ms INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS participant (
  conversation INTEGER NOT NULL REFERENCES conversation, member INTEGER NOT NULL REFERENCES member,
  PRIMARY KEY (conversation, member));
CREATE TABLE IF NOT EXISTS message (
  id INTEGER PRIMARY KEY AUTOINCREMENT, conversation INTEGER NOT NULL REFERENCES conversation,
  member INTEGER NOT NULL REFERENCES member, time_ms INTEGER NOT NULL, text TEXT NOT NULL,
  medium TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS message_conversation ON message (conversation, time_ms);
CREATE TABLE IF NOT EXISTS outbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, line TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS outbox_blob (
  seq INTEGER NOT NULL REFERENCES outbox ON DELETE CASCADE, account TEXT NOT NULL,
  medium TEXT NOT NULL, PRIMARY KEY (seq, account, medium));
CREATE TABLE IF NOT EXISTS refused (
  seq INTEGER PRIMARY KEY, line TEXT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL);
)sql";

}  // namespace valise::host
