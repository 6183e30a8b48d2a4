// Conversations and their messages: 10,000 messages a file, the newest in message_1.json.
//
// Documents are parsed and deflated a few at a time on all cores; media get their places in order,
// in between, so that the result does not depend on chance.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/parallel.h"
#include "services/instagram/archive_writer.h"
#include "services/instagram/links.h"
#include "services/instagram/thread_names.h"

namespace valise::services::instagram {
namespace {

using account::Kind;
using bundle::AccountReader;
using bundle::DeflatedText;

constexpr uint64_t kMessagesAFile = 10'000;

struct Type {
  std::string_view form;
  std::string_view type;
};
constexpr std::array<Type, 6> kTypes = {{{"share", "Share"},
                                         {"call", "Call"},
                                         {"joined", "Subscribe"},
                                         {"left", "Unsubscribe"},
                                         {"link", "Link"},
                                         {"action", "Payment"}}};

// The form that a reader sees without a type.
std::string_view ShownForm(const account::Message& message) {
  if (message.is_unsent) return "unsent";
  if (message.call_seconds) return "call";
  if (message.share) return "share";
  return message.form == "sticker" && !message.media.empty() ? "sticker" : "";
}

bool IsKnownForm(std::string_view form) {
  return form.empty() || form == "unsent" || form == "sticker" ||
         std::ranges::find(kTypes, form, &Type::form) != kTypes.end();
}

// Where media of this sort stand in a message, and the folder of the conversation they lie in.
struct Sort {
  std::string_view member;
  std::string_view folder;
};
constexpr Sort kPhotos{"photos", "photos"};
constexpr Sort kVideos{"videos", "videos"};
constexpr Sort kSounds{"audio_files", "audio"};
constexpr Sort kGifs{"gifs", "gifs"};
constexpr Sort kFiles{"files", "files"};

Sort SortOf(const account::MediaItem& item) {
  if (item.type == "image/gif") return kGifs;
  if (bundle::IsPhoto(item.type) || item.type.empty()) return kPhotos;
  if (bundle::IsVideo(item.type)) return kVideos;
  return item.type.starts_with("audio/") ? kSounds : kFiles;
}

void WriteMessageMedia(EntryWriter& to, const MediaBook& media, const account::Message& message) {
  const bool sticker = message.form == "sticker";
  std::vector<std::string_view> written;
  for (size_t i = 0; i < message.media.size(); ++i) {
    const std::string_view member = sticker && i == 0 ? "sticker" : SortOf(message.media[i]).member;
    if (std::ranges::find(written, member) != written.end()) continue;
    bool begun = false;
    for (size_t k = i; k < message.media.size(); ++k) {
      const account::MediaItem& item = message.media[k];
      const bool other = member == "sticker" ? k != i : SortOf(item).member != member;
      if (other) continue;
      const std::string uri = media.UriOf(item, true);
      if (uri.empty()) continue;
      if (!begun) to.Name(member);
      if (!begun && member != "sticker") to.BeginArray();
      begun = true;
      to.BeginObject().Text("uri", uri).Seconds("creation_timestamp", item.time).EndObject();
    }
    if (begun && member != "sticker") to.EndArray();
    written.push_back(member);
  }
}

void WriteShare(EntryWriter& to, const account::Share& share) {
  const auto text = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) to.Text(name, value);
  };
  to.Name("share").BeginObject();
  text("link", share.link);
  text("share_text", share.text);
  text("original_content_owner", share.owner);
  text("profile_share_username", share.profile);
  to.EndObject();
}

