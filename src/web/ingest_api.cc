// /api/v1/ingest: what services hand over (docs/formats/ingest.md). Tokens are checked by Front.
#include <fmt/format.h>

#include "ingest/blobs.h"
#include "ingest/reconcile.h"
#include "web/buffer_sink.h"
#include "web/json_body.h"
#include "web/respond.h"
#include "web/site.h"

namespace valise::web {
namespace {

constexpr int64_t kRetryAfter = 2;  // seconds
constexpr std::string_view kMainStream = "main";

// "Try again" says when.
http::Response RefuseService(const Error& error) {
  Refusal refusal{.code = error.code, .message = error.message};
  if (error.code == ErrorCode::kUnavailable) refusal.retry_after_s = kRetryAfter;
  return Refuse(refusal);
}

http::Response OrRefuse(Result<http::Response> response) {
  return response.has_value() ? std::move(*response) : RefuseService(response.error());
}

std::string StreamName(const Call& call) {
  return std::string(call.request.Query("name").value_or(kMainStream));
}

Result<account::Kind> KindAt(const Call& call) {
  const auto kind = account::ParseKind(call.At("kind"));
  if (!kind) return Fail(ErrorCode::kNotFound, "there is no such kind of record");
  return *kind;
}

// ---- accounts ----

Result<http::Response> PutAccount(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const auto words, ingest::LineParser().ParseAccount(call.request.body));
  ASSIGN_OR_RETURN(const auto made, site.members.Put(*call.service, call.At("xid"), words));
  JsonWriter json;
  json.BeginObject().Member("account", made.account_id).Member("created", made.is_new).EndObject();
  return Json(made.is_new ? 201 : 200, std::move(json));
}

Result<http::Response> DeleteAccount(const Site& site, const Call& call) {
  RETURN_IF_ERROR(site.members.Erase(*call.service, call.At("xid")));
  return NoContent();
}

// ---- records ----

Result<std::unique_ptr<http::BodySink>> PutRecord(const Site& site, Call& call) {
  ASSIGN_OR_RETURN(const account::Kind kind, KindAt(call));
  RETURN_IF_ERROR(ingest::CheckRecordId(call.At("id")));
  const auto put = [&site, kind, service = *call.service, xid = call.At("xid"),
                    id = call.At("id")](const std::string& body) -> Result<http::Response> {
    ASSIGN_OR_RETURN(const auto change, ingest::LineParser().ParsePut(kind, id, body));
    RETURN_IF_ERROR(site.streams.Apply(service, xid, change));
    return NoContent();
  };
  return std::make_unique<BufferSink>(
      ingest::kMaxLine, [put](const std::string& body) { return OrRefuse(put(body)); });
}

Result<http::Response> DeleteRecord(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const account::Kind kind, KindAt(call));
  ASSIGN_OR_RETURN(const auto change, ingest::DeleteOf(kind, call.At("id")));
  RETURN_IF_ERROR(site.streams.Apply(*call.service, call.At("xid"), change));
  return NoContent();
}

// ---- the stream ----

void WriteSummary(JsonWriter& json, const ingest::StreamSummary& summary) {
  json.Name("cursor");
  if (summary.cursor) {
    json.String(*summary.cursor);
  } else {
    json.Null();
  }
  json.Member("lines", summary.lines).Member("applied", summary.applied);
  json.Name("refused").BeginObject().Member("count", summary.refused);
  json.Name("lines").Raw(ingest::ToJson(summary.told)).EndObject();
}

class StreamSink final : public http::BodySink {
 public:
  explicit StreamSink(std::unique_ptr<ingest::Stream> stream) : stream_(std::move(stream)) {}

  Status Write(Bytes bytes) override { return stream_->Write(bytes); }
  http::Response Finish() override {
    const auto summary = stream_->Finish();
    if (!summary.has_value()) return Fail(summary.error());
    JsonWriter json;
    json.BeginObject();
    WriteSummary(json, *summary);
    json.EndObject();
    return Json(200, std::move(json));
  }
  // The error, and how far it came.
  http::Response Fail(const Error& error) override {
    JsonWriter json;
    json.BeginObject().Name("error").BeginObject();
    json.Member("code", CodeName(error.code)).Member("message", error.message).EndObject();
    WriteSummary(json, stream_->Summary());
    json.EndObject();
    http::Response response = Json(HttpStatus(error.code), std::move(json));
    if (error.code == ErrorCode::kUnavailable) {
      response.headers.Add("Retry-After", std::to_string(kRetryAfter));
    }
    return response;
  }

 private:
  std::unique_ptr<ingest::Stream> stream_;
};

Result<std::unique_ptr<http::BodySink>> TakeStream(const Site& site, Call& call) {
  ASSIGN_OR_RETURN(auto stream, site.streams.Begin(*call.service, StreamName(call)));
  return std::make_unique<StreamSink>(std::move(stream));
}

