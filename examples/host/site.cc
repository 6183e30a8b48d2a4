#include "site.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/digest.h"
#include "base/log.h"
#include "http/text.h"

namespace valise::host {
namespace {

constexpr std::string_view kCookie = "pellicule_session";

// The pieces between slashes: "{}" stands for any one, "/@{}" for any one after '@'.
std::optional<std::vector<std::string>> Match(std::string_view pattern, std::string_view path) {
  std::vector<std::string> args;
  while (!pattern.empty() || !path.empty()) {
    if (!pattern.starts_with('/') || !path.starts_with('/')) return std::nullopt;
    const std::string_view want = pattern.substr(1, pattern.find('/', 1) - 1);
    const std::string_view have = path.substr(1, path.find('/', 1) - 1);
    pattern.remove_prefix(std::min(want.size() + 1, pattern.size()));
    path.remove_prefix(std::min(have.size() + 1, path.size()));
    if (!want.ends_with("{}")) {
      if (want != have) return std::nullopt;
      continue;
    }
    const std::string_view before = want.substr(0, want.size() - 2);
    if (!have.starts_with(before) || have.size() == before.size()) return std::nullopt;
    args.emplace_back(have.substr(before.size()));
  }
  return args;
}

// Forms come from our own pages only; browsers say where a request comes from.
bool IsOurOwn(const http::Request& request, std::string_view public_url) {
  const std::string_view origin = request.headers.Get("Origin");
  const std::string_view site = request.headers.Get("Sec-Fetch-Site");
  const std::string host = fmt::format("http://{}", request.headers.Get("Host"));
  return (origin.empty() || origin == public_url || origin == host) &&
         (site.empty() || site == "same-origin" || site == "none");
}

http::Response Secured(http::Response response) {
  if (!response.headers.Find("Content-Security-Policy")) {
    response.headers.Add("Content-Security-Policy", "default-src 'none'; sandbox");
  }
  response.headers.Add("X-Content-Type-Options", "nosniff");
  // Not "no-referrer": browsers would then call the origin of our own forms "null".
  response.headers.Add("Referrer-Policy", "same-origin");
  response.headers.Add("Cross-Origin-Opener-Policy", "same-origin");
  response.headers.Add("Cross-Origin-Resource-Policy", "same-origin");
  return response;
}

}  // namespace

int64_t Visit::Id(size_t arg) const {
  int64_t id = 0;
  const std::string& text = args[arg];
  const auto read = std::from_chars(text.data(), text.data() + text.size(), id);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() ? id : 0;
}

std::string BackOf(const Form& form, std::string_view otherwise) {
  const std::string back = form.Get("back");
  const bool inside = back.starts_with('/') && !back.starts_with("//") && !back.contains('\\') &&
                      std::ranges::all_of(back, [](char c) { return c > 0x20 && c < 0x7F; });
  return inside ? back : std::string(otherwise);
}

Site::Site(SiteParts parts) : parts_(std::move(parts)) {
  AddSessionPages(routes_, parts_);
  AddFeedPages(routes_, parts_);
  AddSharePages(routes_, parts_);
  AddProfilePages(routes_, parts_);
  AddMessagePages(routes_, parts_);
}

Site::Found Site::Find(const http::Request& request) const {
  const std::string_view asked = request.method;
  const std::string_view method = asked == "HEAD" ? "GET" : asked;
  for (const Route& route : routes_) {
    if (route.method != method) continue;
    if (auto args = Match(route.pattern, request.path)) return {&route, std::move(*args)};
  }
  return {};
}

Result<Visit> Site::Meet(const http::Request& request, std::vector<std::string> args) const {
  Visit visit{.request = request, .view = {}, .token = {}, .args = std::move(args)};
  visit.view.now = parts_.store.Now();
  visit.view.here = request.path;
  visit.view.french = request.headers.Get("Accept-Language").starts_with("fr");
  const auto cookie = http::FindCookie(request.headers.Get("Cookie"), kCookie);
  if (!cookie) return visit;
  ASSIGN_OR_RETURN(const auto member, parts_.sessions.Find(*cookie));
  if (!member) return visit;
  ASSIGN_OR_RETURN(visit.view.me, parts_.store.GetMember(*member));
  visit.token = *cookie;
  visit.view.csrf = Sessions::CsrfOf(visit.token);
  visit.view.french = visit.view.me->language == "fr";
  return visit;
}

Status Site::CheckForm(const Visit& visit, const Route& route, const Form& form) {
  if (route.open || ConstantTimeEqual(form.Get("csrf"), visit.view.csrf)) return {};
  return Fail(ErrorCode::kPermissionDenied,
              std::string(visit.view.L("This page was too old. Nothing was changed; try again.",
                                       "Cette page était trop ancienne. Rien n’a été changé ; "
                                       "réessayez.")));
}

http::Response Site::Explain(const Visit& visit, const Error& error) const {
  const View& view = visit.view;
  const int status = HttpStatus(error.code);
  if (status >= 500) {
    log::Error("event=call_failed path_class={} error=\"{}\"", visit.request.method, error.message);
  }
  std::string_view words = error.message;
  if (error.code == ErrorCode::kNotFound) {
    words = view.L("This does not exist, or not any more.", "Cela n’existe pas, ou n’existe plus.");
  } else if (status >= 500) {
    words =
        view.L("Something went wrong here. Nothing was changed; try again in a moment.",
               "Quelque chose n’a pas marché. Rien n’a été changé ; réessayez dans un instant.");
  }
  const Markup main = H("<h1>{}</h1><p><a class=\"button\" href=\"/\">{}</a></p>",
                        view.L("That did not work", "Cela n’a pas marché"),
                        view.L("Back to the start", "Retour à l’accueil"));
  return Page(view, view.L("That did not work", "Cela n’a pas marché"), main,
              {.status = status, .problem = words});
}

http::Response Site::Answer(const http::Request& request, const Result<Form>& form) const {
  Found found = Find(request);
  auto visit = Meet(request, std::move(found.args));
  if (!visit.has_value())
    return PlainText(HttpStatus(visit.error().code), "Try again in a moment.");
  if (found.route == nullptr) return Explain(*visit, Error{ErrorCode::kNotFound, ""});
  if (!found.route->open && !visit->view.me) {
    return Redirect(fmt::format("/sign-in?next={}", http::PercentEncode(request.target)));
  }
  if (!form.has_value()) return Explain(*visit, form.error());
  if (request.method == "POST") {
    if (!IsOurOwn(request, parts_.public_url)) {
      return PlainText(403, "This form did not come from our own page.");
    }
    const Status ours = CheckForm(*visit, *found.route, *form);
    if (!ours.has_value()) return Explain(*visit, ours.error());
  }
  auto response = found.route->answer(*visit, *form);
  return response.has_value() ? std::move(*response) : Explain(*visit, response.error());
}

http::Response Site::Handle(const http::Request& request) {
  const bool has_form = request.method == "POST";
  return Secured(Answer(request, has_form ? ParseForm(request.body) : Result<Form>(Form{})));
}

http::Reception Site::Receive(const http::Request& head) {
  const auto boundary = Multipart::BoundaryOf(head.headers.Get("Content-Type"));
  if (!boundary) return {};
  const Found found = Find(head);
  auto visit = Meet(head, found.args);
  // Strangers do not fill our disk.
  if (!visit.has_value() || found.route == nullptr || !visit->view.me) {
    return {.sink = nullptr, .refusal = Secured(PlainText(403, "Sign in first."))};
  }
  auto answer = [this, head](const Result<Form>& form) { return Secured(Answer(head, form)); };
  return {.sink = std::make_unique<FormSink>(*boundary, parts_.media, std::move(answer)),
          .refusal = {}};
}

void Site::BodyFailed(const Error& error) {
  log::Warn("event=body_cut error=\"{}\"", error.message);
}

}  // namespace valise::host
