// Comments, likes, saved and connections.
#include <array>
#include <map>

#include "services/instagram/archive_writer.h"
#include "services/instagram/links.h"

namespace valise::services::instagram {
namespace {

using account::Kind;

constexpr size_t kMaxCollectionsHeld = 8u << 20;  // bytes of entries

// Which file a record goes to, by its list or relation.
struct Target {
  std::string_view name;
  std::string_view file;
  std::string_view wrapper;
};

// The files of one kind, each begun with its first entry.
class TargetFiles {
 public:
  TargetFiles(ArchiveWriter& archive, std::string folder, std::span<const Target> targets)
      : archive_(archive), targets_(targets) {
    for (const Target& target : targets) {
      files_.emplace_back(folder + std::string(target.file), target.wrapper);
    }
  }
  // nullptr: there is no place for it.
  ListFile* Find(std::string_view name) {
    for (size_t i = 0; i < targets_.size(); ++i) {
      if (targets_[i].name == name) return &files_[i];
    }
    return nullptr;
  }
  Status Finish() {
    for (ListFile& file : files_) RETURN_IF_ERROR(file.Finish(archive_));
    return {};
  }

 private:
  ArchiveWriter& archive_;
  std::span<const Target> targets_;
  std::vector<ListFile> files_;
};

constexpr std::array<Target, 3> kComments = {
    {{"posts", "comments/post_comments_1.json", ""},
     {"reels", "comments/reels_comments.json", "comments_reels_comments"},
     {"stories", "comments/hype.json", "comments_story_comments"}}};
constexpr std::array<Target, 3> kLikes = {
    {{"posts", "likes/liked_posts.json", "likes_media_likes"},
     {"comments", "likes/liked_comments.json", "likes_comment_likes"},
     {"stories", "story_interactions/story_likes.json", "story_activities_story_likes"}}};
constexpr std::array<Target, 13> kConnections = {
    {{"follower", "followers_1.json", ""},
     {"following", "following.json", "relationships_following"},
     {"hashtag", "following_hashtags.json", "relationships_following_hashtags"},
     {"close_friend", "close_friends.json", "relationships_close_friends"},
     {"request_sent", "pending_follow_requests.json", "relationships_follow_requests_sent"},
     {"request_sent_earlier", "recent_follow_requests.json",
      "relationships_permanent_follow_requests"},
     {"request_received", "follow_requests_you've_received.json",
      "relationships_follow_requests_received"},
     {"unfollowed", "recently_unfollowed_profiles.json", "relationships_unfollowed_users"},
     {"suggestion_removed", "removed_suggestions.json", "relationships_dismissed_suggested_users"},
     {"blocked", "blocked_profiles.json", "relationships_blocked_users"},
     {"restricted", "restricted_profiles.json", "relationships_restricted_users"},
     {"favorite", "profiles_you've_favorited.json", "relationships_feed_favorites"},
     {"hidden_from", "hide_story_from.json", "relationships_hide_stories_from"}}};

void WriteComment(EntryWriter& to, const ArchiveWriter& archive, const account::Comment& comment) {
  to.Clear();
  to.BeginObject();
  if (!comment.media.empty()) {
    to.Name("media_list_data").BeginArray();
    for (const account::MediaItem& item : comment.media) {
      const std::string uri = archive.media.UriOf(item, true);
      if (uri.empty()) continue;
      WriteMedia(to, archive, {.item = item, .uri = uri, .title = item.text, .time = item.time});
    }
    to.EndArray();
  }
  to.Name("string_map_data").BeginObject();
  if (!comment.text.empty() || !comment.link.empty()) {
    to.Name("Comment").BeginObject();
    if (!comment.link.empty()) to.Text("href", comment.link);
    to.Text("value", comment.text).EndObject();
  }
  if (!comment.owner.empty()) {
    to.Name("Media Owner").BeginObject().Text("value", comment.owner).EndObject();
  }
  if (comment.time) to.Name("Time").BeginObject().Seconds("timestamp", comment.time).EndObject();
  to.EndObject().EndObject();
}

// What somebody else shared, liked or saved.
struct Shared {
  std::string_view owner;
  std::string_view link;
  std::string_view text;
  std::string_view collection;
  std::optional<Timestamp> time;
};

// The form of 2026, which has room for everything.
void WriteLabels(EntryWriter& to, const Shared& shared) {
  const auto label = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) to.BeginObject().Text("label", name).Text("value", value).EndObject();
  };
  to.BeginObject().Seconds("timestamp", shared.time).Name("media").BeginArray().EndArray();
  to.Name("label_values").BeginArray();
  label("Name", shared.collection);
  label("Caption", shared.text);
  if (!shared.link.empty()) {
    to.BeginObject().Text("label", "URL").Text("value", shared.link);
    to.Text("href", shared.link).EndObject();
  }
  if (!shared.owner.empty()) {
    to.BeginObject().Text("title", "Owner").Name("dict").BeginArray();
    to.BeginObject().Text("title", "").Name("dict").BeginArray();
    label("Username", shared.owner);
    to.EndArray().EndObject().EndArray().EndObject();
  }
  to.EndArray().EndObject();
}

void WriteLike(EntryWriter& to, const Shared& like) {
  to.Clear();
  if (!like.text.empty()) {
    WriteLabels(to, like);
    return;
  }
  to.BeginObject().Text("title", like.owner).Name("string_list_data").BeginArray();
  if (!like.link.empty() || like.time) {
    to.BeginObject().Text("href", like.link).Text("value", "\U0001F44D");
    to.Seconds("timestamp", like.time).EndObject();
  }
  to.EndArray().EndObject();
}

