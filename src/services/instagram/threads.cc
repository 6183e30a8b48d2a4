// Conversations and their messages (reference: instagram-format §8).
#include <fmt/format.h>

#include <algorithm>

#include "services/instagram/media.h"
#include "services/instagram/readers.h"
#include "services/instagram/thread_id.h"

namespace valise::services::instagram {
namespace {

constexpr size_t kMaxParticipants = 100'000;

std::string_view FormOf(std::string_view type) {
  if (type == "Share") return "share";
  if (type == "Call") return "call";
  if (type == "Subscribe") return "joined";
  if (type == "Unsubscribe") return "left";
  if (type == "Link") return "link";
  if (type == "Payment") return "action";
  return {};  // "Generic", and what is not known
}

// Members of messages that say nothing about what was said.
bool IsPassedOver(std::string_view name) {
  return name == "is_geoblocked_for_viewer" || name == "users" || name == "is_taken_down" ||
         name == "is_unsent_image_by_messenger_kid_parent" || name == "bumped_message_metadata" ||
         name == "ip";
}

JsonError ReadShare(od::value value, account::Share& share) {
  std::string profile_name;
  const JsonError error = EachMember(value, [&](std::string_view name, od::value part) {
    if (name == "link") return ReadText(part, share.link);
    if (name == "share_text") return ReadText(part, share.text);
    if (name == "original_content_owner") return ReadText(part, share.owner);
    if (name == "profile_share_username") return ReadText(part, share.profile);
    if (name == "profile_share_name") return ReadText(part, profile_name);
    return simdjson::SUCCESS;
  });
  if (share.text.empty()) share.text = std::move(profile_name);
  return error;
}

// Reactions may repeat: the same pair is taken once.
JsonError ReadReactions(od::value list, std::vector<account::Reaction>& to) {
  return EachElement(list, [&](od::value entry) {
    account::Reaction reaction;
    const JsonError error = EachMember(entry, [&](std::string_view name, od::value part) {
      if (name == "actor") return ReadText(part, reaction.actor);
      if (name == "timestamp") return ReadSeconds(part, reaction.time);
      if (name != "reaction") return simdjson::SUCCESS;
      std::string_view text;
      const JsonError wrong = part.get_string().get(text);
      if (wrong == simdjson::SUCCESS) reaction.reaction = Reaction(text);
      return UnlessType(wrong, part);
    });
    if (std::ranges::find(to, reaction) == to.end()) to.push_back(std::move(reaction));
    return error;
  });
}

struct MessageRead {
  account::Message message;
  std::string type;
  bool is_sticker = false;
};

JsonError ReadRareMember(std::string_view name, od::value value, MessageRead& to, Output& output) {
  account::Message& message = to.message;
  if (name == "share") return ReadShare(value, message.share.emplace());
  if (name == "original_message_sender") return ReadText(value, message.share.emplace().owner);
  if (name == "reactions") return ReadReactions(value, message.reactions);
  if (name == "photos" || name == "videos" || name == "audio_files" || name == "gifs" ||
      name == "files") {
    return ReadMediaList(value, message.media, output);
  }
  if (name == "sticker") {
    to.is_sticker = true;
    return ReadMediaList(value, message.media, output);
  }
  if (name == "call_duration") {
    uint64_t seconds = 0;
    const JsonError error = value.get_uint64().get(seconds);
    if (error == simdjson::SUCCESS) {
      message.call_seconds = static_cast<uint32_t>(std::min<uint64_t>(seconds, UINT32_MAX));
    }
    return UnlessType(error, value);
  }
  if (!IsPassedOver(name)) output.Unknown(name);
  return simdjson::SUCCESS;
}

JsonError ReadMessageMember(std::string_view name, od::value value, MessageRead& to,
                            Output& output) {
  if (name == "sender_name") return ReadText(value, to.message.sender);
  if (name == "content" || name == "reply_content") return ReadText(value, to.message.text);
  if (name == "timestamp_ms") {
    int64_t ms = 0;
    const JsonError error = ReadInt(value, ms);
    to.message.time = MillisOrNone(ms);
    return error;
  }
  if (name == "type") return ReadRaw(value, to.type);
  if (name == "is_unsent") return ReadBool(value, to.message.is_unsent);
  return ReadRareMember(name, value, to, output);
}

// The form that the file tells, else the one that its members show (there is no "type" since 2023).
void SetForm(MessageRead& read) {
  account::Message& message = read.message;
  std::string_view form = FormOf(read.type);
  if (message.is_unsent) {
    form = "unsent";
  } else if (form.empty() && message.call_seconds) {
    form = "call";
  } else if (form.empty() && message.share) {
    form = "share";
  } else if (form.empty() && read.is_sticker) {
    form = "sticker";
  }
  message.form = form;
}

JsonError ReadMessage(od::object entry, MessageRead& to, Output& output) {
  const JsonError error = EachMember(entry, [&](std::string_view name, od::value value) {
    return ReadMessageMember(name, value, to, output);
  });
  if (error == simdjson::SUCCESS) SetForm(to);
  return error;
}

// "replies": what this account answered in a broadcast channel.
bool IsMessages(std::string_view member) { return member == "messages" || member == "replies"; }

class ThreadReader final : public ElementReader {
 public:
  ThreadReader(std::string_view folder, Output& output)
      : output_(output), evidence_(FolderEvidence(output.path())) {
    conversation_.folder = folder;
  }

