// Comments, likes, saved and connections: lists of envelopes (reference: instagram-format §4–§6).
//
// Read without regard to language where it can be done: a time is the time, a URL is the link, and
// values stand in a fixed order.
#include <algorithm>
#include <map>
#include <set>

#include "services/instagram/envelope.h"
#include "services/instagram/labels.h"
#include "services/instagram/links.h"
#include "services/instagram/media.h"
#include "services/instagram/readers.h"

namespace valise::services::instagram {
namespace {

// What an entry tells of somebody's content that was liked or saved.
struct Target {
  std::string owner;
  std::string link;
  std::string text;
  std::optional<Timestamp> time;
};

// E-label: the owner is the user name in a group ("Owner"), the link the URL outside of it.
Target TargetOfLabels(const Envelope& entry) {
  Target target{.time = entry.AnyTime()};
  for (const Field& field : entry.fields) {
    const bool of_owner = IsOneOf(field.group, kOwnerLabels);
    const std::string_view url = IsUrl(field.href) ? field.href : field.value;
    if (IsUrl(url)) {
      if (target.link.empty() && !of_owner) target.link = url;
    } else if (IsOneOf(field.label, kUsernameLabels) || IsOneOf(field.label, kOwnerLabels)) {
      if (target.owner.empty()) target.owner = field.value;
    } else if (IsOneOf(field.label, kCaptionLabels) || IsOneOf(field.label, kCommentLabels)) {
      if (target.text.empty()) target.text = field.value;
    }
  }
  return target;
}

// A page may show the link in one row and the time in another: they are one.
std::optional<Target> TargetInTwoRows(const Envelope& entry) {
  if (entry.shape != Shape::kMap) return std::nullopt;
  const auto has_link = [](const Field& field) { return !field.href.empty(); };
  const auto is_whole = [](const Field& field) { return field.time && !field.href.empty(); };
  if (std::ranges::count_if(entry.fields, has_link) != 1) return std::nullopt;
  if (std::ranges::any_of(entry.fields, is_whole)) return std::nullopt;
  return Target{.owner = entry.title,
                .link = std::ranges::find_if(entry.fields, has_link)->href,
                .time = entry.AnyTime()};
}

// E-list and E-map: the owner stands in the title, one target for each value that has a link or a
// time.
std::vector<Target> TargetsOf(const Envelope& entry) {
  if (entry.shape == Shape::kLabel) {
    Target target = TargetOfLabels(entry);
    if (target.owner.empty()) target.owner = entry.title;
    return {std::move(target)};
  }
  if (auto target = TargetInTwoRows(entry)) return {*std::move(target)};
  std::vector<Target> targets;
  for (const Field& field : entry.fields) {
    if (!field.time && field.href.empty()) continue;
    targets.push_back({.owner = entry.title, .link = field.href, .time = field.time});
  }
  if (targets.empty() && !entry.title.empty()) targets.push_back({.owner = entry.title});
  return targets;
}

bool IsEmpty(const Target& target) {
  return target.owner.empty() && target.link.empty() && target.text.empty();
}

class LikeReader final : public ElementReader {
 public:
  LikeReader(std::string_view list, Output& output) : list_(list), output_(output) {}

  JsonError Element(std::string_view, od::object entry, uint32_t index, bool& understood) override {
    Envelope envelope;
    if (const JsonError error = ReadEnvelope(entry, envelope, output_)) return error;
    for (Target& target : TargetsOf(envelope)) {
      if (IsEmpty(target)) continue;
      understood = true;
      account::Like like;
      like.list = list_;
      like.owner = std::move(target.owner);
      like.link = std::move(target.link);
      like.text = std::move(target.text);
      like.time = target.time;
      output_.Put(std::move(like), index);
    }
    return simdjson::SUCCESS;
  }

 private:
  std::string_view list_;
  Output& output_;
};

class SavedReader final : public ElementReader {
 public:
  SavedReader(bool collections, Output& output) : collections_(collections), output_(output) {}

