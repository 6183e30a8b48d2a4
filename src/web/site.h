// Site: all that the routes work with, and what they share.
//
// Thread safety: its parts are thread-safe; the struct does not change while serving. Lifetime:
// outlives the router and the server.
#pragma once

#include <string>
#include <string_view>

#include "auth/hand_off.h"
#include "auth/services.h"
#include "auth/sign_in.h"
#include "base/json_writer.h"
#include "bring/imports.h"
#include "ingest/stream.h"
#include "jobs/queue.h"
#include "mail/outbox.h"
#include "requests/eraser.h"
#include "requests/requests.h"
#include "web/libraries.h"
#include "web/router.h"
#include "web/seals.h"

namespace valise::web {

inline constexpr std::string_view kIndexJob = "index";
inline constexpr std::string_view kSessionCookie = "valise_session";

struct Site {
  std::string name;        // of the server
  std::string public_url;  // without a slash at the end
  bool https = false;
  const Clock& clock;
  auth::Users& users;
  auth::Sessions& sessions;
  auth::SignIn& sign_in;
  auth::Services& services;
  auth::HandOffs& hand_offs;
  jobs::Queue& queue;
  mail::Outbox& outbox;
  requests::Requests& requests;
  requests::Eraser& eraser;
  Libraries& libraries;
  ingest::MemberAccounts& members;
  ingest::Streams& streams;
  library::Lives& lives;
  Seals& seals;
  bring::Uploads& uploads;
  bring::Imports& imports;
  bundle::Formats formats;
};

// The account, if it belongs to who calls. Errors: kNotFound: also when it is somebody else's.
Result<library::AccountRow> OwnedAccount(const Site& site, const Call& call, std::string_view id);

// The CSRF token of this call's session; before sign-in a constant: a page of another origin cannot
// send our header at all (it would need a CORS preflight, which we never grant).
std::string CsrfOf(const Call& call);

// The Set-Cookie value for a session; an empty token takes the cookie away.
std::string SessionCookie(const Site& site, std::string_view token);

std::string MediaUrl(std::string_view account_id, const Digest& digest);
// The picture's address, or null.
void WritePicture(JsonWriter& json, std::string_view account_id,
                  const std::optional<account::Profile>& profile);
void WriteTimeOrNull(JsonWriter& json, std::string_view name, const std::optional<Timestamp>& time);

// Every resource, one file each.
void AddHandOffRoutes(Router& router, const Site& site);
void AddSessionRoutes(Router& router, const Site& site);
void AddProfileRoutes(Router& router, const Site& site);
void AddPostRoutes(Router& router, const Site& site);
void AddMediaRoutes(Router& router, const Site& site);
void AddSearchRoutes(Router& router, const Site& site);
void AddForgetRoutes(Router& router, const Site& site);
void AddRequestRoutes(Router& router, const Site& site);
void AddDownloadRoutes(Router& router, const Site& site);
void AddOutboxRoutes(Router& router, const Site& site);
void AddUploadRoutes(Router& router, const Site& site);
void AddImportRoutes(Router& router, const Site& site);
void AddIngestRoutes(Router& router, const Site& site);

}  // namespace valise::web