void WriteMessage(EntryWriter& to, const MediaBook& media, const account::Message& message) {
  to.BeginObject().Text("sender_name", message.sender);
  if (message.time) to.Int("timestamp_ms", ToMillis(*message.time));
  if (!message.text.empty()) to.Text("content", message.text);
  if (!message.media.empty()) WriteMessageMedia(to, media, message);
  if (message.share) WriteShare(to, *message.share);
  if (!message.reactions.empty()) {
    to.Name("reactions").BeginArray();
    for (const account::Reaction& reaction : message.reactions) {
      to.BeginObject().Text("reaction", reaction.reaction).Text("actor", reaction.actor);
      to.Seconds("timestamp", reaction.time).EndObject();
    }
    to.EndArray();
  }
  if (message.call_seconds) to.Int("call_duration", *message.call_seconds);
  const std::string_view shown = ShownForm(message);
  const auto* type = std::ranges::find(kTypes, message.form, &Type::form);
  if (shown != message.form && type != kTypes.end()) to.Text("type", type->type);
  if (message.is_unsent || message.form == "unsent") to.Bool("is_unsent", true);
  to.Bool("is_geoblocked_for_viewer", false).EndObject();
}

// One conversation on its way into files.
class ThreadFiles {
 public:
  ThreadFiles(ArchiveWriter& archive, const ThreadName& name,
              const account::Conversation& conversation)
      : archive_(archive), folder_(FolderOf(name)) {
    WriteFrame(name, conversation);
  }

  Status Write(const AccountReader::Thread& thread) {
    const size_t wave = std::max<size_t>(CoreCount(), 2);
    for (size_t begin = 0; begin < thread.documents.size(); begin += wave) {
      const size_t count = std::min(wave, thread.documents.size() - begin);
      RETURN_IF_ERROR(WriteWave(std::span(thread.documents).subspan(begin, count)));
    }
    return End();
  }
  // A conversation without a message.
  Status WriteEmpty() {
    RETURN_IF_ERROR(BeginFile());
    return End();
  }

 private:
  static std::string FolderOf(const ThreadName& name) {
    return fmt::format("{}messages/{}/{}/", kActivity, name.section, name.folder);
  }

  // What stands before and behind the messages of each file.
  void WriteFrame(const ThreadName& name, const account::Conversation& conversation) {
    EntryWriter to;
    to.BeginObject().Name("participants").BeginArray();
    for (const std::string& person : conversation.participants) {
      to.BeginObject().Text("name", person).EndObject();
    }
    to.EndArray().Name("messages").BeginArray();
    begin_ = std::string(to.text()) + "\n";
    to.Clear();
    to.BeginObject().Text("title", conversation.title);
    if (conversation.is_participant) {
      to.Bool("is_still_participant", *conversation.is_participant);
    }
    if (!name.thread_path.empty()) to.Text("thread_path", name.thread_path);
    to.Name("magic_words").BeginArray().EndArray();
    if (conversation.picture) {
      const account::MediaItem& picture = *conversation.picture;
      TakeMedia(archive_, picture, {.folder = folder_ + "photos/", .by_month = false});
      const std::string uri = archive_.media.UriOf(picture, true);
      if (!uri.empty()) {
        to.Name("image").BeginObject().Text("uri", uri);
        to.Seconds("creation_timestamp", picture.time).EndObject();
      }
    }
    to.EndObject();
    end_ = "\n]," + std::string(to.text().substr(1)) + "\n";
  }

  Status WriteWave(std::span<const AccountReader::MessageDocument> documents) {
    std::vector<AccountReader::Records> read(documents.size());
    const size_t workers = std::min(CoreCount(), documents.size());
    RETURN_IF_ERROR(ParallelFor(workers, documents.size(), [&](size_t, size_t i) -> Status {
      ASSIGN_OR_RETURN(read[i], archive_.reader.ReadMessages(documents[i]));
      return {};
    }));
    std::vector<uint64_t> first(documents.size());  // of the conversation's messages
    uint64_t next = written_;
    for (size_t i = 0; i < read.size(); ++i) {
      first[i] = next;
      next += read[i].size();
      for (const account::Record& record : read[i]) Take(std::get<account::Message>(record));
    }
    std::vector<std::vector<DeflatedText::Part>> parts(documents.size());
    RETURN_IF_ERROR(ParallelFor(workers, documents.size(), [&](size_t, size_t i) -> Status {
      parts[i] = PartsOf(read[i], first[i]);
      read[i] = {};
      return {};
    }));
    written_ = next;
    for (size_t i = 0; i < parts.size(); ++i) RETURN_IF_ERROR(AddParts(parts[i], first[i]));
    return {};
  }

