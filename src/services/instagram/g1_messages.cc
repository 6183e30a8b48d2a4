// G1, 2018–2020: messages.json, all conversations in one file (reference: instagram-format §3).
//
// Participants and senders are user names; a conversation has no id and no title. Who takes part is
// all that tells it from others.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/digest.h"
#include "services/instagram/links.h"
#include "services/instagram/readers.h"

namespace valise::services::instagram {
namespace {

constexpr size_t kMaxParticipants = 100'000;
constexpr size_t kMaxPlainEvidence = 200;
constexpr std::string_view kHeart = "\u2764";

// "users:ann,bob"; of many users the digest of that.
std::string UsersEvidence(std::vector<std::string> users) {
  std::ranges::sort(users);
  std::string text = "users:";
  for (const std::string& user : users) {
    if (text.size() > std::string_view("users:").size()) text += ',';
    text += user;
  }
  if (text.size() > kMaxPlainEvidence) text = "users:" + Sha256(text).Hex().substr(0, 32);
  return text;
}

struct OldMessage {
  account::Message message;
  account::Share share;
  std::string owner_notice;  // "Media share unavailable.": stands where a link should be
};

// A link, or the notice that stands in its place.
JsonError ReadLink(od::value value, std::string& link, std::string& notice) {
  std::string text;
  const JsonError error = ReadRaw(value, text);
  (IsUrl(text) ? link : notice) = std::move(text);
  return error;
}

JsonError ReadSentMedium(od::value value, OldMessage& to) {
  std::string link;
  const JsonError error = ReadLink(value, link, to.owner_notice);
  if (!link.empty()) to.message.media.push_back({.path = std::move(link)});
  return error;
}

// {"downsized": {"url": …}, "original": {"url": …}, …}: the original, else the first.
JsonError ReadAnimated(od::value value, OldMessage& to) {
  std::string best;
  const JsonError error = EachMember(value, [&](std::string_view rendition, od::value sizes) {
    return EachMember(sizes, [&](std::string_view name, od::value part) {
      if (name != "url") return simdjson::SUCCESS;
      std::string url;
      const JsonError wrong = ReadRaw(part, url);
      if (best.empty() || (rendition == "original" && !url.empty())) best = std::move(url);
      return wrong;
    });
  });
  if (!best.empty()) to.message.media.push_back({.path = std::move(best)});
  return error;
}

JsonError ReadLikes(od::value value, OldMessage& to) {
  return EachElement(value, [&](od::value entry) {
    account::Reaction reaction{.actor = {}, .reaction = std::string(kHeart), .time = {}};
    const JsonError error = EachMember(entry, [&](std::string_view name, od::value part) {
      if (name == "username") return ReadRaw(part, reaction.actor);
      std::string time;
      if (name != "date") return simdjson::SUCCESS;
      const JsonError wrong = ReadRaw(part, time);
      reaction.time = IsoOrNone(time);
      return wrong;
    });
    auto& all = to.message.reactions;
    if (std::ranges::find(all, reaction) == all.end()) all.push_back(std::move(reaction));
    return error;
  });
}

// Members of messages that say nothing about what was said.
bool IsPassedOver(std::string_view name) {
  return name == "is_random" || name == "user" || name == "story_share_type";
}

JsonError ReadAction(od::value value, std::string_view form, OldMessage& to) {
  to.message.form = form;
  return ReadRaw(value, to.message.text);
}

JsonError ReadShared(std::string_view name, od::value value, OldMessage& to, bool& found) {
  found = true;
  if (name == "link") {
    to.message.form = "link";
    return ReadRaw(value, to.share.link);
  }
  if (name == "media_owner") return ReadRaw(value, to.share.owner);
  if (name == "media_share_caption") return ReadRaw(value, to.share.text);
  if (name == "media_share_url" || name == "media_url") {
    return ReadLink(value, to.share.link, to.owner_notice);
  }
  if (name == "story_share") return ReadRaw(value, to.share.text);
  if (name == "mentioned_username" || name == "profile_share_username") {
    return ReadRaw(value, to.share.profile);
  }
  if (name == "profile_share_name") return ReadRaw(value, to.share.text);
  found = false;
  return simdjson::SUCCESS;
}

JsonError ReadOldMember(std::string_view name, od::value value, OldMessage& to, Output& output) {
  account::Message& message = to.message;
  if (name == "sender") return ReadRaw(value, message.sender);
  if (name == "text") {
    std::string text;
    const JsonError error = ReadRaw(value, text);
    if (!text.empty()) message.text = std::move(text);
    return error;
  }
  if (name == "created_at") {
    std::string time;
    const JsonError error = ReadRaw(value, time);
    message.time = IsoOrNone(time);
    return error;
  }
  bool found = false;
  const JsonError error = ReadShared(name, value, to, found);
  if (found) return error;
  if (name == "media" || name == "voice_media") return ReadSentMedium(value, to);
  if (name == "animated_media_images") return ReadAnimated(value, to);
  if (name == "heart") return ReadRaw(value, message.text);
  if (name == "likes") return ReadLikes(value, to);
  if (name == "video_call_action") return ReadAction(value, "call", to);
  if (name == "action" || name == "live_video_invite") return ReadAction(value, "action", to);
  if (!IsPassedOver(name)) output.Unknown(name);
  return simdjson::SUCCESS;
}

account::Message Completed(OldMessage read) {
  account::Message message = std::move(read.message);
  const bool has_share = read.share != account::Share{};
  if (has_share) message.share = std::move(read.share);
  if (message.form.empty() && has_share) message.form = "share";
  if (message.text.empty()) message.text = std::move(read.owner_notice);
  return message;
}

class OldMessageReader final : public ElementReader {
 public:
  explicit OldMessageReader(Output& output) : output_(output) {}
  bool MayBeBare() const override { return false; }
  bool Deep() const override { return true; }
  bool Counts(std::string_view member) const override { return member == "conversation"; }

