// What the site is about, as plain values.
//
// Thread safety: plain values. A medium is named by the SHA-256 of its bytes, in hex; "" is none.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.h"

namespace valise::host {

struct Member {
  int64_t id = 0;
  std::string username;
  std::string name;
  std::string bio;
  std::string website;
  std::string address;
  std::string language = "en";
  std::string picture;
  Timestamp joined{};
};

struct Medium {
  std::string sha256;
  std::string type;  // sniffed: "image/jpeg", "video/mp4" …
  int64_t size = 0;
  std::string alt;  // of this use of it
  bool is_video() const { return type.starts_with("video/"); }
};

struct Post {
  int64_t id = 0;
  Member author;
  Timestamp time{};
  std::string text;
  std::vector<Medium> media;
  int64_t likes = 0;
  int64_t comments = 0;
  bool liked = false;  // by who looks
};

struct Story {
  int64_t id = 0;
  Member author;
  Timestamp time{};
  std::string text;
  Medium medium;
};

struct Comment {
  int64_t id = 0;
  int64_t post = 0;
  Member author;
  Timestamp time{};
  std::string text;
};

struct Conversation {
  int64_t id = 0;
  std::string title;  // given, or empty: the names of the others
  std::vector<Member> members;
};

struct Message {
  int64_t id = 0;
  int64_t conversation = 0;
  Member author;
  Timestamp time{};
  std::string text;
  Medium medium;  // sha256 empty: none
};

// After that a story leaves the page; it stays in its author's archive.
inline constexpr std::chrono::hours kStoryLife{24};
inline constexpr size_t kMaxText = 2200;  // bytes of a caption, comment or message
inline constexpr size_t kMaxMedia = 10;   // of a post

}  // namespace valise::host