  void Take(const account::Message& message) {
    archive_.Count(Kind::kMessage);
    if (!IsKnownForm(message.form)) archive_.left_out.Add(Reason::kMessageForms);
    for (const account::MediaItem& item : message.media) {
      const std::string folder = fmt::format("{}{}/", folder_, SortOf(item).folder);
      TakeMedia(archive_, item, {.folder = folder, .by_month = false});
    }
  }

  // The messages of a document, cut where a file ends. `at`: the first one's place in the
  // conversation.
  std::vector<DeflatedText::Part> PartsOf(const AccountReader::Records& records,
                                          uint64_t at) const {
    std::vector<DeflatedText::Part> parts;
    std::string text;
    EntryWriter entry;
    for (const account::Record& record : records) {
      const bool begins = at % kMessagesAFile == 0;
      if (begins && !text.empty()) {
        parts.push_back(DeflatedText::Deflate(text));
        text.clear();
      }
      if (!begins) text += ",\n";
      entry.Clear();
      WriteMessage(entry, archive_.media, std::get<account::Message>(record));
      text += entry.text();
      ++at;
    }
    if (!text.empty()) parts.push_back(DeflatedText::Deflate(text));
    return parts;
  }

  Status AddParts(const std::vector<DeflatedText::Part>& parts, uint64_t at) {
    for (const DeflatedText::Part& part : parts) {
      if (at % kMessagesAFile == 0) {
        RETURN_IF_ERROR(End());
        RETURN_IF_ERROR(BeginFile());
      }
      RETURN_IF_ERROR(file_->Append(part));
      at += kMessagesAFile - at % kMessagesAFile;  // a further part begins a file
    }
    return {};
  }

  Status BeginFile() {
    ASSIGN_OR_RETURN(file_, DeflatedText::Create(archive_.plan));
    return file_->Append(begin_);
  }
  Status End() {
    if (!file_) return {};
    RETURN_IF_ERROR(file_->Append(end_));
    const std::string name = fmt::format("{}message_{}.json", folder_, ++files_);
    RETURN_IF_ERROR(file_->AddTo(archive_.plan, {.name = name, .time_s = archive_.time_s}));
    file_.reset();
    return {};
  }

  ArchiveWriter& archive_;
  const std::string folder_;
  std::string begin_, end_;
  std::optional<DeflatedText> file_;
  uint64_t files_ = 0;
  uint64_t written_ = 0;
};

}  // namespace

Status WriteConversations(ArchiveWriter& archive) {
  std::map<std::string, account::Conversation> conversations;
  RETURN_IF_ERROR(archive.reader.ForEach(Kind::kConversation, [&](const account::Record& record) {
    const auto& conversation = std::get<account::Conversation>(record);
    if (conversation.key) conversations.emplace(conversation.key->Hex(), conversation);
    return Status{};
  }));
  ASSIGN_OR_RETURN(const std::vector<AccountReader::Thread> threads, archive.reader.Threads());
  std::map<std::string, const AccountReader::Thread*> by_key;
  for (const AccountReader::Thread& thread : threads) {
    by_key.emplace(thread.conversation, &thread);
    conversations.try_emplace(thread.conversation);
  }
  ThreadNames names;
  const bool dates = archive.reader.selection().HasDates();
  for (const auto& [key, conversation] : conversations) {
    const auto thread = by_key.find(key);
    if (thread == by_key.end() && dates) continue;  // nothing of it was chosen
    ThreadFiles files(archive, names.NameOf(key, conversation), conversation);
    RETURN_IF_ERROR(thread == by_key.end() ? files.WriteEmpty() : files.Write(*thread->second));
    archive.Count(Kind::kConversation);
  }
  return {};
}

}  // namespace valise::services::instagram
