// Signing in and out, the language, media and the few files of the pages.
#include <fmt/format.h>

#include "assets.h"
#include "base/embedded.h"
#include "http/range.h"
#include "http/text.h"
#include "site.h"

namespace valise::host {
namespace {

std::string Cookie(std::string_view token, const SiteParts& parts) {
  constexpr int kSeconds = 30 * 24 * 3600;
  return fmt::format("pellicule_session={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{}", token,
                     token.empty() ? 0 : kSeconds,
                     parts.public_url.starts_with("https://") ? "; Secure" : "");
}

Result<http::Response> SignInPage(const SiteParts& parts, const Visit& visit) {
  const View& view = visit.view;
  Markup main =
      H("<div class=\"welcome\"><h1>{}</h1><p class=\"lead\">{}</p>", kSiteName,
        view.L("A small place for photographs. Choose who you are: the five members are "
               "invented, and nobody needs a password here.",
               "Un petit endroit pour les photographies. Choisissez qui vous êtes : les "
               "cinq membres sont inventés, et personne n’a besoin de mot de passe ici."));
  main += Markup{"<ul class=\"people\">"};
  ASSIGN_OR_RETURN(const auto members, parts.store.Members());
  const std::string next(visit.request.Query("next").value_or("/"));
  for (const Member& member : members) {
    main +=
        H("<li><form method=\"post\" action=\"/sign-in\">"
          "<input type=\"hidden\" name=\"member\" value=\"{}\">"
          "<input type=\"hidden\" name=\"back\" value=\"{}\">"
          "<button class=\"person\">{}<span><strong>{}</strong><small>@{}</small></span>"
          "</button></form></li>",
          member.id, next, Avatar(member, "large"), member.name, member.username);
  }
  main += Markup{"</ul></div>"};
  // Who was on the way to Valise goes on there.
  return Page(view, view.L("Sign in", "Se connecter"), main, {.form_leads_to = parts.valise_url});
}

Result<http::Response> SignIn(const SiteParts& parts, const Visit& visit, const Form& form) {
  ASSIGN_OR_RETURN(const Member member, parts.store.GetMember(form.Number("member")));
  if (visit.view.me) RETURN_IF_ERROR(parts.sessions.End(visit.token));
  ASSIGN_OR_RETURN(const std::string token, parts.sessions.Begin(member.id));
  http::Response response = Redirect(BackOf(form, "/"));
  response.headers.Add("Set-Cookie", Cookie(token, parts));
  return response;
}

Result<http::Response> SignOut(const SiteParts& parts, const Visit& visit) {
  RETURN_IF_ERROR(parts.sessions.End(visit.token));
  http::Response response = Redirect("/sign-in");
  response.headers.Add("Set-Cookie", Cookie("", parts));
  return response;
}

Result<http::Response> ShowMediumFile(const SiteParts& parts, const Visit& visit) {
  const std::string& sha256 = visit.args[0];
  ASSIGN_OR_RETURN(const bool may, parts.store.MaySee(visit.me(), sha256));
  if (!may) return Fail(ErrorCode::kNotFound, "");
  ASSIGN_OR_RETURN(const Medium medium, parts.store.GetMedium(sha256));
  ASSIGN_OR_RETURN(File file, File::OpenRead(parts.media.PathOf(sha256)));
  http::Headers headers;
  headers.Add("Content-Type", medium.type);
  headers.Add("Cache-Control", "private, max-age=3600");
  return http::RespondWithBody(
      visit.request,
      std::make_shared<http::FileBody>(std::move(file), static_cast<uint64_t>(medium.size)),
      {.etag = fmt::format("\"{}\"", sha256), .last_modified = {}}, std::move(headers));
}

Result<http::Response> Asset(const Visit& visit, std::string_view name, std::string_view type) {
  const EmbeddedFile* file = FindEmbedded(HostAssets(), name);
  if (file == nullptr) return Fail(ErrorCode::kNotFound, "");
  http::Headers headers;
  headers.Add("Content-Type", std::string(type));
  headers.Add("Cache-Control", "no-cache");
  return http::RespondWithBody(
      visit.request, std::make_shared<http::StaticBody>(file->content),
      {.etag = fmt::format("\"{}\"", Sha256(file->content).Hex().substr(0, 32)),
       .last_modified = {}},
      std::move(headers));
}

}  // namespace

void AddSessionPages(Routes& routes, const SiteParts& parts) {
  routes.push_back({"GET", "/sign-in", true, [&parts](const Visit& visit, const Form&) {
                      return SignInPage(parts, visit);
                    }});
  routes.push_back({"POST", "/sign-in", true, [&parts](const Visit& visit, const Form& form) {
                      return SignIn(parts, visit, form);
                    }});
  routes.push_back({"POST", "/sign-out", false,
                    [&parts](const Visit& visit, const Form&) { return SignOut(parts, visit); }});
  routes.push_back({"POST", "/language", false,
                    [&parts](const Visit& visit, const Form& form) -> Result<http::Response> {
                      RETURN_IF_ERROR(parts.actions.SetLanguage(visit.me(), form.Get("language")));
                      return Redirect(BackOf(form, "/settings"));
                    }});
  routes.push_back({"GET", "/media/{}", false, [&parts](const Visit& visit, const Form&) {
                      return ShowMediumFile(parts, visit);
                    }});
  for (const std::string_view style : {"/style.css", "/pages.css"}) {
    routes.push_back({"GET", style, true, [style](const Visit& visit, const Form&) {
                        return Asset(visit, style.substr(1), "text/css; charset=utf-8");
                      }});
  }
  routes.push_back({"GET", "/icon.svg", true, [](const Visit& visit, const Form&) {
                      return Asset(visit, "icon.svg", "image/svg+xml");
                    }});
}

}  // namespace valise::host
