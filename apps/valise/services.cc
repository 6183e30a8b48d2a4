// `valise services`: sites that hand their members' data over to this server.

#include "auth/services.h"

#include <fmt/format.h>

#include <memory>

#include "base/json_writer.h"
#include "context.h"
#include "output.h"

namespace valise::app {
namespace {

struct Options {
  std::string name;
  std::string url;
  fs::path key;
  std::string scopes = "ingest,read";
  bool revoke = false;
  bool force = false;
};

constexpr uint64_t kMaxKeyFile = 4096;

Result<std::unique_ptr<auth::Services>> OpenServices(Desk& desk, Context& context) {
  return auth::Services::Open({*desk.database, context.clock, context.random});
}

Result<std::string> ReadKey(const fs::path& path) {
  if (path.empty()) return std::string();
  auto content = ReadFile(path, kMaxKeyFile);
  if (!content.has_value()) return std::unexpected(content.error().Within("--key"));
  return auth::ParsePublicKey(*content);
}

Status Add(Context& context, const Options& options) {
  ASSIGN_OR_RETURN(Desk desk, Desk::Open(context.data));
  ASSIGN_OR_RETURN(const auto services, OpenServices(desk, context));
  ASSIGN_OR_RETURN(const std::string key, ReadKey(options.key));
  ASSIGN_OR_RETURN(const auth::Service service, services->Add(options.name, options.url, key));
  if (context.json) {
    JsonWriter json;
    json.BeginObject().Member("id", service.id).Member("name", service.name).EndObject();
    PrintJson(json.text());
  } else {
    Say(fmt::format("{} is registered. Give it a token: valise services token {}", service.name,
                    service.name));
  }
  return {};
}

Status SetKey(Context& context, const Options& options) {
  ASSIGN_OR_RETURN(Desk desk, Desk::Open(context.data));
  ASSIGN_OR_RETURN(const auto services, OpenServices(desk, context));
  ASSIGN_OR_RETURN(const auth::Service service, services->FindByName(options.name));
  ASSIGN_OR_RETURN(const std::string key, ReadKey(options.key));
  RETURN_IF_ERROR(services->SetKey(service.id, key));
  if (!context.json) Say("The key is changed; hand-offs signed with the old one are refused.");
  return {};
}

// The token goes to stdout alone, so that it can be piped into the service's secrets.
Status MakeToken(Context& context, const Options& options) {
  ASSIGN_OR_RETURN(Desk desk, Desk::Open(context.data));
  ASSIGN_OR_RETURN(const auto services, OpenServices(desk, context));
  ASSIGN_OR_RETURN(const auth::Service service, services->FindByName(options.name));
  ASSIGN_OR_RETURN(const uint8_t scopes, auth::ParseScopes(options.scopes));
  if (options.revoke) {
    ASSIGN_OR_RETURN(const int64_t revoked, services->RevokeTokens(service.id));
    fmt::print(stderr, "{} revoked.\n", Plural(static_cast<uint64_t>(revoked), "token", "tokens"));
  }
  ASSIGN_OR_RETURN(const auto token, services->NewToken(service.id, scopes));
  if (context.json) {
    JsonWriter json;
    json.BeginObject().Member("service", service.name).Member("token", token.Reveal());
    json.Member("scopes", auth::ScopesText(scopes)).EndObject();
    PrintJson(json.text());
  } else {
    fmt::print(stderr, "Keep it well: it is shown only now.\n");
    Say(token.Reveal());
  }
  return {};
}

Status List(Context& context) {
  ASSIGN_OR_RETURN(Desk desk, Desk::Open(context.data));
  ASSIGN_OR_RETURN(const auto services, OpenServices(desk, context));
  ASSIGN_OR_RETURN(const auto all, services->List());
  JsonWriter json;
  json.BeginObject().Name("services").BeginArray();
  for (const auth::Service& service : all) {
    ASSIGN_OR_RETURN(const int64_t accounts, services->CountAccounts(service.id));
    ASSIGN_OR_RETURN(const int64_t tokens, services->CountTokens(service.id));
    json.BeginObject().Member("id", service.id).Member("name", service.name);
    json.Member("url", service.url).Member("hand_off", !service.public_key.empty());
    json.Member("accounts", accounts).Member("tokens", tokens).EndObject();
    if (context.json) continue;
    Say(fmt::format("{}  {}  {}, {}{}", service.name, service.url,
                    Plural(static_cast<uint64_t>(accounts), "account", "accounts"),
                    Plural(static_cast<uint64_t>(tokens), "token", "tokens"),
                    service.public_key.empty() ? "" : ", hand-off sign-in"));
  }
  json.EndArray().EndObject();
  if (context.json) {
    PrintJson(json.text());
  } else if (all.empty()) {
    Say("No service yet. `valise services add NAME --url URL` registers one.");
  }
  return {};
}

Status Remove(Context& context, const Options& options) {
  ASSIGN_OR_RETURN(Desk desk, Desk::Open(context.data));
  ASSIGN_OR_RETURN(const auto services, OpenServices(desk, context));
  ASSIGN_OR_RETURN(const auth::Service service, services->FindByName(options.name));
  ASSIGN_OR_RETURN(const int64_t accounts, services->CountAccounts(service.id));
  if (accounts > 0 && !options.force) {
    return Fail(ErrorCode::kInvalidArgument,
                fmt::format("{} came from this service; they would stay here, but their members "
                            "could not sign in through it any more. Say --force to remove it",
                            Plural(static_cast<uint64_t>(accounts), "account", "accounts")));
  }
  RETURN_IF_ERROR(services->Remove(service.id));
  if (!context.json) Say(fmt::format("{} is removed; its tokens are void.", service.name));
  return {};
}

cli::Command AddNamed(cli::Command& parent, Options& options, const char* name, const char* about) {
  cli::Command command = parent.AddCommand(name, about);
  command.AddOption("name", options.name, "the service's name").Required();
  return command;
}

}  // namespace

void AddServices(cli::Command& app, Context& context) {
  cli::Command services = app.AddCommand("services", "sites that hand their members' data over");
  services.RequireCommand();
  services.Footer(
      "Examples:\n"
      "  valise services add host --url https://host.example --key host.pub\n"
      "  valise services token host > /etc/host/valise-token\n"
      "  valise services token host --scope read\n"
      "  valise services token host --revoke             the old ones are void at once\n"
      "  valise services list --json");
  auto options = std::make_shared<Options>();
  cli::Command add = AddNamed(services, *options, "add", "register a service");
  add.AddOption("--url", options->url, "where its pages are").Required();
  add.AddOption("--key", options->key,
                "file with its Ed25519 public key (PEM or base64), for hand-off sign-in");
  OnRun(add, context, [&context, options] { return Add(context, *options); });
  cli::Command key = AddNamed(services, *options, "key", "change a service's public key");
  key.AddOption("--key", options->key, "file with its Ed25519 public key").Required();
  OnRun(key, context, [&context, options] { return SetKey(context, *options); });
  cli::Command token = AddNamed(services, *options, "token", "make a token; it is shown once");
  token.AddOption("--scope", options->scopes, "ingest, read or both").ShowDefault();
  token.AddFlag("--revoke", options->revoke, "make all earlier tokens void first");
  OnRun(token, context, [&context, options] { return MakeToken(context, *options); });
  cli::Command list = services.AddCommand("list", "list the services");
  OnRun(list, context, [&context] { return List(context); });
  cli::Command remove =
      AddNamed(services, *options, "remove", "forget a service; its accounts stay");
  remove.AddFlag("--force", options->force, "also when it has accounts here");
  OnRun(remove, context, [&context, options] { return Remove(context, *options); });
}

}  // namespace valise::app