  JsonError Element(std::string_view, od::object entry, uint32_t index, bool& understood) override {
    Envelope envelope;
    if (const JsonError error = ReadEnvelope(entry, envelope, output_)) return error;
    if (collections_ && envelope.shape != Shape::kLabel) {
      understood = CollectionEntry(envelope, index);
      return simdjson::SUCCESS;
    }
    std::string collection;
    if (collections_) collection = NameOutsideGroups(envelope);
    for (Target& target : collections_ ? ItemsOf(envelope) : TargetsOf(envelope)) {
      if (IsEmpty(target)) continue;
      understood = true;
      Put(std::move(target), collection, index);
    }
    return simdjson::SUCCESS;
  }

 private:
  // The list is flat: a header (a name without a link) and then its items (a name with a link).
  bool CollectionEntry(const Envelope& entry, uint32_t index) {
    const auto named = std::ranges::find_if(entry.fields, [](const Field& field) {
      return !field.value.empty() || !field.href.empty();
    });
    if (named == entry.fields.end()) return false;
    if (named->href.empty()) {
      collection_ = named->value;
      return true;
    }
    Put({.owner = named->value, .link = named->href, .time = entry.AnyTime()}, collection_, index);
    return true;
  }

  // E-label: a collection of one item, or of several in the parts of a group.
  static std::vector<Target> ItemsOf(const Envelope& entry) {
    std::map<uint32_t, Envelope> parts;
    for (const Field& field : entry.fields) {
      if (field.part == 0) continue;
      Envelope& part = parts[field.part];
      part.shape = Shape::kLabel;
      part.time = entry.time;
      part.fields.push_back(field);
    }
    std::vector<Target> targets;
    for (const auto& [_, part] : parts) {
      Target target = TargetOfLabels(part);
      if (!target.link.empty()) targets.push_back(std::move(target));
    }
    return targets.size() > 1 ? targets : TargetsOf(entry);
  }

  static std::string NameOutsideGroups(const Envelope& entry) {
    for (const Field& field : entry.fields) {
      if (field.group.empty() && IsOneOf(field.label, kNameLabels)) return field.value;
    }
    return {};
  }

  void Put(Target target, const std::string& collection, uint32_t index) {
    account::Saved saved;
    // A saved post stands in saved_posts and again in its collection: it is one. In a second
    // collection it is another.
    const std::string code(PostCodeOf(target.link));
    if (!code.empty()) {
      const bool first = codes_.insert(code).second;
      saved.evidence.push_back("post:" + code + (first ? "" : "@" + collection));
    }
    saved.collection = collection;
    saved.owner = std::move(target.owner);
    saved.link = std::move(target.link);
    saved.text = std::move(target.text);
    saved.time = target.time;
    output_.Put(std::move(saved), index);
  }

  const bool collections_;
  Output& output_;
  std::string collection_;       // of the items that follow
  std::set<std::string> codes_;  // of the posts so far
};

class CommentReader final : public ElementReader {
 public:
  CommentReader(std::string_view list, Output& output) : list_(list), output_(output) {}

  JsonError Element(std::string_view, od::object entry, uint32_t index, bool& understood) override {
    Envelope envelope;
    if (const JsonError error = ReadEnvelope(entry, envelope, output_)) return error;
    if (envelope.shape == Shape::kList && envelope.fields.size() > 1) {
      understood = PutEach(envelope, index);
      return simdjson::SUCCESS;
    }
    account::Comment comment;
    comment.time = envelope.AnyTime();
    comment.media = std::move(envelope.media);
    for (Field& field : envelope.fields) {
      if (IsUrl(field.href) && comment.link.empty()) comment.link = field.href;
    }
    FillText(comment, envelope);
    if (comment.owner.empty()) comment.owner = envelope.title;
    understood = Put(std::move(comment), index);
    return simdjson::SUCCESS;
  }

 private:
  // E-list: each value is a comment, under what the title's owner shared.
  bool PutEach(Envelope& entry, uint32_t index) {
    bool put = false;
    for (Field& field : entry.fields) {
      account::Comment comment;
      comment.time = field.time ? field.time : entry.time;
      comment.media = std::move(entry.media);
      entry.media.clear();
      if (IsUrl(field.href)) comment.link = std::move(field.href);
      comment.text = std::move(field.value);
      comment.owner = entry.title;
      put = Put(std::move(comment), index) || put;
    }
    return put;
  }