  bool MayBeBare() const override { return false; }
  bool Counts(std::string_view member) const override { return IsMessages(member); }

  JsonError Element(std::string_view member, od::object entry, uint32_t index,
                    bool& understood) override {
    if (member == "participants") return ReadParticipant(entry);
    if (!IsMessages(member)) return simdjson::SUCCESS;
    MessageRead read;
    if (const JsonError error = ReadMessage(entry, read, output_)) return error;
    understood = read.message.time.has_value() || !read.message.sender.empty();
    if (!understood) return simdjson::SUCCESS;
    read.message.conversation = evidence_;
    output_.Put(std::move(read.message), index);
    return simdjson::SUCCESS;
  }

  JsonError Member(std::string_view name, od::value value) override {
    if (name == "title") return ReadText(value, conversation_.title);
    if (name == "thread_path") return ReadRaw(value, thread_path_);
    if (name == "is_still_participant") {
      bool still = false;
      const JsonError error = value.get_bool().get(still);
      if (error == simdjson::SUCCESS) conversation_.is_participant = still;
      return UnlessType(error, value);
    }
    if (name != "image") return simdjson::SUCCESS;
    std::vector<account::MediaItem> picture;
    const JsonError error = ReadMedia(value, picture, output_);
    if (!picture.empty()) conversation_.picture = std::move(picture[0]);
    return error;
  }

  // The title and the path may stand behind the messages, so the conversation comes last.
  void Finish() override {
    conversation_.evidence.push_back(evidence_);
    if (std::string thread = ThreadEvidence(thread_path_); !thread.empty()) {
      conversation_.evidence.push_back(std::move(thread));
    }
    output_.Put(std::move(conversation_), 0);
  }

 private:
  JsonError ReadParticipant(od::object entry) {
    std::string name;
    const JsonError error = EachMember(entry, [&](std::string_view member, od::value value) {
      return member == "name" ? ReadText(value, name) : simdjson::SUCCESS;
    });
    if (!name.empty() && conversation_.participants.size() < kMaxParticipants) {
      conversation_.participants.push_back(std::move(name));
    }
    return error;
  }

  Output& output_;
  const std::string evidence_;
  std::string thread_path_;
  account::Conversation conversation_;
};

// reported_conversations.json: each entry is a conversation with the messages that were reported.
class ReportedReader final : public ElementReader {
 public:
  explicit ReportedReader(Output& output) : output_(output) {}

  JsonError Element(std::string_view, od::object entry, uint32_t index, bool& understood) override {
    account::Conversation conversation;
    conversation.folder = "reported";
    std::vector<account::Message> messages;
    std::optional<Timestamp> time;
    const JsonError error = EachMember(entry, [&](std::string_view name, od::value value) {
      if (name == "timestamp") return ReadSeconds(value, time);
      if (name == "reportee") return ReadReportee(value, conversation);
      if (name == "messages") return ReadMessages(value, messages);
      if (name != "is_reporter") output_.Unknown(name);
      return simdjson::SUCCESS;
    });
    if (error != simdjson::SUCCESS) return error;
    understood = time || !conversation.title.empty() || !messages.empty();
    if (!understood) return simdjson::SUCCESS;
    // The moment of the report is all that tells it from others.
    conversation.evidence.push_back(time ? fmt::format("report:{}", ToSeconds(*time))
                                         : fmt::format("report:#{}", index));
    for (account::Message& message : messages) {
      message.conversation = conversation.evidence.front();
      output_.Put(std::move(message), index);
    }
    output_.Put(std::move(conversation), index);
    return simdjson::SUCCESS;
  }

 private:
  static JsonError ReadReportee(od::value value, account::Conversation& to) {
    return EachMember(value, [&](std::string_view name, od::value part) {
      if (name != "name") return simdjson::SUCCESS;
      const JsonError error = ReadText(part, to.title);
      if (!to.title.empty()) to.participants = {to.title};
      return error;
    });
  }

  JsonError ReadMessages(od::value value, std::vector<account::Message>& to) {
    return EachElement(value, [&](od::value element) {
      od::object entry;
      if (const JsonError error = element.get_object().get(entry)) {
        return UnlessType(error, element);
      }
      MessageRead read;
      const JsonError error = ReadMessage(entry, read, output_);
      if (read.message.time || !read.message.sender.empty()) to.push_back(std::move(read.message));
      return error;
    });
  }

  Output& output_;
};

}  // namespace

std::unique_ptr<ElementReader> MakeReportedReader(Output& output) {
  return std::make_unique<ReportedReader>(output);
}
std::unique_ptr<ElementReader> MakeThreadReader(std::string_view folder, Output& output) {
  return std::make_unique<ThreadReader>(folder, output);
}

}  // namespace valise::services::instagram
