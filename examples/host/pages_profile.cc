// Profiles, editing one's own, the settings, and the way over to Valise.
#include <fmt/format.h>

#include "http/text.h"
#include "posts_view.h"
#include "records.h"
#include "site.h"

namespace valise::host {
namespace {

// Where members find everything they have shared; Valise knows this address of its own.
constexpr std::string_view kRequestDownload = "/request-download";

Markup Numbers(const View& view, const Store::Counts& counts) {
  return H(
      "<p class=\"numbers\"><span>{}</span><span>{}</span><span>{}</span></p>",
      Count(view, counts.posts, view.L("post", "post"), view.L("posts", "posts")),
      Count(view, counts.followers, view.L("follower", "abonné"), view.L("followers", "abonnés")),
      Count(view, counts.following, view.L("following", "abonnement"),
            view.L("following", "abonnements")));
}

Result<Markup> ProfileActions(const SiteParts& parts, const View& view, const Member& member) {
  if (view.IsMe(member)) {
    return H(
        "<div class=\"row\"><a class=\"button\" href=\"/edit\">{}</a><a class=\"icon-button "
        "gear\" href=\"/settings\">{}<span class=\"visually-hidden\">{}</span></a></div>"
        "<p><a class=\"quiet-link\" href=\"/archive\">{}{}</a></p>",
        view.L("Edit profile", "Modifier mon profil"), Icon("gear"), view.L("Settings", "Réglages"),
        Icon("archive"), view.L("Story archive", "Archives des stories"));
  }
  ASSIGN_OR_RETURN(const bool follows, parts.store.Follows(view.me->id, member.id));
  return H(
      "<div class=\"row\">{}<form method=\"post\" action=\"/messages\">{}<input "
      "type=\"hidden\" name=\"member\" value=\"{}\"><button class=\"button quiet\">{}</button>"
      "</form></div>",
      ButtonForm(view, fmt::format("/@{}/{}", member.username, follows ? "unfollow" : "follow"),
                 H("{}", follows ? view.L("Following", "Abonné") : view.L("Follow", "S’abonner")),
                 follows ? "button quiet" : "button"),
      FormFields(view), member.id, view.L("Write", "Écrire"));
}

Result<http::Response> ProfilePage(const SiteParts& parts, const Visit& visit) {
  const View& view = visit.view;
  ASSIGN_OR_RETURN(const Member member, parts.store.FindMember(visit.args[0]));
  ASSIGN_OR_RETURN(const auto counts, parts.store.CountsOf(member.id));
  ASSIGN_OR_RETURN(const auto posts, parts.store.PostsOf(member.id, visit.me()));
  ASSIGN_OR_RETURN(const Markup actions, ProfileActions(parts, view, member));
  Markup website;
  if (!member.website.empty()) {
    website = H("<p><a href=\"{}\" rel=\"nofollow noopener noreferrer\">{}</a></p>", member.website,
                member.website);
  }
  Markup main =
      H("<section class=\"profile\">{}<div><h1 dir=\"auto\">{}</h1><p class=\"muted\">@{}</p>{}{}{}"
        "{}</div></section>",
        Avatar(member, "huge"), member.name, member.username, Said(member.bio, "bio"), website,
        Numbers(view, counts), actions);
  main += Markup{"<ul class=\"grid\">"};
  for (const Post& post : posts) main += PostTile(view, post);
  main += Markup{"</ul>"};
  if (posts.empty()) {
    main += H("<p class=\"empty\">{}</p>", view.L("No posts yet.", "Pas encore de posts."));
  }
  return Page(view, member.username, main);
}

Result<http::Response> EditPage(const Visit& visit) {
  const View& view = visit.view;
  const Member& me = *view.me;
  const Markup main =
      H("<a class=\"back\" href=\"/@{}\">{}{}</a><h1>{}</h1><form class=\"card stack\" "
        "method=\"post\" action=\"/edit\" enctype=\"multipart/form-data\">{}"
        "<label>{}<input name=\"name\" maxlength=\"50\" required value=\"{}\"></label>"
        "<label>{}<textarea name=\"bio\" rows=\"4\" maxlength=\"280\">{}</textarea></label>"
        "<label>{}<input name=\"website\" type=\"url\" maxlength=\"200\" value=\"{}\"></label>"
        "<label>{}<input type=\"file\" name=\"media\" accept=\"image/jpeg,image/png,image/webp\">"
        "</label><button class=\"button primary\">{}</button></form>",
        me.username, Icon("back"), me.username, view.L("Edit profile", "Modifier mon profil"),
        FormFields(view), view.L("Name", "Nom"), me.name, view.L("About you", "À propos de vous"),
        me.bio, view.L("Website", "Site web"), me.website,
        view.L("A new picture", "Une nouvelle photo"), view.L("Save", "Enregistrer"));
  return Page(view, view.L("Edit profile", "Modifier mon profil"), main);
}

Result<http::Response> Edit(const SiteParts& parts, const Visit& visit, const Form& form) {
  Actions::Profile profile{.name = form.Get("name"),
                           .bio = form.Get("bio"),
                           .website = form.Get("website"),
                           .picture = {}};
  if (!form.media.empty()) profile.picture = form.media.front();
  RETURN_IF_ERROR(parts.actions.EditProfile(visit.me(), profile));
  return Redirect(fmt::format("/@{}", visit.view.me->username));
}

Result<http::Response> SettingsPage(const Visit& visit) {
  const View& view = visit.view;
  const std::string_view english = view.french ? "button quiet" : "button";
  const std::string_view french = view.french ? "button" : "button quiet";
  const auto choice = [&](std::string_view code, std::string_view name, std::string_view style) {
    return H("<button class=\"{}\" name=\"language\" value=\"{}\" lang=\"{}\">{}</button>", style,
             code, code, name);
  };
  const Markup main = H(
      "<a class=\"back\" href=\"/@{}\">{}{}</a><h1>{}</h1>"
      "<section class=\"card\"><h2>{}{}</h2><p>{}</p>"
      "<a class=\"button primary\" href=\"/hand-off?next={}\">{}{}</a></section>"
      "<section class=\"card\"><h2>{}</h2><form class=\"row\" method=\"post\" "
      "action=\"/language\">{}{}{}</form></section>"
      "<section class=\"card\">{}</section>",
      view.me->username, Icon("back"), view.me->username, view.L("Settings", "Réglages"),
      Icon("lock"), view.L("Privacy and security", "Confidentialité et sécurité"),
      view.L("Everything you have shared here is yours: photos, videos, archived stories, "
             "comments, messages, profile.",
             "Tout ce que vous avez partagé ici est à vous : photos, vidéos, stories archivées, "
             "commentaires, messages, profil."),
      http::PercentEncode(kRequestDownload), Icon("download"),
      view.L("Download your data", "Télécharger vos données"), view.L("Language", "Langue"),
      FormFields(view), choice("en", "English", english), choice("fr", "Français", french),
      ButtonForm(view, "/sign-out", H("{}", view.L("Sign out", "Se déconnecter")), "button quiet"));
  return Page(view, view.L("Settings", "Réglages"), main);
}

// The gear of this site leads to Valise with a token for one minute and one use. What `next` says
// is Valise's to check.
Result<http::Response> HandOff(const SiteParts& parts, const Visit& visit) {
  const std::string id = parts.random.Token(24);
  const std::string token =
      parts.key.Token({.issuer = parts.service_name,
                       .subject = AccountId(visit.me()),
                       .audience = parts.valise_url,
                       .id = id,
                       .next = visit.request.Query("next").value_or(kRequestDownload),
                       .now = visit.view.now});
  return Redirect(fmt::format("{}/hand-off?token={}", parts.valise_url, token));
}

}  // namespace

void AddProfilePages(Routes& routes, const SiteParts& parts) {
  routes.push_back({"GET", "/@{}", false, [&parts](const Visit& visit, const Form&) {
                      return ProfilePage(parts, visit);
                    }});
  for (const bool follow : {true, false}) {
    routes.push_back(
        {"POST", follow ? "/@{}/follow" : "/@{}/unfollow", false,
         [&parts, follow](const Visit& visit, const Form& form) -> Result<http::Response> {
           ASSIGN_OR_RETURN(const Member member, parts.store.FindMember(visit.args[0]));
           const Status done = follow ? parts.actions.Follow(visit.me(), member.id, visit.view.now)
                                      : parts.actions.Unfollow(visit.me(), member.id);
           RETURN_IF_ERROR(done);
           return Redirect(BackOf(form, "/"));
         }});
  }
  routes.push_back(
      {"GET", "/edit", false, [](const Visit& visit, const Form&) { return EditPage(visit); }});
  routes.push_back({"POST", "/edit", false, [&parts](const Visit& visit, const Form& form) {
                      return Edit(parts, visit, form);
                    }});
  routes.push_back({"GET", "/settings", false,
                    [](const Visit& visit, const Form&) { return SettingsPage(visit); }});
  routes.push_back({"GET", "/hand-off", false,
                    [&parts](const Visit& visit, const Form&) { return HandOff(parts, visit); }});
}

}  // namespace valise::host
