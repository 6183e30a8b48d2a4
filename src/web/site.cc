#include "web/site.h"

#include <fmt/format.h>

namespace valise::web {

Result<library::AccountRow> OwnedAccount(const Site& site, const Call& call, std::string_view id) {
  auto account = site.libraries.accounts().Get(id);
  if (!account.has_value() && account.error().code != ErrorCode::kNotFound) return account;
  if (!account.has_value() || !call.user || account->owner != call.user->id) {
    return Fail(ErrorCode::kNotFound, "there is no such account");
  }
  return account;
}

std::string CsrfOf(const Call& call) {
  return auth::Sessions::CsrfToken(call.user ? call.token : "not signed in");
}

std::string SessionCookie(const Site& site, std::string_view token) {
  constexpr int kSeconds = 60 * 24 * 3600;
  return fmt::format("{}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={}{}", kSessionCookie, token,
                     token.empty() ? 0 : kSeconds, site.https ? "; Secure" : "");
}

std::string MediaUrl(std::string_view account_id, const Digest& digest) {
  return fmt::format("/api/v1/accounts/{}/media/{}", account_id, digest.Hex());
}

void WritePicture(JsonWriter& json, std::string_view account_id,
                  const std::optional<account::Profile>& profile) {
  json.Name("picture_url");
  if (profile) {
    for (const account::MediaItem& picture : profile->pictures) {
      if (!picture.digest) continue;
      json.String(MediaUrl(account_id, *picture.digest));
      return;
    }
  }
  json.Null();
}

void WriteTimeOrNull(JsonWriter& json, std::string_view name,
                     const std::optional<Timestamp>& time) {
  json.Name(name);
  if (time) {
    json.Time(*time);
  } else {
    json.Null();
  }
}

}  // namespace valise::web
