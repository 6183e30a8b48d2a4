// App: everything that `valise serve` runs, put together.
//
// Thread safety: Start() and Stop() from one thread. Lifetime: what AppPorts names outlives it.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "auth/password.h"
#include "bag/signature.h"
#include "base/file.h"
#include "base/random.h"
#include "base/time.h"
#include "bring/uploads.h"
#include "bundle/bundle_format.h"
#include "http/server.h"
#include "library/library.h"
#include "mail/transport.h"
#include "services/source.h"
#include "sql/database.h"
#include "web/router.h"

namespace valise::web {

struct AppConfig {
  fs::path data;
  http::ServerOptions server;
  std::string
      public_url;  // as people reach it, without a slash at the end; empty: http://address:port
  std::string server_name = "Valise";
  std::optional<mail::SmtpOptions> smtp;  // absent: mails stay in the outbox
  std::string mail_from = "valise@localhost";
  auth::PasswordCost password_cost;
  std::chrono::milliseconds link_life{std::chrono::hours{96}};
  unsigned job_threads = 2;
  bring::UploadOptions uploads;  // its folder is <data>/uploads
};

struct AppPorts {
  sql::Database& database;
  library::Accounts& accounts;
  bundle::Formats formats;               // at least one
  const bag::SigningKey* key = nullptr;  // bundles are signed with it
  const Clock& clock;
  Random& random;
  std::span<const services::Source* const> sources = {};  // of archives that people bring
  mail::MailTransport* transport = nullptr;               // instead of AppConfig::smtp
};

class App {
 public:
  // Serves until Stop(). Errors: kConflict (another server runs on this data), kUnavailable
  // (address in use), kInvalidArgument (an option).
  static Result<std::unique_ptr<App>> Start(const AppConfig& config, const AppPorts& ports);
  ~App();

  uint16_t port() const;
  const std::string& public_url() const;
  // What it answers, pages aside; docs/openapi.yaml is checked against it.
  const std::vector<Route>& routes() const;
  // Open connections get a few seconds; jobs that run are finished.
  void Stop();

 private:
  struct State;
  explicit App(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace valise::web