  void Text(std::string_view member, std::string_view text) override {
    if (member != "participants" || conversation_.participants.size() >= kMaxParticipants) return;
    conversation_.participants.emplace_back(text);
  }

  JsonError Element(std::string_view member, od::object entry, uint32_t index,
                    bool& understood) override {
    if (member != "conversation") {
      output_.Unknown(member);
      return simdjson::SUCCESS;
    }
    OldMessage read;
    const JsonError error = EachMember(entry, [&](std::string_view name, od::value value) {
      return ReadOldMember(name, value, read, output_);
    });
    if (error != simdjson::SUCCESS) return error;
    understood = read.message.time || !read.message.sender.empty();
    if (!understood) return simdjson::SUCCESS;
    account::Message message = Completed(std::move(read));
    message.conversation = Evidence();
    output_.Put(std::move(message), index);
    return simdjson::SUCCESS;
  }

  void EndEntry() override {
    if (conversation_.participants.empty() && evidence_.empty()) return;
    conversation_.evidence.push_back(Evidence());
    conversation_.folder = "inbox";
    output_.Put(std::move(conversation_), place_++);
    conversation_ = {};
    evidence_.clear();
  }

  void Finish() override { EndEntry(); }  // of a file that was cut off

 private:
  // Two conversations of the same people are told apart by their order.
  const std::string& Evidence() {
    if (!evidence_.empty()) return evidence_;
    evidence_ = UsersEvidence(conversation_.participants);
    const uint32_t before = known_[evidence_]++;
    if (before > 0) evidence_ += fmt::format("#{}", before + 1);
    return evidence_;
  }

  Output& output_;
  account::Conversation conversation_;
  std::string evidence_;                   // of the conversation being read
  std::map<std::string, uint32_t> known_;  // how many of each there were
  uint32_t place_ = 0;
};

}  // namespace

std::unique_ptr<ElementReader> MakeG1MessageReader(Output& output) {
  return std::make_unique<OldMessageReader>(output);
}

}  // namespace valise::services::instagram
