// G1, 2018–2020: comments, likes, saved, connections, searches and the other lists at the root of
// the archive (reference: instagram-format §3).
//
// Nothing here is mangled: texts are taken as they are.
#include <algorithm>
#include <array>
#include <map>

#include "services/instagram/activity.h"
#include "services/instagram/readers.h"

namespace valise::services::instagram {
namespace {

constexpr size_t kMaxCells = 16;

std::string_view WithoutEnding(std::string_view name, std::string_view ending) {
  return name.ends_with(ending) ? name.substr(0, name.size() - ending.size()) : name;
}

// The cells of [time, text, owner]; what is no text is an empty cell.
JsonError ReadCells(od::array row, std::vector<std::string>& cells) {
  for (auto&& item : row) {
    od::value value;
    if (const JsonError error = std::move(item).get(value)) return error;
    std::string cell;
    if (const JsonError error = ReadRaw(value, cell)) return error;
    if (cells.size() < kMaxCells) cells.push_back(std::move(cell));
  }
  return simdjson::SUCCESS;
}

// Lists of rows: comments, likes, saved, stickers of stories.
class RowReader : public ElementReader {
 public:
  explicit RowReader(Output& output) : output_(output) {}
  bool MayBeBare() const override { return false; }
  JsonError Element(std::string_view, od::object, uint32_t, bool&) override {
    return simdjson::SUCCESS;
  }

  JsonError Row(std::string_view member, od::array row, uint32_t index, bool& understood) override {
    std::vector<std::string> cells;
    if (const JsonError error = ReadCells(row, cells)) return error;
    const auto time = cells.empty() ? std::nullopt : IsoOrNone(cells[0]);
    understood = time && cells.size() >= 2;
    if (understood) Take(member, *time, cells, index);
    return simdjson::SUCCESS;
  }

 protected:
  // `cells` are two at least; the first is the time.
  virtual void Take(std::string_view member, Timestamp time, std::vector<std::string>& cells,
                    uint32_t index) = 0;
  Output& output_;
};

class CommentRows final : public RowReader {
 public:
  using RowReader::RowReader;
  void Take(std::string_view member, Timestamp time, std::vector<std::string>& cells,
            uint32_t index) override {
    account::Comment comment;
    comment.time = time;
    comment.list = WithoutEnding(member, "_comments");
    if (member == "media_comments") comment.list = "posts";
    if (member == "story_comments") comment.list = "stories";
    comment.text = std::move(cells[1]);
    if (cells.size() > 2) comment.owner = std::move(cells[2]);
    output_.Put(std::move(comment), index);
  }
};

class LikeRows final : public RowReader {
 public:
  using RowReader::RowReader;
  void Take(std::string_view member, Timestamp time, std::vector<std::string>& cells,
            uint32_t index) override {
    account::Like like;
    like.time = time;
    like.list = WithoutEnding(member, "_likes");
    if (member == "media_likes") like.list = "posts";
    if (member == "comment_likes") like.list = "comments";
    like.owner = std::move(cells[1]);
    output_.Put(std::move(like), index);
  }
};

class SavedRows final : public RowReader {
 public:
  using RowReader::RowReader;
  void Take(std::string_view, Timestamp time, std::vector<std::string>& cells,
            uint32_t index) override {
    account::Saved saved;
    saved.time = time;
    saved.owner = std::move(cells[1]);
    output_.Put(std::move(saved), index);
  }
};

// stories_activities.json: the lists are named as the files of later generations.
class StickerRows final : public RowReader {
 public:
  using RowReader::RowReader;
  void Take(std::string_view member, Timestamp time, std::vector<std::string>& cells,
            uint32_t index) override {
    account::Activity activity;
    activity.time = time;
    activity.list = member;
    activity.text = std::move(cells[1]);
    output_.Put(std::move(activity), index);
  }
};

struct Relation {
  std::string_view member;
  std::string_view relation;
};
constexpr std::array<Relation, 9> kRelations = {{
    {"followers", "follower"},
    {"following", "following"},
    {"close_friends", "close_friend"},
    {"permanent_follow_requests", "request_sent_earlier"},
    {"follow_requests_sent", "request_sent"},
    {"following_hashtags", "hashtag"},
    {"dismissed_suggested_users", "suggestion_removed"},
    {"blocked_users", "blocked"},
    {"restricted_users", "restricted"},
}};

// connections.json: {"followers": {"ann": "2019-…"}, …}.
class ConnectionMaps final : public ElementReader {
 public:
  explicit ConnectionMaps(Output& output) : output_(output) {}
  bool MayBeBare() const override { return false; }
  JsonError Element(std::string_view, od::object, uint32_t, bool&) override {
    return simdjson::SUCCESS;
  }

