// G1, 2018–2020: media.json and profile.json at the root of the archive (reference:
// instagram-format §3).
#include <algorithm>
#include <unordered_map>

#include "services/instagram/readers.h"

namespace valise::services::instagram {
namespace {

// {"caption", "taken_at", "location", "path"}.
struct OldItem {
  account::MediaItem medium;  // with its place and time
  std::string caption;
  std::string taken_at;  // as written
  bool is_current_picture = false;
};

JsonError ReadOldItem(od::object entry, OldItem& to, Output& output) {
  std::string location;
  const JsonError error = EachMember(entry, [&](std::string_view name, od::value value) {
    if (name == "caption") return ReadRaw(value, to.caption);
    if (name == "taken_at") return ReadRaw(value, to.taken_at);
    if (name == "path") return ReadRaw(value, to.medium.path);
    if (name == "location") return ReadRaw(value, location);
    if (name == "is_active_profile") return ReadBool(value, to.is_current_picture);
    output.Unknown(name);
    return simdjson::SUCCESS;
  });
  to.medium.time = IsoOrNone(to.taken_at);
  if (!location.empty()) to.medium.place = account::Place{.name = std::move(location)};
  return error;
}

// The members of a carousel are not grouped: they follow each other, with the same second and
// caption. Its photos and its videos stand in two lists, so that their order among each other is
// lost: photos come first.
class OldMediaReader final : public ElementReader {
 public:
  explicit OldMediaReader(Output& output) : output_(output) {}
  bool MayBeBare() const override { return false; }

  JsonError Element(std::string_view member, od::object entry, uint32_t index,
                    bool& understood) override {
    OldItem item;
    if (const JsonError error = ReadOldItem(entry, item, output_)) return error;
    if (item.medium.path.empty()) return simdjson::SUCCESS;
    understood = true;
    if (member == "photos" || member == "videos") {
      AddToPost(member, std::move(item), index);
    } else if (member == "stories") {
      PutStory(std::move(item), index);
    } else if (member == "profile") {
      pictures_.push_back(std::move(item));
    } else if (member == "direct") {
      PutDirect(std::move(item), index);
    } else {
      understood = false;
      output_.Unknown(member);
    }
    return simdjson::SUCCESS;
  }

  void Finish() override {
    for (Group& group : groups_) output_.Put(std::move(group.post), group.index);
    if (!pictures_.empty()) PutPictures();
  }

 private:
  struct Group {
    account::Post post;
    uint32_t index = 0;
  };

  void AddToPost(std::string_view member, OldItem item, uint32_t index) {
    std::string mark = item.taken_at + '\n' + item.caption;
    const bool follows = member == last_member_ && mark == last_mark_;
    const auto photos = member == "photos" ? photo_groups_.end() : photo_groups_.find(mark);
    if (item.taken_at.empty() || !(follows || photos != photo_groups_.end())) {
      Begin(std::move(item), index);
      if (member == "photos") photo_groups_[mark] = groups_.size() - 1;
      last_ = groups_.size() - 1;
    } else {
      last_ = follows ? last_ : photos->second;
      // Two videos that do not follow each other are not of one carousel.
      if (!follows) photo_groups_.erase(photos);
      Join(groups_[last_].post, std::move(item.medium));
    }
    last_member_ = member;
    last_mark_ = std::move(mark);
  }

  void Begin(OldItem item, uint32_t index) {
    Group& group = groups_.emplace_back();
    group.index = index;
    group.post.form = "post";
    group.post.time = item.medium.time;
    group.post.text = std::move(item.caption);
    Join(group.post, std::move(item.medium));
  }

  static void Join(account::Post& post, account::MediaItem medium) {
    if (!post.place) post.place = medium.place;
    if (medium.place == post.place) medium.place.reset();
    post.media.push_back(std::move(medium));
  }