void WriteSavedPost(EntryWriter& to, const Shared& saved) {
  to.Clear();
  if (!saved.text.empty()) {
    WriteLabels(to, saved);
    return;
  }
  to.BeginObject().Text("title", saved.owner).Name("string_map_data").BeginObject();
  to.Name("Saved on").BeginObject().Text("href", saved.link).Seconds("timestamp", saved.time);
  to.EndObject().EndObject().EndObject();
}

// The list of collections is flat: a header, then what stands in the collection. Entries wait until
// those of one collection can be written together.
class Collections {
 public:
  Collections(ArchiveWriter& archive, std::string path)
      : archive_(archive), file_(std::move(path), "saved_saved_collections") {}

  Status Add(const Shared& saved) {
    EntryWriter to;
    const bool labels = !saved.text.empty() || saved.link.empty();
    if (labels) {
      WriteLabels(to, saved);
      return file_.Add(archive_, to.text());
    }
    to.BeginObject().Name("string_map_data").BeginObject().Name("Name").BeginObject();
    to.Text("href", saved.link).Text("value", saved.owner).EndObject();
    if (saved.time) {
      to.Name("Added Time").BeginObject().Seconds("timestamp", saved.time).EndObject();
    }
    to.EndObject().EndObject();
    held_ += to.text().size();
    waiting_[std::string(saved.collection)].push_back(to.Take());
    return held_ < kMaxCollectionsHeld ? Status{} : Flush();
  }
  Status Finish() {
    RETURN_IF_ERROR(Flush());
    return file_.Finish(archive_);
  }

 private:
  Status Flush() {
    for (const auto& [name, entries] : waiting_) {
      EntryWriter header;
      header.BeginObject().Text("title", "Collection").Name("string_map_data").BeginObject();
      header.Name("Name").BeginObject().Text("value", name).EndObject().EndObject().EndObject();
      RETURN_IF_ERROR(file_.Add(archive_, header.text()));
      for (const std::string& entry : entries) RETURN_IF_ERROR(file_.Add(archive_, entry));
    }
    waiting_.clear();
    held_ = 0;
    return {};
  }

  ArchiveWriter& archive_;
  ListFile file_;
  std::map<std::string, std::vector<std::string>> waiting_;
  size_t held_ = 0;
};

}  // namespace

Status WriteComments(ArchiveWriter& archive) {
  TargetFiles files(archive, std::string(kActivity), kComments);
  EntryWriter entry;
  RETURN_IF_ERROR(
      archive.reader.ForEach(Kind::kComment, [&](const account::Record& record) -> Status {
        const auto& comment = std::get<account::Comment>(record);
        const bool received = !comment.author.empty();
        ListFile* file = received ? nullptr : files.Find(comment.list);
        if (file == nullptr) {
          archive.left_out.Add(received ? Reason::kReceivedComments : Reason::kComments);
          return {};
        }
        if (comment.like_count) archive.left_out.Add(Reason::kCounts);
        for (const account::MediaItem& item : comment.media) {
          TakeMedia(archive, item, {.folder = "media/other/", .time = comment.time});
        }
        WriteComment(entry, archive, comment);
        archive.Count(Kind::kComment);
        return file->Add(archive, entry.text());
      }));
  return files.Finish();
}

Status WriteLikes(ArchiveWriter& archive) {
  TargetFiles files(archive, std::string(kActivity), kLikes);
  EntryWriter entry;
  RETURN_IF_ERROR(archive.reader.ForEach(Kind::kLike, [&](const account::Record& record) -> Status {
    const auto& like = std::get<account::Like>(record);
    ListFile* file = files.Find(like.list);
    if (file == nullptr) {
      archive.left_out.Add(Reason::kLikes);
      return {};
    }
    WriteLike(entry, {.owner = like.owner,
                      .link = like.link,
                      .text = like.text,
                      .collection = {},
                      .time = like.time});
    archive.Count(Kind::kLike);
    return file->Add(archive, entry.text());
  }));
  return files.Finish();
}

Status WriteSaved(ArchiveWriter& archive) {
  const std::string folder = std::string(kActivity) + "saved/";
  ListFile posts(folder + "saved_posts.json", "saved_saved_media");
  Collections collections(archive, folder + "saved_collections.json");
  EntryWriter entry;
  RETURN_IF_ERROR(
      archive.reader.ForEach(Kind::kSaved, [&](const account::Record& record) -> Status {
        const auto& saved = std::get<account::Saved>(record);
        const Shared shared{.owner = saved.owner,
                            .link = saved.link,
                            .text = saved.text,
                            .collection = saved.collection,
                            .time = saved.time};
        archive.Count(Kind::kSaved);
        if (!saved.collection.empty()) return collections.Add(shared);
        WriteSavedPost(entry, shared);
        return posts.Add(archive, entry.text());
      }));
  RETURN_IF_ERROR(posts.Finish(archive));
  return collections.Finish();
}

Status WriteConnections(ArchiveWriter& archive) {
  TargetFiles files(archive, "connections/followers_and_following/", kConnections);
  EntryWriter to;
  RETURN_IF_ERROR(
      archive.reader.ForEach(Kind::kConnection, [&](const account::Record& record) -> Status {
        const auto& connection = std::get<account::Connection>(record);
        ListFile* file = files.Find(connection.relation);
        if (file == nullptr) {
          archive.left_out.Add(Reason::kConnections);
          return {};
        }
        to.Clear();
        to.BeginObject().Text("title", "").Name("media_list_data").BeginArray().EndArray();
        to.Name("string_list_data").BeginArray().BeginObject().Text("href", connection.link);
        to.Text("value", connection.username).Seconds("timestamp", connection.time);
        to.EndObject().EndArray().EndObject();
        archive.Count(Kind::kConnection);
        return file->Add(archive, to.text());
      }));
  return files.Finish();
}

}  // namespace valise::services::instagram
