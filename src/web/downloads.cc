// /d/{token}/{name}: the ZIP, for whoever has the capability address. No cookies, so that download
// managers and curl -C - work.
#include <fmt/format.h>

#include "base/log.h"
#include "http/range.h"
#include "http/text.h"
#include "web/plan_body.h"
#include "web/respond.h"
#include "web/site.h"

namespace valise::web {
namespace {

// A small page, for people who follow an old link.
http::Response Page(int status, bool french, std::string_view english_words,
                    std::string_view french_words) {
  return Text(status, "text/html; charset=utf-8",
              fmt::format("<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">"
                          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                          "<title>Valise</title></head><body><main><h1>Valise</h1><p>{}</p>"
                          "<p><a href=\"/\">{}</a></p></main></body></html>\n",
                          french ? "fr" : "en", french ? french_words : english_words,
                          french ? "Ouvrir Valise" : "Open Valise"));
}

bool WantsFrench(const http::Request& request) {
  const std::string_view languages = request.headers.Get("Accept-Language");
  const size_t french = languages.find("fr"), english = languages.find("en");
  return french != std::string_view::npos && french < english;
}

http::Response Ended(const http::Request& request, ErrorCode code) {
  const bool french = WantsFrench(request);
  if (code == ErrorCode::kGone) {
    return Page(
        410, french, "This download has ended. Ask for a new one: it takes a second.",
        "Ce téléchargement a expiré. Demandez-en un nouveau\u202F: cela prend une seconde.");
  }
  if (code == ErrorCode::kNotFound) {
    return Page(404, french, "There is no download at this address. Is the whole link there?",
                "Il n’y a pas de téléchargement à cette adresse. Le lien est-il complet\u202F?");
  }
  return Page(HttpStatus(code), french,
              "This download cannot be read right now. Please try again later.",
              "Ce téléchargement ne peut pas être lu pour l’instant. Réessayez plus tard.");
}

Result<http::Response> Send(const Site& site, const Call& call) {
  const auto request = site.requests.FollowLink(call.At("token"));
  if (!request.has_value()) return Ended(call.request, request.error().code);
  const auto plan = site.requests.OpenPlan(request->id);
  if (!plan.has_value()) {
    if (plan.error().code != ErrorCode::kGone) {
      log::Error("event=plan_unreadable request={} error=\"{}\"", request->id,
                 plan.error().message);
    }
    return Ended(call.request, plan.error().code);
  }
  const auto library = site.libraries.Open(request->account_id);
  if (!library.has_value()) return Ended(call.request, library.error().code);
  http::Headers headers;
  headers.Add("Content-Type", "application/zip");
  headers.Add("Content-Disposition", http::AttachmentDisposition(request->file_name));
  headers.Add("Cache-Control", "private, no-cache");
  return http::RespondWithBody(
      call.request, std::make_shared<PlanBody>(*plan, *library),
      {.etag = fmt::format("\"{}\"", (*plan)->plan->etag()), .last_modified = request->as_of},
      std::move(headers), [&site, id = request->id] {
        const Status marked = site.requests.MarkDownloaded(id);
        if (!marked.has_value()) log::Warn("event=download_unnoted request={}", id);
      });
}

}  // namespace

void AddDownloadRoutes(Router& router, const Site& site) {
  router.Add(
      {"GET", "/d/{token}/{name}", Access::kAnyone, [&](Call& call) { return Send(site, call); }});
}

}  // namespace valise::web