  void PutStory(OldItem item, uint32_t index) {
    account::Story story;
    story.time = item.medium.time;
    story.text = std::move(item.caption);
    story.place = std::move(item.medium.place);
    item.medium.place.reset();
    story.media = std::move(item.medium);
    output_.Put(std::move(story), index);
  }

  // Of a conversation, but nothing tells of which.
  void PutDirect(OldItem item, uint32_t index) {
    account::Activity activity;
    activity.list = "direct_media";
    activity.time = item.medium.time;
    activity.text = std::move(item.caption);
    activity.media.push_back(std::move(item.medium));
    output_.Put(std::move(activity), index);
  }

  void PutPictures() {
    std::ranges::stable_sort(pictures_, [](const OldItem& a, const OldItem& b) {
      if (a.is_current_picture != b.is_current_picture) return a.is_current_picture;
      return a.medium.time > b.medium.time;
    });
    account::Profile profile;
    for (OldItem& item : pictures_) profile.pictures.push_back(std::move(item.medium));
    output_.Put(std::move(profile), 0);
  }

  Output& output_;
  std::vector<Group> groups_;
  std::vector<OldItem> pictures_;
  std::unordered_map<std::string, size_t> photo_groups_;  // by second and caption
  std::string last_member_;
  std::string last_mark_;
  size_t last_ = 0;  // the group of the item before
};

class OldProfileReader final : public ElementReader {
 public:
  explicit OldProfileReader(Output& output) : output_(output) {}
  bool MayBeBare() const override { return false; }

  // When the picture was changed.
  JsonError Element(std::string_view member, od::object entry, uint32_t index,
                    bool& understood) override {
    if (member != "profile_picture_changes") {
      output_.Unknown(member);
      return simdjson::SUCCESS;
    }
    std::string time;
    const JsonError error = EachMember(entry, [&](std::string_view name, od::value value) {
      return name == "upload_timestamp" ? ReadRaw(value, time) : simdjson::SUCCESS;
    });
    account::Activity activity;
    activity.list = "profile_picture_changes";
    activity.time = IsoOrNone(time);
    understood = error == simdjson::SUCCESS && activity.time;
    if (understood) output_.Put(std::move(activity), index);
    return error;
  }

  JsonError Member(std::string_view name, od::value value) override {
    if (name == "username") return ReadRaw(value, profile_.username);
    if (name == "name") return ReadRaw(value, profile_.name);
    if (name == "biography") return ReadRaw(value, profile_.bio);
    if (name == "website") return ReadRaw(value, profile_.website);
    if (name == "email") return ReadRaw(value, profile_.email);
    if (name == "phone_number") return ReadRaw(value, profile_.phone);
    if (name == "gender") return ReadRaw(value, profile_.gender);
    if (name == "date_of_birth") return ReadRaw(value, profile_.birthday);
    if (name == "private_account") return ReadPrivate(value);
    if (name == "date_joined") {
      std::string time;
      const JsonError error = ReadRaw(value, time);
      profile_.joined = IsoOrNone(time);
      return error;
    }
    if (name != "profile_pic_url") output_.Unknown(name);  // a link that died long ago
    return simdjson::SUCCESS;
  }

  void Finish() override {
    if (profile_ == account::Profile{}) return;
    output_.Put(std::move(profile_), output_.CountEntry(true));
  }

 private:
  JsonError ReadPrivate(od::value value) {
    bool is_private = false;
    const JsonError error = value.get_bool().get(is_private);
    if (error == simdjson::SUCCESS) profile_.is_private = is_private;
    return UnlessType(error, value);
  }

  Output& output_;
  account::Profile profile_;
};

}  // namespace

std::unique_ptr<ElementReader> MakeG1MediaReader(Output& output) {
  return std::make_unique<OldMediaReader>(output);
}
std::unique_ptr<ElementReader> MakeG1ProfileReader(Output& output) {
  return std::make_unique<OldProfileReader>(output);
}

}  // namespace valise::services::instagram