Result<http::Response> ShowCursor(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const auto place, site.services.StreamPlace(call.service->id, StreamName(call)));
  JsonWriter json;
  json.BeginObject().Name("cursor");
  if (place.cursor) {
    json.String(*place.cursor);
  } else {
    json.Null();
  }
  json.Name("refused").Raw(place.refused.empty() ? "[]" : place.refused).EndObject();
  return Json(200, std::move(json));
}

// ---- blobs ----

struct BlobPlace {
  ingest::MemberAccounts::Found account;
  std::shared_ptr<library::Library> library;
  Digest digest;
};

Result<std::shared_ptr<library::Library>> LibraryOf(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const auto found, site.members.Find(*call.service, call.At("xid")));
  return site.libraries.Open(found.account.account_id);
}

Result<BlobPlace> FindBlob(const Site& site, const Call& call) {
  BlobPlace place;
  ASSIGN_OR_RETURN(place.digest, Digest::Parse(call.At("sha256")));
  ASSIGN_OR_RETURN(place.account, site.members.Find(*call.service, call.At("xid")));
  ASSIGN_OR_RETURN(place.library, site.libraries.Open(place.account.account.account_id));
  return place;
}

http::Response BlobAnswer(int status, const ingest::BlobState& state) {
  JsonWriter json;
  json.BeginObject().Name("size");
  if (state.size) {
    json.Number(*state.size);
  } else {
    json.Null();
  }
  json.Member("type", state.type).EndObject();
  return Json(status, std::move(json));
}

http::Response WithOffset(http::Response response, uint64_t received) {
  response.headers.Add("Upload-Offset", std::to_string(received));
  return response;
}

// What is here already is not taken again: the rest of the body is let go.
class KnownBlobSink final : public http::BodySink {
 public:
  explicit KnownBlobSink(ingest::BlobState state) : state_(std::move(state)) {}
  Status Write(Bytes /*bytes*/) override { return {}; }
  http::Response Finish() override { return BlobAnswer(200, state_); }
  http::Response Fail(const Error& error) override { return RefuseService(error); }

 private:
  ingest::BlobState state_;
};

// A part that does not begin where the last one ended: says where to go on.
class WrongPartSink final : public http::BodySink {
 public:
  WrongPartSink(Error error, uint64_t received) : error_(std::move(error)), received_(received) {}
  Status Write(Bytes /*bytes*/) override { return std::unexpected(error_); }
  http::Response Finish() override { return Fail(error_); }
  http::Response Fail(const Error& error) override {
    return WithOffset(RefuseService(error), received_);
  }

 private:
  Error error_;
  uint64_t received_;
};

class BlobSink final : public http::BodySink {
 public:
  BlobSink(const Site& site, BlobPlace place, std::unique_ptr<ingest::BlobIntake> intake)
      : site_(site), place_(std::move(place)), intake_(std::move(intake)) {}

  Status Write(Bytes bytes) override { return intake_->Write(bytes); }
  http::Response Finish() override { return OrRefuse(Kept()); }
  http::Response Fail(const Error& error) override { return RefuseService(error); }

 private:
  Result<http::Response> Kept() {
    ASSIGN_OR_RETURN(const auto state, intake_->Finish());
    if (!state.is_here) return WithOffset(NoBody(202), state.received);
    RETURN_IF_ERROR(site_.streams.BlobArrived(place_.account, place_.digest));
    return BlobAnswer(201, state);
  }
  static http::Response NoBody(int status) {
    http::Response response = NoContent();
    response.status = status;
    return response;
  }

  const Site& site_;
  BlobPlace place_;
  std::unique_ptr<ingest::BlobIntake> intake_;
};

Result<std::unique_ptr<http::BodySink>> PutBlob(const Site& site, Call& call) {
  ASSIGN_OR_RETURN(BlobPlace place, FindBlob(site, call));
  std::optional<ingest::ContentRange> range;
  if (const auto field = call.request.headers.Find("Content-Range")) {
    ASSIGN_OR_RETURN(range, ingest::ContentRange::Parse(*field));
  }
  ASSIGN_OR_RETURN(auto state, ingest::LookAtBlob(*place.library, place.digest));
  if (state.is_here) return std::make_unique<KnownBlobSink>(std::move(state));
  auto intake = ingest::BlobIntake::Begin(place.library, place.digest, range);
  if (!intake.has_value() && intake.error().code == ErrorCode::kConflict) {
    return std::make_unique<WrongPartSink>(intake.error(), state.received);
  }
  if (!intake.has_value()) return std::unexpected(intake.error());
  return std::make_unique<BlobSink>(site, std::move(place), std::move(*intake));
}

