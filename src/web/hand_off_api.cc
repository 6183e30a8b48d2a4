// GET /hand-off: a member comes from the service that holds the account (docs/formats/hand-off.md).
#include <fmt/format.h>

#include "auth/hand_off.h"
#include "base/log.h"
#include "web/pages.h"
#include "web/respond.h"
#include "web/site.h"

namespace valise::web {
namespace {

// The one answer to every token that is not good. The page finds its own words; it says nothing of
// what was wrong, because whoever tries tokens learns from that.
http::Response RefusedPage() {
  const EmbeddedFile* index = FindEmbedded(AppFiles(), "index.html");
  http::Response response =
      Text(403, "text/html; charset=utf-8", index == nullptr ? "" : std::string(index->content));
  response.headers.Add("Content-Security-Policy", std::string(kPagePolicy));
  return response;
}

// Services know none of our ids: this address of theirs means the account that is handed over.
constexpr std::string_view kRequestDownload = "/request-download";

std::string PlaceOf(const auth::HandOffs::Accepted& accepted) {
  const std::string account = fmt::format("/accounts/{}", accepted.account.account_id);
  if (accepted.next == kRequestDownload) return account + std::string(kRequestDownload);
  return accepted.next.empty() ? account : accepted.next;
}

Result<http::Response> Enter(const Site& site, const Call& call) {
  // A look at the address (a chat program's preview) must not use the token up.
  if (call.request.method == "HEAD") return NoContent();
  const auto accepted = site.hand_offs.Accept(call.request.Query("token").value_or(""));
  if (!accepted.has_value()) {
    if (accepted.error().code != ErrorCode::kUnauthenticated) {
      return std::unexpected(accepted.error());
    }
    log::Warn("event=hand_off_refused reason=\"{}\"", accepted.error().message);
    return RefusedPage();
  }
  // A session that was there before ends: the new one is of the one who was handed over.
  if (call.user) RETURN_IF_ERROR(site.sessions.End(call.token));
  ASSIGN_OR_RETURN(const std::string token,
                   site.sessions.Begin(accepted->account.user_id, accepted->service.id));
  log::Info("event=handed_over service={} account={}", accepted->service.name,
            accepted->account.account_id);
  http::Response response;
  response.status = 303;
  response.headers.Add("Location", PlaceOf(*accepted));
  response.headers.Add("Cache-Control", "no-store");
  response.headers.Add("Set-Cookie", SessionCookie(site, token));
  return response;
}

}  // namespace

void AddHandOffRoutes(Router& router, const Site& site) {
  router.Add({"GET", "/hand-off", Access::kAnyone, [&](Call& call) { return Enter(site, call); }});
}

}  // namespace valise::web