  bool Put(account::Comment comment, uint32_t index) {
    if (comment.text.empty() && comment.media.empty() && comment.owner.empty()) return false;
    comment.list = list_;
    output_.Put(std::move(comment), index);
    return true;
  }

  // By label; in an unknown language by place: comment, media owner, time. An empty value holds its
  // place: a GIF is a comment without text.
  static void FillText(account::Comment& comment, Envelope& entry) {
    std::vector<std::string*> unnamed;
    const bool is_map = entry.shape == Shape::kMap;
    bool has_text = false, has_owner = false;
    for (Field& field : entry.fields) {
      if (IsOneOf(field.label, kCommentLabels)) {
        has_text = true;
        if (!field.value.empty()) comment.text = std::move(field.value);
      } else if (IsOneOf(field.label, kOwnerLabels) || IsOneOf(field.group, kOwnerLabels)) {
        has_owner = true;
        if (!field.value.empty() && !IsUrl(field.value) && !IsOneOf(field.label, kNameLabels)) {
          comment.owner = std::move(field.value);
        }
      } else if (is_map && !field.time && field.href.empty() && !IsUrl(field.value)) {
        unnamed.push_back(&field.value);
      } else if (!is_map && !field.value.empty() && !IsUrl(field.value)) {
        unnamed.push_back(&field.value);
      }
    }
    // Of a story's comment the first of the two may be left out.
    const bool only_owner = is_map && unnamed.size() == 1 && !comment.media.empty();
    has_text = has_text || (!has_owner && only_owner);
    size_t next = 0;
    if (!has_text && next < unnamed.size()) comment.text = std::move(*unnamed[next++]);
    if (!has_owner && next < unnamed.size()) comment.owner = std::move(*unnamed[next]);
  }

  std::string_view list_;
  Output& output_;
};

class ConnectionReader final : public ElementReader {
 public:
  ConnectionReader(std::string_view relation, Output& output)
      : relation_(relation), output_(output) {}

  JsonError Element(std::string_view, od::object entry, uint32_t index, bool& understood) override {
    Envelope envelope;
    if (const JsonError error = ReadEnvelope(entry, envelope, output_)) return error;
    if (envelope.shape == Shape::kLabel) {
      const Target target = TargetOfLabels(envelope);
      understood = Put(target.owner, envelope.title, LinkOf(target, envelope), target.time, index);
      return simdjson::SUCCESS;
    }
    for (const Field& field : envelope.fields) {
      if (Put(field.value, envelope.title, field.href, field.time, index)) understood = true;
    }
    if (envelope.fields.empty()) understood = Put({}, envelope.title, {}, envelope.time, index);
    return simdjson::SUCCESS;
  }

 private:
  static std::string LinkOf(const Target& target, const Envelope& entry) {
    if (!target.link.empty()) return target.link;
    for (const Field& field : entry.fields) {
      if (IsUrl(field.href)) return field.href;
      if (IsUrl(field.value)) return field.value;
    }
    return {};
  }

  // The user name is the value, else the title, else the last part of the link.
  bool Put(std::string_view value, std::string_view title, std::string_view link,
           std::optional<Timestamp> time, uint32_t index) {
    std::string_view name = value;
    if (name.empty()) name = title;
    if (name.empty()) name = UserNameOf(link);
    if (relation_ == "hashtag" && name.starts_with('#')) name.remove_prefix(1);
    if (name.empty()) return false;
    account::Connection connection;
    connection.relation = relation_;
    connection.username = name;
    connection.link = link;
    connection.time = time;
    output_.Put(std::move(connection), index);
    return true;
  }

  std::string_view relation_;
  Output& output_;
};

}  // namespace

std::unique_ptr<ElementReader> MakeCommentReader(std::string_view list, Output& output) {
  return std::make_unique<CommentReader>(list, output);
}
std::unique_ptr<ElementReader> MakeLikeReader(std::string_view list, Output& output) {
  return std::make_unique<LikeReader>(list, output);
}
std::unique_ptr<ElementReader> MakeSavedReader(bool collections, Output& output) {
  return std::make_unique<SavedReader>(collections, output);
}
std::unique_ptr<ElementReader> MakeConnectionReader(std::string_view relation, Output& output) {
  return std::make_unique<ConnectionReader>(relation, output);
}

}  // namespace valise::services::instagram
