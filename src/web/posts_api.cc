// /accounts/{id}/posts: newest first, read from the sealed documents, no index needed.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "web/respond.h"
#include "web/site.h"

namespace valise::web {
namespace {

constexpr size_t kDefaultLimit = 30;
constexpr size_t kMaxLimit = 100;
constexpr size_t kMaxComments = 1000;
constexpr std::string_view kIdEvidence = "id:";

// A place in the list: newer places are greater.
struct Place {
  int64_t time = 0;
  std::string key;
  auto operator<=>(const Place&) const = default;
};

Place PlaceOf(const account::Post& post) {
  return {.time = post.time ? ToMillis(*post.time) : INT64_MIN,
          .key = post.key ? post.key->Hex() : ""};
}

// "<milliseconds>.<key>"
Result<std::optional<Place>> ParseCursor(const Call& call) {
  const auto text = call.request.Query("before");
  if (!text || text->empty()) return std::optional<Place>{};
  const size_t dot = std::min(text->find('.'), text->size());
  Place place;
  const auto [end, error] = std::from_chars(text->data(), text->data() + dot, place.time);
  if (error != std::errc() || end != text->data() + dot || dot == text->size()) {
    return Fail(ErrorCode::kInvalidArgument, "\"before\" is not a place in this list");
  }
  place.key = text->substr(dot + 1);
  return std::optional(place);
}

size_t LimitOf(const Call& call) {
  size_t limit = kDefaultLimit;
  if (const auto text = call.request.Query("limit")) {
    std::from_chars(text->data(), text->data() + text->size(), limit);
  }
  return std::clamp<size_t>(limit, 1, kMaxLimit);
}

// The documents of posts, the one with the newest post first.
std::vector<const library::DocumentRow*> PostDocuments(const View& view) {
  std::vector<const library::DocumentRow*> rows;
  for (const library::DocumentRow& row : view.head.documents) {
    if (row.kind == account::Kind::kPost) rows.push_back(&row);
  }
  std::ranges::sort(rows, std::ranges::greater(), [](const auto* row) { return row->last; });
  return rows;
}

// At most limit + 1 posts before `before`, newest first. Reads only the documents that are needed.
Result<std::vector<account::Post>> ReadPosts(const library::Library& library, const View& view,
                                             const std::optional<Place>& before, size_t limit) {
  std::vector<account::Post> posts;
  for (const library::DocumentRow* row : PostDocuments(view)) {
    const bool enough = posts.size() > limit;
    if (enough && (!row->last || ToMillis(*row->last) < PlaceOf(posts[limit]).time)) break;
    if (before && row->first && ToMillis(*row->first) > before->time && row->records > 0) continue;
    ASSIGN_OR_RETURN(auto records, library.ReadRecords(*row));
    for (account::Record& record : records) {
      auto* post = std::get_if<account::Post>(&record);
      if (post != nullptr && (!before || PlaceOf(*post) < *before))
        posts.push_back(std::move(*post));
    }
    std::ranges::sort(posts, std::ranges::greater(), PlaceOf);
    if (posts.size() > limit + 1) posts.resize(limit + 1);
  }
  return posts;
}

void WriteMedium(JsonWriter& json, std::string_view account_id, const account::MediaItem& item) {
  json.BeginObject().Name("url");
  if (item.digest) {
    json.String(MediaUrl(account_id, *item.digest));
  } else {
    json.Null();
  }
  json.Member("type", item.type)
      .Member("missing", !item.digest.has_value())
      .Member("alt", item.alt);
  json.EndObject();
}

void WriteCountOrNull(JsonWriter& json, std::string_view name,
                      const std::optional<uint32_t>& count) {
  json.Name(name);
  if (count) {
    json.Number(*count);
  } else {
    json.Null();
  }
}

// Leaves the object open.
void BeginPost(JsonWriter& json, std::string_view account_id, const account::Post& post) {
  json.BeginObject().Member("key", PlaceOf(post).key);
  WriteTimeOrNull(json, "time", post.time);
  json.Member("form", post.form).Member("text", post.text).Name("media").BeginArray();
  for (const account::MediaItem& item : post.media) WriteMedium(json, account_id, item);
  json.EndArray();
  WriteCountOrNull(json, "like_count", post.like_count);
  WriteCountOrNull(json, "comment_count", post.comment_count);
  WriteTimeOrNull(json, "absent_since", post.absent_since);
}

bool StandsUnder(const account::Comment& comment, const account::Post& post) {
  return !comment.on.empty() && comment.list != "stories" &&
         std::ranges::any_of(post.evidence, [&](const std::string& one) {
           return one.starts_with(kIdEvidence) &&
                  std::string_view(one).substr(kIdEvidence.size()) == comment.on;
         });
}

// The comments that stand under `post`, oldest first. Reads the documents that end after it.
Result<std::vector<account::Comment>> CommentsUnder(const library::Library& library,
                                                    const View& view, const account::Post& post) {
  std::vector<account::Comment> comments;
  for (const library::DocumentRow& row : view.head.documents) {
    if (row.kind != account::Kind::kComment) continue;
    if (post.time && row.last && *row.last < *post.time) continue;
    ASSIGN_OR_RETURN(auto records, library.ReadRecords(row));
    for (account::Record& record : records) {
      auto* comment = std::get_if<account::Comment>(&record);
      if (comment != nullptr && StandsUnder(*comment, post)) {
        comments.push_back(std::move(*comment));
      }
    }
  }
  std::ranges::stable_sort(comments, {}, &account::Comment::time);
  return comments;
}

// The oldest are told; all are counted.
void WriteComments(JsonWriter& json, const std::vector<account::Comment>& comments) {
  json.Name("comments").BeginArray();
  for (size_t i = 0; i < std::min(comments.size(), kMaxComments); ++i) {
    const account::Comment& comment = comments[i];
    json.BeginObject().Member("key", comment.key ? comment.key->Hex() : "");
    WriteTimeOrNull(json, "time", comment.time);
    json.Member("author", comment.author).Member("text", comment.text);
    WriteCountOrNull(json, "like_count", comment.like_count);
    WriteTimeOrNull(json, "absent_since", comment.absent_since);
    json.EndObject();
  }
  json.EndArray().Member("comments_here", comments.size());
}

Result<http::Response> List(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const library::AccountRow account, OwnedAccount(site, call, call.At("id")));
  ASSIGN_OR_RETURN(const auto before, ParseCursor(call));
  const size_t limit = LimitOf(call);
  ASSIGN_OR_RETURN(const auto view, site.libraries.Look(account));
  std::vector<account::Post> posts;
  if (view) {
    ASSIGN_OR_RETURN(const auto library, site.libraries.Open(account.id));
    ASSIGN_OR_RETURN(posts, ReadPosts(*library, *view, before, limit));
  }
  JsonWriter json;
  json.BeginObject().Name("posts").BeginArray();
  for (size_t i = 0; i < std::min(limit, posts.size()); ++i) {
    BeginPost(json, account.id, posts[i]);
    json.EndObject();
  }
  json.EndArray().Name("next");
  if (posts.size() > limit) {
    const Place last = PlaceOf(posts[limit - 1]);
    json.String(fmt::format("{}.{}", last.time, last.key));
  } else {
    json.Null();
  }
  json.EndObject();
  return Json(200, std::move(json));
}

// One post, for whoever opens its address; the newest are found first.
Result<http::Response> ShowOne(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const library::AccountRow account, OwnedAccount(site, call, call.At("id")));
  ASSIGN_OR_RETURN(const auto view, site.libraries.Look(account));
  if (view) {
    ASSIGN_OR_RETURN(const auto library, site.libraries.Open(account.id));
    for (const library::DocumentRow* row : PostDocuments(*view)) {
      ASSIGN_OR_RETURN(const auto records, library->ReadRecords(*row));
      for (const account::Record& record : records) {
        const auto* post = std::get_if<account::Post>(&record);
        if (post == nullptr || PlaceOf(*post).key != call.At("key")) continue;
        JsonWriter json;
        BeginPost(json, account.id, *post);
        ASSIGN_OR_RETURN(const auto comments, CommentsUnder(*library, *view, *post));
        WriteComments(json, comments);
        json.EndObject();
        return Json(200, std::move(json));
      }
    }
  }
  return Fail(ErrorCode::kNotFound, "there is no such post");
}

}  // namespace

void AddPostRoutes(Router& router, const Site& site) {
  router.Add({"GET", "/api/v1/accounts/{id}/posts", Access::kUser,
              [&](Call& call) { return List(site, call); }});
  router.Add({"GET", "/api/v1/accounts/{id}/posts/{key}", Access::kUser,
              [&](Call& call) { return ShowOne(site, call); }});
}

}  // namespace valise::web
