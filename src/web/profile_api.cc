// /accounts/{id}/profile and /accounts/{id}/contents: what an account says of itself, and what it
// holds.
#include <algorithm>

#include "base/utf8.h"
#include "bundle/bundle_format.h"
#include "web/json_body.h"
#include "web/respond.h"
#include "web/site.h"

namespace valise::web {
namespace {

using account::Kind;

constexpr size_t kMaxName = 64;
constexpr size_t kMaxBio = 1000;
constexpr size_t kMaxWebsite = 200;
constexpr size_t kMaxUsername = 30;

void WriteCounts(JsonWriter& json, const View* view) {
  const auto of = [&](Kind kind) {
    return view == nullptr ? 0 : view->head.counts.records[static_cast<size_t>(kind)];
  };
  json.Name("counts").BeginObject();
  json.Member("posts", of(Kind::kPost)).Member("stories", of(Kind::kStory));
  json.Member("conversations", of(Kind::kConversation)).Member("messages", of(Kind::kMessage));
  json.Member("comments", of(Kind::kComment));
  json.Member("followers", view == nullptr ? 0 : view->followers);
  json.Member("following", view == nullptr ? 0 : view->following);
  json.Member("likes", of(Kind::kLike)).Member("saved", of(Kind::kSaved));
  json.Member("activity", of(Kind::kActivity));
  json.Member("photos", view == nullptr ? 0 : view->head.counts.photos);
  json.Member("videos", view == nullptr ? 0 : view->head.counts.videos);
  json.Member("media_bytes", view == nullptr ? 0 : view->head.counts.media_bytes).EndObject();
}

Result<http::Response> Show(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const library::AccountRow account, OwnedAccount(site, call, call.At("id")));
  ASSIGN_OR_RETURN(const auto view, site.libraries.Look(account));
  const account::Profile profile = view && view->profile ? *view->profile : account::Profile{};
  JsonWriter json;
  json.BeginObject().Member("account_id", account.id).Member("service", account.service);
  json.Member("username", profile.username.empty() ? account.username : profile.username);
  json.Member("name", profile.name).Member("bio", profile.bio).Member("website", profile.website);
  WritePicture(json, account.id, profile);
  json.Name("is_private");
  if (profile.is_private) {
    json.Bool(*profile.is_private);
  } else {
    json.Null();
  }
  WriteCounts(json, view.get());
  WriteTimeOrNull(json, "as_of", view ? std::optional(view->head.time) : std::nullopt);
  json.EndObject();
  return Json(200, std::move(json));
}

size_t CodePoints(std::string_view text) {
  return static_cast<size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool IsUsername(std::string_view name) {
  return !name.empty() && name.size() <= kMaxUsername && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_';
  });
}

// Puts what the form brings into `profile`; returns what is wrong with which member.
Result<std::map<std::string, std::string>> Fill(const JsonBody& body, account::Profile& profile) {
  std::map<std::string, std::string> wrong;
  const std::tuple<const char*, std::string*, size_t> members[] = {
      {"name", &profile.name, kMaxName},
      {"bio", &profile.bio, kMaxBio},
      {"website", &profile.website, kMaxWebsite}};
  for (const auto& [name, to, limit] : members) {
    ASSIGN_OR_RETURN(auto text, body.OptionalString(name));
    if (!text) continue;
    if (CodePoints(*text) > limit) wrong[name] = "too_long";
    *to = ToValidUtf8(*text);
  }
  ASSIGN_OR_RETURN(const auto username, body.OptionalString("username"));
  if (username) {
    if (!IsUsername(*username))
      wrong["username"] = username->size() > kMaxUsername ? "too_long" : "invalid";
    profile.username = *username;
  }
  return wrong;
}

