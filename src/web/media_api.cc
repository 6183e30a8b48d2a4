// /accounts/{id}/media/{sha256}: the bytes of one medium, for its owner.
#include <fmt/format.h>

#include "base/deflate.h"
#include "http/range.h"
#include "media/sniff.h"
#include "web/respond.h"
#include "web/site.h"

namespace valise::web {
namespace {

// Media that came deflated are inflated in memory: they are small, or they would not be deflated.
constexpr uint64_t kMaxInflated = 64 * 1024 * 1024;

bool MayBeShown(std::string_view type) {
  // SVG can carry scripts; the sandbox policy stops them, but there is no need to try.
  return (type.starts_with("image/") && type != "image/svg+xml") || type.starts_with("video/") ||
         type.starts_with("audio/");
}

class TextBody final : public http::BodySource {
 public:
  explicit TextBody(std::string text) : text_(std::move(text)) {}
  uint64_t size() const override { return text_.size(); }
  Status ForEachPiece(ByteRange range, const Visit& visit) override {
    return visit({.bytes = std::string_view(text_).substr(range.offset, range.length),
                  .fd = -1,
                  .offset = 0,
                  .length = range.length});
  }

 private:
  std::string text_;
};

Result<std::string> ReadStored(const library::Library& library, const Digest& digest,
                               uint64_t size) {
  if (size > kMaxInflated)
    return Fail(ErrorCode::kLimitExceeded, "this medium is too large to be shown");
  std::string stored(size, '\0');
  RETURN_IF_ERROR(library.blobs().ReadAt(
      digest, 0, {reinterpret_cast<std::byte*>(stored.data()), stored.size()}));
  return stored;
}

Result<std::string> InflateAll(std::string_view deflated) {
  Inflater inflater;
  std::string out;
  std::string step(256 * 1024, '\0');
  while (true) {
    ASSIGN_OR_RETURN(
        const Inflater::Step done,
        inflater.Run(AsBytes(deflated), {reinterpret_cast<std::byte*>(step.data()), step.size()}));
    out.append(step, 0, done.produced);
    deflated.remove_prefix(done.consumed);
    if (done.ended) return out;
    if (out.size() > kMaxInflated) break;
    if (done.consumed == 0 && done.produced == 0)
      return Fail(ErrorCode::kCorrupt, "a medium is damaged");
  }
  return Fail(ErrorCode::kLimitExceeded, "this medium is too large to be shown");
}

struct Opened {
  std::shared_ptr<http::BodySource> body;
  std::string type;
};

Result<Opened> OpenMedium(const library::Library& library, const Digest& digest) {
  ASSIGN_OR_RETURN(const auto info, library.blobs().Stat(digest));
  if (!info || info->encoding == blob::Encoding::kDeflateOpen) {
    return Fail(ErrorCode::kNotFound, "there is no such medium");
  }
  const blob::LocalFiles* files = library.local_files();
  if (info->encoding == blob::Encoding::kIdentity && files != nullptr) {
    ASSIGN_OR_RETURN(File file, files->Open(digest));
    std::string first(media::kSniffBytes, '\0');
    ASSIGN_OR_RETURN(const size_t got,
                     file.ReadSome(0, {reinterpret_cast<std::byte*>(first.data()), first.size()}));
    const auto type = media::Sniff(AsBytes(std::string_view(first).substr(0, got)));
    return Opened{std::make_shared<http::FileBody>(std::move(file), info->stored_size),
                  std::string(type)};
  }
  ASSIGN_OR_RETURN(std::string content, ReadStored(library, digest, info->stored_size));
  if (info->encoding == blob::Encoding::kDeflate) {
    ASSIGN_OR_RETURN(content, InflateAll(content));
  }
  const std::string type(
      media::Sniff(AsBytes(std::string_view(content).substr(0, media::kSniffBytes))));
  return Opened{std::make_shared<TextBody>(std::move(content)), type};
}

Result<http::Response> Send(const Site& site, const Call& call) {
  ASSIGN_OR_RETURN(const library::AccountRow account, OwnedAccount(site, call, call.At("id")));
  const auto digest = Digest::Parse(call.At("sha256"));
  if (!digest.has_value()) return Fail(ErrorCode::kNotFound, "there is no such medium");
  ASSIGN_OR_RETURN(const auto library, site.libraries.Open(account.id));
  ASSIGN_OR_RETURN(Opened opened, OpenMedium(*library, *digest));
  http::Headers headers;
  if (MayBeShown(opened.type)) {
    headers.Add("Content-Type", opened.type);
  } else {
    headers.Add("Content-Type", "application/octet-stream");
    headers.Add("Content-Disposition", "attachment");
  }
  headers.Add("Cache-Control", "private, max-age=31536000, immutable");
  headers.Add("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'");
  return http::RespondWithBody(call.request, std::move(opened.body),
                               {.etag = fmt::format("\"{}\"", digest->Hex()), .last_modified = {}},
                               std::move(headers));
}

}  // namespace

void AddMediaRoutes(Router& router, const Site& site) {
  router.Add({"GET", "/api/v1/accounts/{id}/media/{sha256}", Access::kUser,
              [&](Call& call) { return Send(site, call); }});
}

}  // namespace valise::web
