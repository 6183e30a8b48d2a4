// Posts of all forms, and stories.
#include <algorithm>
#include <array>

#include "services/instagram/archive_writer.h"
#include "services/instagram/links.h"

namespace valise::services::instagram {
namespace {

using account::Kind;

struct Form {
  std::string_view form;
  std::string_view file;  // below your_instagram_activity/media/
  std::string_view wrapper;
  std::string_view folder;
};
// The first stands for forms that Instagram does not have, too.
constexpr std::array<Form, 6> kForms = {
    {{"post", "posts_1.json", "", "media/posts/"},
     {"reel", "reels.json", "ig_reels_media", "media/reels/"},
     {"igtv", "igtv_videos.json", "ig_igtv_media", "media/igtv/"},
     {"archived", "archived_posts.json", "ig_archived_post_media", "media/archived_posts/"},
     {"deleted", "recently_deleted_content.json", "ig_recently_deleted_media",
      "media/recently_deleted/"},
     {"other", "other_content.json", "ig_other_media", "media/other/"}}};

std::string InMedia(std::string_view file) {
  return std::string(kActivity) + "media/" + std::string(file);
}

size_t FormOf(const account::Post& post) {
  for (size_t i = 0; i < kForms.size(); ++i) {
    if (kForms[i].form == post.form) return i;
  }
  return 0;
}

template <typename Shown>
void NoteCounts(ArchiveWriter& archive, const Shown& shown) {
  archive.left_out.Add(Reason::kCounts,
                       (shown.like_count ? 1u : 0u) + (shown.comment_count ? 1u : 0u));
}

class PostFiles {
 public:
  explicit PostFiles(ArchiveWriter& archive) : archive_(archive) {
    for (const Form& form : kForms) files_.emplace_back(InMedia(form.file), form.wrapper);
  }

  Status Add(const account::Post& post, size_t form) {
    uint64_t shown = 0;
    for (const account::MediaItem& item : post.media) {
      TakeMedia(archive_, item, {.folder = kForms[form].folder, .time = post.time});
      if (!archive_.media.UriOf(item).empty()) ++shown;
      if (!item.digest && IsUrl(item.path)) archive_.left_out.Add(Reason::kLinkedMedia);
    }
    if (shown == 0 && post.text.empty()) {
      const bool unchosen = std::ranges::any_of(post.media, [&](const account::MediaItem& item) {
        return archive_.media.IsUnchosen(item);
      });
      if (!unchosen) archive_.left_out.Add(Reason::kEmptyPosts);
      return {};
    }
    if (form == 0 && post.form != kForms[0].form) archive_.left_out.Add(Reason::kPostForms);
    NoteCounts(archive_, post);
    if (post.place) archive_.left_out.Add(Reason::kPlaces);
    Write(post, shown);
    archive_.Count(Kind::kPost);
    ListFile& file = form == 0 && shown == 0 ? without_media_ : files_[form];
    return file.Add(archive_, entry_.text());
  }

  Status Finish() {
    RETURN_IF_ERROR(files_[0].Finish(archive_));
    RETURN_IF_ERROR(without_media_.Finish(archive_));
    for (size_t i = 1; i < files_.size(); ++i) RETURN_IF_ERROR(files_[i].Finish(archive_));
    return {};
  }

 private:
  void Write(const account::Post& post, uint64_t shown) {
    entry_.Clear();
    entry_.BeginObject().Name("media").BeginArray();
    for (const account::MediaItem& item : post.media) {
      const std::string uri = archive_.media.UriOf(item);
      if (uri.empty()) continue;
      MediaEntry medium{.item = item, .uri = uri, .title = item.text, .time = item.time};
      // Importers read caption and time of a single medium here.
      if (shown == 1 && medium.title.empty()) medium.title = post.text;
      if (shown == 1 && !medium.time) medium.time = post.time;
      WriteMedia(entry_, archive_, medium);
    }
    entry_.EndArray().Caption("title", post.text);
    entry_.Seconds("creation_timestamp", post.time).EndObject();
  }

  ArchiveWriter& archive_;
  std::vector<ListFile> files_;
  ListFile without_media_{InMedia("posts_2.json"), ""};
  EntryWriter entry_;
};

}  // namespace

Status WritePosts(ArchiveWriter& archive) {
  PostFiles files(archive);
  // A medium that a plain post shows lies among the posts' media, whatever else shows it: importers
  // look for it there.
  for (const bool plain : {true, false}) {
    RETURN_IF_ERROR(archive.reader.ForEach(Kind::kPost, [&](const account::Record& record) {
      const auto& post = std::get<account::Post>(record);
      const size_t form = FormOf(post);
      return (form == 0) == plain ? files.Add(post, form) : Status{};
    }));
  }
  return files.Finish();
}

Status WriteStories(ArchiveWriter& archive) {
  ListFile file(InMedia("stories.json"), "ig_stories");
  EntryWriter entry;
  RETURN_IF_ERROR(
      archive.reader.ForEach(Kind::kStory, [&](const account::Record& record) -> Status {
        const auto& story = std::get<account::Story>(record);
        TakeMedia(archive, story.media, {.folder = "media/stories/", .time = story.time});
        NoteCounts(archive, story);
        if (story.place) archive.left_out.Add(Reason::kPlaces);
        const std::string uri = archive.media.UriOf(story.media);
        if (uri.empty()) {
          if (archive.media.IsUnchosen(story.media)) return {};
          const bool linked = !story.media.digest && IsUrl(story.media.path);
          archive.left_out.Add(linked ? Reason::kLinkedMedia : Reason::kStoriesWithoutMedium);
          return {};
        }
        entry.Clear();
        WriteMedia(entry, archive,
                   {.item = story.media,
                    .uri = uri,
                    .title = story.text,
                    .time = story.time ? story.time : story.media.time});
        archive.Count(Kind::kStory);
        return file.Add(archive, entry.text());
      }));
  return file.Finish(archive);
}

}  // namespace valise::services::instagram
