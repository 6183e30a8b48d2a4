// `valise serve`: the web pages, the API and the mails.

#include <fmt/format.h>

#include <csignal>
#include <memory>

#include "base/log.h"
#include "context.h"
#include "output.h"
#include "registry.h"
#include "signing.h"
#include "web/app.h"

namespace valise::app {
namespace {

struct Options {
  web::AppConfig config;
  std::string smtp_url;
  std::string smtp_user;
  fs::path smtp_password_file;
  fs::path about;
  fs::path config_file;
  bool require_tls = false;
  bool verbose = false;
};

// A password is read from a file: arguments and the environment can be seen by others.
Result<Secret<std::string>> ReadPassword(const fs::path& path) {
  constexpr uint64_t kLimit = 4096;
  auto content = ReadFile(path, kLimit);
  if (!content.has_value()) return std::unexpected(content.error().Within("--smtp-password-file"));
  while (content->ends_with('\n') || content->ends_with('\r')) content->pop_back();
  return Secret(*std::move(content));
}

Status SetSmtp(Options& options) {
  if (options.smtp_url.empty()) return {};
  mail::SmtpOptions smtp{
      .url = options.smtp_url, .user = options.smtp_user, .require_tls = options.require_tls};
  if (!options.smtp_password_file.empty()) {
    ASSIGN_OR_RETURN(smtp.password, ReadPassword(options.smtp_password_file));
  }
  options.config.smtp = std::move(smtp);
  return {};
}

// Waits for SIGINT or SIGTERM. They are blocked before any thread starts, so that only this one
// sees them.
class StopSignal {
 public:
  StopSignal() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGINT);
    sigaddset(&set_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  }
  void Wait() const {
    int signal = 0;
    sigwait(&set_, &signal);
  }

 private:
  sigset_t set_{};
};

Status Run(Context& context, Options& options) {
  if (options.verbose) log::SetLevel(log::Level::kDebug);
  RETURN_IF_ERROR(SetSmtp(options));
  ASSIGN_OR_RETURN(Desk desk, Desk::Open(context.data));
  ASSIGN_OR_RETURN(const bag::SigningKey key, LoadOrMakeKey(context.data, context.random));
  options.config.data = context.data;
  ASSIGN_OR_RETURN(bundle::About about, LoadAbout(options.about, context.data));
  const BundleFormats formats(std::move(about));
  const StopSignal stop;
  ASSIGN_OR_RETURN(const auto app, web::App::Start(options.config, {.database = *desk.database,
                                                                    .accounts = *desk.accounts,
                                                                    .formats = formats.all(),
                                                                    .key = &key,
                                                                    .clock = context.clock,
                                                                    .random = context.random,
                                                                    .sources = Sources()}));
  if (!context.quiet) {
    fmt::print(stderr, "Valise is at {} (Ctrl-C ends it)\n", app->public_url());
    if (!options.config.smtp) {
      fmt::print(stderr, "No --smtp: mails wait in the Outbox, where operators read them.\n");
    }
  }
  stop.Wait();
  app->Stop();
  return {};
}

void AddOptions(cli::Command& command, Options& options) {
  command.AddOption("--address", options.config.server.address, "address to listen on")
      .ShowDefault();
  command.AddOption("--port", options.config.server.port, "port; 0 takes a free one").ShowDefault();
  command.AddOption("--public-url", options.config.public_url,
                    "how people reach it, when there is a proxy in front: https://valise.example");
  command.AddFlag("--behind-proxy", options.config.server.trust_forwarded_for,
                  "believe the proxy's X-Forwarded-For");
  command.AddOption("--name", options.config.server_name, "what the server calls itself")
      .ShowDefault();
  command.AddOption("--smtp", options.smtp_url,
                    "mail server: smtp://host:port or smtps://host:port");
  command.AddOption("--smtp-user", options.smtp_user, "user at the mail server");
  command.AddOption("--smtp-password-file", options.smtp_password_file,
                    "file whose only line is the password");
  command.AddFlag("--smtp-require-tls", options.require_tls, "STARTTLS or nothing");
  command.AddOption("--mail-from", options.config.mail_from, "sender of the mails").ShowDefault();
  command
      .AddOption("--io-threads", options.config.server.io_threads, "threads that send and receive")
      .ShowDefault();
  command.AddOption("--about", options.about,
                    "what you tell people about their data (default: about.toml in --data)");
  command.AddFlag("--verbose", options.verbose, "log more");
  command
      .AddOption("--config", options.config_file, "read these options from a file (name = value)")
      .TypeName("FILE");
}

}  // namespace

void AddServe(cli::Command& app, Context& context) {
  cli::Command command = app.AddCommand("serve", "the web page: profiles, Request download, links");
  command.Footer(
      "Examples:\n"
      "  valise serve                                   http://127.0.0.1:8460\n"
      "  valise serve --smtp smtp://127.0.0.1:25 --mail-from valise@example.org\n"
      "  valise serve --public-url https://valise.example.org --behind-proxy\n"
      "  valise serve --config /etc/valise.conf");
  auto options = std::make_shared<Options>();
  AddOptions(command, *options);
  OnRun(command, context, [&context, command, options]() -> Status {
    if (!options->config_file.empty()) {
      RETURN_IF_ERROR(command.TakeConfigFile(options->config_file));
    }
    return Run(context, *options);
  });
}

}  // namespace valise::app
