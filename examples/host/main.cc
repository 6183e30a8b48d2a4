// `valise-host`: a small photo-sharing site beside Valise. See README.md.

#include <curl/curl.h>
#include <fmt/format.h>
#include <sodium.h>

#include <csignal>

#include "actions.h"
#include "base/command_line.h"
#include "base/log.h"
#include "http/server.h"
#include "pusher.h"
#include "reconcile.h"
#include "seed.h"
#include "site.h"

namespace {

using namespace valise;
using namespace valise::host;

struct Options {
  fs::path data = "host-data";
  std::string address = "127.0.0.1";
  uint16_t port = 8470;
  std::string public_url;
  std::string valise_url = "http://127.0.0.1:8460";
  std::string service_name = "pellicule";
  fs::path token_file;
  fs::path pictures;
};

// All that the site is made of, in the order in which each needs the one before.
struct Parts {
  ProcessClock clock;
  SystemRandom random;
  std::unique_ptr<Database> database;
  std::unique_ptr<MediaStore> media;
  std::unique_ptr<Outbox> outbox;
  std::unique_ptr<Store> store;
  std::unique_ptr<Actions> actions;
  std::unique_ptr<Sessions> sessions;
};

Status OpenParts(const Options& options, Parts& parts) {
  RETURN_IF_ERROR(MakeFolders(options.data));
  ASSIGN_OR_RETURN(parts.database, Database::Open(options.data / "host.sqlite"));
  ASSIGN_OR_RETURN(parts.media, MediaStore::Open(options.data / "media", parts.random));
  parts.outbox = std::make_unique<Outbox>(*parts.database);
  parts.store = std::make_unique<Store>(*parts.database, parts.clock);
  parts.actions = std::make_unique<Actions>(*parts.database, *parts.store, *parts.outbox,
                                            *parts.media, options.public_url);
  parts.sessions = std::make_unique<Sessions>(*parts.database, parts.clock, parts.random);
  return {};
}

Result<HandOffKey> KeyOf(const Options& options, Random& random) {
  return HandOffKey::LoadOrMake(options.data / "hand-off.key", random);
}

Result<std::unique_ptr<IngestClient>> OpenClient(const Options& options) {
  ASSIGN_OR_RETURN(std::string token, ReadFile(options.token_file, 1024));
  while (token.ends_with('\n')) token.pop_back();
  return IngestClient::Open(options.valise_url, Secret(std::move(token)));
}

Status PrintKey(const Options& options) {
  SystemRandom random;
  RETURN_IF_ERROR(MakeFolders(options.data));
  ASSIGN_OR_RETURN(const HandOffKey key, KeyOf(options, random));
  fmt::print("{}\n", key.public_key());
  return {};
}

Status RunSeed(const Options& options) {
  Parts parts;
  RETURN_IF_ERROR(OpenParts(options, parts));
  return Seed({.actions = *parts.actions,
               .store = *parts.store,
               .media = *parts.media,
               .pictures = options.pictures});
}

Status RunReconcile(const Options& options) {
  Parts parts;
  RETURN_IF_ERROR(OpenParts(options, parts));
  ASSIGN_OR_RETURN(const auto client, OpenClient(options));
  ASSIGN_OR_RETURN(const auto differences,
                   Reconcile(*parts.database, *parts.actions, *parts.outbox, *client));
  for (const Difference& one : differences) {
    fmt::print("{}\n  here:  {}\n  there: {}\n", one.account, one.here, one.there);
  }
  ASSIGN_OR_RETURN(const int64_t refused, parts.outbox->CountRefused());
  if (refused > 0) fmt::print("{} lines were refused\n", refused);
  if (!differences.empty() || refused > 0) {
    return Fail(ErrorCode::kConflict, "the site and Valise do not hold the same");
  }
  fmt::print("The site and Valise hold the same.\n");
  return {};
}

Status Serve(const Options& options) {
  // Blocked before any thread starts, so that only this one sees them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  Parts parts;
  RETURN_IF_ERROR(OpenParts(options, parts));
  ASSIGN_OR_RETURN(const HandOffKey key, KeyOf(options, parts.random));
  Site site({.store = *parts.store,
             .actions = *parts.actions,
             .media = *parts.media,
             .sessions = *parts.sessions,
             .key = key,
             .random = parts.random,
             .public_url = options.public_url,
             .valise_url = options.valise_url,
             .service_name = options.service_name});
  std::unique_ptr<IngestClient> client;
  std::unique_ptr<Pusher> pusher;
  if (!options.token_file.empty()) {
    ASSIGN_OR_RETURN(client, OpenClient(options));
    pusher = std::make_unique<Pusher>(Pusher::Ports{
        .outbox = *parts.outbox, .media = *parts.media, .client = *client, .tell_all = [&parts] {
          return parts.actions->TellAll();
        }});
  }
  http::ServerOptions server_options;
  server_options.address = options.address;
  server_options.port = options.port;
  ASSIGN_OR_RETURN(const auto server, http::Server::Start(server_options, site, parts.clock));
  if (pusher != nullptr) pusher->Start();
  fmt::print(stderr, "{} is at {} (Ctrl-C ends it)\n", kSiteName, options.public_url);
  int signal = 0;
  sigwait(&signals, &signal);
  server->Stop();
  if (pusher != nullptr) pusher->Stop();
  return {};
}

void AddCommands(cli::Command& app, Options& options, std::function<Status()>& work) {
  app.AddOption("--data", options.data, "folder of the site's database and media");
  app.AddOption("--valise", options.valise_url, "Valise's address").ShowDefault();
  app.AddOption("--token-file", options.token_file, "file that holds the service token");
  // Of all commands: records hold links to the site.
  app.AddOption("--address", options.address, "address to listen on").ShowDefault();
  app.AddOption("--port", options.port, "port").ShowDefault();
  app.AddOption("--public-url", options.public_url, "how people reach it");
  cli::Command serve = app.AddCommand("serve", "the site");
  serve.AddOption("--service-name", options.service_name, "the site's name at Valise")
      .ShowDefault();
  serve.OnRun([&] { work = [&] { return Serve(options); }; });
  app.AddCommand("key", "prints the public key to register at Valise").OnRun([&] {
    work = [&] { return PrintKey(options); };
  });
  app.AddCommand("pictures", "names the pictures that seed shows").OnRun([&] {
    work = []() -> Status {
      for (const std::string& name : SeedPictures()) fmt::print("{}\n", name);
      return {};
    };
  });
  cli::Command seed = app.AddCommand("seed", "invents five members, once");
  seed.AddOption("--pictures", options.pictures, "folder with the pictures; without, no posts");
  seed.OnRun([&] { work = [&] { return RunSeed(options); }; });
  app.AddCommand("reconcile", "does Valise hold the same?").OnRun([&] {
    work = [&] { return RunReconcile(options); };
  });
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  if (sodium_init() < 0 || curl_global_init(CURL_GLOBAL_DEFAULT) != 0) return 1;
  Options options;
  std::function<Status()> work;
  cli::Program app{"A small photo-sharing site that hands its members' data over to Valise.",
                   "valise-host"};
  app.RequireCommand();
  app.TakeOptionsAnywhere();
  AddCommands(app, options, work);
  if (const auto code = app.Parse(argc, argv)) return *code;
  if (options.public_url.empty()) {
    options.public_url = fmt::format("http://{}:{}", options.address, options.port);
  }
  const Status done = work();
  if (done.has_value()) return 0;
  fmt::print(stderr, "valise-host: {}\n", done.error().message);
  return 1;
}