Result<http::Response> LookAtBlob(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const BlobPlace place, FindBlob(site, call));
  ASSIGN_OR_RETURN(const auto state, ingest::LookAtBlob(*place.library, place.digest));
  if (state.is_here) return BlobAnswer(200, state);
  return WithOffset(Refuse(Error{ErrorCode::kNotFound, "this blob is not here"}), state.received);
}

Result<http::Response> AnswerMissing(const library::Library& library, const std::string& body) {
  http::Request request;
  request.headers.Add("Content-Type", "application/json");
  request.body = body;
  ASSIGN_OR_RETURN(const JsonBody asked, JsonBody::Parse(request));
  ASSIGN_OR_RETURN(const auto texts, asked.OptionalStrings("digests"));
  if (!texts || texts->size() > ingest::kMaxMissingAsked) {
    return Fail(ErrorCode::kInvalidArgument, "\"digests\" must be a list of at most 10,000");
  }
  std::vector<Digest> digests;
  for (const std::string& text : *texts) {
    ASSIGN_OR_RETURN(digests.emplace_back(), Digest::Parse(text));
  }
  ASSIGN_OR_RETURN(const auto missing, ingest::MissingBlobs(library, digests));
  JsonWriter json;
  json.BeginObject().Name("missing").BeginArray();
  for (const Digest& digest : missing) json.String(digest.Hex());
  json.EndArray().EndObject();
  return Json(200, std::move(json));
}

Result<std::unique_ptr<http::BodySink>> AskMissing(const Site& site, Call& call) {
  ASSIGN_OR_RETURN(const auto library, LibraryOf(site, call));
  return std::make_unique<BufferSink>(ingest::kMaxLine, [library](const std::string& body) {
    return OrRefuse(AnswerMissing(*library, body));
  });
}

// ---- reconciliation ----

Result<http::Response> ShowReconciliation(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const auto found, site.members.Find(*call.service, call.At("xid")));
  RETURN_IF_ERROR(site.streams.SealNow(found.account.account_id));
  ASSIGN_OR_RETURN(const auto library, site.libraries.Open(found.account.account_id));
  ASSIGN_OR_RETURN(const auto sums, ingest::Reconcile(*library));
  JsonWriter json;
  json.BeginObject().Member("as_of", sums.as_of).Name("kinds").BeginArray();
  for (const ingest::KindSum& kind : sums.kinds) {
    json.BeginObject().Member("kind", account::KindName(kind.kind)).Name("months").BeginArray();
    for (const ingest::MonthSum& month : kind.months) {
      json.BeginObject().Member("month", month.month).Member("count", month.count);
      json.Member("digest", month.digest.Hex()).EndObject();
    }
    json.EndArray().EndObject();
  }
  json.EndArray().Member("missing_blobs", sums.missing_blobs).EndObject();
  return Json(200, std::move(json));
}

using Answer = Result<http::Response> (*)(const Site&, const Call&);
using Receive = Result<std::unique_ptr<http::BodySink>> (*)(const Site&, Call&);

}  // namespace

void AddIngestRoutes(Router& router, const Site& site) {
  const auto answer = [&](std::string method, std::string_view path, Access access, Answer call) {
    router.Add({.method = std::move(method),
                .pattern = fmt::format("/api/v1/ingest{}", path),
                .access = access,
                .answer = [&site, call](Call& made) -> Result<http::Response> {
                  return OrRefuse(call(site, made));
                }});
  };
  const auto receive = [&](std::string method, std::string_view path, Access access, Receive call) {
    router.Add({.method = std::move(method),
                .pattern = fmt::format("/api/v1/ingest{}", path),
                .access = access,
                .answer = nullptr,
                .receive = [&site, call](Call& made) { return call(site, made); }});
  };
  using enum Access;
  answer("PUT", "/accounts/{xid}", kIngest, PutAccount);
  answer("DELETE", "/accounts/{xid}", kIngest, DeleteAccount);
  receive("PUT", "/accounts/{xid}/records/{kind}/{id*}", kIngest, PutRecord);
  answer("DELETE", "/accounts/{xid}/records/{kind}/{id*}", kIngest, DeleteRecord);
  receive("POST", "/stream", kIngest, TakeStream);
  answer("GET", "/cursor", kIngestOrRead, ShowCursor);
  receive("POST", "/accounts/{xid}/blobs/missing", kIngestOrRead, AskMissing);
  receive("PUT", "/accounts/{xid}/blobs/{sha256}", kIngest, PutBlob);
  answer("GET", "/accounts/{xid}/blobs/{sha256}", kIngestOrRead, LookAtBlob);
  answer("GET", "/accounts/{xid}/reconcile", kRead, ShowReconciliation);
}

}  // namespace valise::web
