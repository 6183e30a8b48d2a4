// For tests: a record of each kind with every member filled, and random ones.
//
// Thread safety: pure functions; a SampleMaker belongs to one thread.
#pragma once

#include <cmath>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "account/records.h"

namespace valise::account {

// Makes records whose members are filled each with probability `fill`.
class SampleMaker {
 public:
  SampleMaker(uint64_t seed, double fill) : random_(seed), fill_(fill) {}

  Record Make(Kind kind) {
    switch (kind) {
      case Kind::kProfile:
        return With(Profile{{},
                            Text(),
                            Text(),
                            Text(),
                            Text(),
                            Text(),
                            Text(),
                            Text(),
                            Text(),
                            Maybe(true),
                            Maybe(Time()),
                            List(Item(true))});
      case Kind::kPost:
        return MakePost();
      case Kind::kStory:
        return MakeStory();
      case Kind::kComment:
        return MakeComment();
      case Kind::kConversation:
        return With(
            Conversation{{}, Text(), Text(), List(Text(1)), Maybe(false), Maybe(Item(true))});
      case Kind::kMessage:
        return With(Message{{},
                            Text(),
                            Maybe(Time()),
                            Text(),
                            Text(),
                            Text(),
                            List(Item(true)),
                            Maybe(Share{Text(), Text(), Text(), Text()}),
                            List(Reaction{Text(), Text(), Maybe(Time())}),
                            Maybe(static_cast<uint32_t>(random_())),
                            Chance()});
      case Kind::kConnection:
        return With(Connection{{}, Text(), Text(), Text(), Maybe(Time())});
      case Kind::kLike:
        return With(Like{{}, Text(), Text(), Text(), Text(), Maybe(Time())});
      case Kind::kSaved:
        return With(Saved{{}, Text(), Text(), Text(), Text(), Maybe(Time())});
      case Kind::kActivity:
        return MakeActivity();
    }
    return Profile{};
  }

 private:
  Record MakeActivity() {
    return With(Activity{
        {}, Maybe(Time()), Text(), Text(), Text(), List(Detail{Text(), Text()}), List(Item(true))});
  }
  Record MakePost() {
    Post post{{}, Maybe(Time()), Text(), Text(), List(Item(true)), Maybe(Somewhere()), {}, {}};
    post.like_count = Maybe(Count());
    post.comment_count = Maybe(Count());
    return With(std::move(post));
  }
  Record MakeStory() {
    Story story{{}, Maybe(Time()), Text(), Item(true), Maybe(Somewhere()), {}, {}};
    story.like_count = Maybe(Count());
    story.comment_count = Maybe(Count());
    return With(std::move(story));
  }
  Record MakeComment() {
    Comment comment{{},     Maybe(Time()),    Text(), Text(), Text(),
                    Text(), List(Item(true)), {},     {},     {}};
    comment.author = Text();
    comment.on = Text();
    comment.like_count = Maybe(Count());
    return With(std::move(comment));
  }
  uint32_t Count() { return static_cast<uint32_t>(random_() % 1'000'000); }
  bool Chance() { return std::uniform_real_distribution<>(0, 1)(random_) < fill_; }
  template <typename T>
  std::optional<T> Maybe(T value) {
    return Chance() ? std::optional<T>(std::move(value)) : std::nullopt;
  }
  template <typename T>
  std::vector<T> List(T value) {
    if (!Chance()) return {};
    return std::vector<T>(1 + random_() % 3, value);
  }
  std::string Text(size_t least = 0) {
    static const std::vector<std::string> kParts = {"plain",
                                                    " ",
                                                    "\"quoted\"",
                                                    "back\\slash",
                                                    "\n\r\t\b\f",
                                                    std::string("\0\x01\x1f\x7f", 4),
                                                    "é",
                                                    "日本語",
                                                    "👩‍🚀",
                                                    "\u2028\u2029",
                                                    "\u2026\u2027\u202a",
                                                    "</script>",
                                                    "{}[],:",
                                                    "œ"};
    std::string text;
    if (least == 0 && !Chance()) return text;
    const size_t parts = 1 + random_() % 4;
    for (size_t i = 0; i < parts; ++i) text += kParts[random_() % kParts.size()];
    return text;
  }
  Timestamp Time() {
    const auto ms = static_cast<int64_t>(random_() % 4'000'000'000'000) - 1'000'000'000'000;
    return FromMillis(Chance() ? ms : ms / 1000 * 1000);
  }
  template <size_t kSize>
  void Fill(std::array<std::byte, kSize>& bytes) {
    for (std::byte& b : bytes) b = static_cast<std::byte>(random_());
  }
  Digest RandomDigest() {
    Digest digest;
    Fill(digest.bytes);
    return digest;
  }
  Place Somewhere() {
    const double angle = std::uniform_real_distribution<>(-180, 180)(random_);
    return {Text(), Maybe(angle), Maybe(std::ldexp(angle, static_cast<int>(random_() % 80) - 60))};
  }
  MediaItem Item(bool top) {
    MediaItem item{Maybe(RandomDigest()),
                   random_() >> (random_() % 64),
                   Text(),
                   Text(),
                   Text(),
                   Maybe(Time()),
                   Text(),
                   Text(),
                   Maybe(Somewhere()),
                   {}};
    if (top) item.subtitles = List(Item(false));
    return item;
  }
  template <typename T>
  Record With(T record) {
    if (Chance()) Fill(record.key.emplace().bytes);
    record.evidence = List(Text(1));
    record.provenance = List(Provenance{Text(), static_cast<uint32_t>(random_()), 7});
    record.told = List(Told{Text(), Text()});
    record.absent_since = Maybe(Time());
    return record;
  }

  std::mt19937_64 random_;
  double fill_;
};

}  // namespace valise::account