Result<http::Response> Edit(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const library::AccountRow account, OwnedAccount(site, call, call.At("id")));
  ASSIGN_OR_RETURN(const JsonBody body, JsonBody::Parse(call.request));
  ASSIGN_OR_RETURN(const auto view, site.libraries.Look(account));
  if (!view || !view->profile) {
    return Fail(ErrorCode::kNotFound, "this account has no profile yet; import an archive first");
  }
  account::Profile profile = *view->profile;
  const std::string username = profile.username;
  ASSIGN_OR_RETURN(auto wrong, Fill(body, profile));
  if (!wrong.empty()) {
    return Refuse(Refusal{.code = ErrorCode::kInvalidArgument,
                          .message = "the profile cannot be changed like this",
                          .reason = "bad_fields",
                          .fields = std::move(wrong)});
  }
  if (profile != *view->profile) {
    ASSIGN_OR_RETURN(const auto library, site.libraries.Open(account.id));
    RETURN_IF_ERROR(library->Replace(profile, site.clock));
    if (profile.username != username) {
      RETURN_IF_ERROR(site.libraries.accounts().Rename(account.id, profile.username));
    }
    RETURN_IF_ERROR(site.queue.Put(
        {.kind = std::string(kIndexJob), .subject = account.id, .due = site.clock.Now()}));
  }
  return Show(site, call);
}

void WriteKind(JsonWriter& json, std::string_view kind, uint64_t count, uint64_t bytes) {
  json.BeginObject().Member("kind", kind).Member("count", count).Member("bytes", bytes).EndObject();
}

Result<http::Response> ShowContents(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const library::AccountRow account, OwnedAccount(site, call, call.At("id")));
  ASSIGN_OR_RETURN(const auto view, site.libraries.Look(account));
  const bundle::Contents contents = view ? bundle::Describe(view->head) : bundle::Contents{};
  uint64_t originals = 0;
  if (view) {
    for (const library::ImportEntry& entry : view->head.imports) originals += entry.files.rows;
  }
  // Media lie in a download once, counted as photos and videos. Where archives overlap this tells a
  // little too much, as each import lists its files.
  const auto less = [](uint64_t all, uint64_t part) { return all > part ? all - part : 0; };
  originals = less(originals, contents.photos + contents.videos);
  const uint64_t original_bytes =
      less(contents.original_bytes, contents.photo_bytes + contents.video_bytes);
  const auto of = [&](Kind kind) { return contents.kinds[static_cast<size_t>(kind)]; };
  JsonWriter json;
  json.BeginObject();
  WriteTimeOrNull(json, "as_of", view ? std::optional(view->head.time) : std::nullopt);
  json.Name("kinds").BeginArray();
  WriteKind(json, "photos", contents.photos, contents.photo_bytes);
  WriteKind(json, "videos", contents.videos, contents.video_bytes);
  const std::pair<const char*, Kind> kinds[] = {
      {"stories", Kind::kStory},   {"comments", Kind::kComment},       {"messages", Kind::kMessage},
      {"profile", Kind::kProfile}, {"connections", Kind::kConnection}, {"likes", Kind::kLike},
      {"saved", Kind::kSaved},     {"activity", Kind::kActivity}};
  for (const auto& [name, kind] : kinds) {
    // Conversations travel with their messages.
    const uint64_t with = kind == Kind::kMessage ? of(Kind::kConversation).bytes : 0;
    WriteKind(json, name, of(kind).records, of(kind).bytes + with);
  }
  WriteKind(json, "originals", originals, original_bytes);
  json.EndArray();
  WriteTimeOrNull(json, "first", contents.first);
  WriteTimeOrNull(json, "last", contents.last);
  json.EndObject();
  return Json(200, std::move(json));
}

}  // namespace

void AddProfileRoutes(Router& router, const Site& site) {
  router.Add({"GET", "/api/v1/accounts/{id}/profile", Access::kUser,
              [&](Call& call) { return Show(site, call); }});
  router.Add({"PATCH", "/api/v1/accounts/{id}/profile", Access::kUser,
              [&](Call& call) { return Edit(site, call); }});
  router.Add({"GET", "/api/v1/accounts/{id}/contents", Access::kUser,
              [&](Call& call) { return ShowContents(site, call); }});
}

}  // namespace valise::web