  JsonError Member(std::string_view name, od::value value) override {
    std::vector<account::Connection> read;
    const JsonError error = EachMember(value, [&](std::string_view who, od::value when) {
      std::string time;
      const JsonError wrong = ReadRaw(when, time);
      account::Connection connection;
      connection.username = who;
      connection.time = IsoOrNone(time);
      read.push_back(std::move(connection));
      return wrong;
    });
    if (error != simdjson::SUCCESS) return error;
    const auto* known = std::ranges::find(kRelations, name, &Relation::member);
    if (known == kRelations.end() && !read.empty()) output_.Unknown(name);
    for (account::Connection& connection : read) {
      const bool understood = known != kRelations.end() && !connection.username.empty();
      const uint32_t index = output_.CountEntry(understood);
      if (!understood) continue;
      connection.relation = known->relation;
      output_.Put(std::move(connection), index);
    }
    return simdjson::SUCCESS;
  }

 private:
  Output& output_;
};

std::string_view ListOfSearch(std::string_view member, std::string_view type) {
  if (member.starts_with("shopping")) return "shopping_searches";
  if (type == "user") return "profile_searches";
  if (type == "hashtag") return "tag_searches";
  return type == "place" ? "place_searches" : "word_searches";
}

class SearchReader final : public ElementReader {
 public:
  explicit SearchReader(Output& output) : output_(output) {}
  bool MayBeBare() const override { return false; }

  JsonError Element(std::string_view member, od::object entry, uint32_t index,
                    bool& understood) override {
    account::Activity activity;
    std::string type;
    const JsonError error = EachMember(entry, [&](std::string_view name, od::value value) {
      if (name == "search_click") return ReadRaw(value, activity.text);
      if (name == "type") return ReadRaw(value, type);
      if (name == "time") {
        std::string time;
        const JsonError wrong = ReadRaw(value, time);
        activity.time = IsoOrNone(time);
        return wrong;
      }
      output_.Unknown(name);
      return simdjson::SUCCESS;
    });
    if (error != simdjson::SUCCESS) return error;
    understood = !activity.text.empty();
    activity.list = ListOfSearch(member, type);
    if (understood) output_.Put(std::move(activity), index);
    return simdjson::SUCCESS;
  }

 private:
  Output& output_;
};

// settings.json: every member is a setting.
class SettingReader final : public ElementReader {
 public:
  explicit SettingReader(Output& output) : output_(output) {}
  bool MayBeBare() const override { return false; }
  // A setting of several values.
  JsonError Element(std::string_view member, od::object entry, uint32_t index,
                    bool& understood) override {
    account::Activity activity;
    if (const JsonError error = ReadFlat(entry, activity)) return error;
    understood = true;
    activity.list = "settings";
    activity.text = member;
    output_.Put(std::move(activity), index);
    return simdjson::SUCCESS;
  }
  JsonError Member(std::string_view name, od::value value) override {
    std::string text;
    if (const JsonError error = ReadScalar(value, text)) return error;
    Put(name, {{.name = {}, .value = std::move(text)}});
    return simdjson::SUCCESS;
  }
  // A list of plain values is one setting.
  void Text(std::string_view member, std::string_view text) override {
    Add(member, Repaired(text));
  }
  bool Scalar(std::string_view member, std::string_view raw) override {
    Add(member, std::string(raw.substr(0, raw.find_last_not_of(" \t\r\n") + 1)));
    return true;
  }
  void Finish() override {
    for (auto& [member, values] : lists_) Put(member, std::move(values));
  }

