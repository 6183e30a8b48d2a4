#include "posts_view.h"

namespace valise::host {
namespace {

Markup Media(const View& view, const Post& post) {
  if (post.media.size() == 1) {
    return H("<div class=\"shown\">{}</div>", ShowMedium(view, post.media.front()));
  }
  // A row that is moved sideways, also with the keyboard.
  Markup row = H("<div class=\"shown carousel\" tabindex=\"0\" role=\"group\" aria-label=\"{}\">",
                 Count(view, static_cast<int64_t>(post.media.size()), view.L("picture", "image"),
                       view.L("pictures", "images")));
  for (const Medium& medium : post.media) row += H("<div>{}</div>", ShowMedium(view, medium));
  return row += Markup{"</div>"};
}

}  // namespace

Markup PostCard(const View& view, const Post& post) {
  Markup card = H(
      "<article class=\"post card\" id=\"p{}\"><header>{}<div>{}<span "
      "class=\"muted\">{}</span></div></header>{}",
      post.id, Avatar(post.author), NameLink(post.author), Ago(view, post.time), Media(view, post));
  const std::string likes =
      Count(view, post.likes, view.L("like", "J’aime"), view.L("likes", "J’aime"));
  card +=
      H("<div class=\"post-actions\">{}<a class=\"icon-button\" href=\"/posts/{}\">{}<span>{}"
        "</span></a></div>",
        ButtonForm(view, fmt::format("/posts/{}/{}", post.id, post.liked ? "unlike" : "like"),
                   H("{}<span class=\"visually-hidden\">{}</span><span>{}</span>", Icon("heart"),
                     post.liked ? view.L("Take your like back:", "Ne plus aimer :")
                                : view.L("Like:", "Aimer :"),
                     likes),
                   post.liked ? "icon-button liked" : "icon-button"),
        post.id, Icon("message"),
        Count(view, post.comments, view.L("comment", "commentaire"),
              view.L("comments", "commentaires")));
  card += Said(post.text);
  return card += Markup{"</article>"};
}

Markup PostTile(const View& view, const Post& post) {
  const Medium& first = post.media.front();
  Markup inside =
      first.is_video()
          ? H("<video src=\"/media/{}#t=0.1\" preload=\"metadata\" muted></video>", first.sha256)
          : H("<img src=\"/media/{}\" alt=\"{}\" loading=\"lazy\">", first.sha256,
              first.alt.empty() ? post.text.substr(0, post.text.find('\n')) : first.alt);
  return H("<li><a href=\"/posts/{}\" aria-label=\"{}\">{}</a></li>", post.id,
           fmt::format(fmt::runtime(view.L("Post of {}", "Post du {}")),
                       FormatTime(post.time).substr(0, 10)),
           inside);
}

}  // namespace valise::host
