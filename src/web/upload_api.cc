// /accounts/{id}/uploads and /uploads/{uid}: tus 1.0.0 (docs/formats/uploads.md).
#include <fmt/format.h>

#include "base/log.h"
#include "web/refused_body.h"
#include "web/respond.h"
#include "web/site.h"
#include "web/tus.h"

namespace valise::web {
namespace {

using bring::Upload;
using Sink = std::unique_ptr<http::BodySink>;

constexpr int kChecksumMismatch = 460;
constexpr int kNoRoom = 507;

// An error as tus wants it: our JSON, with the version.
http::Response TusRefuse(const Error& error) {
  http::Response response = Refuse(error);
  // The disk is the only thing that is not available here for longer than a moment.
  if (error.code == ErrorCode::kUnavailable) response.status = kNoRoom;
  response.headers.Set("Tus-Resumable", std::string(kTusVersion));
  return response;
}

std::optional<http::Response> CheckVersion(const Call& call) {
  if (call.request.headers.Get("Tus-Resumable") == kTusVersion) return std::nullopt;
  http::Response response = TusRefuse({ErrorCode::kInvalidArgument,
                                       "this server speaks tus 1.0.0: say so in "
                                       "Tus-Resumable"});
  response.status = 412;
  response.headers.Set("Tus-Version", std::string(kTusVersion));
  return response;
}

Status CheckOwner(const Call& call, const Result<Upload>& upload) {
  if (!upload.has_value()) return std::unexpected(upload.error());
  if (upload->user_id == call.user->id) return {};
  return Fail(ErrorCode::kNotFound, "there is no such upload");
}

// The bytes of one PATCH.
class PatchSink final : public http::BodySink {
 public:
  PatchSink(const Site& site, std::string id, std::unique_ptr<bring::UploadWriter> writer,
            std::unique_ptr<Checksum> checksum)
      : site_(site),
        id_(std::move(id)),
        writer_(std::move(writer)),
        checksum_(std::move(checksum)) {}

  Status Write(Bytes bytes) override {
    if (checksum_) checksum_->Update(bytes);
    return writer_->Write(bytes);
  }

  http::Response Finish() override {
    if (checksum_ && !checksum_->Matches()) {
      writer_->Discard();
      http::Response response = TusRefuse(
          {ErrorCode::kCorrupt, "the bytes changed on their way: they do not have that checksum"});
      response.status = kChecksumMismatch;
      return response;
    }
    if (const auto offset = writer_->Finish(); !offset.has_value()) return Fail(offset.error());
    const auto upload = site_.uploads.Get(id_);
    if (!upload.has_value()) return Fail(upload.error());
    http::Response response = NoContent();
    AddTusHeaders(response, *upload);
    return response;
  }

  http::Response Fail(const Error& error) override { return TusRefuse(error); }

 private:
  const Site& site_;
  std::string id_;
  std::unique_ptr<bring::UploadWriter> writer_;
  std::unique_ptr<Checksum> checksum_;
};

Result<Sink> BeginPatch(const Site& site, const Call& call) {
  const http::Headers& headers = call.request.headers;
  const std::string& id = call.At("uid");
  RETURN_IF_ERROR(CheckOwner(call, site.uploads.Get(id)));
  if (headers.Get("Content-Type") != "application/offset+octet-stream") {
    return Fail(ErrorCode::kUnsupported,
                "the Content-Type of a PATCH is application/offset+octet-stream");
  }
  ASSIGN_OR_RETURN(const uint64_t offset, ByteCount(headers, "Upload-Offset"));
  std::unique_ptr<Checksum> checksum;
  if (const auto field = headers.Find("Upload-Checksum")) {
    ASSIGN_OR_RETURN(checksum, Checksum::Parse(*field));
  }
  ASSIGN_OR_RETURN(auto writer, site.uploads.Write(id, offset, checksum != nullptr));
  return std::make_unique<PatchSink>(site, id, std::move(writer), std::move(checksum));
}

Result<Sink> Patch(const Site& site, const Call& call) {
  if (auto refusal = CheckVersion(call)) return RefuseBody(*std::move(refusal));
  auto sink = BeginPatch(site, call);
  return sink.has_value() ? std::move(sink) : RefuseBody(TusRefuse(sink.error()));
}

Result<http::Response> Create(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const library::AccountRow account, OwnedAccount(site, call, call.At("id")));
  const http::Headers& headers = call.request.headers;
  ASSIGN_OR_RETURN(const uint64_t length, ByteCount(headers, "Upload-Length"));
  ASSIGN_OR_RETURN(std::string name, Metadata(headers.Get("Upload-Metadata"), "filename"));
  ASSIGN_OR_RETURN(const Upload upload, site.uploads.Create({.account_id = account.id,
                                                             .user_id = call.user->id,
                                                             .name = std::move(name),
                                                             .length = length}));
  log::Info("event=upload_created upload={} bytes={}", upload.id, upload.length);
  http::Response response = NoContent();
  response.status = 201;
  AddTusHeaders(response, upload);
  response.headers.Add("Location", "/api/v1/uploads/" + upload.id);
  return response;
}

void WriteUpload(JsonWriter& json, const Upload& upload) {
  json.BeginObject().Member("id", upload.id).Member("name", upload.name);
  json.Member("length", upload.length).Member("offset", upload.offset);
  json.Member("taken", upload.state == Upload::State::kTaken);
  json.Member("expires_at", upload.expires).EndObject();
}

Result<http::Response> List(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const library::AccountRow account, OwnedAccount(site, call, call.At("id")));
  ASSIGN_OR_RETURN(const auto uploads, site.uploads.OfAccount(account.id));
  JsonWriter json;
  json.BeginObject().Name("uploads").BeginArray();
  for (const Upload& upload : uploads) WriteUpload(json, upload);
  json.EndArray().EndObject();
  return Json(200, std::move(json));
}

