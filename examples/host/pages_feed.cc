// The feed, single posts, what is said under them.
#include <fmt/format.h>

#include "posts_view.h"
#include "site.h"

namespace valise::host {
namespace {

// Who has stories now, each once, in a row on top.
Markup StoryRow(const View& view, const std::vector<Story>& stories) {
  Markup row =
      H("<section aria-label=\"{}\"><ul class=\"stories\"><li><a href=\"/share#story\" "
        "class=\"story-link\"><span class=\"ring add\">{}</span><span>{}</span></a></li>",
        view.L("Stories", "Stories"), Icon("plus"), view.L("Your story", "Votre story"));
  int64_t last = 0;
  for (const Story& story : stories) {
    if (std::exchange(last, story.author.id) == story.author.id) continue;
    row +=
        H("<li><a href=\"/stories/{}\" class=\"story-link\"><span class=\"ring\">{}</span>"
          "<span dir=\"auto\">{}</span></a></li>",
          story.id, Avatar(story.author, "medium"), story.author.username);
  }
  return row += Markup{"</ul></section>"};
}

Result<http::Response> FeedPage(const SiteParts& parts, const Visit& visit) {
  const View& view = visit.view;
  int64_t before = 0;
  if (const auto text = visit.request.Query("before"))
    before = std::atoll(std::string(*text).c_str());
  ASSIGN_OR_RETURN(const auto stories, parts.store.LiveStories());
  ASSIGN_OR_RETURN(const auto posts, parts.store.Feed(visit.me(), before));
  Markup main = H("<h1 class=\"visually-hidden\">{}</h1>", view.L("Home", "Accueil"));
  if (before == 0) main += StoryRow(view, stories);
  for (const Post& post : posts) main += PostCard(view, post);
  if (posts.empty()) {
    main += H("<p class=\"empty\">{}</p>",
              view.L("Nothing has been shared yet.", "Rien n’a encore été partagé."));
  }
  if (posts.size() == static_cast<size_t>(Store::kPage)) {
    main += H("<p class=\"more\"><a class=\"button quiet\" href=\"/?before={}\">{}</a></p>",
              posts.back().id, view.L("Earlier posts", "Posts plus anciens"));
  }
  return Page(view, view.L("Home", "Accueil"), main);
}

Markup CommentItem(const View& view, const Post& post, const Comment& comment) {
  Markup item =
      H("<li class=\"comment\">{}<div><p dir=\"auto\">{} {}</p><p class=\"muted\">{}</p>"
        "</div>",
        Avatar(comment.author), NameLink(comment.author), comment.text, Ago(view, comment.time));
  if (view.IsMe(comment.author) || view.IsMe(post.author)) {
    item += ButtonForm(view, fmt::format("/comments/{}/delete", comment.id),
                       H("{}<span class=\"visually-hidden\">{}</span>", Icon("trash"),
                         view.L("Delete this comment", "Supprimer ce commentaire")),
                       "icon-button");
  }
  return item += Markup{"</li>"};
}

Result<http::Response> PostPage(const SiteParts& parts, const Visit& visit) {
  const View& view = visit.view;
  ASSIGN_OR_RETURN(const Post post, parts.store.GetPost(visit.Id(), visit.me()));
  ASSIGN_OR_RETURN(const auto comments, parts.store.CommentsOf(post.id));
  Markup main =
      H("<h1 class=\"visually-hidden\">{}</h1>",
        fmt::format(fmt::runtime(view.L("Post of {}", "Post de {}")), post.author.username));
  main += PostCard(view, post);
  main += H("<section class=\"card\"><h2>{}</h2><ul class=\"comments\">",
            view.L("Comments", "Commentaires"));
  for (const Comment& comment : comments) main += CommentItem(view, post, comment);
  main +=
      H("</ul><form class=\"say\" method=\"post\" action=\"/posts/{}/comments\">{}"
        "<label class=\"visually-hidden\" for=\"comment\">{}</label>"
        "<input id=\"comment\" name=\"text\" maxlength=\"1000\" required placeholder=\"{}\">"
        "<button class=\"button\">{}</button></form></section>",
        post.id, FormFields(view), view.L("Your comment", "Votre commentaire"),
        view.L("Say something kind", "Dites quelque chose de gentil"), view.L("Post", "Publier"));
  if (view.IsMe(post.author)) {
    // Asks first: what is deleted here is deleted from archives, too.
    main +=
        H("<details class=\"delete\"><summary class=\"button quiet\">{} {}</summary><div "
          "class=\"card\"><p>{}</p>{}</div></details>",
          Icon("trash"), view.L("Delete this post", "Supprimer ce post"),
          view.L("Its photos, likes and comments go with it, for good.",
                 "Ses photos, mentions J’aime et commentaires partent avec lui, pour de bon."),
          ButtonForm(view, fmt::format("/posts/{}/delete", post.id),
                     H("{}", view.L("Yes, delete it", "Oui, le supprimer")), "button stop"));
  }
  return Page(view, post.author.username, main);
}

Result<http::Response> AddComment(const SiteParts& parts, const Visit& visit, const Form& form) {
  RETURN_IF_ERROR(
      parts.actions.AddComment(visit.me(), visit.Id(), form.Get("text"), visit.view.now));
  return Redirect(fmt::format("/posts/{}", visit.Id()));
}

}  // namespace

void AddFeedPages(Routes& routes, const SiteParts& parts) {
  routes.push_back({"GET", "/", false,
                    [&parts](const Visit& visit, const Form&) { return FeedPage(parts, visit); }});
  routes.push_back({"GET", "/posts/{}", false,
                    [&parts](const Visit& visit, const Form&) { return PostPage(parts, visit); }});
  routes.push_back(
      {"POST", "/posts/{}/comments", false,
       [&parts](const Visit& visit, const Form& form) { return AddComment(parts, visit, form); }});
  routes.push_back({"POST", "/comments/{}/delete", false,
                    [&parts](const Visit& visit, const Form& form) -> Result<http::Response> {
                      RETURN_IF_ERROR(parts.actions.DeleteComment(visit.me(), visit.Id()));
                      return Redirect(BackOf(form, "/"));
                    }});
  routes.push_back({"POST", "/posts/{}/like", false,
                    [&parts](const Visit& visit, const Form& form) -> Result<http::Response> {
                      RETURN_IF_ERROR(parts.actions.Like(visit.me(), visit.Id(), visit.view.now));
                      return Redirect(fmt::format("{}#p{}", BackOf(form, "/"), visit.Id()));
                    }});
  routes.push_back({"POST", "/posts/{}/unlike", false,
                    [&parts](const Visit& visit, const Form& form) -> Result<http::Response> {
                      RETURN_IF_ERROR(parts.actions.Unlike(visit.me(), visit.Id()));
                      return Redirect(fmt::format("{}#p{}", BackOf(form, "/"), visit.Id()));
                    }});
  routes.push_back({"POST", "/posts/{}/delete", false,
                    [&parts](const Visit& visit, const Form&) -> Result<http::Response> {
                      RETURN_IF_ERROR(parts.actions.DeletePost(visit.me(), visit.Id()));
                      return Redirect(fmt::format("/@{}", visit.view.me->username));
                    }});
}

}  // namespace valise::host
