// Sharing: posts and stories; stories as they are looked at, and their archive.
#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.h"
#include "site.h"

namespace valise::host {
namespace {

constexpr size_t kMaxAlt = 600;  // bytes
constexpr std::string_view kAccept =
    "image/jpeg,image/png,image/webp,image/gif,video/mp4,video/webm";

Markup ShareForm(const View& view, std::string_view kind, const Markup& inside,
                 std::string_view button) {
  return H(
      "<form class=\"card stack\" id=\"{}\" method=\"post\" action=\"/share/{}\" "
      "enctype=\"multipart/form-data\">{}{}<button class=\"button primary\">{}</button></form>",
      kind, kind, FormFields(view), inside, button);
}

Result<http::Response> SharePage(const Visit& visit) {
  const View& view = visit.view;
  const std::string_view caption = view.L("Caption", "Légende");
  const Markup post =
      H("<h2>{}</h2><label>{}<input type=\"file\" name=\"media\" accept=\"{}\" multiple required>"
        "</label><p class=\"muted\">{}</p><label>{}<textarea name=\"text\" rows=\"4\" "
        "maxlength=\"2000\"></textarea></label><label>{}<input name=\"alt\" maxlength=\"300\">"
        "</label>",
        view.L("A post", "Un post"), view.L("Photos or videos", "Photos ou vidéos"), kAccept,
        view.L("Up to ten; several make a carousel.", "Dix au plus ; plusieurs font un carrousel."),
        caption,
        view.L("Describe the first picture for those who cannot see it",
               "Décrivez la première image pour qui ne peut pas la voir"));
  const Markup story =
      H("<h2>{}</h2><p class=\"muted\">{}</p><label>{}<input type=\"file\" name=\"media\" "
        "accept=\"{}\" required></label><label>{}<input name=\"text\" maxlength=\"300\"></label>",
        view.L("A story", "Une story"),
        view.L("Everyone sees it for 24 hours; then only you, in your story archive.",
               "Tout le monde la voit pendant 24 heures ; ensuite vous seul, dans vos archives."),
        view.L("Photo or video", "Photo ou vidéo"), kAccept, view.L("Words", "Quelques mots"));
  Markup main = H("<h1>{}</h1>", view.L("Share", "Partager"));
  main += ShareForm(view, "post", post, view.L("Share post", "Partager le post"));
  main += ShareForm(view, "story", story, view.L("Share story", "Partager la story"));
  return Page(view, view.L("Share", "Partager"), main);
}

Result<http::Response> AddPost(const SiteParts& parts, const Visit& visit, const Form& form) {
  std::vector<Medium> media = form.media;
  if (!media.empty()) media.front().alt = Utf8Prefix(form.Get("alt"), kMaxAlt);
  ASSIGN_OR_RETURN(const int64_t id,
                   parts.actions.AddPost(visit.me(), form.Get("text"), media, visit.view.now));
  return Redirect(fmt::format("/posts/{}", id));
}

Result<http::Response> AddStory(const SiteParts& parts, const Visit& visit, const Form& form) {
  const Medium medium = form.media.empty() ? Medium{} : form.media.front();
  ASSIGN_OR_RETURN(const int64_t id,
                   parts.actions.AddStory(visit.me(), form.Get("text"), medium, visit.view.now));
  return Redirect(fmt::format("/stories/{}", id));
}

Result<http::Response> StoryPage(const SiteParts& parts, const Visit& visit) {
  const View& view = visit.view;
  ASSIGN_OR_RETURN(const Story story, parts.store.GetStory(visit.Id()));
  const bool lives = story.time > view.now - kStoryLife;
  if (!lives && !view.IsMe(story.author)) return Fail(ErrorCode::kNotFound, "");
  ASSIGN_OR_RETURN(const auto stories, parts.store.LiveStories());
  const auto at = std::ranges::find(stories, story.id, &Story::id);
  Markup main =
      H("<article class=\"story\"><h1 class=\"visually-hidden\">{}</h1><header>{}<div>{}"
        "<span class=\"muted\">{}</span></div></header><div class=\"shown\">{}</div>{}",
        fmt::format(fmt::runtime(view.L("Story of {}", "Story de {}")), story.author.username),
        Avatar(story.author), NameLink(story.author), Ago(view, story.time),
        ShowMedium(view, story.medium), Said(story.text));
  main += Markup{"<div class=\"row\">"};
  if (lives && at != stories.end() && std::next(at) != stories.end()) {
    main += H("<a class=\"button\" href=\"/stories/{}\">{}</a>", std::next(at)->id,
              view.L("Next story", "Story suivante"));
  } else {
    main += H("<a class=\"button\" href=\"{}\">{}</a>", lives ? "/" : "/archive",
              view.L("Done", "Terminé"));
  }
  if (view.IsMe(story.author)) {
    main += ButtonForm(view, fmt::format("/stories/{}/delete", story.id),
                       H("{}", view.L("Delete", "Supprimer")), "button quiet");
  }
  return Page(view, view.L("Story", "Story"), main += Markup{"</div></article>"});
}

Result<http::Response> ArchivePage(const SiteParts& parts, const Visit& visit) {
  const View& view = visit.view;
  ASSIGN_OR_RETURN(const auto stories, parts.store.StoriesOf(visit.me()));
  Markup main = H("<a class=\"back\" href=\"/@{}\">{}{}</a><h1>{}</h1><p class=\"lead\">{}</p>",
                  view.me->username, Icon("back"), view.me->username,
                  view.L("Story archive", "Archives des stories"),
                  view.L("Only you see this page.", "Vous seul voyez cette page."));
  main += Markup{"<ul class=\"grid\">"};
  for (const Story& story : stories) {
    main += H("<li><a href=\"/stories/{}\" aria-label=\"{}\">{}</a></li>", story.id,
              fmt::format(fmt::runtime(view.L("Story of {}", "Story du {}")),
                          FormatTime(story.time).substr(0, 10)),
              ShowMedium(view, story.medium));
  }
  main += Markup{"</ul>"};
  return Page(view, view.L("Story archive", "Archives des stories"), main);
}

}  // namespace

void AddSharePages(Routes& routes, const SiteParts& parts) {
  routes.push_back(
      {"GET", "/share", false, [](const Visit& visit, const Form&) { return SharePage(visit); }});
  routes.push_back({"POST", "/share/post", false, [&parts](const Visit& visit, const Form& form) {
                      return AddPost(parts, visit, form);
                    }});
  routes.push_back({"POST", "/share/story", false, [&parts](const Visit& visit, const Form& form) {
                      return AddStory(parts, visit, form);
                    }});
  routes.push_back({"GET", "/stories/{}", false,
                    [&parts](const Visit& visit, const Form&) { return StoryPage(parts, visit); }});
  routes.push_back({"POST", "/stories/{}/delete", false,
                    [&parts](const Visit& visit, const Form&) -> Result<http::Response> {
                      RETURN_IF_ERROR(parts.actions.DeleteStory(visit.me(), visit.Id()));
                      return Redirect("/archive");
                    }});
  routes.push_back({"GET", "/archive", false, [&parts](const Visit& visit, const Form&) {
                      return ArchivePage(parts, visit);
                    }});
}

}  // namespace valise::host