 private:
  static constexpr size_t kMaxValues = 1'000;

  void Add(std::string_view member, std::string value) {
    if (member.empty()) return;
    auto list = lists_.find(member);
    if (list == lists_.end() && lists_.size() < kMaxValues) {
      list = lists_.emplace(std::string(member), std::vector<account::Detail>{}).first;
    }
    if (list == lists_.end() || list->second.size() >= kMaxValues) return;
    list->second.push_back({.name = {}, .value = std::move(value)});
  }
  void Put(std::string_view name, std::vector<account::Detail> details) {
    account::Activity activity;
    activity.list = "settings";
    activity.text = name;
    activity.details = std::move(details);
    output_.Put(std::move(activity), output_.CountEntry(true));
  }

  Output& output_;
  std::map<std::string, std::vector<account::Detail>, std::less<>> lists_;
};

struct FlatList {
  std::string_view member;
  std::string_view list;
};
constexpr std::array<FlatList, 6> kFlatLists = {{
    {"login_history", "logins"},
    {"logout_history", "logouts"},
    {"password_change_history", "password_changes"},
    {"account_privacy_history", "privacy_changes"},
    {"account_active_status_changes", "status_changes"},
    {"registration_info", "signup"},
}};

// Arrays of flat objects whose members nobody has listed: devices, logins, contacts.
class FlatReader final : public ElementReader {
 public:
  FlatReader(std::string_view list, Output& output) : list_(list), output_(output) {}
  bool MayBeBare() const override { return false; }

  JsonError Element(std::string_view member, od::object entry, uint32_t index,
                    bool& understood) override {
    account::Activity activity;
    if (const JsonError error = ReadFlat(entry, activity)) return error;
    understood = !activity.details.empty() || activity.time;
    if (!understood) return simdjson::SUCCESS;
    const auto* known = std::ranges::find(kFlatLists, member, &FlatList::member);
    activity.list = known == kFlatLists.end() ? list_ : known->list;
    output_.Put(std::move(activity), index);
    return simdjson::SUCCESS;
  }
  JsonError Member(std::string_view name, od::value value) override {
    od::object entry;
    if (const JsonError error = value.get_object().get(entry)) return UnlessType(error, value);
    bool understood = false;
    const auto index = static_cast<uint32_t>(output_.counts().seen);
    const JsonError error = Element(name, entry, index, understood);
    if (error == simdjson::SUCCESS) output_.CountEntry(understood);
    return error;
  }

 private:
  std::string_view list_;
  Output& output_;
};

}  // namespace

std::unique_ptr<ElementReader> MakeG1CommentReader(Output& output) {
  return std::make_unique<CommentRows>(output);
}
std::unique_ptr<ElementReader> MakeG1LikeReader(Output& output) {
  return std::make_unique<LikeRows>(output);
}
std::unique_ptr<ElementReader> MakeG1SavedReader(Output& output) {
  return std::make_unique<SavedRows>(output);
}
std::unique_ptr<ElementReader> MakeG1StickerReader(Output& output) {
  return std::make_unique<StickerRows>(output);
}
std::unique_ptr<ElementReader> MakeG1ConnectionReader(Output& output) {
  return std::make_unique<ConnectionMaps>(output);
}
std::unique_ptr<ElementReader> MakeG1SearchReader(Output& output) {
  return std::make_unique<SearchReader>(output);
}
std::unique_ptr<ElementReader> MakeG1SettingReader(Output& output) {
  return std::make_unique<SettingReader>(output);
}
std::unique_ptr<ElementReader> MakeFlatReader(std::string_view list, Output& output) {
  return std::make_unique<FlatReader>(list, output);
}

}  // namespace valise::services::instagram
