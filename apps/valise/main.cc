// The one binary: `valise <command>`.

#include <sodium.h>

#include <csignal>

#include "base/log.h"
#include "base/memory.h"
#include "context.h"

namespace {

constexpr const char* kAbout =
    "Valise keeps everything a person has shared on an account, and gives it back: whole, "
    "readable, "
    "provably complete.\n\nStart with:\n"
    "  valise inspect instagram-me-2025-04-01-abcd.zip   what is in an archive\n"
    "  valise import instagram-me-2025-04-01-abcd.zip    take it in\n"
    "  valise export -o me.zip                           a download with everything in it\n"
    "  valise verify me.zip                              check that it is whole\n"
    "  valise serve                                      the web page\n";

}  // namespace

int main(int argc, char** argv) {
  using namespace valise;
  using namespace valise::app;
  std::signal(SIGPIPE, SIG_IGN);
  KeepFreedMemory();
  if (sodium_init() < 0) return kFailed;

  Context context;
  context.data = Context::DefaultData();
  cli::Program app{kAbout, "valise"};
  app.RequireCommand();
  app.AddVersion("--version", VALISE_VERSION);
  app.TakeOptionsAnywhere();
  app.AddOption("--data", context.data, "folder that holds the accounts")
      .TypeName("DIR")
      .ShowDefault();
  app.AddFlag("--json", context.json, "one JSON object on stdout; words and progress on stderr");
  app.AddFlag("--quiet", context.quiet, "no progress bar");
  AddInspect(app, context);
  AddImport(app, context);
  AddExport(app, context);
  AddSearch(app, context);
  AddForget(app, context);
  AddIssues(app, context);
  AddReindex(app, context);
  AddVerify(app, context);
  AddScrub(app, context);
  AddDoctor(app, context);
  AddAccounts(app, context);
  AddServe(app, context);
  AddUsers(app, context);
  AddServices(app, context);
  if (const auto code = app.Parse(argc, argv)) return *code == 0 ? kDone : kUsage;
  return context.exit_code;
}
