#include "web/app.h"

#include <fmt/format.h>

#include "base/log.h"
#include "jobs/worker.h"
#include "web/front.h"
#include "web/pages.h"
#include "web/seals.h"

namespace valise::web {
namespace {

constexpr std::string_view kSweepJob = "sweep";
constexpr std::chrono::hours kSweepEvery{6};
// How long a request waits at a time for an import of its account to end.
constexpr std::chrono::milliseconds kPatience{1'000};
constexpr std::chrono::hours kKeepMails{24 * 30};
// A long import leaves the processors to those who wait for an answer.
constexpr int kImportNice = 10;
// How long a service's call waits for an import of the account to end.
constexpr std::chrono::milliseconds kServicePatience{10'000};
static_assert(ingest::kSealJob == Seals::kJob && ingest::kSealAfter == Seals::kQuiet);

}  // namespace

struct App::State {
  const Clock& clock;
  const SystemClock blob_clock;
  std::string public_url;
  FileLock lock;
  std::unique_ptr<mail::MailTransport> smtp;
  std::unique_ptr<jobs::Queue> queue;
  std::unique_ptr<auth::Users> users;
  std::unique_ptr<auth::Sessions> sessions;
  std::unique_ptr<auth::SignIn> sign_in;
  std::unique_ptr<auth::Services> services;
  std::unique_ptr<auth::HandOffs> hand_offs;
  std::unique_ptr<mail::Outbox> outbox;
  std::unique_ptr<Libraries> libraries;
  std::unique_ptr<library::Lives> lives;
  std::unique_ptr<Seals> seals;
  std::unique_ptr<requests::Planner> planner;
  std::unique_ptr<requests::Requests> requests;
  std::unique_ptr<requests::Eraser> eraser;
  std::unique_ptr<bring::Uploads> uploads;
  std::unique_ptr<bring::Imports> imports;
  std::unique_ptr<ingest::MemberAccounts> members;
  std::unique_ptr<ingest::Streams> streams;
  std::unique_ptr<Site> site;
  std::unique_ptr<Front> front;
  std::unique_ptr<jobs::Worker> worker;
  std::unique_ptr<jobs::Worker> import_worker;
  std::unique_ptr<http::Server> server;

  State(const Clock& by, FileLock held) : clock(by), lock(std::move(held)) {}
  Status OpenRooms(const AppConfig& config, const AppPorts& ports);
  Status OpenEraser(const AppConfig& config, const AppPorts& ports);
  Status OpenMail(const AppConfig& config, const AppPorts& ports);
  Status OpenImports(const AppConfig& config, const AppPorts& ports);
  void OpenIngest(const AppConfig& config, const AppPorts& ports);
  void MakeWorker(const AppConfig& config);
  Status Listen(const AppConfig& config);
  jobs::Outcome UpdateIndex(const jobs::Job& job) const;
  jobs::Outcome Sweep() const;
};

Status App::State::OpenMail(const AppConfig& config, const AppPorts& ports) {
  mail::MailTransport* transport = ports.transport;
  if (transport == nullptr && config.smtp) {
    ASSIGN_OR_RETURN(smtp, mail::OpenSmtp(*config.smtp));
    transport = smtp.get();
  }
  ASSIGN_OR_RETURN(
      outbox, mail::Outbox::Open({ports.database, *queue, ports.clock, ports.random, transport},
                                 {.from = config.mail_from, .from_name = config.server_name}));
  return {};
}

Status App::State::OpenImports(const AppConfig& config, const AppPorts& ports) {
  bring::UploadOptions options = config.uploads;
  options.folder = config.data / "uploads";
  ASSIGN_OR_RETURN(uploads, bring::Uploads::Open({ports.database, ports.clock, ports.random},
                                                 std::move(options)));
  ASSIGN_OR_RETURN(imports,
                   bring::Imports::Open(
                       {.database = ports.database,
                        .queue = *queue,
                        .uploads = *uploads,
                        .accounts = ports.accounts,
                        .sources = ports.sources,
                        .clock = ports.clock,
                        .random = ports.random,
                        .open_library = [this](std::string_view id) { return libraries->Open(id); },
                        .changed = [this](std::string_view id) { requests->watchers().Tell(id); },
                        .new_head =
                            [this](std::string_view id) {
                              const Status put = queue->Put({.kind = std::string(kIndexJob),
                                                             .subject = std::string(id),
                                                             .due = clock.Now()});
                              if (!put.has_value())
                                log::Warn("event=index_not_asked account={}", id);
                            }}));
  return {};
}

Status App::State::OpenEraser(const AppConfig& config, const AppPorts& ports) {
  requests::Eraser::Options options{.data = config.data, .seal = {}, .reindex = {}};
  options.seal = [this](std::string_view account_id) {
    return seals->SealNow(account_id, kPatience);
  };
  options.reindex = [this](std::string_view account_id) {
    return queue->Put(
        {.kind = std::string(kIndexJob), .subject = std::string(account_id), .due = clock.Now()});
  };
  ASSIGN_OR_RETURN(eraser,
                   requests::Eraser::Open({ports.database, *queue, ports.accounts, *requests,
                                           ports.clock, ports.random, blob_clock},
                                          std::move(options)));
  return {};
}

Status App::State::OpenRooms(const AppConfig& config, const AppPorts& ports) {
  const auth::Users::Ports auth_ports{ports.database, ports.clock, ports.random};
  ASSIGN_OR_RETURN(queue, jobs::Queue::Open({ports.database, ports.clock, ports.random}));
  // Nobody else works on this desk (the lock): what a crash left leased goes on now.
  RETURN_IF_ERROR(queue->ReleaseAll());
  ASSIGN_OR_RETURN(users, auth::Users::Open(auth_ports, config.password_cost));
  sessions = std::make_unique<auth::Sessions>(auth_ports);
  sign_in = std::make_unique<auth::SignIn>(*users, *sessions, ports.clock);
  ASSIGN_OR_RETURN(services, auth::Services::Open(auth_ports));
  ASSIGN_OR_RETURN(hand_offs, auth::HandOffs::Open(auth_ports, *services, public_url));
  RETURN_IF_ERROR(OpenMail(config, ports));
  libraries = std::make_unique<Libraries>(ports.accounts, config.data);
  lives = std::make_unique<library::Lives>(config.data, ports.clock);
  seals = std::make_unique<Seals>(
      Seals::Ports{.lives = *lives,
                   .libraries = *libraries,
                   .queue = *queue,
                   .clock = ports.clock,
                   .on_erase = [this](std::string_view account_id, const library::Erased& erased) {
                     return eraser->OnErase(account_id, erased);
                   }});
  RETURN_IF_ERROR(seals->AskForAll());
  planner = std::make_unique<requests::LibraryPlanner>(
      ports.accounts, config.data, ports.formats, ports.key,
      [this](std::string_view account_id) { return seals->SealNow(account_id, kPatience); });
  ASSIGN_OR_RETURN(requests, requests::Requests::Open({ports.database, *queue, *outbox, ports.clock,
                                                       ports.random, *planner},
                                                      {.plans = config.data / "plans",
                                                       .public_url = public_url,
                                                       .server_name = config.server_name,
                                                       .link_life = config.link_life}));
  RETURN_IF_ERROR(OpenEraser(config, ports));
  outbox->OnChange([this](std::string_view about) { requests->watchers().Tell(about); });
  RETURN_IF_ERROR(OpenImports(config, ports));
  OpenIngest(config, ports);
  site = std::make_unique<Site>(Site{.name = config.server_name,
                                     .public_url = public_url,
                                     .https = public_url.starts_with("https://"),
                                     .clock = ports.clock,
                                     .users = *users,
                                     .sessions = *sessions,
                                     .sign_in = *sign_in,
                                     .services = *services,
                                     .hand_offs = *hand_offs,
                                     .queue = *queue,
                                     .outbox = *outbox,
                                     .requests = *requests,
                                     .eraser = *eraser,
                                     .libraries = *libraries,
                                     .members = *members,
                                     .streams = *streams,
                                     .lives = *lives,
                                     .seals = *seals,
                                     .uploads = *uploads,
                                     .imports = *imports,
                                     .formats = ports.formats});
  front = std::make_unique<Front>(*site, AppFiles());
  return {};
}

void App::State::OpenIngest(const AppConfig& config, const AppPorts& ports) {
  members = std::make_unique<ingest::MemberAccounts>(
      ingest::MemberAccounts::Ports{.database = ports.database,
                                    .queue = *queue,
                                    .users = *users,
                                    .services = *services,
                                    .accounts = ports.accounts,
                                    .lives = *lives,
                                    .requests = *requests,
                                    .clock = ports.clock,
                                    .data = config.data,
                                    .erase_rest = [this](std::string_view account_id) {
                                      libraries->Close(account_id);
                                      return imports->EraseAccount(account_id);
                                    }});
  streams = std::make_unique<ingest::Streams>(
      ingest::Streams::Ports{.database = ports.database,
                             .queue = *queue,
                             .services = *services,
                             .members = *members,
                             .clock = ports.clock,
                             .seal = [this](std::string_view account_id) {
                               return seals->SealNow(account_id, kServicePatience);
                             }});
}

jobs::Outcome App::State::UpdateIndex(const jobs::Job& job) const {
  const auto index = libraries->OpenIndex(job.subject);
  if (!index.has_value()) {
    if (index.error().code == ErrorCode::kNotFound) return {};
    return {.next = jobs::Outcome::Next::kRetry, .due = {}, .error = index.error().message};
  }
  const Status updated = (*index)->Update([](uint64_t, uint64_t) {});
  if (updated.has_value()) return {};
  return {.next = jobs::Outcome::Next::kRetry, .due = {}, .error = updated.error().message};
}

jobs::Outcome App::State::Sweep() const {
  for (const Status& status :
       {sessions->Sweep(), hand_offs->Sweep(), outbox->Sweep(clock.Now() - kKeepMails),
        uploads->Sweep(), eraser->SweepAll()}) {
    if (!status.has_value()) {
      return {.next = jobs::Outcome::Next::kRetry, .due = {}, .error = status.error().message};
    }
  }
  return {.next = jobs::Outcome::Next::kLater, .due = clock.Now() + kSweepEvery, .error = {}};
}

void App::State::MakeWorker(const AppConfig& config) {
  using jobs::Job;
  std::map<std::string, jobs::Worker::Work, std::less<>> works;
  works.emplace(requests::Requests::kMakeJob,
                [this](const Job& job) { return requests->Make(job); });
  works.emplace(requests::Requests::kExpireJob,
                [this](const Job& job) { return requests->Expire(job); });
  works.emplace(requests::Eraser::kJob, [this](const Job& job) { return eraser->Run(job); });
  works.emplace(mail::Outbox::kJob, [this](const Job& job) { return outbox->Send(job); });
  works.emplace(kIndexJob, [this](const Job& job) { return UpdateIndex(job); });
  works.emplace(Seals::kJob, [this](const Job& job) { return seals->Run(job); });
  works.emplace(ingest::MemberAccounts::kEraseJob,
                [this](const Job& job) { return members->EraseNow(job); });
  works.emplace(kSweepJob, [this](const Job&) { return Sweep(); });
  worker = std::make_unique<jobs::Worker>(*queue, clock, std::move(works),
                                          jobs::Worker::Options{.threads = config.job_threads});
  std::map<std::string, jobs::Worker::Work, std::less<>> imported;
  imported.emplace(bring::Imports::kJob, [this](const Job& job) { return imports->Work(job); });
  import_worker = std::make_unique<jobs::Worker>(
      *queue, clock, std::move(imported), jobs::Worker::Options{.threads = 1, .nice = kImportNice});
}

Status App::State::Listen(const AppConfig& config) {
  ASSIGN_OR_RETURN(server, http::Server::Start(config.server, *front, clock));
  return {};
}

App::App(std::unique_ptr<State> state) : state_(std::move(state)) {}
App::~App() { Stop(); }

Result<std::unique_ptr<App>> App::Start(const AppConfig& config, const AppPorts& ports) {
  RETURN_IF_ERROR(MakeFolders(config.data));
  auto lock = FileLock::TryLock(config.data / "serve.lock");
  if (!lock.has_value()) {
    if (lock.error().code != ErrorCode::kConflict) return std::unexpected(lock.error());
    return Fail(ErrorCode::kConflict,
                "another valise serve runs on this data folder; stop it first");
  }
  auto state = std::make_unique<State>(ports.clock, std::move(*lock));
  state->public_url = config.public_url.empty()
                          ? fmt::format("http://{}:{}", config.server.address, config.server.port)
                          : config.public_url;
  while (state->public_url.ends_with('/')) state->public_url.pop_back();
  RETURN_IF_ERROR(state->OpenRooms(config, ports));
  state->MakeWorker(config);
  RETURN_IF_ERROR(state->Listen(config));
  RETURN_IF_ERROR(state->eraser->ResumeAll());
  RETURN_IF_ERROR(state->queue->Put(
      {.kind = std::string(kSweepJob), .subject = "desk", .due = ports.clock.Now()}));
  state->worker->Start();
  state->import_worker->Start();
  log::Info("event=serving port={}", state->server->port());
  return std::unique_ptr<App>(new App(std::move(state)));
}

uint16_t App::port() const { return state_->server->port(); }
const std::string& App::public_url() const { return state_->public_url; }

const std::vector<Route>& App::routes() const { return state_->front->router().routes(); }

void App::Stop() {
  state_->server->Stop();
  state_->imports->Stop();
  state_->import_worker->Stop();
  state_->worker->Stop();
}

}  // namespace valise::web
