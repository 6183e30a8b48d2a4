// Posts, reels, IGTV, archived and deleted posts, and stories (reference: instagram-format §7).
#include "services/instagram/envelope.h"
#include "services/instagram/labels.h"
#include "services/instagram/media.h"
#include "services/instagram/readers.h"

namespace valise::services::instagram {
namespace {

// What posts and stories have in common: {"media": […], "title", "creation_timestamp"}, a media
// object by itself, or an entry of labels with media.
struct PostLike {
  std::vector<account::MediaItem> media;
  std::string text;
  std::optional<Timestamp> time;
};

// Text and time of a post: the outer ones, else those of the first medium that has them.
void FillFromMedia(PostLike& post) {
  for (const account::MediaItem& item : post.media) {
    if (post.text.empty()) post.text = item.text;
    if (!post.time) post.time = item.time;
  }
  // A caption that became the post's is not told twice.
  for (account::MediaItem& item : post.media) {
    if (item.text == post.text) item.text.clear();
  }
}

JsonError ReadPostLike(od::object entry, PostLike& to, Output& output) {
  MediaObject outer;  // title and time of the post; all of it when the entry is a medium itself
  Envelope labels;
  const JsonError error = EachMember(entry, [&](std::string_view name, od::value value) {
    if (name == "media") return ReadMediaList(value, to.media, output);
    if (name == "label_values") return ReadLabelValues(value, labels);
    if (name == "timestamp") return ReadSeconds(value, labels.time);
    JsonError wrong = simdjson::SUCCESS;
    if (!ReadMediaMember(name, value, outer, wrong)) output.Unknown(name);
    return wrong;
  });
  if (error != simdjson::SUCCESS) return error;
  to.text = UnescapedCaption(outer.item.text);
  to.time = outer.item.time;
  account::MediaItem self = Completed(std::move(outer));
  if (!self.path.empty()) to.media.insert(to.media.begin(), std::move(self));
  for (const Field& field : labels.fields) {
    if (to.text.empty() && field.group.empty() && IsOneOf(field.label, kCaptionLabels)) {
      to.text = UnescapedCaption(field.value);
    }
  }
  FillFromMedia(to);
  if (!to.time) to.time = labels.AnyTime();
  return simdjson::SUCCESS;
}

void AddEvidence(account::Common& record, const account::MediaItem& first) {
  if (!first.source_id.empty()) record.evidence.push_back("media:" + first.source_id);
}

class PostReader final : public ElementReader {
 public:
  PostReader(std::string_view form, Output& output) : form_(form), output_(output) {}

  JsonError Element(std::string_view, od::object entry, uint32_t index, bool& understood) override {
    PostLike read;
    if (const JsonError error = ReadPostLike(entry, read, output_)) return error;
    understood = !read.media.empty() || !read.text.empty();
    if (!understood) return simdjson::SUCCESS;
    account::Post post;
    post.time = read.time;
    post.form = form_;
    post.text = std::move(read.text);
    post.media = std::move(read.media);
    if (!post.media.empty()) AddEvidence(post, post.media[0]);
    output_.Put(std::move(post), index);
    return simdjson::SUCCESS;
  }

 private:
  std::string_view form_;
  Output& output_;
};

class StoryReader final : public ElementReader {
 public:
  explicit StoryReader(Output& output) : output_(output) {}

  JsonError Element(std::string_view, od::object entry, uint32_t index, bool& understood) override {
    PostLike read;
    if (const JsonError error = ReadPostLike(entry, read, output_)) return error;
    understood = !read.media.empty();
    for (account::MediaItem& item : read.media) {
      account::Story story;
      story.time = item.time ? item.time : read.time;
      story.text = read.text;
      AddEvidence(story, item);
      story.media = std::move(item);
      output_.Put(std::move(story), index);
    }
    return simdjson::SUCCESS;
  }

 private:
  Output& output_;
};

}  // namespace

std::unique_ptr<ElementReader> MakePostReader(std::string_view form, Output& output) {
  return std::make_unique<PostReader>(form, output);
}
std::unique_ptr<ElementReader> MakeStoryReader(Output& output) {
  return std::make_unique<StoryReader>(output);
}

}  // namespace valise::services::instagram