// HEAD too: whoever asks where to go on ends the run that may still be under way.
Result<http::Response> Show(const Site& site, const Call& call) {
  RETURN_IF_ERROR(CheckOwner(call, site.uploads.Get(call.At("uid"))));
  ASSIGN_OR_RETURN(const Upload upload, site.uploads.Settle(call.At("uid")));
  JsonWriter json;
  WriteUpload(json, upload);
  http::Response response = Json(200, std::move(json));
  AddTusHeaders(response, upload);
  response.headers.Add("Upload-Length", std::to_string(upload.length));
  return response;
}

Result<http::Response> Delete(const Site& site, const Call& call) {
  const auto upload = site.uploads.Get(call.At("uid"));
  RETURN_IF_ERROR(CheckOwner(call, upload));
  if (upload->state == Upload::State::kTaken) {
    return Fail(ErrorCode::kConflict, "this upload is being taken in: cancel the import instead");
  }
  RETURN_IF_ERROR(site.uploads.End(upload->id));
  http::Response response = NoContent();
  response.headers.Set("Tus-Resumable", std::string(kTusVersion));
  return response;
}

http::Response Options(const Site& site) {
  http::Response response = NoContent();
  response.headers.Add("Tus-Resumable", std::string(kTusVersion));
  response.headers.Add("Tus-Version", std::string(kTusVersion));
  response.headers.Add("Tus-Extension", "creation,termination,checksum,expiration");
  response.headers.Add("Tus-Checksum-Algorithm", "sha1,sha256");
  response.headers.Add("Tus-Max-Size", std::to_string(site.uploads.options().max_total));
  return response;
}

using Answer = Result<http::Response> (*)(const Site&, const Call&);

http::Response AnswerTus(const Site& site, const Call& call, Answer answer) {
  if (auto refusal = CheckVersion(call)) return *std::move(refusal);
  auto response = answer(site, call);
  return response.has_value() ? *std::move(response) : TusRefuse(response.error());
}

// Where a proxy lets only GET and POST through (tus: X-HTTP-Method-Override).
Result<Sink> Override(const Site& site, const Call& call) {
  const std::string_view method = call.request.headers.Get("X-HTTP-Method-Override");
  if (method == "PATCH") return Patch(site, call);
  if (method == "DELETE") return RefuseBody(AnswerTus(site, call, Delete));
  return Fail(ErrorCode::kInvalidArgument, "X-HTTP-Method-Override must be PATCH or DELETE");
}

}  // namespace

void AddUploadRoutes(Router& router, const Site& site) {
  const std::string all = "/api/v1/accounts/{id}/uploads", one = "/api/v1/uploads/{uid}";
  const auto tus = [&](const char* method, const std::string& pattern, Answer answer) {
    router.Add({method, pattern, Access::kUser,
                [&site, answer](Call& call) { return AnswerTus(site, call, answer); }});
  };
  for (const std::string& pattern : {all, one}) {
    router.Add({"OPTIONS", pattern, Access::kAnyone, [&](Call&) { return Options(site); }});
  }
  tus("POST", all, Create);
  router.Add({"GET", all, Access::kUser, [&](Call& call) { return List(site, call); }});
  tus("GET", one, Show);
  tus("DELETE", one, Delete);
  router.Add({"PATCH", one, Access::kUser, nullptr, [&](Call& call) { return Patch(site, call); }});
  router.Add(
      {"POST", one, Access::kUser, nullptr, [&](Call& call) { return Override(site, call); }});
}

}  // namespace valise::web
