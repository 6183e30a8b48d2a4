// `valise users`: who may sign in.

#include "auth/users.h"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <iostream>
#include <memory>

#include "base/json_writer.h"
#include "context.h"
#include "output.h"

namespace valise::app {
namespace {

struct Options {
  std::string name;
  std::string address;
  std::string language = "en";
  bool is_operator = false;
  bool from_stdin = false;
  bool generate = false;
};

// Turns the terminal's echo off while it lives.
class NoEcho {
 public:
  NoEcho() : works_(tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!works_) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~NoEcho() {
    if (works_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  NoEcho(const NoEcho&) = delete;
  NoEcho& operator=(const NoEcho&) = delete;

 private:
  termios before_{};
  bool works_;
};

Result<Secret<std::string>> ReadLine() {
  std::string line;
  if (!std::getline(std::cin, line)) {
    return Fail(ErrorCode::kInvalidArgument, "no password came on standard input");
  }
  if (line.ends_with('\r')) line.pop_back();
  return Secret(std::move(line));
}

// Never as an argument: arguments can be read by everybody on the machine.
Result<Secret<std::string>> AskPassword(Context& context, const Options& options) {
  if (options.generate) {
    Secret<std::string> made(context.random.Token(12));
    fmt::print(stderr, "Password of {}: {}\n", options.name, made.Reveal());
    return made;
  }
  if (options.from_stdin) return ReadLine();
  if (isatty(STDIN_FILENO) != 1) {
    return Fail(ErrorCode::kInvalidArgument,
                "give the password on standard input with --password-stdin");
  }
  fmt::print(stderr, "Password of {}: ", options.name);
  const NoEcho silent;
  auto password = ReadLine();
  fmt::print(stderr, "\n");
  return password;
}

Result<std::unique_ptr<auth::Users>> OpenUsers(Desk& desk, Context& context) {
  return auth::Users::Open({*desk.database, context.clock, context.random});
}

Status Add(Context& context, const Options& options) {
  ASSIGN_OR_RETURN(Desk desk, Desk::Open(context.data));
  ASSIGN_OR_RETURN(const auto users, OpenUsers(desk, context));
  ASSIGN_OR_RETURN(const Secret<std::string> password, AskPassword(context, options));
  ASSIGN_OR_RETURN(const auth::User user, users->Add({.name = options.name,
                                                      .password = password,
                                                      .is_operator = options.is_operator,
                                                      .language = options.language,
                                                      .address = options.address}));
  if (context.json) {
    JsonWriter json;
    json.BeginObject().Member("id", user.id).Member("name", user.name).EndObject();
    PrintJson(json.text());
  } else {
    Say(fmt::format("{} can sign in now.", user.name));
  }
  return {};
}

Status SetPassword(Context& context, const Options& options) {
  ASSIGN_OR_RETURN(Desk desk, Desk::Open(context.data));
  ASSIGN_OR_RETURN(const auto users, OpenUsers(desk, context));
  ASSIGN_OR_RETURN(const auth::User user, users->FindByName(options.name));
  ASSIGN_OR_RETURN(const Secret<std::string> password, AskPassword(context, options));
  RETURN_IF_ERROR(users->SetPassword(user.id, password));
  if (!context.json) Say("The password is changed; open sessions have ended.");
  return {};
}

Status List(Context& context) {
  ASSIGN_OR_RETURN(Desk desk, Desk::Open(context.data));
  ASSIGN_OR_RETURN(const auto users, OpenUsers(desk, context));
  ASSIGN_OR_RETURN(const auto all, users->List());
  JsonWriter json;
  json.BeginObject().Name("users").BeginArray();
  for (const auth::User& user : all) {
    if (!context.json) Say(fmt::format("{}{}", user.name, user.is_operator ? "  (operator)" : ""));
    json.BeginObject().Member("id", user.id).Member("name", user.name);
    json.Member("is_operator", user.is_operator).EndObject();
  }
  json.EndArray().EndObject();
  if (context.json) PrintJson(json.text());
  return {};
}

void AddPasswordOptions(cli::Command& command, Options& options) {
  command.AddOption("name", options.name, "how the user signs in").Required();
  command.AddFlag("--password-stdin", options.from_stdin,
                  "read the password's line from standard input");
  command.AddFlag("--generate-password", options.generate, "make one and print it on stderr");
}

}  // namespace

void AddUsers(cli::Command& app, Context& context) {
  cli::Command users = app.AddCommand("users", "who may sign in");
  users.RequireCommand();
  users.Footer(
      "Examples:\n"
      "  valise users add anna                          asks for the password\n"
      "  pass show anna | valise users add anna --password-stdin\n"
      "  valise users add root --operator --generate-password\n"
      "  valise users password anna\n"
      "  valise users list --json");
  auto options = std::make_shared<Options>();
  cli::Command add = users.AddCommand("add", "add a user");
  AddPasswordOptions(add, *options);
  add.AddFlag("--operator", options->is_operator, "may see the Outbox");
  add.AddOption("--address", options->address, "the user's own mail address");
  add.AddOption("--language", options->language, "en or fr").ShowDefault();
  OnRun(add, context, [&context, options] { return Add(context, *options); });
  cli::Command password = users.AddCommand("password", "set a user's password");
  AddPasswordOptions(password, *options);
  OnRun(password, context, [&context, options] { return SetPassword(context, *options); });
  cli::Command list = users.AddCommand("list", "list the users");
  OnRun(list, context, [&context] { return List(context); });
}

}  // namespace valise::app
