// /accounts/{id}/search: the index of one account.
#include <algorithm>
#include <charconv>

#include "account/record_json.h"
#include "web/respond.h"
#include "web/site.h"

namespace valise::web {
namespace {

constexpr uint32_t kDefaultLimit = 50;
constexpr uint32_t kMaxLimit = 200;
constexpr size_t kMaxQuery = 500;

// What a record says, in one text.
std::string TextOf(const account::Record& record) {
  return std::visit(
      [](const auto& one) -> std::string {
        if constexpr (requires { one.text; }) {
          return one.text;
        } else if constexpr (requires { one.title; }) {
          return one.title;
        } else if constexpr (requires { one.bio; }) {
          return one.bio;
        } else {
          return one.username;
        }
      },
      record);
}

template <typename T>
Result<std::optional<T>> NumberOf(const Call& call, std::string_view name) {
  const auto text = call.request.Query(name);
  if (!text || text->empty()) return std::optional<T>{};
  T value{};
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size()) {
    return Fail(ErrorCode::kInvalidArgument, "\"" + std::string(name) + "\" must be a number");
  }
  return std::optional(value);
}

Result<library::SearchQuery> ParseQuery(const Call& call) {
  library::SearchQuery query;
  query.text = call.request.Query("q").value_or("");
  if (query.text.size() > kMaxQuery)
    return Fail(ErrorCode::kLimitExceeded, "this is too long to search for");
  query.prefix = true;  // as one types
  if (const auto kind = call.request.Query("kind"); kind && !kind->empty()) {
    const auto parsed = account::ParseKind(*kind);
    if (!parsed) return Fail(ErrorCode::kInvalidArgument, "\"kind\" is not a kind of record");
    query.kinds = {*parsed};
  }
  ASSIGN_OR_RETURN(query.before, NumberOf<int64_t>(call, "before"));
  ASSIGN_OR_RETURN(const auto limit, NumberOf<uint32_t>(call, "limit"));
  query.limit = std::clamp(limit.value_or(kDefaultLimit), 1u, kMaxLimit);
  return query;
}

void WriteHit(JsonWriter& json, account::RecordParser& parser, const library::SearchHit& hit) {
  const auto record = parser.Parse(hit.json);
  json.BeginObject()
      .Member("id", std::to_string(hit.id))
      .Member("kind", account::KindName(hit.kind));
  WriteTimeOrNull(json, "time", record.has_value() ? account::TimeOf(*record) : std::nullopt);
  json.Member("text", record.has_value() ? TextOf(*record) : "");
  json.Name("record").Raw(hit.json).EndObject();
}

Result<http::Response> Search(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const library::AccountRow account, OwnedAccount(site, call, call.At("id")));
  ASSIGN_OR_RETURN(const library::SearchQuery query, ParseQuery(call));
  std::vector<library::SearchHit> hits;
  bool indexing = false;
  if (account.head && !query.text.empty()) {
    ASSIGN_OR_RETURN(const auto index, site.libraries.OpenIndex(account.id));
    auto found = index->Search(query);
    if (found.has_value()) {
      hits = std::move(*found);
    } else if (found.error().code == ErrorCode::kUnavailable) {
      indexing = true;
      RETURN_IF_ERROR(site.queue.Put(
          {.kind = std::string(kIndexJob), .subject = account.id, .due = site.clock.Now()}));
    } else {
      return std::unexpected(found.error());
    }
  }
  JsonWriter json;
  account::RecordParser parser;
  json.BeginObject().Name("hits").BeginArray();
  for (const library::SearchHit& hit : hits) WriteHit(json, parser, hit);
  json.EndArray().Name("next");
  if (hits.size() == query.limit) {
    json.String(std::to_string(hits.back().id));
  } else {
    json.Null();
  }
  json.Member("indexing", indexing).EndObject();
  return Json(200, std::move(json));
}

}  // namespace

void AddSearchRoutes(Router& router, const Site& site) {
  router.Add({"GET", "/api/v1/accounts/{id}/search", Access::kUser,
              [&](Call& call) { return Search(site, call); }});
}

}  // namespace valise::web
