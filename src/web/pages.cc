#include "web/pages.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.h"
#include "http/range.h"
#include "web/respond.h"

namespace valise::web {
namespace {

constexpr std::string_view kAssets = "/assets/";

std::string_view TypeOf(std::string_view path) {
  static constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".json", "application/json"},
      {".webmanifest", "application/manifest+json"},
      {".woff2", "font/woff2"}};
  for (const auto& [ending, type] : kTypes) {
    if (path.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

// "app-3610f9514b6d.js": the name changes with the content.
bool HasHashInName(std::string_view path) {
  const size_t dash = path.rfind('-'), dot = path.rfind('.');
  if (dash == std::string_view::npos || dot == std::string_view::npos || dot < dash) return false;
  const std::string_view hash = path.substr(dash + 1, dot - dash - 1);
  return hash.size() >= 8 && std::ranges::all_of(hash, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

http::Response ServeFile(const http::Request& request, const EmbeddedFile& file) {
  http::Headers headers;
  headers.Add("Content-Type", std::string(TypeOf(file.path)));
  headers.Add("Cache-Control",
              HasHashInName(file.path) ? "public, max-age=31536000, immutable" : "no-cache");
  headers.Add("Content-Security-Policy", std::string(kPagePolicy));
  return http::RespondWithBody(
      request, std::make_shared<http::StaticBody>(file.content),
      {.etag = fmt::format("\"{}\"", Sha256(file.content).Hex().substr(0, 32)),
       .last_modified = {}},
      std::move(headers));
}

}  // namespace

http::Response ServePage(const http::Request& request, std::span<const EmbeddedFile> files) {
  if (request.method != "GET" && request.method != "HEAD") {
    http::Response response = Text(405, "text/plain; charset=utf-8", "Pages can only be read.\n");
    response.headers.Add("Allow", "GET, HEAD");
    return response;
  }
  const std::string_view path = request.path;
  if (path.starts_with(kAssets)) {
    if (const EmbeddedFile* file = FindEmbedded(files, path.substr(kAssets.size()))) {
      return ServeFile(request, *file);
    }
    return Text(404, "text/plain; charset=utf-8", "There is no such file.\n");
  }
  const std::string_view accept = request.headers.Get("Accept");
  const bool html = accept.empty() || accept.contains("text/html") || accept.contains("*/*");
  const EmbeddedFile* index = FindEmbedded(files, "index.html");
  if (!html || index == nullptr || path.starts_with("/api/") || path.starts_with("/d/") ||
      path.substr(path.rfind('/')).contains('.')) {
    if (path.starts_with("/api/")) {
      return Refuse(Refusal{.code = ErrorCode::kNotFound, .message = "there is no such address"});
    }
    return Text(404, "text/plain; charset=utf-8", "There is nothing at this address.\n");
  }
  return ServeFile(request, *index);
}

}  // namespace valise::web
