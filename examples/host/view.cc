#include "view.h"

#include <array>

#include "base/utf8.h"

namespace valise::host {
namespace {

constexpr std::string_view kPolicy =
    "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

struct IconPath {
  std::string_view name, path;
};
constexpr IconPath kIcons[] = {
    {"home", "M4 11l8-7 8 7v9h-5v-6H9v6H4z"},
    {"plus", "M12 5v14M5 12h14"},
    {"message", "M4 5h16v11H9l-5 4z"},
    {"heart", "M12 20s-7-4.6-7-10a4 4 0 0 1 7-2.6A4 4 0 0 1 19 10c0 5.4-7 10-7 10z"},
    {"gear",
     "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 "
     "2.1M16.3 16.3l2.1 2.1M18.4 5.6l-2.1 2.1M7.7 16.3l-2.1 2.1"},
    {"back", "M15 5l-7 7 7 7"},
    {"trash", "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13"},
    {"archive", "M4 5h16v4H4zM6 9v11h12V9M10 13h4"},
    {"download", "M12 4v11M7 11l5 5 5-5M5 20h14"},
    {"photo", "M4 6h16v13H4zM4 16l5-5 4 4 3-3 4 4"},
    {"lock", "M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3"},
};

constexpr std::array<std::string_view, 12> kMonthsEn = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 12> kMonthsFr = {"janv.", "févr.", "mars",  "avr.",
                                                        "mai",   "juin",  "juil.", "août",
                                                        "sept.", "oct.",  "nov.",  "déc."};

std::string Words(const View& view, Timestamp time) {
  const auto age = view.now - time;
  if (age < std::chrono::minutes{1}) return std::string(view.L("now", "à l’instant"));
  if (age < std::chrono::hours{1}) {
    return fmt::format("{} min", std::chrono::floor<std::chrono::minutes>(age).count());
  }
  if (age < std::chrono::hours{24}) {
    return fmt::format("{} h", std::chrono::floor<std::chrono::hours>(age).count());
  }
  if (age < std::chrono::days{7}) {
    return fmt::format("{} {}", std::chrono::floor<std::chrono::days>(age).count(),
                       view.L("d", "j"));
  }
  const CivilTime c = ToCivil(time);
  const auto& months = view.french ? kMonthsFr : kMonthsEn;
  return fmt::format("{} {} {}", c.day, months[static_cast<size_t>(c.month - 1)], c.year);
}

Markup NavLink(const View& view, std::string_view to, std::string_view icon,
               std::string_view label) {
  return H("<a href=\"{}\"{}>{}<span>{}</span></a>", to,
           view.here == to ? Markup{" aria-current=\"page\""} : Markup{}, Icon(icon), label);
}

Markup Bar(const View& view) {
  Markup bar = H("<header class=\"bar\"><a class=\"brand\" href=\"/\">{}</a>", kSiteName);
  if (view.me) {
    const std::string mine = fmt::format("/@{}", view.me->username);
    bar += H("<nav class=\"nav\" aria-label=\"{}\">", kSiteName);
    bar += NavLink(view, "/", "home", view.L("Home", "Accueil"));
    bar += NavLink(view, "/share", "plus", view.L("Share", "Partager"));
    bar += NavLink(view, "/messages", "message", view.L("Messages", "Messages"));
    bar += H("<a href=\"{}\"{}>{}<span>{}</span></a>", mine,
             view.here == mine ? Markup{" aria-current=\"page\""} : Markup{}, Avatar(*view.me),
             view.L("You", "Vous"));
    bar += Markup{"</nav>"};
  }
  return bar += Markup{"</header>"};
}

}  // namespace

Markup Icon(std::string_view name) {
  for (const IconPath& icon : kIcons) {
    if (icon.name == name) {
      return H(
          "<svg class=\"icon\" viewBox=\"0 0 24 24\" width=\"24\" height=\"24\" "
          "aria-hidden=\"true\"><path d=\"{}\"/></svg>",
          icon.path);
    }
  }
  return {};
}

Markup FormFields(const View& view) {
  return H(
      "<input type=\"hidden\" name=\"csrf\" value=\"{}\"><input type=\"hidden\" name=\"back\" "
      "value=\"{}\">",
      view.csrf, view.here);
}

Markup ButtonForm(const View& view, std::string_view action, const Markup& button,
                  std::string_view style) {
  return H("<form method=\"post\" action=\"{}\">{}<button class=\"{}\">{}</button></form>", action,
           FormFields(view), style, button);
}

Markup Ago(const View& view, Timestamp time) {
  return H("<time datetime=\"{}\">{}</time>", FormatTime(time), Words(view, time));
}

std::string Count(const View& view, int64_t n, std::string_view one, std::string_view many) {
  // French counts 0 as one thing.
  const bool single = n == 1 || (view.french && n == 0);
  return fmt::format("{}\u00a0{}", n, single ? one : many);
}

Markup Avatar(const Member& member, std::string_view style) {
  if (!member.picture.empty()) {
    return H("<img class=\"avatar {}\" src=\"/media/{}\" alt=\"\">", style, member.picture);
  }
  const std::string_view name = member.name.empty() ? member.username : member.name;
  size_t letter = 0;
  if (!name.empty()) NextCodePoint(name, letter);
  return H("<span class=\"avatar letter {}\" aria-hidden=\"true\">{}</span>", style,
           name.substr(0, letter));
}

Markup NameLink(const Member& member) {
  return H("<a class=\"name\" href=\"/@{}\">{}</a>", member.username, member.username);
}

Markup ShowMedium(const View& view, const Medium& medium) {
  if (medium.is_video()) {
    return H(
        "<video src=\"/media/{}\" controls preload=\"metadata\" playsinline "
        "aria-label=\"{}\"></video>",
        medium.sha256, medium.alt.empty() ? view.L("Video", "Vidéo") : medium.alt);
  }
  return H("<img src=\"/media/{}\" alt=\"{}\" loading=\"lazy\">", medium.sha256, medium.alt);
}

Markup Said(std::string_view text, std::string_view style) {
  if (text.empty()) return {};
  return H("<p class=\"{}\" dir=\"auto\">{}</p>", style, text);
}

http::Response Page(const View& view, std::string_view title, const Markup& main,
                    const PageOptions& options) {
  Markup problem;
  if (!options.problem.empty()) {
    problem = H("<p class=\"problem\" role=\"alert\">{}</p>", options.problem);
  }
  http::Response response;
  response.status = options.status;
  response.body =
      H("<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
        "<title>{} · {}</title><link rel=\"stylesheet\" href=\"/style.css\">"
        "<link rel=\"stylesheet\" href=\"/pages.css\">"
        "<link rel=\"icon\" href=\"/icon.svg\"></head><body>"
        "<a class=\"skip\" href=\"#main\">{}</a>{}<main id=\"main\">{}{}</main></body></html>",
        view.french ? "fr" : "en", title, kSiteName, view.L("Skip to content", "Aller au contenu"),
        Bar(view), problem, main)
          .html;
  response.headers.Add("Content-Type", "text/html; charset=utf-8");
  response.headers.Add("Cache-Control", "no-store");
  response.headers.Add("Content-Security-Policy",
                       fmt::format("{} {}", kPolicy, options.form_leads_to));
  return response;
}

http::Response Redirect(std::string_view to) {
  http::Response response;
  response.status = 303;
  response.headers.Add("Location", std::string(to));
  response.headers.Add("Cache-Control", "no-store");
  return response;
}

http::Response PlainText(int status, std::string_view text) {
  http::Response response;
  response.status = status;
  response.headers.Add("Content-Type", "text/plain; charset=utf-8");
  response.body = std::string(text) + "\n";
  return response;
}

}  // namespace valise::host
